"""Tables in Parquet files; needs the extra `parquet`."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kbsearch.errors import MissingExtraError, SourceError
from kbsearch.importers.reading.source import open_source
from tests.importers.hostile import write, zip_of
from tests.importers.reading import places_of, rows_of


def parquet_of(path: Path, rows: list[dict[str, Any]]) -> Path:
    """A Parquet file as pandas or DuckDB would write it."""
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    parquet.write_table(pyarrow.Table.from_pylist(rows), path, row_group_size=300)
    return path


def test_values_come_as_json_would_have_held_them(tmp_path: Path) -> None:
    """Times as ISO 8601, amounts as texts; NaN and bytes are nothing."""
    row = {
        "id": 1,
        "subject": "Türklingel",
        "at": datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
        "day": date(2024, 1, 2),
        "price": Decimal("1.50"),
        "score": float("nan"),
        "photo": b"\x00",
        "public": True,
        "tags": ["a", "b"],
        "author": {"name": "Ann", "since": date(2020, 1, 1)},
        "missing": None,
    }

    (found,) = rows_of(parquet_of(tmp_path / "tickets.parquet", [row]), "tickets")

    assert found == {
        "id": 1,
        "subject": "Türklingel",
        "at": "2024-01-02T03:04:05+00:00",
        "day": "2024-01-02",
        "price": "1.50",
        "score": None,
        "photo": None,
        "public": True,
        "tags": ["a", "b"],
        "author": {"name": "Ann", "since": "2020-01-01"},
        "missing": None,
    }


def test_rows_come_in_order_over_groups_and_files(tmp_path: Path) -> None:
    """More rows than are held at a time."""
    for number in (1, 2):
        rows = [{"id": 1000 * number + n} for n in range(700)]
        parquet_of(tmp_path / f"part-0000{number}.parquet", rows)
    folder = tmp_path / "tickets"
    folder.mkdir()
    for path in tmp_path.glob("*.parquet"):
        path.rename(folder / path.name)

    found = rows_of(tmp_path, "tickets")

    assert [row["id"] for row in found if isinstance(row, dict)] == [
        1000 * number + n for number in (1, 2) for n in range(700)
    ]
    assert places_of(tmp_path, "tickets")[701] == "tickets/part-00002.parquet[1]"


def test_a_file_in_an_archive_is_read(tmp_path: Path) -> None:
    """Its end is read first, which an archive cannot give: it is unpacked for that."""
    content = parquet_of(tmp_path / "x.parquet", [{"id": 1}]).read_bytes()

    assert rows_of(zip_of(tmp_path / "x.zip", {"tickets.parquet": content}), "tickets") == [
        {"id": 1}
    ]


def test_an_outline_names_the_columns(tmp_path: Path) -> None:
    """Without a row."""
    parquet_of(tmp_path / "tickets.parquet", [{"id": 1, "subject": "x"}])

    with open_source(tmp_path) as source:
        assert source.outline() == {"tickets": {"id", "subject"}}


@pytest.mark.parametrize("content", [b"", b"PAR1", b"id,subject\n1,x\n", b"PAR1\0\0\0\0PAR1"])
def test_a_damaged_file_is_a_typed_error(tmp_path: Path, content: bytes) -> None:
    """Nothing of it can be read without its end."""
    path = write(tmp_path / "tickets.parquet", content)

    with pytest.raises(SourceError, match="no Parquet file, or it is damaged"):
        rows_of(path, "tickets")


def test_without_pyarrow_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is far too large to be asked of everybody."""
    path = write(tmp_path / "tickets.parquet", b"PAR1")
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(MissingExtraError, match=r"kbsearch\[parquet\]"):
        rows_of(path, "tickets")
