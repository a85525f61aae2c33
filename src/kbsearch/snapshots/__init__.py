"""Immutable, verified copies of a shelf's derived indexes."""

from kbsearch.snapshots.manifest import Current, Manifest
from kbsearch.snapshots.reading import (
    ChainAt,
    Snapshot,
    find_damages,
    load_snapshot,
    newest_manifest,
    open_newest,
    read_current,
    read_manifest,
)
from kbsearch.snapshots.writing import SnapshotContent, publish_snapshot

__all__ = [
    "ChainAt",
    "Current",
    "Manifest",
    "Snapshot",
    "SnapshotContent",
    "find_damages",
    "load_snapshot",
    "newest_manifest",
    "open_newest",
    "publish_snapshot",
    "read_current",
    "read_manifest",
]
