"""
Noting what customers gain and lose, and at whose word, in the desk's audit trail.

The trail and the external shelf are two files: no commit reaches both. What comes
to customers is noted before it is written, what leaves them after it is gone, so an
interruption between the two leaves an entry of something that does not stand there,
and never something there without an entry. At the end of a write the trail notes up
to which entry it tells of which state of the external shelf. A next write that finds
another entry or another state compares the ids that stand there with those that the
trail says stand there, and notes the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from kbsearch.indexing.forgotten import Forgotten, KnownValues
from kbsearch.models import AuditAction, AuditEntry, in_one_line
from kbsearch.store import (
    AuditFilter,
    AuditWriter,
    PreparedDocument,
    RecordReader,
    RecordWriter,
    Told,
)

FOUND_GONE = "an earlier write was interrupted: it is not there"
FOUND_STANDING = "it stood there without an entry"
_FORGOTTEN = "[forgotten]"
_EXTERNAL = "external"
_ENTRIES_PER_COMMIT = 1000


class Occasion(NamedTuple):
    """By what, when, by whom and why something is done."""

    how: str
    at: datetime
    by: str | None = None
    note: str | None = None

    @classmethod
    def of(cls, how: str, at: datetime, by: str | None = None, note: str | None = None) -> Occasion:
        """
        The same with what people wrote in one line, and nothing for what is blank.

        Raises:
            ConfigError: If it is no str, or longer than 1,000 characters.
        """
        return cls(how, at, in_one_line(by), in_one_line(note))


class Trail:
    """
    What one write notes; see the module.

    Args:
        external: Records of the external shelf, before anything is done.
        internal: Records of the internal shelf.
        lock: Gives the internal shelf's lock, which is the desk's.
        occasion: Of this write.
    """

    def __init__(
        self,
        external: RecordReader,
        internal: RecordWriter,
        lock: Callable[[], AbstractContextManager[None]],
        occasion: Occasion,
    ) -> None:
        self._external, self._internal, self._lock = external, internal, lock
        self.occasion = occasion
        self._before = external.position()
        self._n_noted = 0
        self._is_true = False

    @cached_property
    def _blanking(self) -> Blanking:
        return Blanking(Forgotten.load(self._internal))

    def note(
        self, action: AuditAction, ids: Iterable[str | None], occasion: Occasion | None = None
    ) -> None:
        """Add an entry for each document, durably, in pieces; of this write's occasion, or one."""
        found = occasion or self.occasion
        entries = [_entry(action, document_id, found) for document_id in ids]
        for start in range(0, len(entries), _ENTRIES_PER_COMMIT):
            piece = entries[start : start + _ENTRIES_PER_COMMIT]
            with self._lock(), self._internal.writing():
                AuditWriter(self._internal).append(map(self._blanking.blanked, piece))
            self._n_noted += len(piece)

    def left(self, ids: Iterable[str], action: AuditAction = AuditAction.WITHDRAWN) -> None:
        """Note that these have left the external shelf."""
        self.note(action, ids)

    def coming(self, documents: Sequence[PreparedDocument]) -> None:
        """Note that these are about to stand on the external shelf; not those that do just so."""
        standing = self._external.keys_by_id(each.document.id for each in documents)
        new = [each.document.id for each in documents if each.document.id not in standing]
        changed = [
            each.document.id
            for each in documents
            if each.document.id in standing and standing[each.document.id][1] != each.content_hash
        ]
        self.note(AuditAction.PUBLISHED, new)
        self.note(AuditAction.CHANGED, changed)

    @contextmanager
    def changing(self, keys: Mapping[str, int]) -> Iterator[None]:
        """Note that documents that still have these keys are about to read otherwise there."""
        if not keys:
            yield
            return
        with self._lock():
            standing = self._external.keys_by_id(keys)
            self.note(
                AuditAction.CHANGED, (i for i, (key, _) in standing.items() if keys[i] == key)
            )
            yield

    def catch_up(self) -> None:
        """Compare what the trail says with what stands, if an earlier write was interrupted."""
        self._is_true = True
        told, head = self._internal.audit_told(), self._internal.audit_head()
        if told == Told(head.number - self._n_noted, self._before):
            return
        said, stands = self._internal.audit_standing(), set(self._external.ids())
        gone, there = (
            Occasion("comparison", self.occasion.at, note=note)
            for note in (FOUND_GONE, FOUND_STANDING)
        )
        self.note(AuditAction.WITHDRAWN, sorted(said - stands), gone)
        self.note(AuditAction.PUBLISHED, sorted(stands - said), there)

    def settle(self) -> None:
        """Note that all of this write is told, if its trail was caught up."""
        if not self._is_true:
            return
        told = Told(self._internal.audit_head().number, self._external.position())
        if told != self._internal.audit_told():
            with self._lock(), self._internal.writing():
                AuditWriter(self._internal).tell(told)

    def forget(self, ids: Sequence[str], forgotten: Forgotten, known: KnownValues) -> None:
        """Blank what names documents or people that are forgotten, and note that they were."""
        blanking = Blanking(forgotten, known, ids)
        number = 0
        while entries := self._internal.audit_after(number):
            changed = [new for old in entries if (new := blanking.blanked(old)) != old]
            if changed:
                with self._internal.writing():
                    AuditWriter(self._internal).blank(changed)
            number = entries[-1].number
        self._blanking = blanking
        at = self.occasion.at
        asked = AuditFilter(at, at + timedelta(microseconds=1), action=AuditAction.FORGOTTEN)
        noted = {entry.document_id for entry in self._internal.audit(asked, 1 + len(ids))}
        wanted: list[str | None] = [forgotten.key_of(document_id) for document_id in ids]
        self.note(AuditAction.FORGOTTEN, (i for i in wanted or [None] if i not in noted))


