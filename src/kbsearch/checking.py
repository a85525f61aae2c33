"""Verifying and counting a shelf, byte by byte, without changing it or standing in its way."""

from __future__ import annotations

from collections.abc import Sequence

from kbsearch import files
from kbsearch.errors import ConfigError, DamagedRecordError, KbSearchError
from kbsearch.layout import MANIFEST_FILE, ShelfLayout
from kbsearch.lexical.synonyms_file import parse_synonyms, read_synonyms
from kbsearch.models import CheckFinding, CheckReport, ShelfStats, SnapshotInfo
from kbsearch.snapshots import (
    SnapshotVectors,
    find_damages,
    list_manifests,
    newest_manifest,
    open_newest,
    read_current,
)
from kbsearch.store import RecordReader, is_remade, is_writer_at_work

_REBUILD = "Run `kbsearch rebuild`: it makes the indexes anew from the records."
_REPAIR = "Run `kbsearch check --repair`: it removes it."
_REPAIR_THEM = "Run `kbsearch check --repair`: it removes them."
_REBUILD_NOTE = "Run `kbsearch rebuild`: it removes it, and it is noted again when needed."
_RESTORE_NOTE = "Restore records.sqlite from a backup: it is noted nowhere else."
_RESTORE_TRAIL = "Ask who changed records.sqlite; a backup has what was written."
_CORRECT = "Correct it, or remove it: until then no search of this shelf is answered."
_REMOVE = "Remove it if you do not need it."
_OPEN_AGAIN = "Open the desk with the right to write: it goes on, or says what keeps it from it."
_RESTORE = "Restore records.sqlite from a backup, or add the documents again to a new desk."
_DOCUMENTS_PER_READ = 256
"""A read keeps a writer's commit waiting: no single one may be long."""

_Finding = tuple[str, str]
"""What is wrong, and the remedy."""


def shelf_stats(layout: ShelfLayout, shelf: str) -> ShelfStats:
    """
    Counts of one shelf, by short reads; no snapshot is loaded.

    Raises:
        StoreError: If its records cannot be read.
    """
    records = RecordReader(layout.records, shelf)
    try:
        manifest = newest_manifest(layout, shelf, chain_at=records.chain_at)
        with records.reading():
            n_articles, n_tickets, n_resolved = records.count_kinds()
            n_passages, _, n_unseen = records.count_tokens(records.fingerprint_key() or "")
            return ShelfStats(
                shelf=shelf,
                n_articles=n_articles,
                n_tickets=n_tickets,
                n_resolved_tickets=n_resolved,
                n_passages=n_passages,
                n_unseen_tokens=n_unseen,
                sequence=records.sequence(),
                snapshot=manifest.number if manifest else None,
                n_changes_since_snapshot=records.count_changes_since(
                    manifest.sequence if manifest else 0
                ),
                fingerprint=records.fingerprint_name(),
                size_bytes=files.size_bytes(layout.root),
                votes=records.votes(),
            )
    finally:
        records.close()


def list_snapshots(layout: ShelfLayout, shelf: str) -> tuple[SnapshotInfo, ...]:
    """
    The snapshots that could be made live, oldest first.

    Raises:
        StoreError: If the records cannot be read.
    """
    records = RecordReader(layout.records, shelf)
    try:
        manifests = list_manifests(layout, shelf, chain_at=records.chain_at)
    finally:
        records.close()
    current = read_current(layout)
    return tuple(
        SnapshotInfo(
            shelf=shelf,
            number=manifest.number,
            is_live=current is not None and manifest.number == current.snapshot,
            sequence=manifest.sequence,
            n_documents=manifest.n_documents,
            n_passages=manifest.n_passages,
            fingerprint=str(manifest.fingerprint),
            size_bytes=files.size_bytes(layout.snapshot(manifest.number)),
            gate=manifest.gate,
        )
        for manifest in manifests
    )


def check_shelf(layout: ShelfLayout, shelf: str) -> CheckReport:
    """
    Verify records (structure, the checksum of each row in use) and snapshots (every hash).

    Damage is reported, not raised; nothing is repaired. The records are read in
    many short transactions. What another process changed between two of them can
    look like damage once, so findings count when a second look finds them too.
    """
    report = _look(layout, shelf)
    if report.is_sound:
        return report
    again = _look(layout, shelf)
    kept = tuple(finding for finding in again.findings if finding in report.findings)
    return again.model_copy(update={"findings": kept})


def _look(layout: ShelfLayout, shelf: str) -> CheckReport:
    found: list[_Finding] = []
    n_documents = n_passages = 0
    try:
        records = RecordReader(layout.records, shelf)
    except KbSearchError as error:
        found += _snapshot_findings(layout, shelf, None)
        found.append((str(error), _RESTORE))
    else:
        try:
            found += _snapshot_findings(layout, shelf, records)
            n_documents, n_passages = _check_records(records, layout, found)
        except KbSearchError as error:
            found.append(_finding_of(error))
        finally:
            records.close()
    try:
        found += _leftover_findings(layout, shelf)
    except KbSearchError as error:
        found.append(_finding_of(error))
    return CheckReport(
        n_documents=n_documents,
        n_passages=n_passages,
        n_files=sum(1 for _ in files.files_below(layout.root)),
        findings=tuple(
            CheckFinding(shelf=shelf, what=what, remedy=do) for what, do in dict.fromkeys(found)
        ),
    )


