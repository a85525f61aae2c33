"""Rows out of SQL dumps, as mysqldump and pg_dump write them; no statement is ever run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum
from io import TextIOWrapper
from typing import NamedTuple

from kbsearch.importers.fields import Fields
from kbsearch.importers.places import ImportProblem, Place
from kbsearch.importers.reading.cutting import (
    ENDS_IN_THE_MIDDLE,
    DoubtfulTextError,
    EndOfTextError,
    RefusedValueError,
    Window,
)
from kbsearch.importers.reading.encodings import UNDECODED, pieces_of, undecoded_reason
from kbsearch.importers.reading.sql_dialects import (
    IDENTIFIER,
    MYSQL,
    STANDARD,
    UNTOLD,
    Cells,
    copied_cells,
    created_columns,
    identifiers,
    row_cells,
)

_MAX_HEAD_CHARACTERS = 1 << 16
_MAX_TABLES = 10_000
_TABLE = rf"({IDENTIFIER}(?:\s*+\.\s*+{IDENTIFIER})*+)\s*+"
_COLUMNS = rf"(?:\(\s*+({IDENTIFIER}(?:\s*+,\s*+{IDENTIFIER})*+)\s*+\))?+\s*+"
_INSERTS = re.compile(
    r"(?:INSERT|REPLACE)\s++(?:(?:IGNORE|DELAYED|LOW_PRIORITY|HIGH_PRIORITY)\s++)*+INTO\s++"
    rf"{_TABLE}{_COLUMNS}(?:OVERRIDING\s++\w++\s++VALUE\s++)?+VALUES?+",
    re.IGNORECASE,
)
_COPIES = re.compile(
    rf"COPY\s++{_TABLE}{_COLUMNS}FROM\s++stdin\b[^;\n]*+;[ \t\r]*+\n", re.IGNORECASE
)
_CREATES = re.compile(
    r"CREATE\s++(?:(?:UNLOGGED|TEMPORARY)\s++)?+TABLE\s++(?:IF\s++NOT\s++EXISTS\s++)?+"
    rf"{_TABLE}()(?=\()",
    re.IGNORECASE,
)
_SIGN_OF_STANDARD = re.compile(
    r"-- PostgreSQL|SET standard_conforming_strings = on|COPY\s|PRAGMA\s|BEGIN TRANSACTION"
)
_SIGN_OF_MYSQL = re.compile(r"-- (?:MySQL|MariaDB|phpMyAdmin|Adminer)|/\*M?!")
_LINE_TO_SKIP = re.compile(r"--|#|\\|DELIMITER\s", re.IGNORECASE)
_BETWEEN_STATEMENTS = re.compile(r"[\s;]*+")
_BETWEEN_ROWS = re.compile(r"[\s,]*+")
_MAX_MARK_CHARACTERS = 65
_QUOTE_OR_COMMENT = re.compile(r"--|/\*|\$\w{0,63}\$")
_ENDS = {"--": "\n", "/*": "*/"}  # a dollar quote ends as it begins


def sql_rows(
    name: str, text: TextIOWrapper, tables: frozenset[str]
) -> Iterator[Fields | ImportProblem]:
    """
    The rows of some tables in a dump, each value a text or None.

    `COPY … FROM stdin` blocks and `INSERT INTO … VALUES` statements are read;
    where neither names its columns, `CREATE TABLE` has to stand before.

    Args:
        name: Of the file, for the places.
        text: Of the file, at its beginning.
        tables: Lower-case names, with or without a schema.
    """
    dump = _Dump(pieces_of(text), undecoded_reason(text))
    try:
        for part in dump.parts():
            if not part.is_about(tables):
                continue
            if not part.columns:
                reason = "its columns are not named, nor is the table defined before it"
                yield ImportProblem(Place(name, line=part.line), reason)
                continue
            for row in dump.rows(part):
                place = Place(name, line=row.line, position=row.position)
                if row.reason:
                    yield ImportProblem(place, row.reason)
                elif len(row.cells) != len(part.columns):
                    n_cells = f"it has {len(row.cells)} values for {len(part.columns)} columns"
                    yield ImportProblem(place, n_cells)
                else:
                    yield Fields(place, dict(zip(part.columns, row.cells, strict=True)))
    except EndOfTextError:
        yield ImportProblem(Place(name), ENDS_IN_THE_MIDDLE)
    except DoubtfulTextError:
        yield ImportProblem(Place(name), _DOUBTFUL)


_DOUBTFUL = (
    "it is not clear whether a backslash in it escapes a quote, and nothing behind that was read; "
    "export it again with the comments at its beginning, which name the database"
)


def sql_outline(pieces: Iterator[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Names of the tables in a dump, without their schemas, each with its columns."""
    dump = _Dump(pieces, "")
    try:
        for part in dump.parts():
            yield part.name, frozenset(part.columns)
    except (EndOfTextError, DoubtfulTextError):
        pass  # an outline is made of the beginning of a file


class _RowsAre(Enum):
    COPIED = "copied"
    INSERTED = "inserted"
    NONE = "none"


