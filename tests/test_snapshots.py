"""Snapshots: published whole or not at all, the same bytes for the same content."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kbsearch import files
from kbsearch.arrays import unit_rows
from kbsearch.errors import DamagedSnapshotError, SnapshotError, StoreUnavailableError
from kbsearch.layout import ShelfLayout
from kbsearch.lexical import Bm25Index
from kbsearch.snapshots import (
    Current,
    load_snapshot,
    open_newest,
    read_current,
    read_manifest,
)
from kbsearch.snapshots.writing import remove_old_snapshots, set_current
from tests.records import FINGERPRINT, SHELF
from tests.snapshot_shelf import all_bytes, content, new_layout, publish


@pytest.fixture
def layout(tmp_path: Path) -> ShelfLayout:
    """An empty shelf directory."""
    return new_layout(tmp_path / "internal")


def live_sequence(layout: ShelfLayout) -> int | None:
    """The change up to which the served snapshot goes; nothing may be found damaged."""
    snapshot, damages = open_newest(layout, SHELF, chain_at=None)
    assert damages == []
    return snapshot.manifest.sequence if snapshot else None


class TestPublish:
    """What is loaded is what was published."""

    def test_a_snapshot_comes_back_as_it_was_published(self, layout: ShelfLayout) -> None:
        """Keys, vectors and BM25 scores, row by row."""
        given = content(7)
        manifest = publish(layout, given)

        snapshot, damages = open_newest(layout, SHELF, chain_at=None)

        assert damages == []
        assert snapshot is not None
        assert snapshot.manifest == manifest
        np.testing.assert_array_equal(snapshot.document_keys, given.document_keys)
        np.testing.assert_array_equal(snapshot.passage_keys, given.passage_keys)
        np.testing.assert_array_equal(snapshot.passage_documents, given.passage_documents)
        rows = np.arange(10, dtype=np.int64)
        cosines = snapshot.vectors.cosines(given.vectors[3], rows)
        np.testing.assert_allclose(
            cosines, unit_rows(given.vectors) @ unit_rows(given.vectors)[3], atol=1e-6
        )
        expected = Bm25Index(given.document_terms, k1=1.5, b=0.75).scores(["vpn", "word3"])
        np.testing.assert_array_equal(snapshot.lexical.scores(["vpn", "word3"]), expected)

    def test_its_manifest_says_what_a_reader_must_know(self, layout: ShelfLayout) -> None:
        """Counts by hand: 5 documents of 2 passages of 17 tokens."""
        publish(layout, content(7))

        current = read_current(layout)
        assert current is not None
        manifest = read_manifest(layout, current, SHELF)

        assert (manifest.shelf, manifest.number, manifest.sequence) == (SHELF, 1, 7)
        assert (manifest.n_documents, manifest.n_passages) == (5, 10)
        assert (manifest.n_tokens, manifest.n_unseen_tokens) == (170, 3)
        assert (manifest.bm25_k1, manifest.bm25_b) == (1.5, 0.75)
        assert manifest.fingerprint == FINGERPRINT
        stored = all_bytes(layout.snapshot(1))
        assert {*manifest.files, "manifest.json"} == set(stored)
        for name, entry in manifest.files.items():
            assert (entry.size_bytes, entry.sha256) == (
                len(stored[name]),
                files.sha256_of(stored[name]),
            )

    @pytest.mark.parametrize("n_documents", [0, 1])
    def test_an_empty_shelf_and_one_document_are_published(
        self, layout: ShelfLayout, n_documents: int
    ) -> None:
        """A rebuild of a fresh desk is no error."""
        publish(layout, content(1, n_documents=n_documents))

        snapshot, _ = open_newest(layout, SHELF, chain_at=None)

        assert snapshot is not None
        assert len(snapshot.lexical) == len(snapshot.document_keys) == n_documents
        assert len(snapshot.vectors) == len(snapshot.passage_keys) == 2 * n_documents

    def test_equal_content_gives_equal_bytes(self, tmp_path: Path) -> None:
        """Of every file, CURRENT included: no time, no path, no chance."""
        layouts = [new_layout(tmp_path / name) for name in ("one", "two")]
        for layout in layouts:
            publish(layout, content(1))
            publish(layout, content(2))

        one, two = (all_bytes(layout.root) for layout in layouts)

        assert one == two
        assert "CURRENT" in one

    def test_numbers_grow_by_one_and_are_never_used_again(self, layout: ShelfLayout) -> None:
        """A reader that holds number 2 must not meet another number 2."""
        numbers = [publish(layout, content(n), keep=1).number for n in (1, 2)]
        files.remove_tree(layout.snapshot(2))

        numbers.append(publish(layout, content(3)).number)

        assert numbers == [1, 2, 3]

    def test_the_newest_becomes_the_live_one(self, layout: ShelfLayout) -> None:
        """In one step, by one line in CURRENT."""
        publish(layout, content(1))
        publish(layout, content(2))

        assert live_sequence(layout) == 2
        assert layout.current.read_bytes().count(b"\n") == 1

    @pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
    def test_files_are_their_owners_alone(self, tmp_path: Path, umask: int) -> None:
        """Files 0600 and directories 0700, whatever the umask."""
        before = os.umask(umask)
        try:
            files.make_directory(tmp_path / "internal")
            layout = ShelfLayout(tmp_path / "internal")
            publish(layout, content(1))
        finally:
            os.umask(before)

        found = [layout.root, *layout.root.rglob("*")]
        modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in found}
        assert modes == {(True, 0o700), (False, 0o600)}


class TestKeep:
    """Old snapshots go when nobody needs them."""

    @pytest.mark.parametrize(
        ("keep", "expected"), [(1, [5]), (2, [4, 5]), (3, [3, 4, 5]), (9, [1, 2, 3, 4, 5])]
    )
    def test_the_newest_ones_stay(
        self, layout: ShelfLayout, keep: int, expected: list[int]
    ) -> None:
        """As many as the settings say, the live one included."""
        for number in range(1, 6):
            publish(layout, content(number), keep=keep)

        assert layout.snapshots() == expected

    def test_the_live_one_always_stays(self, layout: ShelfLayout) -> None:
        """Also when someone went back to an older one."""
        publish(layout, content(1), keep=9)
        first = read_current(layout)
        assert first is not None
        for number in (2, 3):
            publish(layout, content(number), keep=9)
        set_current(layout, first)

        remove_old_snapshots(layout, SHELF, keep=1, chain_at=None)

        assert layout.snapshots() == [1, 3]
        assert live_sequence(layout) == 1


class TestOtherRecords:
    """Records that were restored from a backup hand out the same sequence numbers again."""

    CHAINS = ("", "chain 1", "another chain 2", "chain 3")

    def test_a_snapshot_of_another_history_is_passed_over(self, layout: ShelfLayout) -> None:
        """The one before belongs to both; with the comparison left out the wrong one is served."""
        publish(layout, content(1))
        publish(layout, content(2))

        snapshot, damages = open_newest(layout, SHELF, chain_at=self.CHAINS.__getitem__)

        assert snapshot is not None
        assert snapshot.manifest.sequence == 1
        assert ["made from other records" in d.reason for d in damages] == [True]
        assert live_sequence(layout) == 2

    def test_it_is_removed_with_the_next_publish(self, layout: ShelfLayout) -> None:
        """It holds words of documents that these records do not have."""
        for number in (1, 2, 3):
            publish(layout, content(number), keep=3, chain_at=self.CHAINS.__getitem__)

        assert layout.snapshots() == [1, 3]


class TestLeftovers:
    """What else may lie in the directory."""

    def test_unknown_files_do_not_block_opening(self, layout: ShelfLayout) -> None:
        """A file manager's, a backup tool's, a later version's."""
        publish(layout, content(1))
        (layout.root / ".DS_Store").write_bytes(b"junk")
        (layout.root / "snapshot-1").mkdir()
        (layout.root / "snapshot-0000000001.bak").mkdir()
        (layout.snapshot(1) / "notes.txt").write_bytes(b"junk")
        (layout.snapshot(1) / "calibration.json").write_bytes(b"{}")

        assert live_sequence(layout) == 1
        assert layout.snapshots() == [1]

    def test_a_draft_is_neither_opened_nor_kept(self, layout: ShelfLayout) -> None:
        """An interrupted rebuild's; the next one removes it."""
        publish(layout, content(1))
        draft = layout.snapshot_draft(2)
        draft.mkdir()
        (draft / "vectors.faiss").write_bytes(b"half of it")
        layout.current_draft.write_bytes(b"half of it")

        assert live_sequence(layout) == 1
        assert layout.drafts() == [draft]
        publish(layout, content(2))
        assert live_sequence(layout) == 2
        assert layout.drafts() == []
        assert not layout.current_draft.exists()

    def test_a_snapshot_that_was_never_made_live_is_not_served(self, layout: ShelfLayout) -> None:
        """It has its name but not yet its line in CURRENT."""
        publish(layout, content(1), keep=9)
        first = layout.current.read_bytes()
        publish(layout, content(2), keep=9)
        layout.current.write_bytes(first)

        assert live_sequence(layout) == 1

    def test_without_current_there_is_no_snapshot(self, layout: ShelfLayout) -> None:
        """The records alone are searched, which is slower and never wrong."""
        assert open_newest(layout, SHELF, chain_at=None) == (None, [])
        publish(layout, content(1))
        layout.current.unlink()

        assert open_newest(layout, SHELF, chain_at=None) == (None, [])
        assert publish(layout, content(2)).number == 2


