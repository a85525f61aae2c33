"""What people said of results, in the records of one shelf."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta

from kbsearch.models import Feedback, FeedbackKind, Votes
from kbsearch.store.record_file import RecordFile
from kbsearch.store.rows import to_us

NOBODY = ""
"""Who is unknown; one person in the table's UNIQUE, as NULL would not be."""

COLUMNS = "number, at_us, kind, question, document_id, who, is_helpful"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_US = 24 * 60 * 60 * 1_000_000


class FeedbackReader(RecordFile):
    """Reading feedback; each row is verified."""

    def feedback(self) -> list[Feedback]:
        """
        All that stands here, oldest first.

        Raises:
            DamagedRecordError: If a row is not what was written.
        """
        with self.reading():
            rows = self._all(f"SELECT {COLUMNS}, checksum FROM feedback ORDER BY number", ())
            pages = self._all("SELECT number, place, document_id, checksum FROM feedback_shown", ())
        shown: defaultdict[int, dict[int, str]] = defaultdict(dict)
        for number, place, document_id, stored in pages:
            self._verify("feedback_shown", number, stored, number, place, document_id)
            shown[number][place] = document_id
        found = []
        for *values, stored in rows:
            number, at_us, kind, question, document_id, who, is_helpful = values
            self._verify("feedback", number, stored, *values)
            found.append(
                Feedback(
                    at=_EPOCH + timedelta(microseconds=at_us),
                    kind=FeedbackKind(kind),
                    question=question,
                    document_id=document_id or None,
                    by=who or None,
                    is_helpful=bool(is_helpful),
                    shown=dict(sorted(shown[number].items())),
                    shelf=self.shelf,
                )
            )
        return found

    def votes(self, document_id: str | None = None) -> Votes:
        """
        Votes on this shelf, or on one document.

        Raises:
            DamagedRecordError: If a row is not what was written.
        """
        where, named = "kind = ?", [FeedbackKind.VOTE.value]
        if document_id is not None:
            where, named = f"{where} AND document_id = ?", [*named, document_id]
        rows = self._all(f"SELECT {COLUMNS}, checksum FROM feedback WHERE {where}", tuple(named))
        for *values, stored in rows:
            self._verify("feedback", values[0], stored, *values)
        n_helpful = sum(bool(row[-2]) for row in rows)
        return Votes(n_helpful=n_helpful, n_not_helpful=len(rows) - n_helpful)

    def count_feedback_of(self, who: str | None, now: datetime) -> int:
        """How much one person said in the day before; all who are unknown are one."""
        until = to_us(now) or 0
        (n,) = self._one(
            "SELECT COUNT(*) FROM feedback WHERE who = ? AND at_us > ? AND at_us <= ?",
            (who or NOBODY, until - _DAY_US, until),
        )
        return int(n)

    def feedback_texts(self) -> list[tuple[int, str, str]]:
        """Number, question and author of each row, unverified: to be looked through."""
        return [tuple(row) for row in self._all("SELECT number, question, who FROM feedback", ())]

    def ids_in_feedback(self) -> set[str]:
        """Of the documents that any of it names."""
        union = "SELECT document_id FROM feedback UNION SELECT document_id FROM feedback_shown"
        return {row[0] for row in self._all(union, ())}
