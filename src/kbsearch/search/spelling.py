"""Mistakes in a query, and the words of the shelves that they may stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

from kbsearch.lexical import NearWord, written_words
from kbsearch.text import Analyzer, identifiers

_LETTERS_FOR_TWO = 8
_N_CANDIDATES = 2
_MAX_MISTAKES = 40
_MAX_QUOTATION = 200
_OTHER_FIRST_LETTER = 0.3
"""What a candidate's documents count that begins otherwise: few slip at the first letter."""
_QUOTES = (('"', '"'), ("\u201c", "\u201d"), ("\u201e", "\u201c"), ("\u00ab", "\u00bb"), ("`", "`"))

Span = tuple[int, int]


class Words(Protocol):
    """See `KnownWords`."""

    def has(self, word: str, terms: Sequence[str]) -> bool:
        """Whether a document holds it, or another word with one of its terms."""

    def near(self, word: str, max_distance: int) -> list[NearWord]:
        """Each word at most so many edits away, once."""


class Mistake(NamedTuple):
    """A word by its half-open characters, and words that it may stand for, likeliest first."""

    start: int
    end: int
    candidates: tuple[str, ...]


def find_mistakes(
    text: str, analyzer: Analyzer, words: Words, *, is_name: Callable[[str], bool]
) -> Iterator[Mistake]:
    """
    Words of a query that no document holds, and that are nearly one that some hold.

    One edit away, from eight letters on two. A word that a single document holds is left
    alone, however much commoner its neighbour is: measured, "correcting" such words
    gained nothing. So are identifiers, quotations, words with capitals within, stop
    words and names; a word in capitals only counts if the whole query is written so.

    Args:
        text: A query.
        analyzer: Of the shelves.
        words: What the documents hold that the asker may see.
        is_name: Whether a word is known from elsewhere, as from the desk's synonyms.

    Returns:
        Mistakes, ascending; of forty different ones at most, because a page of another
        language has thousands.
    """
    shouts = text == text.upper()
    is_copied: bytearray | None = None
    known: set[str] = set()
    looked_up: dict[str, tuple[str, ...]] = {}
    for one in written_words(text):
        if one.word in known or not (shouts or _is_plain(text[one.start : one.end])):
            continue
        if one.word not in looked_up and len(looked_up) >= _MAX_MISTAKES:
            continue
        if one.word not in looked_up and _is_known(one.word, analyzer, words, is_name):
            known.add(one.word)
            continue
        if is_copied is None:
            is_copied = _copied(text)
        if is_copied.find(1, one.start, one.end) >= 0:
            continue
        if one.word not in looked_up:
            looked_up[one.word] = _candidates(one.word, words)
        if looked_up[one.word]:
            yield Mistake(one.start, one.end, looked_up[one.word])


def _copied(text: str) -> bytearray:
    """By character, 1 where a text was copied to the letter: identifiers and quotations."""
    marks = bytearray(len(text))
    for start, end in (*_quotations(text), *((i.start, i.end) for i in identifiers(text))):
        marks[start:end] = b"\1" * (end - start)
    return marks


def _is_known(word: str, analyzer: Analyzer, words: Words, is_name: Callable[[str], bool]) -> bool:
    terms = analyzer.terms(word)
    return not terms or is_name(word) or words.has(word, terms)


def _is_plain(written: str) -> bool:
    """
    Whether a word is written as in a sentence, and not as a product or an acronym.

    Its capital may be the second letter: the first two are swapped, or it has one too many.
    """
    return written[2:] == written[2:].lower() and not written[:2].isupper()


def _candidates(word: str, words: Words) -> tuple[str, ...]:
    """The nearest words, those of most documents first; two at most, equally near."""

    def rank(one: NearWord) -> tuple[int, float, str]:
        likely = 1.0 if one.word[0] == word[0] else _OTHER_FIRST_LETTER
        return one.distance, -likely * one.n_documents, one.word

    found = sorted(words.near(word, 2 if len(word) >= _LETTERS_FOR_TWO else 1), key=rank)
    return tuple(one.word for one in found[:_N_CANDIDATES] if one.distance == found[0].distance)


def _quotations(text: str) -> Iterator[Span]:
    """Within a line each, and no longer than what somebody copies."""
    for opening, closing in _QUOTES:
        place = 0
        while (start := text.find(opening, place)) >= 0:
            end = text.find(closing, start + 1, start + _MAX_QUOTATION)
            if end < 0 or "\n" in text[start:end]:
                place = start + 1  # an inch, a quotation of pages
                continue
            yield start, end + 1
            place = end + 1
