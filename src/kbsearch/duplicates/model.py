"""The default model, and how a threshold follows from the precision that is wanted."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Bool
from kbsearch.duplicates.features import Pairs
from kbsearch.duplicates.reports import Float64
from kbsearch.duplicates.scoring import Model, log_odds, probability

DEFAULT = Model(
    near=(3.434, 2.091, 3.622, 1.059, -4.006),
    first=(-1.915, 0.826, -3.181, 0.688, -4.064, 14.32, 12.055),
    second=(0.372, 0.563, 0.234),
    intercepts=(-4.321, 2.508, -0.577),
)
"""
Fitted by logistic regression on two public trackers with MiniLM's vectors, each weighing the
same: OpenOffice's and Hadoop's duplicate reports. `benchmarks/duplicates.py` fits them anew.
"""

MIN_LABELLED = 30
"""So many labelled pairs, and as many others, before a desk's own labels set the threshold."""

_N_STEPS = 100


class Calibrated(NamedTuple):
    """Probabilities (n_pairs,), the threshold that they must reach, and what it rests on."""

    probabilities: Float64
    threshold: float
    is_from_labels: bool


def calibrated(
    features: Float64,
    pairs: Pairs,
    n_rows: int,
    *,
    precision: float,
    is_judged: Bool,
    is_labelled: Bool,
    model: Model = DEFAULT,
) -> Calibrated:
    """
    Probabilities of pairs, and the threshold from which they are right often enough.

    With enough labels, a logistic curve is laid through the judged pairs (Platt), and the
    threshold is the lowest above which their mean probability is the wanted precision. A
    pair is judged if one of its tickets has a label: who linked that one had looked for
    others. All other pairs may be duplicates that nobody has linked, and count for nothing.

    Without labels each link by itself must be as probable as is wanted: the more careful
    rule, because another desk's curve may not fit.

    Args:
        features: Of the pairs.
        pairs: All pairs that are near each other.
        n_rows: Of reports.
        precision: Wanted, above 0 and below 1.
        is_judged: Which pairs somebody has looked at, (n_pairs,).
        is_labelled: Which of these are duplicates.
        model: Its weights.

    Source:
        Platt, "Probabilistic outputs for support vector machines", 1999; on labels that are
        positive alone, Elkan & Noto, KDD 2008.
    """
    odds = log_odds(model, features, pairs, n_rows)
    n_true = int((is_judged & is_labelled).sum())
    n_others = int(is_judged.sum()) - n_true
    if min(n_true, n_others) >= MIN_LABELLED:
        slope, intercept = fit_platt(odds[is_judged], is_labelled[is_judged])
        own = probability(slope * odds + intercept)
        return Calibrated(own, lowest_threshold(own[is_judged], precision), True)
    return Calibrated(probability(odds), precision, False)


def lowest_threshold(probabilities: Float64, precision: float) -> float:
    """The lowest probability above which the mean is at least this; above 1 if there is none."""
    ordered = np.sort(probabilities)[::-1]
    means = np.cumsum(ordered) / np.arange(1, len(ordered) + 1)
    enough = np.flatnonzero(means >= precision)
    return float(ordered[enough[-1]]) if len(enough) else 1.1


def fit_platt(scores: Float64, is_true: Bool) -> tuple[float, float]:
    """
    Slope and intercept of the logistic curve through labelled scores, by Newton's method.

    Targets are Platt's smoothed ones, so that scores that part perfectly give no infinite
    slope; a slope below 0.1 would turn the order around, and is held there.
    """
    n_true = int(is_true.sum())
    n_false = len(is_true) - n_true
    targets: Float64 = np.where(is_true, (n_true + 1) / (n_true + 2), 1 / (n_false + 2))
    columns: Float64 = np.column_stack([scores, np.ones(len(scores))])
    weights = np.array([1.0, 0.0])
    for _ in range(_N_STEPS):
        chances = probability(columns @ weights)
        gradient = columns.T @ (targets - chances) - np.array([1e-3 * (weights[0] - 1), 0.0])
        spread = (columns * (chances * (1 - chances))[:, None]).T @ columns
        step = np.linalg.solve(spread + np.diag([1e-3, 1e-9]), gradient)
        weights = weights + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-9:
            break
    return max(float(weights[0]), 0.1), float(weights[1])
