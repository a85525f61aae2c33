"""From scores to a threshold, and from links to clusters."""

from __future__ import annotations

import numpy as np
import pytest

from kbsearch.arrays import unit_rows
from kbsearch.duplicates.clusters import clusters_of
from kbsearch.duplicates.features import Pairs
from kbsearch.duplicates.model import MIN_LABELLED, calibrated, fit_platt, lowest_threshold
from kbsearch.duplicates.scoring import probability


class TestTheThreshold:
    """Of all that is above it, so much is right."""

    @pytest.mark.parametrize(
        ("precision", "threshold"), [(0.95, 1.0), (0.9, 0.8), (0.8, 0.6), (0.1, 0.6)]
    )
    def test_is_the_lowest_above_which_the_mean_suffices(
        self, precision: float, threshold: float
    ) -> None:
        """By hand: the means are 1, 0.9, 0.8."""
        found = lowest_threshold(np.array([0.6, 1.0, 0.8]), precision - 1e-9)

        assert found == threshold

    def test_is_above_one_if_nothing_suffices(self) -> None:
        """No link is better than a wrong one."""
        assert lowest_threshold(np.array([0.4, 0.2]), 0.9) > 1

    def test_platt_finds_the_curve_that_labels_were_drawn_from(self) -> None:
        """Slope 2, intercept -1, within what 20,000 draws allow."""
        random = np.random.default_rng(0)
        scores = random.normal(size=20_000)
        is_true = random.random(20_000) < probability(2 * scores - 1)

        slope, intercept = fit_platt(scores, is_true)

        assert slope == pytest.approx(2, abs=0.15)
        assert intercept == pytest.approx(-1, abs=0.1)

    def test_scores_that_part_perfectly_give_a_finite_slope(self) -> None:
        """Platt's targets are not quite 0 and 1."""
        scores = np.repeat([-1.0, 1.0], 50)

        slope, intercept = fit_platt(scores, scores > 0)

        assert 1 < slope < 10
        assert intercept == pytest.approx(0, abs=0.01)

    def test_labels_against_the_scores_do_not_turn_the_order(self) -> None:
        """Such labels are wrong; the least alike would become duplicates."""
        scores = np.repeat([-1.0, 1.0], 50)

        slope, _ = fit_platt(scores, scores < 0)

        assert slope == 0.1

    @pytest.mark.parametrize(("n_true", "is_from_labels"), [(MIN_LABELLED - 1, False), (40, True)])
    def test_labels_count_from_thirty_on(self, n_true: int, is_from_labels: bool) -> None:
        """Fewer say too little of so rare a thing."""
        n = 100
        rows = Pairs(np.arange(n), np.arange(n, 2 * n))
        features = np.tile([0.9, 0.9, 0.9, 1.0, 0.0], (n, 1))

        found = calibrated(
            features,
            rows,
            2 * n,
            precision=0.9,
            is_judged=np.ones(n, dtype=np.bool_),
            is_labelled=np.arange(n) < n_true,
        )

        assert found.is_from_labels is is_from_labels

    def test_labels_set_the_probability_to_what_was_seen(self) -> None:
        """Of a hundred equal pairs forty are true: each has about 0.4, and none suffices."""
        n = 100
        rows = Pairs(np.arange(n), np.arange(n, 2 * n))

        found = calibrated(
            np.tile([0.9, 0.9, 0.9, 1.0, 0.0], (n, 1)),
            rows,
            2 * n,
            precision=0.9,
            is_judged=np.ones(n, dtype=np.bool_),
            is_labelled=np.arange(n) < 40,
        )

        assert found.probabilities == pytest.approx(np.full(n, 0.4), abs=0.02)
        assert found.threshold > 1


def links(*rows: tuple[int, int]) -> Pairs:
    """Links between rows."""
    both = np.array(rows, dtype=np.int64)
    return Pairs(both[:, 0], both[:, 1])


class TestClusters:
    """What belongs together as a whole."""

    def test_links_of_one_problem_are_joined(self) -> None:
        """The largest first; its cosine by hand: all vectors are one."""
        vectors = np.tile(np.array([1, 0], np.float32), (5, 1))

        first, second = clusters_of(vectors, links((0, 1), (1, 2), (3, 4)), np.full(3, 0.9))

        assert (first.rows, second.rows) == ((0, 1, 2), (3, 4))
        assert first.cosine == pytest.approx(1.0)

    def test_a_bridge_does_not_join_two_problems(self) -> None:
        """One weak link between two problems that are at right angles otherwise."""
        one, other = np.array([1, 0], np.float32), np.array([0, 1], np.float32)
        vectors = unit_rows(np.array([one, one, one, one + other, other, other, other]))
        sure = [(0, 1), (0, 2), (1, 2), (4, 5), (4, 6), (5, 6), (0, 3), (1, 3), (2, 3)]
        chances = np.array([0.99] * 6 + [0.95] * 3 + [0.91])

        found = clusters_of(vectors, links(*sure, (3, 4)), chances)

        assert [each.rows for each in found] == [(0, 1, 2, 3), (4, 5, 6)]

    def test_a_chain_that_turns_slowly_is_cut(self) -> None:
        """Each is near the next; without the guard all sixty were one cluster."""
        angles = np.linspace(0, np.pi, 60)
        vectors = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
        chain = links(*((n, n + 1) for n in range(59)))

        found = clusters_of(vectors, chain, np.full(59, 0.9))

        assert max(len(each.rows) for each in found) < 10

    def test_a_single_link_is_a_cluster_however_unlike_its_vectors(self) -> None:
        """Words may have decided; by hand, at right angles the cosine is 0."""
        (found,) = clusters_of(np.eye(2, dtype=np.float32), links((0, 1)), np.array([0.9]))

        assert found.rows == (0, 1)
        assert found.cosine == pytest.approx(0.0)

    def test_no_links_make_no_clusters(self) -> None:
        """A tidy desk."""
        none = np.zeros(0, dtype=np.int64)

        assert clusters_of(np.eye(2, dtype=np.float32), Pairs(none, none), np.zeros(0)) == []
