"""Passages of all versions, compared with a question as a shelf stood at any moment."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Bool, Float32, Int64
from kbsearch.evaluation.versions import NEVER_US
from kbsearch.search.closeness import Closeness, Passages, closeness
from kbsearch.vector import Whitening

_ROUNDING = 1e-5
"""How far a product by BLAS may be from the exact one, which depends on where a row stands."""
_BLOCK = 1024
_FIRST_FIT = 100
"""Passages; of fewer no measure is made but the plain cosine."""
_BEFORE_ALL_US = -(2**63)
_N_KEPT = 4
"""Measures of closeness that are kept: questions come by time, those without one between."""


class PastPassages:
    """
    Which texts each version is cut into; each text has one vector, whoever holds it.

    What is said of a moment is a function of what stood by then, to the last bit:
    texts are numbered in the order in which they came.
    """

    def __init__(self) -> None:
        self._texts, self._is_title = array("i"), bytearray()
        self._sizes = array("i")
        self.vectors: Float32 = np.zeros((0, 0), dtype=np.float32)
        self.is_title: Bool = np.zeros(0, dtype=np.bool_)
        self.starts: Int64 = np.zeros(1, dtype=np.int64)
        self.texts: Int64 = np.zeros(0, dtype=np.int64)

    def add(self, texts: Sequence[int], is_title: Sequence[bool]) -> None:
        """Take in one version; its row is the number of those before it."""
        self._texts.extend(texts)
        self._is_title.extend(is_title)
        self._sizes.append(len(texts))

    def arranged(self, order: Int64, vectors: Float32) -> None:
        """
        Make ready to be asked: the version of row `order[0]` comes first, and so on.

        Args:
            order: Rows, (n_versions,).
            vectors: By number of the text, (n_texts, dim).
        """
        sizes = np.frombuffer(self._sizes, dtype=np.int32).astype(np.int64)
        firsts, sizes = (np.cumsum(sizes) - sizes)[order], sizes[order]
        self.starts = np.concatenate([[0], np.cumsum(sizes)])
        places = np.repeat(firsts - self.starts[:-1], sizes) + np.arange(self.starts[-1])
        texts = np.frombuffer(self._texts, dtype=np.int32)[places]
        self.is_title = np.frombuffer(self._is_title, dtype=np.bool_)[places]
        known, seen_at, numbers = np.unique(texts, return_index=True, return_inverse=True)
        by_time = np.argsort(seen_at, kind="stable")
        number_of = np.empty(len(known), dtype=np.int64)
        number_of[by_time] = np.arange(len(known))
        self.texts = number_of[numbers].astype(np.int32)
        self._n_texts = np.concatenate([[0], np.maximum.accumulate(self.texts) + 1])
        self.vectors = vectors[known[by_time]]
        del self._texts, self._is_title, self._sizes

    def nearest(self, query: Float32, allowed: Bool, n: int) -> Int64:
        """
        Rows of the n versions with the nearest passages, ascending.

        Args:
            query: Unit vector, (dim,).
            allowed: Of the first versions, (n_rows,).
            n: Ties by row.
        """
        rows = np.flatnonzero(allowed)
        if not len(rows):
            return rows
        end = self.starts[len(allowed)]
        cosines = self.vectors[: self._n_texts[end]] @ query
        best = np.maximum.reduceat(cosines[self.texts[:end]], self.starts[: len(allowed)])[rows]
        if len(rows) > n:
            bar = np.partition(best, len(rows) - n)[len(rows) - n] - _ROUNDING
            rows = rows[best >= bar]
            places, starts = self._places(rows)
            exact = np.einsum("ij,j->i", self.vectors[self.texts[places]], query)
            best = np.maximum.reduceat(exact, starts)
            rows = np.sort(rows[np.argsort(-best, kind="stable")[:n]])
        return rows

    def closeness(self, query: Float32, rows: Int64, measure: Measure) -> Closeness:
        """How close a query is to some versions, as a search says it."""
        places, starts = self._places(rows)
        texts = self.texts[places]
        compared = Passages(
            self.vectors[texts], measure.lengths(texts), self.is_title[places], starts
        )
        return closeness(query, compared, measure.whitening)

    def sizes(self) -> Int64:
        """Number of passages of each version that are no title, (n_versions,)."""
        before = np.concatenate([[0], np.cumsum(~self.is_title)])
        sizes: Int64 = before[self.starts[1:]] - before[self.starts[:-1]]
        return sizes

    def measure(self, stands: Bool) -> Measure:
        """The measure of closeness of a shelf that holds some of the first versions."""
        places, _ = self._places(np.flatnonzero(stands))
        texts = self.texts[places[~self.is_title[places]]]
        return Measure(Whitening.fit(self.vectors[texts]), self.vectors)

    def _places(self, rows: Int64) -> tuple[Int64, Int64]:
        """Where the passages of some versions stand, and where each version's begin among them."""
        firsts, sizes = self.starts[rows], self.starts[rows + 1] - self.starts[rows]
        starts = np.cumsum(sizes) - sizes
        places = np.repeat(firsts - starts, sizes) + np.arange(sizes.sum())
        return places, starts


