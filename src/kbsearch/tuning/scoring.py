"""Many labelled questions under any settings of the ranking, without a search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kbsearch.arrays import Bool, Float32, Int64
from kbsearch.config import RankingSettings
from kbsearch.evaluation import Case
from kbsearch.rank import FUSED, Circumstances, prior_factors
from kbsearch.text.fields import TITLE_WEIGHT

Float64 = NDArray[np.float64]

DEPTH = 10
_TINY = np.finfo(np.float32).tiny


class _Held(NamedTuple):
    """
    Terms that stand in candidates, arrays (n_held,): one entry for each term in each of them.

    Attributes:
        rows: Of the candidates.
        worth: The term's idf, as often as the query holds it.
        counts: How often the candidate holds it.
        lengths: The candidate's length over the mean.
    """

    rows: Int64
    worth: Float32
    counts: Float32
    lengths: Float32

    def bm25(self, k1: float, b: float, n_rows: int) -> Float64:
        """Lucene's BM25, (n_rows,)."""
        saturation = self.counts + k1 * (1 - b + b * self.lengths)
        scores = np.bincount(self.rows, self.worth * self.counts / saturation, minlength=n_rows)
        return scores.astype(np.float64)  # without any terms they are whole numbers


class _Relevant(NamedTuple):
    """
    Relevant candidates, (n_relevant,), and what each is compared with.

    Attributes:
        rows: Of the candidates.
        cases: Whose they are.
        gains: What is known of them, over the best that their question allows.
        rivals: Rows of all candidates of the question, one run for each relevant one.
        starts: Where each run begins.
        n_rivals: How long it is.
        is_before: By rival, whether it stands first if the scores are equal.
    """

    rows: Int64
    cases: Int64
    gains: Float64
    rivals: Int64
    starts: Int64
    n_rivals: Int64
    is_before: Bool


class Scorer:
    """
    nDCG@10 of labelled questions under any settings of the ranking.

    Shares are made as `rank.fuse` and `rank.prior_factors` make them, of all questions
    at once. Under another k1 or b, BM25 scores change by the factor that they would
    change by if all words were plain ones. Identifiers, a reranker and near-copies are
    not looked at.

    Args:
        cases: At least one, each with a candidate or more.
        settings: What the cases' signals were made with.
        fixed_shelf: Number of the shelf, among a case's, whose k1 and b stay as they are.
    """

    def __init__(
        self, cases: Sequence[Case], settings: RankingSettings, *, fixed_shelf: int | None = None
    ) -> None:
        self._made_with = settings
        sizes = np.array([len(case.document_ids) for case in cases], dtype=np.int64)
        self._starts = np.cumsum(sizes) - sizes
        self._sizes, self._n_rows = sizes, int(sizes.sum())
        self._signals = [np.concatenate([c.signals[i] for c in cases]) for i in range(len(FUSED))]
        known = zip(*(case.circumstances for case in cases), strict=True)
        self._known = Circumstances(*map(np.concatenate, known))
        shelves = np.concatenate([case.words.shelves for case in cases])
        self._is_fixed: Bool = shelves == (-1 if fixed_shelf is None else fixed_shelf)
        self._whole = _held(cases, self._starts, in_title_alone=False)
        self._titles = _held(cases, self._starts, in_title_alone=True)
        self._relevant = _relevant(cases, self._starts)
        self._n_cases = len(cases)
        self._parts_of: tuple[tuple[float, float], list[Float32]] | None = None

    def ndcg(self, settings: RankingSettings) -> Float64:
        """By question, (n_cases,), each in [0, 1]."""
        scores, known = self.scores(settings), self._relevant
        own = scores[known.rows]
        theirs, wanted = scores[known.rivals], np.repeat(own, known.n_rivals)
        is_better = (theirs > wanted) | ((theirs == wanted) & known.is_before)
        ranks: Int64 = np.add.reduceat(is_better.astype(np.int64), known.starts)
        is_shown = (ranks < DEPTH) & (own > 0)
        gains = np.where(is_shown, known.gains / np.log2(ranks + 2.0), 0.0)
        found = np.bincount(known.cases, gains, minlength=self._n_cases)
        return found.astype(np.float64)

    def scores(self, settings: RankingSettings) -> Float32:
        """Of the candidates of all questions in a row, (n_rows,)."""
        weights = [settings.weights[stage] for stage in FUSED]
        total = sum(weights) or 1.0
        parts = self._parts(settings.bm25_k1, settings.bm25_b)
        scores = np.zeros(self._n_rows, dtype=np.float32)
        for part, weight in zip(parts, weights, strict=True):
            scores += part * np.float32(weight / total)
        scores *= prior_factors(self._known, settings)
        return scores

    def _parts(self, k1: float, b: float) -> list[Float32]:
        """What the stages' weights are multiplied by; kept for the next settings with this BM25."""
        if self._parts_of is None or self._parts_of[0] != (k1, b):
            passages, titles, bm25, coverage, title_words = self._signals
            whole, title = self._change(self._whole, k1, b), self._change(self._titles, k1, b)
            parts = [self._by_best(each) for each in (passages, titles, bm25 * whole)]
            parts += [np.clip(each, 0.0, 1.0) for each in (coverage * whole, title_words * title)]
            self._parts_of = (k1, b), parts
        return self._parts_of[1]

    def _change(self, held: _Held, k1: float, b: float) -> Float32:
        """What BM25 scores are multiplied by under another k1 and b, (n_rows,)."""
        made = self._made_with
        if (k1, b) == (made.bm25_k1, made.bm25_b):
            return np.ones(self._n_rows, dtype=np.float32)
        before = held.bm25(made.bm25_k1, made.bm25_b, self._n_rows)
        now = held.bm25(k1, b, self._n_rows)
        change = np.ones_like(now)
        np.divide(now, before, out=change, where=(before > 0) & ~self._is_fixed)
        return change.astype(np.float32)

    def _by_best(self, signal: Float32) -> Float32:
        best = np.maximum(np.maximum.reduceat(signal, self._starts), 0).repeat(self._sizes)
        shares = np.zeros_like(signal)
        np.divide(signal, best, out=shares, where=best > _TINY)
        clipped: Float32 = np.clip(shares, 0.0, 1.0)
        return clipped


