"""Memory does not grow with an export, and time no faster than it."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from tests.importers.hostile import cost_of_reading, write
from tests.importers.reading import rows_of

_BODY = (
    'The door bell does not ring; we changed its battery "twice".\nIt\'s new, and (still) mute. '
)
_COMMENTS_PER_TICKET = 2

Row = dict[str, Any]


def tickets(n_tickets: int) -> Iterator[Row]:
    """Rows of about a kilobyte."""
    for number in range(n_tickets):
        yield {"id": number, "subject": f"Bell {number}", "body": _BODY * 10, "tags": ["a"]}


def comments(n_tickets: int) -> Iterator[Row]:
    """Half a kilobyte each; those of a ticket are far apart."""
    for round_number in range(_COMMENTS_PER_TICKET):
        for number in range(n_tickets):
            identifier = round_number * n_tickets + number
            yield {"id": identifier, "ticket_id": number, "body": _BODY * 4}


def write_json(folder: Path, n_tickets: int) -> Path:
    """Both tables in one file; the larger stands before the one that is needed first."""
    path = folder / "export.json"
    with path.open("w", encoding="utf-8") as file:
        for table, rows in (("comments", comments(n_tickets)), ("tickets", tickets(n_tickets))):
            file.write('{"' if table == "comments" else ', "')
            file.write(f'{table}": [')
            for number, row in enumerate(rows):
                file.write((",\n" if number else "") + json.dumps(row))
            file.write("]")
        file.write("}")
    return path


def write_lines(folder: Path, n_tickets: int) -> Path:
    """A folder of packed JSON lines."""
    for table, rows in (("comments", comments(n_tickets)), ("tickets", tickets(n_tickets))):
        with gzip.open(folder / f"{table}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    return folder


def write_csv(folder: Path, n_tickets: int) -> Path:
    """A zip archive of CSV files."""
    path = folder / "export.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for table, rows in (("comments", comments(n_tickets)), ("tickets", tickets(n_tickets))):
            with (folder / "x").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                for number, row in enumerate(rows):
                    writer.writerows([row.keys()] if not number else [])
                    writer.writerow(row.values())
            archive.write(folder / "x", f"{table}.csv")
    return path


def write_sql(folder: Path, n_tickets: int) -> Path:
    """One dump, a statement for all rows of a table."""
    path = folder / "dump.sql"
    with path.open("w", encoding="utf-8") as file:
        for table, rows in (("comments", comments(n_tickets)), ("tickets", tickets(n_tickets))):
            for number, row in enumerate(rows):
                head = f"INSERT INTO {table} ({', '.join(row)}) VALUES "
                cells = ", ".join("'" + str(cell).replace("'", "''") + "'" for cell in row.values())
                file.write(f"{',' if number else head}({cells})")
            file.write(";\n")
    return path


WRITERS: dict[str, Callable[[Path, int], Path]] = {
    "one JSON file": write_json,
    "packed JSON lines": write_lines,
    "CSV in a zip": write_csv,
    "SQL dump": write_sql,
}


def peaks_of(writer: str, folder: Path, *sizes_mb: int) -> list[float]:
    """Peak memory, in MB, of reading exports of these sizes, each in a process of its own."""
    peaks = []
    for size_mb in sizes_mb:
        (folder / str(size_mb)).mkdir()
        n_tickets = size_mb * 500  # a kilobyte, and two comments of half a kilobyte
        cost = cost_of_reading(WRITERS[writer](folder / str(size_mb), n_tickets))
        assert (cost.outcome, cost.n_rows) == ("", n_tickets * (1 + _COMMENTS_PER_TICKET))
        peaks.append(cost.peak_mb)
    return peaks


@pytest.mark.parametrize("writer", WRITERS)
def test_ten_times_the_export_takes_no_more_memory(tmp_path: Path, writer: str) -> None:
    """2 and 20 MB; 15 MB apart is what caches may take, twice over."""
    small, large = peaks_of(writer, tmp_path, 2, 20)

    assert large - small < 15


@pytest.mark.nightly
@pytest.mark.parametrize("writer", WRITERS)
def test_fifty_times_the_export_takes_no_more_memory(tmp_path: Path, writer: str) -> None:
    """2 and 100 MB; a whole file may be one record of 16 MB, until its first table is met."""
    small, large = peaks_of(writer, tmp_path, 2, 100)

    assert large - small < 32


BEGINNINGS = {
    "tickets.json": ("", "[", '{"tickets": [', '[{"a": "', '{"a": '),
    "tickets.jsonl": ("", '{"a": "'),
    "tickets.csv": ("", "a,b\n", 'a;b\n"'),
    "tickets.sql": (
        "",
        "-- MySQL dump\nINSERT INTO tickets (a) VALUES ('",
        "INSERT INTO tickets (a) VALUES (",
        "INSERT INTO ",
        "CREATE TABLE tickets (",
        "COPY tickets (a) FROM stdin;\n",
    ),
}
REPEATED = (
    *(
        '"',
        "\\",
        "{",
        "[",
        "}",
        "]",
        "(",
        ")",
        " ",
        "\n",
        "\r",
        "'",
        "`",
        ",",
        ";",
        ":",
        "-",
        "/",
        "$",
    ),
    *('" ', '"\\', '{"', '"":', '{"a":"', '"a":[{', "''", "),(", "(a,", "-- ", "/*", "$a$", "a."),
    *("INSERT INTO t ", "COPY t (", "CREATE TABLE t (", "\x00", "\u20ac", '{"a": 1}', "[1],"),
)


@pytest.mark.parametrize("name", BEGINNINGS)
def test_no_text_keeps_a_reader_busy(tmp_path: Path, name: str) -> None:
    """200 kB of anything: what is quadratic would take minutes."""
    for beginning in BEGINNINGS[name]:
        for repeated in REPEATED:
            path = write(tmp_path / name, beginning + repeated * (200_000 // len(repeated)))
            start = process_time()

            rows_of(path, "tickets")

            assert process_time() - start < 5, (beginning, repeated)
