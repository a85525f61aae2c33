"""Making one order of two: worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbsearch.arrays import Float32
from kbsearch.errors import ConfigError
from kbsearch.models import Stage
from kbsearch.rank import FUSED, Signals, fuse, reciprocal_rank_fusion

EQUAL = dict.fromkeys(FUSED, 0.2)


def scores(*values: float) -> Float32:
    return np.array(values, dtype=np.float32)


def alike(*values: float) -> Signals:
    """Every signal says the same of each candidate."""
    return Signals(*[scores(*values)] * 5)


def only(**weights: float) -> dict[Stage, float]:
    """Weights of the stages named, 0 for all others."""
    return {stage: weights.get(stage, 0.0) for stage in FUSED}


def sums(shares: dict[Stage, Float32]) -> list[float]:
    """The scores."""
    return [sum(of_one) for of_one in zip(*(s.tolist() for s in shares.values()), strict=True)]


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
    """Cosines and BM25 by the best of their kind, coverage as it is, all weighed."""

    def test_every_stage_is_scaled_and_weighed_as_worked_by_hand(self) -> None:
        """By hand: .4 · (.8, .4) / .8, .1 · (.1, .5) / .5, .2 · (2, 4) / 4, the rest as it is."""
        signals = Signals(
            passages=scores(0.8, 0.4),
            titles=scores(0.1, 0.5),
            bm25=scores(2, 4),
            coverage=scores(0.3, 0.6),
            title_words=scores(0.0, 0.2),
        )
        weights = only(passages=0.4, titles=0.1, bm25=0.2, coverage=0.2, title_words=0.1)

        shares = fuse(signals, weights)

        assert shares[Stage.PASSAGES].tolist() == pytest.approx([0.4, 0.2])
        assert shares[Stage.TITLES].tolist() == pytest.approx([0.02, 0.1])
        assert shares[Stage.BM25].tolist() == pytest.approx([0.1, 0.2])
        assert shares[Stage.COVERAGE].tolist() == pytest.approx([0.06, 0.12])
        assert shares[Stage.TITLE_WORDS].tolist() == pytest.approx([0.0, 0.02])

    def test_the_stages_come_in_their_order(self) -> None:
        """Hits take their shares by position."""
        assert list(fuse(alike(0.5), EQUAL)) == list(FUSED)

    def test_only_the_proportions_of_weights_count(self) -> None:
        """By hand: 0.6 and 0.2 of 0.8 are three quarters and one."""
        signals = alike(0.5, 0.25)

        shares = fuse(signals, only(passages=0.6, bm25=0.2))
        doubled = fuse(signals, only(passages=0.3, bm25=0.1))

        assert shares[Stage.PASSAGES].tolist() == pytest.approx([0.75, 0.375])
        assert shares[Stage.BM25].tolist() == pytest.approx([0.25, 0.125])
        assert sums(doubled) == pytest.approx(sums(shares))

    @pytest.mark.parametrize("stage", FUSED)
    def test_a_weight_alone_leaves_one_stage(self, stage: Stage) -> None:
        """However small it is."""
        shares = fuse(alike(1.0, 0.5), only(**{stage.value: 0.01}))

        assert {s for s, share in shares.items() if share.any()} == {stage}
        assert shares[stage].tolist() == pytest.approx([1.0, 0.5])

    def test_weights_that_are_all_zero_share_nothing(self) -> None:
        """No division by zero: a desk that ranks by nothing finds nothing."""
        shares = fuse(alike(0.9, 0.5), only())

        assert sums(shares) == [0, 0]

    def test_coverage_is_not_raised_to_the_best(self) -> None:
        """Where no document holds more than a tenth of the words, words count a tenth."""
        shares = fuse(alike(0.1, 0.05), only(bm25=0.5, coverage=0.5))

        assert shares[Stage.BM25].tolist() == pytest.approx([0.5, 0.25])
        assert shares[Stage.COVERAGE].tolist() == pytest.approx([0.05, 0.025])

    def test_coverage_stays_within_its_bounds(self) -> None:
        """A title's words are rarer among titles than among whole documents: 1.4 is 1."""
        shares = fuse(alike(1.4, -0.1), only(coverage=0.5, title_words=0.5))

        assert shares[Stage.COVERAGE].tolist() == [0.5, 0]
        assert shares[Stage.TITLE_WORDS].tolist() == [0.5, 0]

    def test_a_cosine_below_zero_counts_as_none(self) -> None:
        """Unlike is not worse than unrelated; a share is never negative."""
        shares = fuse(alike(0.5, -0.9), EQUAL)

        assert shares[Stage.PASSAGES].tolist() == pytest.approx([0.2, 0])
        assert shares[Stage.TITLES].tolist() == pytest.approx([0.2, 0])

    @pytest.mark.parametrize("worst", [0.0, -1.0])
    def test_where_nothing_fits_nothing_is_shared(self, worst: float) -> None:
        """No division by zero, and no noise blown up to a full score."""
        shares = fuse(alike(worst, worst), EQUAL)

        assert [share.tolist() for share in shares.values()] == [[0, 0]] * 5

    def test_no_candidates_give_no_shares(self) -> None:
        """An empty desk is asked too."""
        shares = fuse(alike(), EQUAL)

        assert {share.shape for share in shares.values()} == {(0,)}

    def test_a_worse_candidate_more_moves_nothing(self) -> None:
        """Min-max would: the number of candidates must not decide the order."""
        two, three = fuse(alike(0.8, 0.7), EQUAL), fuse(alike(0.8, 0.7, 0.1), EQUAL)

        assert sums(three)[:2] == sums(two)

    @settings(derandomize=True, database=None, deadline=None, max_examples=100)
    @given(
        values=st.lists(st.tuples(*[st.floats(-1, 1, width=32)] * 5), min_size=1, max_size=5),
        weights=st.tuples(*[st.floats(0, 1)] * 5),
    )
    def test_scores_lie_between_zero_and_one(
        self, values: list[tuple[float, ...]], weights: tuple[float, ...]
    ) -> None:
        """Whatever the signals and weights, but for float32's rounding."""
        signals = Signals(*(scores(*column) for column in zip(*values, strict=True)))

        shares = fuse(signals, dict(zip(FUSED, weights, strict=True)))

        assert all(share.min() >= 0 for share in shares.values())
        assert max(sums(shares)) <= 1 + 1e-6
