"""Which files an export consists of, and what in it is not read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from io import FileIO
from pathlib import Path
from typing import NamedTuple

from kbsearch.errors import ConfigError, SourceError
from kbsearch.importers.places import ImportProblem, Place, Skipped
from kbsearch.importers.reading.archives import tar_files, zip_files
from kbsearch.importers.reading.unpacking import SourceFile, reporting, shown_name

LeftOut = ImportProblem | Skipped

_ARCHIVES: dict[str, Callable[[Path, ExitStack], Iterator[tuple[str, SourceFile]]]] = {
    ".zip": zip_files,
    **dict.fromkeys((".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tbz2"), tar_files),
}
_OTHER_ARCHIVES = (".7z", ".rar", ".xz", ".txz", ".zst", ".tzst", ".lz4", ".cab")
_ALL_ARCHIVES = (*_ARCHIVES, *_OTHER_ARCHIVES)
_LITTER = ("__MACOSX", "Thumbs.db", "desktop.ini")
_NESTED = "an archive within an export is not opened; unpack it first if it belongs to it"
_REPEATED = "the archive holds it twice; the later one was read"
_LEADS_OUT = "it is a link that leads out of the export or nowhere, and was not followed"
_LINKED_FOLDER = "it is a link to a folder, and was not followed"
_NO_FILE = "it is no file: a device, a pipe or a socket"


class Listing(NamedTuple):
    """The files of an export by name, and what else is in it."""

    files: tuple[SourceFile, ...]
    left_out: tuple[LeftOut, ...]


def list_export(path: Path, stack: ExitStack) -> Listing:
    """
    Find the files of a folder or an archive, or take a single file.

    Hidden files are passed over, as is what desktops leave behind.

    Args:
        path: A file, a folder or an archive.
        stack: Keeps an archive open.

    Raises:
        ConfigError: If there is nothing.
        SourceError: If it may not be read, is damaged, or is made to do harm.
    """
    with reporting(path):
        if not _exists(path):
            raise ConfigError(
                f"There is nothing at {str(path)!r}. Give the file, the folder or the archive "
                "that was exported."
            )
        if path.is_dir():
            return _listing(_in_folder(path))
        if not path.is_file():
            raise SourceError(path, "it is neither a file nor a folder.")
        name = path.name.lower()
        if name.endswith(_OTHER_ARCHIVES):
            raise SourceError(path, "archives of this kind are not read. Unpack it yourself.")
        for suffix, files_of in _ARCHIVES.items():
            if name.endswith(suffix):
                return _listing(files_of(path, stack))
        return Listing((_file(path.name, path),), ())


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except ValueError:  # its name holds a NUL
        return False


def _listing(found: Iterator[tuple[str, SourceFile | LeftOut]]) -> Listing:
    files: dict[str, SourceFile] = {}
    left_out: list[LeftOut] = []
    for name, each in sorted(found, key=lambda pair: pair[0]):
        if _is_hidden(name):
            continue
        if not isinstance(each, SourceFile):
            left_out.append(each)
        elif name.lower().endswith(_ALL_ARCHIVES):
            left_out.append(Skipped(Place(each.name), _NESTED))
        else:
            if name in files:
                left_out.append(ImportProblem(Place(each.name), _REPEATED))
            files[name] = each
    return Listing(tuple(files.values()), tuple(left_out))


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") or part in _LITTER for part in name.split("/"))


def _in_folder(root: Path) -> Iterator[tuple[str, SourceFile | LeftOut]]:
    waiting = [root]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                path = Path(entry.path)
                name = path.relative_to(root).as_posix()
                if _is_hidden(entry.name):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(path)
                elif entry.is_symlink():
                    yield name, _linked(name, path, root)
                elif entry.is_file():
                    yield name, _file(name, path)
                else:
                    yield name, ImportProblem(Place(shown_name(name)), _NO_FILE)


def _linked(name: str, link: Path, root: Path) -> SourceFile | ImportProblem:
    place = Place(shown_name(name))
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):  # dangling, or in a circle
        return ImportProblem(place, _LEADS_OUT)
    if not target.is_relative_to(root.resolve()):
        return ImportProblem(place, _LEADS_OUT)
    if target.is_dir():
        return ImportProblem(place, _LINKED_FOLDER)
    return _file(name, target) if target.is_file() else ImportProblem(place, _NO_FILE)


def _file(name: str, path: Path) -> SourceFile:
    return SourceFile(name, partial(FileIO, path), path.stat().st_size)
