"""Connections: closed by nobody who does not have them, however readers, threads and forks end."""

from __future__ import annotations

import _thread
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from kbsearch import Audience, KnowledgeBase
from kbsearch.errors import ClosedError, StoreError
from kbsearch.store import RecordReader, RecordWriter
from tests.builders import article
from tests.library import EXTERNAL
from tests.records import SHELF, contents, new_writer, put, write

_OPEN_FILES = Path("/proc/self/fd")
_TIMEOUT_S = 60.0

_CLOSE_WHILE_SEARCHING = """
import sys, threading
from kbsearch import Article, Audience, KnowledgeBase
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import ClosedError
kb = KnowledgeBase.create(sys.argv[1], embedder=HashingEmbedder(64))
kb.upsert([Article(id=f"kb:{n}", title=f"printer {n}", body="printer is jammed " * 20,
                   audience=Audience.EXTERNAL) for n in range(60)])
for _ in range(10):
    searcher = kb.searcher("external")
    searched = threading.Barrier(5, timeout=30)
    ends = []
    def search():
        try:
            searcher.search("printer")
            searched.wait()
            while True:
                searcher.search("printer")
        except BaseException as error:
            ends.append(error)
    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    searched.wait()
    kb.close()
    for thread in threads:
        thread.join()
    assert [type(end) for end in ends] == [ClosedError] * 4, ends
print("ended")
"""


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[RecordWriter]:
    """A shelf with one article, open for writing."""
    found = new_writer(tmp_path)
    put(found, article("1", "printer jams", Audience.INTERNAL))
    yield found
    found.close()


@pytest.fixture
def reader(writer: RecordWriter, tmp_path: Path) -> Iterator[RecordReader]:
    """Another object for the same file."""
    found = RecordReader(tmp_path / "records.sqlite", SHELF)
    yield found
    found.close()


def n_open(path: Path) -> int:
    """How often this process has a file open."""
    found = path.stat()
    n_found = 0
    for entry in _OPEN_FILES.iterdir():
        with suppress(FileNotFoundError):  # the listing's own
            n_found += entry.stat().st_ino == found.st_ino
    return n_found


