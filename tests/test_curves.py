"""Numbers behind the plots: worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from kbsearch.errors import ConfigError
from kbsearch.evaluation import answered_curve, plane, split_scores

QRELS = {"q1": {"a": 2, "b": 0}, "q2": {"c": 1}, "q3": {"d": 0}, "q4": {"e": 1}}
RUN = {
    "q1": {"a": 0.9, "b": 0.5},  # first is right
    "q2": {"x": 0.7, "c": 0.6},  # first is wrong, nobody judged it
    "q3": {"d": 0.6},  # nothing answers it
    "nobody judged": {"a": 1.0},
}


def test_scores_are_split_by_judgement() -> None:
    """What nobody judged is no proof; a question that nobody judged is not looked at."""
    split = split_scores(QRELS, RUN)

    assert split.relevant.tolist() == [0.6, 0.9]
    assert split.others.tolist() == [0.5, 0.6, 0.7]


class TestAnsweredCurve:
    """Four questions: one is right, two are wrong, one is never answered."""

    def test_counts_right_ones_among_those_shown(self) -> None:
        """At .9 one of one is right, at .7 one of two, at .6 one of three."""
        curve = answered_curve(QRELS, RUN)

        assert curve.thresholds.tolist() == [0.9, 0.7, 0.6]
        assert curve.answered.tolist() == [0.25, 0.5, 0.75]
        assert curve.precision.tolist() == pytest.approx([1, 1 / 2, 1 / 3])

    def test_equal_scores_are_shown_together(self) -> None:
        """A threshold cannot tell them apart, so neither may the curve."""
        curve = answered_curve({"q1": {"a": 1}, "q2": {"b": 0}}, {"q1": {"a": 1}, "q2": {"b": 1}})

        assert (curve.answered.tolist(), curve.precision.tolist()) == ([1.0], [0.5])

    def test_of_equal_hits_the_first_by_id_counts(self) -> None:
        """As the measures count them."""
        right = answered_curve({"q1": {"a": 1}}, {"q1": {"a": 1.0, "b": 1.0}})
        wrong = answered_curve({"q1": {"b": 1}}, {"q1": {"a": 1.0, "b": 1.0}})

        assert (right.precision.tolist(), wrong.precision.tolist()) == ([1.0], [0.0])

    def test_without_hits_there_is_none(self) -> None:
        """Instead of an empty picture."""
        with pytest.raises(ConfigError, match="No judged question has a hit"):
            answered_curve(QRELS, {"q1": {}})


class TestPlane:
    """Principal components."""

    def test_keeps_the_directions_in_which_rows_differ_most(self) -> None:
        """By hand: 4 apart in the second column, 2 in the third, the same in the first."""
        rows = np.array([[7, 0, 0], [7, 4, 0], [7, 0, 2], [7, 4, 2]], dtype=np.float32)

        found = plane(rows)

        assert found[:, 0].tolist() == pytest.approx([-2, 2, -2, 2])
        assert found[:, 1].tolist() == pytest.approx([-1, -1, 1, 1])

    @pytest.mark.parametrize("shape", [(1, 3), (3, 1), (0, 0)])
    def test_needs_two_rows_and_columns(self, shape: tuple[int, int]) -> None:
        """One point has no place on a map."""
        with pytest.raises(ConfigError, match="two rows and two columns"):
            plane(np.zeros(shape, dtype=np.float32))
