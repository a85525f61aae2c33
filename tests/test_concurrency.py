"""Many threads and processes on one desk: each search sees one state, and none is stale."""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from kbsearch import Audience, KnowledgeBase, Searcher, Settings
from kbsearch.config import PassageSettings, SnapshotSettings
from kbsearch.embed import HashingEmbedder
from kbsearch.models import Document
from tests.builders import article, ticket
from tests.library import EXTERNAL, INTERNAL, LIBRARY, ids, index

_TIMEOUT_S = 60.0
_OPEN_FILES = Path("/proc/self/fd")


class Readers:
    """Threads that search until they are told to stop; the first error of any is raised."""

    def __init__(self, search: Callable[[], None], n_threads: int = 3) -> None:
        self._search = search
        self._is_stopped = False
        self._searched = threading.Condition()
        self._pool = ThreadPoolExecutor(n_threads)
        self._n_threads = n_threads
        self.n_searches = 0
        self._has_failed = False

    def __enter__(self) -> Readers:
        self._running = [self._pool.submit(self._run) for _ in range(self._n_threads)]
        return self

    def __exit__(self, *_: object) -> None:
        self._is_stopped = True
        self._pool.shutdown()
        for done in self._running:
            done.result()

    def _run(self) -> None:
        try:
            while not self._is_stopped:
                self._search()
                with self._searched:
                    self.n_searches += 1
                    self._searched.notify_all()
        except BaseException:
            self._has_failed = True
            with self._searched:
                self._searched.notify_all()
            raise

    def wait_for_some(self) -> None:
        """Until some more searches have been made, or one has failed."""
        with self._searched:
            wanted = self.n_searches + 2 * self._n_threads
            self._searched.wait_for(lambda: self.n_searches >= wanted or self._has_failed)


def n_open_files() -> int:
    return sum(1 for _ in _OPEN_FILES.iterdir())


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[KnowledgeBase]:
    """A desk that folds itself after every few documents."""
    settings = Settings(snapshots=SnapshotSettings(fold_at_passages=7))
    with KnowledgeBase.create(
        tmp_path / "busy.kb", settings=settings, embedder=HashingEmbedder(64)
    ) as kb:
        yield kb


class TestThreadsThatSearchWhileAnotherWrites:
    """One searcher, shared, as a web server does."""

    @pytest.mark.parametrize("audience", Audience)
    def test_get_every_document_that_stands_and_no_error(
        self, busy: KnowledgeBase, audience: Audience
    ) -> None:
        """Upserts, changes, deletions, automatic folds and rebuilds, all at once."""
        busy.upsert([article("fixed", "printer of the hall", EXTERNAL)])
        searcher = busy.searcher(audience)

        def search() -> None:
            found = ids(searcher.search("printer", k=100))
            assert "kb:fixed" in found
            assert len(found) == len(set(found))

        with Readers(search) as readers:
            for n in range(12):
                busy.upsert(
                    [
                        article(f"{n % 5}", f"printer {n} is jammed", EXTERNAL),
                        ticket(f"{n}", f"printer {n} smells", published=n % 2 == 0),
                    ]
                )
                if n % 4 == 3:
                    busy.delete([f"desk:{n - 2}", f"kb:{n % 5}"])
                    busy.rebuild()
            readers.wait_for_some()

        assert busy.check(INTERNAL).findings == ()
        assert searcher.count() == len(searcher.search("printer", k=100)) + (
            busy.stats(EXTERNAL)[0].n_tickets if audience is INTERNAL else 0
        )

    def test_never_get_a_document_after_its_deletion_returned(self, busy: KnowledgeBase) -> None:
        """A withdrawal acts for every search that begins after it."""
        searcher = busy.searcher(EXTERNAL)
        gone: set[str] = set()

        def search() -> None:
            gone_before = set(gone)
            assert gone_before.isdisjoint(ids(searcher.search("printer", k=100)))

        busy.upsert([article(f"{n}", f"printer {n} is jammed", EXTERNAL) for n in range(40)])
        with Readers(search) as readers:
            for n in range(0, 40, 4):
                wanted = [f"kb:{n}", f"kb:{n + 1}"]
                busy.delete(wanted)
                gone.update(wanted)
                busy.upsert([article(f"{n + 2}", f"printer {n} is quiet", INTERNAL)])
                gone.add(f"kb:{n + 2}")
                if n % 12 == 0:
                    busy.rebuild()
            readers.wait_for_some()

        assert sorted(ids(searcher.search("printer", k=100))) == sorted(
            f"kb:{n}" for n in range(3, 40, 4)
        )

    def test_see_either_the_old_or_the_new_text_of_a_document(self, busy: KnowledgeBase) -> None:
        """Title, body and score of one hit belong together."""
        texts = [f"printer in room {n} is jammed" for n in range(10)]
        busy.upsert([article("1", texts[0], EXTERNAL, title=texts[0])])
        searcher = busy.searcher(EXTERNAL)

        def search() -> None:
            (hit,) = searcher.search("printer room")
            assert hit.title == hit.passage.text
            assert hit.title in texts

        with Readers(search) as readers:
            for text in texts:
                busy.upsert([article("1", text, EXTERNAL, title=text)])
            readers.wait_for_some()

        assert searcher.search("printer")[0].title == texts[-1]

    def test_that_write_at_once_wait_for_each_other(self, busy: KnowledgeBase) -> None:
        """Two requests that save a ticket are no error of either."""
        batches: list[list[Document]] = [
            [ticket(f"{n}-{i}", f"printer {n} {i}") for i in range(3)] for n in range(6)
        ]

        with ThreadPoolExecutor(4) as pool:
            reports = list(pool.map(busy.upsert, batches))

        assert [len(report.added) for report in reports] == [3] * 6
        assert busy.searcher(INTERNAL).count() == 18
        assert busy.check(INTERNAL).findings == ()

    @pytest.mark.skipif(not _OPEN_FILES.is_dir(), reason="only Linux lists a process's open files")
    def test_that_end_leave_no_open_file_behind(self, busy: KnowledgeBase) -> None:
        """A server that starts a thread for each request must not run out of descriptors."""
        busy.upsert([article("1", "printer is jammed", EXTERNAL)])
        searcher = busy.searcher(EXTERNAL)
        searcher.search("printer")
        before = n_open_files()

        for _ in range(20):
            thread = threading.Thread(target=searcher.search, args=("printer",))
            thread.start()
            thread.join()

        assert n_open_files() <= before + 2


