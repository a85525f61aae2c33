"""From the features of pairs to the probability that each is one problem."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Int64
from kbsearch.duplicates.features import Pairs
from kbsearch.duplicates.reports import Float64

_N_RIVALS = 5
_N_SCORES = 3
_FAR = 30.0
_COPY = 0.95
"""From this cosine on two texts are copies; lower, Hadoop's recurring titles were among them."""

_MIN_MEANING = 0.5
"""
Of what is less alike, being nearer than rivals proves nothing: on a small desk something
always is. One known duplicate in ten is below, and hardly one that is found at all.
"""


class Model(NamedTuple):
    """
    Logistic regressions: one for copies, and two, one after the other, for all else.

    Attributes:
        near: Weights of `FEATURES` alone: of pairs that are alike whatever else there is.
        first: Weights of `FEATURES`, of meaning above rivals, of words above rivals.
        second: Weights of the first one's score, of this above rivals, of the lead.
        intercepts: Of near, first and second.
    """

    near: tuple[float, ...]
    first: tuple[float, ...]
    second: tuple[float, ...]
    intercepts: tuple[float, float, float]


def above_rivals(values: Float64, pairs: Pairs, n_rows: int, *, n: int) -> Float64:
    """
    How far each pair stands above the n best pairs of its two rows, itself among them.

    Subjects differ in how alike their tickets are: of installation all speak alike, and
    a cosine that proves much elsewhere proves nothing there.

    Source:
        The local scaling of Conneau et al., "Word translation without parallel data",
        ICLR 2018 (CSLS, with n = 10 there).
    """
    level = _means_of_best(values, pairs, n_rows, n)
    return values - (level[pairs.left] + level[pairs.right]) / 2


def lead(values: Float64, pairs: Pairs, n_rows: int) -> Float64:
    """How far each pair is before the best other one of its rows, the smaller of both."""
    order, starts = _by_row(values, pairs, n_rows)
    ordered = np.concatenate([values, values])[order]
    sizes = np.diff(starts)
    best = np.full(n_rows, -np.inf)
    second = np.full(n_rows, -np.inf)
    has_one, has_two = sizes > 0, sizes > 1
    best[has_one] = ordered[starts[:-1][has_one]]
    second[has_two] = ordered[starts[:-1][has_two] + 1]
    second[~has_two] = best[~has_two] - 1.0  # alone, it leads by as much as means little

    def of(rows: Int64) -> Float64:
        return values - np.where(values >= best[rows], second[rows], best[rows])

    found: Float64 = np.minimum(of(pairs.left), of(pairs.right))
    return found


def first_columns(features: Float64, pairs: Pairs, n_rows: int) -> Float64:
    """What the first regression weighs, (n_pairs, len(FEATURES) + 2)."""
    meaning = above_rivals(features[:, 0], pairs, n_rows, n=_N_RIVALS)
    words = above_rivals(features[:, 2], pairs, n_rows, n=_N_RIVALS)
    return np.column_stack([features, meaning, words])


def second_columns(scores: Float64, pairs: Pairs, n_rows: int) -> Float64:
    """What the second regression weighs, (n_pairs, 3)."""
    above = above_rivals(scores, pairs, n_rows, n=_N_SCORES)
    return np.column_stack([scores, above, lead(scores, pairs, n_rows)])


def log_odds(model: Model, features: Float64, pairs: Pairs, n_rows: int) -> Float64:
    """
    Log-odds of being one problem, (n_pairs,), at the model's own prior.

    Being nearer than all rivals decides; of copies, which may be many and none of which
    leads, being near in itself does, too.

    Args:
        model: Its weights.
        features: Of the pairs.
        pairs: All that are near each other: what else a row is near to counts.
        n_rows: Of reports.
    """
    near, first, second = model.intercepts
    absolute = features @ np.array(model.near) + near
    scores = first_columns(features, pairs, n_rows) @ np.array(model.first) + first
    relative = second_columns(scores, pairs, n_rows) @ np.array(model.second) + second
    meaning = features[:, 0]
    found: Float64 = np.where(meaning >= _COPY, np.maximum(absolute, relative), relative)
    return np.where(meaning >= _MIN_MEANING, found, np.minimum(absolute, relative))


def probability(odds: Float64) -> Float64:
    """The probabilities of log-odds."""
    found: Float64 = 1 / (1 + np.exp(-np.clip(odds, -_FAR, _FAR)))
    return found


def _means_of_best(values: Float64, pairs: Pairs, n_rows: int, n: int) -> Float64:
    order, starts = _by_row(values, pairs, n_rows)
    sums = np.concatenate([[0.0], np.cumsum(np.concatenate([values, values])[order])])
    n_best = np.minimum(np.diff(starts), n)
    found: Float64 = (sums[starts[:-1] + n_best] - sums[starts[:-1]]) / np.maximum(n_best, 1)
    return found


def _by_row(values: Float64, pairs: Pairs, n_rows: int) -> tuple[Int64, Int64]:
    """Positions in values twice over, by row and best first, and where each row begins."""
    rows = np.concatenate([pairs.left, pairs.right])
    order = np.lexsort((-np.concatenate([values, values]), rows))
    return order, np.searchsorted(rows[order], np.arange(n_rows + 1))
