"""Which words the documents hold that somebody may see now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from kbsearch.arrays import Bool, Float32
from kbsearch.lexical import GrowingVocabulary, NearWord, Vocabulary


class SeenWords(NamedTuple):
    """
    Words of a snapshot, or of a delta, as one audience may see it.

    Attributes:
        vocabulary: Of all its documents.
        among: Those that may be seen, (n_documents,).
        bm25_scores: Of all its documents for some terms, (n_documents,).
    """

    vocabulary: Vocabulary | GrowingVocabulary
    among: Bool
    bm25_scores: Callable[[Sequence[str]], Float32]


class KnownWords:
    """
    What is no mistake, and what a mistake may stand for.

    Of documents that the asker may read alone: a correction must not tell the name of
    a product that is announced tomorrow, nor a word of an article that was withdrawn.

    Args:
        parts: Of every shelf that is open.
    """

    def __init__(self, parts: Sequence[SeenWords]) -> None:
        self._parts = parts

    def n_written(self, word: str) -> int:
        """In how many documents a word stands as it is."""
        return sum(part.vocabulary.frequency(word, part.among) for part in self._parts)

    def n_together(self, words: Sequence[Sequence[str]]) -> int:
        """How many documents hold each of some words, wherever: one of the terms of each."""
        n = 0
        for part in self._parts:
            holding = part.among.copy()
            for terms in words:
                holding &= part.bm25_scores(list(dict.fromkeys(terms))) > 0
            n += int(holding.sum())
        return n

    def has(self, word: str, terms: Sequence[str]) -> bool:
        """Whether a document holds a word, or another one with one of its terms."""
        if self.n_written(word):
            return True
        return any(
            bool((part.bm25_scores([term])[part.among] > 0).any())
            for part in self._parts
            for term in dict.fromkeys(terms)
        )

    def near(self, word: str, max_distance: int) -> list[NearWord]:
        """Each word at most so many edits away, once, with the documents that hold it."""
        found: dict[str, NearWord] = {}
        for part in self._parts:
            for one in part.vocabulary.near(word, max_distance, part.among):
                before = found.get(one.word)
                n = one.n_documents + (before.n_documents if before else 0)
                found[one.word] = one._replace(n_documents=n)
        return list(found.values())
