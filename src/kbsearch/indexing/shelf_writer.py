"""Writing to one shelf: what changed is embedded, committed in pieces, and folded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property

from kbsearch.config import Settings
from kbsearch.embed import Embedder, Fingerprint
from kbsearch.errors import (
    DamagedSnapshotError,
    EmbedderMismatchError,
)
from kbsearch.indexing.content import snapshot_content
from kbsearch.indexing.learning import is_due, learn
from kbsearch.indexing.prepare import Piece, prepare
from kbsearch.layout import ShelfLayout
from kbsearch.models import Document, RebuildReport
from kbsearch.progress import Progress, silent
from kbsearch.snapshots import (
    Manifest,
    find_damages,
    open_newest,
    publish_snapshot,
    read_current,
    read_manifest,
)
from kbsearch.store import (
    RecordWriter,
    content_hash,
    to_raw,
    writer_lock,
)
from kbsearch.text import Boilerplate, CleanDocument, Cleaner

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
        fingerprint: Gives what the shelf's indexes will depend on; loads the model.
        redact: Replaces in a face what must not stand on this shelf.
    """

    def __init__(
        self,
        layout: ShelfLayout,
        shelf: str,
        embedder: Embedder,
        settings: Settings,
        *,
        fingerprint: Callable[[], Fingerprint],
        redact: Callable[[Document], Document],
    ) -> None:
        self._layout, self.shelf = layout, shelf
        self._embedder, self._settings = embedder, settings
        self._make_fingerprint, self._redact = fingerprint, redact
        self.records = RecordWriter(layout.records, shelf)
        self._held = ExitStack()
        self._is_locked = False

    @cached_property
    def _fingerprint(self) -> Fingerprint:
        """Loads the model, so only what embeds asks for it."""
        return self._make_fingerprint()

    @cached_property
    def cleaner(self) -> Cleaner:
        """What texts of this shelf are cleaned with."""
        learned = self.records.boilerplate() if self._settings.cleaning.boilerplate else None
        return Cleaner(learned, cuts_mail=self._settings.cleaning.mail)

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
            piece = self._prepared(faces[start : start + DOCUMENTS_PER_COMMIT])
            self.lock()
            with self.records.writing():
                if self.records.fingerprint_key() is None:
                    self.records.set_fingerprint(self._fingerprint)
                self.records.put_vectors(piece.vectors, self._fingerprint.embedder.key)
                for document in piece.documents:
                    self.records.put(document, self._fingerprint.key)
            n_embedded += len(piece.vectors)
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
            dropped = self.records.drop(wanted)
            if self.records.forget_boilerplate_of(len(dropped)):
                self.__dict__.pop("cleaner", None)
            return dropped

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
        n_embedded = self._learn_anew(progress)
        task = f"embed {self.shelf}"
        missing = self._missing()
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
            snapshot_content(self.records, self._fingerprint, self._settings),
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

    def learn_from(self, faces: Sequence[Document]) -> None:
        """
        Learn boilerplate from faces about to be put, if they are more than all that was known.

        So that a first import is embedded once, and not again at its first rebuild.
        """
        known = self.cleaner.learned.n_documents
        if self._settings.cleaning.boilerplate and is_due(len(faces), known) and len(faces) > known:
            self._note(learn(map(self.cleaner.learnable, faces)))

    def _learn_anew(self, progress: Progress) -> int:
        """
        Learn from all documents if they have become many more or fewer, and clean them anew.

        Returns:
            Number of passages that were embedded.
        """
        if not self._settings.cleaning.boilerplate:
            return 0
        known = self.cleaner.learned
        if is_due(self.records.count(), known.n_documents):
            texts = (self.cleaner.learnable(face) for face in self._faces(self.records.keys()))
            self._note(learn(texts))
        key = self.records.fingerprint_key()
        if key != self._fingerprint.key:
            return 0  # everything is derived anew after this
        keys = self.records.keys_learned_otherwise(self.cleaner.learned.key, key)
        return self._clean_anew(keys, progress)

    def _clean_anew(self, keys: Sequence[int], progress: Progress) -> int:
        """Put documents again whose text reads otherwise with what has been learned since."""
        n_embedded = 0
        for start in range(0, len(keys), DOCUMENTS_PER_COMMIT):
            progress(f"clean {self.shelf}", start, len(keys))
            piece = keys[start : start + DOCUMENTS_PER_COMMIT]
            faces = self.records.documents(piece)
            before = self.records.cleaned(piece, self._fingerprint.key)
            after = {key: self.cleaner.document(face) for key, face in faces.items()}
            other = [key for key, text in after.items() if text != before.get(key)]
            changed = self._prepared([(faces[key], after[key]) for key in other])
            with self._locked(), self.records.writing():
                self.records.put_vectors(changed.vectors, self._fingerprint.embedder.key)
                standing = {row.document_key for row in self.records.attributes(piece)}
                for key, document in zip(other, changed.documents, strict=True):
                    if key in standing:  # it may have been changed or taken away meanwhile
                        self.records.put(document, self._fingerprint.key)
                self.records.set_learned(
                    standing.difference(other), self.cleaner.learned.key, self._fingerprint.key
                )
            n_embedded += len(changed.vectors)
        return n_embedded

    def _faces(self, keys: Sequence[int]) -> Iterator[Document]:
        for start in range(0, len(keys), DOCUMENTS_PER_COMMIT):
            piece = keys[start : start + DOCUMENTS_PER_COMMIT]
            yield from self.records.documents(piece).values()

    def _note(self, learned: Boilerplate) -> None:
        with self._locked(), self.records.writing():
            self.records.set_boilerplate(learned)
        del self.cleaner

    def _prepared(self, faces: Sequence[tuple[Document, CleanDocument]]) -> Piece:
        return prepare(
            faces,
            records=self.records,
            embedder=self._embedder,
            fingerprint=self._fingerprint,
            learned=self.cleaner.learned.key,
        )

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
        if self._layout.drafts() or find_damages(self._layout, self.shelf, chain_at=chain_at):
            return None  # publishing also clears away what is left of a crash or damaged
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
        redacted = {key: self._redact(face) for key, face in documents.items()}
        piece = self._prepared([(face, self.cleaner.document(face)) for face in redacted.values()])
        prepared = dict(zip(documents, piece.documents, strict=True))
        with self._locked(), self.records.writing():
            self.records.put_vectors(piece.vectors, self._fingerprint.embedder.key)
            for row in self.records.attributes(prepared):  # some may have gone meanwhile
                key, document = row.document_key, prepared[row.document_key]
                if redacted[key] == documents[key]:
                    self.records.put_derived(key, document, self._fingerprint.key)
                else:  # dropped, not replaced, so that no older snapshot keeps its terms
                    self.records.drop([document.document.id])
                    self.records.put(document, self._fingerprint.key)
        return len(piece.vectors)
