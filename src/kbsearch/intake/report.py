"""What an import tells: where documents went and why, and what a person should look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from enum import StrEnum

from pydantic import Field

from kbsearch.models import UpsertReport
from kbsearch.models.base import FrozenModel

MAX_NOTES = 1000
"""A report holds so many notes of each kind; `on_note` gets all of them."""


class NoteKind(StrEnum):
    """What an import notes of single records."""

    PROBLEM = "problem"
    SKIPPED = "skipped"
    WARNING = "warning"
    REJECTED = "rejected"
    HELD_BACK = "held back"
    WITHDRAWN = "withdrawn"
    DELETED = "deleted"
    REDACTED = "redacted"


class ImportNote(FrozenModel):
    """One of them: where it stood or which document it is, and what about it; never its text."""

    kind: NoteKind
    subject: str
    what: str


NoteSink = Callable[[ImportNote], None]


class Destination(FrozenModel):
    """So many documents of a kind went to a shelf, for one reason."""

    kind: str
    shelf: str
    why: str
    n: int


class ImportReport(FrozenModel):
    """
    What an import did, or would do.

    `newly_external` are ids that customers could not read before. Counts:
    `n_read` documents that were made of the export's records, `n_added` to
    `n_deleted` what became of them on the desk, `n_notes` notes by kind,
    `n_redacted` replacements by shelf and kind as "external email".
    """

    source: str
    is_dry_run: bool
    n_read: int
    destinations: tuple[Destination, ...]
    newly_external: tuple[str, ...]
    publish_limit: int
    to_delete: tuple[str, ...] = ()
    delete_limit: int = 0
    n_added: int = 0
    n_changed: int = 0
    n_unchanged: int = 0
    n_deleted: int = 0
    n_embedded: int = 0
    n_notes: dict[str, int] = Field(default_factory=dict)
    n_redacted: dict[str, int] = Field(default_factory=dict)
    notes: tuple[ImportNote, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether every record was taken or left out on purpose."""
        kinds = (NoteKind.PROBLEM, NoteKind.REJECTED)
        return not any(self.n_notes.get(kind.value) for kind in kinds)


class Notes:
    """Collects notes: counts all, keeps the first, passes each on."""

    def __init__(self, on_note: NoteSink | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self.n_redacted: Counter[str] = Counter()
        self.first: list[ImportNote] = []
        self._on_note = on_note

    def add(self, kind: NoteKind, subject: object, what: str) -> None:
        """Note one thing."""
        note = ImportNote(kind=kind, subject=str(subject), what=what)
        self.counts[kind.value] += 1
        if self.counts[kind.value] <= MAX_NOTES:
            self.first.append(note)
        if self._on_note is not None:
            self._on_note(note)

    def add_report(self, report: UpsertReport) -> None:
        """Note what an upsert says of single documents."""
        for document_id, reason in report.forgotten.items():
            self.add(NoteKind.SKIPPED, document_id, reason)
        for rejection in report.rejected:
            self.add(NoteKind.REJECTED, rejection.document_id, rejection.reason)
        for document_id, reason in report.held_back.items():
            self.add(NoteKind.HELD_BACK, document_id, reason)
        for document_id in report.withdrawn:
            self.add(NoteKind.WITHDRAWN, document_id, "customers can no longer read it")
        for one in report.redactions:
            self.n_redacted[f"{one.shelf} {one.kind}"] += one.n
            what = f"{one.shelf} {one.field}: {one.n} {one.kind}"
            self.add(NoteKind.REDACTED, one.document_id, what)
