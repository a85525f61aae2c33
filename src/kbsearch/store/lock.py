"""One writer per shelf, across threads and processes."""

from __future__ import annotations

import errno
import fcntl
import os
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kbsearch.errors import LockedError
from kbsearch.files import reporting
from kbsearch.locks import ForkSafeLock

_BETWEEN_TRIES_S = 0.02
_FLOCK = struct.Struct("hhqqi4x")  # Linux, 64 bits: type, whence, start, length, pid

_HELD_HERE: dict[tuple[int, str], threading.Lock] = {}  # by process: a fork copies held ones
_HELD_HERE_GUARD = ForkSafeLock()


@contextmanager
def writer_lock(
    path: Path, shelf: str, *, timeout_s: float = 0.0, doing: str = "written"
) -> Iterator[None]:
    """
    Hold a shelf's lock, or say who does.

    `lockf` locks belong to a process: they end with it, a forked child does not
    inherit them, and they do not part threads, so a mutex per path does that.

    Args:
        path: The shelf's LOCK file; made if it is not there.
        shelf: Its name, for the error.
        timeout_s: How long to wait for another thread or process.
        doing: What its holder does to the shelf, for the error.

    Raises:
        LockedError: If another process, or another thread still, holds it.
        StoreUnavailableError: If the file cannot be opened or locked at all.
    """
    mutex = _mutex_of(path)
    deadline = time.monotonic() + timeout_s
    if not mutex.acquire(timeout=timeout_s):
        raise LockedError(shelf, os.getpid(), doing=doing)
    try:
        with reporting(path):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            with reporting(path):
                while not _is_locked(descriptor):
                    if time.monotonic() >= deadline:
                        raise LockedError(shelf, _holder(descriptor), doing=doing)
                    time.sleep(_BETWEEN_TRIES_S)
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
            yield
        finally:
            os.close(descriptor)  # closing releases the lock
    finally:
        mutex.release()


def is_writer_at_work(path: Path) -> bool:
    """
    Whether a shelf's lock is held, by whomever; no byte is changed and nobody waits.

    A lock file that is not there or may not be read tells of no writer.
    """
    mutex = _mutex_of(path)
    if not mutex.acquire(blocking=False):
        return True
    try:
        descriptor = os.open(path, os.O_RDONLY)  # not earlier: closing one releases a held lock
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError as error:
            return error.errno in (errno.EACCES, errno.EAGAIN)
        finally:
            os.close(descriptor)
    except OSError:
        return False
    finally:
        mutex.release()
    return False


def _mutex_of(path: Path) -> threading.Lock:
    """What parts this process's threads."""
    with _HELD_HERE_GUARD:
        return _HELD_HERE.setdefault((os.getpid(), os.path.realpath(path)), threading.Lock())


def _is_locked(descriptor: int) -> bool:
    """Whether the lock could be taken."""
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EAGAIN):
            raise  # no lock service, an interrupted call: nobody holds it
        return False
    return True


def _holder(descriptor: int) -> int | None:
    """Who holds it: as the kernel says, which knows it before the holder has written it down."""
    question = _FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    try:
        answer = fcntl.fcntl(descriptor, fcntl.F_GETLK, question)
        kind, _, _, _, pid = _FLOCK.unpack(answer)
    except (OSError, struct.error):  # another system's record
        kind, pid = fcntl.F_UNLCK, 0
    if kind != fcntl.F_UNLCK and pid > 0:
        return int(pid)
    content = os.pread(descriptor, 32, 0).decode("ascii", errors="replace").strip()
    return int(content) if content.isdigit() else None
