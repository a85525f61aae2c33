"""What is known of a document whatever is asked: a mild say in the order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Bool, Float32
from kbsearch.config import RankingSettings

LEAST_FACTOR = 0.001
"""
What nothing falls below: with a half-life of a month, a document of two years would else lose
every digit of its score to rounding, and would be no hit at all.
"""


class Circumstances(NamedTuple):
    """
    Of each candidate, (n_candidates,).

    Attributes:
        is_open_ticket: It has no answer yet.
        has_bad_outcome: A ticket that was reopened or followed up, or whose asker was
            dissatisfied; see `Ticket.has_bad_outcome`.
        is_out_of_date: An article before its `valid_from` or from its `valid_until` on.
        speaks_other: It is known to be in another language than the query.
        age_days: Since it was created; not a number where nobody knows.
    """

    is_open_ticket: Bool
    has_bad_outcome: Bool
    is_out_of_date: Bool
    speaks_other: Bool
    age_days: Float32

    def kept(self, is_kept: Bool) -> Circumstances:
        """Those that a mask (n_candidates,) keeps."""
        return Circumstances(
            is_open_ticket=self.is_open_ticket[is_kept],
            has_bad_outcome=self.has_bad_outcome[is_kept],
            is_out_of_date=self.is_out_of_date[is_kept],
            speaks_other=self.speaks_other[is_kept],
            age_days=self.age_days[is_kept],
        )


def prior_factors(known: Circumstances, settings: RankingSettings) -> Float32:
    """
    What each candidate's fused score is multiplied by, (n_candidates,), in [0.001, 1].

    Relevance comes first: the factors are near 1, so that they order what answers
    about as well, and an old or open document that answers better stays before it.
    A ticket that was reopened and is open again is lowered for both.
    A document of unknown age counts as one of today. Age takes no more than its share:
    tickets of last month are often about the same cause, but of two years ago or of
    three says nothing. `LEAST_FACTOR` is left in any case.
    """
    found = np.ones(len(known.age_days), dtype=np.float32)
    for applies, factor in (
        (known.is_open_ticket, settings.open_ticket_prior),
        (known.has_bad_outcome, settings.bad_outcome_prior),
        (known.is_out_of_date, settings.out_of_date_prior),
        (known.speaks_other, settings.other_language_prior),
    ):
        found[applies] *= np.float32(factor)
    if settings.recency_half_life_days is not None:
        days = np.maximum(np.nan_to_num(known.age_days), 0)
        halved = np.exp2(-days / np.float32(settings.recency_half_life_days)).astype(np.float32)
        found *= 1 - np.float32(settings.recency_share) * (1 - halved)
    return np.maximum(found, np.float32(LEAST_FACTOR))
