"""Connections to one records.sqlite, each in the hands of one thread at a time."""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kbsearch import files
from kbsearch.errors import ClosedError, StoreUnavailableError
from kbsearch.store import schema

_MAX_IDLE = 8


class Connections:
    """
    Lends connections out, from any thread and after any fork.

    SQLite crashes when a connection is closed while another thread executes on
    it, so one is closed only by the thread that has it, or while nobody has it.

    Args:
        path: An existing records.sqlite.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_closed = False
        self._begin()
        _ALL.add(self)

    @contextmanager
    def taken(self) -> Iterator[sqlite3.Connection]:
        """
        One for this thread alone; inside of such a block, the same one again.

        Raises:
            ClosedError: If `close` was called before.
            StoreError: If the file cannot be opened.
        """
        held = self.held()
        if held is not None:
            yield held
            return
        own = self._own  # a child that is forked in here has another
        connection = own.connection = self._take()
        try:
            yield connection
        finally:
            own.connection = None
            self._give_back(connection)

    def held(self) -> sqlite3.Connection | None:
        """The one that this thread has taken, if it has."""
        found: sqlite3.Connection | None = getattr(self._own, "connection", None)
        return found

    def close(self) -> None:
        """Lend no more; those that are out close when they come back."""
        with self._lock:
            self._is_closed = True
            idle = self._idle.copy()
            self._idle.clear()
            for connection in idle:
                del self._open[connection]
                connection.close()

    def inherit(self) -> object:
        """Begin anew in a forked child; returns what must be kept and never closed there."""
        inherited = (self._open, self._own)
        self._begin()
        return inherited

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._own = threading.local()
        self._open: dict[sqlite3.Connection, tuple[int, int]] = {}
        self._idle: list[sqlite3.Connection] = []

    def _take(self) -> sqlite3.Connection:
        if self._is_closed:
            raise ClosedError(self._path)
        file = self._file()
        with self._lock:
            while self._idle:
                connection = self._idle.pop()
                if self._open[connection] == file:
                    return connection
                del self._open[connection]
                connection.close()  # it would go on reading a file that has been replaced
        connection = schema.connect(self._path)
        with self._lock:
            self._open[connection] = file
        return connection

    def _file(self) -> tuple[int, int]:
        with files.reporting(self._path):
            try:
                found = self._path.stat()
            except FileNotFoundError:
                raise StoreUnavailableError(self._path, "there is no such file") from None
        return found.st_dev, found.st_ino

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if connection not in self._open:
                return  # its parent's: this is a child that was forked meanwhile
            is_kept = (
                not self._is_closed
                and not connection.in_transaction  # which closing takes back
                and len(self._idle) < _MAX_IDLE
            )
            if is_kept:
                self._idle.append(connection)
            else:
                del self._open[connection]
        if not is_kept:
            connection.close()


_ALL: weakref.WeakSet[Connections] = weakref.WeakSet()

_INHERITED: list[object] = []
"""A forked child keeps its parent's connections here: closing one could undo the parent's write."""


def _begin_anew_in_child() -> None:
    _INHERITED.extend([each.inherit() for each in list(_ALL)])


os.register_at_fork(after_in_child=_begin_anew_in_child)
