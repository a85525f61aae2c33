"""Blanks that a query has too many or too few: compounds that are written in other ways."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from kbsearch.lexical.vocabulary import MAX_LETTERS

_WORD = re.compile(r"\w++")
_LEAST_OF_A_JOINED, _LEAST_OF_A_PART = 5, 4
_FEWEST_PARTS, _MOST_PARTS = 2, 3

Knows = Callable[[str], bool]
"""Whether a document holds a word, in small letters."""


class Joined(NamedTuple):
    """Two words of a query by their half-open characters, and the word that they are together."""

    start: int
    end: int
    words: tuple[str, str]

    @property
    def word(self) -> str:
        """Without the blank."""
        return "".join(self.words)


def joined_words(text: str, knows: Knows) -> Iterator[Joined]:
    """
    Words side by side that are one word in a document: `drop box`, `Drucker Warteschlange`.

    Each word is a part of one pair at most, the first that is known.

    Args:
        text: A query.
        knows: Of a word as it is written: an inflection alone is no proof.
    """
    before: re.Match[str] | None = None
    for match in _WORD.finditer(text):
        if before is not None and text[before.end() : match.start()] == " ":
            one = Joined(before.start(), match.end(), (before[0].lower(), match[0].lower()))
            if _may_be_one(one.word) and knows(one.word):
                yield one
                before = None
                continue
        before = match


def _may_be_one(word: str) -> bool:
    return _LEAST_OF_A_JOINED <= len(word) <= MAX_LETTERS and word.isalpha()


def parted_word(word: str, knows: Knows) -> str | None:
    """
    A word that no document holds as the two or three that some do: `printqueue`.

    Args:
        word: In small letters.
        knows: Of a word in any inflection, which takes care of letters between the parts.

    Returns:
        The parts with blanks between them, as few as can be; of several ways that
        whose shortest part is longest. None if there is none.
    """
    ways = _ways(word, cache(knows), _MOST_PARTS)
    best = min(ways, key=lambda way: (len(way), -min(map(len, way))), default=None)
    return None if best is None else " ".join(best)


def _ways(word: str, knows: Knows, n_parts: int) -> Iterator[tuple[str, ...]]:
    """Each way to write a word as two parts, up to so many."""
    for end in range(_LEAST_OF_A_PART, len(word) - _LEAST_OF_A_PART + 1):
        first, rest = word[:end], word[end:]
        if not knows(first):
            continue
        if knows(rest):
            yield first, rest
        if n_parts > _FEWEST_PARTS:
            yield from ((first, *way) for way in _ways(rest, knows, n_parts - 1))
