"""
Every file operation of the derived indexes, so that tests can watch, fail or kill at each.

Nothing is ever changed in place: a file is written beside, fsynced, re-read by
its reader's own code, then renamed; a rename is made durable by fsyncing the
directory.
"""

from __future__ import annotations

import codecs
import ctypes
import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from kbsearch.errors import (
    ConfigError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
    StoreUnavailableError,
)

_CHUNK_BYTES = 1 << 20
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_RIGHTS = {errno.EROFS, errno.EACCES, errno.EPERM}
_CANNOT_EXCHANGE = {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP}
_WORKING_DIRECTORY, _RENAME_EXCHANGE = -100, 2  # of renameat2(2), Linux


@cache
def _c_library() -> Any:
    return ctypes.CDLL(None, use_errno=True)


class Disk:
    """
    What is asked of the operating system, one method per step that can fail or be the last.

    Tests put another one in the place of `files.disk`. All methods raise OSError.
    """

    def make_directory(self, path: Path) -> None:
        """Create a directory that only its owner may enter, or close an existing one to others."""
        path.mkdir(mode=0o700, exist_ok=True)
        path.chmod(0o700)

    def make_parent(self, path: Path) -> None:
        """Create a directory as the umask has it."""
        path.mkdir(exist_ok=True)

    def create(self, path: Path) -> int:
        """Descriptor of a new, empty file (mode 0600) in place of any leftover."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)

    def write(self, descriptor: int, content: memoryview) -> int:
        """Append bytes; returns how many were taken, which may be fewer than given."""
        return os.write(descriptor, content)

    def sync(self, descriptor: int) -> None:
        """Make a file's content survive a power cut; not its name."""
        os.fsync(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        """Give a file or directory another name in one step, over a file that has it."""
        source.replace(target)

    def exchange(self, first: Path, second: Path) -> None:
        """Let two files or directories change names in one step; not every file system can."""
        renameat2 = getattr(_c_library(), "renameat2", None)
        if renameat2 is None:
            raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
        here = _WORKING_DIRECTORY
        if renameat2(here, os.fsencode(first), here, os.fsencode(second), _RENAME_EXCHANGE):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))

    def sync_directory(self, path: Path) -> None:
        """Make the names in a directory survive a power cut."""
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def remove_file(self, path: Path) -> None:
        """Remove a file or a link."""
        path.unlink()

    def remove_directory(self, path: Path) -> None:
        """Remove an empty directory."""
        path.rmdir()

    def read(self, path: Path) -> bytes:
        """A whole file."""
        return path.read_bytes()


disk = Disk()


@contextmanager
def reporting(path: Path) -> Iterator[None]:
    """
    Turn the operating system's error into the library's, keeping it as the cause.

    Raises:
        StoreFullError: If there is no room for a write.
        StoreReadOnlyError: If a right is missing, or the file system is read-only.
        StoreUnavailableError: If anything else failed.
    """
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno in _FULL:
            raise StoreFullError(path, reason) from error
        if error.errno in _NO_RIGHTS:
            raise StoreReadOnlyError(path, reason) from error
        raise StoreUnavailableError(path, reason) from error


def make_directory(path: Path) -> None:
    """Create a directory only its owner may enter; the parent must exist."""
    with reporting(path):
        disk.make_directory(path)


def make_parents(path: Path) -> None:
    """Create, durably, the directories above a path that are not there yet."""
    parent = path.parent
    with reporting(parent):
        if parent.is_dir():
            return
        make_parents(parent)
        disk.make_parent(parent)
    sync_directory(parent.parent)


def write_durably(path: Path, content: bytes | memoryview) -> None:
    """Write a new file (mode 0600) and fsync it. Replaces nothing but leftovers."""
    with reporting(path):
        descriptor = disk.create(path)
        try:
            rest = memoryview(content).cast("B")
            while rest:
                n_written = disk.write(descriptor, rest)
                if n_written == 0:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                rest = rest[n_written:]
            disk.sync(descriptor)
        finally:
            os.close(descriptor)


