"""Tables in CSV and TSV files."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbsearch.importers.reading import delimited
from tests.importers.hostile import write
from tests.importers.reading import places_of, rows_of

ENDS = "the file ends in the middle of a record"
repeatable = settings(derandomize=True, database=None, deadline=None, max_examples=150)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_the_header_tells_the_delimiter(tmp_path: Path, delimiter: str, line_end: str) -> None:
    """Alone: a text with many commas below must not decide. Quotes in the header count nothing."""
    lines = [["id", '"a,b,c,d,e"', "body"], ["1", "x", '"no, no, no, no"']]
    content = "\ufeff" + line_end.join(delimiter.join(cells) for cells in lines) + line_end
    path = write(tmp_path / "posts.csv", content)

    assert rows_of(path, "posts") == [{"id": "1", "a,b,c,d,e": "x", "body": "no, no, no, no"}]


def test_a_row_stands_on_the_line_that_it_begins_on(tmp_path: Path) -> None:
    """Cells may hold newlines and doubled quotes; blank lines are no rows."""
    content = 'id,body\n1,"one\ntwo ""x""\n"\n\n2,three\n'
    path = write(tmp_path / "posts.csv", content)

    assert rows_of(path, "posts") == [
        {"id": "1", "body": 'one\ntwo "x"\n'},
        {"id": "2", "body": "three"},
    ]
    assert places_of(path, "posts") == ["posts.csv:2", "posts.csv:6"]


def test_a_bad_row_is_reported_and_the_others_follow(tmp_path: Path) -> None:
    """Too few or many cells, broken quotes, and the NUL bytes of a damaged file."""
    content = b'id,body\n1\n2,x,y\n3,"a"b\n4,\0\n5,"x\0\n"\n6,fine\n'
    path = write(tmp_path / "posts.csv", content)
    nul = "it holds NUL bytes: the file is damaged, or in another encoding"

    assert rows_of(path, "posts") == [
        "posts.csv:2: it has 1 cells where the header has 2",
        "posts.csv:3: it has 3 cells where the header has 2",
        "posts.csv:4: its quotes cannot be understood",
        f"posts.csv:5: {nul}",
        f"posts.csv:6: {nul}",
        {"id": "6", "body": "fine"},
    ]


@pytest.mark.parametrize("last", ['2,"and then', "2"])
def test_a_file_that_is_cut_off_gives_what_was_whole(tmp_path: Path, last: str) -> None:
    """And then says so."""
    path = write(tmp_path / "posts.csv", f"id,body\n1,x\n{last}")

    assert rows_of(path, "posts") == [{"id": "1", "body": "x"}, f"posts.csv:3: {ENDS}"]


def test_a_last_line_without_an_end_is_read(tmp_path: Path) -> None:
    """If it has all of its cells."""
    assert rows_of(write(tmp_path / "posts.csv", "id,body\n1,x"), "posts") == [
        {"id": "1", "body": "x"}
    ]


def test_columns_of_one_name_give_a_list(tmp_path: Path) -> None:
    """Jira writes a column for each comment; a marker given twice must not count as one."""
    path = write(tmp_path / "issues.csv", "id,Comment,public,Comment,public\n1,a,t,,t\n2,,t,,f\n")

    assert rows_of(path, "issues") == [
        {"id": "1", "Comment": ["a"], "public": ["t", "t"]},
        {"id": "2", "Comment": "", "public": ["t", "f"]},
    ]


@pytest.mark.parametrize("content", ["", "\n", "id,body\n"])
def test_a_file_without_rows_has_none(tmp_path: Path, content: str) -> None:
    """A table of a new desk."""
    assert rows_of(write(tmp_path / "posts.csv", content), "posts") == []


def test_a_header_that_cannot_be_read_ends_the_file(tmp_path: Path) -> None:
    """The first row must not become the header."""
    found = rows_of(write(tmp_path / "posts.csv", b"id,\0body\n1,x\n2,y\n"), "posts")

    assert len(found) == 1
    assert str(found[0]).startswith("posts.csv:1: as a header, it holds NUL bytes")


def test_a_long_cell_is_read(tmp_path: Path) -> None:
    """The csv module's own limit is 131,072 characters."""
    (row,) = rows_of(write(tmp_path / "posts.csv", f"id,body\n1,{'x' * 1_000_000}\n"), "posts")

    assert isinstance(row, dict)
    assert len(row["body"]) == 1_000_000


@pytest.mark.parametrize("record", ["2," + "x" * 500, "," * 500])
def test_a_record_too_long_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record: str
) -> None:
    """One line of a gigabyte must not fill the memory."""
    monkeypatch.setattr(delimited, "MAX_RECORD_CHARACTERS", 100)
    path = write(tmp_path / "posts.csv", f"id,body\n1,x\n{record}\n3,y\n")

    first, second, third = rows_of(path, "posts")

    assert [first, third] == [{"id": "1", "body": "x"}, {"id": "3", "body": "y"}]
    assert str(second).startswith("posts.csv:3: it is longer than")


def test_a_quote_that_is_never_closed_costs_no_more_than_a_record_may_be_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the rest of the file nor the memory: 100 characters are some 20 of these rows."""
    monkeypatch.setattr(delimited, "MAX_RECORD_CHARACTERS", 100)
    rows = "".join(f"{number},y\n" for number in range(3, 40))
    path = write(tmp_path / "posts.csv", f'id,b\n1,x\n2,"x\n{rows}')

    first, second, *others = rows_of(path, "posts")

    assert first == {"id": "1", "b": "x"}
    assert str(second).startswith("posts.csv:3: it is longer than")
    assert others[-1] == {"id": "39", "b": "y"}
    assert len(others) > 10


CELLS = st.text(alphabet='a",;\t\n\r \u00e4\U0001f600', max_size=6)


@repeatable
@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS)), delimiter=st.sampled_from(",;\t|"))
def test_whatever_the_csv_module_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], delimiter: str
) -> None:
    """Every cell, whatever delimiters, quotes and line ends it holds."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("id", "subject", "body"), *rows])
    path = tmp_path_factory.getbasetemp() / "posts.csv"
    path.write_bytes(out.getvalue().encode())

    assert rows_of(path, "posts") == [
        dict(zip(("id", "subject", "body"), row, strict=True)) for row in rows
    ]
