"""From usefulness to the probability that a document answers, on one shelf."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from kbsearch.arrays import Float32
from kbsearch.errors import ConfigError
from kbsearch.models.base import FrozenModel

Float64 = NDArray[np.float64]

_N_STEPS = 100
_DIGITS = 5
_RIDGE = 1e-3
_N_NEWTON_STEPS = 50
_IMITATED_WORTH = 10.0
"""So many labels the imitated questions are worth: ten labels count half."""


class Scored(NamedTuple):
    """
    Usefulness of the best document for each of several questions, and what each is worth.

    Attributes:
        values: (n,).
        weights: (n,), positive.
    """

    values: Float64
    weights: Float64


class Calibration(FrozenModel):
    """
    What usefulness means on one shelf: probabilities, and how often it deceives.

    The probability is that of a question of which nobody knows whether the shelf
    answers it: as often as not. It never falls as usefulness grows.

    Attributes:
        slope: Of the logistic curve; positive.
        intercept: Likewise.
        unanswered: Percentiles 0 to 100 of the usefulness of what was found for
            questions without an answer.
        n_labels: How many questions somebody has judged.
    """

    slope: float = Field(gt=0)
    intercept: float
    unanswered: tuple[float, ...] = Field(min_length=_N_STEPS + 1, max_length=_N_STEPS + 1)
    n_labels: int = Field(ge=0)

    def probabilities(self, usefulness: Float32) -> Float32:
        """In (0, 1), of the same shape."""
        found: Float32 = _logistic(
            self.intercept + self.slope * usefulness.astype(np.float64)
        ).astype(np.float32)
        return found

    def needed(self, accept_false: float) -> float:
        """
        The probability from which hits are shown.

        Args:
            accept_false: Of the questions that nothing answers, the share that may be
                given a suggestion all the same; in [0, 1].

        Returns:
            In [0, 1]; 0 if all are accepted.
        """
        if accept_false >= 1:
            return 0.0
        steps = np.linspace(0.0, 1.0, _N_STEPS + 1)
        least = np.interp(1 - accept_false, steps, self.unanswered)
        return float(self.probabilities(np.array([least], dtype=np.float32))[0])

    def to_bytes(self) -> bytes:
        """Canonical JSON: the same calibration always gives the same bytes."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Calibration:
        """
        Read what `to_bytes` wrote. The caller has verified the bytes' hash.

        Raises:
            ValueError: If it is anything else.
        """
        return cls.model_validate(json.loads(content))


def fit_calibration(
    answered: Sequence[Scored],
    unanswered: Sequence[Scored],
    *,
    labelled: Sequence[tuple[float, bool]] = (),
) -> Calibration:
    """
    Fit the curve to questions with and without an answer; both kinds count the same.

    Questions that somebody has judged count one each, all the imitated ones of a kind
    ten together, so that a few labels shift the curve and a hundred make it.

    Args:
        answered: Imitations of questions that the shelf answers; all count the same.
        unanswered: Likewise of those that it does not, by different means.
        labelled: Usefulness of judged questions, and whether they are answered.

    Source:
        A logistic curve with two parameters: Platt 1999, with his targets short of 0 and 1.
    """
    yes = _pooled(answered, [value for value, is_answered in labelled if is_answered])
    no = _pooled(unanswered, [value for value, is_answered in labelled if not is_answered])
    slope, intercept = _logistic_curve(yes, no)
    steps = np.linspace(0.0, 1.0, _N_STEPS + 1)
    return Calibration(
        slope=round(slope, _DIGITS),
        intercept=round(intercept, _DIGITS),
        unanswered=tuple(round(float(v), _DIGITS) for v in _quantiles(no, steps)),
        n_labels=len(labelled),
    )


def require_rate(accept_false: object) -> None:
    """
    Check a rate of false suggestions that somebody gave.

    Raises:
        ConfigError: If it is no number in [0, 1].
    """
    is_number = isinstance(accept_false, int | float) and not isinstance(accept_false, bool)
    if not is_number or not 0 <= accept_false <= 1:  # type: ignore[operator]
        raise ConfigError(
            f"accept_false = {accept_false!r:.80} is no rate. Give the share of the questions "
            "without an answer that may get a suggestion, 0 to 1, as 0.1."
        )


def _pooled(imitated: Sequence[Scored], labels: Sequence[float]) -> Scored:
    """One distribution of total weight 1."""
    worth = _IMITATED_WORTH / len(imitated)
    parts = [Scored(s.values, s.weights * (worth / s.weights.sum())) for s in imitated]
    parts.append(Scored(np.array(labels, dtype=np.float64), np.ones(len(labels))))
    values = np.concatenate([part.values for part in parts])
    weights = np.concatenate([part.weights for part in parts])
    order = np.argsort(values, kind="stable")
    return Scored(values[order], weights[order] / weights.sum())


def _quantiles(pooled: Scored, steps: Float64) -> Float64:
    """Of values in order; between two of them, a straight line."""
    reached = np.cumsum(pooled.weights) - pooled.weights / 2
    found: Float64 = np.interp(steps, reached, pooled.values)
    return found


def _logistic_curve(yes: Scored, no: Scored) -> tuple[float, float]:
    """Slope and intercept by Newton's method, the same steps on every machine."""
    values = np.concatenate([yes.values, no.values])
    weights = np.concatenate([yes.weights, no.weights])
    n_yes, n_no = (float(1 / (s.weights**2).sum()) for s in (yes, no))  # effective numbers
    targets = np.concatenate(
        [
            np.full(len(yes.values), (n_yes + 1) / (n_yes + 2)),
            np.full(len(no.values), 1 / (n_no + 2)),
        ]
    )
    middle, spread = float(values.mean()), float(values.std()) or 1.0
    x = np.stack([(values - middle) / spread, np.ones_like(values)], axis=1)
    curve = np.zeros(2)
    for _ in range(_N_NEWTON_STEPS):
        p = _logistic(x @ curve)
        gradient = x.T @ (weights * (p - targets)) + _RIDGE * curve
        hessian = (x * (weights * p * (1 - p))[:, None]).T @ x + _RIDGE * np.eye(2)
        curve = curve - np.linalg.solve(hessian, gradient)
    slope = max(float(curve[0]), _RIDGE) / spread  # a shelf that tells nothing apart: a flat curve
    return slope, float(curve[1]) - slope * middle


def _logistic(x: Float64) -> Float64:
    found: Float64 = 1 / (1 + np.exp(-np.clip(x, -500, 500)))
    return found
