"""Labels from what people linked when they closed tickets."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import pytest

from kbsearch import Audience, Resolution, Satisfaction, Ticket, TicketStatus
from kbsearch.evaluation import LabelSet, LabelSource, mine_labels
from kbsearch.evaluation.mining import has_confirmed_fix
from kbsearch.models import ArticleStatus, Document
from tests.builders import agent_says, article, customer_says, resolved_ticket, ticket
from tests.library import EXTERNAL, INTERNAL

Found = dict[tuple[str, str], tuple[LabelSource, int]]


def mined(*documents: Document, shown: list[str] | None = None) -> LabelSet:
    return mine_labels(documents, INTERNAL, shown=shown)


def found(labels: LabelSet) -> Found:
    """By question and document, each without its `desk:`."""
    return {
        (one.question_id.removeprefix("desk:"), one.document_id.removeprefix("desk:")): (
            one.source,
            one.relevance,
        )
        for one in labels.labels
    }


def pairs(labels: LabelSet) -> set[tuple[str, str]]:
    return set(found(labels))


class TestDirections:
    """Who is asked, and what answers."""

    def test_duplicates_answer_each_other(self) -> None:
        """Which of two was called the duplicate says nothing of which was asked first."""
        labels = mined(ticket("1", "no dial tone", duplicate_ids=("desk:2",)), ticket("2", "mute"))

        assert found(labels) == {
            ("1", "2"): (LabelSource.DUPLICATE, 1),
            ("2", "1"): (LabelSource.DUPLICATE, 1),
        }

    def test_duplicates_of_one_ticket_answer_each_other_too(self) -> None:
        """Two reports of one problem, both closed for a third, are reports of one problem."""
        labels = mined(
            ticket("1", "no dial tone", duplicate_ids=("desk:3",)),
            ticket("2", "mute", duplicate_ids=("desk:3",)),
            ticket("3", "line dead"),
        )

        assert pairs(labels) == set(permutations("123", 2))

    def test_duplicates_of_a_ticket_that_is_gone_still_answer_each_other(self) -> None:
        """The one that joins them may have been deleted; it is no answer itself."""
        labels = mined(
            ticket("1", "no dial tone", duplicate_ids=("desk:3",)),
            ticket("2", "mute", duplicate_ids=("desk:3",)),
        )

        assert pairs(labels) == {("1", "2"), ("2", "1")}

    def test_merged_tickets_are_groups_of_their_own(self) -> None:
        """Merges and duplicates are measured apart: `similar` leaves merged ones out."""
        labels = mined(
            ticket("1", "no dial tone", merged_ids=("desk:2",)),
            ticket("2", "mute", duplicate_ids=("desk:3",)),
            ticket("3", "line dead"),
        )

        assert pairs(labels) == {("1", "2"), ("2", "1"), ("2", "3"), ("3", "2")}
        assert found(labels)["1", "2"] == (LabelSource.MERGED, 1)

    def test_a_problem_answers_its_incident_and_not_the_other_way(self) -> None:
        """An incident does not say how the problem was solved."""
        labels = mined(ticket("1", "no dial tone", problem_ids=("desk:9",)), ticket("9", "outage"))

        assert found(labels) == {("1", "9"): (LabelSource.PROBLEM, 1)}

    def test_the_earlier_ticket_answers_its_followup(self) -> None:
        """The link stands in the earlier one."""
        labels = mined(ticket("1", "no dial tone", followup_ids=("desk:2",)), ticket("2", "again"))

        assert found(labels) == {("2", "1"): (LabelSource.FOLLOWUP, 1)}

    def test_an_article_answers_the_ticket_that_links_it(self) -> None:
        """Articles are never asked."""
        labels = mined(
            ticket("1", "no dial tone", article_ids=("kb:phone",)),
            article("phone", "Plug the handset in again", EXTERNAL),
        )

        assert found(labels) == {("1", "kb:phone"): (LabelSource.ARTICLE, 1)}

    def test_related_tickets_are_no_answers(self) -> None:
        """Control: a link of another meaning, which must not be taken for one."""
        labels = mined(ticket("1", "no dial tone", related_ids=("desk:2",)), ticket("2", "mute"))

        assert labels == LabelSet()


class TestWhatStandsHere:
    """Nothing is asked or expected that cannot be found."""

    def test_links_to_what_is_not_here_are_no_labels(self) -> None:
        """A search that cannot find it would be blamed for it."""
        links = {
            "duplicate_ids": ("desk:gone",),
            "problem_ids": ("desk:gone",),
            "followup_ids": ("desk:gone",),
            "article_ids": ("kb:gone",),
        }

        assert mined(ticket("1", "no dial tone", **links)) == LabelSet()

    @pytest.mark.parametrize("status", [ArticleStatus.DRAFT, ArticleStatus.ARCHIVED])
    def test_what_no_search_shows_is_no_answer(self, status: ArticleStatus) -> None:
        """A draft or an archived article would count as missed by every ranking."""
        hidden = article("old", "Check the cable", INTERNAL, status=status)

        assert mined(ticket("1", "no dial tone", article_ids=("kb:old",)), hidden) == LabelSet()

    def test_a_ticket_is_no_answer_to_itself(self) -> None:
        """Some exports link a ticket with itself."""
        own = ("desk:1",)
        one = ticket("1", "x", duplicate_ids=own, merged_ids=own, problem_ids=own, followup_ids=own)

        assert mined(one) == LabelSet()

    def test_what_has_the_wrong_kind_is_no_answer(self) -> None:
        """An article among duplicates, a ticket among articles: some importer's slip."""
        labels = mined(
            ticket("1", "no dial tone", duplicate_ids=("kb:phone",), article_ids=("desk:2",)),
            ticket("2", "mute"),
            article("phone", "Plug the handset in again", INTERNAL),
        )

        assert labels == LabelSet()

    def test_what_is_not_shown_is_neither_asked_nor_found(self) -> None:
        """Of five links, one is between two that are shown."""
        tickets = (
            ticket("1", "no dial tone", duplicate_ids=("desk:2", "desk:3"), article_ids=("kb:a",)),
            ticket("2", "mute"),
            ticket("3", "line dead", article_ids=("kb:a",)),
            article("a", "Plug the handset in again", INTERNAL),
        )

        labels = mined(*tickets, shown=["desk:1", "desk:2"])

        assert pairs(labels) == {("1", "2"), ("2", "1")}

    def test_of_two_faces_the_first_is_found_and_the_links_of_both_count(self) -> None:
        """What customers are shown tells no fix here, and staff's face alone has the link."""
        shown = [ticket("1", "no dial tone"), ticket("2", "mute")]
        staffs = [ticket("1", "x", duplicate_ids=("desk:2",)), fixed()]

        assert found(mined(*shown, *staffs))["1", "2"] == (LabelSource.DUPLICATE, 1)
        assert found(mined(*staffs, *shown))["1", "2"] == (LabelSource.DUPLICATE, 2)

    def test_nothing_gives_nothing(self) -> None:
        """An empty desk, and one without links."""
        assert mined() == mined(ticket("1", "no dial tone")) == LabelSet()


