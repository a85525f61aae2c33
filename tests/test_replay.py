"""What a replay reports, worked by hand on a desk of a dozen documents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import log2
from typing import Any

import pytest

from kbsearch import KnowledgeBase, Ticket, TicketStatus
from kbsearch.errors import ConfigError
from kbsearch.evaluation import (
    Label,
    LabelSet,
    LabelSource,
    Question,
    ReplayReport,
    text_question,
)
from kbsearch.models import ArticleStatus, Document
from tests.builders import article, customer_says, ticket
from tests.library import EXTERNAL, INTERNAL

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def day(number: int) -> datetime:
    return MONDAY + timedelta(days=number)


def asked_on(number: int, name: str, problem: str, **fields: Any) -> Ticket:
    """A ticket, open unless it says when it was resolved."""
    told = (customer_says(problem, created_at=day(number)),)
    if "resolved_at" in fields:
        fields["status"] = TicketStatus.RESOLVED
    return ticket(name, problem, messages=told, created_at=day(number), **fields)


LAMP = article("lamp", "lamp blinks red", INTERNAL, created_at=day(0))
HISTORY: list[Document] = [
    LAMP,
    asked_on(2, "hum", "fax hums loudly today"),
    asked_on(3, "fax", "fax is strange", resolved_at=day(4)),
    asked_on(5, "door", "badge refused at door", resolved_at=day(20), duplicate_ids=("desk:C",)),
    asked_on(10, "A", "lamp blinks red", product="lamps", language="en", article_ids=("kb:lamp",)),
    asked_on(
        11,
        "B",
        "fax hums loudly today",
        product="offices",
        language="en",
        duplicate_ids=("desk:fax",),
    ),
    asked_on(12, "C", "badge refused at door", product="offices", language="de"),
]
"""A finds its article first; B its answer second; C its answer first, which was open then."""


@pytest.fixture
def history(desk: KnowledgeBase) -> KnowledgeBase:
    desk.upsert(HISTORY)
    return desk


def judged(question: Question, *ids: str) -> LabelSet:
    labels = (
        Label(question_id=question.id, document_id=one, source=LabelSource.JUDGED) for one in ids
    )
    return LabelSet(questions=(question,), labels=tuple(labels))


def ticket_question(name: str) -> Question:
    return Question(id=f"desk:{name}", ticket_id=f"desk:{name}")


def means(report: ReplayReport) -> dict[str, float]:
    assert report.overall is not None
    return {name: one.mean for name, one in report.overall.measures.items()}


class TestFigures:
    """Three questions could be answered; the first of the door's and of the fax' could not."""

    def test_are_means_over_what_was_asked(self, history: KnowledgeBase) -> None:
        """By hand: A 1, B second of all, C 1; C's answer had no fix by then."""
        report = history.replay(INTERNAL)

        assert (report.n_questions, report.n_asked, report.n_unanswerable) == (5, 3, 2)
        assert report.left_out == {}
        assert report.undated is None
        assert means(report) == pytest.approx(
            {
                "nDCG@10": (1 + 1 / log2(3) + 1) / 3,
                "R@10": 1.0,
                "Success@1": 2 / 3,
                "RR": (1 + 1 / 2 + 1) / 3,
                "answered@10": 2 / 3,
            }
        )

    def test_are_told_by_product_and_language(self, history: KnowledgeBase) -> None:
        """The most frequent first; by hand as above, of one question with the widest interval."""
        report = history.replay(INTERNAL)

        offices, lamps = report.by_product["offices"], report.by_product["lamps"]
        assert list(report.by_product) == ["offices", "lamps"]
        assert (offices.n_questions, lamps.n_questions) == (2, 1)
        assert offices.measures["RR"].mean == pytest.approx(3 / 4)
        assert offices.measures["answered@10"].mean == pytest.approx(1 / 2)
        assert (lamps.measures["RR"].low, lamps.measures["RR"].high) == (0.0, 1.0)
        assert {name: one.n_questions for name, one in report.by_language.items()} == {
            "en": 2,
            "de": 1,
        }
        assert report.by_language["de"].measures["answered@10"].mean == 0.0

    def test_have_intervals(self, history: KnowledgeBase) -> None:
        """Of equal values without width; of three ranks from the worst to the best of them."""
        overall = history.replay(INTERNAL).overall

        assert overall is not None
        recall, rank = overall.measures["R@10"], overall.measures["RR"]
        assert (recall.low, recall.high) == (1.0, 1.0)
        assert (rank.low, rank.high) == (0.5, 1.0)

    def test_look_no_deeper_than_they_are_told(self, history: KnowledgeBase) -> None:
        """By hand: B's answer is second, so that of one hit there is none."""
        report = history.replay(INTERNAL, k=1)

        found = means(report)
        assert found["R@1"] == pytest.approx(2 / 3)
        assert found["answered@1"] == pytest.approx(1 / 3)

    def test_are_of_questions_since_a_day(self, history: KnowledgeBase) -> None:
        """That very moment included."""
        assert history.replay(INTERNAL, since=day(11)).n_questions == 2
        assert history.replay(INTERNAL, since=day(13)).n_questions == 0

    def test_count_what_they_are_made_of(self, history: KnowledgeBase) -> None:
        """By hand: seven documents, of which two tickets were open first and resolved later."""
        report = history.replay(INTERNAL)

        assert (report.n_documents, report.n_versions) == (7, 9)
        assert (report.n_undated_documents, report.n_changed_articles) == (0, 0)

    def test_count_what_two_groups_share_once(self, desk: KnowledgeBase) -> None:
        """It stands on the shelf of each, and is one document that was changed once."""
        shared = LAMP.model_copy(update={"groups": ("hr", "legal"), "updated_at": day(1)})
        desk.upsert([shared, ticket("1", "badge refused", groups=("hr", "legal"))])

        report = desk.replay(INTERNAL, groups=["hr", "legal"])

        assert (report.n_documents, report.n_undated_documents) == (2, 1)
        assert report.n_changed_articles == 1

    def test_are_none_where_nothing_is_known(self, desk: KnowledgeBase) -> None:
        """A desk without documents, and one without labels."""
        assert (desk.replay(INTERNAL).n_asked, desk.replay(EXTERNAL).overall) == (0, None)
        desk.upsert([LAMP])

        report = desk.replay(INTERNAL)

        assert (report.n_questions, report.overall, report.by_product) == (0, None, {})


