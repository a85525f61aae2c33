"""Opening a snapshot: every byte is hashed before any parser sees it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
from pydantic import ValidationError

from kbsearch import files
from kbsearch.arrays import Int64
from kbsearch.errors import ConfigError, DamagedSnapshotError, StoreUnavailableError
from kbsearch.layout import (
    DOCUMENTS_FILE,
    LEXICAL_PREFIX,
    MANIFEST_FILE,
    PASSAGES_FILE,
    VECTORS_FILE,
    ShelfLayout,
)
from kbsearch.lexical import Bm25Index, LexicalIndex
from kbsearch.snapshots.manifest import Current, Manifest
from kbsearch.vector import FlatIndex, VectorIndex


class Snapshot(NamedTuple):
    """
    A verified snapshot in memory.

    Attributes:
        manifest: What it says of itself.
        vectors: Row = position in `passage_keys`.
        lexical: Row = position in `document_keys`.
        document_keys: (n_documents,), ascending.
        passage_keys: (n_passages,).
        passage_documents: (n_passages,), the row of each passage's document.
    """

    manifest: Manifest
    vectors: VectorIndex
    lexical: LexicalIndex
    document_keys: Int64
    passage_keys: Int64
    passage_documents: Int64


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
    layout: ShelfLayout, shelf: str
) -> tuple[Snapshot | None, list[DamagedSnapshotError]]:
    """
    The live snapshot, or the newest older one that is whole.

    Without CURRENT a shelf has no snapshot: one that was never made live is
    not served. Unknown files and directories are passed over.

    Returns:
        The snapshot (None if there is none to open) and what was found damaged.
    """
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
    for candidate in candidates:
        try:
            return load_snapshot(layout, candidate, shelf), damages
        except DamagedSnapshotError as damage:
            damages.append(damage)
    return None, damages


def load_snapshot(layout: ShelfLayout, current: Current, shelf: str) -> Snapshot:
    """
    Read one snapshot; an empty `manifest_sha256` trusts the manifest's own checksum.

    Raises:
        DamagedSnapshotError: If a file is missing, is not the one that was
            published, or belongs to another shelf or number.
        NewerFormatError: If a newer kbsearch wrote it.
    """
    directory = layout.snapshot(current.snapshot)
    name = f"{shelf}/{directory.name}"
    manifest = read_manifest(layout, current, shelf)
    contents = {}
    for file, entry in manifest.files.items():
        if "/" in file or file.startswith("."):
            raise DamagedSnapshotError(name, MANIFEST_FILE, "it names a file outside")
        contents[file] = _read(directory, file, name)
        if len(contents[file]) != entry.size_bytes:
            reason = f"{len(contents[file])} bytes instead of {entry.size_bytes}"
            raise DamagedSnapshotError(name, file, reason)
        if files.sha256_of(contents[file]) != entry.sha256:
            raise DamagedSnapshotError(name, file, "its sha256 is another")
    return _parse(manifest, contents, name)


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


def _read(directory: Path, file: str, snapshot: str) -> bytes:
    path = directory / file
    if not path.is_file():
        raise DamagedSnapshotError(snapshot, file, "it is missing")
    try:
        return files.read_bytes(path)
    except StoreUnavailableError as error:
        raise DamagedSnapshotError(snapshot, file, error.reason) from error


def _parse(manifest: Manifest, contents: dict[str, bytes], name: str) -> Snapshot:
    lexical_files = {
        file.removeprefix(LEXICAL_PREFIX): blob
        for file, blob in contents.items()
        if file.startswith(LEXICAL_PREFIX)
    }
    try:
        snapshot = Snapshot(
            manifest=manifest,
            vectors=FlatIndex.from_bytes(contents[VECTORS_FILE]),
            lexical=Bm25Index.from_files(lexical_files),
            document_keys=_load(contents[DOCUMENTS_FILE]),
            passage_keys=_load(contents[PASSAGES_FILE])[:, 0].copy(),
            passage_documents=_load(contents[PASSAGES_FILE])[:, 1].copy(),
        )
    except (KeyError, ValueError, IndexError, ConfigError) as error:
        raise DamagedSnapshotError(name, MANIFEST_FILE, f"its files do not fit: {error}") from error
    counts = (len(snapshot.vectors), len(snapshot.lexical), len(snapshot.document_keys))
    if counts != (manifest.n_passages, manifest.n_documents, manifest.n_documents):
        raise DamagedSnapshotError(name, MANIFEST_FILE, f"its files hold {counts} rows")
    return snapshot


def _load(content: bytes) -> Int64:
    array: Int64 = np.load(io.BytesIO(content), allow_pickle=False)
    return array
