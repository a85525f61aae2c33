"""Which settings of the ranking are fitted, and what is believed of them before any label."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from math import exp, log
from typing import NamedTuple

from kbsearch.config import RankingSettings

_DEFAULTS = RankingSettings()


class Group(StrEnum):
    """Settings that are changed together."""

    WEIGHTS = "weights"
    RECENCY = "recency"
    OPEN_TICKETS = "open tickets"
    OUTCOMES = "outcomes"
    BM25 = "bm25"


class Parameter(NamedTuple):
    """
    One setting, and where it is expected.

    Attributes:
        name: Of the field of `RankingSettings`.
        centre: The most probable value.
        spread: One standard deviation: a factor's logarithm, or a difference.
        is_factor: Whether values spread by factors; else by differences.
        low: Least value.
        high: Largest value.
        is_whole: Whether it is a whole number.
    """

    name: str
    centre: float
    spread: float
    is_factor: bool
    low: float
    high: float
    is_whole: bool = False

    def value(self, deviations: float) -> float:
        """So many standard deviations off the centre, within the limits."""
        off = self.spread * deviations
        value = self.centre * exp(off) if self.is_factor else self.centre + off
        value = min(self.high, max(self.low, value))
        return round(value) if self.is_whole else round(value, 4)

    def deviations(self, value: float) -> float:
        """How many standard deviations a value is off the centre."""
        if not self.is_factor:
            return (value - self.centre) / self.spread
        return log(max(value, self.low) / self.centre) / self.spread


def _weight(name: str) -> Parameter:
    """Beside the passages' weight, which stays: only proportions count."""
    return Parameter(name, getattr(_DEFAULTS, name), 0.35, True, 0.005, 1.0)


PARAMETERS = {
    Group.WEIGHTS: tuple(
        map(_weight, ("title_weight", "bm25_weight", "coverage_weight", "title_words_weight"))
    ),
    # Around what was best for two trackers of bugs; as probable as that age does not count.
    Group.RECENCY: (
        Parameter("recency_share", 0.35, 0.12, False, 0.05, 0.8),
        Parameter("recency_half_life_days", 90.0, 0.6, True, 7.0, 3650.0),
    ),
    Group.OPEN_TICKETS: (
        Parameter("open_ticket_prior", _DEFAULTS.open_ticket_prior, 0.03, False, 0.8, 1.0),
    ),
    Group.OUTCOMES: (
        Parameter("bad_outcome_prior", _DEFAULTS.bad_outcome_prior, 0.03, False, 0.8, 1.0),
    ),
    Group.BM25: (
        Parameter("bm25_k1", _DEFAULTS.bm25_k1, 0.35, True, 0.2, 5.0),
        Parameter("bm25_b", _DEFAULTS.bm25_b, 0.15, False, 0.0, 1.0),
        Parameter(
            "bm25_title_weight", _DEFAULTS.bm25_title_weight, 0.5, True, 1, 12, is_whole=True
        ),
    ),
}


def by_default(settings: RankingSettings, groups: Collection[Group]) -> RankingSettings:
    """The same with the defaults of some groups; age does not count by default."""
    names = [parameter.name for group in groups for parameter in PARAMETERS[group]]
    changes = {name: getattr(_DEFAULTS, name) for name in names}
    if Group.RECENCY in groups and settings.recency_half_life_days is not None:
        kept = settings.recency_half_life_days  # a file cannot say "none"
        changes |= {"recency_half_life_days": kept, "recency_share": 0.0}
    return settings.model_copy(update=changes)
