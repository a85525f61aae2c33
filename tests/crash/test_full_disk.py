"""
Disks that are really full, or may only be read.

A limit on file sizes fails writes as a full disk does and needs no rights; a small
file system of its own does need them (`pytest -m nightly`, as root).
"""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import faiss
import numpy as np
import pytest

from kbsearch import Article, Audience, KnowledgeBase, files
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import StoreFullError, StoreReadOnlyError, StoreUnavailableError
from kbsearch.layout import DeskLayout
from kbsearch.store import schema
from tests.builders import article

INTERNAL = Audience.INTERNAL
_FULL = Path("/dev/full")
has_full_device = pytest.mark.skipif(not _FULL.exists(), reason="this system has no /dev/full")
may_mount = pytest.mark.skipif(
    not (sys.platform == "linux" and os.geteuid() == 0), reason="only root of Linux may mount"
)


@pytest.fixture
def kb(memory_path: Path) -> Iterator[KnowledgeBase]:
    """A desk of two documents with a snapshot."""
    path = memory_path / "support.kb"
    with KnowledgeBase.create(path, embedder=HashingEmbedder(64)) as made:
        made.upsert([article(str(n), f"printer {n} jams", INTERNAL) for n in range(2)])
        made.rebuild()
        yield made


def many(n: int, *, start: int = 100) -> list[Article]:
    """Documents of about two kilobytes of different words each."""
    texts = (" ".join(f"word{i}x{w}" for w in range(200)) for i in range(start, start + n))
    return [article(str(start + i), text, INTERNAL) for i, text in enumerate(texts)]


def fill(kb: KnowledgeBase, added: set[str]) -> None:
    """Write and rebuild until there is an error; note in `added` what was reported."""
    for start in range(100, 10_000, 5):
        added.update(kb.upsert(many(5, start=start)).added)
        kb.rebuild()


@contextmanager
def file_size_limit(size_bytes: int) -> Iterator[None]:
    """No file may grow beyond it; Python ignores the signal, so that the write fails."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def printers_found(kb: KnowledgeBase) -> set[str]:
    """By a desk that is opened anew; nothing may be damaged."""
    with KnowledgeBase.open(kb.path, embedder=HashingEmbedder(64)) as again:
        hits = again.searcher(INTERNAL).search("printer jams", k=50)
        assert again.check(INTERNAL).is_sound
        return {hit.id for hit in hits} & {"kb:0", "kb:1"}


class TestWhatSqliteSays:
    """Its names for errors, and what a caller can do about each."""

    def test_a_database_that_may_not_grow_is_full(self, tmp_path: Path) -> None:
        """SQLITE_FULL, made by a limit of SQLite's own."""
        with sqlite_in(tmp_path) as connection:
            connection.execute("PRAGMA max_page_count = 3")

            with (
                pytest.raises(StoreFullError, match="SQLITE_FULL"),
                schema.reporting(tmp_path),
            ):
                connection.execute("INSERT INTO t VALUES (zeroblob(100000))")

    def test_a_database_that_may_not_be_written_is_read_only(self, tmp_path: Path) -> None:
        """SQLITE_READONLY."""
        with sqlite_in(tmp_path) as connection:
            connection.execute("PRAGMA query_only = ON")

            with (
                pytest.raises(StoreReadOnlyError, match="SQLITE_READONLY"),
                schema.reporting(tmp_path),
            ):
                connection.execute("INSERT INTO t VALUES (1)")

    @pytest.mark.parametrize("name", ["SQLITE_IOERR_WRITE", "SQLITE_CANTOPEN", "SQLITE_IOERR_READ"])
    def test_what_has_another_cause_is_neither(self, tmp_path: Path, name: str) -> None:
        """A failing disk, too many open files: neither room nor rights would help."""
        error = sqlite3.OperationalError("it failed")
        error.sqlite_errorname = name

        with (
            pytest.raises(StoreUnavailableError, match=name) as caught,
            schema.reporting(tmp_path),
        ):
            raise error

        assert type(caught.value) is StoreUnavailableError


@contextmanager
def sqlite_in(directory: Path) -> Iterator[sqlite3.Connection]:
    """A database with one table."""
    connection = sqlite3.connect(directory / "x.sqlite", isolation_level=None)
    connection.execute("CREATE TABLE t (value BLOB)")
    yield connection
    connection.close()


