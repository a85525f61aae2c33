"""Writing to one shelf: what changed is embedded, committed in pieces, and folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property

import numpy as np

from kbsearch.config import Settings
from kbsearch.embed import Embedder, Fingerprint, checked_vectors, shelf_fingerprint
from kbsearch.errors import DamagedRecordError, DamagedSnapshotError, EmbedderMismatchError
from kbsearch.indexing.faces import clean_document
from kbsearch.indexing.prepare import prepare
from kbsearch.layout import ShelfLayout
from kbsearch.models import Document, RebuildReport
from kbsearch.progress import Progress, silent
from kbsearch.snapshots import (
    Manifest,
    SnapshotContent,
    find_damages,
    open_newest,
    publish_snapshot,
    read_current,
    read_manifest,
)
from kbsearch.store import NewVector, RecordWriter, content_hash, to_raw, writer_lock
from kbsearch.text import Analyzer, CleanDocument

DOCUMENTS_PER_COMMIT = 64
"""Finished work of an interrupted run is lost by at most this much."""

_OTHER_THREAD_TIMEOUT_S = 30.0
"""Threads of one process take turns; another process gets LockedError at once."""


class ShelfWriter:
    """
    The one writer of one shelf.

    `put`, `keep` and `drop` take the shelf's lock when there is something to
    write, and keep it until `close`: a shelf that a write does not concern is not
    touched at all, not even its lock file's time. `derive` takes it for each
    commit alone, so that a long rebuild stands in nobody's way.

    Args:
        layout: Where the shelf lies.
        shelf: Its name.
        embedder: Makes the vectors; only texts of this shelf share a call.
        settings: Of the desk.
    """

    def __init__(
        self, layout: ShelfLayout, shelf: str, embedder: Embedder, settings: Settings
    ) -> None:
        self._layout, self.shelf = layout, shelf
        self._embedder, self._settings = embedder, settings
        self.records = RecordWriter(layout.records, shelf)
        self._held = ExitStack()
        self._is_locked = False

    @cached_property
    def _fingerprint(self) -> Fingerprint:
        """Loads the model, so only what embeds asks for it."""
        return shelf_fingerprint(self._embedder, self._settings)

    def close(self) -> None:
        """Close the records and give the lock back."""
        self.records.close()
        self._held.close()

    def lock(self) -> None:
        """
        Become the shelf's writer until `close`.

        Raises:
            LockedError: If another process, or for long another thread, is.
        """
        self._held.enter_context(self._locked())

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Be the shelf's writer for a while, if that is not so anyway."""
        if self._is_locked:
            yield
            return
        with writer_lock(self._layout.lock, self.shelf, timeout_s=_OTHER_THREAD_TIMEOUT_S):
            self._is_locked = True
            try:
                yield
            finally:
                self._is_locked = False

    def require_fingerprint(self) -> None:
        """
        Refuse to write with another embedder than the shelf has.

        Raises:
            EmbedderMismatchError: If the shelf was written with another one.
        """
        key = self.records.fingerprint_key()
        if key is not None and key != self._fingerprint.key:
            raise EmbedderMismatchError(
                self.shelf, self.records.fingerprint_name() or key, str(self._fingerprint)
            )

    def unchanged(self, faces: Iterable[Document]) -> set[str]:
        """Ids of faces that stand here just as they are."""
        hashes = {face.id: content_hash(to_raw(face)) for face in faces}
        return self.records.unchanged(hashes, self._fingerprint.key)

    def keep(self, faces: Sequence[Document]) -> None:
        """Store faces that are not here yet, at once and durably, to be embedded later."""
        found = self.records.keys_by_id(face.id for face in faces)
        new = [face for face in faces if face.id not in found]
        if new:
            self.lock()
            with self.records.writing():
                for face in new:
                    self.records.put_pending(face)

    def put(
        self, faces: Sequence[tuple[Document, CleanDocument]], progress: Progress = silent
    ) -> int:
        """
        Write cleaned faces in place of what stood here under their ids.

        Each piece is durable and searchable when it is committed; an
        interruption keeps the pieces before it.

        Returns:
            Number of passages that were embedded.
        """
        task = f"embed {self.shelf}"
        n_embedded = 0
        for start in range(0, len(faces), DOCUMENTS_PER_COMMIT):
            progress(task, start, len(faces))
            prepared = [
                prepare(face, cleaned, self._embedder, self._fingerprint)
                for face, cleaned in faces[start : start + DOCUMENTS_PER_COMMIT]
            ]
            vectors = self._embed_new([text for _, inputs in prepared for text in inputs])
            self.lock()
            with self.records.writing():
                if self.records.fingerprint_key() is None:
                    self.records.set_fingerprint(self._fingerprint)
                self.records.put_vectors(vectors, self._fingerprint.embedder.key)
                for document, _ in prepared:
                    self.records.put(document, self._fingerprint.key)
            n_embedded += len(vectors)
        if faces:
            progress(task, len(faces), len(faces))
        return n_embedded

    def drop(self, ids: Iterable[str]) -> list[str]:
        """Remove documents at once; returns the ids that stood here."""
        wanted = list(ids)
        if not self.records.keys_by_id(wanted):
            return []
        self.lock()
        with self.records.writing():
            return self.records.drop(wanted)

    def fold_if_due(self, progress: Progress = silent) -> None:
        """Publish a snapshot if this writer wrote and the changes have become many."""
        if not self._is_locked:
            return
        manifest = self._live_manifest()
        sequence = manifest.sequence if manifest else 0
        n_recent = self.records.count_passages_since(sequence, self._fingerprint.key)
        n_folded = manifest.n_passages if manifest else 0
        if n_recent > max(self._settings.snapshots.fold_at_passages, n_folded // 10):
            self.publish(progress)

    def derive(self, progress: Progress = silent) -> int:
        """
        Derive and embed what is missing under this fingerprint; returns passages embedded.

        In durable pieces: an interrupted run goes on where it stopped. Others
        may search and write meanwhile; what the shelf serves does not change.
        """
        self._discard_damaged()
        task = f"embed {self.shelf}"
        missing = self._missing()
        n_embedded = 0
        for start in range(0, len(missing), DOCUMENTS_PER_COMMIT):
            progress(task, start, len(missing))
            n_embedded += self._derive(missing[start : start + DOCUMENTS_PER_COMMIT])
        if missing:
            progress(task, len(missing), len(missing))
        return n_embedded

    def rebuild(self, n_embedded: int, progress: Progress = silent) -> RebuildReport:
        """
        Publish what `derive` has made, and what was written since.

        A shelf whose live snapshot is whole and up to date is left as it is.
        """
        manifest = self._up_to_date_manifest()
        if manifest is None:
            with self._locked():
                n_embedded += self.derive(progress)
                manifest = self.publish(progress)
        return RebuildReport(
            shelf=self.shelf,
            snapshot=manifest.number,
            n_documents=manifest.n_documents,
            n_passages=manifest.n_passages,
            n_embedded=n_embedded,
            n_unseen_tokens=manifest.n_unseen_tokens,
        )

    def publish(self, progress: Progress = silent) -> Manifest:
        """Fold all records into a new snapshot and make it live."""
        progress(f"publish {self.shelf}", 0, 1)
        ranking = self._settings.ranking
        manifest = publish_snapshot(
            self._layout,
            self._content(),
            shelf=self.shelf,
            fingerprint=self._fingerprint,
            bm25_k1=ranking.bm25_k1,
            bm25_b=ranking.bm25_b,
            keep=self._settings.snapshots.keep,
            chain_at=self.records.chain_at,
            oldest_sequence=self.records.last_drop(),
        )
        with self.records.writing():
            self.records.set_fingerprint(self._fingerprint)
            self.records.drop_other_fingerprints(self._fingerprint)
        progress(f"publish {self.shelf}", 1, 1)
        return manifest

    def _missing(self) -> list[int]:
        fingerprint = self._fingerprint
        return self.records.incomplete_keys(fingerprint.key, fingerprint.embedder.key)

    def _discard_damaged(self) -> None:
        if self.records.damaged_rows():
            with self._locked(), self.records.writing():
                self.records.discard(self.records.damaged_rows())

    def _up_to_date_manifest(self) -> Manifest | None:
        """The live snapshot's, if it is whole and holds all there is; else None."""
        chain_at = self.records.chain_at
        snapshot, _ = open_newest(self._layout, self.shelf, chain_at=chain_at)
        if snapshot is None or self._missing():
            return None
        if find_damages(self._layout, self.shelf, chain_at=chain_at):
            return None  # publishing also clears away what is damaged
        manifest = snapshot.manifest
        is_newest = manifest.sequence == self.records.sequence()
        is_ours = self.records.fingerprint_key() == self._fingerprint.key
        return manifest if is_newest and is_ours and self._matches(manifest) else None

    def _live_manifest(self) -> Manifest | None:
        current = read_current(self._layout)
        try:
            manifest = read_manifest(self._layout, current, self.shelf) if current else None
        except DamagedSnapshotError:
            return None  # folding makes a whole one
        is_of_these = manifest and self.records.chain_at(manifest.sequence) == manifest.chain
        return manifest if is_of_these else None

    def _matches(self, manifest: Manifest) -> bool:
        ranking = self._settings.ranking
        return manifest.fingerprint == self._fingerprint and (
            (manifest.bm25_k1, manifest.bm25_b) == (ranking.bm25_k1, ranking.bm25_b)
        )

    def _derive(self, keys: Sequence[int]) -> int:
        documents = self.records.documents(keys)
        prepared = {
            key: prepare(face, clean_document(face), self._embedder, self._fingerprint)
            for key, face in documents.items()
        }
        vectors = self._embed_new([text for _, inputs in prepared.values() for text in inputs])
        with self._locked(), self.records.writing():
            self.records.put_vectors(vectors, self._fingerprint.embedder.key)
            for row in self.records.attributes(prepared):  # some may have gone meanwhile
                document, _ = prepared[row.document_key]
                self.records.put_derived(row.document_key, document, self._fingerprint.key)
        return len(vectors)

    def _embed_new(self, inputs: Sequence[str]) -> list[NewVector]:
        """Vectors of those inputs whose vector is not kept yet, each embedded once."""
        by_hash = {content_hash(text): text for text in inputs}
        kept = self.records.vectors(by_hash, self._fingerprint.embedder.key)
        new = [(digest, text) for digest, text in by_hash.items() if digest not in kept]
        if not new:
            return []
        vectors = checked_vectors(
            self._embedder.embed_passages([text for _, text in new]),
            len(new),
            self._fingerprint.embedder,
        )
        return [NewVector(h, v) for (h, _), v in zip(new, vectors, strict=True)]

    def _content(self) -> SnapshotContent:
        records, fingerprint = self.records, self._fingerprint
        analyzer = Analyzer(self._settings.words.language)
        with records.reading():
            keys = [row.document_key for row in records.attributes()]
            cleaned = records.cleaned(keys, fingerprint.key)
            stored = records.passages(keys, fingerprint.key)
            vectors = records.vectors_of(stored, fingerprint.embedder.key)
            position = records.position()
            _, n_tokens, n_unseen = records.count_tokens(fingerprint.key)
        for lost in sorted(set(keys) - {p.document_key for p in stored}):
            raise DamagedRecordError(self.shelf, "passages", lost)
        row_of = {key: row for row, key in enumerate(keys)}
        matrix = np.zeros((len(stored), fingerprint.embedder.dim), dtype=np.float32)
        for row, passage in enumerate(stored):
            matrix[row] = vectors[passage.input_hash]
        return SnapshotContent(
            sequence=position.sequence,
            chain=position.chain,
            document_keys=np.array(keys, dtype=np.int64),
            document_terms=[
                analyzer.terms(cleaned[k].title + "\n" + cleaned[k].text) for k in keys
            ],
            passage_keys=np.array([p.passage_key for p in stored], dtype=np.int64),
            passage_documents=np.array([row_of[p.document_key] for p in stored], dtype=np.int64),
            vectors=matrix,
            n_tokens=n_tokens,
            n_unseen_tokens=n_unseen,
        )
