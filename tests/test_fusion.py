"""Making one order of two: worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbsearch.arrays import Float32
from kbsearch.errors import ConfigError
from kbsearch.rank import fuse_scores, reciprocal_rank_fusion


def scores(*values: float) -> Float32:
    return np.array(values, dtype=np.float32)


class TestReciprocalRankFusion:
    """Cormack, Clarke & Buettcher, SIGIR 2009: the sum of 1 / (k + rank)."""

    def test_rrf_adds_one_over_rank_plus_k(self) -> None:
        """By hand: a = 1/61 + 1/62, b = 1/62 + 1/61, c = 1/63."""
        fused = reciprocal_rank_fusion([["a", "b", "c"], ["b", "a"]])

        assert [name for name, _ in fused] == ["a", "b", "c"]
        assert dict(fused) == pytest.approx(
            {"a": 1 / 61 + 1 / 62, "b": 1 / 61 + 1 / 62, "c": 1 / 63}
        )

    def test_a_document_that_both_know_beats_one_that_is_first_once(self) -> None:
        """By hand: b = 1/62 + 1/62 = 0.0323, a = c = 1/61 = 0.0164."""
        fused = reciprocal_rank_fusion([["a", "b"], ["c", "b"]])

        assert fused[0][0] == "b"
        assert fused[0][1] == pytest.approx(2 / 62)

    def test_a_small_offset_favours_the_first_place(self) -> None:
        """By hand with 0: a = 1 + 1/4, b = 1/2 + 1/2; with 60 a and b change places."""
        rankings = [["a", "b"], ["c", "b", "d", "a"]]

        assert reciprocal_rank_fusion(rankings, rrf_k=0)[0] == ("a", 1.25)
        assert reciprocal_rank_fusion(rankings, rrf_k=60)[0][0] == "b"

    def test_ties_are_ordered_by_id(self) -> None:
        """The same query gives the same page, whichever retriever answered first."""
        assert reciprocal_rank_fusion([["b"], ["a"]]) == reciprocal_rank_fusion([["a"], ["b"]])
        assert [name for name, _ in reciprocal_rank_fusion([["b"], ["é"], ["a"]])] == [
            "a",
            "b",
            "é",
        ]

    def test_nothing_gives_nothing(self) -> None:
        """No retriever, or none that found something."""
        assert reciprocal_rank_fusion([]) == []
        assert reciprocal_rank_fusion([[], []]) == []

    def test_a_negative_offset_is_refused(self) -> None:
        """With -1 the first place would divide by zero."""
        with pytest.raises(ConfigError, match=r"rrf_k = -1 is negative; use 0 or more"):
            reciprocal_rank_fusion([["a"]], rrf_k=-1)

    def test_a_ranking_that_repeats_a_document_is_refused(self) -> None:
        """It would count twice: passages were given where documents belong."""
        with pytest.raises(ConfigError, match="names one document twice"):
            reciprocal_rank_fusion([["a"], ["b", "c", "b"]])

    @settings(derandomize=True, database=None, deadline=None, max_examples=100)
    @given(st.lists(st.lists(st.sampled_from("abcdef"), unique=True), max_size=4))
    def test_scores_stay_within_their_bounds(self, rankings: list[list[str]]) -> None:
        """In (0, number of rankings / 61], descending, each document once."""
        fused = reciprocal_rank_fusion(rankings)

        values = [score for _, score in fused]
        assert values == sorted(values, reverse=True)
        assert all(0 < value <= len(rankings) / 61 + 1e-12 for value in values)
        assert sorted(name for name, _ in fused) == sorted({n for names in rankings for n in names})


class TestScoreFusion:
    """Each score by the best of its kind, weighed."""

    def test_scores_are_divided_by_the_best_and_weighed(self) -> None:
        """By hand: .7 · (.8, .4, 0) / .8 and .3 · (2, 4, 0) / 4."""
        shares = fuse_scores(scores(0.8, 0.4, 0.0), scores(2, 4, 0), dense_weight=0.7)

        assert shares.dense.tolist() == pytest.approx([0.7, 0.35, 0.0])
        assert shares.lexical.tolist() == pytest.approx([0.15, 0.3, 0.0])

    def test_the_best_of_both_kinds_scores_one(self) -> None:
        """Whatever the weight."""
        for weight in (0.0, 0.25, 1.0):
            shares = fuse_scores(scores(0.5, 0.1), scores(9, 8), dense_weight=weight)

            assert shares.dense[0] + shares.lexical[0] == pytest.approx(1.0)

    def test_a_weight_at_its_end_leaves_one_retriever(self) -> None:
        """1 is dense alone, 0 is BM25 alone."""
        dense_only = fuse_scores(scores(0.5, 0.25), scores(1, 2), dense_weight=1)
        lexical_only = fuse_scores(scores(0.5, 0.25), scores(1, 2), dense_weight=0)

        assert (dense_only.dense.tolist(), dense_only.lexical.tolist()) == ([1, 0.5], [0, 0])
        assert (lexical_only.dense.tolist(), lexical_only.lexical.tolist()) == ([0, 0], [0.5, 1])

    def test_a_cosine_below_zero_counts_as_none(self) -> None:
        """Unlike is not worse than unrelated; a share is never negative."""
        shares = fuse_scores(scores(0.5, -0.9), scores(0, 1), dense_weight=0.5)

        assert shares.dense.tolist() == [0.5, 0]

    @pytest.mark.parametrize("worst", [0.0, -1.0])
    def test_where_nothing_fits_nothing_is_shared(self, worst: float) -> None:
        """No division by zero, and no noise blown up to a full score."""
        shares = fuse_scores(scores(worst, worst), scores(0, 0), dense_weight=0.7)

        assert shares.dense.tolist() == [0, 0]
        assert shares.lexical.tolist() == [0, 0]

    def test_no_candidates_give_no_shares(self) -> None:
        """An empty desk is asked too."""
        shares = fuse_scores(scores(), scores(), dense_weight=0.7)

        assert (shares.dense.shape, shares.lexical.shape) == ((0,), (0,))

    def test_a_worse_candidate_more_moves_nothing(self) -> None:
        """Min-max would: the number of candidates must not decide the order."""
        two = fuse_scores(scores(0.8, 0.7), scores(3, 5), dense_weight=0.7)
        three = fuse_scores(scores(0.8, 0.7, 0.1), scores(3, 5, 0.5), dense_weight=0.7)

        assert three.dense[:2].tolist() == two.dense.tolist()
        assert three.lexical[:2].tolist() == two.lexical.tolist()
