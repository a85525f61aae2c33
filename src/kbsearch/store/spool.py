"""Texts by key that do not fit in memory, kept for as long as a process needs them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from kbsearch.store.schema import reporting

_MEMORY_KIB = 4096
_PLACE = Path("temporary folder, see TMPDIR")


class Spool:
    """
    Texts under keys, several under one, in the order in which they came.

    SQLite's own temporary database: what exceeds 4 MB goes to a file that only its
    owner may read and that loses its name before anything is in it, so nothing is
    left of it, even if the process is killed.

    Raises:
        StoreFullError: From any method, if the disk is full.
    """

    def __init__(self) -> None:
        with reporting(_PLACE):
            self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            self._connection.executescript(
                f"PRAGMA cache_size = -{_MEMORY_KIB}; PRAGMA journal_mode = OFF;"
                "PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
                "CREATE TABLE texts (number INTEGER PRIMARY KEY, key BLOB, text TEXT NOT NULL);"
                "BEGIN"  # and never a commit: nobody else will read it
            )
        self._is_sorted = False

    def add(self, key: str, text: str) -> None:
        """Put a text under a key of any characters; a lone surrogate in a text is an error."""
        with reporting(_PLACE):
            self._connection.execute(
                "INSERT INTO texts (key, text) VALUES (?, ?)", (_encoded(key), text)
            )

    def take(self, key: str) -> list[str]:
        """Remove the texts under a key and give them."""
        with reporting(_PLACE):
            if not self._is_sorted:  # once they have all come, which is much faster
                self._connection.execute("CREATE INDEX texts_by_key ON texts (key)")
                self._is_sorted = True
            found = self._connection.execute(
                "SELECT text FROM texts WHERE key = ? ORDER BY number", (_encoded(key),)
            ).fetchall()
            if found:
                self._connection.execute("DELETE FROM texts WHERE key = ?", (_encoded(key),))
        return [text for (text,) in found]

    def remaining(self) -> Iterator[str]:
        """The texts that nobody has taken, in the order in which they came."""
        with reporting(_PLACE):
            for (text,) in self._connection.execute("SELECT text FROM texts ORDER BY number"):
                yield text

    def close(self) -> None:
        """Forget everything; twice is fine."""
        self._connection.close()


def _encoded(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")
