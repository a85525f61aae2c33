"""Damaged snapshots: found before a parser sees them, and the one before is served instead."""

from __future__ import annotations

import io
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kbsearch import files
from kbsearch.errors import DamagedSnapshotError, NewerFormatError, SnapshotError
from kbsearch.layout import ShelfLayout
from kbsearch.lexical import Bm25Index
from kbsearch.snapshots import (
    Current,
    Manifest,
    Snapshot,
    load_snapshot,
    open_newest,
    read_current,
    read_manifest,
)
from kbsearch.snapshots.manifest import FileEntry
from kbsearch.snapshots.writing import set_current
from kbsearch.vector import FlatIndex
from tests.records import SHELF
from tests.snapshot_shelf import content, new_layout, publish

DATA_FILES = [
    *("vectors.faiss", "whitening.npy", "lengths.npy"),
    *("passages.npy", "documents.npy", "exact.npy"),
    *(f"{i}-{part}.json" for i in ("lexical", "titles") for part in ("header", "vocabulary")),
    *(f"{i}-{part}.npy" for i in ("lexical", "titles") for part in ("data", "indices", "indptr")),
    *("vocabulary-bounds.npy", "vocabulary-documents.npy", "vocabulary-words.json"),
]
ALL_FILES = ["manifest.json", *DATA_FILES]
OWN_FILES = [name for name in DATA_FILES if name != "whitening.npy"]  # few passages: none to make


def flip_first_bit(path: Path) -> None:
    blob = bytearray(path.read_bytes())
    blob[0] ^= 1
    path.write_bytes(blob)


def flip_last_bit(path: Path) -> None:
    blob = bytearray(path.read_bytes())
    blob[-1] ^= 0x80
    path.write_bytes(blob)


