"""What the lexical indexes of a shelf say of its documents for the words of a query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32, Int64
from kbsearch.lexical import LexicalIndex, QueryTerm, RecentDocuments, Statistics
from kbsearch.text import FieldTerms


class Words(NamedTuple):
    """Of each document, (n_documents,) each; see `kbsearch.rank.Signals`."""

    bm25: Float32
    coverage: Float32
    title_words: Float32


def words_of(lexical: LexicalIndex, titles: LexicalIndex, terms: Sequence[QueryTerm]) -> Words:
    """Of every document of a snapshot's two indexes."""
    return _words(lexical.scores(terms), titles.scores(terms), lexical.statistics.ideal(terms))


class RecentWords:
    """
    The lexical side of what changed since the snapshot, on the snapshot's scale.

    Args:
        lexical: Statistics of the snapshot's index of all fields.
        titles: Of its index of titles.
        k1: As the snapshot's indexes.
        b: As the snapshot's indexes.
        title_weight: As the snapshot's index of all fields.
    """

    def __init__(
        self,
        lexical: Statistics,
        titles: Statistics,
        *,
        k1: float,
        b: float,
        title_weight: int,
    ) -> None:
        self._lexical = RecentDocuments(lexical, k1=k1, b=b)
        self._titles = RecentDocuments(titles, k1=k1, b=b)
        self._title_weight = title_weight

    def copy(self) -> RecentWords:
        """An independent copy, for a reader that goes on with the old state."""
        twin = RecentWords.__new__(RecentWords)
        twin._lexical, twin._titles = self._lexical.copy(), self._titles.copy()
        twin._title_weight = self._title_weight
        return twin

    def add(self, key: int, terms: FieldTerms) -> None:
        """Take in one document; `key` must be new."""
        self._lexical.add(key, terms.whole(self._title_weight))
        self._titles.add(key, terms.title)

    def discard(self, key: int) -> None:
        """Forget a document; unknown keys are fine."""
        self._lexical.discard(key)
        self._titles.discard(key)

    def words(self, terms: Sequence[QueryTerm], keys: Int64) -> Words:
        """Of the documents with these keys, (n,) each; 0 for what is gone."""
        scores = (index.scores(terms) for index in (self._lexical, self._titles))
        whole, title = (
            np.array([found.get(key, 0.0) for key in keys.tolist()], dtype=np.float32)
            for found in scores
        )
        return _words(whole, title, self._lexical.ideal(terms))

    def frequency(self, term: str) -> int:
        """Number of documents, here and in the snapshot, that hold a term."""
        return self._lexical.frequency(term)


def _words(whole: Float32, title: Float32, ideal: float) -> Words:
    best = np.float32(ideal or 1.0)
    return Words(bm25=whole, coverage=whole / best, title_words=title / best)
