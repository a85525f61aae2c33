"""Identifiers on a whole desk: what a hit says of them, and who gets to know."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbsearch import Filters, KnowledgeBase, SearchResult
from kbsearch.models import ExactMatch, Stage
from kbsearch.search.exact import MOST_HOLDERS
from tests.builders import agent_says, article, customer_says, resolved_ticket, ticket
from tests.cli_runner import make_desk, run, run_json
from tests.library import EXTERNAL, INTERNAL, WHERE, ids, index

QUESTION = "setup of the printer stops and shows error 1603"
LIKE = [
    article(f"like{n}", "Setup of the printer stops and shows an error", EXTERNAL)
    for n in range(12)
]
KETTLE = "The kettle is cold.\n\nIts display: exit code 1603, then it is dark."


def matches(result: SearchResult) -> dict[str, list[tuple[str, str]]]:
    """What the hits say that they hold; those that say nothing are left out."""
    said = {hit.id: [(one.kind, one.text) for one in hit.exact_matches] for hit in result}
    return {document_id: found for document_id, found in said.items() if found}


@pytest.mark.parametrize("where", WHERE)
class TestAHitThatHoldsIt:
    """It comes first, and says why."""

    def test_says_what_it_holds_as_it_stands_there(self, desk: KnowledgeBase, where: str) -> None:
        """The bare number there is an error code by its label; the question spells it otherwise."""
        index(desk, [*LIKE, article("kettle", KETTLE, EXTERNAL, title="Kitchen")], where)

        (hit,) = desk.searcher(EXTERNAL).search(QUESTION, k=1)

        assert hit.id == "kb:kettle"
        assert hit.exact_matches == (ExactMatch(kind="error_code", text="1603"),)
        assert hit.reason.startswith("holds error code 1603; meaning ")
        assert [hit.passage.text[m.start : m.end] for m in hit.passage.matches] == ["1603"]

    def test_its_score_is_raised_to_what_it_overtakes_and_says_by_how_much(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """So that the order is still that of the scores, and the parts add up."""
        index(desk, [*LIKE, article("kettle", KETTLE, EXTERNAL, title="Kitchen")], where)

        first, second = desk.searcher(EXTERNAL).search(QUESTION, k=2)

        parts = first.scores
        assert first.score == second.score
        assert parts.shares[Stage.EXACT] > 0.1
        assert sum(parts.shares.values()) == pytest.approx(first.score)
        assert second.scores.shares[Stage.EXACT] == 0

    def test_a_ranking_has_the_same_order(self, desk: KnowledgeBase, where: str) -> None:
        """What is measured is what is shown."""
        index(desk, [*LIKE, article("kettle", KETTLE, EXTERNAL, title="Kitchen")], where)
        searcher = desk.searcher(EXTERNAL)

        ranked = searcher.rank(QUESTION, k=5)

        hits = searcher.search(QUESTION, k=5)
        assert [(one.id, one.score, one.scores) for one in ranked] == [
            (hit.id, hit.score, hit.scores) for hit in hits
        ]

    def test_one_that_is_gone_or_reads_otherwise_now_holds_it_no_more(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """Its keys stand in the snapshot until the next rebuild."""
        kettles = [article(name, KETTLE, EXTERNAL, title="Kitchen") for name in ("a", "b", "c")]
        index(desk, [*LIKE, *kettles], where)

        desk.delete(["kb:a"])
        desk.upsert([article("b", "The kettle is warm.", EXTERNAL, title="Kitchen")])

        assert matches(desk.searcher(EXTERNAL).search(QUESTION, k=20)) == {
            "kb:c": [("error_code", "1603")]
        }

    def test_what_more_than_ten_hold_names_none_of_them(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """The product that all are about; the words find these."""
        rare = [
            article(f"r{n}", f"Kettle {n} said HTTP 503", EXTERNAL) for n in range(MOST_HOLDERS)
        ]
        index(desk, [*LIKE, *rare], where)
        searcher = desk.searcher(EXTERNAL)
        n_saying = len(matches(searcher.search("HTTP 503", k=50)))

        desk.upsert([article("one-more", "A lamp said HTTP 503", EXTERNAL)])

        assert n_saying == MOST_HOLDERS
        assert matches(searcher.search("HTTP 503", k=50)) == {}


class TestWhatCounts:
    """Where an identifier may stand."""

    def test_the_ticket_itself_goes_before_those_that_mention_it(self, desk: KnowledgeBase) -> None:
        """An agent pastes its key."""
        mentions = [ticket(f"m{n}", f"As in PUMP-42, number {n}") for n in range(3)]
        desk.upsert([*mentions, ticket("PUMP-42", "The kettle is cold")])

        found = desk.searcher(INTERNAL).search("what became of pump-42?", k=4)

        assert ids(found)[0] == "desk:PUMP-42"
        assert found[0].reason.startswith("has the id asked for; meaning ")
        assert matches(found)["desk:PUMP-42"] == [("document_id", "desk:PUMP-42")]
        assert matches(found)["desk:m1"] == [("ticket_key", "PUMP-42")]

    def test_what_is_cut_out_of_a_mail_does_not(self, desk: KnowledgeBase) -> None:
        """A quote repeats what stands elsewhere, and no passage could show it."""
        quoting = "It is dark.\n\nOn 17 May 2024 at 12:00, Anna wrote:\n> It said error 1603"
        desk.upsert([ticket("quotes", quoting), ticket("says", "It said error 1603")])

        assert list(matches(desk.searcher(INTERNAL).search("error 1603"))) == ["desk:says"]

    def test_the_passage_that_holds_it_is_shown(self, desk: KnowledgeBase) -> None:
        """Though another one is about the very question."""
        text = "Setup of the printer stops. " * 90 + "\n\nA lamp showed srv7.pump.example once."
        desk.upsert([article("long", text, EXTERNAL)])

        (hit,) = desk.searcher(EXTERNAL).search("setup of the printer stops on srv7.pump.example")

        assert "srv7.pump.example" in hit.passage.text

    def test_the_command_line_says_it(self, tmp_path: Path) -> None:
        """In the line that gives the reason, and for programs as a field."""
        kettle = article("kettle", KETTLE, EXTERNAL, title="Kitchen")
        path = make_desk(tmp_path / "support.kb", *LIKE, kettle)
        command = ("search", QUESTION, "--desk", path, "--audience", "external", "-k", 1)

        told, (hit,) = run(*command), run_json(*command)["hits"]

        assert "holds error code 1603" in " ".join(told.stdout.split())
        assert hit["exact_matches"] == [{"kind": "error_code", "text": "1603"}]


class TestSimilarTickets:
    """A draft with an error code meets the tickets with that code."""

    def test_a_resolved_one_is_chosen_before_an_open_one(self, desk: KnowledgeBase) -> None:
        """Both hold it; one has an answer. The draft's own saved copy is neither."""
        desk.upsert(
            [
                *(ticket(f"like{n}", "Setup of the printer stops") for n in range(12)),
                ticket("open", "Kettle dark, error 1603"),
                resolved_ticket("fixed", "The lamp shows error 1603", "Change the bulb"),
                ticket("draft", QUESTION),
            ]
        )

        found = desk.searcher(INTERNAL).similar("desk:draft", k=1)

        assert ids(found) == ["desk:fixed"]

    def test_an_open_one_is_shown_if_no_other_holds_it(self, desk: KnowledgeBase) -> None:
        """Resolved ones that are merely alike do not take its place."""
        likes = [resolved_ticket(f"r{n}", "Setup of the printer stops", "Wait") for n in range(12)]
        desk.upsert([*likes, ticket("open", "Kettle dark, error 1603")])

        found = desk.searcher(INTERNAL).similar(ticket("draft", QUESTION), k=3, resolved_only=False)

        assert "desk:open" in ids(found)