def replace(source: Path, target: Path) -> None:
    """Rename over `target` in one step."""
    with reporting(target):
        disk.rename(source, target)


def exchange(first: Path, second: Path) -> None:
    """
    Let two directories beside each other change names: in one step, or in three renames.

    Where the file system knows no such step, `second` has no directory for a moment; if
    a rename fails, it has the one that it had.
    """
    with reporting(second):
        try:
            disk.exchange(first, second)
        except OSError as error:
            if error.errno not in _CANNOT_EXCHANGE:
                raise
            aside = second.with_name(f".{second.name}.old-{os.getpid()}")
            _remove(aside)  # of a call whose last rename failed
            disk.rename(second, aside)
            try:
                disk.rename(first, second)
            except OSError:
                disk.rename(aside, second)
                raise
            disk.rename(aside, first)


def sync_directory(path: Path) -> None:
    """Make renames and new names in a directory survive a power cut."""
    with reporting(path):
        disk.sync_directory(path)


def read_bytes(path: Path) -> bytes:
    """Read a whole file into memory (never mapped: truncating a mapped file kills its reader)."""
    with reporting(path):
        return disk.read(path)


def read_pieces(path: Path, n_bytes: int, *, overlap: int) -> Iterator[bytes]:
    """A file in pieces, each with the end of the one before, so that nothing falls between two."""
    with reporting(path), path.open("rb") as file:
        end = b""
        while piece := file.read(n_bytes):
            yield end + piece
            end = piece[-overlap:]


def remove_tree(path: Path) -> None:
    """Remove a file or directory that no reader needs; absent is fine, links are not followed."""
    with reporting(path):
        _remove(path)


def _remove(path: Path) -> None:
    try:
        if not path.is_dir() or path.is_symlink():
            disk.remove_file(path)
            return
        for child in sorted(path.iterdir()):
            _remove(child)
        disk.remove_directory(path)
    except FileNotFoundError:
        return  # another one clears up, too


def size_bytes(root: Path) -> int:
    """Bytes of all regular files below `root`; files that vanish meanwhile count nothing."""
    total = 0
    for path in files_below(root):
        try:
            total += path.lstat().st_size
        except FileNotFoundError:
            continue
    return total


def files_below(root: Path) -> Iterator[Path]:
    """Files below `root`; what vanishes meanwhile is passed over."""
    for directory, _, names in os.walk(root):  # `rglob` raises when a directory vanishes
        yield from (path for name in names if (path := Path(directory, name)).is_file())


def sha256_of(content: bytes | memoryview) -> str:
    """Hex sha256."""
    return hashlib.sha256(content).hexdigest()


def sha256_of_file(path: Path) -> str:
    """Hex sha256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with reporting(path), path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def read_handwritten(path: Path, what: str, *, max_bytes: int) -> bytes | None:
    """
    The content of a file that somebody writes beside a shelf; None if there is none.

    Without the mark that some editors put before UTF-8: it is no part of the text.

    Raises:
        ConfigError: If it is a link or no plain file, too large, or cannot be read: a
            link could lead from customers' words to staff's. `what` names its content.
    """
    if not path.is_symlink() and not path.exists():
        return None
    if path.is_symlink() or not path.is_file():
        raise unusable(path, what, "it is no plain file; put the file itself there.")
    try:
        content = read_bytes(path)
    except StoreError as error:
        raise unusable(path, what, f"it cannot be read ({error.__cause__}).") from None
    if len(content) > max_bytes:
        raise unusable(path, what, f"it has {len(content)} bytes of at most {max_bytes}.")
    return content.removeprefix(codecs.BOM_UTF8)


def unusable(path: Path, what: str, reason: str) -> ConfigError:
    """What is wrong with a file that somebody writes beside a shelf."""
    return ConfigError(f"The {what} in {str(path)!r} cannot be used: {reason} Correct the file.")
