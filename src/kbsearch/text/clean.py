"""From a text as it arrived to the cleaned text that is cut, embedded and shown."""

from __future__ import annotations

import re
from functools import lru_cache

from kbsearch.models.base import TextFormat
from kbsearch.models.characters import clean_characters
from kbsearch.text.html import html_to_text
from kbsearch.text.markdown import markdown_to_text

CLEANER_VERSION = 3
"""Part of every fingerprint: raise it when the same input gives another cleaned text."""

MAX_CHARACTERS = 1_000_000
"""A longer text is refused: no passage of it would be found anyway."""

_SHORT = 8_000

_TRAILING_BLANKS = re.compile(r"(?<![ \t])[ \t]+$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{3,}")


def to_plain_text(text: str, text_format: TextFormat, *, is_mail: bool = False) -> str:
    """
    Turn one text into plain text; what a reader would see is kept.

    Args:
        text: As it arrived.
        text_format: How it is marked up.
        is_mail: Whether HTML marks quotes and signatures as mail programs do; they are
            then written as in plain mails, with "> " and "-- ".

    Returns:
        NFC text without trailing blanks or runs of blank lines, stripped of
        blank lines at both ends; possibly empty.
    """
    if text_format is not TextFormat.PLAIN:
        render = _rendered_short if len(text) <= _SHORT else _rendered
        text = render(text, text_format, is_mail)
    return tidy(clean_characters(text))


@lru_cache(maxsize=16)  # one message is looked at by redaction, by cleaning, and for each shelf
def _rendered(text: str, text_format: TextFormat, is_mail: bool) -> str:
    if text_format is TextFormat.HTML:
        return html_to_text(text, is_mail=is_mail)
    return markdown_to_text(text)


@lru_cache(maxsize=4096)  # all messages of a piece of an import
def _rendered_short(text: str, text_format: TextFormat, is_mail: bool) -> str:
    return _rendered.__wrapped__(text, text_format, is_mail)


def tidy(text: str) -> str:
    """Text without trailing blanks, runs of blank lines, and blank lines at both ends."""
    if " \n" in text or "\t\n" in text:
        text = _TRAILING_BLANKS.sub("", text)
    text = text.rstrip()
    if "\n\n\n" in text:
        text = _BLANK_LINES.sub("\n\n", text)
    return text.lstrip("\n")


def first_line(text: str, *, max_characters: int = 120) -> str:
    """The first line with text, cut with an ellipsis if it is too long for a title."""
    line = next((part.strip() for part in text.splitlines() if part.strip()), "")
    if len(line) <= max_characters:
        return line
    return line[: max_characters - 1].rstrip() + "…"
