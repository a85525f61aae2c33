"""The Atlassian Document Format to plain text, in time linear in its size and at any depth."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

_BLOCKS = frozenset(
    "paragraph heading codeBlock blockquote panel caption mediaSingle table "
    "listItem taskItem decisionItem".split()
)
_LISTS = frozenset({"bulletList", "orderedList", "taskList", "decisionList"})
_CARDS = frozenset({"inlineCard", "blockCard", "embedCard"})
_SHOWN = {
    "mention": "text",
    "emoji": "text",
    "status": "text",
    "media": "alt",
    "mediaInline": "alt",
}
_TARGETS = ("http://", "https://", "mailto:")
_MAX_INDENT = 8  # levels of lists; deeper ones are not indented further
_LINE_END, _PARAGRAPH_END, _GAP = "\x00", "\x01", "\x02"  # the last within a cell
_MARKS = re.compile(r"[\x00-\x02]")
_ENDS, _GAPS = re.compile(r"[\x00\x01]+"), re.compile(r"\x02+")


class _Around(NamedTuple):
    """Where a node stands: how many lists deep, in a cell, and behind which bullet."""

    n_lists: int = 0
    in_cell: bool = False
    bullet: str = ""


_Piece = str | tuple[Mapping[str, Any], _Around]


def adf_to_text(document: Mapping[str, Any]) -> str:
    """
    Read a document as a person would see it.

    Paragraphs stand apart, items and rows on lines of their own; cells are parted
    by " | ", code keeps its layout, a link keeps its target behind its text.
    Nodes of unknown types give what is within them.
    """
    written: list[str] = []
    waiting: list[_Piece] = [(document, _Around())]
    while waiting:  # a loop, not recursion: hostile nesting is deeper than any stack
        piece = waiting.pop()
        if isinstance(piece, str):
            written.append(piece)
        else:
            waiting.extend(reversed(list(_parts_of(*piece))))
    text = _GAPS.sub(_GAP, "".join(written)).replace(f"{_GAP} | ", " | ").replace(_GAP, " ")
    text = _ENDS.sub(_merged_end, text)
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def _merged_end(ends: re.Match[str]) -> str:
    return "\n\n" if _PARAGRAPH_END in ends[0] else "\n"


def _parts_of(node: Mapping[str, Any], around: _Around) -> Iterator[_Piece]:
    """What stands for a node: text, and nodes to be read in their turn."""
    kind = _text(node, "type")
    attributes = node.get("attrs")
    attributes = attributes if isinstance(attributes, Mapping) else {}
    if kind == "text":
        yield _marked_text(node)
    elif kind in _SHOWN:
        yield _text(attributes, _SHOWN[kind]) or _text(attributes, "shortName")
    elif kind in _CARDS:
        yield _text(attributes, "url")
    elif kind == "date":
        yield _date(attributes)
    elif kind == "hardBreak":
        yield _GAP if around.in_cell else "\n"
    elif kind in _LISTS:
        yield from _items_of(node, kind, attributes, around)
    elif kind == "tableRow":
        for number, cell in enumerate(_children(node)):
            yield " | " if number else ""
            yield cell, around._replace(in_cell=True)
        yield _LINE_END
    else:
        yield from _bullet_and_title(attributes, around)
        for child in _children(node):
            yield child, around._replace(bullet="")
        if kind in _BLOCKS:
            yield _end_of(around)


def _items_of(
    node: Mapping[str, Any], kind: str, attributes: Mapping[str, Any], around: _Around
) -> Iterator[_Piece]:
    order = attributes.get("order")
    first = order if isinstance(order, int) and not isinstance(order, bool) else 1
    inner = _Around(around.n_lists + 1, around.in_cell)
    yield _end_of(inner) if around.n_lists else ""
    for number, item in enumerate(_children(node), start=first):
        yield item, inner._replace(bullet=f"{number}. " if kind == "orderedList" else "- ")
    yield _end_of(around)


def _bullet_and_title(attributes: Mapping[str, Any], around: _Around) -> Iterator[str]:
    if around.bullet:
        yield "" if around.in_cell else "  " * min(around.n_lists - 1, _MAX_INDENT)
        yield around.bullet
        yield {"DONE": "[x] ", "TODO": "[ ] "}.get(_text(attributes, "state"), "")
    title = _text(attributes, "title")  # of an expandable part
    yield f"{title}{_end_of(around)}" if title else ""


def _end_of(around: _Around) -> str:
    """What follows a block: in a cell a gap, in a list a new line, else an empty line."""
    if around.in_cell:
        return _GAP
    return _LINE_END if around.n_lists else _PARAGRAPH_END


def _children(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    content = node.get("content")
    if not isinstance(content, list):
        return []
    return [child for child in content if isinstance(child, Mapping)]


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return _MARKS.sub("", value) if isinstance(value, str) else ""


def _marked_text(node: Mapping[str, Any]) -> str:
    text = _text(node, "text")
    marks = node.get("marks")
    for mark in marks if isinstance(marks, list) else ():
        attributes = mark.get("attrs") if isinstance(mark, Mapping) else None
        target = _text(attributes, "href") if isinstance(attributes, Mapping) else ""
        if target.startswith(_TARGETS) and target.removeprefix("mailto:") not in text:
            text = f"{text} ({target})"
    return text


def _date(attributes: Mapping[str, Any]) -> str:
    """The day of `timestamp`, milliseconds since 1970, mostly written as text."""
    try:
        seconds = int(str(attributes.get("timestamp"))[:20]) // 1000
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""