class TestQuestions:
    """Tickets, as they stand on the desk."""

    def test_are_tickets_with_their_date_and_audience(self) -> None:
        """Replay asks each at the time at which it was created."""
        at = datetime(2026, 3, 2, tzinfo=UTC)

        labels = mine_labels(
            [ticket("1", "x", duplicate_ids=("desk:2",), created_at=at), ticket("2", "y")],
            Audience.EXTERNAL,
        )

        first, second = labels.questions
        assert (first.id, first.ticket_id, first.text) == ("desk:1", "desk:1", None)
        assert (first.asked_at, second.asked_at) == (at, None)
        assert {first.audience, second.audience} == {Audience.EXTERNAL}

    def test_are_the_same_in_whatever_order_documents_come(self) -> None:
        """A desk that was imported otherwise has the same labels, to the byte."""
        documents: list[Document] = [
            ticket("1", "a", duplicate_ids=("desk:3",), article_ids=("kb:a", "kb:b")),
            ticket("2", "b", duplicate_ids=("desk:3",), problem_ids=("desk:1",)),
            ticket("3", "c", followup_ids=("desk:1",), merged_ids=("desk:2",)),
            article("a", "x y", INTERNAL),
            article("b", "x z", EXTERNAL),
        ]
        found = {
            mine_labels(order, INTERNAL).model_dump_json() for order in permutations(documents)
        }

        assert len(found) == 1


