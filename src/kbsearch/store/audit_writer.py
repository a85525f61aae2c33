"""Adding to the audit trail, and blanking in it what is forgotten."""

from __future__ import annotations

from collections.abc import Iterable

from kbsearch.models import AuditEntry
from kbsearch.store.audit import COLUMNS, HEAD, TOLD, Told, blanked_row, new_rows
from kbsearch.store.writer import RecordWriter


class AuditWriter:
    """
    The trail's one writer; all is done inside of the records' `writing()`.

    Args:
        records: Of the internal shelf.
    """

    def __init__(self, records: RecordWriter) -> None:
        self._records = records

    def append(self, entries: Iterable[AuditEntry]) -> None:
        """Add entries after the newest one, in their order."""
        rows = new_rows(self._records.audit_head(), entries)
        if not rows:
            return
        marks = ",".join("?" * len(rows[0]))
        connection = self._records.connection
        connection.executemany(f"INSERT INTO audit ({COLUMNS}) VALUES ({marks})", rows)
        number, *_, chain, _checksum = rows[-1]
        self._set(HEAD, f"{number} {chain.hex()}")

    def tell(self, told: Told) -> None:
        """Note up to where the trail is known to be true."""
        self._set(TOLD, f"{told.number} {told.position.sequence} {told.position.chain}")

    def blank(self, entries: Iterable[AuditEntry]) -> None:
        """Leave of these entries' documents, authors and notes what they say now."""
        connection = self._records.connection
        for entry in entries:
            row = connection.execute(
                f"SELECT {COLUMNS} FROM audit WHERE number = ?", (entry.number,)
            ).fetchone()
            connection.execute(
                f"UPDATE audit SET ({COLUMNS}) = ({','.join('?' * len(row))}) WHERE number = ?",
                (*blanked_row(row, entry), entry.number),
            )

    def _set(self, name: str, value: str) -> None:
        self._records.connection.execute(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)",
            (name, value),
        )
