"""One records.sqlite: its connections, its states, and rows that are verified when read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kbsearch.errors import DamagedRecordError
from kbsearch.store import schema
from kbsearch.store.connections import Connections

_VALUES_PER_QUERY = 500


class RecordFile:
    """What reading a shelf's records is made of; see `RecordReader`."""

    def __init__(self, path: Path, audience: str) -> None:
        self._path = path
        self.shelf = audience
        self._connections = Connections(path)
        with self._connections.taken() as connection:
            schema.require_audience(connection, path, audience)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """All reads of this thread inside see one state of the shelf."""
        with self._connections.taken() as connection:
            with schema.reporting(self._path):
                connection.execute("BEGIN")
            try:
                yield
            finally:
                with schema.reporting(self._path):
                    connection.execute("COMMIT")

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return self._path

    def vector_heads_in_use(self, n_bytes: int) -> set[bytes]:
        """How the vectors of all passages begin, each beginning once."""
        select = (
            "SELECT DISTINCT substr(vector, 1, ?) FROM vectors WHERE EXISTS "
            "(SELECT 1 FROM passages WHERE passages.input_hash = vectors.input_hash)"
        )
        return {bytes(head) for (head,) in self._all(select, (n_bytes,))}

    def every_text(self) -> Iterator[str]:
        """Every text in every table, whatever it is, one after another."""
        for (table,) in self._all("SELECT name FROM sqlite_master WHERE type = 'table'", ()):
            with self._connections.taken() as connection, schema.reporting(self._path):
                for row in connection.execute(f'SELECT * FROM "{table}"'):
                    yield from (value for value in row if isinstance(value, str))

    def definitions(self) -> list[str]:
        """Names and definitions of the tables and indexes."""
        rows = self._all("SELECT name, sql FROM sqlite_master", ())
        return [value for row in rows for value in row if value]

    def history(self) -> list[str]:
        """
        What tells of more than what stands in the file now; nothing in one written at once.

        Free pages, changes other than the one put of each document, keys and numbers that
        were given and are not there, rows that belong to nothing, and notes.
        """
        return [what for what, sql in schema.TELLS_OF_HISTORY.items() if self._one(sql)[0]]

    def close(self) -> None:
        """
        Close the connections, now or when the threads that read with them have done so.

        Every later read raises ClosedError.
        """
        self._connections.close()

    def _meta(self, name: str) -> str | None:
        row = self._maybe("SELECT value FROM meta WHERE name = ?", (name,))
        return None if row is None else str(row[0])

    def _verify(self, table: str, key: object, stored: bytes, *values: Any) -> None:
        if schema.checksum(*values) != stored:
            raise DamagedRecordError(self.shelf, table, key)

    def _all(self, sql: str, parameters: Sequence[Any]) -> list[Any]:
        with self._connections.taken() as connection, schema.reporting(self._path):
            return connection.execute(sql, parameters).fetchall()

    def _maybe(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        rows = self._all(sql, parameters)
        return rows[0] if rows else None

    def _one(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        rows = self._all(sql, parameters)
        return rows[0]

    def _many(
        self, select: str, values: Iterable[Any], parameters: Sequence[Any] = ()
    ) -> list[Any]:
        """Rows of a query that ends in IN, for any number of values."""
        wanted = list(values)
        found: list[Any] = []
        for start in range(0, len(wanted), _VALUES_PER_QUERY):
            part = wanted[start : start + _VALUES_PER_QUERY]
            marks = ",".join("?" * len(part))
            found += self._all(f"{select} ({marks})", [*parameters, *part])
        return found
