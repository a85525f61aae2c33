"""A desk to export, and its bundle as its readers open it."""

from __future__ import annotations

from pathlib import Path

from kbsearch import KnowledgeBase
from kbsearch.embed import HashingEmbedder
from tests.builders import agent_says, customer_says, ticket
from tests.library import LIBRARY

QUERY = "vpn drops after sleep"
BADGE = ticket(
    "p",
    "",
    subject="zqnote",
    messages=(
        customer_says("the badge opens no door", id="m1"),
        agent_says("zqnote", public=False, id="n1"),
        agent_says("Try the badge at another door", public=True, id="m2"),
    ),
    published=True,
)


def filled(desk: KnowledgeBase) -> KnowledgeBase:
    """The library and a published ticket on a desk, half of them folded."""
    desk.upsert(LIBRARY[:3])
    desk.rebuild()
    desk.upsert([*LIBRARY, BADGE])
    return desk


def opened(path: Path) -> KnowledgeBase:
    """A bundle of it."""
    return KnowledgeBase.open(path, embedder=HashingEmbedder())
