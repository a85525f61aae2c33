"""How the weights of `kbsearch.duplicates` come out of pairs that somebody has judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from kbsearch.arrays import Bool
from kbsearch.duplicates.features import Pairs
from kbsearch.duplicates.reports import Float64
from kbsearch.duplicates.scoring import Model, first_columns, second_columns

_PENALTY = 1e-5
"""Of the squared weights, for each pair: hardly any, for there are thousands of pairs."""


class JudgedPairs(NamedTuple):
    """
    A set to fit on.

    Attributes:
        features: Of all pairs that are near each other, (n_pairs, n_features).
        pairs: These.
        n_rows: Of reports.
        is_true: Which pairs a label says are duplicates, (n_pairs,).
        is_judged: Which pairs have a labelled report, (n_pairs,).
    """

    features: Float64
    pairs: Pairs
    n_rows: int
    is_true: Bool
    is_judged: Bool


def fitted(sets: Sequence[JudgedPairs]) -> Model:
    """One model of several sets, each of which weighs the same; only judged pairs count."""
    near, near_0 = _regression(sets, lambda one: one.features)
    first, first_0 = _regression(sets, _first)
    second, second_0 = _regression(sets, lambda one: _second(one, first, first_0))
    return Model(near, first, second, (near_0, first_0, second_0))


def _first(one: JudgedPairs) -> Float64:
    return first_columns(one.features, one.pairs, one.n_rows)


def _second(one: JudgedPairs, weights: tuple[float, ...], intercept: float) -> Float64:
    scores = _first(one) @ np.array(weights) + intercept
    return second_columns(scores, one.pairs, one.n_rows)


def _regression(
    sets: Sequence[JudgedPairs], columns_of: Callable[[JudgedPairs], Float64]
) -> tuple[tuple[float, ...], float]:
    """Weights to three digits, as they are written down, and the intercept."""
    columns = np.concatenate([columns_of(one)[one.is_judged] for one in sets])
    is_true = np.concatenate([one.is_true[one.is_judged] for one in sets])
    weights = np.concatenate([np.full(n, 1 / n) for n in (int(s.is_judged.sum()) for s in sets)])
    weights *= len(weights) / weights.sum()
    model = LogisticRegression(C=1 / (_PENALTY * len(columns)), max_iter=10_000, tol=1e-8)
    model.fit(columns, is_true, sample_weight=weights)
    return tuple(model.coef_[0].round(3).tolist()), round(float(model.intercept_[0]), 3)
