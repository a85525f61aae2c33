"""What staff know and customers have asked for: demand, obstacles, overlap, and publishing it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kbsearch import Filters, KnowledgeBase, TicketStatus
from kbsearch.errors import ConfigError
from kbsearch.models import Promotion
from tests.builders import agent_says, article, customer_says, resolved_ticket, ticket
from tests.library import EXTERNAL, INTERNAL, ids

LID = article(
    "lid",
    "The tunnel drops when the lid is closed. Reset it on edge-03.kettle.internal first. "
    "Then set the adapter to stay awake.",
    INTERNAL,
    title="Tunnel drops when the lid is closed",
)
SCANNER = article("scanner", "The scanner finds the folder after a restart.", EXTERNAL)
SCANNER_NOTES = article("scanner-staff", "Scanner vendor is slow to answer mails.", INTERNAL)
ASKED = "the tunnel drops when I close the lid"


def only(promotions: tuple[Promotion, ...]) -> Promotion:
    """The one promotion there is."""
    (one,) = promotions
    return one


class TestDemand:
    """An internal document is wanted where customers' shelf has nothing nearly as good."""

    def test_a_question_that_only_staff_can_answer_wants_their_article(
        self, desk: KnowledgeBase
    ) -> None:
        """With the question, and how far the best public answer is behind."""
        desk.upsert([LID, SCANNER, SCANNER_NOTES])

        report = desk.promotions([ASKED])

        wanted = only(report.promotions)
        assert (wanted.document_id, wanted.needs_writing) == ("kb:lid", False)
        assert [(d.question, d.ticket_id) for d in wanted.demand] == [(ASKED, None)]
        assert wanted.demand[0].public_score < wanted.demand[0].score
        assert (report.n_questions, report.n_answered, report.n_unknown) == (1, 0, 0)

    def test_a_question_that_customers_find_answered_wants_nothing(
        self, desk: KnowledgeBase
    ) -> None:
        """Also where staff have notes on it."""
        desk.upsert([LID, SCANNER, SCANNER_NOTES])

        report = desk.promotions(["the scanner finds no folder after a restart"])

        assert report.promotions == ()
        assert report.n_answered == 1

    def test_a_question_that_nobody_can_answer_is_counted(self, desk: KnowledgeBase) -> None:
        """It asks for an article that is still to be written."""
        desk.upsert([LID, SCANNER])

        report = desk.promotions(["zebra quagga okapi"])

        assert (report.promotions, report.n_unknown) == ((), 1)

    def test_each_ticket_is_a_question_that_does_not_answer_itself(
        self, desk: KnowledgeBase
    ) -> None:
        """Somebody had to write it."""
        desk.upsert([LID, ticket("1", ASKED), ticket("2", "My tunnel drops with the lid closed")])

        wanted = only(desk.promotions().promotions)

        assert wanted.document_id == "kb:lid"
        assert {demand.ticket_id for demand in wanted.demand} == {"desk:1", "desk:2"}

    def test_a_resolved_ticket_is_wanted_where_there_is_no_article(
        self, desk: KnowledgeBase
    ) -> None:
        """What was told to one could be told to all; a private note has to be written anew."""
        told = resolved_ticket("1", "Badge opens no door", "Hold the badge for two seconds")
        noted = ticket(
            "2",
            "",
            subject="Kettle trips the fuse",
            messages=(customer_says("Kettle trips the fuse"), agent_says("Bad plug", public=False)),
            status=TicketStatus.RESOLVED,
        )
        desk.upsert([told, noted, SCANNER])

        report = desk.promotions(["badge opens no door", "kettle trips the fuse"])

        found = {one.document_id: (one.text, one.needs_writing) for one in report.promotions}
        assert found == {
            "desk:1": ("Hold the badge for two seconds", False),
            "desk:2": ("Bad plug", True),
        }

    @pytest.mark.parametrize(
        "dates",
        [
            {"valid_from": datetime(2999, 1, 1, tzinfo=UTC)},
            {"valid_until": datetime(2001, 1, 1, tzinfo=UTC)},
        ],
        ids=["embargoed", "expired"],
    )
    def test_an_article_that_customers_cannot_read_now_is_wanted(
        self, desk: KnowledgeBase, dates: dict[str, datetime]
    ) -> None:
        """It stands on their shelf, and they do not find it. Control: without dates."""
        text = "The tunnel drops when the lid is closed."
        desk.upsert([article("lid", text, EXTERNAL, **dates), SCANNER])
        report = desk.promotions([ASKED])
        desk.upsert([article("lid", text, EXTERNAL)])

        wanted = only(report.promotions)
        assert (wanted.document_id, wanted.demand[0].public_score) == ("kb:lid", 0.0)
        assert report.n_answered == 0
        assert desk.promotions([ASKED]).n_answered == 1

    @pytest.mark.parametrize(("public", "n_answered"), [(False, 0), (True, 1)])
    def test_a_published_ticket_answers_only_by_what_customers_were_told(
        self, desk: KnowledgeBase, public: bool, n_answered: int
    ) -> None:
        """Its problem is public; the private note that fixed it is not."""
        messages = (
            customer_says("Kettle trips the fuse", id="1"),
            agent_says("Bad plug", public=public, id="2"),
        )
        fixed = ticket(
            "2", "", subject="x", messages=messages, status=TicketStatus.RESOLVED, published=True
        )
        desk.upsert([fixed, SCANNER])

        report = desk.promotions(["kettle trips the fuse"])

        assert report.n_answered == n_answered
        assert [one.needs_writing for one in report.promotions] == [True] * (1 - n_answered)

    def test_the_most_wanted_comes_first_and_the_rest_is_cut(self, desk: KnowledgeBase) -> None:
        """By the number of different questions."""
        badge = article("badge", "Badge opens no door after midnight", INTERNAL)
        desk.upsert([LID, badge])
        asked = ["badge opens no door", ASKED, "lid closed and the tunnel drops", ASKED]

        report = desk.promotions(asked, n_shown=1)

        assert [(p.document_id, len(p.demand)) for p in report.promotions] == [("kb:lid", 2)]
        assert report.n_questions == 3

    def test_old_tickets_can_be_left_out(self, desk: KnowledgeBase) -> None:
        """What was asked years ago may be answered since."""
        then, now = (datetime(year, 1, 1, tzinfo=UTC) for year in (2019, 2026))
        desk.upsert([LID, ticket("1", ASKED, created_at=then), ticket("2", ASKED)])

        assert desk.promotions(since=now).n_questions == 0
        assert desk.promotions(since=then).n_questions == 1
        assert desk.promotions(max_tickets=1).n_questions == 1

    def test_what_is_for_a_group_is_shown_to_the_group_alone(self, desk: KnowledgeBase) -> None:
        """A list for all staff must not name it."""
        desk.upsert([LID.restricted_to(["hr"]), SCANNER])

        assert desk.promotions([ASKED]).promotions == ()
        assert only(desk.promotions([ASKED], groups=["hr"]).promotions).document_id == "kb:lid"

    def test_tickets_of_a_group_ask_for_the_group_alone(self, desk: KnowledgeBase) -> None:
        """What they ask is read in the report: it must not be there for all staff."""
        of_hr = ticket("1", "Zoltan: the tunnel drops when I close the lid")
        desk.upsert([LID, ticket("2", ASKED), of_hr.restricted_to(["hr"])])

        for_all, for_hr = desk.promotions(), desk.promotions(groups=["hr"])

        assert "Zoltan" not in for_all.model_dump_json()
        assert [d.ticket_id for d in only(for_all.promotions).demand] == ["desk:2"]
        assert {d.ticket_id for d in only(for_hr.promotions).demand} == {"desk:1", "desk:2"}
        assert (for_all.n_questions, for_hr.n_questions) == (1, 2)

    @pytest.mark.parametrize("questions", [[], ["", "  "]])
    def test_an_empty_desk_and_no_questions_give_an_empty_report(
        self, desk: KnowledgeBase, questions: list[str]
    ) -> None:
        """Nothing to do is no error."""
        report = desk.promotions(questions)

        assert (report.n_questions, report.promotions) == (0, ())

    def test_refuses_one_question_that_is_no_list(self, desk: KnowledgeBase) -> None:
        """It would be a question for each letter."""
        with pytest.raises(ConfigError, match="a list of questions, not one str"):
            desk.promotions("tunnel")
        with pytest.raises(ConfigError, match="questions as str, and one is 5"):
            desk.promotions([5])  # type: ignore[list-item]
        with pytest.raises(ConfigError, match="'2026' is no time"):
            desk.promotions(since="2026")  # type: ignore[arg-type]
        with pytest.raises(ConfigError, match="has no offset"):
            desk.promotions(since=datetime(2026, 1, 1))


