"""Rows of a person's own table as rows with the names of kbsearch's fields."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from kbsearch.errors import ConfigError
from kbsearch.importers.fields import Fields
from kbsearch.importers.files.table_mapping import FieldMapping, written
from kbsearch.visibility import Marker, Verdict, marker_from

_MAX_SHOWN_COLUMNS = 60
_ABSENT = object()


class MappedTable:
    """
    A table and its mapping; a column such as `customer.name` is looked for within records.

    Args:
        mapping: Of the table.
        fields: All that it may have.
        rows: The first of its rows, to know its columns by; without any, all are looked for.

    Raises:
        ConfigError: If the mapping does not fit the columns.
    """

    def __init__(
        self, mapping: FieldMapping, fields: Collection[str], rows: Sequence[Fields]
    ) -> None:
        names = list(dict.fromkeys(name for row in rows for name in row.values))
        self._shown = f"It has {', '.join(names[:_MAX_SHOWN_COLUMNS])}."
        own_names = {name: name for name in names or fields if name in fields}
        self._constants, self._meanings = mapping.constants, mapping.values
        self._columns = mapping.columns or {
            field: name for field, name in own_names.items() if field not in self._constants
        }
        for field, column in self._columns.items():
            if rows and all(_cell(row.values, column) is _ABSENT for row in rows):
                raise ConfigError(
                    f"No column is called {column!r}, where {field!r} is to be found. {self._shown}"
                )

    def __contains__(self, field: str) -> bool:
        return field in self._columns or field in self._constants

    def require(self, field: str) -> None:
        """
        Insist on a field.

        Raises:
            ConfigError: If the table does not have it.
        """
        if field not in self:
            raise ConfigError(
                f"No column is called {field!r}, and no mapping says which it is. {self._shown}"
            )

    def row(self, row: Fields) -> Fields:
        """
        A row with the names of fields, and values as they are meant.

        Raises:
            ConfigError: If a constant stands against a column of its name.
        """
        for field in self._constants:
            if field in row.values and field not in self._columns.values():
                raise ConfigError(
                    f"The mapping has a constant for {field!r}, and {row.place} has a column of "
                    "that name. Map the column, or leave the constant out."
                )
        values: dict[str, Any] = dict(self._constants)
        for field, column in self._columns.items():
            value = _cell(row.values, column)
            if value is not _ABSENT:
                values[field] = self._meant(field, value)
        return Fields(row.place, values)

    def marker(
        self, row: Fields, field: str, says: Mapping[str, Verdict], *, level: str = "row"
    ) -> Marker:
        """
        What a field says of readers; one that is nowhere is missing.

        Args:
            row: As it came, so that the marker shows what was written.
            field: Which.
            says: What its values mean.
            level: What carries it.
        """
        if field in self._constants:
            return marker_from("mapping", field, self._constants[field], says=says)
        if field in self._meanings:
            meanings = self._meanings[field].items()
            says = {value: says.get(meant, Verdict.UNKNOWN) for value, meant in meanings}
        return marker_from(level, self._columns.get(field, field), self._raw(row, field), says=says)

    def given_marker(
        self, row: Fields, field: str, says: Mapping[str, Verdict]
    ) -> tuple[Marker, ...]:
        """The same for a field that need not say anything: none if it is empty."""
        return (self.marker(row, field, says),) if self._raw(row, field) not in (None, "") else ()

    def _raw(self, row: Fields, field: str) -> Any:
        if field in self._constants:
            return self._constants[field]
        value = _cell(row.values, self._columns[field]) if field in self._columns else None
        return None if value is _ABSENT else value

    def _meant(self, field: str, value: Any) -> Any:
        meanings = self._meanings.get(field)
        if meanings is None:
            return value
        if isinstance(value, list):
            return [self._meant(field, each) for each in value]
        return (
            meanings.get(written(value), value) if isinstance(value, str | int | float) else value
        )


def _cell(values: Mapping[str, Any], column: str) -> Any:
    """What a column holds: its name may be a path into records within the row."""
    if column in values:
        return values[column]
    found: Any = values
    for step in column.split("."):
        if not isinstance(found, Mapping) or step not in found:
            return _ABSENT
        found = found[step]
    return found
