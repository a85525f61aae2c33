"""What keeps a desk in order: rebuild, counts, checks."""

from __future__ import annotations

from collections.abc import Iterable

from kbsearch.checking import check_shelf, list_snapshots, shelf_stats
from kbsearch.desk.gating import DeskGating, Told
from kbsearch.embed import Embedder
from kbsearch.errors import ConfigError, SnapshotNotFoundError
from kbsearch.gating import Gate
from kbsearch.indexing import ShelfRebuild, roll_back
from kbsearch.models import (
    Audience,
    AuditAction,
    CheckReport,
    RebuildReport,
    ShelfStats,
    SnapshotInfo,
    group_shelf,
    parse_groups,
    parse_shelf,
)
from kbsearch.progress import Progress, silent
from kbsearch.sharing.bundles.checking import check_bundle_here
from kbsearch.store import is_older, migrate, writer_lock


class DeskUpkeep(DeskGating):
    """Rebuilding, counting, verifying."""

    def rebuild(
        self,
        *,
        gate: Gate | None = None,
        previous_embedder: Embedder | None = None,
        told: Told = lambda _: None,
        progress: Progress = silent,
    ) -> tuple[RebuildReport, ...]:
        """
        Bring the indexes up to the settings and fold all changes into new snapshots.

        Embeds only what changed in content or fingerprint. Searches and writes go
        on meanwhile; an interrupted rebuild continues where it stopped. All is
        embedded before the first shelf is published. Records that an older kbsearch
        wrote are brought up to date first.

        With a gate the new indexes are asked the same questions as the live ones, and
        published only if they answer as well: shelf by shelf, or, if the settings are others
        than those of the live ones, all or none. Searches and writes go on meanwhile.

        Args:
            gate: What is tolerated; left out, as `[snapshots] gate` says: usually none.
            previous_embedder: That of the live indexes, if the desk has got another one
                and the old one cannot be found by its name.
            told: Given what was compared before anything is published, refused or not.
            progress: Told how far it is.

        Raises:
            GateRefusedError: If the new indexes of a shelf answer worse; it says which others
                were published, and what was embedded is kept.
            ConfigError: If golden queries cannot be used, or `previous_embedder` did not
                make the live indexes.
            MissingExtraError: If there is a gate, and ir-measures is not installed.
            LockedError: If another process is rebuilding, or writing for long.
            EmbedderError: If the model cannot be loaded.
            StoreError: If a shelf cannot be written.
        """
        if gate is not None and not isinstance(gate, Gate):
            raise ConfigError(f"gate = {gate!r:.80} is none. Give a Gate(), or leave it out.")
        with self._rebuild_lock():
            self._migrate()
            if gate is None and self.settings.snapshots.gate:
                gate = Gate()
            if gate is None:
                return self._rebuild(progress)
            return self._rebuild_gated(gate, previous_embedder, told, progress)

    def _migrate(self) -> None:
        """Bring records that an older kbsearch wrote up to date, shelf by shelf."""
        for audience in Audience:
            self._migrate_shelf(audience.value)
        for group in self.groups():
            self._migrate_shelf(group_shelf(group))

    def _migrate_shelf(self, name: str) -> None:
        shelf, wait_s = self._layout.shelf(name), self.settings.store.lock_wait_s
        if is_older(shelf.records):
            with writer_lock(shelf.lock, name, timeout_s=wait_s):
                migrate(shelf.records)

    def _rebuild(self, progress: Progress) -> tuple[RebuildReport, ...]:
        with self._writers() as writers:
            self._trail(writers, "rebuild")
            rebuilds = [ShelfRebuild(writer) for writer in writers.values()]
            n_embedded = [each.derive(progress) for each in rebuilds]
            return tuple(
                each.publish(n, progress) for each, n in zip(rebuilds, n_embedded, strict=True)
            )

    def stats(
        self, audience: Audience | str, *, groups: Iterable[str] = ()
    ) -> tuple[ShelfStats, ...]:
        """
        Counts of the shelves that an audience may see.

        Raises:
            AudienceError: If the audience is missing or unknown.
            GroupError: If a group cannot be one.
        """
        shown = self._shelves_of(audience, groups)
        return tuple(shelf_stats(self._layout.shelf(shelf), shelf) for shelf in shown)

    def snapshots(
        self, audience: Audience | str, *, groups: Iterable[str] = ()
    ) -> tuple[SnapshotInfo, ...]:
        """
        The snapshots of the shelves that an audience may see, oldest first.

        Raises:
            AudienceError: If the audience is missing or unknown.
            GroupError: If a group cannot be one.
            StoreError: If a shelf cannot be read.
        """
        return tuple(
            info
            for shelf in self._shelves_of(audience, groups)
            for info in list_snapshots(self._layout.shelf(shelf), shelf)
        )

    def rollback(
        self,
        shelf: Audience | str,
        *,
        to: int | None = None,
        by: str | None = None,
        progress: Progress = silent,
    ) -> SnapshotInfo:
        """
        Make an older snapshot of one shelf live again; documents stay as they are.

        Args:
            shelf: `external`, `internal` or that of a group, as `internal.hr`.
            to: Its number; left out, the newest whole one before the live one.
            by: Who does it; noted in the audit trail if the shelf is customers'.
            progress: Told how far it is.

        Raises:
            AudienceError: If the shelf is missing or unknown.
            SnapshotNotFoundError: If there is none to go back to.
            EmbedderMismatchError: If it was made with another embedder than the
                desk's settings name: set that one first.
            LockedError: If another process is writing.
        """
        asked = parse_shelf(shelf)
        with self._writers() as writers:
            if asked not in writers:
                raise SnapshotNotFoundError(asked, to, ())
            is_customers = asked == Audience.EXTERNAL.value
            if is_customers:
                writers[Audience.INTERNAL].lock()
            trail = self._trail(writers, "rollback", by=by)
            number = roll_back(writers[asked], to, progress).number
            if is_customers:
                occasion = trail.occasion._replace(note=f"to snapshot {number}")
                trail.note(AuditAction.ROLLED_BACK, [None], occasion)
                trail.catch_up()
                trail.settle()
        there = list_snapshots(self._layout.shelf(asked), asked)
        return next(info for info in there if info.number == number)

    def repair(
        self,
        audience: Audience | str,
        *,
        groups: Iterable[str] = (),
        progress: Progress = silent,
    ) -> CheckReport:
        """
        Make what is derived anew where `check` finds it wrong; returns what it finds then.

        Raises:
            AudienceError: If the audience is missing or unknown.
            GroupError: If a group cannot be one.
            EmbedderMismatchError: If the settings name another embedder than the indexes
                have: run `rebuild` instead.
            LockedError: If another process is writing.
            StoreError: If the records themselves cannot be read or written.
        """
        named = parse_groups(groups, Audience.parse(audience))
        shown = self._shelves_of(audience, named)
        with self._writers() as writers:
            self._trail(writers, "repair")
            for shelf in shown:
                if not check_shelf(self._layout.shelf(shelf), shelf).is_sound:
                    writers[Audience.INTERNAL].lock()
                    ShelfRebuild(writers[shelf]).repair(progress)
        return self.check(audience, groups=named)

    def check(self, audience: Audience | str, *, groups: Iterable[str] = ()) -> CheckReport:
        """
        Verify the shelves that an audience may see: files, rows, vectors; changes nothing.

        Of a bundle, also that its files are the listed ones, and that nothing in them
        tells of what does not stand there.

        Raises:
            AudienceError: If the audience is missing or unknown.
            GroupError: If a group cannot be one.
        """
        shown = self._shelves_of(audience, groups)
        if self._is_bundle:
            return check_bundle_here(self._layout)
        parts = [check_shelf(self._layout.shelf(shelf), shelf) for shelf in shown]
        return CheckReport(
            n_documents=sum(part.n_documents for part in parts),
            n_passages=sum(part.n_passages for part in parts),
            n_files=sum(part.n_files for part in parts),
            findings=tuple(finding for part in parts for finding in part.findings),
        )
