"""What the rows of a shelf mean: attributes, cleaned texts, passages, vectors, changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from kbsearch.arrays import Float32
from kbsearch.models import Article, Document, SectionKind, Ticket
from kbsearch.text import CleanDocument, Passage, document_keys

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Attributes(NamedTuple):
    """
    What filters and the ranking's prior look at, one document.

    Times are microseconds since 1970 UTC. `document_key` is the shelf's own
    number for this version of the document; it is never used again.
    """

    document_key: int
    document_id: str
    kind: str
    product: str | None
    language: str | None
    status: str
    is_resolved: bool
    has_bad_outcome: bool
    created_us: int | None
    valid_from_us: int | None
    valid_until_us: int | None
    merged_ids: tuple[str, ...]
    tags: tuple[str, ...]


class StoredPassage(NamedTuple):
    """A passage with its shelf-wide key, its document's key and the hash of its input."""

    passage_key: int
    document_key: int
    passage: Passage
    input_hash: str


class Change(NamedTuple):
    """One entry of the change log: a document key was put, or is gone (replaced, dropped)."""

    sequence: int
    is_put: bool
    document_key: int


class Position(NamedTuple):
    """The newest change, and the hash over it and all changes before it."""

    sequence: int
    chain: str


class PreparedDocument(NamedTuple):
    """
    A document with all that is derived from it, ready to be written.

    `learned` is the key of the boilerplate that was cut out of it, `detected` the language
    that it seems to be in, looked for if it does not name its own.
    """

    document: Document
    raw: str
    content_hash: str
    cleaned: CleanDocument
    learned: str
    passages: list[Passage]
    input_hashes: list[str]
    detected: str | None = None


class NewVector(NamedTuple):
    """A unit vector (dim,) for one passage input."""

    input_hash: str
    vector: Float32


def to_raw(document: Document) -> str:
    """The canonical JSON of a document: equal documents give equal text."""
    return json.dumps(document.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)


def content_hash(text: str) -> str:
    """Hex sha256 of a text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def to_us(moment: datetime | None) -> int | None:
    """Microseconds since 1970 UTC, exact."""
    return None if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)


def attributes_of(document: Document, detected: str | None = None) -> Attributes:
    """
    What filters and the prior look at; `document_key` is 0 until the row is written.

    A language that was `detected` counts if the document names none.
    """
    article = document if isinstance(document, Article) else None
    ticket = document if isinstance(document, Ticket) else None
    return Attributes(
        document_key=0,
        document_id=document.id,
        kind=document.kind,
        product=document.product,
        language=document.language or detected,
        status=document.status.value,
        is_resolved=ticket is not None and ticket.is_resolved,
        has_bad_outcome=ticket is not None and ticket.has_bad_outcome,
        created_us=to_us(document.created_at),
        valid_from_us=to_us(article.valid_from) if article else None,
        valid_until_us=to_us(article.valid_until) if article else None,
        merged_ids=ticket.merged_ids if ticket else (),
        tags=document.tags,
    )


def exact_keys(row: Attributes, cleaned: CleanDocument) -> set[str]:
    """What a document is found by exactly: in its cleaned text, its product, its tags, its id."""
    texts = (cleaned.title, cleaned.text, row.product or "", *row.tags)
    return document_keys(texts, row.document_id, is_ticket=row.kind == "ticket")


def stored_passage(passage_key: int, values: Sequence[Any]) -> StoredPassage:
    """A row of the table of passages, its key and checksum apart."""
    key, _, ordinal, section, message_id, start, end, n_tokens, n_unseen, input_hash = values
    passage = Passage(ordinal, SectionKind(section), message_id, start, end, n_tokens, n_unseen)
    return StoredPassage(passage_key, key, passage, input_hash)
