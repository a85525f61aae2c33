"""Giving the customers' shelf to another host."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from kbsearch.clock import utc_now
from kbsearch.desk.opening import OpenDesk
from kbsearch.errors import ConfigError, DeskNotFoundError
from kbsearch.indexing import ShelfWriters
from kbsearch.layout import DeskLayout
from kbsearch.models import Audience, AuditAction, BundleCheck, BundleReport
from kbsearch.progress import Progress, silent
from kbsearch.sharing.bundles.exporting import export_bundle
from kbsearch.sharing.bundles.proving import prove_bundle


class DeskBundles(OpenDesk):
    """Exporting a bundle, and comparing one with this desk."""

    def export_shelf(
        self,
        shelf: Audience | str,
        path: str | Path,
        *,
        replace: bool = False,
        include_pending: bool = False,
        by: str | None = None,
        clock: Callable[[], datetime] = utc_now,
        progress: Progress = silent,
    ) -> BundleReport:
        """
        Write the customers' shelf as a bundle: a directory that serves them on another host.

        `KnowledgeBase.open` opens it; it is read only and never written. It holds the
        documents that stand there now, and nothing of the staff's side or of documents
        that stood there before: desks with the same documents for customers give the same
        bytes. Articles that are expired, or not valid yet, are left out. Vectors are copied;
        only a text that reads otherwise with the boilerplate of these documents is embedded.

        Args:
            shelf: "external"; nothing else can be given away.
            path: Where nothing stands yet.
            replace: Or an older bundle, whose place is taken in one step.
            include_pending: Articles that customers find later go along, readable by
                whoever has the files.
            by: Who gives it away; kept in the audit trail before it stands there.
            clock: What time it is; decides about dates.
            progress: Told how far it is.

        Raises:
            AudienceError: If the shelf is missing or unknown.
            ConfigError: If it is the staff's, or the path is taken or on this desk.
            ModelAudienceError: If the desk's model was trained on staff's texts.
            UnsoundShelfError: If a check finds anything wrong with the shelf.
            EmbedderMismatchError: If the settings name another embedder than the shelf has.
            StoreError: If the bundle cannot be written.
        """
        asked = Audience.parse(shelf)
        if asked is not Audience.EXTERNAL:
            raise ConfigError(
                f"Shelf {asked.value!r} is not exported: a bundle is given to those who serve "
                "customers. Name 'external'; to move a whole desk, copy its directory."
            )
        self._embedder_for(asked)
        target = Path(path).absolute()
        with self._writers(only=()) as writers:
            return export_bundle(
                writers[asked],
                target,
                now=clock(),
                before=lambda report: self._note_export(writers, report, target, by),
                replaces=replace,
                includes_pending=include_pending,
                progress=progress,
            )

    def _note_export(
        self, writers: ShelfWriters, report: BundleReport, target: Path, by: str | None
    ) -> None:
        told = f"to {target}, sha256 {report.sha256}"
        with writers[Audience.INTERNAL].locked():
            trail = self._trail(writers, "export-shelf", by=by, note=told)
            trail.note(AuditAction.EXPORTED, [None])
            trail.catch_up()
            trail.settle()

    def check_bundle(
        self,
        path: str | Path,
        *,
        clock: Callable[[], datetime] = utc_now,
        progress: Progress = silent,
    ) -> BundleCheck:
        """
        Prove a bundle from here, where it is known what stands with the staff alone.

        All that `check` finds on the bundle itself; words, ids and vectors that stand with
        the staff alone, in every byte of it; documents that were withdrawn or changed
        since it was exported. Changes nothing.

        Raises:
            DeskNotFoundError: If the path is no bundle.
            StoreError: If a shelf of this desk cannot be read.
        """
        layout = DeskLayout(Path(path).absolute())
        if not layout.bundle.is_file():
            raise DeskNotFoundError(path, f"it holds no {layout.bundle.name}")
        with self._writers() as writers:
            return prove_bundle(writers, layout, now=clock(), progress=progress)
