"""HTML to plain text: structure, code, tables, link targets and image descriptions kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kbsearch.errors import MissingExtraError

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_SKIPPED = frozenset({"script", "style", "head", "template", "noscript", "svg", "iframe", "object"})
_PARAGRAPHS = frozenset(
    "address article aside blockquote details dl figure footer form h1 h2 h3 h4 h5 h6 header hr "
    "main nav p pre section table".split()
)
_LINES = frozenset(
    "body caption dd div dt figcaption li ol option summary tbody tfoot thead tr ul".split()
)
_CELLS = frozenset({"td", "th"})
_NO_TEXT_OF_THEIR_OWN = frozenset({"table", "tbody", "tfoot", "thead", "tr", "ul", "ol", "dl"})
_OFTEN_UNCLOSED = frozenset(
    "area base br col dd dt embed hr img input li link meta option p source tbody td tfoot th "
    "thead tr track wbr".split()
)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*+)[^<>]*+>")  # possessive: linear
MAX_NESTING = 256
# HTML5 repeats an unclosed link or formatting tag in every later paragraph, target and all,
# and lexbor is quadratic in the options of a select; under another name they are plain tags.
_COSTLY = re.compile(
    r"<(/?)(a|b|big|code|em|font|i|nobr|s|select|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE
)
_RENAMED = re.compile(r"<(/?)kbsearch-(?=[a-z])", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n\xa0]+")
_LINE_BREAK, _PARAGRAPH_BREAK, _FIRM_SPACE = "\x00", "\x01", "\x02"  # not in cleaned text
_AFTER_BULLET, _ITEM_END = "\x03", "\x04"
_MARKS = re.compile(r"[\x00-\x04]")
_BULLET_GAP = re.compile(r"\x03[ \n\x00\x01]*|\x04")
_BREAKS = re.compile(r"(?<![ \n])[ \n]*[\x00\x01][ \n\x00\x01]*")
_LOOSE_LINE_END = re.compile(r"(?<! ) *\n *")  # runs start once: linear
_LOOSE_SPACES = re.compile(r"  +")


def html_to_text(markup: str) -> str:
    """
    Read HTML as a person would see it, in time linear in its length.

    Headings, paragraphs, items and rows stand on lines of their own, cells are
    parted by " | ", `pre` keeps its layout, a link keeps its target behind its
    text, an image its description. Comments, scripts and styles are dropped.

    Raises:
        MissingExtraError: If the HTML parser is not installed.

    Source:
        Parsing is lexbor's (WHATWG HTML5), through selectolax.
    """
    try:
        from selectolax.lexbor import LexborHTMLParser
    except ImportError:
        raise MissingExtraError("Reading HTML and markdown", "selectolax", "markup") from None
    markup = _COSTLY.sub(r"<\1kbsearch-\2", _MARKS.sub("", markup))
    root = LexborHTMLParser(_limit_nesting(markup)).body
    if root is None:
        return ""
    writer = _Writer()
    node: LexborNode | None = root
    while node is not None:  # a loop, not recursion: hostile nesting is deeper than any stack
        child = node.first_child if writer.enter(node) else None
        if child is not None:
            node = child
            continue
        while node is not None:
            writer.leave(node)
            if node.mem_id == root.mem_id:
                node = None
            elif (sibling := node.next) is not None:
                node = sibling
                break
            else:
                node = node.parent
    return writer.text()


def _limit_nesting(markup: str) -> str:
    """Drop tags nested deeper than any real page: HTML5 parsing is quadratic in depth."""
    depth = 0

    def keep_or_drop(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[2].lower() in _OFTEN_UNCLOSED:
            return tag[0]
        if tag[1]:
            depth -= 1 if depth else 0
            return "" if depth >= MAX_NESTING else tag[0]
        depth += 1
        return "" if depth > MAX_NESTING else tag[0]

    return _TAG.sub(keep_or_drop, markup) if markup.count("<") > MAX_NESTING else markup


class _Writer:
    """Collects text in document order; breaks are merged when the text is asked for."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._n_open_pre = 0
        self._link_starts: list[int] = []
        self._item_numbers: list[int | None] = []

    def enter(self, node: LexborNode) -> bool:
        """Write what precedes a node's children; False if they are to be passed over."""
        tag = _name_of(node)
        if tag == "-text":
            self._write_text_of(node)
            return False
        if tag.startswith("-") or tag in _SKIPPED:
            return False
        if tag in _PARAGRAPHS:
            self._parts.append(_PARAGRAPH_BREAK)
        elif tag in _LINES or tag == "br":
            self._parts.append("\n" if tag == "br" else _LINE_BREAK)
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

    def leave(self, node: LexborNode) -> None:
        """Write what follows a node's children."""
        tag = _name_of(node)
        if tag == "li":
            self._parts.append(_ITEM_END)
        if tag in _PARAGRAPHS:
            self._parts.append(_PARAGRAPH_BREAK)
        elif tag in _LINES:
            self._parts.append(_LINE_BREAK)
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
            return f"- {_AFTER_BULLET}"
        self._item_numbers[-1] += 1
        return f"{self._item_numbers[-1]}. {_AFTER_BULLET}"

    def _write_text_of(self, node: LexborNode) -> None:
        text = node.text_content or ""
        is_layout = text.isspace() and not self._n_open_pre
        parent = node.parent
        if not (is_layout and parent is not None and parent.tag in _NO_TEXT_OF_THEIR_OWN):
            self._write(text)

    def _write(self, text: str) -> None:
        text = _MARKS.sub("", text)  # character references can name them too
        text = text.replace(" ", _FIRM_SPACE) if self._n_open_pre else _SPACES.sub(" ", text)
        if text:
            self._parts.append(text)

    def text(self) -> str:
        """What was written, with neighbouring breaks merged into the strongest of them."""
        text = _BREAKS.sub(_merged_break, _BULLET_GAP.sub("", "".join(self._parts)))
        text = _LOOSE_SPACES.sub(" ", _LOOSE_LINE_END.sub("\n", text)).strip("\n ")
        return _RENAMED.sub(r"<\1", text.replace(_FIRM_SPACE, " "))


def _merged_break(breaks: re.Match[str]) -> str:
    return "\n\n" if _PARAGRAPH_BREAK in breaks[0] else "\n"


def _name_of(node: LexborNode) -> str:
    return (node.tag or "").removeprefix("kbsearch-")


def _number_before_first(ordered_list: LexborNode) -> int:
    start = ordered_list.attributes.get("start") or "1"
    return int(start) - 1 if start.isdecimal() and len(start) <= 9 else 0


def _follows_a_cell(node: LexborNode) -> bool:
    before = node.prev
    while before is not None and (before.tag or "").startswith("-"):  # layout and comments
        before = before.prev
    return before is not None and before.tag in _CELLS
