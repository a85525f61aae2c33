"""Making a snapshot from the records and publishing it in one step."""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from kbsearch import files
from kbsearch.arrays import Bool, Float32, Int64
from kbsearch.embed.fingerprint import Fingerprint
from kbsearch.errors import DamagedSnapshotError, NewerFormatError
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
    DraftLayout,
    ShelfLayout,
)
from kbsearch.lexical import Bm25Index, ExactIndex, Vocabulary
from kbsearch.models import GateDecision
from kbsearch.rank import Calibration
from kbsearch.snapshots.manifest import (
    TITLE_WEIGHT_BY_DEFAULT,
    Current,
    FileEntry,
    Manifest,
    format_of,
)
from kbsearch.snapshots.reading import (
    ChainAt,
    Snapshot,
    load_snapshot,
    newest_number,
    read_current,
    verify_snapshot,
)
from kbsearch.vector import FlatIndex, Whitening


class Calibrated(NamedTuple):
    """
    A calibration, and what the next one can be made with when no model is at hand.

    Attributes:
        calibration: Of this snapshot's content.
        foreign: Vectors of the questions about everything, (n_questions, dim).
    """

    calibration: Calibration
    foreign: Float32


class SnapshotContent(NamedTuple):
    """
    What a snapshot is made of.

    Attributes:
        sequence: The newest change that is folded in.
        chain: The records' chain there.
        document_keys: (n_documents,), ascending; row of the lexical index.
        document_terms: Terms of each document, in that order, each as often as it counts.
        title_terms: Those of its title.
        exact_keys: What each is found by exactly, in that order.
        passage_keys: (n_passages,); row of the vector index.
        passage_documents: (n_passages,), the *row* of each passage's document.
        is_title: (n_passages,), True for a title that is embedded alone.
        vectors: (n_passages, dim), unit rows.
        n_tokens: Tokens of all passages.
        n_unseen_tokens: Tokens that the model did not see.
        document_words: As they are written, of each document; for corrections.
        title_weight: So many times a term of a title stands in `document_terms`.
        calibrated: What usefulness means in it; None for a shelf of few documents.
    """

    sequence: int
    chain: str
    document_keys: Int64
    document_terms: Sequence[Sequence[str]]
    title_terms: Sequence[Sequence[str]]
    exact_keys: Sequence[Collection[str]]
    passage_keys: Int64
    passage_documents: Int64
    is_title: Bool
    vectors: Float32
    n_tokens: int
    n_unseen_tokens: int
    document_words: Sequence[Collection[str]]
    title_weight: int = TITLE_WEIGHT_BY_DEFAULT
    calibrated: Calibrated | None = None


def publish_snapshot(
    layout: ShelfLayout,
    content: SnapshotContent,
    *,
    shelf: str,
    fingerprint: Fingerprint,
    bm25_k1: float,
    bm25_b: float,
    keep: int,
    chain_at: ChainAt | None,
    oldest_sequence: int = 0,
) -> Manifest:
    """
    Write a snapshot beside the live one, verify it as a reader would, make it live.

    Every file is fsynced before the directory gets its name, and CURRENT is
    replaced last, so that a crash at any point leaves the old or the new one.
    Older snapshots than the newest `keep` are removed afterwards; so are those made
    before `oldest_sequence`, which still hold what was taken off the shelf, those
    made from other records (see `open_newest`) and damaged ones. The caller holds
    the shelf's lock.

    Raises:
        StoreUnavailableError: If a file cannot be written; the old snapshot stays live,
            unless only the clearing up after the new one failed.
        DamagedSnapshotError: If what was written reads back differently.
    """
    manifest = draft_snapshot(
        layout, content, shelf=shelf, fingerprint=fingerprint, bm25_k1=bm25_k1, bm25_b=bm25_b
    )
    return publish_draft(
        layout, manifest, keep=keep, chain_at=chain_at, oldest_sequence=oldest_sequence
    )


