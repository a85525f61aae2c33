"""Past tickets like this one, resolved first, with what fixed them."""

from __future__ import annotations

import pytest

from kbsearch import Audience, Filters, Kind, KnowledgeBase, Ticket, TicketStatus
from kbsearch.errors import ConfigError, DocumentNotFoundError
from kbsearch.models import Document
from tests.builders import agent_says, article, customer_says, resolved_ticket, ticket
from tests.library import EXTERNAL, INTERNAL, WHERE, ids, index


def fixed_in_private(external_id: str, problem: str, fix: str, note: str) -> Ticket:
    """A published, closed ticket with a public answer and a private note on the cause."""
    return ticket(
        external_id,
        problem,
        messages=(
            customer_says(problem, id=f"{external_id}#1"),
            agent_says(fix, public=True, id=f"{external_id}#2"),
            agent_says(note, public=False, id=f"{external_id}#3"),
        ),
        status=TicketStatus.CLOSED,
        published=True,
    )


PAST: list[Document] = [
    ticket("open", "The VPN drops after sleep, every single time"),
    resolved_ticket("fixed", "VPN drops when the laptop sleeps", "Keep the adapter awake"),
    fixed_in_private("told", "The VPN drops at noon", "Restart it", "The gateway was patched"),
    resolved_ticket("other", "The coffee machine leaks", "Change the seal"),
    article("page", "VPN drops after sleep: keep the adapter awake", EXTERNAL),
]
DRAFT = ticket("draft", "VPN drops after sleep")