class Blanking:
    """
    What takes forgotten documents and people out of entries.

    A document's id gives way to the hash that its receipt has, and what was noted of it
    goes. Where an author or a note names somebody or something, it goes as a whole.

    Args:
        forgotten: What the desk was told to forget.
        known: What is being forgotten just now, in clear.
        ids: Documents that are.
    """

    def __init__(
        self, forgotten: Forgotten, known: KnownValues | None = None, ids: Iterable[str] = ()
    ) -> None:
        self._forgotten, self._known, self._ids = forgotten, known, frozenset(ids)
        self._by_value: dict[str, bool] = {}

    def blanked(self, entry: AuditEntry) -> AuditEntry:
        """The entry without them; itself if there is nothing of them in it."""
        if not (self._forgotten or self._known):
            return entry
        changes: dict[str, str] = {}
        if entry.document_id is not None and self._is_forgotten(entry.document_id):
            changes["document_id"] = self._forgotten.key_of(entry.document_id)
        for name, value in (("by", entry.by), ("note", entry.note)):
            is_of_it = name == "note" and "document_id" in changes
            if value not in (None, _FORGOTTEN) and (is_of_it or self._names_it(value)):
                changes[name] = _FORGOTTEN
        return entry.model_copy(update=changes) if changes else entry

    def _is_forgotten(self, document_id: str) -> bool:
        is_one = document_id in self._ids or self._forgotten.knows_id(document_id)
        return is_one or self._names_it(document_id)

    def _names_it(self, value: str) -> bool:
        if value not in self._by_value:
            finders = (self._forgotten, self._known) if self._known else (self._forgotten,)
            self._by_value[value] = any(finder.find(value) for finder in finders)
        return self._by_value[value]


def _entry(action: AuditAction, document_id: str | None, occasion: Occasion) -> AuditEntry:
    return AuditEntry(
        number=0,
        at=occasion.at,
        action=action,
        document_id=document_id,
        shelf="" if action is AuditAction.FORGOTTEN else _EXTERNAL,
        by=occasion.by,
        how=occasion.how,
        note=occasion.note,
    )
