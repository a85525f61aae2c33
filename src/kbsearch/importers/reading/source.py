"""An export as named tables, wherever they are kept: files, folders, archives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from fnmatch import fnmatchcase
from io import TextIOWrapper
from itertools import islice
from pathlib import Path, PurePosixPath

from kbsearch.importers.fields import Fields
from kbsearch.importers.places import ImportProblem, Place
from kbsearch.importers.reading.delimited import delimited_rows
from kbsearch.importers.reading.encodings import pieces_of, require_encoding, text_of
from kbsearch.importers.reading.groups import Group
from kbsearch.importers.reading.json_values import (
    N_OUTLINED_ROWS,
    json_line_rows,
    json_outline,
    json_rows,
)
from kbsearch.importers.reading.listing import LeftOut, Listing, list_export
from kbsearch.importers.reading.parquet import parquet_columns, parquet_rows
from kbsearch.importers.reading.sql_dumps import sql_outline, sql_rows
from kbsearch.importers.reading.unpacking import SourceFile

__all__ = ["Group", "Source", "SourceFile", "open_source"]

Row = Fields | ImportProblem

_DELIMITED = (".csv", ".tsv")
_LINES = (".jsonl", ".ndjson")
_TABLES = (*_DELIMITED, *_LINES, ".json", ".parquet", ".sql")
_NUMBER = "0123456789()-_ ."
_PARTS = ("page", "part", "chunk")
_OUTLINED_PIECES, _OUTLINED_PIECES_PER_FILE = 512, 64  # of 131,072 characters
_OUTLINED_FILES = 1000


class Source:
    """
    One export.

    A table is found by its name: in files called after it (`comments.csv`,
    `comments-2.jsonl`, `comments/3.json`), under that key in JSON files
    (`{"comments": [...]}`), and among the tables of SQL dumps.

    Args:
        root: Where it lies.
        listing: What it consists of.
        encoding: Of text files that do not tell theirs.
        stack: Frees what is needed while it is open.

    Attributes:
        left_out: What was found in it and is not read, each with its reason.
    """

    def __init__(self, root: Path, listing: Listing, *, encoding: str, stack: ExitStack) -> None:
        self.root = root
        self.left_out: tuple[LeftOut, ...] = listing.left_out
        self._files, self._encoding, self._stack = listing.files, encoding, stack
        self._told: set[ImportProblem] = set()

    def files(self, *patterns: str) -> list[SourceFile]:
        """
        Files whose base name fits one of the patterns (all without one), by name.

        Args:
            *patterns: In lower case, such as `*.eml`, which also finds `A.EML.gz`.
        """
        return [file for file in self._files if not patterns or _fits(file, patterns)]

    def table(self, *names: str, main: bool = False) -> Iterator[Row]:
        """
        The rows of a table, in the order of the export; files in order of their names.

        What concerns a whole file, such as its end in the middle, is told once,
        however many tables are read from it.

        Args:
            *names: What the table may be called.
            main: Also the rows of a file that has another name and holds bare rows,
                if it is the only file of tables in the export.

        Raises:
            SourceError: If a file is damaged or cannot be opened.
            MissingExtraError: If a package for its format is not installed.
        """
        wanted = frozenset(names)
        files = [file for file in self._files if _format(file) in _TABLES]
        for file in files:
            is_bare = not _stems(file).isdisjoint(map(str.lower, names))
            for row in self._rows(file, wanted, is_bare or (main and len(files) == 1)):
                if isinstance(row, ImportProblem) and row.place == Place(file.name):
                    if row in self._told:
                        continue
                    self._told.add(row)
                yield row

    def group(self, *names: str, by: str) -> Group:
        """The rows of a table by the field `by`; for as long as the source is open."""
        return Group(self.table(*names), by, self._stack)

    def outline(self) -> dict[str, frozenset[str]]:
        """
        Which tables there are, and which fields their first rows have, as far as is cheap.

        A table has the name of its file without numbers, as it is written and in
        lower case, or that of its array or of its SQL table. A JSON file that holds
        an object also has its own name, with the keys of the object as fields.
        """
        found: dict[str, set[str]] = {}
        budget = iter(range(_OUTLINED_PIECES))
        for file in self._files[:_OUTLINED_FILES]:
            for table, fields in self._outline_of(file, budget):
                names = {table} if table else {_stem(file), _stem(file).lower()}
                for name in names:
                    found.setdefault(name, set()).update(fields)
        return {name: frozenset(fields) for name, fields in found.items()}

    def _rows(self, file: SourceFile, tables: frozenset[str], is_bare: bool) -> Iterator[Row]:
        kind = _format(file)
        if kind == ".sql":
            with self._text(file) as text:
                yield from sql_rows(file.name, text, frozenset(map(str.lower, tables)))
        elif kind == ".json":
            with self._text(file) as text:
                yield from json_rows(file.name, text, tables, bare=is_bare)
        elif is_bare:
            yield from self._bare_rows(file)

    def _bare_rows(self, file: SourceFile) -> Iterator[Row]:
        kind = _format(file)
        if kind == ".parquet":
            with file.open() as opened:
                yield from parquet_rows(file.name, opened)
        elif kind in _LINES:
            with self._text(file, newline="\n") as text:
                yield from json_line_rows(file.name, text)
        elif kind in _DELIMITED:
            with self._text(file) as text:
                yield from delimited_rows(file.name, text)

    def _outline_of(
        self, file: SourceFile, budget: Iterator[int]
    ) -> Iterator[tuple[str | None, frozenset[str]]]:
        kind = _format(file)
        if kind == ".parquet":
            with file.open() as opened:
                yield None, parquet_columns(file.name, opened)
        elif kind in (".json", ".sql"):
            n_pieces = _OUTLINED_PIECES if kind == ".sql" else _OUTLINED_PIECES_PER_FILE
            with self._text(file) as text:
                affordable = zip(islice(budget, n_pieces), pieces_of(text), strict=False)
                pieces = (piece for _, piece in affordable)
                yield from sql_outline(pieces) if kind == ".sql" else json_outline(pieces)
        else:
            for row in islice(self._bare_rows(file), N_OUTLINED_ROWS):
                yield None, frozenset(row.values if isinstance(row, Fields) else ())

    @contextmanager
    def _text(self, file: SourceFile, *, newline: str = "") -> Iterator[TextIOWrapper]:
        with file.open() as opened, text_of(opened, self._encoding, newline=newline) as text:
            yield text


@contextmanager
def open_source(path: Path, *, encoding: str = "utf-8") -> Iterator[Source]:
    """
    Open an export for as long as the context lasts.

    Args:
        path: A file, a folder or an archive; `.gz` and `.bz2` are read through.
        encoding: Of text files without a byte order mark.

    Raises:
        ConfigError: If there is nothing at `path`, or the encoding is unknown.
        SourceError: If it cannot be read, or is an archive made to do harm.
    """
    require_encoding(encoding)
    with ExitStack() as stack:
        yield Source(path, list_export(path, stack), encoding=encoding, stack=stack)


def _format(file: SourceFile) -> str:
    return PurePosixPath(file.unpacked_name).suffix.lower()


def _stem(file: SourceFile) -> str:
    """A file's name without format and number; that of its folder if nothing else is left."""
    path = PurePosixPath(file.unpacked_name)
    stem = path.stem.rstrip(_NUMBER)
    word = next((part for part in _PARTS if stem.lower().endswith(part)), "")
    before = stem[: len(stem) - len(word)]
    if word and stem != path.stem and (not before or before[-1] in _NUMBER):
        stem = before.rstrip(_NUMBER)
    return stem or path.parent.name or path.stem


def _stems(file: SourceFile) -> frozenset[str]:
    """What the table of a file may be called, in lower case."""
    stem = PurePosixPath(file.unpacked_name).stem
    return frozenset(map(str.lower, (stem, stem.partition(".")[0], _stem(file))))


def _fits(file: SourceFile, patterns: tuple[str, ...]) -> bool:
    names = {PurePosixPath(name).name.lower() for name in (file.name, file.unpacked_name)}
    return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)
