"""The second reading: what was planned is written, in pieces that each are durable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from kbsearch.desk import KnowledgeBase
from kbsearch.errors import SourceError
from kbsearch.importers.base import Importer, ImportItem
from kbsearch.importers.building import Imported
from kbsearch.intake.brakes import brake_deletion, brake_publication, newly_external
from kbsearch.intake.plan import ImportPlan, id_hash, pieces, plan_import
from kbsearch.intake.report import ImportReport, NoteKind, Notes, NoteSink
from kbsearch.models import Audience, UpsertReport, parse_groups
from kbsearch.progress import Progress, silent


def preview_export(
    kb: KnowledgeBase,
    importer: Importer,
    path: str | Path,
    *,
    is_everything: bool = False,
    groups: Iterable[str] = (),
    on_note: NoteSink | None = None,
    progress: Progress = silent,
) -> ImportReport:
    """
    What `import_export` would do; nothing is written, nothing embedded, no brake holds.

    Args:
        kb: The desk.
        importer: Of the vendor whose export it is.
        path: A file, a folder or an archive.
        is_everything: As for `import_export`.
        groups: As for `import_export`.
        on_note: Gets every note.
        progress: Told how far it is.

    Raises:
        ConfigError, SourceError, MissingExtraError: As for `Importer.read`.
    """
    notes = Notes(on_note)
    export = _Export(importer, path, parse_groups(groups, Audience.INTERNAL))
    plan = _planned(kb, export, is_everything=is_everything, notes=notes, progress=progress)
    total = _Totals(notes)
    total.would_delete((*plan.gone, *plan.to_delete))
    held: list[Imported] = []
    for piece in _documents(export.items()):
        once, repeated = _parted(piece, plan)
        held += repeated
        total.add(kb.upsert([item.document for item in once], dry_run=True))
        progress("look at the documents", total.n_taken, 0)
    total.add(kb.upsert([item.document for item in held], dry_run=True))
    return total.report(importer, plan, is_dry_run=True)


def import_export(
    kb: KnowledgeBase,
    importer: Importer,
    path: str | Path,
    *,
    is_everything: bool = False,
    groups: Iterable[str] = (),
    publish_at_most: int | None = None,
    delete_at_most: int | None = None,
    by: str | None = None,
    on_note: NoteSink | None = None,
    progress: Progress = silent,
) -> ImportReport:
    """
    Bring an export into a desk; it is read twice, first only to count.

    Args:
        kb: The desk.
        importer: Of the vendor whose export it is.
        path: A file, a folder or an archive.
        is_everything: Whether what the export lacks is deleted (`sync`) or stays
            (`import`). Nothing is if a record could not be read.
        groups: Of staff; all of it is for these alone, whatever its marks say.
        publish_at_most: So many may newly come to customers; None: as the settings say.
        delete_at_most: So many may be deleted, likewise.
        by: Who does it, for the audit trail.
        on_note: Gets every note; the report holds the first 1,000.
        progress: Told how far it is.

    Returns:
        What went where and why, and what became of it on the desk.

    Raises:
        MassPublicationError: Before anything is written, if more would newly come to customers.
        MassDeletionError: Likewise, if more would be deleted.
        ConfigError, SourceError, MissingExtraError: As for `Importer.read`.
        StoreError: As for `KnowledgeBase.upsert`.
    """
    notes = Notes(on_note)
    export = _Export(importer, path, parse_groups(groups, Audience.INTERNAL))
    plan = _planned(kb, export, is_everything=is_everything, notes=notes, progress=progress)
    total = _Totals(notes)
    word = _Word(by, f"{'sync' if is_everything else 'import'} {importer.name}")
    total.withdraw(kb, (*plan.leaving, *plan.gone), word)  # before a brake holds, or anything fails
    brake_publication(plan.newly_external, plan.publish_limit, at_most=publish_at_most)
    brake_deletion(plan.to_delete, plan.delete_limit, at_most=delete_at_most)
    total.delete(kb, (*plan.gone, *plan.to_delete), word)
    allowed = frozenset((*plan.newly_external, *plan.leaving))
    held: list[Imported] = []
    for piece in _documents(export.items()):
        once, repeated = _parted(piece, plan)
        held += repeated
        total.add(_write(kb, path, once, allowed, word))
        progress("import", total.n_taken, plan.n_read)
    if held:  # together, so that two that differ are seen
        total.add(_write(kb, path, held, allowed, word))
    progress("import", plan.n_read, plan.n_read)
    came = kb.standing(plan.newly_external, Audience.EXTERNAL)
    shown = tuple(i for i in plan.newly_external if i in came)
    return total.report(importer, plan._replace(newly_external=shown), is_dry_run=False)


class _Export(NamedTuple):
    """What is read, twice."""

    importer: Importer
    path: str | Path
    groups: tuple[str, ...]

    def items(self) -> Iterator[ImportItem]:
        """What the importer makes of it, for the groups alone if there are any."""
        for item in self.importer.read(self.path):
            if self.groups and isinstance(item, Imported):
                yield item._replace(document=item.document.restricted_to(self.groups))
            else:
                yield item


def _planned(
    kb: KnowledgeBase,
    export: _Export,
    *,
    is_everything: bool,
    notes: Notes,
    progress: Progress,
) -> ImportPlan:
    return plan_import(
        kb,
        export.items(),
        everything_of=export.importer.id_prefix if is_everything else None,
        groups=export.groups,
        notes=notes,
        progress=progress,
    )


def _documents(items: Iterable[object]) -> Iterator[list[Imported]]:
    return pieces(item for item in items if isinstance(item, Imported))


def _parted(piece: list[Imported], plan: ImportPlan) -> tuple[list[Imported], list[Imported]]:
    """Those whose id stands once in the export, and those whose id stands there more often."""
    once: list[Imported] = []
    repeated: list[Imported] = []
    for item in piece:
        (repeated if id_hash(item.document.id) in plan.repeated else once).append(item)
    return once, repeated


class _Word(NamedTuple):
    """Who runs this, and what it is: for the audit trail."""

    by: str | None
    how: str


def _write(
    kb: KnowledgeBase,
    path: str | Path,
    items: list[Imported],
    allowed: frozenset[str],
    word: _Word,
) -> UpsertReport:
    if not allowed.issuperset(newly_external(kb, [item.document for item in items])):
        raise SourceError(
            path,
            "it changed while it was read, and documents that were not counted would come to "
            "customers. What was written before is kept. Run the import again.",
        )
    return kb.upsert(
        [item.document for item in items],
        explanations={item.document.id: item.explanations for item in items},
        by=word.by,
        how=word.how,
    )


class _Totals:
    """Sums up what the pieces did."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._counts = dict.fromkeys(("added", "changed", "unchanged", "deleted", "embedded"), 0)
        self.n_taken = 0

    def withdraw(self, kb: KnowledgeBase, ids: Iterable[str], word: _Word) -> None:
        """Take documents from customers and note each."""
        for document_id in kb.withdraw(ids, by=word.by, how=word.how):
            self._notes.add(NoteKind.WITHDRAWN, document_id, "customers can no longer read it")

    def would_delete(self, ids: Sequence[str]) -> None:
        """Count what `delete` would delete."""
        self._counts["deleted"] += len(ids)

    def delete(self, kb: KnowledgeBase, ids: Iterable[str], word: _Word) -> None:
        """Delete documents of the desk and note each."""
        for document_id in kb.delete(ids, by=word.by, how=word.how):
            self._counts["deleted"] += 1
            self._notes.add(
                NoteKind.DELETED, document_id, "the export says or shows that it is gone"
            )

    def add(self, report: UpsertReport) -> None:
        """Count one upsert."""
        for name in ("added", "changed", "unchanged"):
            self._counts[name] += len(getattr(report, name))
        self._counts["embedded"] += report.n_embedded
        self.n_taken += len(report.added) + len(report.changed) + len(report.unchanged)
        self.n_taken += len(report.rejected) + len(report.forgotten)
        self._notes.add_report(report)

    def report(self, importer: Importer, plan: ImportPlan, *, is_dry_run: bool) -> ImportReport:
        """All of it."""
        return ImportReport(
            source=importer.name,
            is_dry_run=is_dry_run,
            n_read=plan.n_read,
            destinations=plan.destinations,
            newly_external=plan.newly_external,
            publish_limit=plan.publish_limit,
            to_delete=plan.to_delete,
            delete_limit=plan.delete_limit,
            **{f"n_{name}": n for name, n in self._counts.items()},
            n_notes=dict(self._notes.counts),
            n_redacted=dict(self._notes.n_redacted),
            notes=tuple(self._notes.first),
        )
