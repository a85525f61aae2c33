"""From usefulness to probabilities, on distributions whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbsearch.errors import ConfigError
from kbsearch.rank import Calibration, Scored, fit_calibration, require_rate


def scored(*values: float) -> Scored:
    return Scored(np.array(values, dtype=np.float64), np.ones(len(values)))


def spread(least: float, most: float, n: int = 101) -> Scored:
    return scored(*np.linspace(least, most, n))


def least_useful(calibration: Calibration, accept_false: float) -> float:
    """The usefulness whose probability is what is needed, from the curve's own inverse."""
    needed = calibration.needed(accept_false)
    return (float(np.log(needed / (1 - needed))) - calibration.intercept) / calibration.slope


class TestTheThreshold:
    """The caller says how often nothing may be answered all the same."""

    @pytest.mark.parametrize(("rate", "least"), [(0.1, 0.9), (0.25, 0.75), (0.5, 0.5)])
    def test_is_passed_by_that_share_of_the_questions_without_an_answer(
        self, rate: float, least: float
    ) -> None:
        """By hand: they are spread evenly over 0 to 1, so a tenth of them is above 0.9."""
        calibration = fit_calibration([spread(0.5, 1.5)], [spread(0, 1)])

        assert least_useful(calibration, rate) == pytest.approx(least, abs=0.01)

    def test_counts_each_way_of_imitating_them_the_same(self) -> None:
        """By hand: half lies in 0 to 0.1, the other in 1 to 2, of which a fifth is a tenth."""
        calibration = fit_calibration([spread(1, 3)], [spread(0, 0.1, n=1001), spread(1, 2, n=11)])

        assert least_useful(calibration, 0.1) == pytest.approx(1.8, abs=0.05)

    def test_of_all_accepted_is_nothing(self) -> None:
        """Whoever accepts everything is shown everything."""
        assert fit_calibration([spread(1, 2)], [spread(0, 1)]).needed(1.0) == 0.0

    def test_rises_as_less_is_accepted(self) -> None:
        """A stricter reader is never shown more."""
        calibration = fit_calibration([spread(0.5, 1.5)], [spread(0, 1)])
        needed = [calibration.needed(rate) for rate in (0.5, 0.2, 0.1, 0.01, 0.0)]

        assert needed == sorted(needed)
        assert needed[0] < needed[-1]


class TestTheProbability:
    """Of a question of which nobody knows whether it is answered."""

    def test_is_a_half_in_the_middle_between_both_kinds(self) -> None:
        """By hand: the two are mirror images around 1."""
        calibration = fit_calibration([spread(0.8, 2)], [spread(0, 1.2)])
        low, middle, high = calibration.probabilities(np.array([0, 1, 2], dtype=np.float32))

        assert middle == pytest.approx(0.5, abs=0.01)
        assert high > 0.9
        assert low == pytest.approx(1 - high, abs=0.01)

    @given(st.lists(st.floats(-2, 2), min_size=1), st.lists(st.floats(-2, 2), min_size=1))
    def test_never_falls_as_usefulness_grows(self, yes: list[float], no: list[float]) -> None:
        """Even of a shelf whose answers look worse than its noise."""
        calibration = fit_calibration([scored(*yes)], [scored(*no)])
        told = calibration.probabilities(np.linspace(-3, 3, 50, dtype=np.float32))

        assert np.all(np.diff(told) >= 0)
        assert 0 <= told[0] <= told[-1] <= 1

    def test_of_two_kinds_that_lie_apart_is_still_a_curve(self) -> None:
        """Platt's targets keep it from a step, which no shelf has earned."""
        calibration = fit_calibration([scored(1.0, 1.0)], [scored(0.0, 0.0)])

        assert calibration.probabilities(np.array([0.5], dtype=np.float32))[0] == pytest.approx(
            0.5, abs=1e-4
        )


class TestLabels:
    """Ten judged questions count as much as all that are imitated."""

    def test_a_hundred_move_the_threshold_to_where_they_are(self) -> None:
        """By hand: 10 of 110 are below 1, 100 lie evenly from 2 to 3; a tenth is above 2.89."""
        judged = [(value, False) for value in np.linspace(2, 3, 100)]
        calibration = fit_calibration([spread(1, 2)], [spread(0, 1)], labelled=judged)

        assert least_useful(calibration, 0.1) == pytest.approx(2.89, abs=0.02)
        assert calibration.n_labels == 100

    def test_one_of_them_does_not_spoil_it(self) -> None:
        """By hand: it is one of eleven, so the tenth begins there; the fifth stays where it was."""
        without = fit_calibration([spread(1, 2)], [spread(0, 1)])
        with_one = fit_calibration([spread(1, 2)], [spread(0, 1)], labelled=[(5.0, False)])

        assert least_useful(without, 0.2) == pytest.approx(0.8, abs=0.01)
        assert least_useful(with_one, 0.2) == pytest.approx(0.88, abs=0.02)

    def test_answered_ones_move_the_curve_and_not_the_threshold(self) -> None:
        """What is answered says nothing of how useful noise looks."""
        without = fit_calibration([spread(1, 2)], [spread(0, 1)])
        with_many = fit_calibration([spread(1, 2)], [spread(0, 1)], labelled=[(0.5, True)] * 50)

        assert with_many.unanswered == without.unanswered
        assert with_many.slope < without.slope


class TestTheFile:
    """It stands in a snapshot, so the same calibration is the same bytes."""

    def test_reads_back_as_it_was_written(self) -> None:
        """Every value of it."""
        calibration = fit_calibration([spread(1, 2)], [spread(0, 1)], labelled=[(0.4, False)])

        assert Calibration.from_bytes(calibration.to_bytes()) == calibration

    @pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"slope": -1}'])
    def test_anything_else_is_refused(self, content: bytes) -> None:
        """A falling curve too."""
        with pytest.raises(ValueError, match=r"."):
            Calibration.from_bytes(content)


@pytest.mark.parametrize("rate", [-0.1, 1.1, float("nan"), "0.1", True, None])
def test_what_is_no_rate_is_refused(rate: object) -> None:
    """Ten per cent is 0.1, and never 10."""
    with pytest.raises(ConfigError, match=r"accept_false = .* is no rate"):
        require_rate(rate)