def flip_middle_bit(path: Path) -> None:
    blob = bytearray(path.read_bytes())
    blob[len(blob) // 2] ^= 0x10
    path.write_bytes(blob)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def extend(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def remove(path: Path) -> None:
    path.unlink()


def make_a_directory_of_it(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = [
    flip_first_bit,
    flip_middle_bit,
    flip_last_bit,
    truncate,
    empty,
    extend,
    remove,
    make_a_directory_of_it,
]


@pytest.fixture
def layout(tmp_path: Path) -> ShelfLayout:
    """A shelf with snapshots 1 and 2, the second one live."""
    found = new_layout(tmp_path / "internal")
    publish(found, content(1, n_documents=4))
    publish(found, content(2))
    return found


@pytest.fixture
def no_parsers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may look into bytes that were not verified."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a parser saw unverified bytes")

    monkeypatch.setattr(FlatIndex, "from_bytes", refuse)
    monkeypatch.setattr(Bm25Index, "from_files", refuse)
    monkeypatch.setattr(np, "load", refuse)


def live(layout: ShelfLayout) -> Current:
    """What CURRENT names."""
    found = read_current(layout)
    assert found is not None
    return found


def served(layout: ShelfLayout) -> tuple[int | None, list[str]]:
    """The change up to which the served snapshot goes, and the files that are damaged."""
    snapshot, damages = open_newest(layout, SHELF, chain_at=None)
    return (snapshot.manifest.sequence if snapshot else None), [d.file for d in damages]


def republish(
    layout: ShelfLayout, changed: dict[str, bytes] | None = None, **fields: object
) -> Snapshot:
    """Load the live snapshot with other files and fields, all hashes made to fit again."""
    directory = layout.snapshot(live(layout).snapshot)
    manifest = read_manifest(layout, live(layout), SHELF)
    entries = dict(manifest.files)
    for name, blob in (changed or {}).items():
        (directory / name).write_bytes(blob)
        entries[name] = FileEntry(size_bytes=len(blob), sha256=files.sha256_of(blob))
    forged = manifest.model_copy(update={"files": entries, **fields}).to_bytes()
    (directory / "manifest.json").write_bytes(forged)
    current = Current(snapshot=live(layout).snapshot, manifest_sha256=files.sha256_of(forged))
    set_current(layout, current)
    return load_snapshot(layout, current, SHELF)


class TestDetection:
    """Whatever happened to whichever file."""

    @pytest.mark.parametrize("name", ALL_FILES)
    @pytest.mark.parametrize("damage", DAMAGES)
    def test_damage_is_found_before_a_parser_sees_it(
        self,
        layout: ShelfLayout,
        no_parsers: None,
        name: str,
        damage: Callable[[Path], None],
    ) -> None:
        """FAISS and numpy trust what they read; a hash does not."""
        damage(layout.snapshot(2) / name)

        with pytest.raises(DamagedSnapshotError, match="and was not read") as caught:
            load_snapshot(layout, live(layout), SHELF)

        assert caught.value.file == name
        assert caught.value.snapshot == "internal/snapshot-0000000002"
        assert "kbsearch rebuild" in str(caught.value)

    def test_these_are_all_files_of_a_snapshot(self, layout: ShelfLayout) -> None:
        """So that no new one goes untested."""
        assert sorted(f.name for f in layout.snapshot(2).iterdir()) == sorted(ALL_FILES)

    @pytest.mark.parametrize("name", OWN_FILES)
    def test_a_file_of_another_snapshot_is_found(
        self, layout: ShelfLayout, no_parsers: None, name: str
    ) -> None:
        """Whole in itself, and of the same shelf, but not this one."""
        shutil.copy(layout.snapshot(1) / name, layout.snapshot(2) / name)

        with pytest.raises(DamagedSnapshotError, match="is damaged") as caught:
            load_snapshot(layout, Current(snapshot=2, manifest_sha256=""), SHELF)

        assert caught.value.file == name

    def test_a_manifest_of_another_snapshot_is_found(
        self, layout: ShelfLayout, no_parsers: None
    ) -> None:
        """By CURRENT's hash, and without it by the number that it states."""
        shutil.copy(layout.snapshot(1) / "manifest.json", layout.snapshot(2) / "manifest.json")

        with pytest.raises(DamagedSnapshotError, match="CURRENT names another sha256"):
            load_snapshot(layout, live(layout), SHELF)
        with pytest.raises(DamagedSnapshotError, match="it is of shelf 'internal', number 1"):
            load_snapshot(layout, Current(snapshot=2, manifest_sha256=""), SHELF)

    def test_a_snapshot_of_another_shelf_is_found(
        self, layout: ShelfLayout, no_parsers: None, tmp_path: Path
    ) -> None:
        """Copied with its CURRENT, by mistake or not: customers are not shown staff's words."""
        other = new_layout(tmp_path / "external")
        shutil.copytree(layout.snapshot(2), other.snapshot(2))
        shutil.copy(layout.current, other.current)

        snapshot, damages = open_newest(other, "external", chain_at=None)

        assert snapshot is None
        assert [d.reason for d in damages] == ["it is of shelf 'internal', number 2"]

    @pytest.mark.parametrize("by_current", [True, False])
    def test_an_edited_manifest_is_found(
        self, layout: ShelfLayout, no_parsers: None, by_current: bool
    ) -> None:
        """Also of an older snapshot, for which CURRENT does not vouch."""
        file = layout.snapshot(2) / "manifest.json"
        fields = json.loads(file.read_text())
        file.write_text(json.dumps({**fields, "sequence": 99}, sort_keys=True, indent=1))
        current = live(layout) if by_current else Current(snapshot=2, manifest_sha256="")

        with pytest.raises(DamagedSnapshotError, match=r"manifest\.json is damaged"):
            load_snapshot(layout, current, SHELF)

    @pytest.mark.parametrize(
        "blob", [b"", b"{}", b"[]", b"null", b"\xff\xfe", b'{"format": 1}', b'{"format": "x"}']
    )
    def test_bytes_that_are_no_manifest_are_found(
        self, layout: ShelfLayout, no_parsers: None, blob: bytes
    ) -> None:
        """Without CURRENT's word for it."""
        (layout.snapshot(2) / "manifest.json").write_bytes(blob)

        with pytest.raises(DamagedSnapshotError, match=r"manifest\.json is damaged"):
            load_snapshot(layout, Current(snapshot=2, manifest_sha256=""), SHELF)

    @pytest.mark.parametrize("name", ["../records.sqlite", "sub/vectors.faiss", ".hidden"])
    def test_a_manifest_that_names_a_file_outside_is_refused(
        self, layout: ShelfLayout, name: str
    ) -> None:
        """A snapshot is one directory."""
        entry = FileEntry(size_bytes=0, sha256=files.sha256_of(b""))

        with pytest.raises(DamagedSnapshotError, match="it names a file outside"):
            republish(layout, files={name: entry})

    def test_a_newer_format_is_said_to_be_newer(self, layout: ShelfLayout) -> None:
        """Not damaged: the remedy is another one."""
        with pytest.raises(NewerFormatError, match="has format 5; this kbsearch reads up to"):
            republish(layout, format=5)


class TestParsersBehindTheHash:
    """What a parser does with wrong bytes that someone gave the right hash."""

    def test_with_the_check_bypassed_a_flipped_bit_is_served(self, layout: ShelfLayout) -> None:
        """The control: nothing but the hash stands between a bad disk and a wrong answer."""
        file = layout.snapshot(2) / "vectors.faiss"
        blob = bytearray(file.read_bytes())
        blob[-2] ^= 0x40
        before = load_snapshot(layout, live(layout), SHELF).vectors.to_bytes()

        snapshot = republish(layout, {"vectors.faiss": bytes(blob)})

        assert snapshot.vectors.to_bytes() == bytes(blob) != before

    def test_pickled_arrays_are_refused(self, layout: ShelfLayout) -> None:
        """Unpickling runs code."""
        buffer = io.BytesIO()
        np.save(buffer, np.array([{}, {}], dtype=object), allow_pickle=True)

        with pytest.raises(DamagedSnapshotError, match=r"do not fit.*allow_pickle=False"):
            republish(layout, {"passages.npy": buffer.getvalue()})

    def test_another_type_of_index_is_refused(self, layout: ShelfLayout) -> None:
        """FAISS would build whatever the first bytes name."""
        import faiss

        blob = faiss.serialize_index(faiss.IndexFlatL2(32)).tobytes()

        with pytest.raises(DamagedSnapshotError, match="is not on the list of types"):
            republish(layout, {"vectors.faiss": blob})

    @pytest.mark.parametrize("name", ["vectors.faiss", "lexical-data.npy", "lexical-header.json"])
    def test_truncated_bytes_are_a_damaged_snapshot(self, layout: ShelfLayout, name: str) -> None:
        """Each parser has errors of its own; a reader meets one."""
        blob = (layout.snapshot(2) / name).read_bytes()[:-3]

        with pytest.raises(DamagedSnapshotError, match="its files do not fit"):
            republish(layout, {name: blob})

    def test_a_header_that_is_not_closed_is_refused(self, layout: ShelfLayout) -> None:
        """NumPy gives up on it with an error of Python's tokenizer."""
        cut = (layout.snapshot(2) / "documents.npy").read_bytes().replace(b"), }", b"(, }")

        with pytest.raises(DamagedSnapshotError, match="its files do not fit"):
            republish(layout, {"documents.npy": cut})

    @pytest.mark.parametrize(("field", "held"), [("n_documents", 5), ("n_passages", 10)])
    def test_counts_that_do_not_fit_are_refused(
        self, layout: ShelfLayout, field: str, held: int
    ) -> None:
        """Rows would be looked up beyond the end."""
        with pytest.raises(
            DamagedSnapshotError, match=rf"hold \[{held}, {held}, {held}\] rows inst"
        ):
            republish(layout, None, **{field: 99})

    def test_a_missing_part_is_refused(self, layout: ShelfLayout) -> None:
        """A manifest that forgot a file."""
        files = read_manifest(layout, live(layout), SHELF).files
        entries = {n: e for n, e in files.items() if n != "documents.npy"}

        with pytest.raises(DamagedSnapshotError, match=r"its files do not fit: 'documents\.npy'"):
            republish(layout, files=entries)


class TestFallback:
    """Searching goes on with the snapshot before."""

    @pytest.mark.parametrize("name", ALL_FILES)
    def test_the_snapshot_before_is_served(self, layout: ShelfLayout, name: str) -> None:
        """And the caller learns which file to tell the operator about."""
        flip_middle_bit(layout.snapshot(2) / name)

        assert served(layout) == (1, [name])

    def test_a_missing_directory_is_damage_like_any_other(self, layout: ShelfLayout) -> None:
        """CURRENT names it, so it was there."""
        shutil.rmtree(layout.snapshot(2))

        assert served(layout) == (1, ["manifest.json"])

    def test_two_damaged_snapshots_leave_none(self, layout: ShelfLayout) -> None:
        """The records alone are searched then."""
        flip_last_bit(layout.snapshot(2) / "vectors.faiss")
        truncate(layout.snapshot(1) / "passages.npy")

        assert served(layout) == (None, ["vectors.faiss", "passages.npy"])

    def test_an_edited_older_manifest_is_not_served(self, layout: ShelfLayout) -> None:
        """A wrong sequence number would hide every change in between."""
        remove(layout.snapshot(2) / "vectors.faiss")
        file = layout.snapshot(1) / "manifest.json"
        file.write_text(file.read_text().replace('"sequence": 1', '"sequence": 9'))

        assert served(layout) == (None, ["vectors.faiss", "manifest.json"])

    @pytest.mark.parametrize(
        "blob",
        [b"", b"{}", b"null", b"\xff\xfe", b'{"snapshot": "x"}', b'{"snapshot": 2}', bytes(70)],
    )
    def test_garbage_in_current_serves_the_newest_whole_one(
        self, layout: ShelfLayout, blob: bytes
    ) -> None:
        """The damage is told, the newest snapshot that is whole goes on."""
        layout.current.write_bytes(blob)

        assert served(layout) == (2, ["CURRENT"])
        flip_last_bit(layout.snapshot(2) / "vectors.faiss")
        assert served(layout) == (1, ["CURRENT", "vectors.faiss"])

    def test_a_flipped_bit_in_current_serves_a_genuine_snapshot_or_none(
        self, layout: ShelfLayout
    ) -> None:
        """In each of its bytes, whatever number or hash comes of it."""
        whole = layout.current.read_bytes()
        for place in range(len(whole)):
            damaged = bytearray(whole)
            damaged[place] ^= 1 << place % 8
            layout.current.write_bytes(damaged)

            assert served(layout)[0] in (2, 1, None), place

    def test_the_next_publish_mends_it(self, layout: ShelfLayout) -> None:
        """Under a new number, beside what is damaged."""
        flip_last_bit(layout.snapshot(2) / "vectors.faiss")
        layout.current.write_bytes(b"garbage")

        assert publish(layout, content(3)).number == 3
        assert served(layout) == (3, [])


def test_a_flipped_bit_anywhere_in_a_snapshot_is_found(layout: ShelfLayout) -> None:
    """200 bits at places drawn by chance over all its files."""
    chance = random.Random(5)
    current = live(layout)
    stored = {name: (layout.snapshot(2) / name).read_bytes() for name in ALL_FILES}
    for _ in range(200):
        (name,) = chance.choices(ALL_FILES, [len(blob) for blob in stored.values()])
        damaged = bytearray(stored[name])
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        (layout.snapshot(2) / name).write_bytes(damaged)

        with pytest.raises(SnapshotError, match="is damaged"):
            load_snapshot(layout, current, SHELF)

        (layout.snapshot(2) / name).write_bytes(stored[name])
    assert isinstance(load_snapshot(layout, current, SHELF).manifest, Manifest)