def _held(cases: Sequence[Case], starts: Int64, *, in_title_alone: bool) -> _Held:
    rows, worth, counts, lengths = [], [], [], []
    for case, start in zip(cases, starts, strict=True):
        words = case.words
        held, length, means = words.in_title, words.title_lengths, words.mean_title_lengths
        idf = words.title_idf
        if not in_title_alone:
            held = TITLE_WEIGHT * held + words.in_text
            length = TITLE_WEIGHT * length + words.text_lengths
            means = TITLE_WEIGHT * means + words.mean_text_lengths
            idf = words.idf
        own_rows, terms = np.nonzero(held)
        shelves = words.shelves[own_rows]
        rows.append(own_rows + start)
        worth.append((idf * words.counts)[shelves, terms])
        counts.append(held[own_rows, terms])
        lengths.append(length[own_rows] / np.maximum(means[shelves], _TINY))
    return _Held(*map(np.concatenate, (rows, worth, counts, lengths)))


def _relevant(cases: Sequence[Case], starts: Int64) -> _Relevant:
    rows, owners, gains, rivals, is_before = [], [], [], [], []
    for number, (case, start) in enumerate(zip(cases, starts.tolist(), strict=True)):
        best = sorted((grade for grade in case.relevance.values() if grade > 0), reverse=True)
        ideal = sum(grade / np.log2(rank + 2.0) for rank, grade in enumerate(best[:DEPTH]))
        every = np.arange(start, start + len(case.document_ids))
        for row, document_id in enumerate(case.document_ids):
            if (grade := case.relevance.get(document_id, 0)) > 0:
                rows.append(start + row)
                owners.append(number)
                gains.append(grade / ideal)
                rivals.append(every)
                is_before.append(np.array([i < document_id for i in case.document_ids]))
    sizes = np.array([len(each) for each in rivals], dtype=np.int64)
    return _Relevant(
        rows=np.array(rows, dtype=np.int64),
        cases=np.array(owners, dtype=np.int64),
        gains=np.array(gains, dtype=np.float64),
        rivals=np.concatenate([np.zeros(0, dtype=np.int64), *rivals]),
        starts=np.cumsum(sizes) - sizes,
        n_rivals=sizes,
        is_before=np.concatenate([np.zeros(0, dtype=np.bool_), *is_before]),
    )