def _search_and_send(searcher: Searcher, answers: Connection) -> None:
    answers.send(ids(searcher.search("vpn drops after sleep", k=200)))


def _open_search_and_send(path: str, answers: Connection) -> None:
    with KnowledgeBase.open(path, embedder=HashingEmbedder()) as kb:
        _search_and_send(kb.searcher(EXTERNAL), answers)


def _answer_of(process: multiprocessing.process.BaseProcess, answers: Connection) -> object:
    process.start()
    try:
        assert answers.poll(_TIMEOUT_S), "the child hangs"
        return answers.recv()
    finally:
        process.kill()
        process.join()


class TestProcesses:
    """A server forks its workers, or starts them anew."""

    @pytest.mark.parametrize("where", ["delta", "snapshot", "both"])
    def test_a_forked_child_searches_with_its_parents_searcher(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """SQLite's connections may not cross a fork: the child opens its own."""
        index(desk, LIBRARY, where)
        searcher = desk.searcher(EXTERNAL)
        expected = ids(searcher.search("vpn drops after sleep", k=200))
        context = multiprocessing.get_context("fork")
        receiver, sender = context.Pipe(duplex=False)

        child = context.Process(target=_search_and_send, args=(searcher, sender))
        answer = _answer_of(child, receiver)

        assert answer == expected
        assert ids(searcher.search("vpn drops after sleep", k=200)) == expected

    def test_a_forked_child_searches_after_faiss_used_threads_in_its_parent(
        self, tmp_path: Path
    ) -> None:
        """FAISS looks up more than 1000 rows in OpenMP threads, and these do not survive a fork."""
        settings = Settings(passages=PassageSettings(max_tokens=16))
        kb = KnowledgeBase.create(
            tmp_path / "long.kb", settings=settings, embedder=HashingEmbedder(64)
        )
        texts = [" ".join(f"vpn line {60 * of + n}" for n in range(60)) for of in range(120)]
        kb.upsert([article(str(n), text, EXTERNAL) for n, text in enumerate(texts)])
        kb.rebuild()
        searcher = kb.searcher(EXTERNAL)
        expected = ids(searcher.search("vpn drops after sleep", k=200))
        context = multiprocessing.get_context("fork")
        receiver, sender = context.Pipe(duplex=False)

        child = context.Process(target=_search_and_send, args=(searcher, sender))
        answer = _answer_of(child, receiver)

        assert kb.stats(EXTERNAL)[0].n_passages > 1000
        assert answer == expected
        assert len(expected) == 120

    def test_a_spawned_child_searches_a_desk_that_its_parent_has_open(
        self, desk: KnowledgeBase
    ) -> None:
        """Another process, with nothing but the path."""
        index(desk, LIBRARY, "both")
        expected = ids(desk.searcher(EXTERNAL).search("vpn drops after sleep", k=200))
        context = multiprocessing.get_context("spawn")
        receiver, sender = context.Pipe(duplex=False)

        child = context.Process(target=_open_search_and_send, args=(str(desk.path), sender))
        answer = _answer_of(child, receiver)

        assert answer == expected


def test_many_searches_run_beside_an_event_loop(desk: KnowledgeBase) -> None:
    """`asyncio.to_thread` is all that an asynchronous server needs."""
    index(desk, LIBRARY, "both")
    searcher = desk.searcher(EXTERNAL)
    expected = ids(searcher.search("vpn"))

    async def search_all() -> list[list[str]]:
        searches = (asyncio.to_thread(searcher.search, "vpn") for _ in range(20))
        return [ids(found) for found in await asyncio.gather(*searches)]

    assert asyncio.run(search_all()) == [expected] * 20
