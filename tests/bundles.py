"""A desk to export, and its bundle as its readers open it."""

from __future__ import annotations

from pathlib import Path

from kbsearch import KnowledgeBase
from kbsearch.embed import HashingEmbedder
from tests.library import LIBRARY
from tests.worlds import published_ticket

QUERY = "vpn drops after sleep"


def filled(desk: KnowledgeBase) -> KnowledgeBase:
    """The library and a published ticket on a desk, half of them folded."""
    desk.upsert(LIBRARY[:3])
    desk.rebuild()
    desk.upsert([*LIBRARY, published_ticket("p", "the badge opens no door", "zqnote")])
    return desk


def opened(path: Path) -> KnowledgeBase:
    """A bundle of it."""
    return KnowledgeBase.open(path, embedder=HashingEmbedder())