class TestAfterClosing:
    """A closed reader says so; it does not open the file anew."""

    def test_a_searcher_cannot_be_used(self, desk: KnowledgeBase) -> None:
        """Every way to ask it for something."""
        desk.upsert([article("1", "printer jams", EXTERNAL)])
        searcher = desk.searcher(EXTERNAL)
        assert searcher.count() == 1

        desk.close()

        for ask in (searcher.count, lambda: searcher.search("printer"), lambda: searcher.get("x")):
            with pytest.raises(ClosedError, match="had been closed"):
                ask()

    def test_closing_twice_is_no_error(self, reader: RecordReader) -> None:
        """`with` and an explicit close meet."""
        reader.close()
        reader.close()

        with pytest.raises(ClosedError, match="Open the desk again"):
            reader.count()

    def test_a_read_that_has_begun_ends_as_if_nothing_had_happened(
        self, reader: RecordReader
    ) -> None:
        """Its connection is closed when it comes back, not under its feet."""
        expected = contents(reader)

        with reader.reading():
            closing = threading.Thread(target=reader.close)
            closing.start()
            closing.join(_TIMEOUT_S)
            keys = [row.document_key for row in reader.attributes()]
            found = reader.documents(keys)

        assert found == expected["documents"]
        with pytest.raises(ClosedError, match="had been closed"):
            reader.count()

    @pytest.mark.skipif(not _OPEN_FILES.is_dir(), reason="only Linux lists a process's open files")
    def test_no_file_is_open(self, writer: RecordWriter, reader: RecordReader, path: Path) -> None:
        """Idle connections are closed at once, the one in hand when it comes back."""
        writer.close()
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: contents(reader), range(8)))

        with reader.reading():
            reader.close()
            during = n_open(path)

        assert (during, n_open(path)) == (1, 0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the records lie."""
    return tmp_path / "records.sqlite"


def test_closing_a_desk_while_threads_search_ends_their_searches_with_an_error(
    tmp_path: Path,
) -> None:
    """In a process of its own: SQLite would crash it."""
    run = subprocess.run(
        [
            sys.executable,
            "-X",
            "faulthandler",
            "-c",
            _CLOSE_WHILE_SEARCHING,
            str(tmp_path / "d.kb"),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=_TIMEOUT_S,
    )

    assert (run.returncode, run.stdout, run.stderr) == (0, "ended\n", "")


def test_a_thread_that_python_does_not_list_keeps_its_connection(
    reader: RecordReader,
) -> None:
    """One that a C library or `_thread` started is not an ended one."""
    is_inside, may_end, has_ended = (threading.Event() for _ in range(3))
    found: list[object] = []

    def read() -> None:
        try:
            with reader.reading():
                found.append(reader.count())
                is_inside.set()
                may_end.wait(_TIMEOUT_S)
                found.append(reader.count())
        finally:
            is_inside.set()
            has_ended.set()

    _thread.start_new_thread(read, ())
    is_inside.wait(_TIMEOUT_S)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: contents(reader), range(4)))
    may_end.set()
    has_ended.wait(_TIMEOUT_S)

    assert found == [1, 1]


@pytest.mark.skipif(not _OPEN_FILES.is_dir(), reason="only Linux lists a process's open files")
def test_many_threads_at_once_leave_few_files_open(reader: RecordReader, path: Path) -> None:
    """A burst of requests must not cost descriptors for ever."""
    n_threads = 20
    together = threading.Barrier(n_threads)

    def read(_: int) -> None:
        with reader.reading():
            reader.count()
            together.wait(_TIMEOUT_S)

    with ThreadPoolExecutor(n_threads) as pool:
        list(pool.map(read, range(n_threads)))

    assert n_open(path) <= 8 + 1  # and the writer's


def test_a_child_that_is_forked_within_a_write_does_not_undo_it(
    writer: RecordWriter, reader: RecordReader
) -> None:
    """Closing or rolling back in the child would play its parent's journal back."""
    with writer.writing():
        write(writer, article("2", "scanner is slow", Audience.INTERNAL))
        if (child := os.fork()) == 0:
            with suppress(StoreError), writer.writing():
                pass
            writer.close()
            os._exit(0)
        os.waitpid(child, 0)

    assert reader.count() == 2
    assert reader.structural_faults() == []


def test_a_child_that_leaves_a_write_by_an_error_does_not_undo_it(
    writer: RecordWriter, reader: RecordReader
) -> None:
    """`sys.exit` in a forked child runs through its parent's blocks."""
    parent = os.getpid()
    try:
        with writer.writing():
            write(writer, article("2", "scanner is slow", Audience.INTERNAL))
            if (child := os.fork()) == 0:
                raise SystemExit
            os.waitpid(child, 0)
    except BaseException:
        if os.getpid() == parent:
            raise
        os._exit(0)

    assert reader.count() == 2
    assert reader.structural_faults() == []


def test_a_child_reads_with_its_parents_reader_in_and_after_a_read(reader: RecordReader) -> None:
    """It opens a connection of its own."""
    receiver, sender = os.pipe()
    with reader.reading():
        reader.count()
        if (child := os.fork()) == 0:
            os.write(sender, str(reader.count()).encode())
            os._exit(0)
    os.waitpid(child, 0)

    assert os.read(receiver, 8) == b"1"
    assert reader.count() == 1


def test_a_change_outside_of_a_write_is_refused(writer: RecordWriter) -> None:
    """It would be committed on its own."""
    with pytest.raises(RuntimeError, match=r"outside of `writing\(\)`"):
        writer.drop(["kb:1"])

    assert writer.count() == 1