class TestWhatWasKnownWhen:
    """One fact of a document at a time is moved over the moment of the question."""

    def report(self, desk: KnowledgeBase, *documents: Document, names: str) -> ReplayReport:
        desk.upsert([*documents, asked_on(10, "A", "lamp blinks red")])
        return desk.replay(INTERNAL, labels=judged(ticket_question("A"), names))

    @pytest.mark.parametrize(("changed", "n_asked"), [(9, 1), (10, 0), (11, 0)])
    def test_an_article_is_seen_from_its_last_change_on(
        self, desk: KnowledgeBase, changed: int, n_asked: int
    ) -> None:
        """How it read before is not kept; what came at that moment was not there."""
        edited = LAMP.model_copy(update={"updated_at": day(changed)})

        report = self.report(desk, edited, names="kb:lamp")

        assert report.n_asked == n_asked
        assert report.left_out == ({} if n_asked else {"unknown_then": 1})
        assert report.n_changed_articles == 1

    @pytest.mark.parametrize("status", [ArticleStatus.DRAFT, ArticleStatus.ARCHIVED])
    def test_what_is_no_longer_published_is_not_found(
        self, desk: KnowledgeBase, status: ArticleStatus
    ) -> None:
        """Nobody knows when it was taken back."""
        hidden = LAMP.model_copy(update={"status": status})

        assert self.report(desk, hidden, names="kb:lamp").left_out == {"unknown_then": 1}

    @pytest.mark.parametrize(("resolved", "answered"), [(9, 1.0), (10, 0.0), (11, 0.0)])
    def test_a_ticket_is_an_answer_once_it_is_resolved(
        self, desk: KnowledgeBase, resolved: int, answered: float
    ) -> None:
        """Before it is found as well, and says only that others have it."""
        other = asked_on(1, "old", "lamp blinks red", resolved_at=day(resolved))

        found = means(self.report(desk, other, names="desk:old"))

        assert found["Success@1"] == 1.0
        assert found["answered@10"] == answered

    def test_a_forgotten_or_unknown_answer_is_gone(self, desk: KnowledgeBase) -> None:
        """As that of a file of judgements of another desk."""
        assert self.report(desk, names="kb:else").left_out == {"gone": 1}

    def test_an_answer_without_a_date_is_seen_by_no_question_of_the_past(
        self, desk: KnowledgeBase
    ) -> None:
        """It may be older or newer."""
        report = self.report(desk, LAMP.model_copy(update={"created_at": None}), names="kb:lamp")

        assert report.left_out == {"undated": 1}
        assert report.n_undated_documents == 1

    @pytest.mark.parametrize(("kind", "reason"), [("article", "other_kind"), ("ticket", None)])
    def test_what_is_of_another_kind_than_asked_for_is_said_so(
        self, desk: KnowledgeBase, kind: str, reason: str | None
    ) -> None:
        """It was there, and as it is now: another reason would send people to look for edits."""
        desk.upsert([asked_on(1, "old", "lamp blinks red"), asked_on(10, "A", "lamp blinks red")])
        labels = judged(ticket_question("A"), "desk:old")

        report = desk.replay(INTERNAL, labels=labels, kind=kind)  # type: ignore[arg-type]

        assert report.left_out == ({reason: 1} if reason else {})
        assert report.n_asked == (0 if reason else 1)


