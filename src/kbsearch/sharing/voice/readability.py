"""How hard a text is to read: years of school for the whole, words for one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from kbsearch.errors import MissingExtraError
from kbsearch.models.base import FrozenModel
from kbsearch.sharing.voice.judged_text import JudgedText
from kbsearch.text import Sentence

if TYPE_CHECKING:
    from pyphen import Pyphen

_WORD = re.compile(r"[^\W\d_]++(?:['\u2019][^\W\d_]++)*+")
_MIN_WORDS_OF_SENTENCE = 4
_MIN_WORDS = 100  # the formulas were fitted to passages of a hundred words and more

_LOCALES = {"en": "en_US", "de": "de_DE", "fr": "fr", "es": "es", "it": "it_IT", "nl": "nl_NL"}
_EASE = {
    "de": (180.0, 1.0, 58.5),
    "fr": (207.0, 1.015, 73.6),
    "es": (206.84, 1.02, 60.0),
    "it": (217.0, 1.3, 60.0),
    "nl": (206.835, 0.93, 77.0),
}
_GRADES = (
    *((100.0, 4.0), (90.0, 5.0), (80.0, 6.0), (70.0, 7.0)),
    *((60.0, 9.0), (50.0, 12.0), (30.0, 16.0), (0.0, 19.0)),
)


class Readability(FrozenModel):
    """
    What was measured of a text.

    Attributes:
        grade: Years of school that it asks for; None for under 100 words of prose, or
            in a language that is not measured.
        n_words: Words of its prose; code, logs and quotations are none.
        words_per_sentence: Their mean; 0 if it has no sentence.
        longest_sentence: Words of the longest.
    """

    grade: float | None = None
    n_words: int = 0
    words_per_sentence: float = 0.0
    longest_sentence: int = 0


class ProseSentence(NamedTuple):
    """A sentence that is prose, and its words."""

    sentence: Sentence
    words: tuple[str, ...]


def prose_sentences(judged: JudgedText) -> list[ProseSentence]:
    """
    The sentences of a text that are prose.

    Rows of tables, code, and headings and items of fewer than four words are none;
    a longer item is a sentence of its own.
    """
    return list(_prose_sentences(judged))


def _prose_sentences(judged: JudgedText) -> Iterator[ProseSentence]:
    for sentence in judged.sentences:
        if " | " not in sentence.text:
            words = tuple(match[0] for match in _WORD.finditer(judged.prose_of(sentence)))
            if len(words) >= _MIN_WORDS_OF_SENTENCE:
                yield ProseSentence(sentence, words)


def measure(prose: list[ProseSentence], language: str) -> Readability:
    """
    Measure prose in a language ("en", "de", "fr", "es", "it", "nl"; others get no grade).

    English gets the Flesch-Kincaid grade. The others get the reading ease of their own
    formula, read as a grade in Flesch's table. Syllables are counted by where a word
    may be parted, which comes to half a grade less than a dictionary does.

    Raises:
        MissingExtraError: If the package that knows syllables is not installed.

    Source:
        Kincaid et al. 1975 (English); Amstad 1978 (German), Kandel & Moles 1958 (French),
        Fernández Huerta 1959 (Spanish), Franchina & Vacca 1986 (Italian), Douma 1960
        (Dutch); Flesch 1949 for the table.
    """
    n_words = sum(len(each.words) for each in prose)
    if not n_words:
        return Readability()
    mean = n_words / len(prose)
    grade = None
    if n_words >= _MIN_WORDS and language in _LOCALES:
        n_syllables = sum(_n_syllables(w.lower(), language) for each in prose for w in each.words)
        grade = round(_grade(mean, n_syllables / n_words, language), 1)
        _hyphenation(language).hd.cache.clear()  # it would keep every word it ever met
    return Readability(
        grade=grade,
        n_words=n_words,
        words_per_sentence=round(mean, 1),
        longest_sentence=max(len(each.words) for each in prose),
    )


def _grade(words_per_sentence: float, syllables_per_word: float, language: str) -> float:
    if language == "en":
        return max(0.0, 0.39 * words_per_sentence + 11.8 * syllables_per_word - 15.59)
    base, per_word, per_syllable = _EASE[language]
    return _grade_of(base - per_word * words_per_sentence - per_syllable * syllables_per_word)


def _grade_of(ease: float) -> float:
    """Flesch's table, with straight lines between its rows."""
    if ease >= _GRADES[0][0]:
        return _GRADES[0][1]
    for (upper, low_grade), (lower, high_grade) in pairwise(_GRADES):
        if ease >= lower:
            return low_grade + (upper - ease) / (upper - lower) * (high_grade - low_grade)
    return _GRADES[-1][1]


def _n_syllables(word: str, language: str) -> int:
    return len(_hyphenation(language).positions(word)) + 1


@cache
def _hyphenation(language: str) -> Pyphen:
    try:
        from pyphen import Pyphen
    except ImportError:
        raise MissingExtraError("Measuring readability", "pyphen", "voice") from None
    # English is parted at one letter too ("a-re-a"): nearest to CMUdict in running text
    return Pyphen(lang=_LOCALES[language], left=1, right=2, cache=False)