class TestALimitOnFileSizes:
    """What a write beyond it does."""

    def test_records_that_cannot_grow_are_a_full_store(self, kb: KnowledgeBase) -> None:
        """Nothing of the transaction stays; what was there is found; with room it succeeds."""
        records = DeskLayout(kb.path).shelf(INTERNAL).records
        with (
            file_size_limit(records.stat().st_size + 4096),
            pytest.raises(StoreFullError, match=r"records\.sqlite.*Check free space"),
        ):
            kb.upsert(many(40))

        assert printers_found(kb) == {"kb:0", "kb:1"}
        assert len(kb.upsert(many(40)).added) == 40

    def test_a_snapshot_that_cannot_be_written_is_a_full_store(self, kb: KnowledgeBase) -> None:
        """The old one is served, with the newer documents from the records."""
        kb.upsert(many(40))
        with (
            file_size_limit(8000),
            pytest.raises(StoreFullError, match=r"building-.*File too large"),
        ):
            kb.rebuild()

        found = {hit.id for hit in kb.searcher(INTERNAL).search("printer jams word100x7")}
        assert {"kb:0", "kb:1", "kb:100"} <= found
        kb.rebuild()
        assert printers_found(kb) == {"kb:0", "kb:1"}


@has_full_device
def test_a_full_device_is_a_full_store(tmp_path: Path) -> None:
    """The device takes no byte."""
    (tmp_path / "vectors.faiss").symlink_to(_FULL)

    with pytest.raises(StoreFullError, match="No space left on device"):
        files.write_durably(tmp_path / "vectors.faiss", b"x")


@has_full_device
def test_faiss_itself_writes_to_a_full_device_without_an_error() -> None:
    """Control: why no index is ever written by FAISS's own function."""
    index = faiss.IndexFlatIP(4)
    index.add(np.ones((3, 4), dtype=np.float32))

    faiss.write_index(index, str(_FULL))


def test_a_desk_without_the_right_to_write_is_searched_and_not_written(kb: KnowledgeBase) -> None:
    """In a child that is not root: to root no right is missing."""
    kb.path.parent.chmod(0o755)
    for path in (kb.path, *kb.path.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)

    child = os.fork()
    if child == 0:
        code = 99
        try:
            code = _as_nobody(kb.path)
        finally:
            os._exit(code)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _as_nobody(path: Path) -> int:
    """0 if the desk can be searched, is sound, and both kinds of writes say what is missing."""
    if os.geteuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    with KnowledgeBase.open(path, embedder=HashingEmbedder(64)) as kb:
        if len(kb.searcher(INTERNAL).search("printer jams")) != 2:
            return 1
        if not kb.check(INTERNAL).is_sound:
            return 2
        try:
            kb.upsert(many(1))
        except StoreReadOnlyError as error:
            return 0 if "the right to read and write it" in str(error) else 3
    return 4


@contextmanager
def small_file_system(place: Path, size: str) -> Iterator[Path]:
    """A file system in memory."""
    place.mkdir()
    _run("mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(place))
    try:
        yield place
    finally:
        _run("umount", "--lazy", str(place))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


@may_mount
@pytest.mark.nightly
class TestASmallFileSystem:
    """Two megabytes, and real errors."""

    def test_filling_it_up_is_a_typed_error_and_loses_nothing(self, tmp_path: Path) -> None:
        """Written until it is full, rebuilt meanwhile; all that was reported as added is there."""
        added: set[str] = set()
        with small_file_system(tmp_path / "small", "2m") as place:
            ballast = place / "ballast"
            ballast.write_bytes(bytes(300_000))
            with KnowledgeBase.create(place / "x.kb", embedder=HashingEmbedder(64)) as kb:
                with pytest.raises(StoreFullError, match="Check free space"):
                    fill(kb, added)
                ids = set(kb.ids(INTERNAL))
                hits = kb.searcher(INTERNAL).search("word100x7", k=5)
                ballast.unlink()
                kb.rebuild()
                report = kb.check(INTERNAL)

        assert len(added) > 10
        assert added <= ids
        assert hits[0].id == "kb:100"
        assert report.is_sound

    def test_a_file_system_that_is_mounted_for_reading_is_searched_and_not_written(
        self, tmp_path: Path
    ) -> None:
        """EROFS, to root too."""
        with small_file_system(tmp_path / "small", "2m") as place:
            with KnowledgeBase.create(place / "x.kb", embedder=HashingEmbedder(64)) as kb:
                kb.upsert(many(5))
                kb.rebuild()
            _run("mount", "-o", "remount,ro", str(place))
            with KnowledgeBase.open(place / "x.kb", embedder=HashingEmbedder(64)) as kb:
                hits = kb.searcher(INTERNAL).search("word100x7", k=5)
                with pytest.raises(StoreReadOnlyError, match="mounted for writing"):
                    kb.upsert(many(1))

        assert hits[0].id == "kb:100"