_HEADS = {_RowsAre.INSERTED: _INSERTS, _RowsAre.COPIED: _COPIES, _RowsAre.NONE: _CREATES}


class _Part(NamedTuple):
    """
    A statement that makes or fills a table.

    `columns` is empty if they are not known; `rows` is how its rows are written.
    """

    line: int
    name: str
    full_name: str
    columns: tuple[str, ...]
    rows: _RowsAre

    def is_about(self, tables: frozenset[str]) -> bool:
        """Whether it holds rows of one of these tables."""
        return self.rows is not _RowsAre.NONE and not tables.isdisjoint((self.name, self.full_name))


class _Row(NamedTuple):
    """The cells of a row, or why it has none; `position` within its statement."""

    line: int
    position: int | None
    cells: Cells
    reason: str = ""


class _Dump:
    """
    Goes through a dump statement by statement.

    It knows strings and comments: what a customer wrote is never taken for a statement.
    """

    def __init__(self, pieces: Iterator[str], undecoded: str) -> None:
        self._window = Window(pieces)
        self._undecoded = undecoded
        self._dialect = UNTOLD
        self._columns: dict[str, tuple[str, ...]] = {}
        self._is_unread = False

    def parts(self) -> Iterator[_Part]:
        """
        The statements about tables; rows that were not asked for are passed over.

        Raises:
            EndOfTextError: If the dump ends within a statement.
            DoubtfulTextError: If it is not clear where a text in it ends.
        """
        window = self._window
        while window.peek(_BETWEEN_STATEMENTS):
            window.has_ahead(_MAX_HEAD_CHARACTERS)
            if _SIGN_OF_MYSQL.match(window.text, window.at):
                self._dialect = MYSQL
            elif self._dialect is UNTOLD and _SIGN_OF_STANDARD.match(window.text, window.at):
                self._dialect = STANDARD
            if _LINE_TO_SKIP.match(window.text, window.at):
                window.skip_past("\n")
                continue
            if window.text.startswith("/*", window.at):
                window.skip_past("*/")
                continue
            part = self._part()
            if part is None:
                self._skip_statement()
                continue
            self._is_unread = True
            yield part
            if self._is_unread and part.rows is _RowsAre.COPIED:
                window.at -= 1  # the line end of its head: its rows may be none
                if not window.skip_past("\n\\."):
                    raise EndOfTextError
            elif self._is_unread:
                self._skip_statement()

    def rows(self, part: _Part) -> Iterator[_Row]:
        """
        The rows of the part that was given last.

        Raises:
            EndOfTextError: If the dump ends within them.
            DoubtfulTextError: If it is not clear where a text in them ends.
        """
        self._is_unread = False
        return self._copied() if part.rows is _RowsAre.COPIED else self._inserted()

    def _part(self) -> _Part | None:
        window = self._window
        matches = ((rows, head.match(window.text, window.at)) for rows, head in _HEADS.items())
        rows, found = next(((r, match) for r, match in matches if match), (_RowsAre.NONE, None))
        if found is None:
            return None
        if "`" in found[0]:
            self._dialect = MYSQL
        line = window.line
        window.at = found.end()
        full_name = ".".join(identifiers(found[1])).lower()
        columns = identifiers(found[2] or "")
        if rows is _RowsAre.NONE and len(self._columns) < _MAX_TABLES:
            with suppress(RefusedValueError):
                body = window.cut(self._dialect.rows)
                self._columns[full_name] = created_columns(body, self._dialect)
        columns = columns or self._columns.get(full_name, ())
        return _Part(line, full_name.rpartition(".")[2], full_name, columns, rows)

    def _copied(self) -> Iterator[_Row]:
        window = self._window
        while True:
            line = window.line
            try:
                text = window.line_text()
            except RefusedValueError as error:
                yield _Row(line, None, [], error.reason)
                continue
            if text == r"\.":
                return
            reason = self._undecoded if UNDECODED in text else ""
            yield _Row(line, None, copied_cells(text), reason)

    def _inserted(self) -> Iterator[_Row]:
        window = self._window
        position = 0
        while (character := window.peek(_BETWEEN_ROWS)) == "(":
            line = window.line
            try:
                text = window.cut(self._dialect.rows)
                reason = self._undecoded if UNDECODED in text else ""
                yield _Row(line, position, row_cells(text, self._dialect), reason)
            except RefusedValueError as error:
                yield _Row(line, position, [], error.reason)
            position += 1
        if not character:
            raise EndOfTextError
        self._skip_statement()

    def _skip_statement(self) -> None:
        window, grammar = self._window, self._dialect.statements
        while True:
            window.skip(grammar.plain)
            if not window.has_ahead(1):
                raise EndOfTextError
            window.has_ahead(_MAX_MARK_CHARACTERS)
            character = window.text[window.at]
            if character in grammar.quotes:
                window.skip_string(grammar)
            elif character == ";":
                window.at += 1
                return
            elif mark := _QUOTE_OR_COMMENT.match(window.text, window.at):
                window.at = mark.end()
                if not window.skip_past(_ENDS.get(mark[0], mark[0])):
                    raise EndOfTextError
            else:
                window.at += 1
