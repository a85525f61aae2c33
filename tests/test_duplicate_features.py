"""What speaks for two tickets being one problem."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kbsearch.duplicates.features import Pairs, best_cosines, pair_features, shared_entries
from kbsearch.duplicates.nearest import nearest_pairs
from kbsearch.duplicates.scoring import above_rivals, lead
from tests.reports import columns, report


def pairs(*rows: tuple[int, int]) -> Pairs:
    """Pairs of rows."""
    both = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return Pairs(both[:, 0], both[:, 1])


class TestFeatures:
    """Values worked by hand."""

    def test_meaning_is_the_cosine_of_the_nearest_passages(self) -> None:
        """The second passage of one is the only one of the other."""
        there = columns(
            report("a", "x", [(1.0, 0.0), (0.0, 1.0)]), report("b", "x", [(0.6, 0.8), (0.0, 1.0)])
        )

        assert best_cosines(there, pairs((0, 1))) == pytest.approx([1.0])

    def test_titles_count_terms_by_rarity(self) -> None:
        """By hand: of two terms of one idf each, one is shared: 2 · 1 / (2 + 2) = 1/2."""
        there = columns(
            report("a", "vpn drops", title="vpn drops"), report("b", "vpn slow", title="vpn slow")
        )
        rare, common = math.log(1 + 1.5 / 1.5), math.log(1 + 0.5 / 2.5)

        found = pair_features(there, pairs((0, 1)))[0, 1]

        assert found == pytest.approx(2 * common / (2 * common + 2 * rare))

    def test_words_of_a_copy_are_one_and_of_strangers_none(self) -> None:
        """Each score is divided by that for itself."""
        there = columns(report("a", "vpn drops"), report("b", "vpn drops"), report("c", "fax jam"))

        found = pair_features(there, pairs((0, 1), (0, 2)))[:, 2]

        assert found == pytest.approx([1.0, 0.0])

    @pytest.mark.parametrize(
        ("one", "other", "value"),
        [("vpn", "vpn", 1.0), ("vpn", "fax", -1.0), ("vpn", None, 0.0), (None, None, 0.0)],
    )
    def test_a_product_counts_only_if_both_name_one(
        self, one: str | None, other: str | None, value: float
    ) -> None:
        """Nothing is not the same as nothing."""
        there = columns(report("a", "x", product=one), report("b", "y", product=other))

        assert pair_features(there, pairs((0, 1)))[0, 3] == value

    @pytest.mark.parametrize(
        ("one", "other", "days"), [(0, 0, 0), (3, 10, 7), (10, 3, 7), (None, 3, 90)]
    )
    def test_days_apart_have_no_direction(
        self, one: float | None, other: float | None, days: float
    ) -> None:
        """Without a date, a usual distance."""
        there = columns(report("a", "x", day=one), report("b", "y", day=other))

        assert pair_features(there, pairs((0, 1)))[0, 4] == pytest.approx(math.log1p(days) / 8)

    def test_no_pairs_have_no_features(self) -> None:
        """And no shared entries."""
        there = columns(report("a", "x"))

        assert pair_features(there, pairs()).shape == (0, 5)
        assert [len(each) for each in shared_entries(there.words, pairs())] == [0, 0, 0]

    def test_a_report_without_a_word_shares_nothing(self) -> None:
        """Numbers, not a division by zero."""
        there = columns(report("a", ""), report("b", ""))

        assert pair_features(there, pairs((0, 1)))[0, :3] == pytest.approx([1.0, 0.0, 0.0])


class TestNearest:
    """Who is compared with whom."""

    def test_each_pair_comes_once_by_its_lower_row(self) -> None:
        """Both find each other."""
        there = columns(report("a", "x"), report("b", "y"), report("c", "z", [(0.0, 1.0)]))

        found = nearest_pairs(there)

        rows = list(zip(found.left.tolist(), found.right.tolist(), strict=True))
        assert rows == [(0, 1), (0, 2), (1, 2)]

    def test_a_thousand_copies_leave_room_for_others(self) -> None:
        """Copies share one place in the index: each still meets what is near to all."""
        copies = [report(f"a{n}", "x") for n in range(1000)]
        there = columns(*copies, report("b", "y", [(0.6, 0.8)]))

        found = nearest_pairs(there, n_nearest=2)

        rows = set(zip(found.left.tolist(), found.right.tolist(), strict=True))
        assert rows == {(0, n) for n in range(1, 1000)} | {(n, 1000) for n in range(1000)}

    @pytest.mark.parametrize("n", [0, 1])
    def test_fewer_than_two_make_no_pair(self, n: int) -> None:
        """A desk that has just been made."""
        assert len(nearest_pairs(columns(*[report("a", "x")] * n)).left) == 0


class TestRivals:
    """What else a row is near to."""

    def test_a_pair_stands_above_the_mean_of_its_rows_best(self) -> None:
        """By hand: row 0 has 0.9 and 0.5, rows 1 and 2 one each: 0.9 - (0.7 + 0.9) / 2 = 0.1."""
        values = np.array([0.9, 0.5])

        found = above_rivals(values, pairs((0, 1), (0, 2)), 3, n=5)

        assert found == pytest.approx([0.9 - (0.7 + 0.9) / 2, 0.5 - (0.7 + 0.5) / 2])

    def test_only_the_best_n_count(self) -> None:
        """By hand: with n = 1 the best is its own mean."""
        found = above_rivals(np.array([0.9, 0.5]), pairs((0, 1), (0, 2)), 3, n=1)

        assert found == pytest.approx([0.0, 0.5 - (0.9 + 0.5) / 2])

    def test_the_lead_is_the_smaller_of_both_sides(self) -> None:
        """By hand: 0-1 leads 0-2 by 4 and 1-2 by 3; the others are behind by as much."""
        found = lead(np.array([9.0, 5.0, 6.0]), pairs((0, 1), (0, 2), (1, 2)), 3)

        assert found == pytest.approx([3.0, -4.0, -3.0])

    def test_a_pair_that_has_no_rival_leads_by_one(self) -> None:
        """As little as can be known."""
        assert lead(np.array([9.0]), pairs((0, 1)), 2) == pytest.approx([1.0])
