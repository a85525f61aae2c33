"""Immutable, verified copies of a shelf's derived indexes."""

from kbsearch.snapshots.comparing import SnapshotVectors
from kbsearch.snapshots.manifest import Current, Manifest
from kbsearch.snapshots.reading import (
    ChainAt,
    Snapshot,
    find_damages,
    list_manifests,
    load_snapshot,
    newest_manifest,
    open_newest,
    read_current,
    read_foreign,
    read_manifest,
    verify_snapshot,
)
from kbsearch.snapshots.writing import (
    Calibrated,
    SnapshotContent,
    draft_snapshot,
    load_draft,
    make_live,
    publish_draft,
    publish_snapshot,
    remove_all,
    remove_drafts,
    snapshot_files,
)

__all__ = [
    "Calibrated",
    "ChainAt",
    "Current",
    "Manifest",
    "Snapshot",
    "SnapshotContent",
    "SnapshotVectors",
    "draft_snapshot",
    "find_damages",
    "list_manifests",
    "load_draft",
    "load_snapshot",
    "make_live",
    "newest_manifest",
    "open_newest",
    "publish_draft",
    "publish_snapshot",
    "read_current",
    "read_foreign",
    "read_manifest",
    "remove_all",
    "remove_drafts",
    "snapshot_files",
    "verify_snapshot",
]
