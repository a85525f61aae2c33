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

Float64 = NDArray[np.float64]

DEPTH = 10
_TINY = np.finfo(np.float32).tiny


class _Bm25(NamedTuple):
    """Its parameters; see `RankingSettings`."""

    k1: float
    b: float
    title_weight: int

    @classmethod
    def of(cls, settings: RankingSettings) -> _Bm25:
        return cls(settings.bm25_k1, settings.bm25_b, settings.bm25_title_weight)


class _Held(NamedTuple):
    """
    Terms that stand in candidates, arrays (n_held,): one entry for each term in each of them.

    Attributes:
        rows: Of the candidates.
        worth: The term's idf, as often as the query holds it.
        in_title: How often the candidate's title holds it.
        in_text: Likewise text and tags.
        title_lengths: Terms of its title.
        text_lengths: Likewise of text and tags.
        mean_title_lengths: Over all documents of its shelf.
        mean_text_lengths: Likewise.
    """

    rows: Int64
    worth: Float32
    in_title: Float32
    in_text: Float32
    title_lengths: Float32
    text_lengths: Float32
    mean_title_lengths: Float32
    mean_text_lengths: Float32

    def bm25(self, of: _Bm25, n_rows: int) -> Float64:
        """Lucene's BM25, (n_rows,)."""
        counts = of.title_weight * self.in_title + self.in_text
        lengths = of.title_weight * self.title_lengths + self.text_lengths
        means = of.title_weight * self.mean_title_lengths + self.mean_text_lengths
        discounts = of.k1 * (1 - of.b + of.b * lengths / np.maximum(means, _TINY))
        scores = np.bincount(
            self.rows, self.worth * counts / (counts + discounts), minlength=n_rows
        )
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
    at once. Under other parameters of BM25, its scores change by the factor that they would
    change by if all words were plain ones. Identifiers, a reranker and near-copies are
    not looked at.

    Args:
        cases: At least one, each with a candidate or more.
        settings: What the cases' signals were made with.
        fixed_shelf: Number of the shelf, among a case's, whose BM25 stays as it is.
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
        self._parts_of: tuple[_Bm25, list[Float32]] | None = None

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
        parts = self._parts(_Bm25.of(settings))
        scores = np.zeros(self._n_rows, dtype=np.float32)
        for part, weight in zip(parts, weights, strict=True):
            scores += part * np.float32(weight / total)
        scores *= prior_factors(self._known, settings)
        return scores

    def _parts(self, wanted: _Bm25) -> list[Float32]:
        """What the stages' weights are multiplied by; kept for the next settings with this BM25."""
        if self._parts_of is None or self._parts_of[0] != wanted:
            passages, titles, bm25, coverage, title_words = self._signals
            whole = self._change(self._whole, wanted, _Bm25.of(self._made_with))
            title = self._change(
                self._titles,
                wanted._replace(title_weight=1),
                _Bm25.of(self._made_with)._replace(title_weight=1),
            )
            parts = [self._by_best(each) for each in (passages, titles, bm25 * whole)]
            parts += [np.clip(each, 0.0, 1.0) for each in (coverage * whole, title_words * title)]
            self._parts_of = wanted, parts
        return self._parts_of[1]

    def _change(self, held: _Held, wanted: _Bm25, made_with: _Bm25) -> Float32:
        """What BM25 scores are multiplied by under other parameters, (n_rows,)."""
        if wanted == made_with:
            return np.ones(self._n_rows, dtype=np.float32)
        before = held.bm25(made_with, self._n_rows)
        now = held.bm25(wanted, self._n_rows)
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
    columns: list[tuple[NDArray[np.generic], ...]] = []
    of_text = 0 if in_title_alone else 1
    for case, start in zip(cases, starts, strict=True):
        words = case.words
        in_text = of_text * words.in_text
        own_rows, terms = np.nonzero(words.in_title + in_text)
        shelves = words.shelves[own_rows]
        idf = words.title_idf if in_title_alone else words.idf
        columns.append(
            (
                own_rows + start,
                (idf * words.counts)[shelves, terms],
                words.in_title[own_rows, terms],
                in_text[own_rows, terms],
                words.title_lengths[own_rows],
                of_text * words.text_lengths[own_rows],
                words.mean_title_lengths[shelves],
                of_text * words.mean_text_lengths[shelves],
            )
        )
    return _Held(*map(np.concatenate, zip(*columns, strict=True)))


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
