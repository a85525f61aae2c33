"""A rebuild beside searches, writes and other rebuilds."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from kbsearch import KnowledgeBase, Settings
from kbsearch.config import StoreSettings
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import LockedError
from kbsearch.search import shelf_reader
from kbsearch.snapshots import open_newest
from kbsearch.store import writer_lock
from tests.builders import article
from tests.library import INTERNAL, LIBRARY, ids

_TIMEOUT_S = 60.0


def reload_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("reload")]


def test_a_newer_snapshot_is_loaded_while_searches_go_on(
    desk: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No search waits for it, and what was written since is found meanwhile."""
    desk.upsert(LIBRARY)
    desk.rebuild()
    searcher = desk.searcher(INTERNAL)
    searcher.search("vpn")
    is_loading, may_go_on = threading.Event(), threading.Event()

    def open_slowly(*args: Any, **options: Any) -> Any:
        is_loading.set()
        assert may_go_on.wait(_TIMEOUT_S)
        return open_newest(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(shelf_reader, "open_newest", open_slowly)
        other = KnowledgeBase.open(desk.path, embedder=HashingEmbedder())
        other.upsert([article("plotter", "The plotter was sold", INTERNAL)])
        other.rebuild()
        found = [ids(searcher.search("plotter", k=1)) for _ in range(3)]
        assert is_loading.wait(_TIMEOUT_S)
        threads = reload_threads()
        may_go_on.set()
        for thread in threads:
            thread.join(_TIMEOUT_S)

    assert found == [["kb:plotter"]] * 3
    assert [thread.name for thread in threads] == ["reload internal"]
    assert reload_threads() == []
    assert ids(searcher.search("plotter", k=1)) == ["kb:plotter"]


def test_a_second_rebuild_is_told_at_once_who_rebuilds(desk: KnowledgeBase) -> None:
    """Both would embed the same texts."""
    desk.upsert(LIBRARY)
    lock = desk.path / "internal" / "REBUILD"

    with (
        writer_lock(lock, "support"),
        pytest.raises(LockedError, match="is being rebuilt by process"),
    ):
        desk.rebuild()

    assert [report.snapshot for report in desk.rebuild()] == [1, 1]


def test_a_write_finds_the_desk_open_while_a_rebuild_embeds(tmp_path: Path) -> None:
    """It takes the shelf's lock for each commit alone."""
    settings = Settings(store=StoreSettings(lock_wait_s=0))
    embedder = HashingEmbedder()
    desk = KnowledgeBase.create(tmp_path / "a.kb", settings=settings, embedder=embedder)
    desk.upsert(LIBRARY)
    other = KnowledgeBase.open(desk.path, embedder=HashingEmbedder(64))
    writes: list[tuple[str, ...]] = []

    def write(task: str, n_done: int, n_total: int) -> None:
        if task == "embed internal" and n_done == 0:
            writes.append(desk.delete(["kb:fax"]))

    other.rebuild(progress=write)

    assert writes == [("kb:fax",)]
    assert ids(other.searcher(INTERNAL).search("fax was sold")).count("kb:fax") == 0
    assert other.check(INTERNAL).findings == ()


def test_a_write_waits_for_another_ones_end(desk: KnowledgeBase) -> None:
    """Two web workers write at the same time: neither fails."""
    desk.settings = Settings(store=StoreSettings(lock_wait_s=_TIMEOUT_S))
    is_held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with writer_lock(desk.path / "internal" / "LOCK", "internal"):
            is_held.set()
            done.wait(0.2)

    holder = threading.Thread(target=hold)
    holder.start()
    assert is_held.wait(_TIMEOUT_S)
    report = desk.upsert([article("plotter", "The plotter was sold", INTERNAL)])
    holder.join(_TIMEOUT_S)

    assert report.added == ("kb:plotter",)
