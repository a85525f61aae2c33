"""Rows out of JSON files of any size: one value is read at a time, a bad one stops no other."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator
from contextlib import suppress
from io import TextIOWrapper
from typing import Any, NamedTuple, NoReturn

from kbsearch.importers.fields import Fields
from kbsearch.importers.places import ImportProblem, Place
from kbsearch.importers.reading.cutting import (
    ENDS_IN_THE_MIDDLE,
    MAX_DEPTH,
    MAX_RECORD_CHARACTERS,
    TOO_LONG,
    EndOfTextError,
    Grammar,
    Quoting,
    RefusedValueError,
    Window,
)
from kbsearch.importers.reading.encodings import UNDECODED, pieces_of, undecoded_reason

WRAPPERS = frozenset({"data", "records", "result", "results"})
"""Keys that stand around a table in what an API answered."""

MAX_PARTS = 1_000_000
"""Values within one record: a value of two bytes takes sixty of memory."""

N_OUTLINED_ROWS = 3
"""So many rows tell which fields a table has."""

_OPENING = ("[", "{")
_NOT_AN_OBJECT = "it is not an object"
_BLANKS = r"[ \t\r\n]{0,999}+"
# A quote ends a string only before what may follow one. In valid JSON this changes
# nothing; where an exporter forgot to escape a quote, the record still ends where it ends.
_INSIDE = rf'[^"\\]*+(?:(?:\\.|"(?={_BLANKS}[^ \t\r\n,:\]}}]))[^"\\]*+)*+'
_END = rf'"(?={_BLANKS}(?:[,:\]}}]|[ \t\r\n]))'
_JSON = Grammar(
    brackets={"]": "[", "}": "{"},
    quotes={'"': Quoting(re.compile(_INSIDE, re.DOTALL), re.compile(_END))},
    plain=re.compile(rf'[^"\[\]{{}}]*+(?:"{_INSIDE}{_END}[^"\[\]{{}}]*+)*+', re.DOTALL),
)
_BETWEEN = re.compile(r"[ \t\r\n,:]*+")
_MAX_KEYS, _MAX_KEY_CHARACTERS = 1000, 256
_KEY = re.compile(rf'"([^"\\]{{0,{_MAX_KEY_CHARACTERS}}})"')
_BARE_WORD = re.compile(r"[^\[\]{},\"]*+")


def json_rows(
    name: str, text: TextIOWrapper, tables: Container[str], *, bare: bool
) -> Iterator[Fields | ImportProblem]:
    """
    The rows of some tables in a JSON file, in their order.

    A table is an array under its name in the top-level object, or in an object
    there that only wraps it. A file that is called after the table may also be
    an array of rows, one row, or rows one after the other.

    Args:
        name: Of the file, for the places.
        text: Of the file, at its beginning.
        tables: The names.
        bare: Whether the file is called after the table.
    """
    undecoded = undecoded_reason(text)
    position = 0
    for value in _JsonFile(pieces_of(text), tables, bare=bare).values():
        place = Place(name)
        if value.is_row:
            place = Place(name, position=position)
            position += 1
        if value.reason:
            yield ImportProblem(place, value.reason)
        else:
            yield _fields(place, value.text, undecoded, row=value.row)


def json_line_rows(name: str, text: TextIOWrapper) -> Iterator[Fields | ImportProblem]:
    """The rows of a file with one JSON object per line; blank lines count, but are nothing."""
    undecoded = undecoded_reason(text)
    line = 0
    while part := text.readline(MAX_RECORD_CHARACTERS + 1):
        line += 1
        place = Place(name, line=line)
        if len(part) > MAX_RECORD_CHARACTERS:
            while part and not part.endswith("\n"):
                part = text.readline(MAX_RECORD_CHARACTERS)
            yield ImportProblem(place, TOO_LONG)
        elif part.strip():
            row = _fields(place, part, undecoded)
            is_cut_off = isinstance(row, ImportProblem) and not part.endswith("\n")
            yield ImportProblem(place, ENDS_IN_THE_MIDDLE) if is_cut_off else row


def json_outline(pieces: Iterator[str]) -> Iterator[tuple[str | None, frozenset[str]]]:
    """
    Names of arrays in a JSON text, each with the fields of one of its first rows.

    Under None are the fields of rows that stand in no named array, and those of
    the top-level object.
    """
    n_seen: dict[str | None, int] = {}
    reader = _JsonFile(pieces, None, bare=True)
    for value in reader.values():
        n_seen[value.table] = n_seen.get(value.table, 0) + 1
        if not value.reason and n_seen[value.table] <= N_OUTLINED_ROWS:
            row = _fields(Place(""), value.text, "", row=value.row)
            if isinstance(row, Fields):
                yield value.table, frozenset(row.values)
    yield None, frozenset(reader.keys)


class _Value(NamedTuple):
    """What was found for a row, or why not; without `is_row` it concerns the whole file."""

    text: str = ""
    row: Any = None
    reason: str = ""
    is_row: bool = True
    table: str | None = None


class _JsonFile:
    """
    Walks through the outer levels of a file; what belongs to a row is cut out unread.

    Args:
        pieces: The text.
        tables: Names of arrays; None for all.
        bare: Whether rows outside of them are looked for, too.

    Attributes:
        keys: What the top-level object was seen to hold.
    """

    def __init__(self, pieces: Iterator[str], tables: Container[str] | None, *, bare: bool) -> None:
        self._window = Window(pieces)
        self._tables, self._bare = tables, bare
        self._has_table = False
        self.keys: set[str] = set()

    def values(self) -> Iterator[_Value]:
        """The rows that are looked for."""
        try:
            yield from self._top_level()
        except EndOfTextError:
            self._window.unmark()
            yield _Value(reason=ENDS_IN_THE_MIDDLE, is_row=False)

    def _top_level(self) -> Iterator[_Value]:
        window = self._window
        is_first = True
        while character := window.peek(_BETWEEN):
            if character == "[" and self._bare:
                yield from self._elements(None)
            elif character == "{" and (is_first or self._has_table):
                window.mark()
                yield from self._members(may_wrap=True)
                if not self._has_table:
                    if not self._bare:
                        return
                    yield self._marked()
            elif character == "{":
                yield self._row(None)
            elif character == "[":
                return
            else:
                yield _Value(reason="it is not JSON", is_row=False)
                return
            is_first = False

    def _members(self, *, may_wrap: bool) -> Iterator[_Value]:
        """The rows of the tables in an object."""
        window = self._window
        window.at += 1
        while (character := self._next()) != "}":
            if character != '"':
                self._skip()
                continue
            key = self._key()
            if may_wrap and len(self.keys) < _MAX_KEYS:
                self.keys.add(key)
            character = self._next()
            is_table = self._tables is None or key in self._tables
            is_table = is_table or (self._bare and key in WRAPPERS)
            if character == "[" and is_table:
                self._has_table = True
                window.unmark()
                yield from self._elements(key if key not in WRAPPERS else None)
            elif character == "{" and may_wrap and key in WRAPPERS:
                yield from self._members(may_wrap=False)
            elif character == "[":
                self._skip_array()
            elif character != "}":
                self._skip()
        window.at += 1

    def _elements(self, table: str | None) -> Iterator[_Value]:
        """Everything in an array."""
        window = self._window
        window.at += 1
        while (character := self._next()) != "]":
            if character == "{":
                yield self._row(table)
            else:
                yield _Value(reason=self._skip() or _NOT_AN_OBJECT)
        window.at += 1

    def _next(self) -> str:
        character = self._window.peek(_BETWEEN)
        if not character:
            raise EndOfTextError
        return character

    def _key(self) -> str:
        window = self._window
        window.has_ahead(_MAX_KEY_CHARACTERS + 2)
        found = _KEY.match(window.text, window.at)
        window.skip_string(_JSON)
        return found[1] if found else ""

    def _row(self, table: str | None) -> _Value:
        window, start = self._window, self._window.at
        row = self._parsed()
        if row is not None:
            return _Value(window.text[start : window.at], row=row, table=table)
        try:
            return _Value(window.cut(_JSON), table=table)
        except RefusedValueError as error:
            return _Value(reason=error.reason, table=table)

    def _parsed(self) -> Any:
        """The object here if it is sound and ends within the window: by far the fastest way."""
        window = self._window
        try:
            row, window.at = _DECODER.raw_decode(window.text, window.at)
        except (ValueError, RecursionError):
            return None
        return row

    def _marked(self) -> _Value:
        try:
            return _Value(self._window.marked())
        except RefusedValueError as error:
            return _Value(reason=error.reason)

    def _skip_array(self) -> None:
        self._window.at += 1
        while self._next() != "]":
            self._skip()
        self._window.at += 1

    def _skip(self) -> str:
        """Pass over the next value, whatever it is; why it was refused, if it was."""
        window = self._window
        character = window.text[window.at]
        if character == "{" and self._parsed() is not None:
            return ""
        if character in _OPENING:
            try:
                window.skip_value(_JSON)
            except RefusedValueError as error:
                return error.reason
        elif character == '"':
            window.skip_string(_JSON)
        else:
            window.at += 1
            window.skip(_BARE_WORD)
        return ""


class _NotJsonError(ValueError):
    """What json would have let pass."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _NotJsonError("it gives a field twice")
    return made


