"""From one face of a document to everything that is written for it."""

from __future__ import annotations

from kbsearch.embed import Embedder, Fingerprint
from kbsearch.models import Document
from kbsearch.store import PreparedDocument, content_hash, to_raw
from kbsearch.text import CleanDocument, passage_input, split_document, title_context


def prepare(
    face: Document, cleaned: CleanDocument, embedder: Embedder, fingerprint: Fingerprint
) -> tuple[PreparedDocument, list[str]]:
    """
    Cut and hash one cleaned face.

    Returns:
        What is written, and the embedder's input for each of its passages.
    """
    room = {
        "max_tokens": fingerprint.passage_tokens,
        "title_max_tokens": fingerprint.title_tokens,
    }
    passages = split_document(cleaned, embedder.token_offsets, **room)
    context = title_context(cleaned.title, embedder.token_offsets, **room)
    inputs = [passage_input(cleaned, passage, context) for passage in passages]
    raw = to_raw(face)
    prepared = PreparedDocument(
        document=face,
        raw=raw,
        content_hash=content_hash(raw),
        cleaned=cleaned,
        passages=passages,
        input_hashes=[content_hash(text) for text in inputs],
    )
    return prepared, inputs
