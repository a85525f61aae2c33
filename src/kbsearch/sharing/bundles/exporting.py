"""Exporting the customers' shelf as a bundle: whole, or nothing stands there."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from kbsearch import files
from kbsearch.checking import check_shelf
from kbsearch.errors import ConfigError, StoreError, UnsoundShelfError
from kbsearch.indexing import ShelfWriter
from kbsearch.layout import DeskLayout, desk_draft
from kbsearch.lexical.synonyms_file import read_synonyms, synonyms_to_give_away
from kbsearch.models import Audience, BundleReport
from kbsearch.progress import Progress, silent
from kbsearch.sharing.bundles.checking import bundle_findings
from kbsearch.sharing.bundles.manifest import (
    BundleManifest,
    entries_below,
    kbsearch_version,
    local_model,
    read_bundle_manifest,
    serving_settings,
)
from kbsearch.sharing.bundles.records import write_shelf

_PROCESS = re.compile(r"[1-9][0-9]{0,8}")


def export_bundle(
    writer: ShelfWriter,
    target: Path,
    *,
    now: datetime,
    before: Callable[[BundleReport], None],
    replaces: bool = False,
    includes_pending: bool = False,
    progress: Progress = silent,
) -> BundleReport:
    """
    Write a bundle beside its place, check it as its readers would, then give it its name.

    Args:
        writer: Of the customers' shelf; nothing on it is changed.
        target: Where nothing stands yet, or an older bundle.
        now: Decides which articles are valid.
        before: Called when all is written, before it stands where it can be found.
        replaces: Take the place of an older bundle, in one step where the file system
            can; who has that one open goes on with the new one.
        includes_pending: Articles that customers find later go along.
        progress: Told how far it is.

    Raises:
        ConfigError: If the place is taken, or is on the desk.
        UnsoundShelfError: If a check finds anything wrong with the shelf or the copy.
        EmbedderMismatchError: If the settings name another embedder than the shelf has.
        LockedError: If the shelf is written all the time.
        StoreError: If the bundle cannot be written.
    """
    place = target.resolve()  # what a link leads to is replaced, not the link
    is_replacement = _require_place(place, writer.layout.root.parent.resolve(), replaces=replaces)
    _require_sound(writer)
    writer.require_fingerprint()
    files.make_parents(place)
    draft = DeskLayout(desk_draft(place))
    _remove_drafts_of_killed(place, draft.root)
    try:
        report = _write(
            writer, draft, now=now, includes_pending=includes_pending, progress=progress
        )
        before(report)
        if is_replacement:
            files.exchange(draft.root, place)
        else:
            files.replace(draft.root, place)
    finally:
        files.remove_tree(draft.root)
    files.sync_directory(place.parent)
    return report.model_copy(update={"path": str(target), "is_replacement": is_replacement})


def _require_place(place: Path, desk: Path, *, replaces: bool) -> bool:
    """Whether an older bundle stands there, which may be replaced."""
    if place.is_relative_to(desk) or desk.is_relative_to(place):
        raise ConfigError(
            f"{str(place)!r} is on the desk that is to be exported, or holds it; nothing was "
            "written. Choose a path beside the desk."
        )
    with files.reporting(place):
        if not place.exists() or (place.is_dir() and not any(place.iterdir())):
            return False
    try:
        read_bundle_manifest(DeskLayout(place))
    except StoreError:
        raise ConfigError(
            f"{str(place)!r} exists already and is no bundle; nothing in it was changed. "
            "Choose another path."
        ) from None
    if not replaces:
        raise ConfigError(
            f"{str(place)!r} is a bundle already; nothing in it was changed. "
            "To take its place, repeat with `--replace` (from Python: replace=True)."
        )
    return True


def _remove_drafts_of_killed(place: Path, own: Path) -> None:
    """Drafts of this bundle that nobody is writing: they hold whole copies of documents."""
    stem = own.name.removesuffix(str(os.getpid()))
    with files.reporting(place.parent):
        named = [path for path in place.parent.iterdir() if path.name.startswith(stem)]
    for draft in named:
        number = draft.name.removeprefix(stem)
        if draft == own or (_PROCESS.fullmatch(number) and not _is_alive(int(number))):
            files.remove_tree(draft)


def _is_alive(process: int) -> bool:
    """Whether a process of this number runs; one of another user counts as well."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _require_sound(writer: ShelfWriter) -> None:
    findings = [finding.what for finding in check_shelf(writer.layout, writer.shelf).findings]
    if DeskLayout(writer.layout.root.parent).forgetting.exists():
        findings.append("something is to be forgotten and is not yet")
    if findings:
        raise UnsoundShelfError(writer.shelf, findings)


def _synonyms(writer: ShelfWriter) -> bytes:
    """Of customers; a file that could not be used goes nowhere."""
    path = writer.layout.synonyms
    return synonyms_to_give_away(read_synonyms(path), path)


def _write(
    writer: ShelfWriter,
    draft: DeskLayout,
    *,
    now: datetime,
    includes_pending: bool,
    progress: Progress,
) -> BundleReport:
    files.make_directory(draft.root)
    chosen, counts = write_shelf(
        writer,
        draft.shelf(Audience.EXTERNAL),
        now=now,
        includes_pending=includes_pending,
        progress=progress,
    )
    files.write_durably(draft.settings, serving_settings(writer.settings))
    if synonyms := _synonyms(writer):
        shelf = draft.shelf(Audience.EXTERNAL)
        files.write_durably(shelf.synonyms, synonyms)
        files.sync_directory(shelf.root)
    manifest = BundleManifest(
        shelf=writer.shelf,
        kbsearch=kbsearch_version(),
        snapshot=counts.snapshot,
        n_documents=len(chosen.rows),
        n_passages=counts.n_passages,
        includes_pending=includes_pending,
        files=entries_below(draft.root),
    )
    files.write_durably(draft.bundle, manifest.to_bytes())
    files.sync_directory(draft.root)
    findings = bundle_findings(draft)
    if findings:
        raise UnsoundShelfError(writer.shelf, [finding.what for finding in findings])
    return BundleReport(
        path=str(draft.root),
        n_articles=counts.n_articles,
        n_tickets=counts.n_tickets,
        n_passages=counts.n_passages,
        n_embedded=counts.n_embedded,
        n_pending=chosen.n_pending,
        n_expired=chosen.n_expired,
        n_files=len(manifest.files) + 1,
        size_bytes=files.size_bytes(draft.root),
        sha256=files.sha256_of_file(draft.bundle),
        is_replacement=False,
        local_model=local_model(writer.settings),
    )
