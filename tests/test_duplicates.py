"""Tickets that tell of one problem: before one is created, and over a whole desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kbsearch import KnowledgeBase, Ticket
from kbsearch.errors import ConfigError, DocumentNotFoundError, EmbedderMismatchError
from kbsearch.models import Document
from tests.builders import agent_says, article, customer_says, resolved_ticket, ticket
from tests.library import EXTERNAL, INTERNAL, WHERE, index

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def after(days: float) -> datetime:
    """So many days after noon."""
    return NOON + timedelta(days=days)


OTHERS: list[Document] = [
    ticket("fax", "Fax number of the cellar is always engaged", created_at=NOON),
    ticket("badge", "Badge does not open the garage any more", created_at=NOON),
    ticket("seat", "Please raise the height of my desk", created_at=NOON),
    ticket("bill", "An invoice was charged twice in March", created_at=NOON),
    article("vpn", "VPN drops when the lid is closed: keep the adapter awake", EXTERNAL),
]
VPN = "VPN drops when the laptop lid is closed, error 0x80072EE2"
FIRST = ticket("first", VPN, created_at=NOON, product="vpn")
FIXED = resolved_ticket(
    "fixed", VPN + " again", "Keep the adapter awake", created_at=after(1), product="vpn"
)
LATER = ticket("later", VPN + " as before", created_at=after(2), published=True)
DESK: list[Document] = [*OTHERS, FIRST, FIXED, LATER]


class TestOneTicket:
    """Asked before it is created."""

    @pytest.mark.parametrize("where", WHERE)
    def test_finds_the_same_problem_and_says_why(self, desk: KnowledgeBase, where: str) -> None:
        """Words, identifiers, product; open and resolved ones."""
        index(desk, DESK, where)
        draft = ticket("draft", VPN, product="vpn", created_at=after(3))

        found = desk.duplicates(draft, audience=INTERNAL)

        assert {each.id for each in found.candidates} == {"desk:first", "desk:fixed", "desk:later"}
        first = next(each for each in found.candidates if each.id == "desk:first")
        assert first.probability > 0.9
        assert first.identifiers == ("0x80072ee2",)
        assert first.is_same_product is True
        assert "lid" in first.words
        assert found.note is None

    def test_says_how_near_the_best_came_if_none_is_the_same(self, desk: KnowledgeBase) -> None:
        """No noise instead."""
        desk.upsert(DESK)

        found = desk.duplicates(ticket("new", "Where is the canteen menu"), audience=INTERNAL)

        assert found.candidates == ()
        assert found.note is not None
        assert "best 0." in found.note

    def test_leaves_out_itself_and_its_merges(self, desk: KnowledgeBase) -> None:
        """In whichever of the two it was written down."""
        merged = LATER.model_copy(update={"merged_ids": ("desk:first",)})
        first = FIRST.model_copy(update={"merged_ids": ("desk:copy",)})
        copy = ticket("copy", VPN, created_at=NOON)
        desk.upsert([*OTHERS, first, FIXED, merged, copy])

        found = desk.duplicates("desk:first", audience=INTERNAL, min_probability=0.01)

        assert "desk:fixed" in {each.id for each in found.candidates}
        assert {"desk:first", "desk:later", "desk:copy"}.isdisjoint(
            each.id for each in found.candidates
        )

    def test_leaves_out_what_was_merged_into_the_same_ticket(self, desk: KnowledgeBase) -> None:
        """Two steps away: both were merged into a third, which alone says so."""
        survivor = FIRST.model_copy(update={"merged_ids": ("desk:one", "desk:two")})
        one, two = (ticket(name, VPN, created_at=NOON) for name in ("one", "two"))
        desk.upsert([*OTHERS, FIXED, survivor, one, two])

        found = desk.duplicates("desk:one", audience=INTERNAL, min_probability=0.01)

        assert "desk:fixed" in {each.id for each in found.candidates}
        assert {"desk:first", "desk:two"}.isdisjoint(each.id for each in found.candidates)

    def test_compares_problems_and_not_answers(self, desk: KnowledgeBase) -> None:
        """Two problems with one answer are two problems."""
        answer = agent_says("Please restart the gateway and sign in again", public=True)
        tickets = [
            ticket(name, text, messages=(customer_says(text), answer), created_at=NOON)
            for name, text in (
                ("a", "Fan of the notebook is loud"),
                ("b", "Calendar shows no days"),
            )
        ]
        desk.upsert([*OTHERS, *tickets])

        found = desk.duplicates("desk:a", audience=INTERNAL)

        assert found.candidates == ()

    def test_customers_are_shown_published_tickets_alone(self, desk: KnowledgeBase) -> None:
        """Their shelf is the only one that is opened."""
        desk.upsert(DESK)

        found = desk.duplicates(ticket("draft", VPN), audience=EXTERNAL, min_probability=0.01)

        assert [each.id for each in found.candidates] == ["desk:later"]
        assert found.candidates[0].shelf == "external"

    def test_a_ticket_of_a_group_is_shown_to_that_group_alone(self, desk: KnowledgeBase) -> None:
        """Nobody else learns that there is such a problem."""
        desk.upsert([*OTHERS, ticket("hr", VPN, groups=("hr",), created_at=NOON)])
        draft = ticket("draft", VPN, created_at=NOON)

        all_staff = desk.duplicates(draft, audience=INTERNAL, min_probability=0.01)
        theirs = desk.duplicates(draft, audience=INTERNAL, groups=["hr"])

        assert "desk:hr" not in {each.id for each in all_staff.candidates}
        assert [each.id for each in theirs.candidates] == ["desk:hr"]

    def test_an_empty_desk_has_none(self, desk: KnowledgeBase) -> None:
        """And says so."""
        assert desk.duplicates(FIRST, audience=INTERNAL).candidates == ()

    def test_wrong_use_is_told(self, desk: KnowledgeBase) -> None:
        """Each with what to do."""
        desk.upsert(OTHERS)

        with pytest.raises(DocumentNotFoundError, match="'desk:never'"):
            desk.duplicates("desk:never", audience=INTERNAL)
        with pytest.raises(ConfigError, match="takes a ticket"):
            desk.duplicates("kb:vpn", audience=INTERNAL)
        with pytest.raises(ConfigError, match="k = 11"):
            desk.duplicates(FIRST, audience=INTERNAL, k=11)
        with pytest.raises(ConfigError, match="min_probability = 1"):
            desk.duplicates(FIRST, audience=INTERNAL, min_probability=1)


def crowd(n: int, text: str, prefix: str) -> list[Ticket]:
    """Tickets of one problem, a day apart."""
    return [ticket(f"{prefix}{i}", f"{text} {i}", created_at=after(i / 24)) for i in range(n)]


class TestWholeDesk:
    """All tickets against all."""

    @pytest.mark.parametrize("where", WHERE)
    def test_finds_clusters_with_the_oldest_answered_one_in_front(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """An answer goes before age: others are pointed to it."""
        index(desk, DESK, where)

        report = desk.find_duplicates(audience=INTERNAL, precision=0.8)

        (cluster,) = report.clusters
        assert cluster.representative == "desk:fixed"
        assert [each.id for each in cluster.members] == ["desk:fixed", "desk:first", "desk:later"]
        assert report.n_tickets == 7
        assert report.is_from_labels is False
        assert report.threshold == 0.8

    def test_copies_without_an_answer_are_pointed_to_the_oldest(self, desk: KnowledgeBase) -> None:
        """Ten copies are near each other though none leads."""
        desk.upsert([*OTHERS, *crowd(10, "Printer on floor two eats paper", "p")])

        report = desk.find_duplicates(audience=INTERNAL)

        assert report.clusters[0].representative == "desk:p0"
        assert len(report.clusters[0].members) == 10

    def test_what_links_say_already_is_left_out(self, desk: KnowledgeBase) -> None:
        """A list of work, not of what was done; a member that is linked is marked in others."""
        known = FIXED.model_copy(update={"duplicate_ids": ("desk:first",)})
        desk.upsert([*OTHERS, FIRST, known])

        report = desk.find_duplicates(audience=INTERNAL, precision=0.8)
        desk.upsert([LATER])
        grown = desk.find_duplicates(audience=INTERNAL, precision=0.8)

        assert (report.clusters, report.n_known_clusters) == ((), 1)
        assert (report.n_labelled_pairs, report.n_labelled_found) == (1, 1)
        assert {each.id: each.is_known for each in grown.clusters[0].members} == {
            "desk:fixed": True,
            "desk:first": True,
            "desk:later": False,
        }

    def test_many_links_set_the_threshold(self, desk: KnowledgeBase) -> None:
        """Forty pairs that were linked, among as many others that were not."""
        tickets: list[Document] = []
        for n in range(45):
            text = f"Machine m{n} in hall h{n} stops with light c{n}"
            tickets.append(ticket(f"a{n}", text, created_at=after(n)))
            linked = (f"desk:a{n}",) if n < 40 else ()
            tickets.append(
                ticket(f"b{n}", text + " today", created_at=after(n), duplicate_ids=linked)
            )
        desk.upsert(tickets)

        report = desk.find_duplicates(audience=INTERNAL)

        assert report.is_from_labels is True
        assert report.n_labelled_pairs == report.n_labelled_found == 40
        assert {each.representative for each in report.clusters} == {
            f"desk:a{n}" for n in range(40, 45)
        }

    def test_more_precision_finds_no_more(self, desk: KnowledgeBase) -> None:
        """What is surer is a part of it."""
        desk.upsert([*DESK, *crowd(4, "Printer on floor two eats paper", "p")])

        n_links = [
            desk.find_duplicates(audience=INTERNAL, precision=each).n_links
            for each in (0.1, 0.5, 0.9, 0.99)
        ]

        assert n_links == sorted(n_links, reverse=True)
        assert n_links[0] > n_links[-1]

    def test_customers_and_groups_see_what_is_theirs(self, desk: KnowledgeBase) -> None:
        """Of one crowd some are published, one is restricted."""
        printer = "Printer on floor two eats paper"
        secret = ticket("hr", printer, groups=("hr",), created_at=NOON)
        shown = [t.model_copy(update={"published": True}) for t in crowd(2, printer, "q")]
        desk.upsert([*OTHERS, *shown, secret])

        seen = {
            who: {m.id for c in report.clusters for m in c.members}
            for who, report in {
                "customers": desk.find_duplicates(audience=EXTERNAL),
                "staff": desk.find_duplicates(audience=INTERNAL),
                "hr": desk.find_duplicates(audience=INTERNAL, groups=["hr"]),
            }.items()
        }

        assert seen["customers"] <= {"desk:q0", "desk:q1"}
        assert seen["staff"] == {"desk:q0", "desk:q1"}
        assert seen["hr"] == {"desk:q0", "desk:q1", "desk:hr"}

    def test_an_empty_desk_has_none(self, desk: KnowledgeBase) -> None:
        """Counts of nothing."""
        report = desk.find_duplicates(audience=INTERNAL)

        assert (report.clusters, report.n_tickets, report.n_pairs) == ((), 0, 0)

    def test_progress_is_told_and_may_stop_it(self, desk: KnowledgeBase) -> None:
        """Ctrl-C arrives as an exception; nothing is written at any time."""
        desk.upsert(DESK)
        told: list[str] = []

        def stop(task: str, n_done: int, n_total: int) -> None:
            told.append(task)
            if task == "compare tickets":
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            desk.find_duplicates(audience=INTERNAL, progress=stop)

        assert list(dict.fromkeys(told)) == ["read internal", "find the nearest", "compare tickets"]
        assert desk.find_duplicates(audience=INTERNAL).n_tickets == 7

    @pytest.mark.parametrize("precision", [0, 1, 1.5, True, "0.9", None])
    def test_a_precision_that_cannot_be_is_told(
        self, desk: KnowledgeBase, precision: object
    ) -> None:
        """All right is asked of no threshold."""
        with pytest.raises(ConfigError, match="between 0 and 1"):
            desk.find_duplicates(audience=INTERNAL, precision=precision)  # type: ignore[arg-type]


def test_another_embedder_is_told(desk: KnowledgeBase) -> None:
    """Vectors of two models have no cosine."""
    from kbsearch.embed import HashingEmbedder

    desk.upsert(DESK)

    with KnowledgeBase.open(desk.path, embedder=HashingEmbedder(64)) as other:
        with pytest.raises(EmbedderMismatchError, match="rebuild"):
            other.find_duplicates(audience=INTERNAL)
        with pytest.raises(EmbedderMismatchError, match="rebuild"):
            other.duplicates(FIRST, audience=INTERNAL)
