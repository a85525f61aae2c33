"""Locks that a forked child can use, whatever its parent's threads held."""

from __future__ import annotations

import os
import threading
from functools import cache
from types import TracebackType
from weakref import WeakSet


class ForkSafeLock:
    """
    A mutex that is free in a forked child.

    A fork copies held locks and not the threads that would release them, so a
    child would wait for ever. What such a lock guards must be fit for use at
    any moment: replaced as a whole, or written before it is announced.
    """

    def __init__(self) -> None:
        self._lock = self._held = threading.Lock()
        _locks().add(self)

    def acquire(self, *, blocking: bool = True) -> bool:
        """Take it; False if it is not free and the caller would not wait."""
        lock = self._lock
        is_taken = lock.acquire(blocking)
        if is_taken:
            self._held = lock
        return is_taken

    def release(self) -> None:
        """Give it back."""
        self._held.release()  # not the new one, if the holder is the thread that forked

    def renew(self) -> None:
        """Be free, whoever holds it."""
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()


@cache
def _locks() -> WeakSet[ForkSafeLock]:
    """All that there are; renewed in every child from the first one on."""
    found: WeakSet[ForkSafeLock] = WeakSet()

    def renew_all() -> None:
        for lock in list(found):
            lock.renew()

    os.register_at_fork(after_in_child=renew_all)
    return found
