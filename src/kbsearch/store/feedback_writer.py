"""Noting what people said of results, and removing it."""

from __future__ import annotations

from collections.abc import Iterable

from kbsearch.models import Feedback
from kbsearch.store import schema
from kbsearch.store.feedback import COLUMNS, NOBODY
from kbsearch.store.rows import to_us
from kbsearch.store.writer import RecordWriter


class FeedbackWriter:
    """
    The one writer of feedback; all is done inside of the records' `writing()`.

    Args:
        records: Of the shelf.
    """

    def __init__(self, records: RecordWriter) -> None:
        self._records = records

    def put(self, given: Feedback) -> None:
        """Note it, in place of what the same person said of the same question and document."""
        connection = self._records.connection
        named = (given.question, given.document_id or "", given.by or NOBODY)
        connection.execute(
            "DELETE FROM feedback WHERE question = ? AND document_id = ? AND who = ? AND kind = ?",
            (*named, given.kind.value),
        )
        (number,) = connection.execute(
            "SELECT COALESCE(MAX(number), 0) + 1 FROM feedback"
        ).fetchone()
        values = (number, to_us(given.at), given.kind.value, *named, int(given.is_helpful))
        connection.execute(
            f"INSERT INTO feedback ({COLUMNS}, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*values, schema.checksum(*values)),
        )
        pages = [(number, place, document_id) for place, document_id in given.shown.items()]
        connection.executemany(
            "INSERT INTO feedback_shown VALUES (?, ?, ?, ?)",
            [(*page, schema.checksum(*page)) for page in pages],
        )

    def drop_of(self, ids: Iterable[str]) -> int:
        """Remove all that names one of these documents; returns how many rows went."""
        named = [(document_id,) for document_id in ids]
        connection, before = self._records.connection, self._records.connection.total_changes
        for table in ("feedback", "feedback_shown"):
            connection.executemany(f"DELETE FROM {table} WHERE document_id = ?", named)
        return connection.total_changes - before

    def drop(self, numbers: Iterable[int]) -> None:
        """Remove rows by their numbers."""
        connection = self._records.connection
        connection.executemany(
            "DELETE FROM feedback WHERE number = ?", [(number,) for number in numbers]
        )