class TestWhatStandsInTheWay:
    """Sentence by sentence, and what is public on it already."""

    def test_hosts_secrets_and_wording_are_named_with_their_place(
        self, desk: KnowledgeBase
    ) -> None:
        """The text is that of the report, so that an editor can mark it."""
        blaming = article(
            "fuse",
            "The tunnel fuse blows. As I already told you, the tunnel fuse is on "
            "edge-03.kettle.internal and kb:lid says more. Mail fuse@kettle.example.",
            INTERNAL,
        )
        desk.upsert([blaming, LID, SCANNER])

        wanted = only(desk.promotions(["the tunnel fuse blows"]).promotions)

        kinds = {finding.kind.value for finding in wanted.obstacles}
        assert kinds >= {"hostname", "link", "personal", "blame"}
        for finding in wanted.obstacles:
            assert wanted.text[finding.start : finding.end] == finding.sentence

    def test_a_clean_text_has_nothing_in_its_way(self, desk: KnowledgeBase) -> None:
        """It could go out as it is."""
        desk.upsert([article("badge", "Hold the badge for two seconds.", INTERNAL), SCANNER])

        assert only(desk.promotions(["how long to hold the badge"]).promotions).obstacles == ()

    def test_the_nearest_public_article_is_named_if_it_is_near(self, desk: KnowledgeBase) -> None:
        """Perhaps that one lacks a sentence."""
        near = article("lid-public", "The tunnel drops when the lid is closed", EXTERNAL)
        longer = LID.model_copy(update={"body": f"{near.body}. Reset the half-open gateway."})
        desk.upsert([longer, near, SCANNER])

        wanted = only(desk.promotions(["reset the half-open gateway"]).promotions)

        assert wanted.overlap is not None
        assert wanted.overlap.document_id == "kb:lid-public"

    def test_a_distant_public_article_is_not(self, desk: KnowledgeBase) -> None:
        """A wrong pointer costs an editor more than none."""
        desk.upsert([LID, SCANNER])

        assert only(desk.promotions([ASKED]).promotions).overlap is None


class TestPublishing:
    """Looking changes nothing; publishing is an act that is kept with who and when."""

    def test_a_list_changes_nothing(self, desk: KnowledgeBase) -> None:
        """Not even the trail."""
        desk.upsert([LID, SCANNER])
        before = desk.audit()

        desk.promotions([ASKED])

        assert desk.audit() == before
        assert ids(desk.searcher(EXTERNAL).search("lid")) == []

    def test_what_is_published_is_answered_and_wanted_no_more(self, desk: KnowledgeBase) -> None:
        """The round closes."""
        desk.upsert([LID, SCANNER])
        wanted = only(desk.promotions([ASKED]).promotions)

        desk.publish([wanted.document_id], by="Mira Okafor", reason="asked twice")

        report = desk.promotions([ASKED])
        entry = desk.audit(action="published", document_id="kb:lid")[0]
        assert (report.promotions, report.n_answered) == ((), 1)
        assert (entry.by, entry.note, entry.how) == ("Mira Okafor", "asked twice", "publish")
        articles = Filters(kind="article")
        assert "kb:lid" in ids(desk.searcher(EXTERNAL).search(ASKED, filters=articles))
