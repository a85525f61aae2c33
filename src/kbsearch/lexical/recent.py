"""BM25 over the few documents that changed since the snapshot."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from kbsearch.lexical.base import Statistics


class RecentDocuments:
    """
    Scores documents on the snapshot's scale, one at a time as they arrive.

    A term's weight comes from the snapshot's statistics, so that a new document
    and an old one are compared by the same measure. While the snapshot holds
    fewer documents than stand here, statistics of both together are used.

    Args:
        statistics: The snapshot's; n_documents 0 if there is none.
        k1: As the snapshot's index.
        b: As the snapshot's index.
    """

    def __init__(self, statistics: Statistics, *, k1: float, b: float) -> None:
        self._base = statistics
        self._k1, self._b = k1, b
        self._counts: dict[int, Counter[str]] = {}
        self._lengths: dict[int, int] = {}
        self._frequency: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._counts)

    def copy(self) -> RecentDocuments:
        """An independent copy, for a reader that goes on with the old state."""
        twin = RecentDocuments(self._base, k1=self._k1, b=self._b)
        twin._counts, twin._lengths = dict(self._counts), dict(self._lengths)
        twin._frequency = self._frequency.copy()
        return twin

    def add(self, key: int, terms: Sequence[str]) -> None:
        """Take in one document; `key` must be new."""
        self._counts[key] = Counter(terms)
        self._lengths[key] = len(terms)
        self._frequency.update(self._counts[key].keys())

    def discard(self, key: int) -> None:
        """Forget a document; unknown keys are fine."""
        counts = self._counts.pop(key, None)
        if counts is not None:
            del self._lengths[key]
            self._frequency.subtract(counts.keys())

    def scores(self, terms: Sequence[str]) -> dict[int, float]:
        """BM25 score by key of every document, 0 for those without any of the terms."""
        statistics = self._statistics()
        scores = dict.fromkeys(self._counts, 0.0)
        for term, n_in_query in Counter(terms).items():
            if not self._frequency[term]:
                continue
            weight = n_in_query * _idf(statistics, term)
            for key, counts in self._counts.items():
                if count := counts.get(term):
                    length = self._lengths[key] / (statistics.mean_length or 1.0)
                    damped = count + self._k1 * (1 - self._b + self._b * length)
                    scores[key] += weight * count / damped
        return scores

    def _statistics(self) -> Statistics:
        base, n_here = self._base, len(self._counts)
        if base.n_documents >= n_here or not n_here:
            return base
        n = base.n_documents + n_here
        mean = (base.mean_length * base.n_documents + sum(self._lengths.values())) / n
        frequency = {
            term: base.document_frequency.get(term, 0) + count
            for term, count in self._frequency.items()
        }
        return Statistics(n, mean, frequency)


def _idf(statistics: Statistics, term: str) -> float:
    """Lucene's, never negative. A term that the snapshot lacks counts as the rarest."""
    frequency = statistics.document_frequency.get(term, 0)
    return math.log(1 + (statistics.n_documents - frequency + 0.5) / (frequency + 0.5))