class TestWhoGetsToKnow:
    """Rarity and matches are those of the shelves that are open."""

    def test_a_private_note_holds_nothing_for_customers(self, desk: KnowledgeBase) -> None:
        """The same ticket is an exact match for staff."""
        note = agent_says("Internally this is error 1603.", public=False)
        messages = (customer_says("Kettle dark."), note)
        desk.upsert([ticket("1", "", subject="", messages=messages, published=True)])

        assert matches(desk.searcher(EXTERNAL).search("error 1603")) == {}
        assert list(matches(desk.searcher(INTERNAL).search("error 1603"))) == ["desk:1"]

    def test_what_many_internal_documents_hold_can_be_rare_for_customers(
        self, desk: KnowledgeBase
    ) -> None:
        """Staff write about every code; the one public page of it is what customers need."""
        internal = [article(f"i{n}", f"Case {n}: error 1603", INTERNAL) for n in range(30)]
        desk.upsert([*internal, article("public", KETTLE, EXTERNAL, title="Kitchen")])

        for audience in (EXTERNAL, INTERNAL):
            found = desk.searcher(audience).search("error 1603", k=40)
            assert list(matches(found)) == ["kb:public"]

    def test_a_filter_that_leaves_out_its_documents_leaves_out_the_match(
        self, desk: KnowledgeBase
    ) -> None:
        """A promise to be in the first k is no way past a filter."""
        desk.upsert([article("kettle", KETTLE, EXTERNAL, product="Kettle"), *LIKE])

        found = desk.searcher(EXTERNAL).search(
            QUESTION, filters=Filters(exclude_ids=("kb:kettle",))
        )

        assert matches(found) == {}
        assert len(found) == 10
