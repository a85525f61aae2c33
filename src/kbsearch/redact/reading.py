"""A text in plain forms, character for character, so that patterns need not know every dash."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

_FORMS = {
    " ": "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f"
    "\u205f\u3000",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63",
    "'": "\u2018\u2019\u201a\u201b\u2032\u02bc\u2039\u203a",
    '"': "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u300c\u300d",
    "I": "\u0130",  # the one character whose lower case is two characters
}
_FIRST_DIGITS = (0x0660, 0x06F0, 0x0966, 0x09E6)  # Arabic-Indic, Persian, Devanagari, Bengali
_TO_PLAIN = (
    {ord(form): plain for plain, forms in _FORMS.items() for form in forms}
    | {full: chr(full - 0xFEE0) for full in range(0xFF01, 0xFF5F)}  # full-width ASCII
    | {first + n: str(n) for first in _FIRST_DIGITS for n in range(10)}
)
_MOST_JUDGED, _LONGEST_REMEMBERED = 400, 100
_MOST_REMEMBERED = 20_000
Found = TypeVar("Found")
_UNPLAIN = re.compile(f"[{''.join(map(re.escape, map(chr, _TO_PLAIN)))}]")


class Reading(NamedTuple):
    """
    A text as patterns read it; offsets are those of the text itself.

    Attributes:
        plain: Spaces, dashes, quotes and digits of all kinds in their ASCII form.
        lowered: `plain` in lower case.
        words: What stands between blanks in `plain`, each once.
    """

    plain: str
    lowered: str
    words: frozenset[str]


class WordMemory(Generic[Found]):
    """
    What a judge finds in the words of texts; each word is judged once.

    The same few thousand words make up most texts, so a text costs little more
    than the difference of two sets.

    Args:
        judge: Sees what stands between two blanks, in plain forms, or many of
            these with blanks between.
    """

    def __init__(self, judge: Callable[[str], Sequence[Found]]) -> None:
        self._judge = judge
        self._judge_again = lru_cache(maxsize=_MOST_REMEMBERED)(judge)
        self._empty: set[str] = set()

    def found_in(self, reading: Reading) -> set[Found]:
        """What the judge finds in any word of a text."""
        found: set[Found] = set()
        if len(self._empty) > _MOST_REMEMBERED:
            self._empty.clear()
        unknown = reading.words - self._empty
        if len(unknown) > _MOST_JUDGED:
            return set(self._judge(" ".join(unknown)))  # a log: its words do not come again
        for word in unknown:
            is_long = len(word) > _LONGEST_REMEMBERED
            in_word = self._judge(word) if is_long else self._judge_again(word)
            found.update(in_word)
            if not (in_word or is_long):
                self._empty.add(word)
        return found


class Lexicon:
    """
    Words that are looked for together, at a cost that hardly grows with their number.

    Args:
        words: In lower case.
        stems: Parts without blanks that many words share; words are looked for
            only where their stem stands in the text.
    """

    def __init__(self, words: Iterable[str], *, stems: Iterable[str]) -> None:
        self._words_of: dict[str, list[tuple[str, str]]] = {stem: [] for stem in stems}
        for word in sorted(set(words)):
            own = max(word.split(), key=len)
            stem = next((stem for stem in self._words_of if stem in word), own)
            part = next(part for part in word.split() if stem in part)
            self._words_of.setdefault(stem, []).append((word, part))
        self._memory = WordMemory(self._words_in)

    def occurrences(self, reading: Reading) -> list[tuple[int, int]]:
        """
        Half-open offsets at which the words begin a word of the text, ascending.

        Words of six letters and more may also end a compound ("Startpasswort"),
        any may follow a lower-case letter as a capital ("authToken").
        """
        return sorted(
            (start, start + len(word))
            for word in self._memory.found_in(reading)
            for start in _starts_of(word, reading.plain, reading.lowered)
        )

    def _words_in(self, shown: str) -> list[str]:
        """Words that may stand in what stands between two blanks, or of which a part does."""
        lowered = shown.lower()
        return [
            word
            for stem, words in self._words_of.items()
            if stem in lowered
            for word, part in words
            if part in lowered
            and (" " in word or next(_starts_of(word, shown, lowered), None) is not None)
        ]


def _starts_of(word: str, plain: str, lowered: str) -> Iterator[int]:
    start = lowered.find(word)
    while start >= 0:
        if len(word) >= 6 or _begins_a_word(plain, start):
            yield start
        start = lowered.find(word, start + len(word))


def _begins_a_word(text: str, start: int) -> bool:
    before = text[start - 1 : start]
    is_cased = before.isupper() or before.islower()  # scripts without case part no words
    return not is_cased or (before.islower() and text[start].isupper())


def listed(words: str) -> tuple[str, ...]:
    """The words, or groups of words, of a comma-separated list."""
    return tuple(word for part in words.split(",") if (word := part.strip()))


def any_of(words: Iterable[str]) -> str:
    """A pattern of alternatives, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


@lru_cache(maxsize=2)  # several redactors look at one text, one after the other
def read(text: str) -> Reading:
    """A text in plain forms; quick where it is ASCII already."""
    if not text.isascii() and _UNPLAIN.search(text):
        text = text.translate(_TO_PLAIN)
    return Reading(text, text.lower(), frozenset(text.split()))
