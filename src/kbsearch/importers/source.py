"""An export as named tables, wherever they are kept: files, folders, archives."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from kbsearch.importers.fields import Fields
from kbsearch.importers.places import ImportProblem, Place


class SourceFile(NamedTuple):
    """One file of an export: its name within it (posix, relative) and where it lies."""

    name: str
    path: Path

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Its bytes."""
        with self.path.open("rb") as file:
            yield file


class Group:
    """Rows of a table by what they belong to, e.g. comments by ticket."""

    def __init__(self, rows: Iterator[Fields | ImportProblem], by: str) -> None:
        self._rows: dict[str, list[Fields]] = {}
        self.problems: list[ImportProblem] = []
        for row in rows:
            if isinstance(row, ImportProblem):
                self.problems.append(row)
            else:
                self._rows.setdefault(row.text(by), []).append(row)

    def of(self, key: str) -> list[Fields]:
        """The rows that belong to one parent, in the order of the export."""
        return self._rows.pop(key, [])

    def unclaimed(self) -> Iterator[ImportProblem]:
        """Rows that nobody asked for: their parent is not in the export."""
        for rows in self._rows.values():
            for row in rows:
                yield ImportProblem(row.place, "what it belongs to is not in the export")


class Source:
    """
    One export.

    A table is found by its name: in files called after it (`comments.csv`,
    `comments-2.jsonl`), and under that key in JSON files (`{"comments": [...]}`).
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def files(self, *patterns: str) -> list[SourceFile]:
        """Files whose base name fits one of the patterns (all without one), by name."""
        paths = [self.root] if self.root.is_file() else sorted(self.root.rglob("*"))
        base = self.root.parent if self.root.is_file() else self.root
        found = (SourceFile(p.relative_to(base).as_posix(), p) for p in paths if p.is_file())
        return [
            file
            for file in found
            if not patterns or any(fnmatch(file.path.name.lower(), pattern) for pattern in patterns)
        ]

    def table(self, *names: str, main: bool = False) -> Iterator[Fields | ImportProblem]:
        """
        The rows of a table, in the order of the export.

        Args:
            *names: What the table may be called.
            main: Also the rows of a file that has another name and holds bare rows,
                if it is the only file of the export.
        """
        files = self.files()
        for file in files:
            stem = file.path.name.split(".")[0].rstrip("0123456789").rstrip("-_")
            bare = stem in names or (main and len(files) == 1)
            yield from self._rows(file, names, bare=bare)

    def group(self, *names: str, by: str) -> Group:
        """The rows of a table by the field `by`."""
        return Group(self.table(*names), by)

    def _rows(
        self, file: SourceFile, names: tuple[str, ...], *, bare: bool
    ) -> Iterator[Fields | ImportProblem]:
        with file.open() as opened:
            text = TextIOWrapper(opened, encoding="utf-8-sig")
            if file.name.endswith(".csv"):
                if bare:
                    for row in (reader := csv.DictReader(text)):
                        yield Fields(Place(file.name, line=reader.line_num), row)
            elif file.name.endswith((".jsonl", ".ndjson")):
                for line, part in enumerate(text if bare else (), start=1):
                    yield _record(Place(file.name, line=line), part)
            elif file.name.endswith(".json"):
                yield from _json_rows(file.name, json.load(text), names, bare=bare)


def _record(place: Place, part: str) -> Fields | ImportProblem:
    try:
        return Fields(place, json.loads(part))
    except ValueError:
        return ImportProblem(place, "it is not JSON")


def _json_rows(
    name: str, value: Any, names: tuple[str, ...], *, bare: bool
) -> Iterator[Fields | ImportProblem]:
    if isinstance(value, dict):
        found = [value[key] for key in names if isinstance(value.get(key), list)]
        rows = found[0] if found else [value] if bare else []
    else:
        rows = value if bare else []
    for position, row in enumerate(rows):
        place = Place(name, position=position)
        if isinstance(row, dict):
            yield Fields(place, row)
        else:
            yield ImportProblem(place, "it is not an object")


@contextmanager
def open_source(path: Path, *, encoding: str = "utf-8") -> Iterator[Source]:
    """Open an export for as long as the context lasts."""
    yield Source(path)
