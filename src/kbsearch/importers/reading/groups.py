"""Rows by what they belong to, as many as there may be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack

from kbsearch.importers.fields import Fields
from kbsearch.importers.places import ImportProblem, Place, RecordError
from kbsearch.store.spool import Spool

_ORPHAN = "what it belongs to is not in the export"


class Group:
    """
    Rows of a table by what they belong to, e.g. comments by ticket.

    They are read at the first use; where they are many they are kept on disk.

    Args:
        rows: The table.
        by: The field that names what a row belongs to.
        stack: Frees what they take up.
    """

    def __init__(self, rows: Iterator[Fields | ImportProblem], by: str, stack: ExitStack) -> None:
        self._unread: Iterator[Fields | ImportProblem] | None = rows
        self._by = by
        self._rows, self._problems = Spool(), Spool()
        stack.callback(self._rows.close)
        stack.callback(self._problems.close)

    @property
    def problems(self) -> Iterator[ImportProblem]:
        """The rows that cannot be read, or do not say what they belong to in a way that can."""
        self._read()
        for text in self._problems.remaining():
            *place, reason = json.loads(text)
            yield ImportProblem(Place(*place), reason)

    def of(self, key: str) -> list[Fields]:
        """The rows that belong to one parent, in the order of the export; once."""
        self._read()
        return [_unpacked(text) for text in self._rows.take(key)]

    def unclaimed(self) -> Iterator[ImportProblem]:
        """Rows that nobody asked for: their parent is not in the export."""
        self._read()
        for text in self._rows.remaining():
            yield ImportProblem(_unpacked(text).place, _ORPHAN)

    def _read(self) -> None:
        rows, self._unread = self._unread, None
        for row in rows or ():
            try:
                if isinstance(row, ImportProblem):
                    raise RecordError(row.place, row.reason)
                key = "" if row.raw(self._by) is None else row.identifier(self._by)
            except RecordError as error:
                self._problems.add("", json.dumps([*error.place, error.reason]))
            else:
                self._rows.add(key, json.dumps([*row.place, row.values]))


def _unpacked(text: str) -> Fields:
    *place, values = json.loads(text)
    return Fields(Place(*place), values)
