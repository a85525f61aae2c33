"""Verifying and counting a shelf, byte by byte, without changing it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kbsearch import files
from kbsearch.errors import KbSearchError
from kbsearch.layout import ShelfLayout
from kbsearch.models import CheckFinding, CheckReport, ShelfStats
from kbsearch.snapshots import Snapshot, open_newest
from kbsearch.store import RecordReader

_REBUILD = "Run `kbsearch rebuild`: it makes the indexes anew from the records."
_RESTORE = "Restore records.sqlite from a backup, or add the documents again to a new desk."
_COSINE_TOLERANCE = 1e-4

_Report = Callable[[str, str], None]
"""Takes what is wrong, and the remedy."""


def shelf_stats(layout: ShelfLayout, shelf: str) -> ShelfStats:
    """
    Counts of one shelf.

    Raises:
        StoreError: If its records cannot be read.
    """
    records = RecordReader(layout.records, shelf)
    try:
        with records.reading():
            attributes = records.attributes()
            key = records.fingerprint_key()
            n_passages, _, n_unseen = records.count_tokens(key or "")
            snapshot, _ = open_newest(layout, shelf)
            folded = snapshot.manifest.sequence if snapshot else 0
            return ShelfStats(
                shelf=shelf,
                n_articles=sum(row.kind == "article" for row in attributes),
                n_tickets=sum(row.kind == "ticket" for row in attributes),
                n_resolved_tickets=sum(row.is_resolved for row in attributes),
                n_passages=n_passages,
                n_unseen_tokens=n_unseen,
                sequence=records.sequence(),
                snapshot=snapshot.manifest.number if snapshot else None,
                n_changes_since_snapshot=len(records.changes_since(folded)),
                fingerprint=records.fingerprint_name(),
                size_bytes=files.size_bytes(layout.root),
            )
    finally:
        records.close()


def check_shelf(layout: ShelfLayout, shelf: str) -> CheckReport:
    """
    Verify records (structure, every row's checksum, derived rows) and snapshots (every hash).

    Damage is reported, not raised; nothing is repaired.
    """
    findings: list[CheckFinding] = []

    def report(what: str, remedy: str) -> None:
        findings.append(CheckFinding(shelf=shelf, what=what, remedy=remedy))

    snapshot, damages = open_newest(layout, shelf)
    for damage in damages:
        report(f"{damage.snapshot}/{damage.file} is damaged: {damage.reason}", _REBUILD)
    n_documents = n_passages = 0
    try:
        records = RecordReader(layout.records, shelf)
    except KbSearchError as error:
        report(str(error), _RESTORE)
    else:
        try:
            n_documents, n_passages = _check_records(records, snapshot, report)
        except KbSearchError as error:
            report(str(error), _RESTORE)
        finally:
            records.close()
    for leftover in layout.drafts():
        report(
            f"{leftover.name} is left of an interrupted rebuild; no reader looks at it", _REBUILD
        )
    return CheckReport(
        n_documents=n_documents,
        n_passages=n_passages,
        n_files=sum(1 for path in layout.root.rglob("*") if path.is_file()),
        findings=tuple(findings),
    )


def _check_records(
    records: RecordReader, snapshot: Snapshot | None, report: _Report
) -> tuple[int, int]:
    with records.reading():
        for fault in records.structural_faults():
            report(f"records.sqlite: {fault}", _RESTORE)
        keys = [row.document_key for row in records.attributes()]
        records.documents(keys)
        fingerprint = records.fingerprint_key()
        if fingerprint is None:
            return len(keys), 0
        embedder_key = records.embedder_key() or ""
        records.cleaned(keys, fingerprint)
        passages = records.passages(keys, fingerprint)
        vectors = records.vectors({p.input_hash for p in passages}, embedder_key)
        for key in records.incomplete_keys(fingerprint, embedder_key):
            report(f"document key {key} lacks its cleaned text, a passage or a vector", _REBUILD)
        if snapshot is None:
            return len(keys), len(passages)
        if snapshot.manifest.fingerprint.key != fingerprint:
            report("the live snapshot was made with another fingerprint than the records", _REBUILD)
            return len(keys), len(passages)
        rows = {int(key): row for row, key in enumerate(snapshot.passage_keys)}
        for passage in passages:
            vector = vectors.get(passage.input_hash)
            row = rows.get(passage.passage_key)
            if vector is not None and row is not None:
                found = snapshot.vectors.cosines(vector, np.array([row], dtype=np.int64))[0]
                if vector.any() and abs(float(found) - 1.0) > _COSINE_TOLERANCE:
                    report(
                        f"passage {passage.passage_key} has another vector in the snapshot",
                        _REBUILD,
                    )
    return len(keys), len(passages)
