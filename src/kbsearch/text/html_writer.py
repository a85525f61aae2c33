"""Writes the text of an HTML page as its elements are entered and left."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kbsearch.text.html_tags import PREFIX

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_SKIPPED = frozenset({"noscript", "object", "script", "style", "svg", "template"})
_PARAGRAPHS = frozenset(
    "address article aside blockquote center details dl fieldset figure footer form h1 h2 h3 h4 h5 "
    "h6 header hr main nav p pre section table".split()
)
_LINES = frozenset(
    "body caption dd div dt figcaption legend li menu ol option summary tbody tfoot thead tr "
    "ul".split()
)
_CELLS = frozenset({"td", "th"})
_NO_TEXT_OF_THEIR_OWN = frozenset({"table", "tbody", "tfoot", "thead", "tr", "ul", "ol", "dl"})
MARKS = re.compile(r"[\x00-\x06]")
"""Control characters that mark breaks until the text is asked for; a page may hold none."""

_SPACES = re.compile(r"[ \t\n\xa0]+")
LINE_BREAK, PARAGRAPH_BREAK, _FIRM_SPACE = "\x00", "\x01", "\x02"  # not in cleaned text
AFTER_BULLET, _ITEM_END = "\x03", "\x04"
_BULLET_GAP = re.compile(r"\x03[ \n\x00\x01]*|\x04")
_BREAKS = re.compile(r"(?<![ \n])[ \n]*[\x00\x01][ \n\x00\x01]*")
_LOOSE_LINE_END = re.compile(r"(?<! ) *\n *")  # runs start once: linear
_LOOSE_SPACES = re.compile(r"  +")


class PageWriter:
    """Collects text in document order; breaks are merged when the text is asked for."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._n_open_pre = 0
        self._link_starts: list[int] = []
        self._item_numbers: list[int | None] = []

    def enter(self, node: LexborNode, tag: str) -> bool:
        """Write what precedes a node's children; False if they are to be passed over."""
        if tag.startswith("-") or tag in _SKIPPED:
            return False
        if tag in _PARAGRAPHS:
            self._parts.append(PARAGRAPH_BREAK)
        elif tag in _LINES or tag == "br":
            self._parts.append("\n" if tag == "br" else LINE_BREAK)
        elif tag == "img":
            self._write(node.attributes.get("alt") or "")
        elif tag in _CELLS and _follows_a_cell(node):
            self._parts.append(" | ")
        if tag == "li":
            self._parts.append(self._bullet())
        elif tag in ("ul", "ol"):
            self._item_numbers.append(_number_before_first(node) if tag == "ol" else None)
        elif tag == "pre":
            self._n_open_pre += 1
        elif tag == "a":
            self._link_starts.append(len(self._parts))
        return True

    def leave(self, node: LexborNode, tag: str) -> None:
        """Write what follows a node's children."""
        if tag == "li":
            self._parts.append(_ITEM_END)
        if tag in _PARAGRAPHS:
            self._parts.append(PARAGRAPH_BREAK)
        elif tag in _LINES:
            self._parts.append(LINE_BREAK)
        if tag == "pre":
            self._n_open_pre -= 1
        elif tag in ("ul", "ol"):
            self._item_numbers.pop()
        elif tag == "a" and self._link_starts:
            start = self._link_starts.pop()
            self._close_link(node.attributes.get("href") or "", start)

    def _close_link(self, target: str, start: int) -> None:
        shown = "".join(self._parts[start:]) if len(self._parts) - start <= 8 else ""
        is_external = target.startswith(("http://", "https://", "mailto:"))
        if is_external and target.removeprefix("mailto:") not in shown:
            self._parts.append(f" ({target})")

    def _bullet(self) -> str:
        if not self._item_numbers or self._item_numbers[-1] is None:
            return f"- {AFTER_BULLET}"
        self._item_numbers[-1] += 1
        return f"{self._item_numbers[-1]}. {AFTER_BULLET}"

    def write_text_of(self, node: LexborNode) -> None:
        """Write a text, unless it only lays out the markup."""
        text = node.text_content or ""
        is_layout = text.isspace() and not self._n_open_pre
        parent = node.parent
        if not (is_layout and parent is not None and parent.tag in _NO_TEXT_OF_THEIR_OWN):
            self._write(text)

    def _write(self, text: str) -> None:
        if not text.isprintable():
            text = MARKS.sub("", text)  # character references can name them too
            text = text if self._n_open_pre else _SPACES.sub(" ", text)
        if self._n_open_pre:
            text = text.replace(" ", _FIRM_SPACE)
        elif "  " in text:
            text = _LOOSE_SPACES.sub(" ", text)
        if text:
            self._parts.append(text)

    def text(self) -> str:
        """What was written, with neighbouring breaks merged into the strongest of them."""
        text = self._joined()
        if AFTER_BULLET in text:
            text = _BULLET_GAP.sub("", text)
        text = _BREAKS.sub(_merged_break, text)
        if " \n" in text or "\n " in text:
            text = _LOOSE_LINE_END.sub("\n", text)
        text = _LOOSE_SPACES.sub(" ", text).strip("\n ")
        return text.replace(_FIRM_SPACE, " ")

    def _joined(self) -> str:
        return "".join(self._parts)


def _merged_break(breaks: re.Match[str]) -> str:
    return "\n\n" if PARAGRAPH_BREAK in breaks[0] else "\n"


def name_of(node: LexborNode) -> str:
    """The name of a tag; it begins with "-" for what is none, as `-text`."""
    return (node.tag or "").removeprefix(PREFIX)


def _number_before_first(ordered_list: LexborNode) -> int:
    start = ordered_list.attributes.get("start") or "1"
    return int(start) - 1 if start.isdecimal() and len(start) <= 9 else 0


def _follows_a_cell(node: LexborNode) -> bool:
    before = node.prev
    while before is not None and (before.tag or "").startswith("-"):  # layout and comments
        before = before.prev
    return before is not None and before.tag in _CELLS
