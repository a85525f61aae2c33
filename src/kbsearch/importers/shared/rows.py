"""Rows made of other rows: small tables by id, lists within a row, JSON kept as text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from kbsearch.importers.fields import Fields
from kbsearch.importers.places import ImportProblem, RecordError

Row = Fields | ImportProblem
Made = TypeVar("Made")


def index_rows(
    rows: Iterable[Row],
    make: Callable[[Fields], Made],
    *,
    problems: list[ImportProblem],
    by: str = "id",
) -> dict[str, Made]:
    """
    A small table by one of its fields, held in memory.

    Args:
        rows: The table; of two rows with one id the later wins.
        make: What to keep of a row: a few fields.
        problems: Gets the rows that cannot be read.
        by: The field that names a row.
    """
    found: dict[str, Made] = {}
    for row in rows:
        if isinstance(row, ImportProblem):
            problems.append(row)
            continue
        try:
            found[row.identifier(by)] = make(row)
        except RecordError as error:
            problems.append(ImportProblem(error.place, error.reason))
    return found


def spread(rows: Iterable[Row], into: Callable[[Fields], Iterable[Row]]) -> Iterator[Row]:
    """Rows of which each stands for several; one that cannot be read is reported alone."""
    for row in rows:
        if isinstance(row, ImportProblem):
            yield row
            continue
        try:
            yield from into(row)
        except RecordError as error:
            yield ImportProblem(error.place, error.reason)


def rows_within(row: Fields, name: str) -> Iterator[Row]:
    """
    The records of a list within a row; unlike `Fields.children` a bad one stops no other.

    Raises:
        RecordError: If the field holds something that is not a list.
    """
    value = row.raw(name)
    if value is None:
        return
    if not isinstance(value, list):
        raise RecordError(row.place, f"{name!r} is not a list")
    for index, item in enumerate(value):
        place = row.place._replace(steps=f"{row.place.steps}.{name}[{index}]")
        if isinstance(item, dict):
            yield Fields(place, item)
        else:
            yield ImportProblem(place, "it is not an object")


def in_time(rows: Iterable[Fields], *names: str) -> list[Fields]:
    """
    Rows by a time of theirs, for tables that stand in any order; as given if one has none.

    Raises:
        RecordError: If a field holds something that is not a time.
    """
    given = list(rows)
    times = [(row.time(*names), number) for number, row in enumerate(given)]
    known = [(time, number) for time, number in times if time is not None]
    return [given[number] for _, number in sorted(known)] if len(known) == len(given) else given


def json_child(row: Fields, name: str) -> Fields:
    """
    The object in a field, which a database dump keeps as JSON text.

    Raises:
        RecordError: If it is neither an object nor the JSON of one.
    """
    return Fields(row.place, {name: _from_json(row, name)}).child(name)


def json_texts(row: Fields, name: str) -> tuple[str, ...]:
    """
    The texts in a field: a list, the JSON of one, or texts parted by commas.

    Raises:
        RecordError: If it is none of these.
    """
    value = row.raw(name)
    is_json = isinstance(value, str) and value.lstrip().startswith("[")
    return Fields(row.place, {name: _from_json(row, name) if is_json else value}).texts(name)


def _from_json(row: Fields, name: str) -> Any:
    value = row.raw(name)
    for _ in range(2):  # Rails may write the JSON of a text that is JSON itself
        if not isinstance(value, str):
            break
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise RecordError(row.place, f"{name!r} is text, but not JSON") from None
    return value
