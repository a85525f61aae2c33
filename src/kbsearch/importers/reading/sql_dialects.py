"""How MySQL and standard SQL write names, strings and rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from kbsearch.importers.reading.cutting import Grammar, Quoting, RefusedValueError

Cells = list[str | None]

IDENTIFIER = r'(?:`(?:[^`]|``)*+`|"(?:[^"]|"")*+"|[\w$]++)'
_EACH_IDENTIFIER = re.compile(IDENTIFIER)
_CONSTRAINTS = frozenset(
    {"CHECK", "CONSTRAINT", "EXCLUDE", "FOREIGN", "LIKE", "PERIOD", "PRIMARY", "UNIQUE"}
)
_MYSQL_CONSTRAINTS = _CONSTRAINTS | {"FULLTEXT", "INDEX", "KEY", "SPATIAL"}
_NOT_UNDERSTOOD = "a value in it is not understood"


class Dialect(NamedTuple):
    """
    A way to write values; in MySQL a backslash escapes, in standard SQL it is a character.

    Attributes:
        rows: Cuts out what stands in parentheses.
        statements: Its `plain` stops at what may end a statement or begin a comment.
        cell: One cell of a row, and the comma or the end behind it.
        token: A string, a parenthesis or a comma.
        constraints: Words that begin no column in CREATE TABLE.
        unescape: From what stands between quotes to the text.
    """

    rows: Grammar
    statements: Grammar
    cell: re.Pattern[str]
    token: re.Pattern[str]
    constraints: frozenset[str]
    unescape: Callable[[str], str]


def _dialect(
    escape: str, *, constraints: frozenset[str], unescape: Callable[[str], str], doubt: str = ""
) -> Dialect:
    """
    Put a dialect's patterns together.

    Args:
        escape: A character behind a backslash within a string; "" where that means nothing.
        constraints: See `Dialect`.
        unescape: See `Dialect`.
        doubt: What may end a string or not.
    """
    quotes: dict[str, Quoting] = {}
    strings: list[str] = []
    for quote in "'\"`":
        special, plain = f"{quote}{quote}", f"[^{quote}]*+"
        if escape and quote != "`":
            special, plain = f"{escape}|{special}", rf"[^{quote}\\]*+"
        inside = rf"{plain}(?:(?:{special}){plain})*+"
        end = f"{quote}(?=[^{quote}])"
        doubtful = re.compile(doubt) if doubt and quote != "`" else None
        quotes[quote] = Quoting(re.compile(inside, re.DOTALL), re.compile(end, re.DOTALL), doubtful)
        strings.append(f"{quote}{inside}{end}")
    string = "|".join(strings)
    row_part, statement_part = r"""[^'"`()]*+""", r"""[^'"`;$/\-]*+"""
    rows = re.compile(rf"{row_part}(?:(?:{string}){row_part})*+", re.DOTALL)
    statements = re.compile(rf"{statement_part}(?:(?:{string}){statement_part})*+", re.DOTALL)
    text, named = (quotes[quote].inside.pattern for quote in "'\"")
    other = r"""[^,'"`()]*+(?:\([^()'"`]*+\)[^,'"`()]*+)*+"""
    cell = rf"""\s*+(?:(?:\w++\s*+)?'({text})'(?:::[^,]*+)?|"({named})"|({other}))\s*+(,|\Z)"""
    return Dialect(
        rows=Grammar({")": "("}, quotes, rows),
        statements=Grammar({}, quotes, statements),
        cell=re.compile(cell, re.DOTALL),
        token=re.compile(rf"{string}|[(),]", re.DOTALL),
        constraints=constraints,
        unescape=unescape,
    )


def _without_pairs(text: str) -> str:
    return text.replace("''", "'")


def _without_backslashes(text: str) -> str:
    return _ESCAPED.sub(_meant, text) if "\\" in text or "'" in text else text


def _meant(escaped: re.Match[str]) -> str:
    return _MEANT.get(escaped[0][1], escaped[0][1])


_ESCAPED = re.compile(r"\\.|''", re.DOTALL)
_MEANT = {"0": "\0", "b": "\b", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a"}

STANDARD = _dialect("", constraints=_CONSTRAINTS, unescape=_without_pairs)
MYSQL = _dialect(r"\\.", constraints=_MYSQL_CONSTRAINTS, unescape=_without_backslashes)
UNTOLD = _dialect(r"\\[^'\"]", constraints=_CONSTRAINTS, unescape=_without_pairs, doubt=r"\\['\"]")
"""For a dump that does not tell: read wherever MySQL and the standard agree on where texts end."""


def row_cells(row: str, dialect: Dialect) -> Cells:
    """
    The cells of `(1,'text',NULL)`; a number stays as it is written.

    Raises:
        RefusedValueError: If a cell is no simple value.
    """
    cells: Cells = []
    at, end = 1, len(row) - 1
    while True:
        found = dialect.cell.match(row, at, end)
        if found is None:
            raise RefusedValueError(_NOT_UNDERSTOOD)
        text, named, other, comma = found.groups()
        if text is not None:
            cells.append(dialect.unescape(text))
        elif named is not None:
            cells.append(dialect.unescape(named.replace('""', '"')))
        else:
            word = other.strip()
            kind = word.upper()
            cells.append(None if kind == "NULL" else _BOOLEANS.get(kind, word))
        if not comma:
            return cells
        at = found.end()


_BOOLEANS = {"TRUE": "true", "FALSE": "false"}


def copied_cells(line: str) -> Cells:
    r"""The cells of a line in PostgreSQL's COPY format: parted by tabs, `\N` is None."""
    if "\\" not in line:
        return list(line.split("\t"))
    return [
        None if cell == r"\N" else _COPY_ESCAPED.sub(_copied, cell) for cell in line.split("\t")
    ]


def _copied(escaped: re.Match[str]) -> str:
    code = escaped[1]
    if code[0] in "01234567":
        return chr(int(code, 8))
    if code[0] == "x" and len(code) > 1:
        return chr(int(code[1:], 16))
    return _COPY_MEANT.get(code, code)


_COPY_ESCAPED = re.compile(r"\\([0-7]{1,3}|x[0-9A-Fa-f]{1,2}|.)")
_COPY_MEANT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def identifiers(names: str) -> tuple[str, ...]:
    """The names in a list of columns, or the parts of a table's name, without their quotes."""
    return tuple(_bare(found[0]) for found in _EACH_IDENTIFIER.finditer(names))


def _bare(name: str) -> str:
    quote = name[0]
    return name[1:-1].replace(quote * 2, quote) if quote in '"`' else name


def created_columns(body: str, dialect: Dialect) -> tuple[str, ...]:
    """The columns in the parentheses of a CREATE TABLE."""
    columns = []
    for start in _item_starts(body, dialect):
        found = _FIRST_IDENTIFIER.match(body, start)
        if found and found[1].upper() not in dialect.constraints:
            columns.append(_bare(found[1]))
    return tuple(columns)


def _item_starts(body: str, dialect: Dialect) -> Iterator[int]:
    depth = 0
    for token in dialect.token.finditer(body):
        depth += (token[0] == "(") - (token[0] == ")")
        if (depth == 1 and token[0] == ",") or (depth == 1 and token.start() == 0):
            yield token.end()


_FIRST_IDENTIFIER = re.compile(rf"\s*+({IDENTIFIER})")
