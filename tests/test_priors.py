"""What speaks against a document whatever is asked, and how little it weighs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from kbsearch import Audience, KnowledgeBase, RankingSettings, Ticket, TicketStatus
from kbsearch.models import Satisfaction, Stage
from kbsearch.rank import Circumstances, prior_factors
from kbsearch.search import Searcher
from tests.builders import article, resolved_ticket, ticket
from tests.library import ids, index

INTERNAL = Audience.INTERNAL
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PROBLEM = "The badge reader beeps twice and stays red"
BAD_OUTCOMES: list[dict[str, Any]] = [
    {"n_reopenings": 2},
    {"satisfaction": Satisfaction.BAD},
    {"followup_ids": ("desk:later",)},
]
GOOD_OUTCOME: dict[str, Any] = {"n_reopenings": 0, "satisfaction": Satisfaction.GOOD}


def known(n: int = 1, **told: list[bool]) -> Circumstances:
    """Of n documents of which nothing is known but what is told."""
    no = [False] * n
    return Circumstances(
        is_open_ticket=np.array(told.get("is_open_ticket", no)),
        has_bad_outcome=np.array(told.get("has_bad_outcome", no)),
        is_out_of_date=np.array(told.get("is_out_of_date", no)),
        speaks_other=np.array(told.get("speaks_other", no)),
        age_days=np.full(n, np.nan, dtype=np.float32),
    )


def searcher_at(desk: KnowledgeBase, now: datetime, **settings: float) -> Searcher:
    ranking = RankingSettings.model_validate(settings)
    return desk.searcher(INTERNAL, ranking=ranking, clock=lambda: now)


class TestFactors:
    """Worked by hand."""

    def test_factors_are_multiplied(self) -> None:
        """Open and in another language: .9 of .5."""
        settings = RankingSettings(open_ticket_prior=0.9, other_language_prior=0.5)
        two = known(2, is_open_ticket=[True, True], speaks_other=[True, False])

        assert prior_factors(two, settings).tolist() == pytest.approx([0.45, 0.9])

    def test_what_is_open_again_is_lowered_for_both(self) -> None:
        """Resolved and reopened .8; reopened and open .9 of .8."""
        settings = RankingSettings(open_ticket_prior=0.9, bad_outcome_prior=0.8)
        three = known(3, is_open_ticket=[False, True, False], has_bad_outcome=[True, True, False])

        assert prior_factors(three, settings).tolist() == pytest.approx([0.8, 0.72, 1])

    def test_age_halves_with_each_half_life(self) -> None:
        """By hand: 0, 30, 60 days at 30: 1, 1/2, 1/4; what is of tomorrow or no day: 1."""
        aged = known(5)._replace(age_days=np.array([0, 30, 60, -1, np.nan], dtype=np.float32))

        halved = prior_factors(aged, RankingSettings(recency_half_life_days=30, recency_share=1))

        assert halved.tolist() == pytest.approx([1, 0.5, 0.25, 1, 1])
        assert prior_factors(aged, RankingSettings()).tolist() == [1] * 5

    def test_age_takes_no_more_than_its_share(self) -> None:
        """By hand, of 0.4: half of it after a half-life, all of it after very many."""
        aged = known(3)._replace(age_days=np.array([0, 30, 3e5], dtype=np.float32))

        factors = prior_factors(aged, RankingSettings(recency_half_life_days=30, recency_share=0.4))

        assert factors.tolist() == pytest.approx([1, 0.8, 0.6])

    def test_the_oldest_document_still_counts(self) -> None:
        """A factor of 0 would drop a hit instead of ranking it last."""
        aged = known()._replace(age_days=np.array([1e9], dtype=np.float32))

        factors = prior_factors(aged, RankingSettings(recency_half_life_days=1, recency_share=1))

        assert factors.tolist() == pytest.approx([0.001])


@pytest.mark.parametrize("where", ["delta", "snapshot"])
class TestOnADesk:
    """Of documents that answer equally well, the one that nothing speaks against is first."""

    def test_a_resolved_ticket_comes_before_an_open_one(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """An open one with the same words would be first by its id."""
        resolved = ticket("b", PROBLEM, status=TicketStatus.RESOLVED)
        index(desk, [ticket("a", PROBLEM), resolved], where)

        ranked = desk.searcher(INTERNAL).rank(PROBLEM)

        assert [one.id for one in ranked] == ["desk:b", "desk:a"]
        assert ranked[0].scores.shares[Stage.PRIOR] == 0
        indifferent = searcher_at(desk, NOON, open_ticket_prior=1.0).rank(PROBLEM)
        assert [one.id for one in indifferent] == ["desk:a", "desk:b"]

    @pytest.mark.parametrize("outcome", BAD_OUTCOMES, ids=lambda outcome: next(iter(outcome)))
    def test_a_ticket_whose_answer_held_comes_before_one_whose_did_not(
        self, desk: KnowledgeBase, where: str, outcome: dict[str, Any]
    ) -> None:
        """By hand: .97 by default. The other way round for who says that it does not matter."""
        failed = resolved_ticket("a", PROBLEM, "Change the battery.", **outcome)
        held = resolved_ticket("b", PROBLEM, "Change the battery.", **GOOD_OUTCOME)
        index(desk, [failed, held], where)

        first, second = desk.searcher(INTERNAL).rank(PROBLEM)

        assert (first.id, second.id) == ("desk:b", "desk:a")
        assert first.scores.shares[Stage.PRIOR] == 0
        assert second.score == pytest.approx(0.97 * first.score)
        indifferent = searcher_at(desk, NOON, bad_outcome_prior=1.0).rank(PROBLEM)
        assert [one.id for one in indifferent] == ["desk:a", "desk:b"]

    def test_customers_order_knows_nothing_of_outcomes(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """By id alone, with equal scores, however strong the prior; staff's own order shows it."""
        public = {"published": True, "public_subject": "Badge reader"}
        failed = resolved_ticket("a", PROBLEM, "Change it.", **public, **BAD_OUTCOMES[0])
        held = resolved_ticket("b", PROBLEM, "Change it.", **public, **GOOD_OUTCOME)
        index(desk, [failed, held], where)
        ranking = RankingSettings(bad_outcome_prior=0.1)

        customers, staff = (
            desk.searcher(audience, ranking=ranking).rank(PROBLEM)
            for audience in (Audience.EXTERNAL, INTERNAL)
        )

        assert [one.id for one in customers] == ["desk:a", "desk:b"]
        assert customers[0].scores == customers[1].scores
        assert [one.id for one in staff] == ["desk:b", "desk:a"]

    def test_what_is_lowered_is_what_did_not_work(self, desk: KnowledgeBase, where: str) -> None:
        """The order and the record of a fix go by one notion of how it went."""
        outcomes = [*BAD_OUTCOMES, GOOD_OUTCOME, {}]
        tickets = [
            resolved_ticket(str(number), PROBLEM, "Change the battery.", **outcome)
            for number, outcome in enumerate(outcomes)
        ]
        index(desk, tickets, where)

        found = desk.searcher(INTERNAL).similar(Ticket.draft(PROBLEM))

        (fix,) = found.fixes
        n_lowered = sum(hit.scores.shares[Stage.PRIOR] < 0 for hit in found.hits)
        assert (fix.n_tried, fix.n_worked, n_lowered) == (5, 2, 3)

    def test_a_ticket_that_is_reopened_falls_with_the_next_write(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """The outcome is the newest one, and an article has none."""
        index(
            desk, [resolved_ticket("a", PROBLEM, "Wait."), article("a", PROBLEM, INTERNAL)], where
        )
        searcher = searcher_at(desk, NOON, bad_outcome_prior=0.5)
        before = {hit.id: hit.scores.shares[Stage.PRIOR] for hit in searcher.search(PROBLEM)}

        desk.upsert([resolved_ticket("a", PROBLEM, "Wait.", n_reopenings=1)])
        after = {hit.id: hit.scores.shares[Stage.PRIOR] for hit in searcher.search(PROBLEM)}

        assert before == {"desk:a": 0, "kb:a": 0}
        assert after["desk:a"] < -0.1
        assert after["kb:a"] == 0

    def test_the_share_is_what_the_factor_takes(self, desk: KnowledgeBase, where: str) -> None:
        """A factor of .9 takes a tenth of what the stages before it gave."""
        index(desk, [ticket("a", PROBLEM)], where)

        (hit,) = searcher_at(desk, NOON, open_ticket_prior=0.9).search(PROBLEM)

        given = sum(share for share in hit.scores.shares.values() if share > 0)
        assert hit.scores.shares[Stage.PRIOR] == pytest.approx(-0.1 * given)
        assert hit.score == pytest.approx(0.9 * given)

    def test_staff_find_an_outdated_article_behind_a_valid_one(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """They may look for it; but it is not the answer."""
        until = NOON + timedelta(days=1)
        old = article("a", f"{PROBLEM}. Call the lodge.", INTERNAL, valid_until=until)
        new = article("b", f"{PROBLEM}. Call the porter.", INTERNAL)
        index(desk, [old, new], where)

        before, after = (
            ids(searcher_at(desk, NOON + timedelta(days=days)).search(f"{PROBLEM} call lodge"))
            for days in (0, 2)
        )

        assert before == ["kb:a", "kb:b"]
        assert after == ["kb:b", "kb:a"]

    def test_age_counts_where_it_is_asked_for(self, desk: KnowledgeBase, where: str) -> None:
        """Off by default: an old answer is as right as ever, unless a desk knows better."""
        old = article("a", f"{PROBLEM}. Call the lodge.", INTERNAL, created_at=NOON)
        late = NOON + timedelta(days=300)
        new = article("b", f"{PROBLEM}. Call the porter.", INTERNAL, created_at=late)
        index(desk, [old, new], where)
        query = f"{PROBLEM} call lodge"

        assert ids(searcher_at(desk, late).search(query))[0] == "kb:a"
        assert ids(searcher_at(desk, late, recency_half_life_days=90).search(query))[0] == "kb:b"

    def test_of_what_is_very_old_the_more_relevant_still_comes_first(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """Three years are 36 half-lives: 2⁻³⁶ would be lost to rounding, and the hit with it."""
        better = article("b", f"{PROBLEM}. Call the lodge.", INTERNAL, created_at=NOON)
        worse = article("a", f"{PROBLEM}. Call the porter.", INTERNAL, created_at=NOON)
        index(desk, [better, worse], where)
        late = NOON + timedelta(days=1080)
        searcher = searcher_at(desk, late, recency_half_life_days=30, recency_share=1.0)

        first, second = searcher.search(f"{PROBLEM} call lodge")

        assert (first.id, second.id) == ("kb:b", "kb:a")
        for hit in (first, second):
            given = sum(share for share in hit.scores.shares.values() if share > 0)
            assert hit.score == pytest.approx(0.001 * given)

    def test_explain_names_the_factor_of_an_outcome(self, desk: KnowledgeBase, where: str) -> None:
        """Likewise why a resolved ticket stands lower."""
        index(desk, [resolved_ticket("a", PROBLEM, "Wait.", n_reopenings=1)], where)

        told = searcher_at(desk, NOON, bad_outcome_prior=0.8).explain(PROBLEM, "desk:a")

        stage = next(one for one in told.stages if one.stage is Stage.PRIOR)
        given = sum(one.share for one in told.stages if one.share > 0)
        assert stage.signal == pytest.approx(0.8)
        assert stage.share == pytest.approx(-0.2 * given)

    def test_explain_names_the_factor(self, desk: KnowledgeBase, where: str) -> None:
        """Whoever wonders why an open ticket stands lower sees by how much."""
        index(desk, [ticket("a", PROBLEM)], where)

        told = searcher_at(desk, NOON, open_ticket_prior=0.9).explain(PROBLEM, "desk:a")

        stage = next(one for one in told.stages if one.stage is Stage.PRIOR)
        assert stage.signal == pytest.approx(0.9)
        assert stage.share < 0
        assert told.score == pytest.approx(sum(one.share for one in told.stages), abs=1e-6)
