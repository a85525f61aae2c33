"""Scoring many questions at once: what production says of each, and much faster."""

from __future__ import annotations

from math import log2

import numpy as np
import pytest

from kbsearch import RankingSettings
from kbsearch.evaluation import Case, measure, words_of_case
from kbsearch.rank import fuse, prior_factors
from kbsearch.tuning import Scorer
from tests.made_cases import made_case, random_cases, words_of

DEFAULTS = RankingSettings()
ONLY_PASSAGES = RankingSettings(
    title_weight=0, bm25_weight=0, coverage_weight=0, title_words_weight=0
)
ONLY_BM25 = {
    "passage_weight": 0.0,
    "title_weight": 0.0,
    "coverage_weight": 0.0,
    "title_words_weight": 0.0,
}


def as_production(case: Case, settings: RankingSettings) -> dict[str, float]:
    """What the ranking's own functions make of a case."""
    fused = np.sum(list(fuse(case.signals, settings.weights).values()), axis=0)
    scores = fused * prior_factors(case.circumstances, settings)
    return dict(zip(case.document_ids, scores.tolist(), strict=True))


@pytest.mark.parametrize(
    "settings",
    [
        DEFAULTS,
        RankingSettings(passage_weight=0.1, title_weight=0.9, bm25_weight=0),
        RankingSettings(recency_half_life_days=40, recency_share=0.6),
        RankingSettings(bad_outcome_prior=0.8),
    ],
    ids=["defaults", "other weights", "recency", "outcomes"],
)
class TestAgreesWithProduction:
    """What is fitted is what will be served."""

    def test_every_candidate_has_the_score_that_a_search_gives_it(
        self, settings: RankingSettings
    ) -> None:
        """Of several questions of different sizes, so that none sees another's best."""
        cases = [*random_cases(3), *random_cases(2, seed=1, n_candidates=7)]
        cases = [case._replace(has_bad_outcome=case.age_days > 300) for case in cases]

        scores = Scorer(cases, DEFAULTS).scores(settings)

        expected = [score for case in cases for score in as_production(case, settings).values()]
        assert scores.tolist() == pytest.approx(expected, abs=1e-6)

    def test_ndcg_is_that_of_ir_measures(self, settings: RankingSettings) -> None:
        """Of the runs that production's scores make."""
        cases = random_cases(40)
        cases = [case._replace(has_bad_outcome=case.age_days > 300) for case in cases]
        qrels = {case.question_id: dict(case.relevance) for case in cases}
        runs = {case.question_id: as_production(case, settings) for case in cases}

        found = Scorer(cases, DEFAULTS).ndcg(settings)

        expected = measure(qrels, runs, ["nDCG@10"]).values("nDCG@10")
        assert found.tolist() == pytest.approx(expected.tolist(), abs=1e-6)
        assert 0.05 < found.mean() < 0.95  # a control: neither all found nor nothing


class TestNdcg:
    """Worked by hand."""

    def test_grades_and_ranks(self) -> None:
        """First 1, second 2: (1 + 2/log2 3) over the best order's (2 + 1/log2 3)."""
        case = made_case("q", {"a": 1, "b": 2}, ["a", "b", "c"], passages=[0.9, 0.8, 0.1])

        (found,) = Scorer([case], DEFAULTS).ndcg(ONLY_PASSAGES)

        assert found == pytest.approx((1 + 2 / log2(3)) / (2 + 1 / log2(3)))

    def test_what_no_retriever_proposed_is_missed(self) -> None:
        """The better answer is no candidate: 1 of 1 + 1/log2 3."""
        case = made_case("q", {"a": 1, "lost": 1}, ["a", "b"], passages=[0.9, 0.8])

        (found,) = Scorer([case], DEFAULTS).ndcg(ONLY_PASSAGES)

        assert found == pytest.approx(1 / (1 + 1 / log2(3)))

    def test_equal_scores_go_by_id_as_in_a_search(self) -> None:
        """So `b` is second although it stands first."""
        case = made_case("q", {"b": 1}, ["b", "a"], passages=[0.9, 0.9])

        (found,) = Scorer([case], DEFAULTS).ndcg(ONLY_PASSAGES)

        assert found == pytest.approx(1 / log2(3))

    def test_the_eleventh_hit_and_one_without_any_score_count_nothing(self) -> None:
        """Ten are shown, and what has nothing in common with the question never is."""
        ids = [f"d{number:02}" for number in range(11)]
        eleventh = made_case("q", {"d10": 1}, ids, passages=np.linspace(1, 0.5, 11).tolist())
        strange = made_case("p", {"b": 1}, ["a", "b"], passages=[0.5, 0.0])

        found = Scorer([eleventh, strange], DEFAULTS).ndcg(ONLY_PASSAGES)

        assert found.tolist() == [0.0, 0.0]

    def test_questions_whose_answers_no_retriever_found_are_zeros(self) -> None:
        """They have no row of their own to be compared with others."""
        case = made_case("q", {"lost": 1}, ["a"], passages=[0.5])

        assert Scorer([case, case], DEFAULTS).ndcg(DEFAULTS).tolist() == [0.0, 0.0]


