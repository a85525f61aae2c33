"""Opening a snapshot: every byte is hashed before any parser sees it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from pydantic import ValidationError

from kbsearch import files
from kbsearch.arrays import Bool, Float32, Int64, array_from_bytes
from kbsearch.errors import (
    ConfigError,
    DamagedSnapshotError,
    NewerFormatError,
    StoreUnavailableError,
)
from kbsearch.layout import (
    CALIBRATION_FILE,
    DOCUMENTS_FILE,
    EXACT_FILE,
    FOREIGN_FILE,
    LENGTHS_FILE,
    LEXICAL_PREFIX,
    MANIFEST_FILE,
    PASSAGES_FILE,
    TITLES_PREFIX,
    VECTORS_FILE,
    VOCABULARY_PREFIX,
    WHITENING_FILE,
    ShelfLayout,
)
from kbsearch.lexical import Bm25Index, ExactIndex, LexicalIndex, Vocabulary
from kbsearch.rank import Calibration, Yardstick, spread_rows
from kbsearch.snapshots.manifest import Current, Manifest
from kbsearch.vector import FlatIndex, VectorIndex, Whitening

ChainAt = Callable[[int], str | None]
"""`RecordReader.chain_at`: the records' chain at a sequence number."""


class Snapshot(NamedTuple):
    """
    A verified snapshot in memory.

    Attributes:
        manifest: What it says of itself.
        vectors: Row = position in `passage_keys`.
        whitening: The shelf's measure of closeness.
        lengths: (n_passages,), of each whitened vector.
        lexical: Of all fields; row = position in `document_keys`.
        titles: Of the titles alone, likewise.
        exact: Of identifiers, likewise.
        document_keys: (n_documents,), ascending.
        passage_keys: (n_passages,).
        passage_documents: (n_passages,), the row of each passage's document.
        is_title: (n_passages,), True for a title that is embedded alone.
        words: As they are written, by row of `document_keys`.
        calibration: What usefulness means here; None if it was not learned.
        yardstick: By which usefulness is measured; its documents are rows.
    """

    manifest: Manifest
    vectors: VectorIndex
    whitening: Whitening
    lengths: Float32
    lexical: LexicalIndex
    titles: LexicalIndex
    exact: ExactIndex
    document_keys: Int64
    passage_keys: Int64
    passage_documents: Int64
    is_title: Bool
    words: Vocabulary
    calibration: Calibration | None = None
    yardstick: Yardstick | None = None


def read_current(layout: ShelfLayout) -> Current | None:
    """What CURRENT names; None if there is none yet, or if it cannot be read as such."""
    if not layout.current.exists():
        return None
    try:
        return Current.model_validate(json.loads(files.read_bytes(layout.current)))
    except (ValueError, ValidationError):
        return None


def newest_number(layout: ShelfLayout) -> int:
    """The highest number that any snapshot here has or had; 0 if there was none."""
    current = read_current(layout)
    numbers = layout.snapshots() + ([current.snapshot] if current else [])
    return max(numbers, default=0)


def open_newest(
    layout: ShelfLayout, shelf: str, *, chain_at: ChainAt | None
) -> tuple[Snapshot | None, list[DamagedSnapshotError]]:
    """
    The live snapshot, or the newest older one that is whole.

    Without CURRENT a shelf has no snapshot: one that was never made live is
    not served. Unknown files and directories are passed over. A snapshot whose
    chain is not the records' was made from other records, or from a later state
    of them that a backup has replaced: its keys belong to other documents, and
    it counts as damaged.

    Args:
        layout: Where the shelf lies.
        shelf: Its name.
        chain_at: The records' own; None leaves out the comparison with them.

    Returns:
        The snapshot (None if there is none to open) and what was found damaged.
    """
    candidates, damages = _candidates(layout, shelf)
    for candidate in candidates:
        try:
            _require_own(read_manifest(layout, candidate, shelf), layout, chain_at)
            return load_snapshot(layout, candidate, shelf), damages
        except DamagedSnapshotError as damage:
            damages.append(damage)
    return None, damages


def newest_manifest(
    layout: ShelfLayout, shelf: str, *, chain_at: ChainAt | None
) -> Manifest | None:
    """The manifest of the snapshot that `open_newest` serves if its files are whole."""
    for candidate in _candidates(layout, shelf)[0]:
        try:
            manifest = read_manifest(layout, candidate, shelf)
            _require_own(manifest, layout, chain_at)
        except DamagedSnapshotError:
            continue
        return manifest
    return None


