"""Fitting the ranking: what labels can change, and what they cannot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from kbsearch import RankingSettings
from kbsearch.evaluation import Case, CaseWords, words_of_case
from kbsearch.tuning import (
    FEWEST_QUESTIONS,
    PARAMETERS,
    Group,
    Scorer,
    Trials,
    by_default,
    choose,
    cross_validated,
    groups_of,
    make_folds,
    run_trials,
)
from tests.made_cases import made_case, random_cases, words_of

DEFAULTS = RankingSettings()


def recent_cases(n: int) -> list[Case]:
    """Each question has two documents that are alike; the answer is the newer one."""
    return [
        made_case(
            f"q:{number}",
            {f"new:{number}": 1},
            [f"new:{number}", f"old:{number}"],
            passages=[0.80, 0.81 + 0.001 * (number % 5)],
            ages=[3, 900],
        )
        for number in range(n)
    ]


def titled_case(number: int) -> Case:
    """The answer holds the word once in its title, the other one five times in its text."""
    words = words_of([[1], [0]], [[0], [5]], [2, 2], [10, 10])
    signals = words_of_case(words, k1=1.5, b=0.75, title_weight=3)
    ids = [f"answer:{number}", f"other:{number}"]
    passages = [0.74 + 0.01 * (number % 5), 0.9]
    given = {"passages": passages, **signals._asdict()}
    return made_case(f"q:{number}", {ids[0]: 1}, ids, words=words, **given)


def random_words(n: int, random: np.random.Generator) -> CaseWords:
    """Of two terms, that stand in titles and texts anyhow."""
    return words_of(
        random.integers(0, 2, (n, 2)),
        random.integers(0, 6, (n, 2)),
        random.integers(2, 9, n).tolist(),
        random.integers(9, 90, n).tolist(),
    )


class TestPrior:
    """What is believed before any label."""

    def test_weights_are_compared_by_factors(self) -> None:
        """Half and double are as far off: ln 2 / 0.35."""
        (weight,) = (p for p in PARAMETERS[Group.WEIGHTS] if p.name == "coverage_weight")

        assert weight.deviations(0.6) == pytest.approx(np.log(2) / 0.35)
        assert weight.deviations(0.15) == pytest.approx(-np.log(2) / 0.35)
        assert weight.value(0) == DEFAULTS.coverage_weight

    def test_age_that_takes_nothing_is_age_that_does_not_count(self) -> None:
        """A file can say 0, but not "none"."""
        aged = DEFAULTS.model_copy(update={"recency_half_life_days": 10.0, "recency_share": 0.3})

        assert by_default(aged, [Group.RECENCY]).recency_share == 0
        assert by_default(DEFAULTS, [Group.RECENCY]) == DEFAULTS

    @pytest.mark.parametrize(
        "parameter", [p for own in PARAMETERS.values() for p in own], ids=lambda p: p.name
    )
    def test_every_value_that_can_be_tried_may_stand_in_the_settings(
        self, parameter: object
    ) -> None:
        """A file that cannot be read again would close the desk."""
        for deviations in (-9, 0, 9):
            value = parameter.value(deviations)  # type: ignore[attr-defined]
            RankingSettings.model_validate({parameter.name: value})  # type: ignore[attr-defined]

    def test_how_often_titles_count_is_a_whole_number(self) -> None:
        """A word stands in an index so many times; 3 e^0.5 is 4.9, 3 e^-0.5 is 1.8."""
        (weight,) = (p for p in PARAMETERS[Group.BM25] if p.name == "bm25_title_weight")

        values = [weight.value(deviations) for deviations in (-9, -1, 0, 1, 9)]

        assert values == [1, 2, 3, 5, 12]
        assert {type(value) for value in values} == {int}


class TestGroups:
    """What questions can say nothing of is left as it is."""

    @pytest.mark.parametrize(
        ("field", "group"),
        [("is_open_ticket", Group.OPEN_TICKETS), ("has_bad_outcome", Group.OUTCOMES)],
    )
    def test_what_all_candidates_have_in_common_is_not_fitted(
        self, field: str, group: Group
    ) -> None:
        """Only where candidates of one question differ can their order."""
        (case,) = random_cases(1, n_candidates=2)
        told = []
        for n in range(3):
            changes: dict[str, Any] = {field: np.array([True] * n + [False] * (2 - n))}
            told.append(groups_of([case._replace(**changes)]))

        assert [group in groups for groups in told] == [False, True, False]

    def test_a_desk_whose_answers_are_in_what_held_is_fitted_to_that(self) -> None:
        """Each question has two documents that are nearly alike; the answer is what held."""
        cases = [
            made_case(
                f"q:{number}",
                {f"held:{number}": 1},
                [f"held:{number}", f"failed:{number}"],
                passages=[0.80, 0.84 + 0.001 * (number % 5)],
            )._replace(has_bad_outcome=np.array([False, True]))
            for number in range(40)
        ]

        choice = choose(cases, DEFAULTS, n_trials=200)

        assert [one.name for one in choice.candidates][2:] == ["outcomes", "all of these"]
        assert choice.candidates[2].changes["bad_outcome_prior"] < 0.96
        assert choice.candidates[2].ndcg.mean > choice.candidates[0].ndcg.mean
        assert "bad_outcome_prior" in choice.changes


class TestTrials:
    """What is tried depends on no label."""

    def test_other_labels_change_no_trial(self) -> None:
        """Else a fold would see, in what it may choose from, the labels it is measured on."""
        cases = random_cases(10)
        others = [case._replace(relevance={case.document_ids[5]: 1}) for case in cases]
        groups = [Group.WEIGHTS, Group.RECENCY]

        one, two = (run_trials(each, DEFAULTS, groups, n_trials=20) for each in (cases, others))

        assert one.settings == two.settings
        assert one.values.tolist() != two.values.tolist()

    def test_what_is_not_to_be_changed_is_the_desks_own_in_every_trial(self) -> None:
        """BM25's parameters are built into the index."""
        start = RankingSettings(bm25_k1=2.0, n_candidates=55)

        trials = run_trials(random_cases(5), start, [Group.WEIGHTS], n_trials=20)

        assert {(one.bm25_k1, one.n_candidates) for one in trials.settings} == {(2.0, 55)}
        assert trials.settings[0] == start
        assert len(set(trials.settings)) == 21

    def made(self, *gains: Sequence[float]) -> Trials:
        """The desk's own settings, worth nothing, and others with other weights of BM25."""
        settings = [DEFAULTS.model_copy(update={"bm25_weight": 0.1 * (2 + n)}) for n in (0, 1, 2)]
        n_cases = len(gains[0])
        return Trials(
            settings=settings[: 1 + len(gains)],
            changed=[frozenset(), *[frozenset({Group.WEIGHTS})] * len(gains)],
            values=np.array([[0.0] * n_cases, *gains]),
            by_default=0,
            scorer=Scorer(random_cases(n_cases), DEFAULTS),
        )

    def test_what_gains_on_the_questions_that_may_be_looked_at_is_fitted(self) -> None:
        """The only other trial gains on the first two questions and loses on the third."""
        trials = self.made([1.0, 1.0, -1.0])

        assert trials.fitted(np.array([True, True, False]), [Group.WEIGHTS]).bm25_weight == 0.3
        assert trials.fitted(np.array([False, False, True]), [Group.WEIGHTS]) == DEFAULTS
        assert trials.fitted(np.array([True, True, True]), [Group.RECENCY]) == DEFAULTS

    def test_a_mean_is_fitted_and_not_the_luckiest(self) -> None:
        """By hand: weights e^1 and e^0 of the logarithms of 0.3 and 0.4."""
        trials = self.made([2.0], [0.0])

        found = trials.fitted(np.array([True]), [Group.WEIGHTS]).bm25_weight

        share = np.e / (np.e + 1)
        assert found == pytest.approx(0.3**share * 0.4 ** (1 - share), abs=1e-4)

    def test_a_question_has_no_say_in_what_it_is_measured_by(self) -> None:
        """Only the second half has anything to gain: it is measured by the first half's choice."""
        trials = self.made([0.0, 0.0, 1.0, 1.0])
        own = trials.scorer.ndcg(DEFAULTS)

        held_out = cross_validated(trials, [np.array([0, 0, 1, 1])], [Group.WEIGHTS])

        other = trials.scorer.ndcg(trials.settings[1])
        assert held_out.tolist() == [*other[:2], *own[2:]]


