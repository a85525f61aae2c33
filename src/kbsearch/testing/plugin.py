"""Fixtures for pytest, which finds this module by itself; it loads a desk only if one is used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from kbsearch.desk import KnowledgeBase
    from kbsearch.embed import HashingEmbedder
    from kbsearch.testing.canaries import CanaryCorpus

pytest.register_assert_rewrite("kbsearch.testing.contracts")


@pytest.fixture(scope="session")
def kbsearch_embedder() -> HashingEmbedder:
    """An embedder without a model: texts that share words are alike."""
    from kbsearch.embed import HashingEmbedder

    return HashingEmbedder()


@pytest.fixture
def kbsearch_desk(tmp_path: Path, kbsearch_embedder: HashingEmbedder) -> Iterator[KnowledgeBase]:
    """An empty desk in a folder of the test's own, with the embedder above."""
    from kbsearch.desk import KnowledgeBase

    with KnowledgeBase.create(tmp_path / "kbsearch-desk", embedder=kbsearch_embedder) as desk:
        yield desk


@pytest.fixture(scope="session")
def kbsearch_canaries() -> CanaryCorpus:
    """Documents of every kind whose internal fields carry tokens that nobody else may meet."""
    from kbsearch.testing.canaries import canary_corpus

    return canary_corpus()
