"""Rows made of rows: tables by id, lists within a row, JSON kept as text, order by time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kbsearch.importers.fields import Fields
from kbsearch.importers.places import ImportProblem, Place, RecordError
from kbsearch.importers.shared.rows import (
    Row,
    in_time,
    index_rows,
    json_child,
    json_texts,
    rows_within,
    spread,
)


def row(**values: object) -> Fields:
    """A record at line 7 of a file."""
    return Fields(Place("users.csv", line=7), values)


def shown(rows: Iterator[Row]) -> list[str]:
    """Values of readable rows, places and reasons of the others."""
    return [
        f"{each.place}: {each.reason}" if isinstance(each, ImportProblem) else str(each.values)
        for each in rows
    ]


def test_a_table_by_id_keeps_what_was_asked_for_and_reports_the_rest() -> None:
    """One bad row must not cost the names of all users."""
    problems: list[ImportProblem] = []
    broken = ImportProblem(Place("users.csv", line=3), "it is not JSON")

    found = index_rows(
        [row(id=1, name="Mara"), broken, row(name="nobody"), row(id="2", name="Per")],
        lambda each: each.text("name"),
        problems=problems,
    )

    assert found == {"1": "Mara", "2": "Per"}
    assert [problem.reason for problem in problems] == ["it is not JSON", "it has no 'id'"]


def test_a_row_that_cannot_be_spread_stops_no_other() -> None:
    """A page of an API is one row, and stands for many."""

    def into(each: Fields) -> Iterator[Row]:
        return rows_within(each, "payload")

    pages = [row(payload=[{"id": 1}, "x"]), row(payload="none"), row(payload=[{"id": 2}]), row()]

    assert shown(spread(pages, into)) == [
        "{'id': 1}",
        "users.csv:7.payload[1]: it is not an object",
        "users.csv:7: 'payload' is not a list",
        "{'id': 2}",
    ]


def test_rows_are_put_in_the_order_of_their_times() -> None:
    """Dumps of databases have no order; equal times keep the one that was given."""
    times = ("2024-01-03", "2024-01-01", "2024-01-03", "2024-01-02")
    rows = [row(id=number, at=f"{time}T00:00:00Z") for number, time in enumerate(times)]

    assert [each.text("id") for each in in_time(rows, "at")] == ["1", "3", "0", "2"]


def test_rows_of_which_one_has_no_time_stay_as_they_are() -> None:
    """Guessing where it belongs could change who spoke last."""
    rows = [row(id=1, at="2024-01-03T00:00:00Z"), row(id=2), row(id=3, at="2024-01-01T00:00:00Z")]

    assert [each.text("id") for each in in_time(rows, "at")] == ["1", "2", "3"]


@pytest.mark.parametrize("meta", [{"mwc": 12}, '{"mwc": 12}', '"{\\"mwc\\": 12}"'])
def test_an_object_is_read_as_such_as_json_and_as_json_of_json(meta: object) -> None:
    """What an API nests, a dump holds as text; Rails may have written it twice."""
    assert json_child(row(meta=meta), "meta").text("mwc") == "12"


def test_no_object_is_an_empty_one() -> None:
    """A null says nothing, and a missing field neither."""
    assert json_child(row(meta=None), "meta").values == {}


@pytest.mark.parametrize(
    ("meta", "reason"),
    [
        ("{secret", "'meta' is text, but not JSON"),
        ("[" * 100_000, "'meta' is text, but not JSON"),
        ("[1]", "'meta' is a list, not an object"),
        (12, "'meta' is a number, not an object"),
    ],
)
def test_what_is_no_object_is_reported_without_its_text(meta: object, reason: str) -> None:
    """An export may hold anything anywhere, deep nesting included."""
    with pytest.raises(RecordError, match=reason.replace("'", ".")):
        json_child(row(meta=meta), "meta")


@pytest.mark.parametrize("cc", [["a", "b"], '["a", "b"]', "a, b", ' ["a", "b"]'])
def test_texts_are_read_from_a_list_from_json_and_parted_by_commas(cc: object) -> None:
    """All three forms stand in exports of one vendor."""
    assert json_texts(row(cc=cc), "cc") == ("a", "b")


def test_no_texts_are_an_empty_tuple() -> None:
    """An empty cell of a CSV table is a missing field."""
    assert json_texts(row(cc=""), "cc") == ()
