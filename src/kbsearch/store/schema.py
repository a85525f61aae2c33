"""The tables of records.sqlite, the settings of a connection, and what its errors mean."""

from __future__ import annotations

import hashlib
import os
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kbsearch import files
from kbsearch.errors import (
    AudienceMismatchError,
    LockedError,
    NewerFormatError,
    OlderFormatError,
    StoreDamagedError,
    StoreFullError,
    StoreReadOnlyError,
    StoreUnavailableError,
)

FORMAT_VERSION = 4
"""Raise it with every change of the tables, and say in `store.migrations` how to get there."""

AUDITED_SHELF = "internal"
"""Holds the audit trail of the whole desk: no other has the tables of one."""

AUDIT_TABLES = (
    """
CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at_us INTEGER NOT NULL,
    action TEXT NOT NULL,
    shelf TEXT NOT NULL,
    how TEXT NOT NULL,
    document_id TEXT,
    who TEXT,
    note TEXT,
    nonce BLOB NOT NULL,
    seal BLOB NOT NULL,
    chain BLOB NOT NULL,
    checksum BLOB NOT NULL
)""",
    "CREATE INDEX audit_by_document ON audit (document_id)",
)
FEEDBACK_TABLES = (
    """
CREATE TABLE feedback (
    number INTEGER PRIMARY KEY,
    at_us INTEGER NOT NULL,
    kind TEXT NOT NULL,
    question TEXT NOT NULL,
    document_id TEXT NOT NULL,
    who TEXT NOT NULL,
    is_helpful INTEGER NOT NULL,
    checksum BLOB NOT NULL,
    UNIQUE (who, question, document_id, kind)
)""",
    """
CREATE TABLE feedback_shown (
    number INTEGER NOT NULL REFERENCES feedback ON DELETE CASCADE,
    place INTEGER NOT NULL,
    document_id TEXT NOT NULL,
    checksum BLOB NOT NULL,
    PRIMARY KEY (number, place)
) WITHOUT ROWID""",
)
_APPLICATION_ID = 0x6B627331  # "kbs1": tells `file` and us whose database this is
_BUSY_TIMEOUT_S = 10.0