def list_manifests(layout: ShelfLayout, shelf: str, *, chain_at: ChainAt | None) -> list[Manifest]:
    """
    The manifests of all snapshots that could be made live, ascending; files unread.

    Raises:
        DamagedSnapshotError: If the disk cannot be read; what is merely damaged is left out.
    """
    found = []
    for number in layout.snapshots():
        candidate = Current(snapshot=number, manifest_sha256="")
        try:
            manifest = read_manifest(layout, candidate, shelf)
            _require_own(manifest, layout, chain_at)
        except NewerFormatError:
            continue
        except DamagedSnapshotError as error:
            if isinstance(error.__cause__, StoreUnavailableError):
                raise
            continue
        found.append(manifest)
    return found


def find_damages(
    layout: ShelfLayout, shelf: str, *, chain_at: ChainAt | None
) -> list[DamagedSnapshotError]:
    """What is wrong with CURRENT and with every snapshot that is kept, not only the live one."""
    current = read_current(layout)
    numbers = layout.snapshots()
    damages: list[DamagedSnapshotError] = []
    if current is None and layout.current.exists():
        damages.append(DamagedSnapshotError(shelf, layout.current.name, "it cannot be read"))
    elif current is None and numbers:
        reason = "it is missing, though there are snapshots"
        damages.append(DamagedSnapshotError(shelf, layout.current.name, reason))
    candidates = {number: Current(snapshot=number, manifest_sha256="") for number in numbers}
    if current is not None:
        candidates[current.snapshot] = current
    for number in sorted(candidates, reverse=True):
        try:
            verify_snapshot(layout, candidates[number], shelf, chain_at=chain_at)
        except DamagedSnapshotError as damage:
            damages.append(damage)
    return damages


def verify_snapshot(
    layout: ShelfLayout, current: Current, shelf: str, *, chain_at: ChainAt | None
) -> Manifest:
    """
    Hash every file of a snapshot, one at a time, and compare it with the records.

    Raises:
        DamagedSnapshotError: As for `load_snapshot`, and if it is of other records.
        NewerFormatError: If a newer kbsearch wrote it.
    """
    manifest = read_manifest(layout, current, shelf)
    _require_own(manifest, layout, chain_at)
    for _ in _verified_files(layout, manifest):
        pass
    return manifest


def load_snapshot(layout: ShelfLayout, current: Current, shelf: str) -> Snapshot:
    """
    Read one snapshot; an empty `manifest_sha256` trusts the manifest's own checksum.

    Raises:
        DamagedSnapshotError: If a file is missing, is not the one that was
            published, or belongs to another shelf or number.
        NewerFormatError: If a newer kbsearch wrote it.
    """
    manifest = read_manifest(layout, current, shelf)
    contents = dict(_verified_files(layout, manifest))
    return _parse(manifest, contents, _name(layout, manifest))


def read_manifest(layout: ShelfLayout, current: Current, shelf: str) -> Manifest:
    """
    The manifest of one snapshot, without a look at its other files.

    Raises:
        DamagedSnapshotError: If it is missing, is not the one that was
            published, or belongs to another shelf or number.
        NewerFormatError: If a newer kbsearch wrote it.
    """
    directory = layout.snapshot(current.snapshot)
    name = f"{shelf}/{directory.name}"
    content = _read(directory, MANIFEST_FILE, name)
    if current.manifest_sha256 and files.sha256_of(content) != current.manifest_sha256:
        raise DamagedSnapshotError(name, MANIFEST_FILE, "CURRENT names another sha256")
    manifest = Manifest.from_bytes(content, name)
    if (manifest.shelf, manifest.number) != (shelf, current.snapshot):
        reason = f"it is of shelf {manifest.shelf!r}, number {manifest.number}"
        raise DamagedSnapshotError(name, MANIFEST_FILE, reason)
    return manifest


def read_foreign(layout: ShelfLayout, manifest: Manifest) -> Float32 | None:
    """
    Vectors of the questions that a snapshot was calibrated with; None if it was not.

    Raises:
        DamagedSnapshotError: If they are not what was published.
    """
    if FOREIGN_FILE not in manifest.files:
        return None
    only = manifest.model_copy(update={"files": {FOREIGN_FILE: manifest.files[FOREIGN_FILE]}})
    ((_, content),) = _verified_files(layout, only)
    try:
        vectors: Float32 = array_from_bytes(content)
    except ValueError as error:
        raise DamagedSnapshotError(_name(layout, manifest), FOREIGN_FILE, str(error)) from error
    return vectors


def _candidates(
    layout: ShelfLayout, shelf: str
) -> tuple[list[Current], list[DamagedSnapshotError]]:
    """The live snapshot and the older ones, newest first; and what is wrong with CURRENT."""
    current = read_current(layout)
    damages: list[DamagedSnapshotError] = []
    candidates: list[Current] = []
    if current is not None:
        candidates.append(current)
    elif layout.current.exists():
        damages.append(DamagedSnapshotError(shelf, layout.current.name, "it cannot be read"))
    newest = current.snapshot if current else None
    for number in reversed(layout.snapshots()):
        if (newest is None and damages) or (newest is not None and number < newest):
            candidates.append(Current(snapshot=number, manifest_sha256=""))
    return candidates, damages


