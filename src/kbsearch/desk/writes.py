"""What changes the documents of a desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext

from kbsearch.desk.arguments import parse_ids
from kbsearch.desk.opening import OpenDesk
from kbsearch.errors import ConfigError
from kbsearch.forgetting import forget
from kbsearch.indexing import (
    drop_explanations,
    drop_feedback_of,
    preview,
    staff_writers,
    upsert,
    withdraw,
)
from kbsearch.indexing.forgotten import ForgottenMark
from kbsearch.models import (
    Audience,
    AuditAction,
    Document,
    ForgetReceipt,
    Person,
    UpsertReport,
    in_one_line,
)
from kbsearch.progress import Progress, silent
from kbsearch.visibility import Explanation


class DeskWrites(OpenDesk):
    """Adding, changing, deleting, withdrawing, forgetting."""

    def upsert(
        self,
        documents: Iterable[Document],
        *,
        explanations: Mapping[str, Sequence[Explanation]] | None = None,
        by: str | None = None,
        how: str = "upsert",
        dry_run: bool = False,
        progress: Progress = silent,
    ) -> UpsertReport:
        """
        Add and change tickets and articles, in any order; others stay as they are.

        A document is searchable as soon as it is committed. Secrets are replaced
        in all of them, personal data in what customers read, before anything is
        stored. No text is embedded twice.

        Args:
            documents: Each id once; what cannot be taken is in the report.
            explanations: By id, why documents of an import have their audiences;
                kept for `why_visible`.
            by: Who does it, for the audit trail.
            how: By what, likewise.
            dry_run: Only say what would happen.
            progress: Told how far it is.

        Returns:
            What was added, changed, unchanged, rejected, and what customers
            can no longer, or not yet, read.

        Raises:
            LockedError: If another process is writing.
            EmbedderMismatchError: If the desk was built with another embedder.
            StoreError: If a shelf cannot be written.
        """
        with self._writers() as writers:
            if dry_run:
                return preview(writers, documents, redaction=self._redaction)
            self._hold(writers)
            trail = self._trail(writers, how, by=by)
            return upsert(
                writers,
                documents,
                redaction=self._redaction,
                trail=trail,
                explanations=explanations,
                progress=progress,
            )

    def delete(
        self, ids: Iterable[str], *, by: str | None = None, how: str = "delete"
    ) -> tuple[str, ...]:
        """
        Remove documents from every shelf, customers' first; returns the ids that were there.

        Args:
            ids: Documents.
            by: Who does it, for the audit trail.
            how: By what, likewise.

        Raises:
            ConfigError: If one id is given instead of a list of them.
            LockedError: If another process is writing.
            StoreError: If a shelf cannot be written.
        """
        wanted = parse_ids(ids, "delete")
        with self._writers() as writers:
            self._hold(writers)
            trail = self._trail(writers, how, by=by)
            gone = {shelf: writer.drop(wanted) for shelf, writer in writers.items()}
            trail.left(gone[Audience.EXTERNAL], AuditAction.DELETED)
            for writer in staff_writers(writers):
                drop_explanations(writer, wanted)
                drop_feedback_of(writer, wanted)
            trail.catch_up()
            trail.settle()
        return tuple(dict.fromkeys(each for ids in gone.values() for each in ids))

    def withdraw(
        self,
        ids: Iterable[str],
        *,
        by: str | None = None,
        reason: str | None = None,
        how: str = "withdraw",
    ) -> tuple[str, ...]:
        """
        Take documents from customers at once; staff keep them. Returns the ids that left.

        Needs no model. Write the documents again, or the next import brings them back.

        Args:
            ids: Documents.
            by: Who does it, for the audit trail.
            reason: Why, likewise.
            how: By what, likewise.

        Raises:
            ConfigError: If one id is given instead of a list of them.
            LockedError: If another process is writing.
            StoreError: If a shelf cannot be written.
        """
        wanted = parse_ids(ids, "withdraw")
        with self._writers(only=()) as writers:
            writers[Audience.INTERNAL].lock()
            trail = self._trail(writers, how, by=by, note=reason)
            gone = tuple(withdraw(writers, wanted, trail))
            trail.catch_up()
            trail.settle()
        return gone

    def forget(
        self,
        ids: Iterable[str] = (),
        *,
        person: Person | None = None,
        by: str | None = None,
        dry_run: bool = False,
        progress: Progress = silent,
    ) -> ForgetReceipt:
        """
        Remove documents or a person from every file of this desk, and verify that they are gone.

        Of a person, the tickets they asked are removed; other documents no longer
        name them or link to what is gone. What was forgotten is not taken again:
        the desk keeps a salted hash of it. Once begun it is finished, if need be
        when the desk is opened next. Older indexes go too: there is no rollback
        over it. Backups and copies of the desk are not reached.

        Args:
            ids: Documents, also those that were deleted before.
            person: By e-mail address, id or whole name.
            by: At whose word; kept with the receipt.
            dry_run: Only say what would be removed.
            progress: Told how far it is.

        Raises:
            ConfigError: If neither documents nor a person are given, or a person
                who could be many, or `by` names the person.
            LockedError: If another process is writing or rebuilding.
            StillThereError: If traces are left on disk.
            StoreError: If a shelf cannot be written.
        """
        wanted = parse_ids(ids, "forget")
        if not wanted and person is None:
            raise ConfigError("Nothing was named to be forgotten. Give ids, or a person.")
        mark = ForgottenMark(at=self._clock(), by=in_one_line(by))
        wait_s = self.settings.store.lock_wait_s
        lock = nullcontext() if dry_run else self._rebuild_lock(wait_s)
        with lock, self._writers() as writers:
            if not dry_run:
                self._hold(writers)
            receipt = forget(
                writers,
                self._layout,
                wanted,
                person,
                mark=mark,
                dry_run=dry_run,
                progress=progress,
            )
        if not dry_run:
            self._let_go()
        return receipt
