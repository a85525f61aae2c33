"""Proving a bundle where it lies: every byte is the listed one, and there is nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from kbsearch import files
from kbsearch.checking import check_shelf
from kbsearch.config import SECTIONS_FOR_SERVING, load_settings
from kbsearch.errors import ConfigError, KbSearchError, StoreError
from kbsearch.layout import DeskLayout, ShelfLayout
from kbsearch.models import Audience, CheckFinding, CheckReport
from kbsearch.sharing.bundles.manifest import BundleManifest, read_bundle_manifest
from kbsearch.store import RecordReader

EXPORT_AGAIN = "Take it from its readers, export it again from its desk and copy that."
_SHELF = Audience.EXTERNAL.value


def check_bundle_here(layout: DeskLayout) -> CheckReport:
    """
    Verify a bundle without the desk that it came from.

    Every file is the listed one and no other is there; records and snapshot are whole;
    nothing in them tells of documents that do not stand there. Whoever can write
    the bundle can write its list too: compare the sha256 of BUNDLE with that which the export
    told. Whether its texts are for customers only its desk knows.
    """
    shelf = check_shelf(layout.shelf(Audience.EXTERNAL), _SHELF)
    findings = [*_faults_of_files(layout), *_faults_of_shelf(layout)]
    found = [finding_of(what) for what in dict.fromkeys(findings)]
    found += [each.model_copy(update={"remedy": EXPORT_AGAIN}) for each in shelf.findings]
    n_files = sum(1 for _ in files.files_below(layout.root))
    return shelf.model_copy(
        update={
            "findings": tuple(found),
            "n_files": n_files,
            "bundle_sha256": files.sha256_of_file(layout.bundle),
        }
    )


def bundle_findings(layout: DeskLayout) -> tuple[CheckFinding, ...]:
    """What `check_bundle_here` finds."""
    return check_bundle_here(layout).findings


def finding_of(what: str) -> CheckFinding:
    """Something wrong with a bundle: nothing in one is repaired."""
    return CheckFinding(shelf=_SHELF, what=what, remedy=EXPORT_AGAIN)


def _faults_of_files(layout: DeskLayout) -> Iterator[str]:
    try:
        listed = read_bundle_manifest(layout).files
        there = sorted(path for path in layout.root.rglob("*") if path != layout.bundle)
    except (KbSearchError, OSError) as error:
        yield str(error)
        return
    folders = {str(parent) for name in listed for parent in PurePosixPath(name).parents}
    names = {str(path.relative_to(layout.root)): path for path in there}
    for name in sorted(listed.keys() - names.keys()):
        yield f"{name!r} is missing"
    for name, path in names.items():
        is_link = path.is_symlink()
        if path.is_dir() and not is_link and name in folders:
            continue
        if name not in listed:
            yield f"{name!r} is not in the list of this bundle"
        elif is_link or not path.is_file():
            yield f"{name!r} is no plain file"
        else:
            yield from _faults_of_file(path, name, listed[name].size_bytes, listed[name].sha256)


def _faults_of_file(path: Path, name: str, size_bytes: int, sha256: str) -> Iterator[str]:
    try:
        if path.stat().st_size != size_bytes:
            yield f"{name!r} has {path.stat().st_size} bytes instead of {size_bytes}"
        elif files.sha256_of_file(path) != sha256:
            yield f"{name!r} is not the file that was exported: its sha256 is another"
    except (StoreError, OSError) as error:
        yield f"{name!r} cannot be read: {error}"


def _faults_of_shelf(layout: DeskLayout) -> Iterator[str]:
    """What the list cannot know, if it was written by somebody else: history and settings."""
    yield from _faults_of_settings(layout)
    shelf = layout.shelf(Audience.EXTERNAL)
    try:
        records = RecordReader(shelf.records, _SHELF)
    except KbSearchError:
        return  # which the check of the shelf has found
    try:
        yield from (f"records.sqlite tells of what is not there: {w}" for w in records.history())
        yield from _faults_of_counts(layout, shelf, records)
    except KbSearchError as error:
        yield str(error)
    finally:
        records.close()


def _faults_of_settings(layout: DeskLayout) -> Iterator[str]:
    try:
        given = load_settings(layout.settings).model_fields_set
    except ConfigError as error:
        yield str(error)
        return
    for section in sorted(given - set(SECTIONS_FOR_SERVING)):
        yield f"kbsearch.toml has settings that serving does not need: [{section}]"


def _faults_of_counts(
    layout: DeskLayout, shelf: ShelfLayout, records: RecordReader
) -> Iterator[str]:
    try:
        manifest = read_bundle_manifest(layout)
    except StoreError:
        return  # found before
    n_passages, _, _ = records.count_tokens(records.fingerprint_key() or "")
    if (records.count(), n_passages) != (manifest.n_documents, manifest.n_passages):
        yield (
            f"{records.count()} documents and {n_passages} passages stand in it instead of "
            f"{manifest.n_documents} and {manifest.n_passages}"
        )
    if shelf.snapshots() != [manifest.snapshot]:
        yield f"snapshots {shelf.snapshots()} stand in it instead of {manifest.snapshot} alone"


def manifest_of(layout: DeskLayout) -> BundleManifest | None:
    """The list of a bundle; None if it cannot be read, which is a finding of its own."""
    try:
        return read_bundle_manifest(layout)
    except StoreError:
        return None
