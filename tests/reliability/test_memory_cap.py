"""Memory has an end: a search needs no more than the size of its store allows for."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from kbsearch import KnowledgeBase
from kbsearch.arrays import Float32, unit_rows
from kbsearch.embed import HashingEmbedder
from tests.builders import article
from tests.library import EXTERNAL

_N_DOCUMENTS = 20_000
_DIM = 1024
_MORE_BYTES = 1_500_000_000

_SEARCH = """
import resource, sys
path, limit = sys.argv[1], int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
from kbsearch import KnowledgeBase
from kbsearch.errors import KbSearchError
from tests.reliability.test_memory_cap import NoiseEmbedder
try:
    with KnowledgeBase.open(path, embedder=NoiseEmbedder()) as kb:
        print(len(kb.searcher("external").search("printer 7", k=10)))
except KbSearchError as error:
    print(type(error).__name__)
"""


class NoiseEmbedder(HashingEmbedder):
    """A vector by chance for each text, in no time."""

    def __init__(self) -> None:
        super().__init__(_DIM)

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        """Unit vectors that the text alone decides."""
        seeds = [int.from_bytes(hashlib.blake2b(t.encode(), digest_size=8).digest()) for t in texts]
        rows = [np.random.default_rng(seed).standard_normal(_DIM) for seed in seeds]
        return unit_rows(np.array(rows, dtype=np.float32).reshape(-1, _DIM))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk of some two hundred megabytes."""
    path = tmp_path_factory.mktemp("large") / "desk.kb"
    with KnowledgeBase.create(path, embedder=NoiseEmbedder()) as kb:
        kb.upsert(article(str(n), f"printer {n} jams", EXTERNAL) for n in range(_N_DOCUMENTS))
        kb.rebuild()
    return path


def search_within(path: Path, limit_bytes: int) -> tuple[int, str]:
    """Exit code, or minus the signal, and what was printed, of a process with so much memory."""
    done = subprocess.run(
        [sys.executable, "-c", _SEARCH, str(path), str(limit_bytes)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.returncode, (done.stdout or done.stderr[-300:]).strip()


@pytest.mark.nightly
def test_twice_the_stores_size_and_a_constant_is_enough(path: Path) -> None:
    """The libraries' own need is the constant: 1.5 GB of addresses."""
    size = sum(file.stat().st_size for file in (path / "external").rglob("*") if file.is_file())

    assert size > 100_000_000
    assert search_within(path, 2 * size + _MORE_BYTES) == (0, "10")


@pytest.mark.nightly
@pytest.mark.parametrize("limit_bytes", [800_000_000, 700_000_000])
def test_less_is_an_error_and_not_a_kill(path: Path, limit_bytes: int) -> None:
    """Also where a MemoryError of Python's own escapes: a server lives on, and can say so."""
    exit_code, printed = search_within(path, limit_bytes)

    assert exit_code in (0, 1)
    assert exit_code == 0 or "MemoryError" in printed
