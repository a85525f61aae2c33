"""An export that is interrupted: the older bundle serves, or nothing stands there, never half."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kbsearch import KnowledgeBase, files
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import KbSearchError
from tests.builders import article
from tests.crash.disks import FailingDisk, WatchedDisk
from tests.disk import bytes_of
from tests.library import EXTERNAL


@pytest.fixture(params=["full", "old system"])
def desk_and_bundle(
    memory_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[KnowledgeBase, Path]]:
    """A desk, a bundle of it, and a newer document; with an exchange in one step and without."""
    if request.param == "old system":
        monkeypatch.setattr(files, "_c_library", lambda: None)
    with KnowledgeBase.create(memory_path / "desk.kb", embedder=HashingEmbedder(16)) as kb:
        kb.upsert([article("one", "The first", EXTERNAL)])
        (memory_path / "out").mkdir()
        kb.export_shelf("external", memory_path / "out" / "public.kb")
        kb.upsert([article("two", "The second", EXTERNAL)])
        yield kb, memory_path / "out" / "public.kb"


def export_over(kb: KnowledgeBase, path: Path, disk: files.Disk) -> str:
    """The error that it ends with, or nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "disk", disk)
        try:
            kb.export_shelf("external", path, replace=True)
        except KbSearchError as error:
            return type(error).__name__
    return ""


def test_a_disk_that_fails_at_any_step_leaves_the_old_bundle_or_the_new(
    desk_and_bundle: tuple[KnowledgeBase, Path], memory_path: Path
) -> None:
    """Once, at each step that is no read; then the same call succeeds and clears up."""
    kb, path = desk_and_bundle
    old = bytes_of(path)
    template = shutil.copytree(path, memory_path / "template")
    steps = WatchedDisk()
    assert export_over(kb, path, steps) == ""
    new = bytes_of(path)
    faults = []
    for step, name in enumerate(steps.names):
        if name.startswith("read "):
            continue
        shutil.rmtree(path)
        shutil.copytree(template, path)
        failing = FailingDisk(fail_at=step, number=errno.EIO, is_sticky=False)
        error = export_over(kb, path, failing)
        is_after_the_swap = name.startswith(("sync_directory out", "remove_", "rename .public"))
        if not error:
            faults.append(f"{name}: no error")
        if bytes_of(path) not in ((old, new) if is_after_the_swap else (old,)):
            faults.append(f"{name}: neither the old nor the new one stands there")
        if export_over(kb, path, files.Disk()) or bytes_of(path) != new:
            faults.append(f"{name}: it cannot be repeated")

    assert faults == []
    assert len(steps.names) > 40


def test_killed_before_it_has_its_name_nothing_stands_there(
    desk_and_bundle: tuple[KnowledgeBase, Path], memory_path: Path
) -> None:
    """Control of where it is written: beside, under a hidden name."""
    kb, _ = desk_and_bundle
    disk = FailingDisk(fail_at=20, number=errno.EIO, is_sticky=True)

    error = export_over(kb, memory_path / "out" / "next.kb", disk)

    names = [path.name for path in (memory_path / "out").iterdir()]
    assert error == "StoreUnavailableError"
    assert "next.kb" not in names
    assert [name for name in names if name.startswith(".next.kb.new-")] != []
