"""
The audit trail of a desk, on its internal shelf: rows that are only ever added.

Each row seals its document, its author and its note with a nonce of its own; the
chain runs over the seals and all else that the row says. Forgetting takes the
nonce with what was sealed: the seal tells nothing any more, and the row keeps its
place in the chain.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from kbsearch.models import AuditAction, AuditEntry
from kbsearch.store import schema
from kbsearch.store.feedback import FeedbackReader
from kbsearch.store.rows import Position, to_us

COLUMNS = "number, at_us, action, shelf, how, document_id, who, note, nonce, seal, chain, checksum"
HEAD, TOLD = "audit_head", "audit_told"
"""Under these names meta holds the newest row, and up to where the trail is known to be true."""

_ROWS_PER_READ = 2000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHOW_OR_HIDE = tuple(
    action.value
    for action in (
        AuditAction.PUBLISHED,
        AuditAction.WITHDRAWN,
        AuditAction.DELETED,
        AuditAction.FORGOTTEN,
    )
)


class AuditHead(NamedTuple):
    """The newest row's number and chain; 0 before the first."""

    number: int
    chain: bytes


class Told(NamedTuple):
    """The trail up to `number` tells of the external shelf's state at `position`."""

    number: int
    position: Position


class AuditFilter(NamedTuple):
    """Which entries are asked for; None restricts nothing."""

    since: datetime | None = None
    until: datetime | None = None
    ids: Sequence[str] | None = None
    action: AuditAction | None = None
    by: str | None = None


class AuditReader(FeedbackReader):
    """Reading the trail; on another shelf than the internal one it is empty."""

    def audit(self, asked: AuditFilter, limit: int) -> list[AuditEntry]:
        """
        The entries that were asked for, newest first.

        Raises:
            DamagedRecordError: If one of them fails its checksum.
        """
        conditions, values = ["1"], []
        for condition, value in (
            ("at_us >= ?", to_us(asked.since)),
            ("at_us < ?", to_us(asked.until)),
            ("action = ?", asked.action and asked.action.value),
            ("who = ?", asked.by),
        ):
            if value is not None:
                conditions.append(condition)
                values.append(value)
        if asked.ids is not None:
            conditions.append(f"document_id IN ({','.join('?' * len(asked.ids))})")
            values.extend(asked.ids)
        rows = self._all(
            f"SELECT {COLUMNS} FROM audit WHERE {' AND '.join(conditions)} "
            "ORDER BY number DESC LIMIT ?",
            (*values, limit),
        )
        return [self._entry(row) for row in rows]

    def audit_after(self, number: int) -> list[AuditEntry]:
        """So many entries after a number as one read takes, oldest first; verified."""
        return [self._entry(row) for row in self._audit_rows(number)]

    def audit_head(self) -> AuditHead:
        """Where the trail ends, as was written with its newest row."""
        value = self._meta(HEAD)
        if value is None:
            return AuditHead(0, b"")
        number, chain = value.split(" ")
        return AuditHead(int(number), bytes.fromhex(chain))

    def audit_told(self) -> Told:
        """Up to where the trail is known to be true; a fresh one tells of an empty shelf."""
        value = self._meta(TOLD)
        if value is None:
            return Told(0, Position(0, schema.CHAIN_START))
        number, sequence, chain = value.split(" ")
        return Told(int(number), Position(int(sequence), chain))

    def audit_standing(self) -> set[str]:
        """Ids that stand on the external shelf, as the trail tells it."""
        marks = ",".join("?" * len(_SHOW_OR_HIDE))
        rows = self._all(
            f"SELECT document_id, action, MAX(number) FROM audit WHERE action IN ({marks}) "
            "AND document_id IS NOT NULL GROUP BY document_id",
            _SHOW_OR_HIDE,
        )
        return {row[0] for row in rows if row[1] == AuditAction.PUBLISHED.value}

    def audit_values(self) -> list[str]:
        """Every value that the trail holds as text, each once."""
        columns = ("action", "shelf", "how", "document_id", "who", "note")
        union = " UNION ".join(f"SELECT {each} FROM audit" for each in columns)
        return [row[0] for row in self._all(union, ()) if row[0] is not None]

    def audit_faults(self) -> list[str]:
        """What is wrong with the trail: rows that are gone, altered or out of their order."""
        if self.shelf != schema.AUDITED_SHELF:
            return []
        head = self.audit_head()
        faults: list[str] = []
        number, chain = 0, b""
        while rows := self._audit_rows(number):
            for row in rows:
                if row[0] > head.number:
                    break  # was added since; its head was written with it
                if row[0] != number + 1:
                    faults.append(_missing(number + 1, row[0] - 1))
                elif _is_altered(row, chain):
                    faults.append(f"audit entry {row[0]} is not what was written")
                number, chain = row[0], row[10]
            else:
                continue
            break
        if number != head.number:
            faults.append(_missing(number + 1, head.number))
        elif chain != head.chain:
            faults.append(f"the audit trail does not end with what its entry {number} says")
        return faults

    def _audit_rows(self, number: int) -> list[Any]:
        return self._all(
            f"SELECT {COLUMNS} FROM audit WHERE number > ? ORDER BY number LIMIT ?",
            (number, _ROWS_PER_READ),
        )

    def _entry(self, row: Sequence[Any]) -> AuditEntry:
        number, at_us, action, shelf, how, document_id, who, note, nonce = row[:9]
        self._verify("audit", number, row[-1], *row[:-1])
        return AuditEntry(
            number=number,
            at=_EPOCH + timedelta(microseconds=at_us),
            action=AuditAction(action),
            document_id=document_id,
            shelf=shelf,
            by=who,
            how=how,
            note=note,
            is_blanked=not nonce,
        )


def new_rows(head: AuditHead, entries: Iterable[AuditEntry]) -> list[tuple[Any, ...]]:
    """Rows that go on after `head`; the entries' own numbers do not matter."""
    rows = []
    number, chain = head
    for entry in entries:
        number += 1
        said = (number, to_us(entry.at), entry.action.value, entry.shelf, entry.how)
        nonce = secrets.token_bytes(16)
        sealed = (entry.document_id, entry.by, entry.note)
        seal = schema.checksum(nonce, *sealed)
        chain = schema.checksum(chain, *said, seal)
        rows.append(with_checksum((*said, *sealed, nonce, seal, chain)))
    return rows


def blanked_row(row: Sequence[Any], entry: AuditEntry) -> tuple[Any, ...]:
    """A row with what an entry still says of it; it loses its nonce, and keeps seal and chain."""
    seal, chain = row[9:11]
    return with_checksum((*row[:5], entry.document_id, entry.by, entry.note, b"", seal, chain))


def with_checksum(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """A whole row."""
    return (*values, schema.checksum(*values))


def _is_altered(row: Sequence[Any], chain: bytes) -> bool:
    *values, stored = row
    said, sealed, (nonce, seal, own_chain) = values[:5], values[5:8], values[8:]
    is_sealed = not nonce or schema.checksum(nonce, *sealed) == seal
    is_next = schema.checksum(chain, *said, seal) == own_chain
    return not (is_sealed and is_next and schema.checksum(*values) == stored)


def _missing(first: int, last: int) -> str:
    if first == last:
        return f"audit entry {first} is missing"
    return f"audit entries {first} to {last} are missing"