def draft_snapshot(
    layout: ShelfLayout,
    content: SnapshotContent,
    *,
    shelf: str,
    fingerprint: Fingerprint,
    bm25_k1: float,
    bm25_b: float,
) -> Manifest:
    """
    Write a snapshot durably where no reader looks; an older draft goes.

    Raises:
        StoreUnavailableError: If a file cannot be written.
    """
    remove_drafts(layout)
    number = newest_number(layout) + 1
    contents = snapshot_files(content, k1=bm25_k1, b=bm25_b)
    manifest = Manifest(
        format=format_of(content.title_weight),
        shelf=shelf,
        number=number,
        sequence=content.sequence,
        chain=content.chain,
        fingerprint=fingerprint,
        n_documents=len(content.document_keys),
        n_passages=len(content.passage_keys),
        n_tokens=content.n_tokens,
        n_unseen_tokens=content.n_unseen_tokens,
        bm25_k1=bm25_k1,
        bm25_b=bm25_b,
        bm25_title_weight=content.title_weight,
        files=_entries(contents),
    )
    contents[MANIFEST_FILE] = manifest.to_bytes()
    draft = layout.snapshot_draft(number)
    files.make_directory(draft)
    for name, blob in contents.items():
        files.write_durably(draft / name, blob)
    files.sync_directory(draft)
    return manifest


def load_draft(layout: ShelfLayout, manifest: Manifest) -> Snapshot:
    """
    What `draft_snapshot` wrote, read as a reader would read it once it is published.

    Raises:
        DamagedSnapshotError: If it reads back differently.
    """
    current = Current(snapshot=manifest.number, manifest_sha256="")
    return load_snapshot(DraftLayout(layout.root), current, manifest.shelf)


def publish_draft(
    layout: ShelfLayout,
    manifest: Manifest,
    *,
    keep: int,
    chain_at: ChainAt | None,
    oldest_sequence: int = 0,
    gate: GateDecision | None = None,
) -> Manifest:
    """
    Give a draft its name, verify it as a reader would and make it live; see `publish_snapshot`.

    Args:
        layout: Where the shelf lies.
        manifest: As `draft_snapshot` returned it.
        keep: Snapshots that stay.
        chain_at: The records' own.
        oldest_sequence: Those made before it go.
        gate: Why it may be published; kept in its manifest.
    """
    draft, number = layout.snapshot_draft(manifest.number), manifest.number
    if gate is not None:
        manifest = manifest.with_gate(gate)
        files.write_durably(draft / MANIFEST_FILE, manifest.to_bytes())
        files.sync_directory(draft)
    files.replace(draft, layout.snapshot(number))
    files.sync_directory(layout.root)
    current = Current(snapshot=number, manifest_sha256=files.sha256_of(manifest.to_bytes()))
    load_snapshot(layout, current, manifest.shelf)
    set_current(layout, current)
    remove_old_snapshots(
        layout, manifest.shelf, keep=keep, chain_at=chain_at, oldest_sequence=oldest_sequence
    )
    return manifest


def make_live(layout: ShelfLayout, manifest: Manifest) -> None:
    """
    Name a snapshot that stands here in CURRENT; the caller has verified it.

    Its manifest is hashed as it stands: another version may have written it otherwise.
    """
    digest = files.sha256_of_file(layout.snapshot(manifest.number) / MANIFEST_FILE)
    set_current(layout, Current(snapshot=manifest.number, manifest_sha256=digest))


def set_current(layout: ShelfLayout, current: Current) -> None:
    """Make a snapshot the live one, durably and in one step."""
    files.remove_tree(layout.current_draft)  # a link or a pipe would be written through
    files.write_durably(layout.current_draft, current.to_bytes())
    files.replace(layout.current_draft, layout.current)
    files.sync_directory(layout.root)


