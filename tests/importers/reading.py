"""Reading small exports in tests, and saying what came out in a few words."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from kbsearch.importers.fields import Fields
from kbsearch.importers.places import ImportProblem
from kbsearch.importers.reading import encodings
from kbsearch.importers.reading.source import open_source


def rows_of(
    path: Path, *names: str, main: bool = False, encoding: str = "utf-8"
) -> list[dict[str, Any] | str]:
    """The rows of a table as dicts; a problem as `place: reason`."""
    with open_source(path, encoding=encoding) as source:
        return shown(source.table(*names, main=main))


def shown(rows: Iterable[Fields | ImportProblem]) -> list[dict[str, Any] | str]:
    """A row as a dict; a problem as `place: reason`."""
    return [
        dict(row.values) if isinstance(row, Fields) else f"{row.place}: {row.reason}"
        for row in rows
    ]


def places_of(path: Path, *names: str) -> list[str]:
    """Where each row of a table stood."""
    with open_source(path) as source:
        return [str(row.place) for row in source.table(*names)]


def read_in_pieces_of(monkeypatch: pytest.MonkeyPatch, n_characters: int) -> None:
    """Let a text be held so few characters at a time, so that every cut is met."""
    monkeypatch.setattr(encodings, "PIECE_CHARACTERS", n_characters)
