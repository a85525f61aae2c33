"""The trail over whole stories: it tells what stands, and changes nothing that customers see."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings

from kbsearch import KnowledgeBase, Ticket
from kbsearch.embed import HashingEmbedder
from tests.builders import agent_says, article, customer_says, ticket
from tests.disk import bytes_of
from tests.library import EXTERNAL, INTERNAL
from tests.wall.stories import stories, worlds
from tests.wall.walls import CUSTOMERS
from tests.wall.worlds import Step, World, played


def replayed(kb: KnowledgeBase) -> set[str]:
    """What stands with customers, by the trail alone."""
    told: set[str] = set()
    for entry in reversed(kb.audit(limit=100_000)):
        document_id = str(entry.document_id)
        if entry.action == "published":
            assert document_id not in told
            told.add(document_id)
        elif entry.action == "changed":
            assert document_id in told
        elif entry.action == "forgotten":  # also what never stood there
            told.discard(document_id)
        else:
            told.remove(document_id)
    return told


@settings(max_examples=25, deadline=None)
@given(story=stories, world=worlds)
def test_the_trail_replayed_gives_what_stands_with_customers(
    story: Sequence[Step], world: World
) -> None:
    """After any story; each act fits the ones before it."""
    with played(CUSTOMERS, story, world, HashingEmbedder(64)) as told:
        assert replayed(told.kb) == set(told.kb.ids(EXTERNAL))
        assert not [f for f in told.kb.check(INTERNAL).findings if "audit" in f.what]


def _lid() -> Ticket:
    messages = (customer_says("Lid", id="m1"), agent_says("root", public=False, id="n1"))
    return ticket("e1", "", subject="root", messages=messages, published=True)


def _told(root: Path, by: str | None, reason: str | None) -> dict[str, bytes]:
    with KnowledgeBase.create(root, embedder=HashingEmbedder()) as kb:
        kb.upsert([article("a", "One", EXTERNAL), _lid()], by=by)
        kb.upsert([article("a", "One more", EXTERNAL), article("b", "Two", INTERNAL)], by=by)
        kb.rebuild()
        kb.publish(["kb:b"], by=by or "somebody", reason=reason)
        kb.withdraw(["desk:e1"], by=by, reason=reason)
        kb.rebuild()
        kb.upsert([article("c", "Three", EXTERNAL)], by=by)
        kb.rebuild()
        kb.rollback(EXTERNAL, by=by)
        kb.delete(["kb:a"], by=by)
        return bytes_of(root / "external")


@pytest.mark.parametrize(
    ("by", "reason"), [("Mira Okafor", None), ("x" * 900, "because of the audit " * 40)]
)
def test_who_and_why_change_no_byte_of_the_external_directory(
    tmp_path: Path, by: str, reason: str | None
) -> None:
    """The trail is staff's; a thief of customers' directory learns nothing of it."""
    unknown = _told(tmp_path / "unknown", None, None)

    known = _told(tmp_path / "known", by, reason)

    assert known == unknown
    assert not [name for name, content in known.items() if b"audit" in content]


def test_the_comparison_above_can_fail(tmp_path: Path) -> None:
    """Control: the same story with one public letter more is another directory."""
    with KnowledgeBase.create(tmp_path / "one", embedder=HashingEmbedder()) as kb:
        kb.upsert([article("a", "One", EXTERNAL)])
    with KnowledgeBase.create(tmp_path / "two", embedder=HashingEmbedder()) as kb:
        kb.upsert([article("a", "Ones", EXTERNAL)])

    assert bytes_of(tmp_path / "one" / "external") != bytes_of(tmp_path / "two" / "external")
