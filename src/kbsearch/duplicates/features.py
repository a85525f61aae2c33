"""What speaks for two tickets being one problem: a row of numbers for each pair."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Bool, Float32, Int64
from kbsearch.duplicates.reports import UNKNOWN_US, Float64, Reports, Weights
from kbsearch.progress import Progress, silent

FEATURES = ("meaning", "titles", "words", "product", "days apart")
"""The columns of `pair_features`, in order."""

_PAIRS_AT_ONCE = 8192
_US_PER_DAY = 86_400_000_000
_USUAL_DAYS = 90.0
"""Stands for a distance that is not known."""


class Pairs(NamedTuple):
    """Rows of reports, two by two, both (n_pairs,); the lower row is on the left."""

    left: Int64
    right: Int64

    def part(self, kept: slice | Bool | Int64) -> Pairs:
        """Some of them."""
        return Pairs(self.left[kept], self.right[kept])


def pair_features(reports: Reports, pairs: Pairs, progress: Progress = silent) -> Float64:
    """
    One row per pair, (n_pairs, len(FEATURES)); all but the last are higher-is-liker.

    - meaning: the cosine of the two passages that are nearest.
    - titles: terms in common by rarity, 2 · shared / (own + other), in [0, 1].
    - words: BM25 of each for the other, each divided by its score for itself, averaged.
    - product: 1 for the same, -1 for another, 0 if one of them names none.
    - days apart: ln(1 + days) / 8, so that eight years are 1.
    """
    features = []
    n_pairs = len(pairs.left)
    for start in range(0, n_pairs, _PAIRS_AT_ONCE):
        progress("compare tickets", start, n_pairs)
        features.append(_features(reports, pairs.part(slice(start, start + _PAIRS_AT_ONCE))))
    progress("compare tickets", n_pairs, n_pairs)
    return np.concatenate(features) if features else np.zeros((0, len(FEATURES)))


def shared_entries(weights: Weights, pairs: Pairs) -> tuple[Int64, Int64, Int64]:
    """
    Entries that both rows of a pair have.

    Returns:
        The pair's number, and the positions in `weights.entries` of the left and
        right row's entry, all (n_shared,).
    """
    n_entries = int(weights.entries.max(initial=0)) + 1
    pair_left, at_left = _expanded(weights.starts, pairs.left)
    pair_right, at_right = _expanded(weights.starts, pairs.right)
    keys_left = pair_left * n_entries + weights.entries[at_left]
    keys_right = pair_right * n_entries + weights.entries[at_right]
    if not len(keys_right):
        none = np.zeros(0, dtype=np.int64)
        return none, none, none
    found = np.minimum(np.searchsorted(keys_right, keys_left), len(keys_right) - 1)
    is_shared = keys_right[found] == keys_left
    return pair_left[is_shared], at_left[is_shared], at_right[found[is_shared]]


def _features(reports: Reports, pairs: Pairs) -> Float64:
    left, right = reports.products[pairs.left], reports.products[pairs.right]
    are_named = (left >= 0) & (right >= 0)
    times_left, times_right = reports.created_us[pairs.left], reports.created_us[pairs.right]
    days = np.abs(times_left - times_right) / _US_PER_DAY
    days[(times_left == UNKNOWN_US) | (times_right == UNKNOWN_US)] = _USUAL_DAYS
    return np.column_stack(
        [
            best_cosines(reports, pairs),
            _dice(reports.titles, pairs),
            _mutual_bm25(reports.words, pairs),
            np.where(are_named, np.where(left == right, 1.0, -1.0), 0.0),
            np.log1p(days) / 8.0,
        ]
    )


def best_cosines(reports: Reports, pairs: Pairs) -> Float32:
    """The cosine of the two nearest passages of each pair, (n_pairs,); -1 without passages."""
    pair, at_left = _expanded(reports.starts, pairs.left)
    places, at_right = _expanded(reports.starts, pairs.right[pair])
    cosines = np.einsum("ij,ij->i", reports.vectors[at_left[places]], reports.vectors[at_right])
    best = np.full(len(pairs.left), -1.0, dtype=np.float32)
    np.maximum.at(best, pair[places], cosines)
    return best


def _dice(weights: Weights, pairs: Pairs) -> Float64:
    sums = weights.sums()
    whole = sums[pairs.left] + sums[pairs.right]
    return 2 * _shared_weight(weights, pairs) / np.where(whole > 0, whole, 1.0)


def _mutual_bm25(words: Weights, pairs: Pairs) -> Float64:
    """A pair's score is the other's weights of shared terms; its own is that of all its terms."""
    own = words.sums()
    own = np.where(own > 0, own, 1.0)
    number, at_left, at_right = shared_entries(words, pairs)
    scores_right = np.bincount(number, words.weights[at_right], minlength=len(pairs.left))
    scores_left = np.bincount(number, words.weights[at_left], minlength=len(pairs.left))
    found: Float64 = (scores_right / own[pairs.left] + scores_left / own[pairs.right]) / 2
    return found


def _shared_weight(weights: Weights, pairs: Pairs) -> Float64:
    number, at_left, _ = shared_entries(weights, pairs)
    own = weights.weights[at_left]
    return np.bincount(number, own, minlength=len(pairs.left)).astype(np.float64)


def _expanded(starts: Int64, rows: Int64) -> tuple[Int64, Int64]:
    """For every entry of these rows, one after the other: which of them it is in, its position."""
    sizes = starts[rows + 1] - starts[rows]
    which = np.repeat(np.arange(len(rows)), sizes)
    within = np.arange(len(which)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return which, starts[rows][which] + within
