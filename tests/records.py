"""A shelf's records without a desk around them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kbsearch.config import Settings
from kbsearch.embed import HashingEmbedder, shelf_fingerprint
from kbsearch.indexing.prepare import prepare
from kbsearch.models import Document
from kbsearch.store import RecordReader, RecordWriter, create
from kbsearch.text import Cleaner

SHELF = "internal"
EMBEDDER = HashingEmbedder(dim=32)
FINGERPRINT = shelf_fingerprint(EMBEDDER, Settings())
OTHER_FINGERPRINT = shelf_fingerprint(HashingEmbedder(dim=64), Settings())


def new_writer(directory: Path, shelf: str = SHELF) -> RecordWriter:
    """An empty records.sqlite, open for writing."""
    path = directory / "records.sqlite"
    create(path, shelf)
    return RecordWriter(path, shelf)


def write(writer: RecordWriter, *documents: Document) -> None:
    """Put documents with all that is derived from them; inside a transaction."""
    faces = [(document, Cleaner().document(document)) for document in documents]
    piece = prepare(faces, records=writer, embedder=EMBEDDER, fingerprint=FINGERPRINT)
    writer.put_vectors(piece.vectors, FINGERPRINT.embedder.key)
    for prepared in piece.documents:
        writer.put(prepared, FINGERPRINT.key)


def put(writer: RecordWriter, *documents: Document) -> None:
    """The same in a transaction of its own."""
    with writer.writing():
        write(writer, *documents)


def drop(writer: RecordWriter, *ids: str) -> list[str]:
    """Drop documents in a transaction of its own."""
    with writer.writing():
        return writer.drop(ids)


def contents(reader: RecordReader) -> dict[str, Any]:
    """All that a shelf holds, every row verified."""
    with reader.reading():
        attributes = reader.attributes()
        keys = [row.document_key for row in attributes]
        passages = reader.passages(keys, FINGERPRINT.key)
        vectors = reader.vectors({p.input_hash for p in passages}, FINGERPRINT.embedder.key)
        return {
            "attributes": attributes,
            "documents": reader.documents(keys),
            "cleaned": reader.cleaned(keys, FINGERPRINT.key),
            "passages": passages,
            "vectors": {key: vector.tolist() for key, vector in vectors.items()},
            "changes": reader.changes_since(1) if reader.sequence() else [],
        }


def row_count(path: Path, table: str) -> int:
    """Rows of a table, counted without the library."""
    with plain_sqlite(path) as connection:
        return int(connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])


@contextmanager
def plain_sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    """The file as any other program would open it; changes are committed."""
    connection = sqlite3.connect(path)
    try:
        with connection:
            yield connection
    finally:
        connection.close()