class TestLargeGroups:
    """Where all pairs would be too many."""

    @pytest.mark.parametrize(("n", "n_labels"), [(100, 100 * 99), (101, 2 * 100)])
    def test_only_what_was_linked_itself_is_a_label(self, n: int, n_labels: int) -> None:
        """By hand: of 100 tickets all pairs, each way; of 101 the 100 links, each way."""
        others = [ticket(f"{i}", "x", duplicate_ids=("desk:0",)) for i in range(1, n)]

        assert len(mined(ticket("0", "x"), *others).labels) == n_labels


def fixed(**fields: object) -> Ticket:
    return resolved_ticket("2", "mute", "Plug the handset in again", **fields)


class TestConfirmedFixes:
    """A label is worth 2 if what is found tells what to do."""

    def test_make_an_answer_worth_more(self) -> None:
        """By hand: 2 was fixed, 1 was not."""
        labels = mined(ticket("1", "no dial tone", duplicate_ids=("desk:2",)), fixed())

        assert found(labels)["1", "2"] == (LabelSource.DUPLICATE, 2)
        assert found(labels)["2", "1"] == (LabelSource.DUPLICATE, 1)

    def test_make_the_article_worth_more_that_was_given(self) -> None:
        """The ticket says whether the article helped."""
        labels = mined(
            fixed(article_ids=("kb:a",)),
            ticket("3", "no dial tone", article_ids=("kb:a",)),
            article("a", "Plug the handset in again", INTERNAL),
        )

        assert found(labels)["2", "kb:a"] == (LabelSource.ARTICLE, 2)
        assert found(labels)["3", "kb:a"] == (LabelSource.ARTICLE, 1)

    def test_are_stated_and_never_taken_back(self) -> None:
        """Reopened, or a dissatisfied asker: it did not help."""
        assert has_confirmed_fix(fixed())
        assert has_confirmed_fix(fixed(n_reopenings=0, satisfaction=Satisfaction.GOOD))
        assert not has_confirmed_fix(fixed(n_reopenings=1))
        assert not has_confirmed_fix(fixed(satisfaction=Satisfaction.BAD))
        assert not has_confirmed_fix(fixed().model_copy(update={"status": TicketStatus.OPEN}))

    def test_may_be_a_reply_that_its_asker_was_content_with(self) -> None:
        """A last reply alone may be "we shall look into it"."""
        replied = ticket(
            "1",
            "x",
            messages=(customer_says("mute"), agent_says("Plug it in", public=True)),
            status=TicketStatus.RESOLVED,
        )

        assert not has_confirmed_fix(replied)
        assert has_confirmed_fix(replied.model_copy(update={"satisfaction": Satisfaction.GOOD}))
        assert not has_confirmed_fix(
            ticket("1", "x", status=TicketStatus.CLOSED, satisfaction=Satisfaction.GOOD)
        )

    def test_are_not_blank(self) -> None:
        """Some exports have an empty field for the solution."""
        blank = ticket("1", "x", status=TicketStatus.CLOSED, resolution=Resolution(text=" "))

        assert not has_confirmed_fix(blank)
