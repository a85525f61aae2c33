"""How far a record of successes can be trusted."""

from __future__ import annotations

import pytest

from kbsearch.errors import ConfigError
from kbsearch.rank import success_lower_bound


def test_one_success_of_one_shows_a_half() -> None:
    """By hand: (1 + 1/2 - 1/2) / (1 + 1)."""
    assert success_lower_bound(1, 1) == pytest.approx(0.5)


def test_fourteen_of_sixteen_show_more_than_one_of_one() -> None:
    """By hand: (.90625 - .0883883) / 1.0625."""
    assert success_lower_bound(14, 16) == pytest.approx(0.769752, abs=1e-6)


def test_no_success_shows_nothing() -> None:
    """However often it was tried."""
    assert success_lower_bound(0, 5) == 0.0
    assert success_lower_bound(0, 0) == 0.0


def test_trials_may_be_weighted() -> None:
    """By hand, all successes: n / (n + 1) = .25 / 1.25."""
    assert success_lower_bound(0.25, 0.25) == pytest.approx(0.2)


def test_a_larger_z_asks_for_more_trials() -> None:
    """By hand: 4 / (4 + 2²)."""
    assert success_lower_bound(4, 4, z=2) == pytest.approx(0.5)


@pytest.mark.parametrize(("worked", "tried"), [(2, 1), (-1, 1)])
def test_impossible_counts_are_refused(worked: float, tried: float) -> None:
    """A bug of the caller, not evidence."""
    with pytest.raises(ConfigError, match="there cannot be more, or fewer"):
        success_lower_bound(worked, tried)
