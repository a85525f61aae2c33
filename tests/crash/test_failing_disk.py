"""
A disk that fails at any step of an upsert with a rebuild, once or for good.

The method is SQLite's: count the steps, then fail at each. Every failure is a
typed error or does no harm; the old snapshot is served; when the disk is well
again the same call succeeds; no file stays open.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from kbsearch import Article, Audience, KnowledgeBase, files
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import (
    KbSearchError,
    SnapshotError,
    StoreFullError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from kbsearch.layout import DeskLayout
from kbsearch.snapshots import open_newest
from tests.builders import article
from tests.crash.disks import FailingDisk, WatchedDisk

_SHORT_WRITE = None
_KINDS = {
    errno.EIO: StoreUnavailableError,
    errno.ENOSPC: StoreFullError,
    errno.EACCES: StoreReadOnlyError,
}


class Failure(NamedTuple):
    """At which step, what the system says (see `FailingDisk`), and whether for good."""

    step: int
    number: int | None
    is_sticky: bool


@pytest.fixture(scope="module")
def embedder() -> HashingEmbedder:
    """Small vectors: it is the disk that is tested."""
    return HashingEmbedder(16)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, embedder: HashingEmbedder) -> Path:
    """A desk whose shelves have two snapshots each: the next publish removes one."""
    path = tmp_path_factory.mktemp("template") / "support.kb"
    with KnowledgeBase.create(path, embedder=embedder) as kb:
        for number in (1, 2):
            kb.upsert(_pair(f"printer {number} jams"))
            kb.rebuild()
    return path


@pytest.fixture
def copies(template: Path, memory_path: Path) -> Iterator[Path]:
    """A new copy of the desk each time."""
    return (Path(shutil.copytree(template, memory_path / str(n))) for n in range(10_000))


def _pair(text: str) -> list[Article]:
    name = text.replace(" ", "-")
    return [article(f"{name}-{audience}", text, audience) for audience in Audience]


def write_and_rebuild(kb: KnowledgeBase) -> None:
    """What is made to fail."""
    kb.upsert(_pair("scanner blinks"))
    kb.rebuild()


def steps_of(desk: Path, embedder: HashingEmbedder) -> list[str]:
    """Every step when nothing fails."""
    disk = WatchedDisk()
    with KnowledgeBase.open(desk, embedder=embedder) as kb, pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "disk", disk)
        write_and_rebuild(kb)
    return disk.names


def fault_of(failure: Failure, desk: Path, embedder: HashingEmbedder) -> str:
    """Let it happen on a desk; what is wrong afterwards, or nothing."""
    before = open_files()
    disk = FailingDisk(fail_at=failure.step, number=failure.number, is_sticky=failure.is_sticky)
    with KnowledgeBase.open(desk, embedder=embedder) as kb:
        error: KbSearchError | None = None
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(files, "disk", disk)
            try:
                write_and_rebuild(kb)
            except KbSearchError as raised:
                error = raised
        wrong = _wrong_error(error, failure, disk.names) or _not_served(desk, kb)
        kb.rebuild()
        findings = kb.check(Audience.INTERNAL).findings
    if not disk.has_failed:
        wrong = wrong or "it did not fail"
    if findings:
        wrong = wrong or f"after the cure: {findings}"
    if open_files() != before:
        wrong = wrong or f"{open_files() - before} files stay open"
    shutil.rmtree(desk)
    return wrong


def _wrong_error(error: KbSearchError | None, failure: Failure, steps: list[str]) -> str:
    if failure.number is None:
        return f"a short write is an error: {error}" if error else ""
    if error is None:  # a snapshot that cannot be read once may be made anew instead
        is_absorbed = not failure.is_sticky and steps[failure.step].startswith("read ")
        return "" if is_absorbed else "no error was raised"
    if isinstance(error, SnapshotError) and isinstance(error.__cause__, StoreUnavailableError):
        error = error.__cause__  # a snapshot that cannot be read back is a damaged one
    return "" if type(error) is _KINDS[failure.number] else f"{type(error).__name__}: {error}"


def _not_served(desk: Path, kb: KnowledgeBase) -> str:
    """Both documents that were there are found, by snapshots that are whole."""
    for shelf in Audience:
        snapshot, damages = open_newest(DeskLayout(desk).shelf(shelf), shelf.value, chain_at=None)
        if snapshot is None or damages:
            return f"{shelf}: {damages}"
    hits = kb.searcher(Audience.INTERNAL).search("printer jams")
    n_found = sum("printer" in hit.id for hit in hits)
    return "" if n_found == 4 else f"{n_found} of 4 documents are found"


def open_files() -> set[str]:
    """What the process has open, the listing itself left out."""
    found = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            found.add(f"{descriptor.name} {descriptor.readlink()}")
        except FileNotFoundError:
            continue
    return found


def changes(steps: list[str]) -> list[int]:
    """Numbers of the steps that are not reads."""
    return [n for n, step in enumerate(steps) if not step.startswith("read ")]


class TestEveryStep:
    """Typed error, old snapshot, retry, no leak."""

    def test_a_disk_that_breaks_at_any_step_and_stays_broken(
        self, copies: Iterator[Path], embedder: HashingEmbedder
    ) -> None:
        """Input/output errors, of reads too; every third step here, all of them nightly."""
        steps = steps_of(next(copies), embedder)
        failures = [Failure(n, errno.EIO, is_sticky=True) for n in range(0, len(steps), 3)]

        assert faults_of(failures, steps, copies, embedder) == []

    def test_a_disk_that_is_full_at_any_change(
        self, copies: Iterator[Path], embedder: HashingEmbedder
    ) -> None:
        """Once; the clearing up after it works again."""
        steps = steps_of(next(copies), embedder)
        failures = [Failure(n, errno.ENOSPC, is_sticky=False) for n in changes(steps)]

        assert faults_of(failures, steps, copies, embedder) == []

    def test_a_write_that_is_cut_short_is_finished(
        self, copies: Iterator[Path], embedder: HashingEmbedder
    ) -> None:
        """Every write takes half of what it is given."""
        steps = steps_of(next(copies), embedder)

        assert faults_of([Failure(0, _SHORT_WRITE, is_sticky=True)], steps, copies, embedder) == []

    @pytest.mark.nightly
    @pytest.mark.parametrize("is_sticky", [False, True])
    @pytest.mark.parametrize("number", _KINDS)
    def test_any_failure_at_any_step(
        self, copies: Iterator[Path], embedder: HashingEmbedder, number: int, is_sticky: bool
    ) -> None:
        """All of them."""
        steps = steps_of(next(copies), embedder)
        failures = [Failure(n, number, is_sticky) for n in range(len(steps))]

        assert faults_of(failures, steps, copies, embedder) == []


def faults_of(
    failures: list[Failure], steps: list[str], copies: Iterator[Path], embedder: HashingEmbedder
) -> list[str]:
    """What goes wrong with each failure, on a copy of its own."""
    found = [(f, fault_of(f, next(copies), embedder)) for f in failures]
    return [f"{steps[f.step]} ({f}): {fault}" for f, fault in found if fault]


def test_an_error_that_is_swallowed_is_caught(
    copies: Iterator[Path], embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: a write that fails in silence leaves a snapshot that is not whole."""
    desk = next(copies)
    monkeypatch.setattr("kbsearch.snapshots.writing.load_snapshot", lambda *args: None)
    lossy = FailingDisk(fail_at=10_000, number=errno.EIO, is_sticky=False)
    monkeypatch.setattr(lossy, "write", lambda descriptor, content: len(content))
    with KnowledgeBase.open(desk, embedder=embedder) as kb:
        monkeypatch.setattr(files, "disk", lossy)
        write_and_rebuild(kb)

        assert _not_served(desk, kb) != ""


def test_a_descriptor_that_stays_open_is_caught(tmp_path: Path) -> None:
    """Control of the count."""
    before = open_files()

    descriptor = os.open(tmp_path, os.O_RDONLY)

    assert open_files() - before == {f"{descriptor} {tmp_path}"}
    os.close(descriptor)