def remove_all(layout: ShelfLayout) -> None:
    """Leave a shelf without any snapshot: readers go on from the records alone."""
    for path in (layout.current, layout.current_draft):
        files.remove_tree(path)
    files.sync_directory(layout.root)
    for number in layout.snapshots():
        files.remove_tree(layout.snapshot(number))
    remove_drafts(layout)
    files.sync_directory(layout.root)


def remove_drafts(layout: ShelfLayout) -> None:
    """Clear away what interrupted writers left; the caller holds the shelf's lock."""
    for leftover in layout.drafts():
        files.remove_tree(leftover)


def remove_old_snapshots(
    layout: ShelfLayout,
    shelf: str,
    *,
    keep: int,
    chain_at: ChainAt | None,
    oldest_sequence: int = 0,
) -> None:
    """Remove all but the newest `keep` that are whole, ours and new enough; the live one stays."""
    live = read_current(layout)
    numbers = layout.snapshots()
    for number in numbers:
        if live is not None and number == live.snapshot:
            continue
        is_old = number in numbers[:-keep]
        if is_old or not _is_worth_keeping(layout, number, shelf, chain_at, oldest_sequence):
            _remove_snapshot(layout, number)


def _remove_snapshot(layout: ShelfLayout, number: int) -> None:
    """Take its name first: what is left by a crash is a draft, not a damaged snapshot."""
    draft = layout.snapshot_draft(number)
    files.remove_tree(draft)
    files.replace(layout.snapshot(number), draft)
    files.sync_directory(layout.root)
    files.remove_tree(draft)


def _is_worth_keeping(
    layout: ShelfLayout, number: int, shelf: str, chain_at: ChainAt | None, oldest_sequence: int
) -> bool:
    try:
        current = Current(snapshot=number, manifest_sha256="")
        manifest = verify_snapshot(layout, current, shelf, chain_at=chain_at)
    except (DamagedSnapshotError, NewerFormatError):
        return False
    return manifest.sequence >= oldest_sequence


def snapshot_files(content: SnapshotContent, *, k1: float, b: float) -> dict[str, bytes]:
    """The files of a snapshot by name, but for its manifest."""
    contents: dict[str, bytes] = {}
    fields = ((LEXICAL_PREFIX, content.document_terms), (TITLES_PREFIX, content.title_terms))
    for prefix, terms in fields:
        index = Bm25Index(terms, k1=k1, b=b)
        contents |= {prefix + name: blob for name, blob in index.to_files().items()}
    contents[EXACT_FILE] = ExactIndex(content.exact_keys).to_bytes()
    words = Vocabulary(content.document_words).to_files()
    contents |= {VOCABULARY_PREFIX + name: blob for name, blob in words.items()}
    contents[VECTORS_FILE] = FlatIndex(content.vectors).to_bytes()
    whitening = Whitening.fit(content.vectors[~content.is_title])
    contents[WHITENING_FILE] = _npy(whitening.matrix, "<f4")
    contents[LENGTHS_FILE] = _npy(whitening.lengths(content.vectors), "<f4")
    columns = (content.passage_keys, content.passage_documents, content.is_title)
    contents[PASSAGES_FILE] = _npy(np.stack(columns, axis=1).astype(np.int64), "<i8")
    contents[DOCUMENTS_FILE] = _npy(content.document_keys, "<i8")
    if content.calibrated is not None:
        contents[CALIBRATION_FILE] = content.calibrated.calibration.to_bytes()
        contents[FOREIGN_FILE] = _npy(content.calibrated.foreign, "<f4")
    return contents


def _entries(contents: dict[str, bytes]) -> dict[str, FileEntry]:
    return {
        name: FileEntry(size_bytes=len(blob), sha256=files.sha256_of(blob))
        for name, blob in sorted(contents.items())
    }


def _npy(array: Int64 | Float32, dtype: str) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(array, dtype=dtype), allow_pickle=False)
    return buffer.getvalue()