def _name(layout: ShelfLayout, manifest: Manifest) -> str:
    return f"{manifest.shelf}/{layout.snapshot(manifest.number).name}"


def _require_own(manifest: Manifest, layout: ShelfLayout, chain_at: ChainAt | None) -> None:
    if chain_at is not None and chain_at(manifest.sequence) != manifest.chain:
        reason = "it was made from other records than those that stand here"
        raise DamagedSnapshotError(_name(layout, manifest), MANIFEST_FILE, reason)


def _verified_files(layout: ShelfLayout, manifest: Manifest) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file of a snapshot, hashed before it is handed out."""
    directory, name = layout.snapshot(manifest.number), _name(layout, manifest)
    for file, entry in manifest.files.items():
        if "/" in file or file.startswith("."):
            raise DamagedSnapshotError(name, MANIFEST_FILE, "it names a file outside")
        content = _read(directory, file, name)
        if len(content) != entry.size_bytes:
            reason = f"{len(content)} bytes instead of {entry.size_bytes}"
            raise DamagedSnapshotError(name, file, reason)
        if files.sha256_of(content) != entry.sha256:
            raise DamagedSnapshotError(name, file, "its sha256 is another")
        yield file, content


def _read(directory: Path, file: str, snapshot: str) -> bytes:
    path = directory / file
    if not path.is_file():
        raise DamagedSnapshotError(snapshot, file, "it is missing")
    try:
        return files.read_bytes(path)
    except StoreUnavailableError as error:
        if isinstance(error.__cause__, FileNotFoundError):  # removed since the look above
            raise DamagedSnapshotError(snapshot, file, "it is missing") from None
        raise DamagedSnapshotError(snapshot, file, error.reason) from error


def _parse(manifest: Manifest, contents: dict[str, bytes], name: str) -> Snapshot:
    try:
        passages = array_from_bytes(contents[PASSAGES_FILE])
        snapshot = Snapshot(
            manifest=manifest,
            vectors=FlatIndex.from_bytes(contents[VECTORS_FILE]),
            whitening=Whitening(array_from_bytes(contents[WHITENING_FILE])),
            lengths=array_from_bytes(contents[LENGTHS_FILE]),
            lexical=Bm25Index.from_files(_with_prefix(LEXICAL_PREFIX, contents)),
            titles=Bm25Index.from_files(_with_prefix(TITLES_PREFIX, contents)),
            exact=ExactIndex.from_bytes(contents[EXACT_FILE], manifest.n_documents),
            document_keys=array_from_bytes(contents[DOCUMENTS_FILE]),
            passage_keys=passages[:, 0].copy(),
            passage_documents=passages[:, 1].copy(),
            is_title=passages[:, 2].astype(np.bool_),
            words=Vocabulary.from_files(_with_prefix(VOCABULARY_PREFIX, contents)),
        )
        if CALIBRATION_FILE in contents:
            snapshot = _calibrated(snapshot, contents[CALIBRATION_FILE])
    except (KeyError, ValueError, IndexError, ConfigError) as error:
        raise DamagedSnapshotError(name, MANIFEST_FILE, f"its files do not fit: {error}") from error
    by_document = (snapshot.lexical, snapshot.titles, snapshot.document_keys)
    by_passage = (snapshot.vectors, snapshot.lengths, snapshot.passage_keys)
    for rows, expected in ((by_document, manifest.n_documents), (by_passage, manifest.n_passages)):
        counts = [len(each) for each in rows]
        if any(count != expected for count in counts):
            reason = f"its files hold {counts} rows instead of {expected}"
            raise DamagedSnapshotError(name, MANIFEST_FILE, reason)
    return snapshot


def _with_prefix(prefix: str, contents: dict[str, bytes]) -> dict[str, bytes]:
    """The files of one index, by their names in it."""
    return {
        file.removeprefix(prefix): blob
        for file, blob in contents.items()
        if file.startswith(prefix)
    }


def _calibrated(snapshot: Snapshot, content: bytes) -> Snapshot:
    texts = np.flatnonzero(~snapshot.is_title)
    rows = texts[spread_rows(len(texts))]
    yardstick = Yardstick(snapshot.vectors.rows(rows), snapshot.passage_documents[rows])
    calibration = Calibration.from_bytes(content)
    return snapshot._replace(calibration=calibration, yardstick=yardstick)
