"""Votes and clicks as labels: corrected for the place, and for who says too much."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from kbsearch.evaluation import Examination, click_shares, feedback_labels
from kbsearch.models import Audience, Feedback, FeedbackKind

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
RELEVANCE = {"kb:a": 0.30, "kb:b": 0.10, "kb:c": 0.20, "kb:d": 0.90, "kb:e": 0.60}
PAGE = tuple(RELEVANCE)


def vote(by: str | None, document: str, helpful: bool = True, **changed: object) -> Feedback:
    given = Feedback(
        at=NOON,
        kind=FeedbackKind.VOTE,
        question="vpn",
        document_id=document,
        by=by,
        is_helpful=helpful,
        shelf="external",
    )
    return given.model_copy(update=changed)


def page(by: str, clicked: str | None = None, shown: Sequence[str] = PAGE) -> Feedback:
    kind = FeedbackKind.SHOWN if clicked is None else FeedbackKind.CLICK
    return Feedback(
        at=NOON,
        kind=kind,
        question="vpn",
        document_id=clicked,
        by=by,
        shown=dict(enumerate(shown, start=1)),
        shelf="external",
    )


def clicks_of_people(n: int, *, eta: float, seed: int) -> Iterator[Feedback]:
    """People who look at place p with the chance 1 / p ** eta and open what they find relevant."""
    drawn = random.Random(seed)
    for person in range(n):
        opened = [
            document
            for place, document in enumerate(PAGE, start=1)
            if drawn.random() < place**-eta and drawn.random() < RELEVANCE[document]
        ]
        yield page(f"p{person}")
        yield from (page(f"p{person}", document) for document in opened)


def relevance_of(*given: Feedback, **assumed: object) -> dict[str, int]:
    labels = feedback_labels(given, Audience.EXTERNAL, Examination(**assumed)).labels
    return {one.document_id: one.relevance for one in labels}


class TestPositionBias:
    """What stands high is opened because it stands high."""

    @pytest.mark.parametrize("eta", [0.7, 1.0])
    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_the_corrected_share_is_the_true_relevance_and_the_raw_one_is_not(
        self, eta: float, seed: int
    ) -> None:
        """4,000 people, the best document on place 4, where one in four looks."""
        shares = click_shares(clicks_of_people(4000, eta=eta, seed=seed), Examination(eta=eta))

        corrected = {d: shares["vpn", d].corrected for d in PAGE}
        raw = {d: shares["vpn", d].raw for d in PAGE}
        assert corrected == pytest.approx(RELEVANCE, abs=0.06)
        assert sorted(PAGE, key=corrected.__getitem__) == sorted(PAGE, key=RELEVANCE.__getitem__)
        assert raw["kb:d"] == pytest.approx(0.90 * 4**-eta, abs=0.04)
        assert raw["kb:d"] < raw["kb:a"] * (1.3 if eta == 1.0 else 1.7)
        assert raw != pytest.approx(RELEVANCE, abs=0.2)

    def test_by_hand(self) -> None:
        """Opened by one of two on place 4, where one in four looks: 0.5 / 0.25, at most 1."""
        shares = click_shares([page("1", "kb:d"), page("2", "kb:a")])

        assert shares["vpn", "kb:d"].raw == 0.5
        assert shares["vpn", "kb:d"].corrected == 1.0
        assert shares["vpn", "kb:a"].corrected == 0.5
        assert shares["vpn", "kb:b"].corrected == 0.0

    def test_a_click_far_down_is_worth_ten_at_most(self) -> None:
        """Clipped: place 100 is taken to be looked at by one in ten."""
        assert [Examination().chance(place) for place in (1, 2, 10, 100)] == [1, 0.5, 0.1, 0.1]

    def test_what_was_shown_and_not_opened_is_no_label(self) -> None:
        """Nobody said that it is wrong: else the first ranking would confirm itself for ever."""
        given = [page(str(n), "kb:a") for n in range(9)]

        assert relevance_of(*given) == {"kb:a": 1}

    def test_pages_on_which_nothing_was_opened_count(self) -> None:
        """Two of forty who were shown it on the first place opened it: too few."""
        opened = [page("1", "kb:a"), page("2", "kb:a")]

        assert relevance_of(*opened) == {"kb:a": 1}
        assert relevance_of(*opened, *(page(f"n{n}") for n in range(38))) == {}


class TestFlooding:
    """One person, however much they say."""

    def test_who_votes_for_everything_is_worth_a_day_of_votes(self) -> None:
        """1,000 questions at twenty a day weigh 0.02 each: none becomes a label alone."""
        flood = [vote("7", "kb:bad", question=f"question {n}") for n in range(1000)]

        assert feedback_labels(flood, Audience.EXTERNAL).labels == ()
        assert len(feedback_labels(flood[:20], Audience.EXTERNAL).labels) == 20

    def test_who_votes_for_weeks_is_worth_two_hundred_votes(self) -> None:
        """Twenty a day for a hundred days: a tenth each."""
        flood = [
            vote("7", "kb:bad", question=f"{n}", at=NOON + timedelta(days=n // 20))
            for n in range(2000)
        ]

        assert feedback_labels(flood, Audience.EXTERNAL).labels == ()

    def test_others_are_heard_beside_a_flood(self) -> None:
        """Two people against one who says the contrary of everything, a thousand times."""
        flood = [vote("7", "kb:bad", question=f"question {n}") for n in range(999)]
        against = [vote("7", "kb:good", helpful=False)]
        others = [vote("8", "kb:good"), vote("9", "kb:good")]

        found = feedback_labels([*flood, *against, *others], Audience.EXTERNAL).labels

        assert [(one.document_id, one.relevance) for one in found] == [("kb:good", 2)]

    def test_the_newest_vote_of_a_person_counts(self) -> None:
        """In whatever order they arrive, and however the question is capitalised."""
        older = vote("7", "kb:a", helpful=False)
        newer = vote("7", "kb:a", at=NOON + timedelta(hours=1), question="VPN")

        assert relevance_of(older, newer) == relevance_of(newer, older) == {"kb:a": 2}

    def test_all_who_are_unknown_are_one(self) -> None:
        """Leaving the name out is no way to vote twice."""
        nobody = [vote(None, "kb:a", at=NOON + timedelta(hours=n)) for n in range(50)]

        assert relevance_of(*nobody, vote("1", "kb:a", False), vote("2", "kb:a", False)) == {
            "kb:a": 0
        }

    def test_one_person_alone_makes_no_label_of_clicks(self) -> None:
        """However often they open it."""
        assert relevance_of(*[page("7", "kb:a")] * 100) == {}
        assert relevance_of(page("7", "kb:a"), page("8", "kb:a")) == {"kb:a": 1}

    def test_votes_go_before_clicks(self) -> None:
        """Opened by two, and of no help to either."""
        clicks = [page("7", "kb:a"), page("8", "kb:a")]

        assert relevance_of(*clicks, vote("7", "kb:a", False), vote("8", "kb:a", False)) == {
            "kb:a": 0
        }


def test_no_feedback_makes_no_labels() -> None:
    """An empty set, and no division by nothing."""
    assert feedback_labels([], Audience.EXTERNAL).labels == ()
    assert click_shares([]) == {}