class TestUndatedQuestions:
    """They are put to the desk as it is now, and reported apart."""

    def test_see_what_came_last(self, history: KnowledgeBase) -> None:
        """By hand: the answer that no question of the past sees is found first by one of today."""
        history.upsert([article("new", "toner smells burnt", INTERNAL)])
        asked = text_question("toner smells burnt", INTERNAL)

        report = history.replay(INTERNAL, labels=judged(asked, "kb:new"))

        assert report.overall is None
        assert report.undated is not None
        assert report.undated.n_questions == report.n_asked == 1
        assert report.undated.measures["Success@1"].mean == 1.0
        assert (report.by_product, report.by_language) == ({}, {})

    def test_of_tickets_leave_the_ticket_out(self, desk: KnowledgeBase) -> None:
        """It would find itself; its article is first."""
        desk.upsert([LAMP, ticket("A", "lamp blinks red", article_ids=("kb:lamp",))])

        report = desk.replay(INTERNAL)

        assert report.undated is not None
        assert list(report.run["desk:A"]) == ["kb:lamp"]

    def test_are_not_asked_since_a_day(self, desk: KnowledgeBase) -> None:
        """Nobody knows whether they came then."""
        desk.upsert([LAMP, ticket("A", "lamp blinks red", article_ids=("kb:lamp",))])

        assert desk.replay(INTERNAL, since=day(-999)).n_questions == 0


class TestMergedTickets:
    """`similar` leaves out what was merged with the ticket that asks."""

    def test_were_two_tickets_before(self, desk: KnowledgeBase) -> None:
        """The younger came before the merge: what was found then is what it was merged with."""
        older = asked_on(1, "old", "lamp blinks red", resolved_at=day(2))
        desk.upsert([older, asked_on(10, "A", "lamp blinks red", merged_ids=("desk:old",))])

        report = desk.replay(INTERNAL)

        assert (report.n_asked, report.n_unanswerable) == (1, 1)
        assert means(report)["Success@1"] == 1.0

    @pytest.mark.parametrize("named_by", ["A", "B"])
    def test_are_no_answers_of_today(self, desk: KnowledgeBase, named_by: str) -> None:
        """Whichever names the other: what cannot be found is no failure, and is told."""
        links = {named_by: ("desk:B" if named_by == "A" else "desk:A",)}
        merged = [ticket(n, "lamp blinks red", merged_ids=links.get(n, ())) for n in "AB"]
        desk.upsert([*merged, ticket("C", "lamp blinks green", duplicate_ids=("desk:A",))])

        report = desk.replay(INTERNAL)

        assert report.left_out == {"merged": 1}
        assert list(report.run["desk:A"]) == ["desk:C"]
        assert report.measured is not None
        assert report.measured.mean("nDCG@10") == 1.0

    def test_are_left_out_as_similar_does(self, desk: KnowledgeBase) -> None:
        """Over any number of steps, and of what else answers nothing is lost."""
        chain = [
            ticket("A", "lamp blinks red"),
            ticket("B", "lamp blinks red", merged_ids=("desk:A",)),
            ticket("C", "lamp blinks red", merged_ids=("desk:B",), duplicate_ids=("desk:D",)),
            ticket("D", "lamp blinks green"),
        ]
        desk.upsert(chain)
        hits = desk.searcher(INTERNAL).similar("desk:A", resolved_only=False).hits

        report = desk.replay(INTERNAL, labels=judged(ticket_question("A"), "desk:C", "desk:D"))

        assert list(report.run["desk:A"]) == [hit.id for hit in hits] == ["desk:D"]
        assert report.measured is not None
        assert report.measured.mean("R@10") == 1.0


class TestWrongUse:
    """Told before anything is read."""

    @pytest.mark.parametrize(
        ("wrong", "reason"),
        [
            ({"k": True}, "k = True. Use 1 to 100"),
            ({"kind": "letters"}, "Kind 'letters' is not known; give one of: article, ticket"),
            ({"labels": ["desk:A"]}, "takes labels as a LabelSet, and this is a list"),
            ({"since": "2026-03-02"}, "is no time"),
        ],
    )
    def test_is_refused(self, desk: KnowledgeBase, wrong: dict[str, Any], reason: str) -> None:
        """With what to give instead."""
        with pytest.raises(ConfigError, match=reason):
            desk.replay(INTERNAL, **wrong)

    @pytest.mark.parametrize("growth", [-0.1, float("nan"), float("inf")])
    def test_of_growth_is_refused(self, desk: KnowledgeBase, growth: float) -> None:
        """No moment could be found for the next measure."""
        with pytest.raises(ConfigError, match="Use a share of 0 or more"):
            desk.history(INTERNAL, growth=growth)
