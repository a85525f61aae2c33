"""Whether one ranking is better than another, or only luckier with these questions."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from kbsearch.errors import ConfigError
from kbsearch.evaluation.measures import Float64, Measured, bootstrapped
from kbsearch.models.base import FrozenModel

_N_SHUFFLES = 10_000
_MOST_ENUMERATED = 12
_SHUFFLES_AT_ONCE = 500
_SEED = 19350101
_NOISE = 1e-12
"""What two sums of the same numbers may differ by."""


class Difference(FrozenModel):
    """
    What a new ranking gains over an old one on the same questions.

    Attributes:
        name: Of the measure.
        n_questions: Both were measured on.
        mean: New less old; positive if the new one is better.
        low: 2.5th percentile of the bootstrap over questions; -1 for a single question.
        high: 97.5th percentile; 1 for a single question.
        n_better: Questions that the new one answers better.
        n_worse: Questions that it answers worse.
        p_value: How often chance alone makes a mean at least that far from zero: by
            paired randomisation, two-sided.
    """

    name: str
    n_questions: int
    mean: float
    low: float
    high: float
    n_better: int
    n_worse: int
    p_value: float

    @property
    def is_better(self) -> bool:
        """Whether the new one is better with 95 % confidence."""
        return self.low > 0


def compare(new: Measured, old: Measured, name: str) -> Difference:
    """
    Compare two rankings question by question.

    Args:
        new: What is tried.
        old: What there is.
        name: Of a measure that both were measured by.

    Returns:
        The same numbers on every call.

    Raises:
        ConfigError: If they were not measured on the same questions, or one of them not
            by this measure.

    Source:
        Smucker, Allan & Carterette, CIKM 2007 (randomisation test, bootstrap).
    """
    lacking = sorted(new.by_question.keys() ^ old.by_question.keys())
    if lacking:
        raise ConfigError(
            f"{len(lacking)} questions were measured in one of the two only, such as "
            f"{lacking[0]!r}: they cannot be compared. Measure both with the same labels."
        )
    before = dict(zip(old.by_question, old.values(name), strict=True))
    gains = new.values(name) - np.array([before[one] for one in new.by_question])
    gains[np.abs(gains) < _NOISE] = 0.0
    low, high = (-1.0, 1.0) if len(gains) == 1 else bootstrapped(gains)
    return Difference(
        name=name,
        n_questions=len(gains),
        mean=float(gains.mean()),
        low=low,
        high=high,
        n_better=int((gains > 0).sum()),
        n_worse=int((gains < 0).sum()),
        p_value=_p_value(gains[gains != 0]),
    )


def _p_value(gains: Float64) -> float:
    """Share of all ways to swap new and old, or of a sample, with a sum at least as far off."""
    if not len(gains):
        return 1.0
    least = abs(gains.sum()) - _NOISE * len(gains)
    if len(gains) <= _MOST_ENUMERATED:
        signs = np.array(list(itertools.product((-1, 1), repeat=len(gains))), dtype=np.int8)
        return float((np.abs(signs @ gains) >= least).mean())
    random = np.random.default_rng(_SEED)
    n_as_far = 0
    for _ in range(_N_SHUFFLES // _SHUFFLES_AT_ONCE):
        drawn: NDArray[np.int8] = random.integers(
            0, 2, (_SHUFFLES_AT_ONCE, len(gains)), dtype=np.int8
        )
        n_as_far += int((np.abs((2 * drawn - 1) @ gains) >= least).sum())
    return (n_as_far + 1) / (_N_SHUFFLES + 1)
