"""Blanks that a query has too many or too few: compounds that are written in other ways."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

_WORD = re.compile(r"(?<!\w)(?<!\w['\u2019\-./\\@+&:#])\w++(?!['\u2019\-./\\@+&:#]\w)")
"""A word by itself: neither the s of `user's` nor the mail of `e-mail`."""

_LEAST_OF_A_JOINED, _LEAST_OF_A_PART = 5, 4
_FEWEST_PARTS, _MOST_PARTS = 2, 3


class Joined(NamedTuple):
    """Two words of a query by their half-open characters, in small letters."""

    start: int
    end: int
    words: tuple[str, str]

    @property
    def word(self) -> str:
        """What they are without the blank."""
        return "".join(self.words)


def joined_words(text: str, is_one: Callable[[Joined], bool]) -> Iterator[Joined]:
    """
    Words with one blank between them that are one word elsewhere, as `drop box`.

    Each word is a part of one pair at most, the first that is accepted.

    Args:
        text: A query.
        is_one: Whether a pair of five letters or more is accepted.
    """
    before: re.Match[str] | None = None
    for match in _WORD.finditer(text):
        if before is not None and text[before.end() : match.start()] == " ":
            one = Joined(before.start(), match.end(), (before[0].lower(), match[0].lower()))
            if len(one.word) >= _LEAST_OF_A_JOINED and is_one(one):
                yield one
                before = None
                continue
        before = match


def parted_word(word: str, knows: Callable[[str], bool]) -> str | None:
    """
    A word that no document holds as the two or three that some do: `printqueue`.

    Args:
        word: In small letters.
        knows: Whether a document holds a word, in any inflection: that takes care of
            letters between the parts.

    Returns:
        The parts, of four letters and more, with blanks between them, as few as can be;
        of several ways that whose shortest part is longest. None if there is none.
    """
    ways = _ways(word, cache(knows), _MOST_PARTS)
    best = min(ways, key=lambda way: (len(way), -min(map(len, way))), default=None)
    return None if best is None else " ".join(best)


def _ways(word: str, knows: Callable[[str], bool], n_parts: int) -> Iterator[tuple[str, ...]]:
    """Each way to write a word as two parts, up to so many."""
    for end in range(_LEAST_OF_A_PART, len(word) - _LEAST_OF_A_PART + 1):
        first, rest = word[:end], word[end:]
        if not knows(first):
            continue
        if knows(rest):
            yield first, rest
        if n_parts > _FEWEST_PARTS:
            yield from ((first, *way) for way in _ways(rest, knows, n_parts - 1))
