"""What is known of a document whatever is asked: a mild say in the order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Bool, Float32

_US_PER_DAY = 86_400_000_000


class PriorFactors(NamedTuple):
    """
    What a score is multiplied by where something speaks against a document.

    Attributes:
        open_ticket: It has no answer yet.
        out_of_date: An article before its `valid_from` or from its `valid_until` on.
        other_language: It is known to be in another language than the query.
        half_life_days: After so many days a document counts half; None for never.
    """

    open_ticket: float
    out_of_date: float
    other_language: float
    half_life_days: float | None


class Circumstances(NamedTuple):
    """Of each candidate, (n_candidates,); `age_us` is not a number where it is not known."""

    is_open_ticket: Bool
    is_out_of_date: Bool
    speaks_other: Bool
    age_us: Float32


def priors(known: Circumstances, factors: PriorFactors) -> Float32:
    """
    What each candidate's fused score is multiplied by, (n_candidates,), in (0, 1].

    Relevance comes first: the factors are near 1, so that they order what answers
    about as well, and an old or open document that answers better stays before it.
    """
    found = np.ones(len(known.age_us), dtype=np.float32)
    for applies, factor in (
        (known.is_open_ticket, factors.open_ticket),
        (known.is_out_of_date, factors.out_of_date),
        (known.speaks_other, factors.other_language),
    ):
        found[applies] *= np.float32(factor)
    if factors.half_life_days:
        days = np.maximum(np.nan_to_num(known.age_us), 0) / _US_PER_DAY
        found *= np.exp2(-days / factors.half_life_days).astype(np.float32)
    return found