class Measure:
    """A whitening, and how long texts are by it: computed in fixed blocks, as they are needed."""

    def __init__(self, whitening: Whitening, vectors: Float32) -> None:
        self.whitening, self._vectors = whitening, vectors
        self._lengths = np.full(len(vectors), np.nan, dtype=np.float32)

    def lengths(self, texts: Int64) -> Float32:
        """Of these texts, (n,)."""
        lengths = self._lengths[texts]
        unknown = np.isnan(lengths)
        if unknown.any():
            for block in np.unique(texts[unknown] // _BLOCK).tolist():
                self._compute(block)
            lengths = self._lengths[texts]
        return lengths

    def _compute(self, block: int) -> None:
        """Of a whole block, always of one shape: what follows a text changes none of its bits."""
        start = block * _BLOCK
        vectors = self._vectors[start : start + _BLOCK]
        padded = np.zeros((_BLOCK, self._vectors.shape[1]), dtype=np.float32)
        padded[: len(vectors)] = vectors
        self._lengths[start : start + _BLOCK] = self.whitening.lengths(padded)[: len(vectors)]


class Span(NamedTuple):
    """From when until when each version stands, (n_versions,) each; see `Version`."""

    from_us: Int64
    until_us: Int64
    is_current: Bool

    def stands(self, at_us: int | None) -> Bool:
        """Of the versions that had been written by a moment, those that stood then; None is now."""
        if at_us is None:
            return self.is_current
        n = int(np.searchsorted(self.from_us, at_us))
        found: Bool = self.until_us[:n] >= at_us
        return found


class PastMeasures:
    """
    The measure of closeness at each moment: made anew when a shelf has grown by a share.

    It is made of what stood when the shelf reached a size for the first time, so it
    depends on nothing later, nor on which questions are asked.

    Args:
        passages: Of the shelf.
        span: Of its versions.
        growth: Share by which it grows meanwhile; 0 makes it anew for every question.
    """

    def __init__(self, passages: PastPassages, span: Span, *, growth: float) -> None:
        self._passages, self._span, self._growth = passages, span, growth
        self._fitted_us = _moments_of_growth(passages.sizes(), span, growth)
        self._made: dict[int | None, Measure] = {}

    def at(self, at_us: int | None) -> Measure:
        """The measure of a moment; None is now."""
        fitted_us = at_us
        if at_us is not None and self._growth:
            n = int(np.searchsorted(self._fitted_us, at_us))
            fitted_us = int(self._fitted_us[n - 1]) + 1 if n else _BEFORE_ALL_US
        if fitted_us not in self._made:
            while len(self._made) >= _N_KEPT:
                del self._made[next(iter(self._made))]
            self._made[fitted_us] = self._passages.measure(self._span.stands(fitted_us))
        return self._made[fitted_us]


def _moments_of_growth(sizes: Int64, span: Span, growth: float) -> Int64:
    """When the shelf first held a hundred passages, a share more, and so on."""
    if not growth or not len(sizes):
        return np.zeros(0, dtype=np.int64)
    moments, at = np.unique(np.concatenate([span.from_us, span.until_us]), return_inverse=True)
    change = np.zeros(len(moments), dtype=np.int64)
    np.add.at(change, at, np.concatenate([sizes, -sizes]))
    reached = np.maximum.accumulate(np.cumsum(change))
    steps = []
    step = _FIRST_FIT
    while step <= reached[-1]:
        steps.append(step)
        step = max(step + 1, int(step * (1 + growth)))
    found = np.unique(moments[np.searchsorted(reached, steps)])
    known: Int64 = found[found < NEVER_US]
    return known
