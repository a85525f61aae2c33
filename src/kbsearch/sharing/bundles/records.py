"""
The customers' shelf written anew: what stands there now, and nothing of how it came about.

Documents are put in the order of their ids. Rows and vectors are copied; a document
whose text reads otherwise with the boilerplate that these documents teach is cut and
embedded anew, because what the shelf has learned tells of documents that have left it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from kbsearch import files
from kbsearch.errors import LockedError
from kbsearch.indexing import ShelfWriter
from kbsearch.indexing.content import snapshot_content
from kbsearch.indexing.learning import learn
from kbsearch.indexing.prepare import Piece
from kbsearch.layout import ShelfLayout
from kbsearch.models import Document
from kbsearch.progress import Progress
from kbsearch.snapshots import publish_snapshot
from kbsearch.store import (
    Attributes,
    NewVector,
    PreparedDocument,
    RecordReader,
    RecordWriter,
    StoredPassage,
    content_hash,
    create,
    to_raw,
    to_us,
)
from kbsearch.text import Boilerplate, CleanDocument, Cleaner

_DOCUMENTS_PER_PIECE = 256
_N_TRIES = 3
_KEY_BITS = 28
_KEYS_PER_BUNDLE = 1 << 32


class Chosen(NamedTuple):
    """Documents that go into a bundle, by id, and how many articles do not."""

    rows: list[Attributes]
    n_pending: int
    n_expired: int


class Counts(NamedTuple):
    """What was written."""

    n_articles: int
    n_tickets: int
    n_passages: int
    n_embedded: int
    snapshot: int


class _Piece(NamedTuple):
    documents: list[PreparedDocument]
    vectors: list[NewVector]
    n_embedded: int


def choose(records: RecordReader, *, now: datetime, includes_pending: bool) -> Chosen:
    """The documents of the customers' shelf, without articles that they must not read now."""
    now_us = to_us(now) or 0
    rows: list[Attributes] = []
    n_pending = n_expired = 0
    for row in sorted(records.attributes(), key=lambda row: row.document_id):
        if row.valid_until_us is not None and row.valid_until_us <= now_us:
            n_expired += 1
        elif not includes_pending and row.valid_from_us is not None and row.valid_from_us > now_us:
            n_pending += 1
        else:
            rows.append(row)
    return Chosen(rows, n_pending, n_expired)


def write_shelf(
    source: ShelfWriter,
    target: ShelfLayout,
    *,
    now: datetime,
    includes_pending: bool,
    progress: Progress,
) -> tuple[Chosen, Counts]:
    """
    Write a shelf's documents to a new directory, one state of it.

    Others may write to the shelf meanwhile: then it is begun again, and if that goes on,
    they have to wait.

    Raises:
        DamagedRecordError: If a row that is copied fails its checksum.
        LockedError: If another process is writing, for longer than is to be waited.
    """

    def copied() -> tuple[Chosen, Counts] | None:
        files.remove_tree(target.root)
        files.make_directory(target.root)
        before = source.records.position()
        chosen = choose(source.records, now=now, includes_pending=includes_pending)
        counts = _ShelfCopy(source, target, chosen.rows, progress).write()
        is_same = source.records.position() == before
        return (chosen, counts) if counts is not None and is_same else None

    for _ in range(_N_TRIES):
        if (found := copied()) is not None:
            return found
    with source.locked():
        found = copied()
    if found is None:  # something writes that holds no lock
        raise LockedError(source.shelf, None)
    return found


