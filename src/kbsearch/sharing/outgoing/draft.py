"""A text that is about to leave: its sentences, and where they stand in it as it was given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kbsearch.models import TextFormat, clean_characters
from kbsearch.sharing.outgoing.shingles import Words, read_words
from kbsearch.text import Analyzer, sentences, to_plain_text

_PIECE = re.compile(r"\r\n|\s|\S{1,4096}")
_SHORT_TERMS = 6
"""A sentence of fewer is also looked at together with the next: copies part sentences."""


class Unit(NamedTuple):
    """One or two sentences of a draft, their half-open characters in it, and their terms."""

    text: str
    start: int
    end: int
    words: Words
    parts: tuple[int, ...]


class Draft:
    """
    A draft as it is compared, without characters that nobody sees.

    Args:
        text: As somebody wrote it.
        text_format: How it is marked up.
        analyzer: Of the desk.

    Attributes:
        shown: What offsets are told in: `text`, or the plain text of marked-up ones.
        text: What is compared.
        markup: The source of a marked-up one, else empty: what it hides leaves too.
    """

    def __init__(self, text: str, text_format: TextFormat, analyzer: Analyzer) -> None:
        is_plain = text_format is TextFormat.PLAIN
        self.shown = text if is_plain else to_plain_text(text, text_format)
        self.markup = "" if is_plain else clean_characters(text)
        self.text = clean_characters(self.shown)
        self._places = None if self.text == self.shown else list(_places(self.shown))
        cut = sentences(self.text)
        self.sentences = [
            Unit(s.text, s.start, s.end, read_words(s.text, analyzer), (place,))
            for place, s in enumerate(cut)
        ]

    def units(self) -> Iterator[Unit]:
        """All sentences, and short ones joined with the next."""
        yield from self.sentences
        for one, other in zip(self.sentences, self.sentences[1:], strict=False):
            if min(len(one.words.terms), len(other.words.terms)) < _SHORT_TERMS:
                words = Words(
                    one.words.terms + other.words.terms, one.words.plain + other.words.plain[1:]
                )
                text = self.text[one.start : other.end]
                yield Unit(text, one.start, other.end, words, one.parts + other.parts)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where characters of `text` stand in `shown`."""
        if self._places is None or start >= end:
            return start, end
        return self._places[start][0], self._places[end - 1][1]


def _places(shown: str) -> Iterator[tuple[int, int]]:
    """For each cleaned character, the characters that it was made of, word by word at the most."""
    for match in _PIECE.finditer(shown):
        cleaned = clean_characters(match[0])
        if cleaned == match[0]:
            for place in range(*match.span()):
                yield place, place + 1
        else:
            for _ in cleaned:
                yield match.span()