_FAILED_WRITES = {"SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_TRUNCATE"}
_NO_RIGHTS = {
    "SQLITE_PERM",
    "SQLITE_READONLY",
    "SQLITE_READONLY_CANTLOCK",
    "SQLITE_READONLY_DIRECTORY",
    "SQLITE_READONLY_ROLLBACK",
}  # not SQLITE_READONLY_DBMOVED: of a file that was moved away under an open connection

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    document_key INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    product TEXT,
    language TEXT,
    status TEXT NOT NULL,
    is_resolved INTEGER NOT NULL,
    created_us INTEGER,
    valid_from_us INTEGER,
    valid_until_us INTEGER,
    merged_ids TEXT NOT NULL,
    tags TEXT NOT NULL,
    attributes_checksum BLOB NOT NULL,
    raw TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    raw_checksum BLOB NOT NULL,
    has_bad_outcome INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE cleaned (
    document_key INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    fingerprint TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    sections TEXT NOT NULL,
    learned TEXT NOT NULL,
    n_passages INTEGER NOT NULL,
    checksum BLOB NOT NULL,
    UNIQUE (document_key, fingerprint)
);
CREATE TABLE passages (
    passage_key INTEGER PRIMARY KEY AUTOINCREMENT,
    document_key INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    fingerprint TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    section TEXT NOT NULL,
    message_id TEXT,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    n_tokens INTEGER NOT NULL,
    n_unseen_tokens INTEGER NOT NULL,
    input_hash TEXT NOT NULL,
    checksum BLOB NOT NULL
);
CREATE INDEX passages_by_document ON passages (document_key, fingerprint, ordinal);
CREATE INDEX passages_by_input ON passages (input_hash);
CREATE TABLE vectors (
    input_hash TEXT NOT NULL,
    embedder_key TEXT NOT NULL,
    vector BLOB NOT NULL,
    checksum BLOB NOT NULL,
    UNIQUE (input_hash, embedder_key)
);
CREATE TABLE notes (
    name TEXT NOT NULL UNIQUE,
    value TEXT NOT NULL,
    checksum BLOB NOT NULL
);
CREATE TABLE changes (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    operation TEXT NOT NULL CHECK (operation IN ('put', 'replace', 'drop')),
    document_key INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    chain TEXT NOT NULL
);
"""

_HOLES = (
    "SELECT COALESCE(MAX({key}) - MIN({key}) + 1 <> COUNT(*), 0) FROM {table}",
    "SELECT EXISTS (SELECT 1 FROM sqlite_sequence s WHERE s.name = '{table}' "
    "AND s.seq <> (SELECT MAX({key}) FROM {table}))",
)
TELLS_OF_HISTORY = {
    "free pages": "SELECT freelist_count FROM pragma_freelist_count",
    "changes of documents that do not stand there": (
        "SELECT EXISTS (SELECT 1 FROM changes c WHERE operation <> 'put' OR NOT EXISTS "
        "(SELECT 1 FROM documents d WHERE d.document_key = c.document_key))"
    ),
    "more or fewer changes than documents": (
        "SELECT (SELECT COUNT(*) FROM changes) <> (SELECT COUNT(*) FROM documents) "
        "OR (SELECT COALESCE(MAX(sequence), 0) FROM changes) <> (SELECT COUNT(*) FROM documents)"
    ),
    "documents out of the order of their ids": (
        "SELECT EXISTS (SELECT 1 FROM (SELECT document_id, LAG(document_id) OVER "
        "(ORDER BY document_key) AS before FROM documents) WHERE before > document_id)"
    ),
    "rows under another fingerprint": (
        "SELECT EXISTS (SELECT 1 FROM cleaned WHERE fingerprint IS NOT "
        "(SELECT value FROM meta WHERE name = 'fingerprint_key')) OR EXISTS "
        "(SELECT 1 FROM passages WHERE fingerprint IS NOT "
        "(SELECT value FROM meta WHERE name = 'fingerprint_key')) OR EXISTS "
        "(SELECT 1 FROM vectors WHERE embedder_key IS NOT "
        "(SELECT value FROM meta WHERE name = 'embedder_key'))"
    ),
    "feedback": "SELECT EXISTS (SELECT 1 FROM feedback)",
    "notes": "SELECT EXISTS (SELECT 1 FROM notes WHERE name <> 'boilerplate')",
    **{
        f"{what} of {table}": sql.format(table=table, key=key)
        for table, key in (("documents", "document_key"), ("passages", "passage_key"))
        for what, sql in zip(("gaps in the keys", "later keys"), _HOLES, strict=True)
    },
}
"""What in a file tells of more than what stands in it: by what it is, a query that is not 0."""

CHAIN_START = ""
"""The chain before the first change; see `next_chain`."""


def checksum(*values: str | int | bytes | None) -> bytes:
    """16 bytes over a row's values; lengths are part of it, so values cannot slide over."""
    digest = hashlib.blake2b(digest_size=16)
    for value in values:
        encoded = value if isinstance(value, bytes) else repr(value).encode("utf-8")
        digest.update(len(encoded).to_bytes(8, "big"))
        digest.update(encoded)
    return digest.digest()


def next_chain(chain: str, operation: str, document_key: int, content_hash: str) -> str:
    """
    What a change's row carries: a hash over it and, by `chain`, all changes before it.

    Records that were restored from a backup hand out the same numbers again;
    their chain tells the two histories apart.
    """
    return checksum(chain, operation, document_key, content_hash).hex()


