"""Immutable, verified copies of a shelf's derived indexes."""

from kbsearch.snapshots.manifest import Current, Manifest
from kbsearch.snapshots.reading import (
    Snapshot,
    load_snapshot,
    open_newest,
    read_current,
    read_manifest,
)
from kbsearch.snapshots.writing import SnapshotContent, publish_snapshot

__all__ = [
    "Current",
    "Manifest",
    "Snapshot",
    "SnapshotContent",
    "load_snapshot",
    "open_newest",
    "publish_snapshot",
    "read_current",
    "read_manifest",
]
