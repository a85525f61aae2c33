"""What every lexical index keeps, whatever engine it stands on."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32


class Statistics(NamedTuple):
    """What BM25 needs to know of a shelf's documents as a whole."""

    n_documents: int
    mean_length: float
    document_frequency: Mapping[str, int]

    def ideal(self, terms: Sequence[str]) -> float:
        """
        What a document would score that held each of the terms without end; at least 0.

        A document's BM25 score over it is the share of the query that it covers,
        in [0, 1), rare words counting most, those that no document holds too.
        """
        return sum(
            n * idf(self.n_documents, self.document_frequency.get(term, 0))
            for term, n in Counter(terms).items()
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

    def scores(self, terms: Sequence[str]) -> Float32:
        """
        The BM25 score of every document, (len(self),), at least 0.

        A term given twice counts twice; an unknown one counts nothing.
        """
        if not len(self):
            return np.zeros(0, dtype=np.float32)
        return self._scores(terms)

    @abstractmethod
    def to_files(self) -> dict[str, bytes]:
        """The index as named byte strings: the same documents give the same bytes."""

    @abstractmethod
    def _scores(self, terms: Sequence[str]) -> Float32:
        """The same, for an index that is not empty."""
