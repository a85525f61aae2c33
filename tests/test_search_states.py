"""What a reader does while its shelf is published, moved from, damaged or held by others."""

from __future__ import annotations

import logging
import multiprocessing
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from kbsearch import Audience, Filters, KnowledgeBase, Searcher, Settings
from kbsearch.config import SnapshotSettings
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import EmbedderMismatchError
from kbsearch.indexing import ShelfWriter
from kbsearch.locks import ForkSafeLock
from kbsearch.search import shelf_reader
from kbsearch.snapshots import open_newest, publish_snapshot, reading
from tests.builders import article
from tests.library import EXTERNAL, INTERNAL, LIBRARY, WHERE, ids, index

_TIMEOUT_S = 60.0


class TestAShelfOfAnotherEmbedder:
    """An error that says so; an empty page would look as if nothing were known."""

    def test_is_refused_where_an_older_snapshot_of_the_own_one_is_fallen_back_to(
        self, tmp_path: Path
    ) -> None:
        """A rebuild adds no change to the log, so the sequence numbers are equal."""
        path = tmp_path / "support.kb"
        with KnowledgeBase.create(path, embedder=HashingEmbedder(64)) as kb:
            index(kb, LIBRARY, "snapshot")
        with KnowledgeBase.open(path, embedder=HashingEmbedder(32)) as other:
            other.rebuild()
        newest = sorted((path / "external").glob("snapshot-*"))[-1]
        (newest / "vectors.faiss").write_bytes(b"damaged")

        with (
            KnowledgeBase.open(path, embedder=HashingEmbedder(64)) as kb,
            pytest.raises(EmbedderMismatchError, match="hashing"),
        ):
            kb.searcher(EXTERNAL).search("vpn")

    def test_is_refused_if_the_reader_looked_between_its_two_steps(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The snapshot is live a moment before the records say whose it is."""
        path = tmp_path / "support.kb"
        with KnowledgeBase.create(path, embedder=HashingEmbedder(64)) as kb:
            index(kb, LIBRARY, "snapshot")
            searcher = kb.searcher(EXTERNAL)
            between: list[list[str]] = []

            def publish_and_search(*args: Any, **options: Any) -> Any:
                manifest = publish_snapshot(*args, **options)
                if options["shelf"] == EXTERNAL.value:
                    between.append(ids(searcher.search("vpn drops", k=1)))
                return manifest

            monkeypatch.setattr(
                "kbsearch.indexing.shelf_writer.publish_snapshot", publish_and_search
            )
            with KnowledgeBase.open(path, embedder=HashingEmbedder(32)) as other:
                other.rebuild()

            assert between == [["kb:vpn"]]
            with pytest.raises(EmbedderMismatchError, match="hashing"):
                searcher.search("vpn drops")


class _InterruptedError(Exception):
    """The process ended here."""


class TestAnInterruptedMoveToCustomers:
    """Customers' copy was written last: agents see what customers see."""

    OLD = article("1", "Printer codes are in the cellar", INTERNAL, title="Old", product="old")
    NEW = article("1", "Scanner codes are on the roof", EXTERNAL, title="New", product="new")

    @pytest.fixture
    def agents(
        self, desk: KnowledgeBase, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
    ) -> Searcher:
        """A searcher over both copies, each where the test says."""
        index(desk, [self.OLD, *LIBRARY], request.param)
        drop = ShelfWriter.drop

        def interrupted(writer: ShelfWriter, wanted: Any) -> list[str]:
            if writer.shelf == INTERNAL.value:
                raise _InterruptedError
            return drop(writer, wanted)

        with monkeypatch.context() as patch:
            patch.setattr(ShelfWriter, "drop", interrupted)
            with pytest.raises(_InterruptedError):
                desk.upsert([self.NEW])
        if request.param == "snapshot":
            desk.rebuild()
        return desk.searcher(INTERNAL)

    @pytest.mark.parametrize("agents", WHERE, indirect=True)
    def test_shows_the_newer_text_whatever_is_asked(self, agents: Searcher) -> None:
        """The older one has the words, and is not an answer."""
        for query in ("printer cellar", "scanner roof", "codes"):
            found = {hit.id: hit for hit in agents.search(query)}

            assert (found["kb:1"].title, found["kb:1"].shelf) == ("New", "external")

    @pytest.mark.parametrize("agents", WHERE, indirect=True)
    def test_gets_the_newer_document_and_filters_by_its_fields(self, agents: Searcher) -> None:
        """The older one does not come back through a filter that the newer one fails."""
        by_old = agents.search("codes", filters=Filters(product=("old",)))
        by_new = agents.search("codes", filters=Filters(product=("new",)))

        assert agents.get("kb:1") == self.NEW
        assert (ids(by_old), ids(by_new)) == ([], ["kb:1"])


class TestAPublishDuringALoad:
    """The snapshot that is being read is removed, and nothing is wrong."""

    def test_is_no_damage_and_the_newer_snapshot_is_opened(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        """Else a warning would frighten, and the whole shelf would lie in the delta."""
        settings = Settings(snapshots=SnapshotSettings(keep=1))
        kb = KnowledgeBase.create(
            tmp_path / "support.kb", settings=settings, embedder=HashingEmbedder(64)
        )
        index(kb, LIBRARY, "snapshot")
        load, loaded = reading.load_snapshot, list[int]()

        def load_slowly(layout: Any, current: Any, shelf: str) -> Any:
            if not loaded:
                loaded.append(0)
                kb.upsert([article("new", "A newer page", EXTERNAL)])
                kb.rebuild()
            snapshot = load(layout, current, shelf)
            loaded.append(snapshot.manifest.n_documents)
            return snapshot

        searcher = kb.searcher(EXTERNAL)
        with monkeypatch.context() as patch, caplog.at_level(logging.WARNING, "kbsearch"):
            patch.setattr(reading, "load_snapshot", load_slowly)
            found = ids(searcher.search("newer page", k=1))

        n_public = kb.searcher(EXTERNAL).count()
        assert found == ["kb:new"]
        assert loaded[-1] == n_public
        assert [r.message for r in caplog.records if r.name.startswith("kbsearch")] == []

    def test_lets_other_threads_search_on(
        self, desk: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Loading takes seconds on a large shelf; only the first search must wait for it."""
        index(desk, LIBRARY, "snapshot")
        searcher = desk.searcher(EXTERNAL)
        searcher.search("vpn")
        desk.upsert([article("new", "A newer page", EXTERNAL)])
        desk.rebuild()
        is_loading, may_end = threading.Event(), threading.Event()

        def open_slowly(*args: Any, **options: Any) -> Any:
            is_loading.set()
            assert may_end.wait(_TIMEOUT_S)
            return open_newest(*args, **options)

        monkeypatch.setattr(shelf_reader, "open_newest", open_slowly)
        first = threading.Thread(target=searcher.search, args=("vpn",))
        first.start()
        try:
            assert is_loading.wait(_TIMEOUT_S)
            found: list[str] = []
            second = threading.Thread(
                target=lambda: found.extend(ids(searcher.search("newer page", k=1)))
            )
            second.start()
            second.join(_TIMEOUT_S / 2)
            assert found == ["kb:new"]
        finally:
            may_end.set()
            first.join()

        assert ids(searcher.search("newer page", k=1)) == ["kb:new"]


def _search_and_send(searcher: Searcher, answers: Connection) -> None:
    answers.send(ids(searcher.search("vpn drops after sleep")))


class TestAForkWhileAnotherThreadHoldsALock:
    """That thread is not in the child, so nobody would ever release it."""

    def test_leaves_the_child_with_a_free_one(self) -> None:
        """And the parent's is still held, and released as ever."""
        lock = ForkSafeLock()
        context = multiprocessing.get_context("fork")
        receiver, sender = context.Pipe(duplex=False)

        with lock:
            child = context.Process(target=lambda: sender.send(lock.acquire(blocking=False)))
            is_free_in_child = _answer_of(child, receiver)
            is_free_here = lock.acquire(blocking=False)

        assert (is_free_in_child, is_free_here) == (True, False)
        assert lock.acquire(blocking=False)

    @pytest.mark.parametrize("audience", Audience)
    def test_lets_the_child_search(self, desk: KnowledgeBase, audience: Audience) -> None:
        """A server forks its workers while it answers."""
        index(desk, LIBRARY, "both")
        searcher = desk.searcher(audience)
        expected = ids(searcher.search("vpn drops after sleep"))
        desk.upsert([article("fax", "The fax machine is in the cellar.", INTERNAL)])
        context = multiprocessing.get_context("fork")
        receiver, sender = context.Pipe(duplex=False)

        with searcher._shelves["external"]._lock:
            child = context.Process(target=_search_and_send, args=(searcher, sender))
            answer = _answer_of(child, receiver)

        assert answer == expected


def _answer_of(process: Any, answers: Connection) -> object:
    process.start()
    try:
        assert answers.poll(_TIMEOUT_S), "the child hangs"
        return answers.recv()
    finally:
        process.kill()
        process.join()