class TestOtherBm25:
    """Scores under another k1 and b, without an index."""

    def case(self) -> Case:
        """A long document with the word twice and a short one with it once, at k1 = 1, b = 0."""
        words = words_of([[0], [0]], [[2], [1]], [0, 0], [32, 8])
        return made_case("q", {"long": 1}, ["long", "short"], words=words, bm25=[2 / 3, 1 / 2])

    def test_lengths_count_as_in_an_index(self) -> None:
        """By hand at k1 = 1, b = 1, lengths 2 and 1/2: 2 / (2 + 2) and 1 / (1 + 1/2)."""
        before = RankingSettings(**ONLY_BM25, bm25_k1=1, bm25_b=0)
        after = before.model_copy(update={"bm25_b": 1.0})
        scorer = Scorer([self.case()], before)

        assert scorer.scores(before).tolist() == pytest.approx([1, 3 / 4])
        assert scorer.scores(after).tolist() == pytest.approx([(1 / 2) / (2 / 3), 1])
        assert scorer.scores(before).tolist() == pytest.approx([1, 3 / 4])

    def test_titles_count_as_in_an_index(self) -> None:
        """By hand at k1 = 1, b = 0: once in a title and once in a text, twice in a text."""
        words = words_of([[1], [0]], [[1], [2]], [2, 2], [10, 10])
        case = made_case("q", {"a": 1}, ["a", "b"], words=words, bm25=[4 / 5, 2 / 3])
        before = RankingSettings(**ONLY_BM25, bm25_k1=1, bm25_b=0, bm25_title_weight=3)
        after = before.model_copy(update={"bm25_title_weight": 7})
        scorer = Scorer([case], before)

        assert scorer.scores(before).tolist() == pytest.approx([1, (2 / 3) / (4 / 5)])
        assert scorer.scores(after).tolist() == pytest.approx([1, (2 / 3) / (8 / 9)])
        assert scorer.scores(before).tolist() == pytest.approx([1, (2 / 3) / (4 / 5)])

    @pytest.mark.parametrize("title_weight", [1, 3, 8])
    def test_every_weight_of_titles_gives_what_a_desk_with_it_says(self, title_weight: int) -> None:
        """Lengths and means change with it, coverage too, and the words of titles alone do not."""
        words = words_of([[1, 0], [0, 2], [2, 1]], [[3, 1], [1, 0], [0, 4]], [3, 2, 5], [9, 14, 30])
        made, wanted = RankingSettings(), RankingSettings(bm25_title_weight=title_weight)
        cases = [
            made_case("q", {"a": 1}, ["a", "b", "c"], words=words, **signals._asdict())
            for signals in (
                words_of_case(words, k1=1.5, b=0.75, title_weight=weight)
                for weight in (made.bm25_title_weight, title_weight)
            )
        ]

        found = Scorer(cases[:1], made).scores(wanted)

        expected = Scorer(cases[1:], wanted).scores(wanted)
        assert found.tolist() == pytest.approx(expected.tolist(), abs=1e-6)

    def test_a_shelf_whose_index_stays_keeps_its_scores(self) -> None:
        """Customers' index is not staff's to tune."""
        before = RankingSettings(**ONLY_BM25, bm25_k1=1, bm25_b=0)
        after = before.model_copy(update={"bm25_b": 1.0, "bm25_title_weight": 9})

        scores = Scorer([self.case()], before, fixed_shelf=0).scores(after)

        assert scores.tolist() == pytest.approx([1, 3 / 4])
