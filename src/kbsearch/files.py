"""
Every file operation of the derived indexes, so that tests can watch, fail or kill at each.

Nothing is ever changed in place: a file is written beside, fsynced, re-read by
its reader's own code, then renamed; a rename is made durable by fsyncing the
directory.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from kbsearch.errors import StoreUnavailableError

_CHUNK_BYTES = 1 << 20


@contextmanager
def reporting(path: Path) -> Iterator[None]:
    """Turn the operating system's error into the library's, keeping it as the cause."""
    try:
        yield
    except OSError as error:
        raise StoreUnavailableError(path, error.strerror or str(error)) from error


def make_directory(path: Path) -> None:
    """Create a directory only its owner may enter; the parent must exist."""
    with reporting(path):
        path.mkdir(mode=0o700, exist_ok=True)
        path.chmod(0o700)


def write_durably(path: Path, content: bytes | memoryview) -> None:
    """Write a new file (mode 0600) and fsync it. Replaces nothing but leftovers."""
    with reporting(path):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def replace(source: Path, target: Path) -> None:
    """Rename over `target` in one step."""
    with reporting(target):
        source.replace(target)


def sync_directory(path: Path) -> None:
    """Make renames and new names in a directory survive a power cut."""
    with reporting(path):
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def read_bytes(path: Path) -> bytes:
    """Read a whole file into memory (never mapped: truncating a mapped file kills its reader)."""
    with reporting(path):
        return path.read_bytes()


def remove_tree(path: Path) -> None:
    """Remove a file or directory that no reader needs; absent is fine."""
    with reporting(path):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def size_bytes(root: Path) -> int:
    """Bytes of all regular files below `root`; files that vanish meanwhile count nothing."""
    total = 0
    for path in root.rglob("*"):
        try:
            total += path.lstat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total


def written_at(path: Path) -> datetime:
    """When a file or directory was last written, as the file system says."""
    with reporting(path):
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)


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
