"""How well a query is answered, worked by hand on vectors of two and three dimensions."""

from __future__ import annotations

import numpy as np
import pytest

from kbsearch.arrays import Float32, Int64
from kbsearch.rank import Yardstick, common_part, crowding, spread_rows, usefulness


def floats(*values: float) -> Float32:
    return np.array(values, dtype=np.float32)


def whole(*values: int) -> Int64:
    return np.array(values, dtype=np.int64)


EAST, NORTH = floats(1, 0), floats(0, 1)


class TestCrowding:
    """How near a passage is to what else is written on its shelf."""

    def test_is_the_mean_cosine_with_passages_of_other_documents(self) -> None:
        """By hand: the east one's own document does not count, so (1 + 0) / 2."""
        yardstick = Yardstick(np.stack([EAST, EAST, NORTH]), whole(0, 1, 2))

        found = crowding(EAST[None], whole(0), yardstick)

        assert found == pytest.approx([0.5])

    def test_looks_at_the_ten_nearest_alone(self) -> None:
        """By hand: ten of twelve others are the same text, so 1; with nine it is 0.9."""
        documents = whole(*range(12))
        ten = Yardstick(np.stack([EAST] * 10 + [NORTH] * 2), documents)
        nine = Yardstick(np.stack([EAST] * 9 + [NORTH] * 3), documents)

        assert crowding(EAST[None], whole(-1), ten) == pytest.approx([1.0])
        assert crowding(EAST[None], whole(-1), nine) == pytest.approx([0.9])

    def test_is_zero_for_the_only_document(self) -> None:
        """Nothing else is written, and nothing is divided by zero."""
        yardstick = Yardstick(np.stack([EAST, NORTH]), whole(7, 7))

        assert crowding(EAST[None], whole(7), yardstick).tolist() == [0.0]

    def test_is_of_each_passage_whichever_are_asked_with_it(self) -> None:
        """Two at once give what each gives alone."""
        yardstick = Yardstick(np.stack([EAST, EAST, NORTH]), whole(0, 1, 2))

        both = crowding(np.stack([EAST, NORTH]), whole(0, 2), yardstick)

        assert both == pytest.approx([0.5, 0.0])


class TestUsefulness:
    """Near, with others near it, and nearer than these are to each other."""

    def test_is_half_the_cosine_and_what_the_query_shares(self) -> None:
        """By hand: (0.8 + 0.4) / 2 / 2 - 0.6 * 0.5 = 0; then 0.8 / 2 and 0.4 / 2 on top."""
        common = common_part(floats(0.8, 0.4), floats(0.7, 0.3))

        assert common == pytest.approx(0.0, abs=1e-6)
        assert usefulness(floats(0.8, 0.4), common) == pytest.approx([0.4, 0.2])

    def test_is_less_in_a_crowd(self) -> None:
        """The same cosines say less where everything is like everything."""
        cosines = floats(0.8, 0.7)

        assert common_part(cosines, floats(0.9, 0.9)) < common_part(cosines, floats(0.2, 0.2))

    def test_is_more_if_others_are_near_too(self) -> None:
        """One near document among far ones may be chance."""
        crowded = floats(0.5, 0.5)

        assert common_part(floats(0.8, 0.7), crowded) > common_part(floats(0.8, 0.1), crowded)


class TestTheSample:
    """A large shelf is looked at in part, and always in the same one."""

    def test_is_spread_evenly_from_the_first_to_the_last(self) -> None:
        """By hand: five of nine rows."""
        assert spread_rows(9, 5).tolist() == [0, 2, 4, 6, 8]

    @pytest.mark.parametrize("n_rows", [0, 1, 3])
    def test_is_all_of_a_small_shelf(self, n_rows: int) -> None:
        """Nothing is taken twice."""
        assert spread_rows(n_rows, 5).tolist() == list(range(n_rows))
