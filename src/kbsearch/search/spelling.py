"""Mistakes in a query, and the words of the shelves that they may stand for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import NamedTuple, Protocol

from kbsearch.lexical import NearWord, written_words
from kbsearch.search.blanks import Joined, joined_words, parted_word
from kbsearch.search.languages import ReadTerms
from kbsearch.text import identifiers

_LETTERS_FOR_TWO = 8
_N_CANDIDATES = 2
_MAX_MISTAKES = 40
_MAX_PARTED = 4
_MAX_WORDS = 20
"""Of a query in which two words that are known are joined to another one."""

_MAX_QUOTATION = 200
_OTHER_FIRST_LETTER = 0.3
"""What a candidate's documents count that begins otherwise: few slip at the first letter."""
_QUOTES = (('"', '"'), ("\u201c", "\u201d"), ("\u201e", "\u201c"), ("\u00ab", "\u00bb"), ("`", "`"))

Span = tuple[int, int]


class Words(Protocol):
    """See `KnownWords`."""

    def n_written(self, word: str) -> int:
        """In how many documents a word stands as it is."""

    def n_together(self, words: Sequence[Sequence[str]]) -> int:
        """How many documents hold each of some words, told by their terms."""

    def has(self, word: str, terms: Sequence[str]) -> bool:
        """Whether a document holds it, or another word with one of its terms."""

    def near(self, word: str, max_distance: int) -> list[NearWord]:
        """Each word at most so many edits away, once."""


class Mistake(NamedTuple):
    """
    A word by its half-open characters, or two, and what may stand for it, likeliest first.

    Attributes:
        n_words: How many were typed: two that are one elsewhere count as two.
        is_embedded: Whether the model reads the first candidate instead.
    """

    start: int
    end: int
    candidates: tuple[str, ...]
    n_words: int = 1
    is_embedded: bool = True


def find_mistakes(
    text: str, read: ReadTerms, words: Words, *, is_name: Callable[[str], bool]
) -> Iterator[Mistake]:
    """
    Words of a query that no document holds, and that are nearly one or more that some hold.

    One edit away, from eight letters on two. A word that a single document holds is left
    alone, however much commoner its neighbour is: measured, "correcting" such words
    gained nothing. So are identifiers, quotations, words with capitals within, stop
    words and names; a word in capitals only counts if the whole query is written so.

    What is near no word may be several without their blanks. And two words that more
    documents write as one than hold both are looked up as that: measured, taking all that
    any document writes as one, names in source code among them, did harm. A long text
    says a thing more than once: there, one of the two must be unknown.

    Args:
        text: A query.
        read: Gives the terms of a word, in all languages that are asked.
        words: What the documents hold that the asker may see.
        is_name: Whether a word is known from elsewhere, as from the desk's synonyms.

    Returns:
        Mistakes, ascending; of forty different words at most, because a page of another
        language has thousands.
    """
    query = _Query(text, read, words, is_name)
    joined = list(query.joined())
    marks = _marked(text, ((one.start, one.end) for one in joined))
    single = (one for one in query.single() if marks.find(1, one.start, one.end) < 0)
    yield from sorted([*joined, *single])


class _Meant(NamedTuple):
    """
    What a word may stand for.

    Attributes:
        is_embedded: Whether the model reads the first candidate. It takes a compound apart
            by itself, and a name that only looks like one would seem to be known.
    """

    candidates: tuple[str, ...]
    is_embedded: bool


class _Query:
    """What of a query may be a mistake, and what it may stand for."""

    def __init__(
        self, text: str, read: ReadTerms, words: Words, is_name: Callable[[str], bool]
    ) -> None:
        self._text, self._read, self._words, self._is_name = text, read, words, is_name
        self._shouts = text == text.upper()
        self._is_short = len(text.split(maxsplit=_MAX_WORDS)) <= _MAX_WORDS
        self._is_written_as_one: dict[tuple[str, str], bool] = {}

    def joined(self) -> Iterator[Mistake]:
        """Two words that are one in more documents than hold both."""
        for one in islice(joined_words(self._text, self._is_one), _MAX_MISTAKES):
            n_words, is_embedded = len(one.words), self._has_unknown(one.words)
            yield Mistake(one.start, one.end, (one.word,), n_words, is_embedded)

    def single(self) -> Iterator[Mistake]:
        """Words that no document holds."""
        known: set[str] = set()
        looked_up: dict[str, _Meant] = {}
        for one in written_words(self._text):
            if one.word in known or not self._is_plain(one.start, one.end):
                continue
            if one.word not in looked_up and len(looked_up) >= _MAX_MISTAKES:
                continue
            if one.word not in looked_up and self._is_known(one.word):
                known.add(one.word)
            elif not self._is_copied(one.start, one.end):
                if one.word not in looked_up:
                    looked_up[one.word] = self._candidates(one.word, len(looked_up))
                meant = looked_up[one.word]
                if meant.candidates:
                    yield Mistake(one.start, one.end, meant.candidates, 1, meant.is_embedded)

    def _candidates(self, word: str, n_before: int) -> _Meant:
        found = _nearest(word, self._words)
        if found or n_before >= _MAX_PARTED:
            return _Meant(found, is_embedded=True)
        parted = parted_word(word, self._is_known_part)
        return _Meant(() if parted is None else (parted,), is_embedded=False)

    def _is_one(self, pair: Joined) -> bool:
        if not self._words.n_written(pair.word) or not self._is_plain(pair.start, pair.end):
            return False
        if pair.words not in self._is_written_as_one:
            self._is_written_as_one[pair.words] = self._are_one(pair)
        is_one = self._is_written_as_one[pair.words]
        return is_one and not self._is_copied(pair.start, pair.end)

    def _are_one(self, pair: Joined) -> bool:
        terms = [self._read(word) for word in (*pair.words, pair.word)]
        if not all(terms) or any(map(self._is_name, pair.words)):
            return False
        if self._has_unknown(pair.words):
            return True
        n_both = self._words.n_together(terms[:2]) if self._is_short else math.inf
        return self._words.n_written(pair.word) > n_both

    def _has_unknown(self, words: Iterable[str]) -> bool:
        return not all(map(self._is_known, words))

    def _is_known(self, word: str) -> bool:
        terms = self._read(word)
        return not terms or self._is_name(word) or self._words.has(word, terms)

    def _is_known_part(self, word: str) -> bool:
        terms = self._read(word)
        return bool(terms) and self._words.has(word, terms)

    def _is_plain(self, start: int, end: int) -> bool:
        return self._shouts or all(map(_is_plain_word, self._text[start:end].split()))

    def _is_copied(self, start: int, end: int) -> bool:
        return self._copied.find(1, start, end) >= 0

    @cached_property
    def _copied(self) -> bytearray:
        """By character, 1 where it was copied to the letter: identifiers and quotations."""
        copied = ((one.start, one.end) for one in identifiers(self._text))
        return _marked(self._text, (*_quotations(self._text), *copied))


def _marked(text: str, spans: Iterable[Span]) -> bytearray:
    """By character, 1 within one of these."""
    marks = bytearray(len(text))
    for start, end in spans:
        marks[start:end] = b"\1" * (end - start)
    return marks


def _is_plain_word(written: str) -> bool:
    """
    Whether a word is written as in a sentence, and not as a product or an acronym.

    Its capital may be the second letter: the first two are swapped, or it has one too many.
    """
    return written[2:] == written[2:].lower() and not written[:2].isupper()


def _nearest(word: str, words: Words) -> tuple[str, ...]:
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
