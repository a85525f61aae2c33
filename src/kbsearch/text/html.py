"""HTML to plain text: structure, code, tables, link targets and image descriptions kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kbsearch.errors import MissingExtraError
from kbsearch.text.html_mail import MailWriter
from kbsearch.text.html_tags import simple_markup
from kbsearch.text.html_writer import MARKS, PageWriter, name_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


def html_to_text(markup: str, *, is_mail: bool = False) -> str:
    """
    Read HTML as a person would see it, in time linear in its length.

    Headings, paragraphs, items and rows stand on lines of their own, cells are
    parted by " | ", `pre` keeps its layout, a link keeps its target behind its
    text, an image its description. Comments, scripts and styles are dropped.

    Args:
        markup: HTML as it arrived.
        is_mail: Mark what mail programs mark as quoted or as a signature, as
            plain mails do, so that `mail_cuts` finds it.

    Raises:
        MissingExtraError: If the HTML parser is not installed.

    Source:
        Parsing is lexbor's (WHATWG HTML5), through selectolax.
    """
    try:
        from selectolax.lexbor import LexborHTMLParser
    except ImportError:
        raise MissingExtraError("Reading HTML and markdown", "selectolax", "markup") from None
    root = LexborHTMLParser(simple_markup(MARKS.sub("", markup))).body
    if root is None:
        return ""
    writer = MailWriter() if is_mail else PageWriter()
    _walk(root, writer)
    return writer.text()


def _walk(root: LexborNode, writer: PageWriter) -> None:
    """Enter and leave every node in order; no recursion, for nesting is a page's own choice."""
    opened: list[tuple[LexborNode, str]] = []
    node: LexborNode | None = root
    while node is not None:
        tag = name_of(node)
        if tag == "-text":
            writer.write_text_of(node)
        else:
            child = node.first_child if writer.enter(node, tag) else None
            if child is not None:
                opened.append((node, tag))
                node = child
                continue
            writer.leave(node, tag)
        sibling = node.next if opened else None
        while opened and sibling is None:
            node, tag = opened.pop()
            writer.leave(node, tag)
            sibling = node.next if opened else None
        node = sibling
