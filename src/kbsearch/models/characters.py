"""The door for text: which characters may enter a document or a query."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from pydantic import BeforeValidator

_SUSPECT = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
"""All that the two below change; hardly a text has one of them."""

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")

# Controls but newline and tab; lone surrogates (SQLite and UTF-8 refuse them);
# zero-width and bidi marks, which hide or reorder what a reader sees.
_UNWANTED = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def clean_characters(text: str) -> str:
    """
    Bring text into the one form that is stored, embedded and compared.

    Line ends become newlines; control characters but newline and tab, lone
    surrogates, zero-width and bidi override characters are dropped; the rest
    is composed to NFC. Applying it twice changes nothing.

    Args:
        text: Any str, lone surrogates included.

    Returns:
        The cleaned text, at most as many characters as NFC makes of `text`.
    """
    if _SUSPECT.search(text):
        text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _clean_if_text(value: object) -> object:
    return clean_characters(value) if isinstance(value, str) else value


CLEANED = BeforeValidator(_clean_if_text)
"""Cleans a field before its own constraints look at it."""

Text = Annotated[str, CLEANED]
"""A str field that passes `clean_characters` before it is validated."""