@pytest.mark.parametrize("where", WHERE)
class TestTheOrder:
    """An agent wants what fixed it, not company in misery."""

    def test_resolved_tickets_come_first(self, desk: KnowledgeBase, where: str) -> None:
        """Even before an open one that is more alike; not if they are hardly alike."""
        index(desk, PAST, where)

        found = desk.searcher(INTERNAL).similar(DRAFT, k=3, resolved_only=False)

        assert set(ids(found)[:2]) == {"desk:fixed", "desk:told"}
        assert ids(found)[2] == "desk:open"
        assert found[2].score == max(hit.score for hit in found)
        assert found.note is None

    def test_open_and_resolved_tickets_are_scored_by_one_measure(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """One ticket is best in meaning and in words, and it is an open one."""
        index(desk, PAST, where)

        found = desk.searcher(INTERNAL).similar(DRAFT, resolved_only=False)

        scores = {hit.id: hit.score for hit in found}
        assert max(scores, key=lambda i: scores[i]) == "desk:open"
        assert scores == {
            one.id: one.score
            for one in desk.searcher(INTERNAL).rank(found.query, filters=Filters(kind=Kind.TICKET))
        }

    def test_an_identical_open_ticket_comes_before_resolved_ones_that_are_hardly_alike(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """However many they are: the duplicate is what the agent must see."""
        unlike: list[Document] = [
            resolved_ticket(str(n), f"The coffee machine on floor {n} drops milk", "Clean it")
            for n in range(12)
        ]
        index(desk, [*unlike, PAST[0]], where)

        found = desk.searcher(INTERNAL).similar(DRAFT, k=3, resolved_only=False)

        assert ids(found)[0] == "desk:open"
        assert found[1].is_resolved
        assert found[1].score < 0.5

    def test_resolved_tickets_fill_k_before_any_open_one(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """A short list is all answers."""
        index(desk, PAST, where)

        found = desk.searcher(INTERNAL).similar(DRAFT, k=2, resolved_only=False)

        assert set(ids(found)) == {"desk:fixed", "desk:told"}

    def test_articles_are_not_among_the_hits(self, desk: KnowledgeBase, where: str) -> None:
        """They are what `search` is for, whatever kind the filters ask for."""
        index(desk, PAST, where)

        found = desk.searcher(INTERNAL).similar(DRAFT, filters=Filters(kind=Kind.ARTICLE))

        assert {hit.kind for hit in found} == {Kind.TICKET}


@pytest.mark.parametrize("where", WHERE)
class TestTheTicketItself:
    """Never among its own likes."""

    def test_is_not_among_the_hits_by_id(self, desk: KnowledgeBase, where: str) -> None:
        """It would always be the best one."""
        index(desk, PAST, where)

        found = desk.searcher(INTERNAL).similar("desk:fixed")

        assert "desk:fixed" not in ids(found)
        assert ids(found)[0] == "desk:told"

    def test_is_not_among_the_hits_as_an_edited_draft(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """An agent edits a saved ticket and looks before saving."""
        index(desk, PAST, where)

        found = desk.searcher(INTERNAL).similar(ticket("fixed", "VPN drops after sleep"))

        assert "desk:fixed" not in ids(found)

    def test_nor_are_those_merged_into_it(self, desk: KnowledgeBase, where: str) -> None:
        """They are the same story, told twice."""
        survivor = ticket("new", "VPN drops after sleep", merged_ids=("desk:open", "desk:told"))
        index(desk, [*PAST, survivor], where)
        agents = desk.searcher(INTERNAL)

        by_id, by_draft = agents.similar("desk:new"), agents.similar(survivor)

        assert ids(by_id) == ids(by_draft)
        assert ids(by_id)[0] == "desk:fixed"
        assert not {"desk:new", "desk:open", "desk:told"} & set(ids(by_id))

    def test_nor_are_those_that_the_caller_excludes(self, desk: KnowledgeBase, where: str) -> None:
        """The caller's list and the ticket's own are both kept to."""
        index(desk, PAST, where)

        found = desk.searcher(INTERNAL).similar(
            "desk:fixed", filters=Filters(exclude_ids=("desk:told",))
        )

        assert not {"desk:fixed", "desk:told"} & set(ids(found))


def test_the_ticket_that_it_was_merged_into_is_not_among_the_hits(desk: KnowledgeBase) -> None:
    """The link is kept on the survivor; the merged one has none to follow."""
    survivor = ticket("new", "VPN drops after sleep", merged_ids=("desk:open",))
    desk.upsert([*PAST, survivor])

    found = desk.searcher(INTERNAL).similar("desk:open")

    assert "desk:new" not in ids(found)


class TestWhatFixedThem:
    """The resolution comes along, and the message that says so."""

    def test_agents_get_the_public_and_the_private_one(self, desk: KnowledgeBase) -> None:
        """What the customer was told, and what was really the matter."""
        desk.upsert(PAST)

        found = {hit.id: hit for hit in desk.searcher(INTERNAL).similar(DRAFT)}

        told = found["desk:told"]
        assert told.resolution is not None
        assert told.private_resolution is not None
        assert (told.resolution.text, told.resolution.message_id) == ("Restart it", "told#2")
        assert told.private_resolution.text == "The gateway was patched"
        assert told.private_resolution.message_id == "told#3"
        fixed = found["desk:fixed"]
        assert fixed.resolution is not None
        assert fixed.resolution.text == "Keep the adapter awake"
        assert fixed.resolution.message_id == "desk:fixed#2"
        assert fixed.private_resolution is None

    def test_customers_get_published_tickets_with_the_public_one_alone(
        self, desk: KnowledgeBase
    ) -> None:
        """Neither unpublished tickets nor notes stand on their shelf."""
        desk.upsert(PAST)

        (hit,) = desk.searcher(EXTERNAL).similar(DRAFT)

        assert (hit.id, hit.shelf) == ("desk:told", "external")
        assert hit.resolution is not None
        assert hit.resolution.text == "Restart it"
        assert hit.private_resolution is None
        assert "gateway" not in hit.model_dump_json()

    def test_a_note_says_if_none_of_them_is_resolved(self, desk: KnowledgeBase) -> None:
        """Else the agent would look for the answers."""
        desk.upsert([ticket("1", "VPN drops after sleep"), ticket("2", "VPN drops")])

        found = desk.searcher(INTERNAL).similar(DRAFT, resolved_only=False)

        assert set(ids(found)) == {"desk:1", "desk:2"}
        assert found.note == "No similar ticket has been resolved yet."

    def test_no_such_note_is_given_to_who_asked_for_open_tickets(self, desk: KnowledgeBase) -> None:
        """It was not looked whether one has been resolved."""
        desk.upsert(PAST)

        found = desk.searcher(INTERNAL).similar(DRAFT, filters=Filters(resolved=False))

        assert ids(found) == ["desk:open"]
        assert found.note == "No more than 1 of the 10 hits asked for fit the query."

    def test_only_resolved_ones_come_if_they_are_asked_for(self, desk: KnowledgeBase) -> None:
        """An automatic answer must not be made of a question."""
        desk.upsert(PAST)

        found = desk.searcher(INTERNAL).similar(DRAFT, filters=Filters(resolved=True))

        assert all(hit.is_resolved for hit in found)
        assert "desk:open" not in ids(found)


class TestTheQuery:
    """What of the ticket is looked for."""

    def test_is_the_problem_as_its_asker_told_it(self, desk: KnowledgeBase) -> None:
        """Later answers, and thanks for them, would find tickets with the same agent."""
        asked = ticket(
            "9",
            "",
            subject="VPN",
            messages=(
                customer_says("It drops after sleep"),
                agent_says("Is it the coffee machine?", public=True),
                customer_says("No, thank you"),
            ),
        )
        desk.upsert(PAST)

        found = desk.searcher(INTERNAL).similar(asked)

        assert found.query == "VPN\nIt drops after sleep"

    def test_by_id_is_that_of_the_saved_ticket(self, desk: KnowledgeBase) -> None:
        """An id and its ticket ask the same."""
        desk.upsert(PAST)
        agents = desk.searcher(INTERNAL)

        saved = agents.get("desk:other")
        assert isinstance(saved, Ticket)
        by_id, by_ticket = agents.similar("desk:other"), agents.similar(saved)

        assert by_id == by_ticket
        assert by_id.query == "The coffee machine leaks\nThe coffee machine leaks"

    def test_without_words_gives_a_note(self, desk: KnowledgeBase) -> None:
        """A ticket that is only a row of question marks."""
        desk.upsert(PAST)

        found = desk.searcher(INTERNAL).similar(ticket("9", "???", subject="!"))

        assert (found.hits, found.note) == ((), "The ticket's problem has no words.")


class TestAnIdThatIsNoTicket:
    """Each is an error with what to do now."""

    def test_of_an_article_is_refused(self, desk: KnowledgeBase) -> None:
        """A slip of the caller, told apart from an id that is not there."""
        desk.upsert(PAST)

        with pytest.raises(ConfigError, match=r"'kb:page' is an article; similar\(\) takes a"):
            desk.searcher(INTERNAL).similar("kb:page")

    @pytest.mark.parametrize("audience", Audience)
    def test_that_is_unknown_is_not_found(self, desk: KnowledgeBase, audience: Audience) -> None:
        """No hits would look as if nothing were alike."""
        desk.upsert(PAST)

        with pytest.raises(DocumentNotFoundError, match="'desk:none' for this audience") as raised:
            desk.searcher(audience).similar("desk:none")

        assert raised.value.document_id == "desk:none"

    def test_of_an_unpublished_ticket_is_not_found_for_customers(self, desk: KnowledgeBase) -> None:
        """That it exists is not theirs to know."""
        desk.upsert(PAST)

        with pytest.raises(DocumentNotFoundError, match="'desk:fixed' for this audience"):
            desk.searcher(EXTERNAL).similar("desk:fixed")
