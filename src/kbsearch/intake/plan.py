"""The first reading of an export: what would go where, before anything is written."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple, TypeVar

from kbsearch.desk import KnowledgeBase
from kbsearch.importers.base import ImportItem
from kbsearch.importers.building import Imported
from kbsearch.importers.places import ImportProblem, Skipped
from kbsearch.importers.reading.cutting import ENDS_IN_THE_MIDDLE
from kbsearch.intake.brakes import delete_limit, is_open, newly_external, publish_limit
from kbsearch.intake.report import Destination, NoteKind, Notes
from kbsearch.models import Article, Audience, Document, group_shelf
from kbsearch.progress import Progress, silent
from kbsearch.visibility import Explanation

DOCUMENTS_PER_PIECE = 512
_MAX_REASONS = 200
_Item = TypeVar("_Item")


class ImportPlan(NamedTuple):
    """
    What an export comes to on a desk.

    `newly_external` are ids that customers would read and cannot read now,
    `leaving` those that they read now and may no longer; `gone` are ids that the
    export says are deleted, `to_delete` those that a `sync` would delete because
    the export lacks them. `repeated` are hashes of
    ids that stand in it more than once.
    """

    n_read: int
    destinations: tuple[Destination, ...]
    newly_external: tuple[str, ...]
    publish_limit: int
    leaving: tuple[str, ...]
    gone: tuple[str, ...]
    to_delete: tuple[str, ...]
    delete_limit: int
    repeated: frozenset[bytes]


def plan_import(
    kb: KnowledgeBase,
    items: Iterable[ImportItem],
    *,
    everything_of: str | None = None,
    groups: Iterable[str] = (),
    notes: Notes | None = None,
    progress: Progress = silent,
) -> ImportPlan:
    """
    Count what an export would do; nothing is written.

    Args:
        kb: The desk.
        items: What an importer makes of the export.
        everything_of: First part of ids, as `zendesk:`, of which this export is
            everything: what it lacks is to be deleted.
        groups: Of staff, that the export is for: of these alone it is everything then.
        notes: Takes problems, skipped records and warnings.
        progress: Told how many records were read.
    """
    notes = notes or Notes()
    reading = _Reading(notes)
    newly: list[str] = []
    leaving: list[str] = []
    gone: set[str] = set()
    for piece in pieces(items):
        reading.see(piece)
        progress("read the export", reading.n_read, 0)
        documents = [item.document for item in piece if isinstance(item, Imported)]
        newly += newly_external(kb, documents)
        closed = [each.id for each in documents if not is_open(each)]
        leaving += kb.standing(closed, Audience.EXTERNAL)
        gone |= _gone(kb, piece)
    for document_id in sorted(i for i in gone if id_hash(i) in reading.seen):
        gone.discard(document_id)
        leaving.append(document_id)
        notes.add(NoteKind.WARNING, document_id, "one record deletes it and another one holds it")
    to_delete: list[str] = []
    limit = 0
    if everything_of is not None:
        theirs = _everything(kb, everything_of, groups)
        limit = delete_limit(kb, len(theirs)) if reading.n_read else 0
        to_delete = sorted(i for i in theirs - gone if id_hash(i) not in reading.seen)
        if reading.n_unread and to_delete:
            what = f"what it lacks is not deleted: {reading.n_unread} records could not be read"
            notes.add(NoteKind.WARNING, everything_of, what)
            to_delete = []
    return ImportPlan(
        n_read=reading.n_read,
        destinations=tuple(reading.destinations()),
        newly_external=tuple(dict.fromkeys(newly)),
        publish_limit=0 if reading.is_damaged else publish_limit(kb),
        leaving=tuple(dict.fromkeys(leaving)),
        gone=tuple(sorted(gone)),
        to_delete=tuple(to_delete),
        delete_limit=limit,
        repeated=frozenset(reading.repeated),
    )


def _gone(kb: KnowledgeBase, piece: Iterable[ImportItem]) -> set[str]:
    """Ids on this desk that the export says are deleted."""
    dropped = [each.document_id for each in piece if isinstance(each, Skipped)]
    ids = [document_id for document_id in dropped if document_id]
    of_staff = kb.standing(ids, Audience.INTERNAL, groups=kb.groups())
    return of_staff | kb.standing(ids, Audience.EXTERNAL)


def _everything(kb: KnowledgeBase, prefix: str, groups: Iterable[str]) -> set[str]:
    """Ids of a source where its export goes; what is for other staff is not its business."""
    of_all_staff = set(kb.ids(Audience.INTERNAL, prefix=prefix))
    if named := tuple(groups):
        return set(kb.ids(Audience.INTERNAL, groups=named, prefix=prefix)) - of_all_staff
    return of_all_staff | set(kb.ids(Audience.EXTERNAL, prefix=prefix))


def id_hash(document_id: str) -> bytes:
    """Eight bytes for an id: a million of them fit into memory."""
    return hashlib.blake2b(document_id.encode(), digest_size=8).digest()


def pieces(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    """Items in lists, each as long as one write."""
    iterator = iter(items)
    while piece := list(islice(iterator, DOCUMENTS_PER_PIECE)):
        yield piece


class _Reading:
    """Counts records by what becomes of them."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._reasons: Counter[tuple[str, str, str]] = Counter()
        self.n_read = self.n_unread = 0
        self.is_damaged = False
        self.seen: set[bytes] = set()
        self.repeated: set[bytes] = set()

    def see(self, items: Iterable[ImportItem]) -> None:
        for item in items:
            if isinstance(item, Imported):
                self._take(item)
            elif isinstance(item, Skipped):
                self._notes.add(NoteKind.SKIPPED, item.place, item.reason)
            else:
                self.n_unread += 1
                self._notes.add(NoteKind.PROBLEM, item.place, item.reason)
                self._look_at_damage(item)

    def _look_at_damage(self, problem: ImportProblem) -> None:
        """A cut-off table may lack the very row that closes a document."""
        if problem.reason == ENDS_IN_THE_MIDDLE and not self.is_damaged:
            self.is_damaged = True
            what = "the export is cut off: without your word nothing newly comes to customers"
            self._notes.add(NoteKind.WARNING, problem.place, what)

    def _take(self, item: Imported) -> None:
        self.n_read += 1
        digest = id_hash(item.document.id)
        (self.repeated if digest in self.seen else self.seen).add(digest)
        for warning in item.warnings:
            self._notes.add(NoteKind.WARNING, item.document.id, warning)
        key = (item.document.kind, _shelf_of(item.document), _why(item.explanations))
        is_known = key in self._reasons or len(self._reasons) < _MAX_REASONS
        self._reasons[key if is_known else (*key[:2], "other reasons")] += 1

    def destinations(self) -> Iterator[Destination]:
        """What went where and why, the most frequent first."""
        for (kind, shelf, why), n in self._reasons.most_common():
            yield Destination(kind=kind, shelf=shelf, why=why, n=n)


def _shelf_of(document: Document) -> str:
    if not is_open(document):
        return ", ".join(map(group_shelf, document.groups)) or Audience.INTERNAL.value
    return Audience.EXTERNAL.value if isinstance(document, Article) else "both"


def _why(explanations: tuple[Explanation, ...]) -> str:
    decision = explanations[0].decision
    marker = decision.deciding
    if marker is None:
        return decision.rule
    return f"{marker.level}: {marker.field} = {marker.value} ({marker.verdict.value})"
