"""Threads beside each other: locks that a forked child can use, and turns in long loops."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Iterator
from functools import cache
from types import TracebackType
from typing import TypeVar
from weakref import WeakSet

_Item = TypeVar("_Item")
_ITEMS_A_TURN = 128


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


def taking_turns(items: Iterable[_Item]) -> Iterator[_Item]:
    """
    The same items, with a turn for other threads now and then.

    Python lets a waiting thread wait for 5 ms each time it needs the interpreter,
    and a search needs it dozens of times: beside a long loop it would take ten
    times as long.
    """
    for number, item in enumerate(items):
        if number % _ITEMS_A_TURN == 0:
            time.sleep(0)
        yield item


@cache
def _locks() -> WeakSet[ForkSafeLock]:
    """All that there are; renewed in every child from the first one on."""
    found: WeakSet[ForkSafeLock] = WeakSet()

    def renew_all() -> None:
        for lock in list(found):
            lock.renew()

    os.register_at_fork(after_in_child=renew_all)
    return found
