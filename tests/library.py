"""A few documents of both audiences, and where to put them."""

from __future__ import annotations

from collections.abc import Sequence

from kbsearch import Audience, KnowledgeBase, SearchResult
from kbsearch.models import Document
from tests.builders import article, resolved_ticket, ticket

INTERNAL, EXTERNAL = Audience.INTERNAL, Audience.EXTERNAL
WHERE = ("delta", "snapshot", "both")

LIBRARY: list[Document] = [
    article("vpn", "The VPN drops after sleep: set the adapter to stay awake.", EXTERNAL),
    article("mfa", "A new phone needs a new code for signing in.", EXTERNAL),
    article("dns", "VPN users get the wrong name server; clear the cache.", INTERNAL),
    article("fax", "The fax machine is in the cellar.", INTERNAL),
    resolved_ticket("1", "My VPN drops when the lid is closed", "Keep the adapter awake"),
    ticket("2", "Scanner does not wake up after sleep", published=True),
]


def index(desk: KnowledgeBase, documents: Sequence[Document], where: str) -> None:
    """Put documents in the delta, in a snapshot, or every other one in each."""
    if where != "delta":
        desk.upsert(documents if where == "snapshot" else documents[::2])
        desk.rebuild()
    desk.upsert(documents)


def ids(result: SearchResult) -> list[str]:
    """Ids of the hits, best first."""
    return [hit.id for hit in result]
