"""From a text as it arrived to the cleaned text that is cut, embedded and shown."""

from __future__ import annotations

import re

from kbsearch.models.base import TextFormat
from kbsearch.models.characters import clean_characters
from kbsearch.text.html import html_to_text
from kbsearch.text.markdown import markdown_to_text

CLEANER_VERSION = 1
"""Part of every fingerprint: raise it when the same input gives another cleaned text."""

MAX_CHARACTERS = 1_000_000
"""A longer text is refused: no passage of it would be found anyway."""

_TRAILING_BLANKS = re.compile(r"(?<![ \t])[ \t]+$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{3,}")


def to_plain_text(text: str, text_format: TextFormat) -> str:
    """
    Turn one text into plain text; what a reader would see is kept.

    Args:
        text: As it arrived.
        text_format: How it is marked up.

    Returns:
        NFC text without trailing blanks or runs of blank lines, stripped of
        blank lines at both ends; possibly empty.
    """
    if text_format is TextFormat.HTML:
        text = html_to_text(text)
    elif text_format is TextFormat.MARKDOWN:
        text = markdown_to_text(text)
    text = _TRAILING_BLANKS.sub("", clean_characters(text))
    return _BLANK_LINES.sub("\n\n", text).strip("\n").rstrip()


def first_line(text: str, *, max_characters: int = 120) -> str:
    """The first line with text, cut with an ellipsis if it is too long for a title."""
    line = next((part.strip() for part in text.splitlines() if part.strip()), "")
    if len(line) <= max_characters:
        return line
    return line[: max_characters - 1].rstrip() + "…"