def _no_number(constant: str) -> NoReturn:
    raise _NotJsonError(f"it holds {constant}, which is not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_number)


def _fields(place: Place, part: str, undecoded: str, *, row: Any = None) -> Fields | ImportProblem:
    """One row out of its own text; `row` is what was parsed of it, if that was done."""
    if UNDECODED in part:
        return ImportProblem(place, undecoded)
    try:
        _require_sane(part)
        value = _DECODER.decode(part) if row is None else row
    except (_NotJsonError, RefusedValueError) as error:
        return ImportProblem(place, str(error))
    except (ValueError, RecursionError):  # or a number of thousands of digits
        return ImportProblem(place, "it is not JSON")
    if isinstance(value, dict):
        return Fields(place, value)
    return ImportProblem(place, _NOT_AN_OBJECT)


def _require_sane(part: str) -> None:
    n_brackets = part.count("{") + part.count("[")
    if n_brackets + part.count(",") > MAX_PARTS:
        raise RefusedValueError(f"it holds more than {MAX_PARTS:,} values")
    if n_brackets > MAX_DEPTH:
        window = Window(iter([part]))
        if window.peek(_BETWEEN) in _OPENING:
            with suppress(EndOfTextError):  # the parser will say where it breaks off
                window.skip_value(_JSON)
