"""Which texts the embedding model is given together: padding changes the last bits of a vector."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbsearch import KnowledgeBase
from tests.spies import SpyEmbedder
from tests.wall.walls import WALLS, Secret, Seen, Wall

_PUBLIC, _SECRET = "harbour", "lantern"


@pytest.fixture
def spy() -> SpyEmbedder:
    """Remembers every call."""
    return SpyEmbedder()


def mixed_calls(spy: SpyEmbedder) -> list[list[str]]:
    """Calls that hold a text of each side."""
    return [
        call
        for call in spy.calls
        if any(_SECRET in text for text in call) and not all(_SECRET in text for text in call)
    ]


@pytest.mark.parametrize("wall", WALLS, ids=lambda wall: wall.name)
def test_no_call_of_the_embedder_holds_texts_of_both_sides(
    wall: Wall, spy: SpyEmbedder, tmp_path: Path
) -> None:
    """In one upsert of both, and in a rebuild for another model."""
    kb = KnowledgeBase.create(tmp_path / "support.kb", embedder=spy)
    secret = Secret(f"{_SECRET} on the sill", 3)
    seen = [wall.seen(Seen(n, f"{_PUBLIC} at night", n), secret) for n in (2, 4)]

    kb.upsert([*wall.hidden(0, secret), *seen, *wall.hidden(1, secret)])
    kb.upsert([wall.seen(Seen(6, f"{_PUBLIC} by day"), secret), *wall.hidden(2, secret)])
    other = SpyEmbedder(dim=32)  # the rebuild embeds every text of the desk
    KnowledgeBase.open(kb.path, embedder=other).rebuild()

    for each in (spy, other):
        assert any(_SECRET in text for text in each.texts)
        assert any(_PUBLIC in text for text in each.texts)
        assert len(each.calls) >= 2
        assert mixed_calls(each) == []


def test_a_call_with_texts_of_both_sides_would_be_seen(spy: SpyEmbedder) -> None:
    """Control."""
    spy.embed_passages([f"{_PUBLIC} at night"])
    spy.embed_passages([f"{_PUBLIC} at night", f"{_SECRET} on the sill"])

    assert mixed_calls(spy) == spy.calls[1:]
