"""Zip and tar archives, read in place: what could do harm is refused before anything is read."""

from __future__ import annotations

import os
import re
import stat
import struct
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from io import BufferedReader, FileIO, RawIOBase
from pathlib import Path
from shutil import copyfileobj
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from kbsearch.errors import SourceError
from kbsearch.importers.reading.tar_headers import TarEntry, TarKind, tar_entries
from kbsearch.importers.reading.unpacking import (
    MAX_UNPACKED_BYTES,
    MAX_UNPACKED_FILE_BYTES,
    UNPACKERS,
    BoundedReader,
    SourceFile,
    allowed_bytes,
    shown_name,
    too_large,
)

MAX_ENTRIES = 100_000
"""Files and folders in one archive."""

MAX_DIRECTORY_BYTES = 32 << 20
"""What a zip archive may need to name them."""

_ZIP_ENTRY_SIGN = b"PK\x01\x02"
_COPIED_BYTES = 1 << 20
_DRIVE = re.compile(r"[A-Za-z]:")
_TOO_MANY = f"it holds more than {MAX_ENTRIES:,} entries. Unpack it yourself and give the folder."


def zip_files(path: Path, stack: ExitStack) -> Iterator[tuple[str, SourceFile]]:
    """
    The files of a zip archive, with their names in it.

    Args:
        path: Of the archive.
        stack: Keeps it open.

    Raises:
        SourceError: If it is damaged or encrypted, or made to do harm.
    """
    archive = _opened_zip(path, stack)
    entries = archive.infolist()
    size_bytes = path.stat().st_size
    limit_bytes = allowed_bytes(size_bytes, most=MAX_UNPACKED_BYTES)
    if sum(entry.file_size for entry in entries) > limit_bytes:
        raise too_large(path, limit_bytes)
    if sum(entry.compress_size for entry in entries) > size_bytes:
        raise SourceError(path, "its entries lie over one another.")
    for entry in entries:
        name = _name_within(path, entry.filename)
        _require_plain_zip_entry(path, entry)
        if name and not entry.filename.endswith(("/", "\\")):
            yield name, SourceFile(name, partial(_zip_entry, archive, entry), entry.file_size)


def _opened_zip(path: Path, stack: ExitStack) -> ZipFile:
    with _reporting(path):
        return stack.enter_context(ZipFile(stack.enter_context(_ZipBytes(path))))


@contextmanager
def _reporting(path: Path | str) -> Iterator[None]:
    """Turn what zipfile raises of headers that make no sense into the library's error."""
    try:
        yield
    except _ZIP_ERRORS:
        raise SourceError(path, "it is no zip archive, or it is damaged.") from None


_ZIP_ERRORS = (
    *(BadZipFile, NotImplementedError, RuntimeError, EOFError),
    *(ValueError, OverflowError, IndexError, struct.error),
)


class _ZipBytes(BufferedReader):
    """An archive's bytes; a directory of too many entries is refused before it is parsed."""

    def __init__(self, path: Path) -> None:
        super().__init__(FileIO(path))
        self._path = path

    def read(self, size: int | None = -1, /) -> bytes:
        """As any file; zipfile reads the directory at once."""
        if size is not None and size > MAX_DIRECTORY_BYTES:
            raise SourceError(self._path, _TOO_MANY)
        found = super().read(size)
        if found.count(_ZIP_ENTRY_SIGN) > MAX_ENTRIES:
            raise SourceError(self._path, _TOO_MANY)
        return found


def _require_plain_zip_entry(path: Path, entry: ZipInfo) -> None:
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _not_a_file(path, entry.filename)
    if entry.flag_bits & 1:
        reason = "it is encrypted. Unpack it with its password and give the folder."
        raise SourceError(path, reason)
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        # zipfile unpacks other methods without a limit: kilobytes to gigabytes in one step
        reason = "it is compressed in a way that is not read. Unpack it yourself."
        raise SourceError(path, reason)


def _zip_entry(archive: ZipFile, entry: ZipInfo) -> RawIOBase:
    limit_bytes = allowed_bytes(entry.compress_size, most=MAX_UNPACKED_FILE_BYTES)
    name = shown_name(entry.filename)
    with _reporting(name):
        return BoundedReader(archive.open(entry), limit_bytes=limit_bytes, name=name)


def tar_files(path: Path, stack: ExitStack) -> Iterator[tuple[str, SourceFile]]:
    """
    The files of a tar archive, with their names in it.

    A compressed one is unpacked into a file without a name, which nobody else
    can open and which is gone when it is closed.

    Args:
        path: Of the archive.
        stack: Keeps it open.

    Raises:
        SourceError: If it is damaged, or made to do harm.
    """
    packed = stack.enter_context(path.open("rb"))
    descriptor = packed.fileno()
    unpack = UNPACKERS.get(_TAR_SUFFIXES.get(path.suffix.lower(), path.suffix.lower()))
    if unpack is not None:
        limit_bytes = allowed_bytes(path.stat().st_size, most=MAX_UNPACKED_BYTES)
        bounded = BoundedReader(unpack(packed), limit_bytes=limit_bytes, name=str(path))
        unpacked = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
        copyfileobj(bounded, unpacked, _COPIED_BYTES)
        unpacked.flush()
        descriptor = unpacked.fileno()
    for number, entry in enumerate(tar_entries(path, descriptor)):
        if number >= MAX_ENTRIES:
            raise SourceError(path, _TOO_MANY)
        name = _name_within(path, entry.name)
        if entry.kind is TarKind.OTHER:
            raise _not_a_file(path, entry.name)
        if entry.kind is TarKind.FILE:
            yield name, SourceFile(name, partial(_Slice, descriptor, entry), entry.size_bytes)


_TAR_SUFFIXES = {".tgz": ".gz", ".tbz": ".bz2", ".tbz2": ".bz2"}


class _Slice(RawIOBase):
    """The bytes of one entry, wherever others are being read meanwhile."""

    def __init__(self, descriptor: int, entry: TarEntry) -> None:
        self._descriptor = descriptor
        self._at, self._end = entry.start, entry.start + entry.size_bytes

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer; 0 at the end."""
        n_bytes = min(len(buffer), self._end - self._at)
        found = os.pread(self._descriptor, n_bytes, self._at)
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)


def _name_within(path: Path, name: str) -> str:
    """An entry's name, which must lie within the archive."""
    posix = name.replace("\\", "/")
    parts = [part for part in posix.split("/") if part not in ("", ".")]
    if posix.startswith("/") or ".." in parts or _DRIVE.match(posix):
        reason = f"its entry {shown_name(name)!r} would lie outside of it."
        raise SourceError(path, reason)
    return "/".join(parts)


def _not_a_file(path: Path, name: str) -> SourceError:
    reason = f"its entry {shown_name(name)!r} is no file: a link, a device or a pipe."
    return SourceError(path, reason)
