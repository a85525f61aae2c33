"""From the tables of an older kbsearch to those of this one, in place."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from kbsearch.models import Ticket, parse_document
from kbsearch.store import schema

Step = str | Callable[[sqlite3.Connection], None]
"""A statement, or what is done on a connection, within the transaction."""

_COLUMNS_OF_3 = (
    "document_id, kind, product, language, status, is_resolved, created_us, valid_from_us, "
    "valid_until_us, merged_ids, tags"
)
_COLUMNS_BEFORE_OUTCOME = 6


def _note_outcomes(connection: sqlite3.Connection) -> None:
    """
    Give every document its outcome, under a new checksum of its attributes.

    Attributes that fail their checksum go on failing it, so that they are mended as
    ever; of a document that fails its own, no outcome is known.
    """
    connection.execute(
        "ALTER TABLE documents ADD COLUMN has_bad_outcome INTEGER NOT NULL DEFAULT 0"
    )
    rows = connection.execute(
        "SELECT document_key, raw, content_hash, raw_checksum, attributes_checksum, "
        f"{_COLUMNS_OF_3} FROM documents"
    )
    found = []
    for key, raw, content, of_raw, of_attributes, *values in rows:
        if schema.checksum(key, *values) != of_attributes:
            continue
        is_whole = schema.checksum(key, raw, content) == of_raw
        has_bad_outcome = int(is_whole and _has_bad_outcome(raw))
        values.insert(_COLUMNS_BEFORE_OUTCOME, has_bad_outcome)
        found.append((has_bad_outcome, schema.checksum(key, *values), key))
    connection.executemany(
        "UPDATE documents SET has_bad_outcome = ?, attributes_checksum = ? WHERE document_key = ?",
        found,
    )


def _has_bad_outcome(raw: str) -> bool:
    document = parse_document(raw)
    return isinstance(document, Ticket) and document.has_bad_outcome


MIGRATIONS: dict[int, tuple[Step, ...]] = {
    1: (),
    2: schema.FEEDBACK_TABLES,
    3: (_note_outcomes,),
}
"""By the format that a file has: the steps that make it the next one."""

MIGRATIONS_OF_SHELF: dict[tuple[int, str], tuple[Step, ...]] = {
    (1, schema.AUDITED_SHELF): schema.AUDIT_TABLES
}
"""By format and shelf: what comes after those on this shelf alone."""


def is_older(path: Path) -> bool:
    """
    Whether an older kbsearch wrote a file.

    Raises:
        NewerFormatError: If a newer one did.
        StoreError: If it cannot be read.
    """
    with schema.reporting(path):
        connection = schema.opened(path)
        try:
            return schema.format_of(connection, path) < schema.FORMAT_VERSION
        finally:
            connection.close()


def migrate(path: Path) -> None:
    """
    Bring an older file up to this format, in one transaction; the caller holds the lock.

    Raises:
        NewerFormatError: If a newer kbsearch wrote it.
        StoreError: If it cannot be read or written; it is as before then.
    """
    with schema.reporting(path):
        connection = schema.opened(path)
        try:
            found = schema.format_of(connection, path)
            connection.execute("BEGIN EXCLUSIVE")
            (shelf,) = connection.execute(
                "SELECT value FROM meta WHERE name = 'audience'"
            ).fetchone()
            for version in range(found, schema.FORMAT_VERSION):
                for step in (
                    *MIGRATIONS[version],
                    *MIGRATIONS_OF_SHELF.get((version, shelf), ()),
                ):
                    if isinstance(step, str):
                        connection.execute(step)
                    else:
                        step(connection)
            connection.execute(f"PRAGMA user_version = {schema.FORMAT_VERSION}")
            connection.execute("COMMIT")
        finally:
            connection.close()  # which takes back what is not committed
