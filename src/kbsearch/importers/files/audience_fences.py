"""Block fences in markdown: `<!-- audience: internal --> … <!-- /audience -->`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# Comments of markdown and of MDX. Any that begins with the word counts: a misspelt
# fence must close, not vanish.
_COMMENT = re.compile(r"(<!--|\{/\*)[-\s]*+(/?)\s*+audience", re.IGNORECASE)
_COMMENT_END = {"<!--": "-->", "{/*": "*/}"}
_VALUE = re.compile(r"\s*+:\s*+(\S++)\s*+")


class FencedText(NamedTuple):
    """
    A text parted by its fences.

    Attributes:
        outside: What stands outside of every fence but external ones, fences left out.
        closing: What the fences that close parts of it say, each once: "internal", or
            a value that is not known.
        warnings: What a person should look at.
        is_balanced: False if a fence ends that never began, so that some other part of
            the text was meant to be closed.
    """

    outside: str
    closing: tuple[str, ...]
    warnings: tuple[str, ...]
    is_balanced: bool


class _Fence(NamedTuple):
    start: int
    end: int
    is_end: bool
    value: str


def read_fences(text: str) -> FencedText:
    """
    Part a text by its audience fences, in doubt to the closed side.

    Fences nest; one that never ends reaches to the end of the text; within code
    they count as well; only the exact value "external" leaves a part open, and
    only as far as no other fence around it closes it.

    Args:
        text: Cleaned text: a zero-width character would hide a fence.
    """
    kept: list[str] = []
    closing: dict[str, None] = {}
    is_closing: list[bool] = []  # of every fence that is open, outermost first
    n_closing = position = n_stray = 0
    for fence in _fences(text):
        if not n_closing:
            kept.append(text[position : fence.start])
        position = fence.end
        if not fence.is_end:
            is_closing.append(fence.value != "external")
            n_closing += is_closing[-1]
            if is_closing[-1]:
                closing[fence.value if fence.value == "internal" else "unknown"] = None
        elif is_closing:
            n_closing -= is_closing.pop()
        else:
            n_stray += 1
    if not n_closing:
        kept.append(text[position:])
    warnings = []
    if is_closing:
        warnings.append("an audience fence does not end: it reaches to the end of the file")
    if n_stray:
        warnings.append("an audience fence ends that never began: the whole file is internal")
    if "unknown" in closing:
        warnings.append("an audience fence has a value that is not known: its part is internal")
    return FencedText("".join(kept), tuple(closing), tuple(warnings), not n_stray)


def _fences(text: str) -> Iterator[_Fence]:
    position = 0
    while (comment := _COMMENT.search(text, position)) is not None:
        ending = _COMMENT_END[comment[1]]
        end = text.find(ending, comment.end())
        inner = text[comment.end() : end if end >= 0 else len(text)]
        position = end + len(ending) if end >= 0 else len(text)
        if comment[2]:
            if not inner.strip():  # one that says more is no end: the fence stays closed
                yield _Fence(comment.start(), position, True, "")
            continue
        value = _VALUE.fullmatch(inner)
        yield _Fence(comment.start(), position, False, value[1] if value else "")
