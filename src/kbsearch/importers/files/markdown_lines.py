"""What is text in a markdown file and what is not: code, comments, shortcodes, headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from kbsearch.models import TextFormat
from kbsearch.text import first_line, to_plain_text

_CODE_FENCE = re.compile(
    r"[ \t]*+(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]++)*+(?:>[ \t]*+)*+(`{3,}|~{3,})(.*)"
)
_CODE_FENCE_END = re.compile(r"[ \t>]*+(`{3,}|~{3,})[ \t]*+")
_INDENTED = re.compile(r"[ ]{0,3}\t| {4}")
_NOISE = re.compile(r"(?<!`)`{1,3}(?!`)|<!--|\{/\*|\{\{[<%]|\{%")
_NOISE_END = {"<!--": "-->", "{/*": "*/}", "{{<": ">}}", "{{%": "%}}", "{%": "%}"}
_MODULE_LINE = re.compile(
    r"""import\s+(?:[^'"]*\sfrom\s+)?['"][^'"]*['"];?\s*|export\s+(?:const|default|function)\b.*"""
)
_ATX_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]++(.*))?")
_SETEXT_LINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*+")
_NO_PARAGRAPH = re.compile(r" {0,3}(?:[>|<]|[-*+][ \t]|\d{1,9}[.)][ \t])")
_LINK = re.compile(r"\[([^\[\]]*)\](?:\([^()\s]*\)|\[[^\[\]]*\])")
_ATTRIBUTES = re.compile(r"[ \t]*+\{:?[ \t]*+[#.][^{}]*\}[ \t]*+$")
_READABLE = re.compile(r"[-_\s]+")
_MAX_HEADINGS = 50  # some show nothing; each is parsed
_MAX_HEADING_CHARACTERS = 1_000
_NO_NAMES = ("index", "_index", "readme")


class _Line(NamedTuple):
    text: str
    is_code: bool


def _lines(markup: str) -> Iterator[_Line]:
    """Lines without comment blocks; a line that may be of an indented block counts as code."""
    lines = markup.split("\n")
    n_to_last_end = max((n for n, text in enumerate(lines) if "-->" in text), default=0)
    fence = ""
    is_comment = was_blank = False
    was_indented = True  # a file may begin with an indented block
    for number, text in enumerate(lines):
        if is_comment:
            is_comment = "-->" not in text
            continue
        if fence:
            ending = _CODE_FENCE_END.fullmatch(text)
            if ending and ending[1][0] == fence[0] and len(ending[1]) >= len(fence):
                fence = ""
            yield _Line(text, True)
            continue
        opening = _CODE_FENCE.fullmatch(text)
        if opening and not (opening[1][0] == "`" and "`" in opening[2]):
            fence = opening[1]
            yield _Line(text, True)
            continue
        is_blank = not text.strip()
        is_indented = bool(_INDENTED.match(text)) and (was_blank or was_indented)
        begins_comment = text.lstrip().startswith("<!--") and not is_indented
        if begins_comment and "-->" not in text and number < n_to_last_end:
            is_comment = True
            continue
        yield _Line(text, is_indented)
        was_blank, was_indented = is_blank, is_indented or (is_blank and was_indented)


def without_noise(markup: str, *, is_mdx: bool = False) -> str:
    """
    The text without what only machines read; code stays as it is.

    Comments of HTML and MDX, the shortcodes of Hugo (`{{< … >}}`) and Liquid
    (`{% … %}`) are left out, and in MDX the lines that import and export. They are kept where
    they may be code: between fences, in an indented block, in backticks.
    """
    kept = []
    for text, is_code in _lines(markup):
        if is_code:
            kept.append(text)
            continue
        left = "" if is_mdx and _MODULE_LINE.fullmatch(text) else _without_shortcodes(text)
        if left.strip() or not text.strip():  # a blank line more would end a block of HTML
            kept.append(left)
    return "\n".join(kept)


def _without_shortcodes(line: str) -> str:
    kept: list[str] = []
    endless: set[str] = set()  # what has no end from here on has none further on: linear
    position = searched = 0
    while (noise := _NOISE.search(line, searched)) is not None:
        ending = _NOISE_END.get(noise[0], noise[0])
        end = -1 if ending in endless else line.find(ending, noise.end())
        if end < 0:
            endless.add(ending)
            searched = noise.end()
            continue
        searched = end + len(ending)
        if noise[0] in _NOISE_END:
            kept.append(line[position : noise.start()])
            position = searched
    return "".join([*kept, line[position:]])


def first_heading(markup: str) -> str:
    """
    The first heading as plain text, "" if there is none.

    `#` in code is none, and neither is a line of `-` below a list, a quote or a table.
    """
    shown = map(_plain, islice(_headings(markup), _MAX_HEADINGS))
    return next(filter(None, shown), "")


def _headings(markup: str) -> Iterator[str]:
    """Headings as they are written, blank ones left out."""
    paragraph: list[str] = []
    is_plain = True  # False within a list, a quote, a table or HTML, until a blank line
    for text, is_code in _lines(markup):
        found = None if is_code else _ATX_HEADING.fullmatch(text)
        is_underlined = bool(paragraph) and not is_code and bool(_SETEXT_LINE.fullmatch(text))
        if found is not None or is_underlined:
            heading = " ".join(paragraph) if found is None else found[1] or ""
            if heading.strip():
                yield heading[:_MAX_HEADING_CHARACTERS]
        is_blank = is_code or not text.strip()
        is_plain = is_blank or (is_plain and not _NO_PARAGRAPH.match(text))
        if is_blank or not is_plain or found is not None or is_underlined:
            paragraph.clear()
        else:
            paragraph.append(text.strip())


def _plain(heading: str) -> str:
    heading = _ATTRIBUTES.sub("", _without_shortcodes(heading))
    heading = _LINK.sub(r"\1", heading)  # without the target that plain text keeps
    return first_line(to_plain_text(f"# {heading}", TextFormat.MARKDOWN), max_characters=300)


def name_as_title(path: str) -> str:
    """A path within a tree as a title: `guides/reset-vpn.md` is "Reset vpn"."""
    *folders, name = path.split("/")
    stem = name.rpartition(".")[0] or name
    if stem.lower() in _NO_NAMES and folders:
        stem = folders[-1]
    readable = _READABLE.sub(" ", stem).strip()
    return readable[:1].upper() + readable[1:]