class FailingFiles:
    """Counts the calls of every function of `kbsearch.files` and spoils the one that is chosen."""

    STEPS = (
        "make_directory",
        "write_durably",
        "replace",
        "sync_directory",
        "read_bytes",
        "remove_tree",
    )

    def __init__(self, patch: pytest.MonkeyPatch, *, fail_at: int | None, torn: bool) -> None:
        self.calls: list[str] = []
        for name in self.STEPS:
            patch.setattr(files, name, self._wrapped(getattr(files, name), name, fail_at, torn))

    def _wrapped(
        self, original: Callable[..., Any], name: str, fail_at: int | None, torn: bool
    ) -> Callable[..., Any]:
        def call(path: Path, *arguments: Any) -> Any:
            self.calls.append(f"{name} {arguments[0].name if name == 'replace' else path.name}")
            if len(self.calls) - 1 != fail_at:
                return original(path, *arguments)
            if torn and name == "write_durably":
                path.write_bytes(bytes(arguments[0])[: len(arguments[0]) // 2])
            raise StoreUnavailableError(path, os.strerror(errno.ENOSPC))

        return call


def calls_of_a_second_publish(directory: Path) -> list[str]:
    """Every file operation of it, in order."""
    layout = new_layout(directory)
    publish(layout, content(1), keep=1)
    with pytest.MonkeyPatch.context() as patch:
        spy = FailingFiles(patch, fail_at=None, torn=False)
        publish(layout, content(2), keep=1)
    return spy.calls


class TestFailures:
    """A disk that fills up, at any moment."""

    @pytest.mark.parametrize("torn", [False, True])
    def test_a_failure_at_any_step_leaves_a_whole_snapshot_live(
        self, tmp_path: Path, torn: bool
    ) -> None:
        """The old one until CURRENT is replaced, the new one from then on; a retry succeeds."""
        calls = calls_of_a_second_publish(tmp_path / "unharmed")
        turning_point = calls.index("replace CURRENT")
        assert len(calls) > turning_point > 12

        for step in range(len(calls)):
            layout = new_layout(tmp_path / str(step))
            publish(layout, content(1), keep=1)
            with pytest.MonkeyPatch.context() as patch:
                FailingFiles(patch, fail_at=step, torn=torn)
                with pytest.raises((StoreUnavailableError, SnapshotError), match="No space left"):
                    publish(layout, content(2), keep=1)

            assert live_sequence(layout) == (1 if step <= turning_point else 2), calls[step]
            publish(layout, content(3), keep=1)
            assert live_sequence(layout) == 3, calls[step]
            assert layout.drafts() == []
            assert len(layout.snapshots()) == 1

    def test_the_first_snapshot_that_fails_leaves_none(self, tmp_path: Path) -> None:
        """A desk without a snapshot stays one."""
        for step in range(10):
            layout = new_layout(tmp_path / str(step))
            with pytest.MonkeyPatch.context() as patch:
                FailingFiles(patch, fail_at=step, torn=True)
                with pytest.raises(StoreUnavailableError, match="No space left"):
                    publish(layout, content(1))

            assert live_sequence(layout) is None
            publish(layout, content(2))
            assert live_sequence(layout) == 2

    def test_a_disk_that_loses_what_it_wrote_is_noticed_before_publishing(
        self, layout: ShelfLayout, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Every file is read again as a reader would, while the old one is still live."""
        publish(layout, content(1))
        write = files.write_durably

        def lossy(path: Path, blob: bytes) -> None:
            write(path, bytes(len(blob)) if path.name == "vectors.faiss" else blob)

        monkeypatch.setattr(files, "write_durably", lossy)
        with pytest.raises(DamagedSnapshotError, match=r"vectors\.faiss is damaged"):
            publish(layout, content(2))
        monkeypatch.undo()

        assert live_sequence(layout) == 1

    def test_a_failing_fsync_is_an_error_of_the_store(
        self, layout: ShelfLayout, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Never passed over: after it nobody knows what the disk holds."""
        publish(layout, content(1))

        def fail(descriptor: int) -> None:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        monkeypatch.setattr(os, "fsync", fail)
        with pytest.raises(StoreUnavailableError, match="Input/output error"):
            publish(layout, content(2))
        monkeypatch.undo()

        assert live_sequence(layout) == 1


def test_a_line_of_current_names_one_snapshot(layout: ShelfLayout) -> None:
    """And loads it alone, whatever is newer."""
    publish(layout, content(1), keep=9)
    first = read_current(layout)
    publish(layout, content(2), keep=9)

    assert first == Current(
        snapshot=1, manifest_sha256=files.sha256_of_file(layout.snapshot(1) / "manifest.json")
    )
    assert load_snapshot(layout, first, SHELF).manifest.sequence == 1
