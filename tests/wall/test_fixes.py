"""What fixed it, for customers: made of what was published to them, whatever staff know."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kbsearch import KnowledgeBase, Resolution, Searcher, SearchResult, Ticket, TicketStatus
from kbsearch.embed import HashingEmbedder
from kbsearch.models import Document, Satisfaction
from tests.builders import agent_says, article, customer_says, resolved_ticket
from tests.library import EXTERNAL, INTERNAL
from tests.wall.leaks import for_watchers, n_beyond

DRAFT = Ticket.draft("The VPN drops after sleep", subject="VPN drops")


def published(number: str, note: str, **more: Any) -> Ticket:
    """The same for customers, whatever the note and the fields that they do not read."""
    return Ticket(
        id=f"desk:{number}",
        subject=f"VPN drops: {note} {number}",
        public_subject="VPN drops",
        messages=(
            customer_says("The VPN drops after sleep", id="1"),
            agent_says("Keep the adapter awake", public=True, id="2"),
            agent_says(note, public=False, id="3"),
        ),
        status=TicketStatus.RESOLVED,
        published=True,
        **more,
    )


PLAIN = [published("1", "nothing"), published("2", "nothing")]
KNOWING: list[Document] = [
    published(
        "1",
        "Reset the tunnel on edge-03",
        resolution=Resolution(text="Reset the tunnel on edge-03", message_id="3"),
        n_reopenings=3,
        satisfaction=Satisfaction.BAD,
        followup_ids=("desk:9",),
        article_ids=("kb:secret",),
    ),
    published("2", "Keep the adapter awake", merged_ids=("desk:7",)),
    *(resolved_ticket(f"s{n}", "VPN drops after sleep", "Keep the adapter awake") for n in "abc"),
    article("secret", "Reset the tunnel", INTERNAL, supersedes=("kb:other",)),
]


def told(path: Path, documents: Sequence[Document]) -> tuple[SearchResult, SearchResult]:
    """What customers are told, from the delta and from a snapshot."""
    with KnowledgeBase.create(path, embedder=HashingEmbedder()) as kb:
        kb.upsert(documents)
        before = kb.searcher(EXTERNAL).similar(DRAFT)
        kb.rebuild()
        return before, kb.searcher(EXTERNAL).similar(DRAFT)


def test_customers_are_told_of_fixes_what_was_published_to_them(tmp_path: Path) -> None:
    """Byte for byte the same, and with a record that claims nothing that they do not know."""
    plain, knowing = told(tmp_path / "a.kb", PLAIN), told(tmp_path / "b.kb", KNOWING)

    assert [one.model_dump_json() for one in plain] == [one.model_dump_json() for one in knowing]
    (fix,) = plain[0].fixes
    assert (fix.text, fix.shelf, fix.public) == ("Keep the adapter awake", "external", True)
    assert (fix.n_tried, fix.n_worked, fix.n_reopened) == (2, None, None)
    assert (fix.article_ids, fix.ticket_ids) == ((), ("desk:1", "desk:2"))
    assert fix.summary == "told in 2 resolved tickets"


def test_a_record_that_counts_private_resolutions_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the count of a fix is taken over all tickets in which it worked."""

    @for_watchers(similar := Searcher.similar)
    def similar_of_all(self: Searcher, *args: Any, **named: Any) -> SearchResult:
        found = similar(self, *args, **named)
        counted = [
            fix.model_copy(update={"n_tried": fix.n_tried + n_beyond(self)}) for fix in found.fixes
        ]
        return found.model_copy(update={"fixes": tuple(counted)})

    monkeypatch.setattr(Searcher, "similar", similar_of_all)

    plain, knowing = told(tmp_path / "a.kb", PLAIN), told(tmp_path / "b.kb", KNOWING)

    assert plain[0].model_dump_json() != knowing[0].model_dump_json()


def test_staff_are_told_of_the_same_tickets_what_became_of_them(tmp_path: Path) -> None:
    """The control of the first test: what is kept from customers is there to be kept."""
    with KnowledgeBase.create(tmp_path / "support.kb", embedder=HashingEmbedder()) as kb:
        kb.upsert(KNOWING)
        fixes = kb.searcher(INTERNAL).similar(DRAFT).fixes

    by_text = {fix.text: fix for fix in fixes}
    assert by_text["Keep the adapter awake"].n_worked == 4
    edge = by_text["Reset the tunnel on edge-03"]
    assert (edge.public, edge.n_worked, edge.n_reopened) == (False, 0, 1)
