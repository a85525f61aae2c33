"""`similar` on a desk: what fixed the tickets that are alike, and what it says if nothing did."""

from __future__ import annotations

import pytest

from kbsearch import (
    ArticleStatus,
    Audience,
    KnowledgeBase,
    RankingSettings,
    Resolution,
    Ticket,
    TicketStatus,
)
from kbsearch.models import Document
from tests.builders import agent_says, article, customer_says, resolved_ticket, ticket
from tests.library import EXTERNAL, INTERNAL, WHERE, ids, index

PROBLEM = "The VPN drops after sleep"
DRAFT = Ticket.draft(PROBLEM)


def answered(number: str, *messages: tuple[str, bool], **more: object) -> Ticket:
    """A resolved ticket with the problem and what agents wrote, (text, public)."""
    said = [agent_says(text, public=public, id=str(n)) for n, (text, public) in enumerate(messages)]
    fields = {"status": TicketStatus.RESOLVED, **more}
    return ticket(number, PROBLEM, messages=(customer_says(PROBLEM), *said), **fields)


@pytest.mark.parametrize("where", WHERE)
class TestFixes:
    """Made of all tickets that are alike, whether they are among the hits or not."""

    def test_are_counted_over_more_tickets_than_the_hits(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """k says how many hits are shown, not how much evidence is looked at."""
        index(desk, [resolved_ticket(str(n), PROBLEM, "Keep awake") for n in range(5)], where)

        found = desk.searcher(INTERNAL).similar(DRAFT, k=1)

        assert len(found) == 1
        assert [(fix.text, fix.n_worked, fix.n_tried) for fix in found.fixes] == [
            ("Keep awake", 5, 5)
        ]

    def test_that_an_archived_article_told_have_expired(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """Read from the desk, whatever shelf the article stands on."""
        old = article("old", "Keep awake", INTERNAL, status=ArticleStatus.ARCHIVED)
        new = article("new", "Update it", EXTERNAL, supersedes=("kb:gone",))
        gone = article("gone", "Restart", EXTERNAL)
        tickets = [
            resolved_ticket("1", PROBLEM, "Keep the adapter awake", article_ids=("kb:old",)),
            resolved_ticket("2", PROBLEM, "Restart every morning", article_ids=("kb:gone",)),
        ]
        index(desk, [old, new, gone, *tickets], where)

        fixes = {fix.ticket_id: fix for fix in desk.searcher(INTERNAL).similar(DRAFT).fixes}

        assert (fixes["desk:1"].is_expired, fixes["desk:1"].superseded_by) == (True, None)
        assert (fixes["desk:2"].is_expired, fixes["desk:2"].superseded_by) == (False, "kb:new")


class TestWhatATicketTells:
    """The stated resolution, else the last answer that says something, else a note."""

    def test_is_the_resolution_that_it_states(self, desk: KnowledgeBase) -> None:
        """Whoever may read it."""
        stated = Resolution(text="Half-open tunnel, reset it", public=False)
        desk.upsert([answered("1", ("Restart it", True), resolution=stated)])

        (fix,) = desk.searcher(INTERNAL).similar(DRAFT).fixes

        assert (fix.text, fix.public) == ("Half-open tunnel, reset it", False)

    def test_is_the_last_reply_that_says_more_than_closing_words(self, desk: KnowledgeBase) -> None:
        """It was not gladness that fixed it."""
        desk.upsert([answered("1", ("Restart it", True), ("Glad it works now!", True))])

        (fix,) = desk.searcher(INTERNAL).similar(DRAFT).fixes

        assert (fix.text, fix.message_id, fix.public) == ("Restart it", "0", True)

    def test_is_a_note_if_no_reply_tells(self, desk: KnowledgeBase) -> None:
        """For staff alone, and marked so."""
        desk.upsert([answered("1", ("Edge-03 was reset", False), ("Closing.", True))])

        (fix,) = desk.searcher(INTERNAL).similar(DRAFT).fixes

        assert (fix.text, fix.message_id, fix.public) == ("Edge-03 was reset", "0", False)

    def test_may_be_nothing_and_then_it_is_no_fix(self, desk: KnowledgeBase) -> None:
        """And the result says that there was nothing to show."""
        desk.upsert([answered("1", ("Closing this ticket.", True)), answered("2")])

        found = desk.searcher(INTERNAL).similar(DRAFT, k=2)

        assert found.fixes == ()
        assert found.note == "None of the similar tickets tells what fixed it."

    def test_is_counted_once_for_tickets_that_were_merged(self, desk: KnowledgeBase) -> None:
        """They are one story, told twice."""
        desk.upsert(
            [
                resolved_ticket("1", PROBLEM, "Keep awake"),
                resolved_ticket("2", PROBLEM, "Keep awake", merged_ids=("desk:1",)),
            ]
        )

        (fix,) = desk.searcher(INTERNAL).similar(DRAFT).fixes

        assert fix.n_tried == 1

    def test_is_counted_once_if_the_ticket_that_merged_them_is_less_alike(
        self, desk: KnowledgeBase
    ) -> None:
        """3 comes last of the three, and says that 1 and 2 are one story."""
        last = "The VPN drops after sleep, says a note about another thing"
        desk.upsert(
            [
                resolved_ticket("1", PROBLEM, "Keep awake"),
                resolved_ticket("2", PROBLEM, "Keep awake"),
                resolved_ticket("3", last, "Keep awake", merged_ids=("desk:1", "desk:2")),
            ]
        )

        found = desk.searcher(INTERNAL).similar(DRAFT)

        assert ids(found) == ["desk:1", "desk:2", "desk:3"]
        assert [fix.ticket_ids for fix in found.fixes] == [("desk:1",)]

    @pytest.mark.parametrize(
        "ranking",
        [
            RankingSettings(passage_weight=0, bm25_weight=0),
            RankingSettings(passage_weight=0, bm25_weight=0, coverage_weight=0),
        ],
    )
    def test_is_told_without_the_stages_that_say_what_is_alike(
        self, desk: KnowledgeBase, ranking: RankingSettings
    ) -> None:
        """Then all count the same; with a weight of 0 there was a division by it."""
        desk.upsert([resolved_ticket(n, PROBLEM, "Keep awake") for n in "12"])

        (fix,) = desk.searcher(INTERNAL, ranking=ranking).similar(DRAFT).fixes

        assert (fix.n_tried, fix.n_worked) == (2, 2)

    def test_of_a_ticket_that_is_open_again_has_failed(self, desk: KnowledgeBase) -> None:
        """It is tried evidence, though no hit of a search for resolved ones."""
        open_again = resolved_ticket("1", PROBLEM, "Keep awake", n_reopenings=1)
        open_again = open_again.model_copy(update={"status": TicketStatus.OPEN})
        desk.upsert([open_again, resolved_ticket("2", PROBLEM, "Keep awake")])

        found = desk.searcher(INTERNAL).similar(DRAFT)

        assert ids(found) == ["desk:2"]
        assert found.fixes[0].summary == "worked in 1 of 2 tickets, reopened once"


class TestGroupsOfStaff:
    """What fixed a case of HR is for HR."""

    def test_are_told_with_the_shelf_and_others_are_not(self, desk: KnowledgeBase) -> None:
        """The count of the others knows nothing of it."""
        hr = resolved_ticket("1", PROBLEM, "Keep awake", groups=("hr",))
        desk.upsert([hr, resolved_ticket("2", PROBLEM, "Keep awake")])

        (everybody,) = desk.searcher(INTERNAL).similar(DRAFT).fixes
        (told,) = desk.searcher(INTERNAL, groups=["hr"]).similar(DRAFT).fixes

        assert (everybody.n_tried, everybody.ticket_ids) == (1, ("desk:2",))
        assert (told.n_tried, set(told.ticket_ids)) == (2, {"desk:1", "desk:2"})


class TestResolvedTicketsAlone:
    """The default: an answer is made of what was resolved."""

    def test_are_hits(self, desk: KnowledgeBase) -> None:
        """Open ones come if they are asked for."""
        desk.upsert([ticket("1", PROBLEM), resolved_ticket("2", "VPN drops", "Keep awake")])
        agents = desk.searcher(INTERNAL)

        assert ids(agents.similar(DRAFT)) == ["desk:2"]
        assert set(ids(agents.similar(DRAFT, resolved_only=False))) == {"desk:1", "desk:2"}

    @pytest.mark.parametrize("audience", Audience)
    def test_may_be_none_and_the_note_says_so(
        self, desk: KnowledgeBase, audience: Audience
    ) -> None:
        """With the first of the open ones, and how to see them."""
        desk.upsert([ticket(str(n), PROBLEM, published=True) for n in range(5)])

        found = desk.searcher(audience).similar(DRAFT)

        assert (found.hits, found.fixes) == ((), ())
        assert found.note == (
            "5 similar tickets, none is resolved yet: desk:0, desk:1, desk:2 and 2 more. "
            "Ask with resolved_only=False (--with-open) to see what is open."
        )


class TestMergedTickets:
    """Never similar to each other, however they are linked."""

    def test_are_left_out_through_any_number_of_links(self, desk: KnowledgeBase) -> None:
        """1 was merged into 2, and 2 into 3; asked for 1 and for 3."""
        documents: list[Document] = [
            resolved_ticket("1", PROBLEM, "Keep awake"),
            resolved_ticket("2", PROBLEM, "Keep awake", merged_ids=("desk:1",)),
            resolved_ticket("3", PROBLEM, "Keep awake", merged_ids=("desk:2",)),
            resolved_ticket("4", PROBLEM, "Keep awake"),
        ]
        desk.upsert(documents[:2])
        desk.rebuild()
        desk.upsert(documents[2:])
        agents = desk.searcher(INTERNAL)

        for number in ("1", "2", "3"):
            assert ids(agents.similar(f"desk:{number}")) == ["desk:4"]

    def test_are_left_out_for_a_draft_with_the_id_of_a_saved_ticket(
        self, desk: KnowledgeBase
    ) -> None:
        """The saved one's links count, although the draft has none."""
        desk.upsert(
            [
                resolved_ticket("1", PROBLEM, "Keep awake"),
                resolved_ticket("2", PROBLEM, "Keep awake", merged_ids=("desk:1",)),
            ]
        )

        assert ids(desk.searcher(INTERNAL).similar(ticket("2", "VPN drops after sleep"))) == []


def test_a_draft_is_a_ticket_of_plain_text(desk: KnowledgeBase) -> None:
    """It asks what a saved ticket of the same words asks."""
    desk.upsert([resolved_ticket("1", PROBLEM, "Keep awake")])
    agents = desk.searcher(INTERNAL)

    draft = Ticket.draft("It drops after sleep", subject="VPN")

    assert agents.similar(draft) == agents.similar(
        ticket("9", "It drops after sleep", subject="VPN")
    )
    assert agents.similar(draft).query == "VPN\nIt drops after sleep"
