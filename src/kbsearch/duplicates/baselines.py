"""How many tickets of a topic its history explains, and how unlikely more are."""

from __future__ import annotations

import math

HOUR_S = 3600.0
_DAY_S = 24 * HOUR_S
_N_HOURS = 24
_PRIOR = 0.5
"""Jeffreys' prior of a rate: what never came before is expected rarely, and not never."""

_NEVER = 300.0
_MAX_TERMS = 100_000


class Baseline:
    """
    Counts of one topic that fade with time, overall and by the hour of the day.

    Args:
        half_life_s: After so long a ticket counts half: a topic that slowly becomes
            frequent is no burst.
    """

    def __init__(self, half_life_s: float) -> None:
        self._half_life_s = half_life_s
        self._by_hour = [0.0] * _N_HOURS
        self._at_s = -math.inf

    def add(self, time_s: float) -> None:
        """A ticket of this topic came, and is history now."""
        self._fade(time_s)
        behind = _faded(max(self._at_s - time_s, 0.0), self._half_life_s)
        self._by_hour[_hour(time_s)] += behind

    def count(self, now_s: float) -> float:
        """Tickets in the history, each by what is left of it."""
        return sum(self._by_hour) * _faded(now_s - self._at_s, self._half_life_s)

    def count_at(self, now_s: float) -> float:
        """The same of this hour of the day and the two beside it, as many per hour."""
        hour = _hour(now_s)
        there = sum(self._by_hour[(hour + step) % _N_HOURS] for step in (-1, 0, 1)) / 3
        return there * _N_HOURS * _faded(now_s - self._at_s, self._half_life_s)

    def _fade(self, time_s: float) -> None:
        if time_s > self._at_s:
            left = _faded(time_s - self._at_s, self._half_life_s)
            self._by_hour = [count * left for count in self._by_hour]
            self._at_s = time_s


def seen_s(age_s: float, half_life_s: float) -> float:
    """So many seconds were watched, each by what is left of it after its age."""
    rate = math.log(2) / half_life_s
    return (1 - math.exp(-rate * max(age_s, 0.0))) / rate


def significance(n: int, *, n_before: float, before_s: float, window_s: float) -> float:
    """
    -log10 of the chance of n or more in a window, at a rate known from a history.

    With a Gamma prior of the rate, the count to come has a negative binomial distribution,
    wider than Poisson's as long as little is known: a history of an hour proves nothing.

    Args:
        n: Tickets within the window.
        n_before: Tickets before it.
        before_s: In so many seconds.
        window_s: Length of the window.

    Returns:
        At least 0; 300 at most.

    Source:
        Gelman et al., Bayesian Data Analysis, 3rd ed., 2.6 (the predictive distribution of a
        Poisson count); the question is that of Kleinberg, "Bursty and hierarchical structure
        in streams", KDD 2002, with a test in place of an automaton.
    """
    if n <= 0 or before_s <= 0:
        return 0.0
    return negative_binomial_tail(n, size=n_before + _PRIOR, odds=window_s / before_s)


def share_significance(n: int, *, n_others: int, n_before: float, others_before: float) -> float:
    """
    -log10 of the chance of n or more while so many others came, at the share of the past.

    In the rush of the morning everything comes more often; a burst comes more often than
    everything else does. How many of a topic come before the next `n_others` others have
    come is negative binomial, too.
    """
    if n <= 0 or others_before <= 0:
        return 0.0
    share = (n_before + _PRIOR) / (n_before + _PRIOR + others_before)
    return negative_binomial_tail(n, size=n_others + 1.0, odds=share / (1 - share))


def negative_binomial_tail(n: int, *, size: float, odds: float) -> float:
    """
    -log10 P(X ≥ n), for X with mean size · odds and variance mean · (1 + odds).

    Summed from n upwards, so that small chances are exact; 0 below the mean.
    """
    if n <= size * odds:
        return 0.0
    success = odds / (1 + odds)
    log_first = (
        math.lgamma(n + size)
        - math.lgamma(size)
        - math.lgamma(n + 1)
        - size * math.log1p(odds)
        + n * math.log(success)
    )
    total = term = 1.0
    for k in range(n, n + _MAX_TERMS):
        term *= (k + size) / (k + 1) * success
        total += term
        if term < 1e-12 * total:
            break
    found = -(log_first + math.log(total)) / math.log(10)
    return min(max(found, 0.0), _NEVER)


def _faded(age_s: float, half_life_s: float) -> float:
    return 0.0 if math.isinf(age_s) else 0.5 ** (age_s / half_life_s)


def _hour(time_s: float) -> int:
    return int(time_s % _DAY_S // HOUR_S)
