"""Making an older snapshot the live one again."""

from __future__ import annotations

from kbsearch.errors import DamagedSnapshotError, EmbedderMismatchError, SnapshotNotFoundError
from kbsearch.indexing.rebuilding import ShelfRebuild
from kbsearch.indexing.shelf_writer import ShelfWriter
from kbsearch.progress import Progress, silent
from kbsearch.snapshots import (
    Current,
    Manifest,
    list_manifests,
    make_live,
    read_current,
    verify_snapshot,
)


def roll_back(writer: ShelfWriter, to: int | None, progress: Progress = silent) -> Manifest:
    """
    Make snapshot `to` live, or the newest whole one before the live one.

    The records stay as they are: what changed since is found all the same, from
    the delta. If the snapshot was made with another embedder than the records are
    read with now, what is missing under it is embedded first.

    Raises:
        SnapshotNotFoundError: If there is no such snapshot, or it is damaged.
        EmbedderMismatchError: If it was made with another embedder than the desk's.
        LockedError: If somebody writes to the shelf.
    """
    with writer.locked():
        target = _target(writer, to)
        if target.fingerprint.key != writer.fingerprint.key:
            raise EmbedderMismatchError(
                writer.shelf, str(target.fingerprint), str(writer.fingerprint)
            )
        if writer.records.fingerprint_key() != target.fingerprint.key:
            ShelfRebuild(writer).derive(progress)
        make_live(writer.layout, target)
        with writer.records.writing():
            writer.records.set_fingerprint(target.fingerprint)
        return target


def _target(writer: ShelfWriter, to: int | None) -> Manifest:
    chain_at = writer.records.chain_at
    current = read_current(writer.layout)
    live = current.snapshot if current else None
    there = list_manifests(writer.layout, writer.shelf, chain_at=chain_at)
    for manifest in reversed(there):
        is_wanted = manifest.number == to if to is not None else manifest.number < (live or 0)
        if not is_wanted:
            continue
        candidate = Current(snapshot=manifest.number, manifest_sha256="")
        try:
            verify_snapshot(writer.layout, candidate, writer.shelf, chain_at=chain_at)
        except DamagedSnapshotError:
            continue
        return manifest
    raise SnapshotNotFoundError(writer.shelf, to, [manifest.number for manifest in there])
