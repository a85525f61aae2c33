"""From cleaned faces to everything that is written for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kbsearch.embed import Embedder, Fingerprint, checked_vectors
from kbsearch.models import Document
from kbsearch.store import NewVector, PreparedDocument, RecordReader, content_hash, to_raw
from kbsearch.text import (
    CleanDocument,
    LanguageDetector,
    Passage,
    passage_input,
    split_document,
    title_context,
    title_passage,
)
from kbsearch.text.passages import TokenOffsets


class Piece(NamedTuple):
    """So many documents as are committed together, and the vectors that are new with them."""

    documents: list[PreparedDocument]
    vectors: list[NewVector]


def prepare(
    faces: Sequence[tuple[Document, CleanDocument]],
    *,
    records: RecordReader,
    embedder: Embedder,
    fingerprint: Fingerprint,
    learned: str = "",
    detector: LanguageDetector | None = None,
) -> Piece:
    """
    Cut, hash and embed cleaned faces.

    Args:
        faces: Each with its cleaned text.
        records: Of the shelf; a vector that it keeps is not made again.
        embedder: Makes the others.
        fingerprint: What all of it depends on.
        learned: Key of the shelf's boilerplate.
        detector: Tells the language of those that do not name theirs; None for nothing.
    """
    documents: list[PreparedDocument] = []
    texts: dict[str, str] = {}
    for face, cleaned in faces:
        document, inputs = _cut(face, cleaned, embedder, fingerprint, learned=learned)
        if detector is not None and face.language is None:
            detected = detector.detect(f"{cleaned.title}\n{cleaned.text}")
            document = document._replace(detected=detected)
        documents.append(document)
        texts.update(zip(document.input_hashes, inputs, strict=True))
    kept = records.vectors(texts, fingerprint.embedder.key)
    new = [digest for digest in texts if digest not in kept]
    if not new:
        return Piece(documents, [])
    found = embedder.embed_passages([texts[digest] for digest in new])
    vectors = checked_vectors(found, len(new), fingerprint.embedder)
    return Piece(documents, [NewVector(h, v) for h, v in zip(new, vectors, strict=True)])


def cut_passages(
    cleaned: CleanDocument, token_offsets: TokenOffsets, fingerprint: Fingerprint
) -> tuple[list[Passage], list[str]]:
    """The passages of a cleaned face, its title among them, and the embedder's input for each."""
    room = {
        "max_tokens": fingerprint.passage_tokens,
        "title_max_tokens": fingerprint.title_tokens,
    }
    passages = split_document(cleaned, token_offsets, **room)
    title = title_passage(
        cleaned,
        token_offsets,
        ordinal=len(passages),
        max_tokens=fingerprint.passage_tokens,
    )
    passages += [title] if title else []
    context = title_context(cleaned.title, token_offsets, **room)
    return passages, [passage_input(cleaned, passage, context) for passage in passages]


def _cut(
    face: Document,
    cleaned: CleanDocument,
    embedder: Embedder,
    fingerprint: Fingerprint,
    *,
    learned: str,
) -> tuple[PreparedDocument, list[str]]:
    """What is written for one face, and the embedder's input for each of its passages."""
    passages, inputs = cut_passages(cleaned, embedder.token_offsets, fingerprint)
    raw = to_raw(face)
    prepared = PreparedDocument(
        document=face,
        raw=raw,
        content_hash=content_hash(raw),
        cleaned=cleaned,
        learned=learned,
        passages=passages,
        input_hashes=[content_hash(text) for text in inputs],
    )
    return prepared, inputs
