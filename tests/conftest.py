"""Fixtures that many tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kbsearch import KnowledgeBase
from kbsearch.embed import HashingEmbedder
from tests.network_guard import watch_sockets

pytest_plugins = ["kbsearch.testing.plugin"]


@pytest.fixture(scope="session")
def hashing_embedder() -> HashingEmbedder:
    """One for the whole run: it keeps no state that a test could see."""
    return HashingEmbedder()


@pytest.fixture
def desk(tmp_path: Path, hashing_embedder: HashingEmbedder) -> Iterator[KnowledgeBase]:
    """An empty desk that needs no model."""
    with KnowledgeBase.create(tmp_path / "support.kb", embedder=hashing_embedder) as kb:
        yield kb


@pytest.fixture(autouse=True)
def refused_connections() -> Iterator[list[str]]:
    """Attempts to use the network; any that a test leaves in this list fails it."""
    attempts = watch_sockets()
    attempts.clear()
    yield attempts
    assert attempts == []
