"""Writing to one shelf: what changed is embedded, committed in pieces, and folded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import cached_property

from kbsearch.arrays import Float32
from kbsearch.config import Settings
from kbsearch.embed import Embedder, Fingerprint, checked_vectors
from kbsearch.errors import (
    DamagedRecordError,
    DamagedSnapshotError,
    EmbedderMismatchError,
)
from kbsearch.indexing.calibrating import Repeats, calibrated
from kbsearch.indexing.content import snapshot_content
from kbsearch.indexing.foreign_questions import FOREIGN_QUESTIONS
from kbsearch.indexing.labels import noted_labels
from kbsearch.indexing.learning import is_due, learn
from kbsearch.indexing.prepare import Piece, prepare
from kbsearch.indexing.repeats import FindsRepeated, nothing_repeated, repeats_in
from kbsearch.indexing.trail import Trail
from kbsearch.layout import ShelfLayout
from kbsearch.models import Audience, Document
from kbsearch.progress import Progress, silent
from kbsearch.snapshots import (
    Manifest,
    SnapshotContent,
    list_manifests,
    publish_snapshot,
    read_current,
    read_foreign,
    read_manifest,
)
from kbsearch.store import (
    FeedbackWriter,
    RecordWriter,
    content_hash,
    to_raw,
    writer_lock,
)
from kbsearch.text import (
    AUTO,
    Analyzer,
    Boilerplate,
    CleanDocument,
    Cleaner,
    LanguageDetector,
)

_TAKEN_AWAY = "taken-away"
DOCUMENTS_PER_COMMIT = 64
"""Finished work of an interrupted run is lost by at most this much."""


class ShelfWriter:
    """
    The one writer of one shelf.

    `put`, `keep` and `drop` take the shelf's lock when there is something to
    write, and keep it until `close`: a shelf that a write does not concern is not
    touched at all, not even its lock file's time. `ShelfRebuild` does the rest.
    With a `trail`, nothing is put before it is noted there.

    Args:
        layout: Where the shelf lies.
        shelf: Its name.
        embedder: Gives what makes the vectors; only texts of this shelf share a call.
        settings: Of the desk.
        fingerprint: Gives what the shelf's indexes will depend on; loads the model.
        redact: Replaces in a face what must not stand on this shelf.
        find_repeated: Reads in its records which problems came again.
    """

    def __init__(
        self,
        layout: ShelfLayout,
        shelf: str,
        embedder: Callable[[], Embedder],
        settings: Settings,
        *,
        fingerprint: Callable[[], Fingerprint],
        redact: Callable[[Document], Document],
        find_repeated: FindsRepeated = nothing_repeated,
    ) -> None:
        self.layout, self.shelf = layout, shelf
        self._embedder, self.settings = embedder, settings
        self._make_fingerprint, self.redact = fingerprint, redact
        self._find_repeated = find_repeated
        self.records = RecordWriter(layout.records, shelf)
        self._held = ExitStack()
        self._is_locked = False
        self.trail: Trail | None = None

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """Loads the model, so only what embeds asks for it."""
        return self._make_fingerprint()

    @cached_property
    def analyzer(self) -> Analyzer:
        """What makes this desk's terms."""
        return Analyzer(self.settings.words.language, self.settings.words.languages)

    @cached_property
    def detector(self) -> LanguageDetector | None:
        """What tells the language of documents, if this desk wants to know it."""
        words = self.settings.words
        return LanguageDetector(words.languages) if words.language == AUTO else None

    @cached_property
    def cleaner(self) -> Cleaner:
        """What texts of this shelf are cleaned with."""
        learned = self.records.boilerplate() if self.settings.cleaning.boilerplate else None
        return Cleaner(learned, cuts_mail=self.settings.cleaning.mail)

    def forget_cleaner(self) -> None:
        """Read anew what was learned, when it is needed next."""
        self.__dict__.pop("cleaner", None)

    def close(self) -> None:
        """Close the records and give the lock back."""
        self.records.close()
        self._held.close()

    def lock(self) -> None:
        """
        Become the shelf's writer until `close`.

        Raises:
            LockedError: If another process or thread is, for longer than is to be waited.
        """
        self._held.enter_context(self.locked())

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Be the shelf's writer for a while, if that is not so anyway."""
        if self._is_locked:
            yield
            return
        with writer_lock(self.layout.lock, self.shelf, timeout_s=self.settings.store.lock_wait_s):
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
        if key is not None and key != self.fingerprint.key:
            raise EmbedderMismatchError(
                self.shelf, self.records.fingerprint_name() or key, str(self.fingerprint)
            )

    def unchanged(self, faces: Iterable[Document]) -> set[str]:
        """Ids of faces that stand here just as they are."""
        hashes = {face.id: content_hash(to_raw(face)) for face in faces}
        return self.records.unchanged(hashes, self.fingerprint.key)

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
            piece = self.prepared(faces[start : start + DOCUMENTS_PER_COMMIT])
            if self.trail is not None:
                self.trail.coming(piece.documents)
            self.lock()
            with self.records.writing():
                if self.records.fingerprint_key() is None:
                    self.records.set_fingerprint(self.fingerprint)
                self.records.put_vectors(piece.vectors, self.fingerprint.embedder.key)
                for document in piece.documents:
                    self.records.put(document, self.fingerprint.key)
            n_embedded += len(piece.vectors)
        if faces:
            progress(task, len(faces), len(faces))
        return n_embedded

    def changing(self, keys: Mapping[str, int]) -> AbstractContextManager[None]:
        """To be entered before documents, by id with their keys, come to read otherwise here."""
        return nullcontext() if self.trail is None else self.trail.changing(keys)

    def drop(self, ids: Iterable[str], *, is_restricted: bool = False) -> list[str]:
        """
        Remove documents at once; returns the ids that stood here.

        If they are restricted now, the next snapshot is the only one: older ones hold
        their terms and vectors, which this shelf's readers may not read any more.
        """
        wanted = list(ids)
        if not self.records.keys_by_id(wanted):
            return []
        self.lock()
        with self.records.writing():
            dropped = self.records.drop(wanted)
            if is_restricted or self.shelf == Audience.EXTERNAL.value:
                FeedbackWriter(self.records).drop_of(dropped)  # who reads on must not read that
            if is_restricted:
                self.records.note({_TAKEN_AWAY: str(self.records.sequence())})
            if self.records.forget_boilerplate_of(len(dropped)):
                self.forget_cleaner()
            return dropped

    def fold_if_due(self, progress: Progress = silent) -> None:
        """Publish a snapshot if this writer wrote and the changes have become many."""
        if not self._is_locked:
            return
        manifest = self.live_manifest()
        sequence = manifest.sequence if manifest else 0
        n_recent = self.records.count_passages_since(sequence, self.fingerprint.key)
        n_folded = manifest.n_passages if manifest else 0
        if n_recent > max(self.settings.snapshots.fold_at_passages, n_folded // 10):
            self.publish(progress)

    def publish(self, progress: Progress = silent) -> Manifest:
        """Fold all records into a new snapshot and make it live."""
        return self.publish_under(
            self.fingerprint,
            keep=self.settings.snapshots.keep,
            oldest_sequence=self.oldest_sequence(),
            progress=progress,
            may_embed=True,
        )

    def publish_under(
        self,
        fingerprint: Fingerprint,
        *,
        keep: int,
        oldest_sequence: int,
        progress: Progress = silent,
        may_embed: bool = False,
    ) -> Manifest:
        """
        Fold what was derived under a fingerprint, as `publish_snapshot`.

        Without `may_embed` no model is needed: the snapshot is calibrated if the live one is.
        """
        progress(f"publish {self.shelf}", 0, 1)
        ranking = self.settings.ranking
        manifest = publish_snapshot(
            self.layout,
            self.content(fingerprint, may_embed=may_embed),
            shelf=self.shelf,
            fingerprint=fingerprint,
            bm25_k1=ranking.bm25_k1,
            bm25_b=ranking.bm25_b,
            keep=keep,
            chain_at=self.records.chain_at,
            oldest_sequence=oldest_sequence,
        )
        self.note_published(fingerprint)
        progress(f"publish {self.shelf}", 1, 1)
        return manifest

    def content(self, fingerprint: Fingerprint, *, may_embed: bool) -> SnapshotContent:
        """What a snapshot of all records under a fingerprint is made of."""
        content = snapshot_content(
            self.records,
            fingerprint,
            self.analyzer,
            title_weight=self.settings.ranking.bm25_title_weight,
        )
        repeats = repeats_in(content, self.records, self._find_repeated)
        return self.calibrated(content, fingerprint, may_embed=may_embed, repeats=repeats)

    def note_published(self, fingerprint: Fingerprint) -> None:
        """The records are read under this from now on; what none of the kept ones needs goes."""
        kept = list_manifests(self.layout, self.shelf, chain_at=self.records.chain_at)
        with self.records.writing():
            self.records.set_fingerprint(fingerprint)
            self.records.drop_other_fingerprints(
                [fingerprint, *(each.fingerprint for each in kept)]  # which can be rolled back to
            )

    def calibrated(
        self,
        content: SnapshotContent,
        fingerprint: Fingerprint,
        *,
        may_embed: bool,
        repeats: Repeats | None = None,
    ) -> SnapshotContent:
        """
        The content with what usefulness means in it, learned from it alone.

        Args:
            content: Of this shelf, or of a copy that goes into a bundle.
            fingerprint: What it was derived under.
            may_embed: Whether a model may be loaded for what the live snapshot lacks.
            repeats: Problems that came again in it, if any are known.
        """
        return calibrated(
            content,
            lambda: self._foreign(fingerprint, may_embed=may_embed),
            noted_labels(self.records, fingerprint.embedder.key),
            repeats,
        )

    def _foreign(self, fingerprint: Fingerprint, *, may_embed: bool) -> Float32 | None:
        """Vectors of the questions about everything: the live snapshot's, else made anew."""
        manifest = self.live_manifest()
        try:
            known = read_foreign(self.layout, manifest) if manifest else None
        except DamagedSnapshotError:
            known = None
        is_ours = manifest and manifest.fingerprint.embedder.key == fingerprint.embedder.key
        if is_ours and known is not None and len(known) == len(FOREIGN_QUESTIONS):
            return known
        if not may_embed:
            return None
        embedder, n = self._embedder(), len(FOREIGN_QUESTIONS)
        return checked_vectors(embedder.embed_queries(FOREIGN_QUESTIONS), n, embedder.fingerprint)

    def oldest_sequence(self) -> int:
        """
        Snapshots made before this change are not kept.

        Customers' ones still hold what was taken from them. Those of the staff stay,
        to roll back to, unless something became restricted; `forget` removes them too.
        """
        if self.shelf == Audience.EXTERNAL.value:
            return self.records.last_drop()
        try:
            return int(self.records.notes([_TAKEN_AWAY]).get(_TAKEN_AWAY, 0))
        except DamagedRecordError:
            return self.records.last_drop()

    def learn_from(self, faces: Sequence[Document]) -> None:
        """
        Learn boilerplate from faces about to be put, if they are more than all that was known.

        So that a first import is embedded once, and not again at its first rebuild.
        """
        known = self.cleaner.learned.n_documents
        if self.settings.cleaning.boilerplate and is_due(len(faces), known) and len(faces) > known:
            self.note_boilerplate(learn(map(self.cleaner.learnable, faces)))

    def note_boilerplate(self, learned: Boilerplate) -> None:
        """Clean with this from now on."""
        with self.locked(), self.records.writing():
            self.records.set_boilerplate(learned)
        del self.cleaner

    def prepared(self, faces: Sequence[tuple[Document, CleanDocument]]) -> Piece:
        """Faces as rows, with the vectors that the records lack."""
        return prepare(
            faces,
            records=self.records,
            embedder=self._embedder(),
            fingerprint=self.fingerprint,
            learned=self.cleaner.learned.key,
            detector=self.detector,
        )

    def live_manifest(self) -> Manifest | None:
        """Of the snapshot that CURRENT names, if it is of these records."""
        current = read_current(self.layout)
        try:
            manifest = read_manifest(self.layout, current, self.shelf) if current else None
        except DamagedSnapshotError:
            return None  # folding makes a whole one
        is_of_these = manifest and self.records.chain_at(manifest.sequence) == manifest.chain
        return manifest if is_of_these else None
