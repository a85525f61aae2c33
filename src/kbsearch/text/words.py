"""Words of a text for lexical search, with the offsets at which they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Protocol

from kbsearch.errors import ConfigError

ANALYZER_VERSION = 1
"""Part of every fingerprint: raise it when the same text gives other terms."""

NO_LANGUAGE = "none"
_WORD = re.compile(r"\w+(?:['\u2019]\w+)?")
_POSSESSIVE = re.compile(r"'s?$")


class _Stemmer(Protocol):
    def stemWords(self, words: list[str]) -> list[str]: ...  # noqa: N802 - PyStemmer's name


class Analyzer:
    """
    Turns text into the terms that BM25 counts: case-folded, stemmed, no stop words.

    Args:
        language: A Snowball language ("english", "german", …), or "none" to
            keep words as they are.

    Raises:
        ConfigError: If Snowball does not know the language.

    Source:
        Stemmers: Snowball, through PyStemmer. Stop words: those of bm25s.
    """

    def __init__(self, language: str = "english") -> None:
        self.language = language
        self._stems: dict[str, str] = {}
        self._stop_words = frozenset(_stop_words(language))
        if language != NO_LANGUAGE:
            _ = self._stemmer  # an unknown language is an error now, not at the first search

    @property
    def fingerprint(self) -> str:
        """Equal ones make the same terms."""
        return f"{self.language}-{ANALYZER_VERSION}"

    @cached_property
    def _stemmer(self) -> _Stemmer:
        import Stemmer

        known = Stemmer.algorithms()
        if self.language not in known:  # its aliases, such as "en", would get no stop words
            raise ConfigError(
                f"Language {self.language!r} under [words] is not known to Snowball. "
                f"Use 'none' or one of: {', '.join(known)}."
            )
        stemmer: _Stemmer = Stemmer.Stemmer(self.language)
        return stemmer

    def terms(self, text: str) -> list[str]:
        """The terms of a text in order, repetitions kept, stop words left out."""
        return [term for term, _, _ in self.terms_with_offsets(text)]

    def terms_with_offsets(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Each term with the half-open character offsets of its word in `text`."""
        for match in _WORD.finditer(text):
            word = match[0].casefold().replace("\u2019", "'")
            if word not in self._stop_words:
                yield self._stem(word), match.start(), match.end()

    def _stem(self, word: str) -> str:
        stem = self._stems.get(word)
        if stem is None:
            bare = _POSSESSIVE.sub("", word) or word
            stem = bare if self.language == NO_LANGUAGE else self._stemmer.stemWords([bare])[0]
            if len(self._stems) < 1_000_000:
                self._stems[word] = stem
        return stem


def _stop_words(language: str) -> tuple[str, ...]:
    if language == NO_LANGUAGE:
        return ()
    from bm25s import stopwords

    known = {
        "english": stopwords.STOPWORDS_EN_PLUS,
        "german": stopwords.STOPWORDS_GERMAN,
        "dutch": stopwords.STOPWORDS_DUTCH,
        "french": stopwords.STOPWORDS_FRENCH,
        "spanish": stopwords.STOPWORDS_SPANISH,
        "portuguese": stopwords.STOPWORDS_PORTUGUESE,
        "italian": stopwords.STOPWORDS_ITALIAN,
        "russian": stopwords.STOPWORDS_RUSSIAN,
        "swedish": stopwords.STOPWORDS_SWEDISH,
        "norwegian": stopwords.STOPWORDS_NORWEGIAN,
    }
    return tuple(known.get(language, ()))