class _ShelfCopy:
    """One copy of these documents of a shelf."""

    def __init__(
        self,
        source: ShelfWriter,
        target: ShelfLayout,
        rows: Sequence[Attributes],
        progress: Progress,
    ) -> None:
        self._source, self._target, self._progress = source, target, progress
        self._keys = [row.document_key for row in rows]
        self._languages = {row.document_key: row.language for row in rows}
        self._fingerprint = source.fingerprint

    def write(self) -> Counts | None:
        """Records, then their snapshot; None if a document has gone meanwhile."""
        learned, first_key = self._learned()
        create(self._target.records, self._source.shelf)
        records = RecordWriter(self._target.records, self._source.shelf)
        try:
            with records.writing():
                records.begin_keys(first_key)
                records.set_fingerprint(self._fingerprint)
                if learned.lines:
                    records.set_boilerplate(learned)
            n_embedded = self._put(records, learned)
            if n_embedded is None:
                return None
            number = self._publish(records)
            records.vacuum()
            files.sync_directory(self._target.root)
            n_articles, n_tickets, _ = records.count_kinds()
            n_passages, _, _ = records.count_tokens(self._fingerprint.key)
            return Counts(n_articles, n_tickets, n_passages, n_embedded, number)
        finally:
            records.close()

    def _learned(self) -> tuple[Boilerplate, int]:
        """
        What these documents share, and the number that their keys follow.

        Other documents have other keys: a search that finds a key in one bundle and looks
        it up in the next one, which has taken its place, finds none.
        """
        digest = hashlib.sha256(self._fingerprint.key.encode())
        cleaner = Cleaner(cuts_mail=self._source.settings.cleaning.mail)

        def texts() -> Iterator[str]:
            for keys in self._pieces("read"):
                documents = self._source.records.documents(keys)
                for key in keys:
                    if key in documents:
                        digest.update(content_hash(to_raw(documents[key])).encode())
                        yield cleaner.learnable(documents[key])

        learned = learn(texts())
        if not self._source.settings.cleaning.boilerplate:
            learned = Boilerplate()
        number = int.from_bytes(digest.digest()[:4], "big") >> (32 - _KEY_BITS)
        return learned, number * _KEYS_PER_BUNDLE

    def _put(self, records: RecordWriter, learned: Boilerplate) -> int | None:
        cleaner = Cleaner(learned, cuts_mail=self._source.settings.cleaning.mail)
        key = self._fingerprint.key
        other = set(self._source.records.keys_learned_otherwise(learned.key, key))
        n_embedded = 0
        for keys in self._pieces("write"):
            piece = self._prepared(keys, other, cleaner)
            if piece is None:
                return None
            with records.writing():
                records.put_vectors(piece.vectors, self._fingerprint.embedder.key)
                for document in piece.documents:
                    records.put(document, key)
            n_embedded += piece.n_embedded
        return n_embedded

    def _prepared(
        self, keys: Sequence[int], learned_otherwise: set[int], cleaner: Cleaner
    ) -> _Piece | None:
        """These documents as rows, in their order."""
        records, fingerprint = self._source.records, self._fingerprint
        with records.reading():
            faces = records.documents(keys)
            cleaned = records.cleaned(keys, fingerprint.key)
            stored = records.passages(keys, fingerprint.key)
            vectors = records.vectors_of(stored, fingerprint.embedder.key)
        if not faces.keys() & cleaned.keys() >= set(keys):
            return None
        texts = {key: cleaner.document(faces[key]) for key in keys if key in learned_otherwise}
        anew = [(faces[key], text) for key, text in texts.items() if text != cleaned[key]]
        passages: dict[int, list[StoredPassage]] = {key: [] for key in keys}
        for passage in stored:
            passages[passage.document_key].append(passage)
        documents = {
            face.id: _as_it_stands(face, cleaned[key], passages[key], cleaner.learned.key)._replace(
                detected=self._languages[key]
            )
            for key, face in ((key, faces[key]) for key in keys)
        }
        made, n_embedded = self._made_anew(anew, cleaner.learned.key)
        documents |= {each.document.id: each for each in made.documents}
        known = {**vectors, **dict(made.vectors)}
        inputs = dict.fromkeys(each for one in documents.values() for each in one.input_hashes)
        kept = [NewVector(input_hash, known[input_hash]) for input_hash in inputs]
        return _Piece(list(documents.values()), kept, n_embedded)

    def _made_anew(
        self, faces: Sequence[tuple[Document, CleanDocument]], learned: str
    ) -> tuple[Piece, int]:
        """Faces as rows with all their vectors, and how many of these were embedded for it."""
        if not faces:
            return Piece([], []), 0
        made = self._source.prepared(faces)
        inputs = {each for one in made.documents for each in one.input_hashes}
        kept = self._source.records.vectors(inputs, self._fingerprint.embedder.key)
        vectors = [*made.vectors, *(NewVector(each, vector) for each, vector in kept.items())]
        documents = [each._replace(learned=learned) for each in made.documents]
        return Piece(documents, vectors), len(made.vectors)

    def _publish(self, records: RecordWriter) -> int:
        ranking = self._source.settings.ranking
        content = snapshot_content(
            records,
            self._fingerprint,
            self._source.analyzer,
            title_weight=ranking.bm25_title_weight,
        )
        manifest = publish_snapshot(
            self._target,
            self._source.calibrated(content, self._fingerprint, may_embed=True),
            shelf=self._source.shelf,
            fingerprint=self._fingerprint,
            bm25_k1=ranking.bm25_k1,
            bm25_b=ranking.bm25_b,
            keep=1,
            chain_at=records.chain_at,
        )
        return manifest.number

    def _pieces(self, task: str) -> Iterator[list[int]]:
        for start in range(0, len(self._keys), _DOCUMENTS_PER_PIECE):
            self._progress(f"{task} {self._source.shelf}", start, len(self._keys))
            yield self._keys[start : start + _DOCUMENTS_PER_PIECE]
        self._progress(f"{task} {self._source.shelf}", len(self._keys), len(self._keys))


def _as_it_stands(
    face: Document, cleaned: CleanDocument, passages: Sequence[StoredPassage], learned: str
) -> PreparedDocument:
    """A document as rows, with what was derived of it before."""
    raw = to_raw(face)
    return PreparedDocument(
        document=face,
        raw=raw,
        content_hash=content_hash(raw),
        cleaned=cleaned,
        learned=learned,
        passages=[each.passage for each in passages],
        input_hashes=[each.input_hash for each in passages],
    )