def _leftover_findings(layout: ShelfLayout, shelf: str) -> list[_Finding]:
    """Files that no reader looks at."""
    drafts = layout.drafts()
    if drafts and is_writer_at_work(layout.lock):
        drafts = []  # one of them may be what it writes
    found = [
        (f"{draft.name} is left of an interrupted rebuild; no reader looks at it", _REPAIR)
        for draft in drafts
    ]
    if layout.forgetting.exists():
        what = f"{layout.forgetting.name}: something is to be forgotten and is not yet"
        found.append((what, _OPEN_AGAIN))
    try:
        parse_synonyms(read_synonyms(layout.synonyms), layout.synonyms)
    except ConfigError as error:
        found.append((str(error), _CORRECT))
    strangers = layout.strangers()
    for manifest in list_manifests(layout, shelf, chain_at=None):
        known = {MANIFEST_FILE, *manifest.files}
        entries = layout.entries(manifest.number)
        strangers += [entry for entry in entries if entry.name not in known]
    for stranger in strangers:
        name = str(stranger.relative_to(layout.root))
        found.append((f"{name!r} is no file of this desk; no reader looks at it", _REMOVE))
    return found


def _snapshot_findings(
    layout: ShelfLayout, shelf: str, records: RecordReader | None
) -> list[_Finding]:
    chain_at = records.chain_at if records else None
    try:
        damages = find_damages(layout, shelf, chain_at=chain_at)
    except KbSearchError as error:
        return [_finding_of(error)]
    return [(f"{d.snapshot}/{d.file} is damaged: {d.reason}", _REBUILD) for d in damages]


def _finding_of(error: KbSearchError) -> _Finding:
    is_derived = isinstance(error, DamagedRecordError) and error.table != "documents"
    return str(error), _REBUILD if is_derived else _RESTORE


def _check_records(
    records: RecordReader, layout: ShelfLayout, found: list[_Finding]
) -> tuple[int, int]:
    """Adds to `found`; returns the numbers of documents and of passages."""
    found += [(f"records.sqlite: {fault}", _RESTORE) for fault in records.structural_faults()]
    snapshot, _ = open_newest(layout, records.shelf, chain_at=records.chain_at)
    try:
        records.changes_since(snapshot.manifest.sequence if snapshot else 0)
    except DamagedRecordError as error:
        found.append(_finding_of(error))
    fingerprint = records.fingerprint_key()
    if snapshot and fingerprint and snapshot.manifest.fingerprint.key != fingerprint:
        what = "the live snapshot was made with another fingerprint than the records"
        found.append((what, _REBUILD))
        snapshot = None
    found += _note_findings(records)
    found += [(fault, _RESTORE_TRAIL) for fault in records.audit_faults()]
    try:
        records.feedback()
    except DamagedRecordError as error:
        found.append((str(error), _RESTORE_NOTE))
    if n_unused := records.count_unused_vectors():
        found.append((f"{n_unused} vectors belong to no passage", _REPAIR_THEM))
    vectors_check = SnapshotVectors(snapshot) if snapshot else None
    n_passages = 0
    if fingerprint is None and records.count():
        found.append(("documents are stored here that nobody can find yet", _REBUILD))
    keys = records.keys()  # what is added from now on is not waited for
    for start in range(0, len(keys), _DOCUMENTS_PER_READ):
        piece = keys[start : start + _DOCUMENTS_PER_READ]
        try:
            n_passages += _check_piece(records, piece, vectors_check, found)
        except KbSearchError as error:
            found.append(_finding_of(error))
    return len(keys), n_passages


def _note_findings(records: RecordReader) -> list[_Finding]:
    return [
        (f"note {name!r} fails its checksum", _REBUILD_NOTE if is_remade(name) else _RESTORE_NOTE)
        for name in records.damaged_notes()
    ]


def _check_piece(
    records: RecordReader,
    keys: Sequence[int],
    in_snapshot: SnapshotVectors | None,
    found: list[_Finding],
) -> int:
    """One short transaction; returns the number of passages."""
    with records.reading():
        fingerprint, embedder_key = records.fingerprint_key(), records.embedder_key() or ""
        records.attributes(keys)
        records.documents(keys)
        if fingerprint is None:
            return 0
        records.cleaned(keys, fingerprint)
        passages = records.passages(keys, fingerprint)
        vectors = records.vectors({p.input_hash for p in passages}, embedder_key)
        incomplete = records.incomplete_keys(fingerprint, embedder_key, keys[0], keys[-1])
    for key in incomplete:
        what = f"document key {key} lacks its cleaned text, a passage or a vector"
        found.append((what, _REBUILD))
    if in_snapshot is not None:
        for passage in passages:
            vector = vectors.get(passage.input_hash)
            if vector is not None and in_snapshot.differs(passage.passage_key, vector):
                what = f"passage {passage.passage_key} has another vector in the snapshot"
                found.append((what, _REBUILD))
    return len(passages)
