"""Sixteen threads for a minute on one searcher, while documents come, go and are folded."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from kbsearch import KnowledgeBase
from kbsearch.embed import HashingEmbedder
from tests.builders import article
from tests.library import EXTERNAL, INTERNAL, ids
from tests.reliability.children import in_a_forked_child, resident_bytes

_N_THREADS = 16
_WARM_UP_S = 15.0
_MEASURED_S = 60.0
_OPEN_FILES = Path("/proc/self/fd")


def n_open_files() -> int:
    return sum(1 for _ in _OPEN_FILES.iterdir())


class Load:
    """Threads that search one desk until they are told to stop."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._searcher = kb.searcher(EXTERNAL)
        self._is_stopped = threading.Event()
        self.errors: list[str] = []
        self.n_searches = 0
        self.threads = [threading.Thread(target=self._search) for _ in range(_N_THREADS)]

    def _search(self) -> None:
        while not self._is_stopped.is_set():
            found = ids(self._searcher.search("printer jams", k=20))
            self.n_searches += 1
            if "kb:fixed" not in found or len(found) != len(set(found)):
                self.errors.append(f"wrong hits: {found}")

    def __enter__(self) -> Load:
        threading.excepthook = lambda failed: self.errors.append(repr(failed.exc_value))
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_stopped.set()
        for thread in self.threads:
            thread.join()


def write_for(kb: KnowledgeBase, seconds: float) -> int:
    """Upserts, deletions and rebuilds of a desk that keeps its size; how many snapshots."""
    end, n = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        kb.upsert([article(str(i), f"printer {i} jams {n}", EXTERNAL) for i in range(5)])
        kb.delete([f"kb:{n % 5}"])
        kb.rebuild()
        n += 1
    return n


def soak(path: Path) -> dict[str, float]:
    """Warm up, then measure."""
    with KnowledgeBase.create(path, embedder=HashingEmbedder(64)) as kb:
        kb.upsert([article("fixed", "printer jams in the hall", EXTERNAL)])
        with Load(kb) as warm_up:
            write_for(kb, _WARM_UP_S)
        files = n_open_files()
        with Load(kb) as load:
            write_for(kb, 2.0)  # threads of its own, too
            before = resident_bytes()
            n_snapshots = write_for(kb, _MEASURED_S)
            growth = resident_bytes() / before - 1
        return {
            "errors": len(warm_up.errors + load.errors),
            "findings": len(kb.check(INTERNAL).findings),
            "searches": load.n_searches,
            "snapshots": n_snapshots,
            "growth": growth,
            "more files": n_open_files() - files,
        }


@pytest.mark.nightly
def test_threads_search_for_a_minute_without_an_error_or_growth(tmp_path: Path) -> None:
    """Memory by at most a twentieth after the warm-up, and no open file more."""
    child = in_a_forked_child(lambda: soak(tmp_path / "desk.kb"), timeout_s=300)

    assert child.exit_code == 0
    assert (child.answer["errors"], child.answer["findings"]) == (0, 0), child.answer
    assert child.answer["growth"] <= 0.05, child.answer
    assert child.answer["more files"] <= 0, child.answer
    assert child.answer["searches"] > 500
    assert child.answer["snapshots"] > 20