class TestFolds:
    """Questions that know each other's answers stay together."""

    def test_duplicates_of_one_group_stand_in_one_fold(self) -> None:
        """The first two share an answer, the third is the answer of the second."""
        cases = random_cases(30)
        shared = [
            cases[0]._replace(relevance={"common": 1}),
            cases[1]._replace(relevance={"common": 1, "q:2": 1}),
        ]

        for folds in make_folds([*shared, *cases[2:]]):
            assert folds[0] == folds[1] == folds[2]
            assert sorted(np.bincount(folds).tolist()) == [6] * 5

    def test_five_times_otherwise_and_always_the_same(self) -> None:
        """Chance in how folds are cut is averaged out, and a second call says the same."""
        folds, again = make_folds(random_cases(50)), make_folds(random_cases(50))

        assert np.array_equal(folds, again)
        assert len({tuple(each.tolist()) for each in folds}) == 5


class TestChoosing:
    """Written is what is better on questions that were left out, and nothing else."""

    def test_what_labels_say_clearly_is_chosen(self) -> None:
        """Newer documents answer: age counts from now on."""
        choice = choose(recent_cases(40), DEFAULTS, n_trials=60)

        as_it_is, _, recency, together = choice.candidates
        assert recency.name == "recency"
        assert as_it_is.ndcg.mean == pytest.approx(1 / np.log2(3))
        assert together.ndcg.mean == 1.0
        assert choice.changes["recency_half_life_days"] > 0
        assert choice.reason.startswith("Better on questions left out: +0.3691 nDCG@10")

    def test_noise_changes_nothing(self) -> None:
        """Of ten desks whose answers no weight prefers, none gets other settings."""
        changed = [
            choose(random_cases(30, seed=seed), DEFAULTS, n_trials=60).changes for seed in range(10)
        ]

        assert changed == [{}] * 10

    def test_a_few_labels_are_not_enough(self) -> None:
        """However clear they are."""
        choice = choose(recent_cases(FEWEST_QUESTIONS - 1), DEFAULTS)

        assert choice.candidates == ()
        assert choice.changes == {}
        assert f"fewer than {FEWEST_QUESTIONS}" in choice.reason

    def test_a_desk_without_dates_has_no_age_to_fit(self) -> None:
        """And the weights alone decide."""
        cases = [case._replace(age_days=case.age_days * np.nan) for case in recent_cases(30)]

        choice = choose(cases, DEFAULTS, n_trials=20)

        assert [one.name for one in choice.candidates] == ["as it is", "weights"]

    def test_what_is_there_is_kept_if_it_is_as_good(self) -> None:
        """A desk that was tuned stays as it is when it is tuned again."""
        cases = recent_cases(40)
        first = choose(cases, DEFAULTS, n_trials=60)

        again = choose(cases, DEFAULTS.model_copy(update=first.changes), n_trials=60)

        assert again.changes == {}
        assert [one.name for one in again.candidates][1] == "the defaults"

    def test_titles_that_answer_are_given_weight(self) -> None:
        """The answer holds the word once in its title, the other one five times in its text."""
        cases = [titled_case(number) for number in range(40)]

        choice = choose(cases, DEFAULTS, with_bm25=True, n_trials=120)

        (bm25,) = (one for one in choice.candidates if one.name == "bm25")
        assert bm25.gain is not None
        assert bm25.gain.is_better
        assert bm25.changes["bm25_title_weight"] > DEFAULTS.bm25_title_weight

    def test_noise_in_words_changes_nothing(self) -> None:
        """Of ten desks whose answers no parameter of BM25 prefers, none gets other settings."""
        changed = []
        for seed in range(10):
            random = np.random.default_rng(seed)
            cases = [
                case._replace(words=random_words(len(case.document_ids), random))
                for case in random_cases(30, seed=seed)
            ]
            changed.append(choose(cases, DEFAULTS, with_bm25=True, n_trials=60).changes)

        assert changed == [{}] * 10

    def test_bm25_is_fitted_on_request(self) -> None:
        """Other values need a rebuild."""
        names = [
            [one.name for one in choice.candidates]
            for choice in (
                choose(recent_cases(20), DEFAULTS, with_bm25=wanted, n_trials=9)
                for wanted in (False, True)
            )
        ]

        assert "bm25" not in names[0]
        assert "bm25" in names[1]

    def test_progress_is_told_trial_by_trial(self) -> None:
        """A bar that grows to its end."""
        told: list[tuple[str, int, int]] = []

        choose(recent_cases(20), DEFAULTS, n_trials=5, progress=lambda *one: told.append(one))

        assert told[-1] == ("try settings", 6, 6)
