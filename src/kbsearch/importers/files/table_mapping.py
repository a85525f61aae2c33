"""A person's own table in kbsearch's words: which column is which field, what its values mean."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kbsearch.errors import ConfigError
from kbsearch.importers.shared.yaml_text import YamlTextError, read_yaml
from kbsearch.models import (
    ArticleStatus,
    AuthorRole,
    Confidence,
    Satisfaction,
    TextFormat,
    TicketStatus,
)
from kbsearch.visibility import Verdict

AUDIENCES = {"external": Verdict.PUBLIC, "internal": Verdict.INTERNAL}
FLAGS = {"true": Verdict.PUBLIC, "false": Verdict.INTERNAL}

ROW_FIELDS = frozenset(
    "id kind title subject body format audience public published public_title status product tags "
    "language created_at updated_at closed_at attachments "
    "confidence valid_from valid_until supersedes twin n_helpful n_unhelpful "
    "resolution resolution_public requester assignee parent duplicate_of merged_with problem "
    "followups related kb_links satisfaction n_reopenings messages".split()
)
MESSAGE_FIELDS = frozenset(
    "id body format public author author_role created_at attachments".split()
)

_WORDS: dict[str, frozenset[str]] = {
    "kind": frozenset({"article", "ticket"}),
    "audience": frozenset(AUDIENCES),
    **dict.fromkeys(("public", "published", "resolution_public"), frozenset(FLAGS)),
    "status": frozenset({*TicketStatus, *ArticleStatus}),
    "format": frozenset(TextFormat),
    "confidence": frozenset(Confidence),
    "satisfaction": frozenset(Satisfaction),
    "author_role": frozenset(AuthorRole),
}
_MAX_MAPPING_CHARACTERS = 1_000_000


class FieldMapping(NamedTuple):
    """
    How the fields of one table are found.

    Attributes:
        columns: Field → column; none at all means that columns have the fields' names.
        constants: Field → what every row has.
        values: Field → written value → what it means.
    """

    columns: Mapping[str, str] = {}
    constants: Mapping[str, str] = {}
    values: Mapping[str, Mapping[str, str]] = {}


class TableMapping(NamedTuple):
    """
    A mapping file.

    Attributes:
        table: Name of the main table; "" for the only one.
        rows: Its fields.
        message_table: Where messages have a table of their own.
        message_parent: Its column that names the row.
        messages: The fields of messages, wherever they are.
    """

    table: str = ""
    rows: FieldMapping = FieldMapping()
    message_table: str = ""
    message_parent: str = ""
    messages: FieldMapping = FieldMapping()


def written(value: object) -> str:
    """A value as a mapping file has it: true and false in lower case."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_mapping(path: Path) -> TableMapping:
    """
    Read a mapping file: TOML, YAML or JSON, by its suffix.

    Raises:
        ConfigError: If it is not there or cannot be read, or names something unknown.
        MissingExtraError: If it is YAML and PyYAML is not installed.
    """
    found = _parsed(path)
    known = ("table", "columns", "constants", "values", "messages")
    _require_known(path, "", found, known)
    messages = _section(path, found, "messages")
    _require_known(path, "messages.", messages, (*known[:-1], "parent"))
    mapping = TableMapping(
        table=_text(path, found, "table"),
        rows=_fields(path, "", found, ROW_FIELDS),
        message_table=_text(path, messages, "table"),
        message_parent=_text(path, messages, "parent"),
        messages=_fields(path, "messages.", messages, MESSAGE_FIELDS),
    )
    if bool(mapping.message_table) != bool(mapping.message_parent):
        raise _wrong(path, "messages.table and messages.parent only work together")
    return mapping


def _parsed(path: Path) -> dict[str, Any]:
    suffix = path.suffix.lower()
    if suffix not in (".toml", ".yaml", ".yml", ".json"):
        raise _wrong(path, "its name ends neither with .toml nor with .yaml nor with .json")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        raise _wrong(path, "it cannot be read as a text file in UTF-8") from None
    if len(text) > _MAX_MAPPING_CHARACTERS:
        raise _wrong(path, f"it is longer than {_MAX_MAPPING_CHARACTERS:,} characters")
    try:
        if suffix == ".toml":
            found: Any = tomllib.loads(text)
        else:
            found = json.loads(text) if suffix == ".json" else read_yaml(text)
    except YamlTextError as error:
        raise _wrong(path, str(error)) from None
    except (ValueError, RecursionError):
        raise _wrong(path, f"it is not {suffix[1:].upper()}") from None
    if not isinstance(found, dict):
        raise _wrong(path, "it holds no keys")
    return found


def _fields(
    path: Path, where: str, found: Mapping[str, Any], fields: frozenset[str]
) -> FieldMapping:
    columns, constants = _texts(path, found, "columns"), _texts(path, found, "constants")
    meanings = _section(path, found, "values")
    values = {field: _texts(path, meanings, field) for field in meanings}
    for part, names in (("columns", columns), ("constants", constants), ("values", values)):
        _require_known(path, f"{where}{part}.", names, sorted(fields))
    for field in sorted(columns.keys() & constants.keys()):
        raise _wrong(path, f"{where}{field} is given as a column and as a constant")
    meant = {field: {constant} for field, constant in constants.items()}
    for field, table in values.items():
        meant.setdefault(field, set()).update(table.values())
        if "" in table:
            raise _wrong(path, f"{where}values.{field} gives a meaning to what is empty")
    for field, words in meant.items():
        if field in _WORDS and not words <= _WORDS[field]:
            expected = ", ".join(sorted(_WORDS[field]))
            raise _wrong(path, f"{where}{field} can only mean one of: {expected}")
    return FieldMapping(columns, constants, values)


def _section(path: Path, found: Mapping[str, Any], name: str) -> dict[str, Any]:
    section = found.get(name)
    if section is None:
        return {}
    if not isinstance(section, dict):
        raise _wrong(path, f"{name} is no table of keys")
    return section


def _texts(path: Path, found: Mapping[str, Any], name: str) -> dict[str, str]:
    section = _section(path, found, name)
    return {key: _text(path, section, key) for key in section}


def _text(path: Path, found: Mapping[str, Any], name: str) -> str:
    """A text; true, false and numbers as they are written in tables."""
    value = found.get(name, "")
    if isinstance(value, dict | list) or value is None:
        raise _wrong(path, f"{name} is no text")
    return written(value)


def _require_known(path: Path, where: str, found: Iterable[str], known: Iterable[str]) -> None:
    unknown = [key for key in found if key not in set(known)]
    if unknown:
        raise _wrong(path, f"{where}{unknown[0]} is not known; known are: {', '.join(known)}")


def _wrong(path: Path, reason: str) -> ConfigError:
    return ConfigError(f"The mapping {str(path)!r} cannot be used: {reason}.")
