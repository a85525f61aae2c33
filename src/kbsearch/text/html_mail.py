"""HTML mail: what mail programs mark as quoted or as a signature is marked in the text too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kbsearch.text.html_writer import AFTER_BULLET, LINE_BREAK, PARAGRAPH_BREAK, PageWriter
from kbsearch.text.mail_phrases import FORWARD_LINE

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

# Classes and ids that Gmail, Thunderbird, Proton, Tuta, Yahoo, Zoho, Freshdesk, Outlook, Apple
# Mail, Zendesk and Zammad write; Outlook puts "x_" before those of a mail that it answers.
_QUOTES = frozenset(
    "gmail_attr moz-cite-prefix protonmail_quote tutanota_quote yahoo_quoted zmail_extra "
    "freshdesk_quote".split()
)
_SIGNATURES = frozenset(
    "gmail_signature js-signaturemarker moz-signature protonmail_signature_block signature "
    "applemailsignature ms-outlook-mobile-signature".split()
)
_ORIGINALS = frozenset(
    "divrplyfwdmsg outlookmessageheader mail-editor-reference-message-container "
    "appendonsend".split()
)
_RULE_ABOVE = re.compile(r"border-top: ?solid", re.IGNORECASE)
_HEADER_NAME = re.compile(r"[^\W\d_][^:]{0,24}:")
_MAX_NODES_TO_TEXT = 24
_MAX_QUOTE_MARKS = 3

_SIGNATURE_LINE = "--"
_ORIGINAL_LINE = "-----Original Message-----"
_LINES_OF_OURS = (_SIGNATURE_LINE, _ORIGINAL_LINE)
_QUOTE_START, _QUOTE_END = "\x05", "\x06"
_QUOTE_MARKS = re.compile(f"[{_QUOTE_START}{_QUOTE_END}]")
_BREAKS_BEFORE_QUOTE_END = re.compile(r"(?<![ \n\x00\x01])[ \n\x00\x01]++\x06")
_BLANK_LINES = re.compile(r"\n{3,}")


class MailWriter(PageWriter):
    """
    Writes a mail as plain text that `mail_cuts` understands, whatever its language.

    Lines of a quoted part begin with "> ", a signature stands under "--", and
    where Outlook puts headers above a mail, "-----Original Message-----" stands
    above them. A mail that is passed on is not quoted.
    """

    def __init__(self) -> None:
        super().__init__()
        self._open_quotes: list[int] = []

    def enter(self, node: LexborNode, tag: str) -> bool:
        """Write what precedes a node's children; False if they are to be passed over."""
        is_entered = super().enter(node, tag)
        if is_entered and (attributes := node.attributes):
            self._mark(node, attributes)
        return is_entered

    def leave(self, node: LexborNode, tag: str) -> None:
        """Write what follows a node's children."""
        if self._open_quotes and self._open_quotes[-1] == node.mem_id:
            self._open_quotes.pop()
            self._parts += [_QUOTE_END, PARAGRAPH_BREAK]
        super().leave(node, tag)

    def text(self) -> str:
        """What was written, with the marks of quoted lines before them."""
        text = super().text()
        if _QUOTE_START not in text and not any(line in text for line in _LINES_OF_OURS):
            return text
        lines: list[str] = []
        last_with_text = ""
        n_open = 0
        for marked in text.split("\n"):
            line = _QUOTE_MARKS.sub("", marked)
            n_open += marked.count(_QUOTE_START)
            is_repeated = line.rstrip() == last_with_text and last_with_text in _LINES_OF_OURS
            if (line or line == marked) and not is_repeated:
                quote_marks = "> " * min(n_open, _MAX_QUOTE_MARKS)
                lines.append(quote_marks + line if line else quote_marks.rstrip())
            n_open -= marked.count(_QUOTE_END)
            last_with_text = line.rstrip() or last_with_text
        return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")

    def _joined(self) -> str:
        return _BREAKS_BEFORE_QUOTE_END.sub(_QUOTE_END, super()._joined())

    def _mark(self, node: LexborNode, attributes: dict[str, str | None]) -> None:
        names = {
            name.removeprefix("x_")
            for key in ("class", "id")
            for name in (attributes.get(key) or "").casefold().split()
        }
        if _is_quote(node, names, attributes):
            if not FORWARD_LINE.fullmatch(_first_text(node)):
                self._open_quotes.append(node.mem_id)
                self._parts += [PARAGRAPH_BREAK, _QUOTE_START, AFTER_BULLET]
        elif not _SIGNATURES.isdisjoint(names):
            self._parts += [PARAGRAPH_BREAK, _SIGNATURE_LINE, LINE_BREAK]
        elif not _ORIGINALS.isdisjoint(names) or (
            _RULE_ABOVE.search(attributes.get("style") or "")
            and _HEADER_NAME.match(_first_text(node))
        ):
            self._parts += [PARAGRAPH_BREAK, _ORIGINAL_LINE, LINE_BREAK]


def _is_quote(node: LexborNode, names: set[str], attributes: dict[str, str | None]) -> bool:
    if node.tag == "blockquote" and (attributes.get("type") == "cite" or "gmail_quote" in names):
        return True
    return not _QUOTES.isdisjoint(names) or attributes.get("name") == "quote"


def _first_text(node: LexborNode) -> str:
    """The first text within a node, if it comes early."""
    pending = [node.first_child]
    for _ in range(_MAX_NODES_TO_TEXT):
        within = pending.pop() if pending else None
        if within is None:
            break
        if within.tag == "-text" and (text := (within.text_content or "").strip()):
            return text
        pending += [sibling for sibling in (within.next, within.first_child) if sibling]
    return ""
