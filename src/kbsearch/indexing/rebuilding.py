"""Bringing a shelf's indexes up to its settings: what is missing is derived, then folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kbsearch.errors import DamagedRecordError, DamagedSnapshotError
from kbsearch.indexing.calibrating import FEWEST_DOCUMENTS
from kbsearch.indexing.learning import is_due, learn
from kbsearch.indexing.shelf_writer import DOCUMENTS_PER_COMMIT, ShelfWriter
from kbsearch.layout import CALIBRATION_FILE, MANIFEST_FILE
from kbsearch.models import Document, GateDecision, RebuildReport
from kbsearch.progress import Progress, silent
from kbsearch.snapshots import (
    Manifest,
    SnapshotVectors,
    draft_snapshot,
    find_damages,
    open_newest,
    publish_draft,
    remove_drafts,
)


class ShelfRebuild:
    """
    A rebuild of one shelf.

    `derive` takes the shelf's lock for each commit alone, so that a long rebuild
    stands in nobody's way; `publish` makes of what it has derived the live snapshot.
    """

    def __init__(self, writer: ShelfWriter) -> None:
        self._writer, self._records = writer, writer.records

    def derive(self, progress: Progress = silent) -> int:
        """
        Derive and embed what is missing under this fingerprint; returns passages embedded.

        In durable pieces: an interrupted run goes on where it stopped. Others
        may search and write meanwhile; what the shelf serves does not change.
        """
        self._discard_damaged()
        return self._learn_anew(progress) + self.derive_missing(progress)

    def derive_missing(self, progress: Progress = silent) -> int:
        """Derive what documents lack, and nothing anew; returns passages embedded."""
        n_embedded = 0
        task = f"embed {self._writer.shelf}"
        missing = self._missing()
        for start in range(0, len(missing), DOCUMENTS_PER_COMMIT):
            progress(task, start, len(missing))
            n_embedded += self._derive(missing[start : start + DOCUMENTS_PER_COMMIT])
        if missing:
            progress(task, len(missing), len(missing))
        return n_embedded

    def publish(self, n_embedded: int, progress: Progress = silent) -> RebuildReport:
        """
        Publish what `derive` has made, and what was written since.

        A shelf whose live snapshot is whole and up to date is left as it is.
        """
        manifest = self._up_to_date_manifest()
        if manifest is None:
            with self._writer.locked():
                n_embedded += self.derive(progress)
                manifest = self._writer.publish(progress)
        return self._report(manifest, n_embedded)

    def draft(self, progress: Progress = silent) -> Manifest | None:
        """
        Write what `publish` would make live where no reader looks.

        Another writer may clear the draft away, or publish, before this one does: whoever
        gives the shelf's lock back in between asks `holds` before `publish_draft`.

        Returns:
            Its manifest; None if the live snapshot is whole and up to date.
        """
        if self._up_to_date_manifest() is not None:
            return None
        self.derive(progress)
        writer, ranking = self._writer, self._writer.settings.ranking
        progress(f"draft {writer.shelf}", 0, 1)
        manifest = draft_snapshot(
            writer.layout,
            writer.content(writer.fingerprint, may_embed=True),
            shelf=writer.shelf,
            fingerprint=writer.fingerprint,
            bm25_k1=ranking.bm25_k1,
            bm25_b=ranking.bm25_b,
        )
        progress(f"draft {writer.shelf}", 1, 1)
        return manifest

    def publish_draft(
        self, draft: Manifest | None, n_embedded: int, gate: GateDecision | None = None
    ) -> RebuildReport:
        """
        Make a draft live, with why in its manifest; without one, as `publish` leaves it.

        What was written since the draft is found all the same, from the delta.
        """
        writer = self._writer
        n_embedded += self.derive_missing()  # what others wrote before they had these settings
        manifest = draft or writer.live_manifest()
        if draft is not None:
            manifest = publish_draft(
                writer.layout,
                draft,
                keep=writer.settings.snapshots.keep,
                chain_at=self._records.chain_at,
                oldest_sequence=writer.oldest_sequence(),
                gate=gate,
            )
            writer.note_published(draft.fingerprint)
        if manifest is None:
            raise DamagedSnapshotError(
                writer.shelf, writer.layout.current.name, "it went while it was compared"
            )
        return self._report(manifest, n_embedded)

    def is_up_to_date(self) -> bool:
        """Whether the live snapshot is whole and holds all there is under these settings."""
        return self._up_to_date_manifest() is not None

    def holds(self, draft: Manifest) -> bool:
        """
        Whether a draft can still be published; the caller holds the shelf's lock.

        Not if it was cleared away, another snapshot has its number, the records are
        others, or something was taken off the shelf of which no older snapshot may stay.
        """
        layout = self._writer.layout
        return (
            (layout.snapshot_draft(draft.number) / MANIFEST_FILE).is_file()
            and max(layout.snapshots(), default=0) < draft.number
            and self._records.chain_at(draft.sequence) == draft.chain
            and self._writer.oldest_sequence() <= draft.sequence
        )

    def discard_draft(self) -> None:
        """Leave the shelf as it was before `draft`; what was derived stays."""
        with self._writer.locked():
            remove_drafts(self._writer.layout)

    def _report(self, manifest: Manifest, n_embedded: int) -> RebuildReport:
        return RebuildReport(
            shelf=self._writer.shelf,
            snapshot=manifest.number,
            n_documents=manifest.n_documents,
            n_passages=manifest.n_passages,
            n_embedded=n_embedded,
            n_unseen_tokens=manifest.n_unseen_tokens,
        )

    def repair(self, progress: Progress = silent) -> None:
        """
        Make anew what is derived and not whole; a snapshot only if that, or one here, is wrong.

        A document that is damaged itself cannot be mended: what needs it is left as it
        is, for a check to report.

        Raises:
            EmbedderMismatchError: If the desk's settings name another embedder than the
                shelf has: its vectors would be compared with those of the other shelf.
            LockedError: If somebody writes to the shelf.
        """
        self._writer.require_fingerprint()
        with self._writer.locked():
            if self._records.structural_faults():
                self._records.rebuild_sql_indexes()
            remove_drafts(self._writer.layout)
            try:
                self._repair_derived(progress)
            except DamagedRecordError as error:
                if error.table != "documents":
                    raise

    def _repair_derived(self, progress: Progress) -> None:
        self._discard_damaged()
        if self._records.count_unused_vectors():
            with self._records.writing():
                self._records.drop_unused_vectors()
        is_incomplete = bool(self._missing())
        self.derive(progress)
        if is_incomplete or not self._fits_live_snapshot():
            self._writer.publish(progress)

    def _learn_anew(self, progress: Progress) -> int:
        """
        Learn from all documents if they have become many more or fewer, and clean them anew.

        Returns:
            Number of passages that were embedded.
        """
        if not self._writer.settings.cleaning.boilerplate:
            return 0
        known = self._writer.cleaner.learned
        if is_due(self._records.count(), known.n_documents):
            texts = (
                self._writer.cleaner.learnable(face) for face in self._faces(self._records.keys())
            )
            self._writer.note_boilerplate(learn(texts))
        key = self._records.fingerprint_key()
        if key != self._writer.fingerprint.key:
            return 0  # everything is derived anew after this
        keys = self._records.keys_learned_otherwise(self._writer.cleaner.learned.key, key)
        return self._clean_anew(keys, progress)

    def _clean_anew(self, keys: Sequence[int], progress: Progress) -> int:
        """Put documents again whose text reads otherwise with what has been learned since."""
        n_embedded = 0
        for start in range(0, len(keys), DOCUMENTS_PER_COMMIT):
            progress(f"clean {self._writer.shelf}", start, len(keys))
            piece = keys[start : start + DOCUMENTS_PER_COMMIT]
            faces = self._records.documents(piece)
            before = self._records.cleaned(piece, self._writer.fingerprint.key)
            after = {key: self._writer.cleaner.document(face) for key, face in faces.items()}
            other = [key for key, text in after.items() if text != before.get(key)]
            changed = self._writer.prepared([(faces[key], after[key]) for key in other])
            with self._writer.locked(), self._records.writing():
                self._records.put_vectors(changed.vectors, self._writer.fingerprint.embedder.key)
                standing = {row.document_key for row in self._records.attributes(piece)}
                for key, document in zip(other, changed.documents, strict=True):
                    if key in standing:  # it may have been changed or taken away meanwhile
                        self._records.put(document, self._writer.fingerprint.key)
                self._records.set_learned(
                    standing.difference(other),
                    self._writer.cleaner.learned.key,
                    self._writer.fingerprint.key,
                )
            n_embedded += len(changed.vectors)
        return n_embedded

    def _faces(self, keys: Sequence[int]) -> Iterator[Document]:
        for start in range(0, len(keys), DOCUMENTS_PER_COMMIT):
            piece = keys[start : start + DOCUMENTS_PER_COMMIT]
            yield from self._records.documents(piece).values()

    def _missing(self) -> list[int]:
        fingerprint = self._writer.fingerprint
        return self._records.incomplete_keys(fingerprint.key, fingerprint.embedder.key)

    def _discard_damaged(self) -> None:
        """Remove what is derived anew after this; attributes are at once."""
        if self._records.damaged_rows() or self._records.damaged_attributes():
            with self._writer.locked(), self._records.writing():
                self._records.discard(self._records.damaged_rows())
                self._records.restore_attributes(self._records.damaged_attributes())

    def _fits_live_snapshot(self) -> bool:
        """Whether what is served is whole and agrees with the records, be it older or not."""
        layout, shelf, chain_at = self._writer.layout, self._writer.shelf, self._records.chain_at
        if find_damages(layout, shelf, chain_at=chain_at):
            return False
        snapshot, _ = open_newest(layout, shelf, chain_at=chain_at)
        if snapshot is None:
            return True  # all is searched from the records
        try:
            self._records.changes_since(snapshot.manifest.sequence)
        except DamagedRecordError:
            return False
        is_ours = snapshot.manifest.fingerprint.key == self._writer.fingerprint.key
        return is_ours and self._agrees(SnapshotVectors(snapshot))

    def _agrees(self, in_snapshot: SnapshotVectors) -> bool:
        """Whether the snapshot has the records' vectors; all of these are there."""
        fingerprint, keys = self._writer.fingerprint, self._records.keys()
        for start in range(0, len(keys), DOCUMENTS_PER_COMMIT):
            piece = keys[start : start + DOCUMENTS_PER_COMMIT]
            passages = self._records.passages(piece, fingerprint.key)
            vectors = self._records.vectors_of(passages, fingerprint.embedder.key)
            if any(in_snapshot.differs(p.passage_key, vectors[p.input_hash]) for p in passages):
                return False
        return True

    def _up_to_date_manifest(self) -> Manifest | None:
        """The live snapshot's, if it is whole and holds all there is; else None."""
        chain_at = self._records.chain_at
        snapshot, _ = open_newest(self._writer.layout, self._writer.shelf, chain_at=chain_at)
        if snapshot is None or self._missing():
            return None
        if self._writer.layout.drafts() or find_damages(
            self._writer.layout, self._writer.shelf, chain_at=chain_at
        ):
            return None  # publishing also clears away what is left of a crash or damaged
        manifest = snapshot.manifest
        is_newest = manifest.sequence == self._records.sequence()
        is_ours = self._records.fingerprint_key() == self._writer.fingerprint.key
        return manifest if is_newest and is_ours and self._matches(manifest) else None

    def _matches(self, manifest: Manifest) -> bool:
        ranking = self._writer.settings.ranking
        is_calibrated = CALIBRATION_FILE in manifest.files  # not where no model was at hand
        return (
            manifest.fingerprint == self._writer.fingerprint
            and (manifest.bm25_k1, manifest.bm25_b) == (ranking.bm25_k1, ranking.bm25_b)
            and manifest.bm25_title_weight == ranking.bm25_title_weight
            and (is_calibrated or manifest.n_documents < FEWEST_DOCUMENTS)
        )

    def _derive(self, keys: Sequence[int]) -> int:
        documents = self._records.documents(keys)
        redacted = {key: self._writer.redact(face) for key, face in documents.items()}
        piece = self._writer.prepared(
            [(face, self._writer.cleaner.document(face)) for face in redacted.values()]
        )
        prepared = dict(zip(documents, piece.documents, strict=True))
        changed = {documents[key].id: key for key in documents if redacted[key] != documents[key]}
        with self._writer.changing(changed), self._writer.locked(), self._records.writing():
            self._records.put_vectors(piece.vectors, self._writer.fingerprint.embedder.key)
            for row in self._records.attributes(prepared):  # some may have gone meanwhile
                key, document = row.document_key, prepared[row.document_key]
                if redacted[key] == documents[key]:
                    self._records.put_derived(key, document, self._writer.fingerprint.key)
                else:  # dropped, not replaced, so that no older snapshot keeps its terms
                    self._records.drop([document.document.id])
                    self._records.put(document, self._writer.fingerprint.key)
        return len(piece.vectors)
