"""Writing to one shelf: what changed is embedded, committed in pieces, and folded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack

import numpy as np

from kbsearch.config import Settings
from kbsearch.embed import Embedder, shelf_fingerprint
from kbsearch.errors import DamagedRecordError, DamagedSnapshotError, EmbedderMismatchError
from kbsearch.indexing.faces import clean_document
from kbsearch.indexing.prepare import prepare
from kbsearch.layout import ShelfLayout
from kbsearch.models import Document, RebuildReport
from kbsearch.progress import Progress, silent
from kbsearch.snapshots import (
    Manifest,
    SnapshotContent,
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

    It takes the shelf's lock when it first has something to write, and keeps it
    until `close`: a shelf that a write does not concern is not touched at all,
    not even its lock file's time.

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
        self._fingerprint = shelf_fingerprint(embedder, settings)
        self.records = RecordWriter(layout.records, shelf)
        self._held = ExitStack()
        self._is_locked = False

    def close(self) -> None:
        """Close the records and give the lock back."""
        self.records.close()
        self._held.close()

    def lock(self) -> None:
        """
        Become the shelf's writer, if this is not so yet.

        Raises:
            LockedError: If another process, or for long another thread, is.
        """
        if not self._is_locked:
            lock = writer_lock(self._layout.lock, self.shelf, timeout_s=_OTHER_THREAD_TIMEOUT_S)
            self._held.enter_context(lock)
            self._is_locked = True

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
        return self.records.unchanged({face.id: content_hash(to_raw(face)) for face in faces})

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
        """Publish a snapshot if the changes since the last one have become many."""
        manifest = self._live_manifest()
        sequence = manifest.sequence if manifest else 0
        n_recent = self.records.count_passages_since(sequence, self._fingerprint.key)
        n_folded = manifest.n_passages if manifest else 0
        if n_recent > max(self._settings.snapshots.fold_at_passages, n_folded // 10):
            self.publish(progress)

    def rebuild(self, progress: Progress = silent) -> RebuildReport:
        """
        Bring everything derived up to this fingerprint, and publish a snapshot of it.

        Only passages whose input or embedder changed are embedded, in durable
        pieces: an interrupted rebuild goes on where it stopped. A shelf whose
        live snapshot is whole and up to date is left as it is.
        """
        key = self._fingerprint.key
        self._discard_damaged()
        missing = self.records.incomplete_keys(key, self._fingerprint.embedder.key)
        n_embedded = 0
        for start in range(0, len(missing), DOCUMENTS_PER_COMMIT):
            progress(f"embed {self.shelf}", start, len(missing))
            n_embedded += self._derive(missing[start : start + DOCUMENTS_PER_COMMIT])
        progress(f"embed {self.shelf}", len(missing), len(missing))
        snapshot, damages = open_newest(self._layout, self.shelf)
        is_current = (
            snapshot is not None
            and not damages
            and not missing
            and snapshot.manifest.sequence == self.records.sequence()
            and self.records.fingerprint_key() == key
            and self._matches(snapshot.manifest)
        )
        manifest = snapshot.manifest if snapshot and is_current else self.publish(progress)
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
        self.lock()
        ranking = self._settings.ranking
        manifest = publish_snapshot(
            self._layout,
            self._content(),
            shelf=self.shelf,
            fingerprint=self._fingerprint,
            bm25_k1=ranking.bm25_k1,
            bm25_b=ranking.bm25_b,
            keep=self._settings.snapshots.keep,
            oldest_sequence=self.records.last_drop(),
        )
        with self.records.writing():
            self.records.set_fingerprint(self._fingerprint)
            self.records.drop_other_fingerprints(self._fingerprint)
        progress(f"publish {self.shelf}", 1, 1)
        return manifest

    def _discard_damaged(self) -> None:
        damaged = self.records.damaged_rows()
        if damaged:
            self.lock()
            with self.records.writing():
                self.records.discard(damaged)

    def _live_manifest(self) -> Manifest | None:
        current = read_current(self._layout)
        try:
            return read_manifest(self._layout, current, self.shelf) if current else None
        except DamagedSnapshotError:
            return None  # folding makes a whole one

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
        self.lock()
        with self.records.writing():
            self.records.put_vectors(vectors, self._fingerprint.embedder.key)
            for key, (document, _) in prepared.items():
                self.records.put_derived(key, document, self._fingerprint.key)
        return len(vectors)

    def _embed_new(self, inputs: Sequence[str]) -> list[NewVector]:
        """Vectors of those inputs whose vector is not kept yet, each embedded once."""
        by_hash = {content_hash(text): text for text in inputs}
        kept = self.records.vectors(by_hash, self._fingerprint.embedder.key)
        new = [(digest, text) for digest, text in by_hash.items() if digest not in kept]
        if not new:
            return []
        vectors = self._embedder.embed_passages([text for _, text in new])
        return [NewVector(h, v) for (h, _), v in zip(new, vectors, strict=True)]

    def _content(self) -> SnapshotContent:
        records, fingerprint = self.records, self._fingerprint
        analyzer = Analyzer(self._settings.words.language)
        with records.reading():
            keys = [row.document_key for row in records.attributes()]
            cleaned = records.cleaned(keys, fingerprint.key)
            stored = records.passages(keys, fingerprint.key)
            vectors = records.vectors_of(stored, fingerprint.embedder.key)
            sequence = records.sequence()
            _, n_tokens, n_unseen = records.count_tokens(fingerprint.key)
        for lost in sorted(set(keys) - {p.document_key for p in stored}):
            raise DamagedRecordError(self.shelf, "passages", lost)
        row_of = {key: row for row, key in enumerate(keys)}
        matrix = np.zeros((len(stored), fingerprint.embedder.dim), dtype=np.float32)
        for row, passage in enumerate(stored):
            matrix[row] = vectors[passage.input_hash]
        return SnapshotContent(
            sequence=sequence,
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