@contextmanager
def reporting(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into the library's, keeping them as the cause."""
    try:
        yield
    except UnicodeDecodeError:  # sqlite3 could not even read SQLite's message
        raise StoreDamagedError(path, "its tables cannot be read") from None
    except sqlite3.DatabaseError as error:
        if str(error).startswith("Could not decode"):  # goes on with the row's text
            raise StoreDamagedError(path, "a text in it is not UTF-8") from None
        name = getattr(error, "sqlite_errorname", "") or type(error).__name__
        is_damage = name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT"))
        if is_damage or str(error).startswith(("no such table", "no such column")):
            raise StoreDamagedError(path, str(error)) from error
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise LockedError(path.parent.name, None, doing="used") from error
        if isinstance(error, sqlite3.OperationalError):
            raise _unavailable(path, name, str(error)) from error
        raise


def _unavailable(path: Path, name: str, message: str) -> StoreUnavailableError:
    """
    What SQLite's name for an error means for the disk.

    SQLite says FULL of a full disk alone. A write beyond the limit on file sizes is
    an I/O error to it, with a cause that it does not tell: if there is such a limit,
    that was it. CANTOPEN it says of missing rights and of much else.
    """
    reason = f"{name}: {message}"
    has_limit = resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY
    if name == "SQLITE_FULL" or (name in _FAILED_WRITES and has_limit):
        return StoreFullError(path, reason)
    if name in _NO_RIGHTS or (name.startswith("SQLITE_CANTOPEN") and _lacks_rights(path)):
        return StoreReadOnlyError(path, reason)
    return StoreUnavailableError(path, reason)


def _lacks_rights(path: Path) -> bool:
    """Of the file, if it is there, or of its directory, in which SQLite makes its journal."""
    is_open = not path.exists() or os.access(path, os.R_OK | os.W_OK)
    return not (is_open and os.access(path.parent, os.W_OK | os.X_OK))


def connect(path: Path) -> sqlite3.Connection:
    """
    Open an existing records.sqlite.

    Rollback journal, not WAL: the SQLite that Python ships may be one with the
    corruption race that 3.51.3 mended. Deleted content is overwritten.

    Raises:
        StoreDamagedError: If it is no such database.
        NewerFormatError: If a newer kbsearch wrote it.
        OlderFormatError: If an older one did; see `store.migrate`.
        StoreUnavailableError: If it is not there or may not be read.
    """
    with reporting(path):
        connection = opened(path)
        try:
            found = format_of(connection, path)
            if found < FORMAT_VERSION:
                raise OlderFormatError(path, found, FORMAT_VERSION)
        except BaseException:
            connection.close()
            raise
    return connection


def opened(path: Path) -> sqlite3.Connection:
    """A connection with its settings, whatever format the file has."""
    mode = "rw" if os.access(path, os.W_OK) else "ro"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=_BUSY_TIMEOUT_S,
        check_same_thread=False,
    )
    try:
        _configure(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def create(path: Path, audience: str) -> None:
    """Make an empty records.sqlite for one audience, readable by its owner alone."""
    with files.reporting(path):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with reporting(path):
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            _configure(connection)
            connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            connection.executescript(f"BEGIN;{_TABLES}PRAGMA user_version = {FORMAT_VERSION};")
            connection.execute("INSERT INTO meta VALUES ('audience', ?)", (audience,))
            of_shelf = AUDIT_TABLES if audience == AUDITED_SHELF else ()
            for statement in (*of_shelf, *FEEDBACK_TABLES):
                connection.execute(statement)
            connection.execute("COMMIT")
        finally:
            connection.close()


def require_audience(connection: sqlite3.Connection, path: Path, audience: str) -> None:
    """
    Refuse a database that was made for other readers, wherever it was copied to.

    Raises:
        AudienceMismatchError: If it holds another audience's documents.
    """
    with reporting(path):
        row = connection.execute("SELECT value FROM meta WHERE name = 'audience'").fetchone()
    holds = row[0] if row else "unknown"
    if holds != audience:
        raise AudienceMismatchError(path, holds, audience)


def _configure(connection: sqlite3.Connection) -> None:
    for pragma in (
        "journal_mode = DELETE",
        "synchronous = EXTRA",  # FULL does not sync the removal of the journal: the commit
        "secure_delete = ON",
        "foreign_keys = ON",
        "trusted_schema = OFF",
        "cell_size_check = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def format_of(connection: sqlite3.Connection, path: Path) -> int:
    """
    The format of a file.

    Raises:
        StoreDamagedError: If it is no database of kbsearch.
        NewerFormatError: If a newer one wrote it.
    """
    if connection.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION_ID:
        raise StoreDamagedError(path, "it is not a database of kbsearch")
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found > FORMAT_VERSION:
        raise NewerFormatError(path, found, FORMAT_VERSION)
    return int(found)
