"""BM25 over the few documents that changed since the snapshot."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kbsearch.arrays import Int64
from kbsearch.lexical.base import Statistics, idf
from kbsearch.lexical.query import Postings, QueryTerm, best_of, ideal_of, plain_and_groups

_FEW_GONE = 1000
"""So many discarded documents are passed over before the rest is written anew."""


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
        self._postings = _Postings()
        self._n_slots = 0
        self._slots: dict[int, int] = {}
        self._keys: dict[int, int] = {}
        self._total_length = 0

    def __len__(self) -> int:
        return len(self._slots)

    def copy(self) -> RecentDocuments:
        """An independent copy, for a reader that goes on with the old state."""
        twin = RecentDocuments(self._base, k1=self._k1, b=self._b)
        twin._postings, twin._n_slots = self._postings, self._n_slots
        twin._slots, twin._keys = dict(self._slots), dict(self._keys)
        twin._total_length = self._total_length
        return twin

    def add(self, key: int, terms: Sequence[str]) -> None:
        """Take in one document; `key` must be new."""
        is_shared = len(self._postings) != self._n_slots  # a copy has gone on with them
        if is_shared or self._n_slots > 2 * len(self) + _FEW_GONE:
            self._write_anew()
        slot = self._postings.append(Counter(terms), len(terms))
        self._n_slots = slot + 1
        self._slots[key], self._keys[slot] = slot, key
        self._total_length += len(terms)

    def discard(self, key: int) -> None:
        """Forget a document; unknown keys are fine."""
        slot = self._slots.pop(key, None)
        if slot is not None:
            del self._keys[slot]
            self._total_length -= self._postings.lengths[slot]

    def scores(self, terms: Sequence[QueryTerm]) -> dict[int, float]:
        """BM25 score by key of every document, as `LexicalIndex.scores`."""
        n_slots = self._n_slots
        postings = self._scorer()
        plain, groups = plain_and_groups(terms)
        scores = np.zeros(n_slots)
        for term, n_in_query in Counter(plain).items():
            slots, own = postings(term)
            scores[slots] += n_in_query * own
        for group in groups:
            scores += best_of(group, n_slots, postings)
        return dict(zip(self._slots, scores[list(self._slots.values())].tolist(), strict=True))

    def frequency(self, term: str) -> int:
        """Number of its documents, and those of the statistics, that hold a term."""
        slots, _ = self._postings.of_term(term)
        n_here = sum(slot in self._keys for slot in slots.tolist())
        return self._base.document_frequency.get(term, 0) + n_here

    def ideal(self, terms: Sequence[QueryTerm]) -> float:
        """As `Statistics.ideal`, by the statistics that scores are made with here."""
        n_documents, _ = self._size()

        def frequency(term: str) -> int:
            if self._is_larger_than_base:
                return self.frequency(term)
            return self._base.document_frequency.get(term, 0)

        return ideal_of(terms, lambda term: (idf(n_documents, n := frequency(term)), n > 0))

    def _scorer(self) -> Postings:
        """What gives the slots that hold a term, ascending, and its score in each."""
        n_documents, mean_length = self._size()
        n_slots = self._n_slots
        is_own = np.zeros(n_slots, dtype=np.bool_)
        is_own[list(self._keys)] = True
        lengths = _as_array(self._postings.lengths)[:n_slots] / (mean_length or 1.0)
        discounts = self._k1 * (1 - self._b + self._b * lengths)

        def postings(term: str) -> tuple[Int64, NDArray[np.float64]]:
            slots, counts = self._postings.of_term(term)
            n_first = int(np.searchsorted(slots, n_slots))  # behind it: what copies took in
            slots, counts = slots[:n_first], counts[:n_first]
            kept = is_own[slots]
            slots, counts = slots[kept], counts[kept]
            weight = idf(n_documents, self._frequency(term, len(slots))) if len(slots) else 0.0
            return slots, weight * counts / (counts + discounts[slots])

        return postings

    @property
    def _is_larger_than_base(self) -> bool:
        return len(self) > self._base.n_documents

    def _size(self) -> tuple[int, float]:
        """Number of documents and their mean length that scores are made with."""
        base = self._base
        if not self._is_larger_than_base:
            return base.n_documents, base.mean_length
        n = base.n_documents + len(self)
        return n, (base.mean_length * base.n_documents + self._total_length) / n

    def _frequency(self, term: str, n_here: int) -> int:
        """A term that the snapshot lacks counts as the rarest."""
        return self._base.document_frequency.get(term, 0) + n_here * self._is_larger_than_base

    def _write_anew(self) -> None:
        old, kept = self._postings, self._slots
        self._postings, self._slots, self._keys = _Postings(), {}, {}
        for key, was in kept.items():
            slot = self._postings.append(old.documents[was], old.lengths[was])
            self._slots[key], self._keys[slot] = slot, key
        self._n_slots = len(self._postings)


class _Postings:
    """
    Documents by slot, in the order they came, and the slots that hold each term.

    Only ever appended to, so that copies share it: each passes over the slots
    that are not its own.
    """

    def __init__(self) -> None:
        self.documents: list[Counter[str]] = []
        self.lengths = array("q")
        self._by_term: dict[str, tuple[array[int], array[int]]] = {}

    def __len__(self) -> int:
        return len(self.documents)

    def append(self, counts: Counter[str], length: int) -> int:
        """Take in one document; returns its slot."""
        slot = len(self.documents)
        self.documents.append(counts)  # first: an interrupted call leaves a slot that nobody has
        self.lengths.append(length)
        for term, count in counts.items():
            slots, counts_there = self._by_term.setdefault(term, (array("q"), array("q")))
            counts_there.append(count)  # first: whoever reads a slot in another thread finds it
            slots.append(slot)
        return slot

    def of_term(self, term: str) -> tuple[Int64, Int64]:
        """Slots that hold a term, ascending, and how often each does."""
        slots, counts = map(_as_array, self._by_term.get(term, (array("q"), array("q"))))
        return slots, counts[: len(slots)]


def _as_array(numbers: array[int]) -> Int64:
    """A copy: an array that numpy looks into could not grow."""
    return np.frombuffer(numbers.tobytes(), dtype=np.int64)
