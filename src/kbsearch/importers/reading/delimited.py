"""Rows out of CSV and TSV files."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import TextIOWrapper
from typing import Any, NamedTuple

from kbsearch.importers.fields import Fields
from kbsearch.importers.places import ImportProblem, Place
from kbsearch.importers.reading.cutting import (
    ENDS_IN_THE_MIDDLE,
    MAX_RECORD_CHARACTERS,
    TOO_LONG,
    RefusedValueError,
)
from kbsearch.importers.reading.encodings import UNDECODED, undecoded_reason

_DELIMITERS = (",", ";", "\t", "|")
_QUOTED = re.compile(r'"[^"]*+"?')
_LINE_ENDS = ("\n", "\r")


def delimited_rows(name: str, text: TextIOWrapper) -> Iterator[Fields | ImportProblem]:
    """
    The rows of a file with a header, whose delimiter is the one that the header has most of.

    A cell may hold newlines within quotes: a row's line is the one that it begins
    on. Columns of one name give a list of what their cells hold.

    Args:
        name: Of the file, for the places.
        text: Of the file at its beginning, line ends as they are.
    """
    records = _records(text)
    header = next(records, None)
    if header is None:
        return
    if header.reason:
        yield ImportProblem(Place(name, line=header.line), f"as a header, {header.reason}")
        return
    columns = [cell.strip() for cell in header.cells]
    repeated = {column for column, n_times in Counter(columns).items() if n_times > 1}
    for record in records:
        place = Place(name, line=record.line)
        if record.reason:
            yield ImportProblem(place, record.reason)
        elif len(record.cells) != len(columns):
            n_cells = f"it has {len(record.cells)} cells where the header has {len(columns)}"
            reason = n_cells if record.is_complete else ENDS_IN_THE_MIDDLE
            yield ImportProblem(place, reason)
        elif repeated:
            yield Fields(place, _with_lists(columns, record.cells, repeated))
        else:
            yield Fields(place, dict(zip(columns, record.cells, strict=True)))


def _with_lists(columns: list[str], cells: list[str], repeated: set[str]) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(columns, "")
    for column, cell in zip(columns, cells, strict=True):
        if column not in repeated:
            row[column] = cell
        elif cell:
            row[column] = [*row[column], cell]
    return row


class _Record(NamedTuple):
    """The cells of a record, or why it has none; `is_complete` if a line end follows it."""

    line: int
    cells: list[str]
    reason: str
    is_complete: bool


def _records(text: TextIOWrapper) -> Iterator[_Record]:
    # The limit is the module's, for all threads; a lower one elsewhere would only report more.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_RECORD_CHARACTERS))
    undecoded = undecoded_reason(text)
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=_delimiter_of(lines.first), strict=True)
    while True:
        lines.begin_record()
        cells: list[str] = []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except RefusedValueError as error:
            reason = error.reason
        except csv.Error:
            reason = ENDS_IN_THE_MIDDLE if lines.is_at_end else "its quotes cannot be understood"
        else:
            reason = ""
        if lines.has_undecoded:
            reason = undecoded
        elif lines.has_nul:
            reason = "it holds NUL bytes: the file is damaged, or in another encoding"
        if cells or reason:
            yield _Record(lines.record_line, cells, reason, lines.is_complete)


def _delimiter_of(header: str) -> str:
    bare = _QUOTED.sub("", header)
    return max(_DELIMITERS, key=bare.count)  # the first of equals: a single column has none


class _Lines:
    """The lines of a file for the csv module; what the current record holds is watched here."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self.first = self._ahead = text.readline(MAX_RECORD_CHARACTERS + 1)
        self._line = 0
        self.is_at_end = False
        self.is_complete = True
        self.begin_record()

    def begin_record(self) -> None:
        """The next line begins a record."""
        self.record_line = self._line + 1
        self.has_undecoded = self.has_nul = False
        self._n_characters = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        part = self._ahead or self._text.readline(MAX_RECORD_CHARACTERS + 1)
        self._ahead = ""
        if not part:
            self.is_at_end = True
            raise StopIteration
        self._line += 1
        self._n_characters += len(part)
        self.is_complete = part.endswith(_LINE_ENDS)
        if self._n_characters > MAX_RECORD_CHARACTERS:
            while part and not part.endswith(_LINE_ENDS):
                part = self._text.readline(MAX_RECORD_CHARACTERS)
            raise RefusedValueError(TOO_LONG)
        self.has_undecoded = self.has_undecoded or UNDECODED in part
        self.has_nul = self.has_nul or "\0" in part
        return part
