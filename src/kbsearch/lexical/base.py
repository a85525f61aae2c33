"""What every lexical index keeps, whatever engine it stands on."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32, Int64
from kbsearch.lexical.query import QueryTerm, best_of, ideal_of, plain_and_groups


class Statistics(NamedTuple):
    """What BM25 needs to know of a shelf's documents as a whole."""

    n_documents: int
    mean_length: float
    document_frequency: Mapping[str, int]

    def ideal(self, terms: Sequence[QueryTerm]) -> float:
        """
        What a document would score that held each of the terms without end; at least 0.

        A document's BM25 score over it is the share of the query that it covers,
        in [0, 1), rare words counting most, those that no document holds too.
        """
        return ideal_of(
            terms,
            lambda term: (
                idf(self.n_documents, n := self.document_frequency.get(term, 0)),
                n > 0,
            ),
        )


def idf(n_documents: int, frequency: int) -> float:
    """The weight of a term that so many of the documents hold: Lucene's, never negative."""
    return math.log(1 + (n_documents - frequency + 0.5) / (frequency + 0.5))


class LexicalIndex(ABC):
    """BM25 over documents, each a list of terms. Row = position in that list."""

    @abstractmethod
    def __len__(self) -> int:
        """Number of documents."""

    @property
    @abstractmethod
    def statistics(self) -> Statistics:
        """The statistics that its scores are made with."""

    def scores(self, terms: Sequence[QueryTerm]) -> Float32:
        """
        The BM25 score of every document, (len(self),), at least 0.

        A term given twice counts twice; an unknown one counts nothing. Of a word with
        alternatives, each document gets the best one's score.
        """
        if not len(self):
            return np.zeros(0, dtype=np.float32)
        plain, groups = plain_and_groups(terms)
        scores = self._scores(plain)
        for group in groups:
            scores = scores + best_of(group, len(self), self._postings).astype(np.float32)
        return scores

    @abstractmethod
    def to_files(self) -> dict[str, bytes]:
        """The index as named byte strings: the same documents give the same bytes."""

    @abstractmethod
    def _scores(self, terms: Sequence[str]) -> Float32:
        """The same, for an index that is not empty."""

    def _postings(self, term: str) -> tuple[Int64, Float32]:
        """The rows that hold a term, ascending, and its score in each."""
        scores = self._scores([term])
        rows = np.flatnonzero(scores)
        return rows, scores[rows]
