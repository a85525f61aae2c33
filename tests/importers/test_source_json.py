"""Tables in JSON files: cut into values as they are read, a bad one stops no other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbsearch.importers.places import ImportProblem
from kbsearch.importers.reading import cutting, json_values
from kbsearch.importers.reading.source import open_source
from tests.importers.hostile import write
from tests.importers.reading import places_of, read_in_pieces_of, rows_of

ENDS = "the file ends in the middle of a record"
NOT_JSON = "it is not JSON"
repeatable = settings(derandomize=True, database=None, deadline=None, max_examples=150)


class TestWhereATableIsFound:
    """An array, an array under its name, rows one after the other, one row."""

    @pytest.mark.parametrize(
        "content",
        [
            '[{"id": 1}, {"id": 2}]',
            '\ufeff [ {"id": 1} ,\n{"id": 2}\n] ',
            '{"tickets": [{"id": 1}, {"id": 2}]}',
            '{"count": 2, "users": [{"id": 9}], "tickets": [{"id": 1}, {"id": 2}], "next": null}',
            '{"tickets": [{"id": 1}]} {"tickets": [{"id": 2}]}',
            '{"data": {"users": [], "tickets": [{"id": 1}, {"id": 2}]}}',
            '{"result": [{"id": 1}, {"id": 2}]}',
            '{"id": 1}\n{"id": 2}\n',
            '{\n  "id": 1\n}\n{\n  "id": 2\n}',
        ],
    )
    @pytest.mark.parametrize("n_characters", [1, 7, 1 << 17])
    def test_in_every_usual_shape(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, n_characters: int
    ) -> None:
        """Whatever piece of the file is held at a time."""
        read_in_pieces_of(monkeypatch, n_characters)
        path = write(tmp_path / "tickets.json", content)

        assert rows_of(path, "tickets") == [{"id": 1}, {"id": 2}]

    def test_a_file_called_after_it_may_be_one_row(self, tmp_path: Path) -> None:
        """A ticket in each file; what is an array within it is the ticket's."""
        write(tmp_path / "tickets" / "17.json", '{"id": 17, "comments": [{"id": 1}]}')

        assert rows_of(tmp_path, "tickets") == [{"id": 17, "comments": [{"id": 1}]}]

    @pytest.mark.parametrize("content", ['[{"id": 1}]', '{"id": 1}', '{"result": [{"id": 1}]}'])
    def test_bare_rows_of_another_file_are_not_taken(self, tmp_path: Path, content: str) -> None:
        """They may be anything: a user, a setting."""
        path = write(tmp_path / "settings.json", content)

        assert rows_of(path, "tickets") == []
        assert rows_of(path, "tickets", main=True) == [{"id": 1}]

    @pytest.mark.parametrize("content", ["", " \n", "[]", '{"tickets": []}'])
    def test_nothing_is_no_row(self, tmp_path: Path, content: str) -> None:
        """A desk without tickets is no error."""
        assert rows_of(write(tmp_path / "tickets.json", content), "tickets") == []

    def test_several_names_are_found_in_the_order_of_the_file(self, tmp_path: Path) -> None:
        """One pass; positions go on."""
        content = '{"incidents": [{"id": 1}], "x": [[{}]], "requests": [{"id": 2}, {"id": 3}]}'
        path = write(tmp_path / "export.json", content)

        assert rows_of(path, "requests", "incidents") == [{"id": 1}, {"id": 2}, {"id": 3}]
        assert places_of(path, "requests", "incidents") == [f"export.json[{n}]" for n in range(3)]

    def test_names_within_rows_and_texts_are_not_found(self, tmp_path: Path) -> None:
        """What a customer writes cannot become a row."""
        said = {"id": 1, "body": '"tickets": [{"id": 666}]', "nested": {"tickets": [{"id": 667}]}}
        content = json.dumps({"messages": [said], "other": said, "tickets": [{"id": 2}]})

        assert rows_of(write(tmp_path / "export.json", content), "tickets") == [{"id": 2}]


class TestAMalformedValue:
    """It is reported at its position, and the next is read."""

    @pytest.mark.parametrize(
        "value",
        [
            '{"a": tru}',
            '{"a": 1,}',
            '{"a": 01}',
            '{"a": "\\q"}',
            '{"a": "line\nbreak"}',
            '{"a": "x""}',
            '{"a": "said "no" to me"}',
            '{"a": "never closed, "b": 1}',
            '{"a": [1, 2}',
            '{"a": 1]}',
            "{a: 1}",
            "{'a': 1}",
            '{"a": ' + "9" * 5000 + "}",
        ],
    )
    @pytest.mark.parametrize("n_characters", [1, 5, 1 << 17])
    def test_stops_no_other(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, n_characters: int
    ) -> None:
        """Forgotten escapes too: the value ends where a reader would say it does."""
        read_in_pieces_of(monkeypatch, n_characters)
        path = write(tmp_path / "tickets.json", f'[{{"id": 1}},{value},{{"id": 2}}]')

        assert rows_of(path, "tickets") == [{"id": 1}, f"tickets.json[1]: {NOT_JSON}", {"id": 2}]

    @pytest.mark.parametrize("value", ['{"a": "never closed}', '{"a" 1}'])
    def test_may_take_the_next_one_with_it(self, tmp_path: Path, value: str) -> None:
        """A forgotten quote or colon leaves open where a string ends; the third is safe."""
        path = write(tmp_path / "tickets.json", f'[{value},{{"id": 2}},{{"id": 3}}]')

        assert rows_of(path, "tickets") == [f"tickets.json[0]: {NOT_JSON}", {"id": 3}]

    @pytest.mark.parametrize(
        ("value", "reason"),
        [
            ('{"public": false, "public": true}', "it gives a field twice"),
            ('{"a": [{"b": 1, "b": 1}]}', "it gives a field twice"),
            ('{"a": NaN}', "it holds NaN, which is not JSON"),
            ('{"a": -Infinity}', "it holds -Infinity, which is not JSON"),
        ],
    )
    def test_is_one_where_the_json_module_would_let_it_pass(
        self, tmp_path: Path, value: str, reason: str
    ) -> None:
        """Of two markers none can be believed; NaN is nobody's number."""
        path = write(tmp_path / "tickets.json", f'[{value}, {{"id": 2}}]')

        assert rows_of(path, "tickets") == [f"tickets.json[0]: {reason}", {"id": 2}]

    @pytest.mark.parametrize("value", ["1", '"text"', "null", "[[]]", "tru e", "}", '"a": 1'])
    def test_is_one_if_it_is_no_object(self, tmp_path: Path, value: str) -> None:
        """Also what cannot be anything."""
        path = write(tmp_path / "tickets.json", f'[{value}, {{"id": 2}}]')

        first, *_, last = rows_of(path, "tickets")

        assert first == "tickets.json[0]: it is not an object"
        assert last == {"id": 2}

    @pytest.mark.parametrize("content", ["<html>Not found</html>", "id,subject", "null", '"x"'])
    def test_a_file_that_is_no_json_is_reported_once(self, tmp_path: Path, content: str) -> None:
        """Whatever it is called, and however many tables are looked for in it."""
        path = write(tmp_path / "tickets.json", content)

        with open_source(path) as source:
            found = [*source.table("tickets"), *source.table("users"), *source.table("tickets")]

        assert [str(each.place) for each in found] == ["tickets.json"]
        assert isinstance(found[0], ImportProblem)

    @pytest.mark.parametrize("n_characters", [1, 1 << 17])
    @pytest.mark.parametrize("table", ["tickets", "users"])
    def test_a_file_that_is_cut_off_anywhere_gives_what_was_whole(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str, n_characters: int
    ) -> None:
        """And then says so, once; whichever table it is cut off in."""
        read_in_pieces_of(monkeypatch, n_characters)
        content = '{"tickets": [{"id": 1}, {"a": "b\\n"}], "users": [{"id": 2}]}'
        whole: list[Any] = json.loads(content)[table]
        for length in range(1, len(content)):
            *found, last = rows_of(write(tmp_path / "x.json", content[:length]), table)

            assert last == f"x.json: {ENDS}"
            assert found == whole[: len(found)]


class TestLimits:
    """What no parser survives is passed over, and the next value is read."""

    def test_depth(self, tmp_path: Path) -> None:
        """200 levels are read, 201 are not, and 100,000 are no problem of the stack."""
        values = [f'{{"a": {"[" * n}{"]" * n}}}' for n in (199, 200, 100_000)]
        path = write(tmp_path / "tickets.json", f'[{",".join(values)}, {{"id": 2}}]')
        too_deep = "it is nested deeper than 200 levels"

        first, *others = rows_of(path, "tickets")

        assert isinstance(first, dict)
        assert others == [f"tickets.json[1]: {too_deep}", f"tickets.json[2]: {too_deep}", {"id": 2}]

    def test_depth_of_the_file_itself(self, tmp_path: Path) -> None:
        """Arrays in arrays where rows should be."""
        path = write(tmp_path / "tickets.json", "[" * 100_000)

        assert rows_of(path, "tickets") == [f"tickets.json: {ENDS}"]

    @pytest.mark.parametrize("n_characters", [7, 1 << 17])
    def test_length(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_characters: int
    ) -> None:
        """A value too long is not kept while its end is looked for."""
        read_in_pieces_of(monkeypatch, n_characters)
        monkeypatch.setattr(cutting, "MAX_RECORD_CHARACTERS", 40)
        long = json.dumps({"a": 'x"{' * 20})
        path = write(tmp_path / "tickets.json", f'[{{"id": 1}}, {long}, {{"id": 2}}]')

        found = rows_of(path, "tickets")

        assert found[0] == {"id": 1}
        assert found[2] == {"id": 2}
        assert n_characters > 40 or "it is longer than" in str(found[1])

    def test_values_within_a_record(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """An empty object of two bytes takes sixty in memory."""
        monkeypatch.setattr(json_values, "MAX_PARTS", 10)
        path = write(tmp_path / "tickets.json", f'[{{"a": [0, {{}}]}}, {{"a": [{"0, " * 10}0]}}]')

        first, second = rows_of(path, "tickets")

        assert first == {"a": [0, {}]}
        assert "it holds more than" in str(second)


class TestJsonLines:
    """One object per line, in `.jsonl` and `.ndjson`."""

    def test_a_bad_line_is_reported_by_its_number(self, tmp_path: Path) -> None:
        """Blank lines count; Windows' line ends and a byte order mark are nothing."""
        content = '\ufeff{"id": 1}\r\n\r\n{"id": \n[2]\nNaN\n{"id": 2, "x": "\u2028"}\n'
        path = write(tmp_path / "tickets.ndjson", content)

        assert rows_of(path, "tickets") == [
            {"id": 1},
            f"tickets.ndjson:3: {NOT_JSON}",
            "tickets.ndjson:4: it is not an object",
            "tickets.ndjson:5: it holds NaN, which is not JSON",
            {"id": 2, "x": "\u2028"},
        ]

    def test_a_last_line_that_breaks_off_is_told_from_a_wrong_one(self, tmp_path: Path) -> None:
        """The export should be made anew, not mended."""
        path = write(tmp_path / "tickets.jsonl", '{"id": 1}\n{"id": 2, "subj')

        assert rows_of(path, "tickets") == [{"id": 1}, f"tickets.jsonl:2: {ENDS}"]

    def test_a_last_line_without_an_end_is_read(self, tmp_path: Path) -> None:
        """If it is whole."""
        assert rows_of(write(tmp_path / "tickets.jsonl", '{"id": 1}'), "tickets") == [{"id": 1}]

    def test_limits_hold_here_too(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A line too long is passed over in parts; a deep one is not parsed."""
        monkeypatch.setattr(json_values, "MAX_RECORD_CHARACTERS", 1000)
        long, deep = '{"a": "' + "x" * 5000 + '"}', '{"a": ' + "[" * 300 + "]" * 300 + "}"
        path = write(tmp_path / "tickets.jsonl", f'{long}\n{deep}\n{{"id": 3}}\n{long}')

        first, second, third, fourth = rows_of(path, "tickets")

        assert str(first).startswith("tickets.jsonl:1: it is longer than")
        assert str(second) == "tickets.jsonl:2: it is nested deeper than 200 levels"
        assert third == {"id": 3}
        assert str(fourth).startswith("tickets.jsonl:4: it is longer than")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='a"\\{}[],: \n\u00e4\U0001f600'),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(alphabet='ab"\\]', max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
ROWS = st.lists(st.dictionaries(st.text(alphabet='kn"}', max_size=2), VALUES, max_size=3))
SHAPES = {
    "array": "[{}]",
    "named": '{{"n": 1, "other": [{0}], "tickets": [{0}]}}',
    "wrapped": '{{"data": {{"x": {{"tickets": [{0}]}}, "tickets": [{0}]}}}}',
}


@pytest.mark.parametrize("shape", SHAPES)
@repeatable
@given(rows=ROWS, indent=st.sampled_from([None, 1]), n_characters=st.integers(1, 30))
def test_whatever_is_valid_is_read_as_the_json_module_reads_it(
    tmp_path_factory: pytest.TempPathFactory,
    shape: str,
    rows: list[dict[str, Any]],
    indent: int | None,
    n_characters: int,
) -> None:
    """Cutting honours strings and escapes wherever the pieces of the file meet."""
    written = ",".join(json.dumps(row, indent=indent, ensure_ascii=indent is None) for row in rows)
    path = tmp_path_factory.getbasetemp() / "tickets.json"
    write(path, SHAPES[shape].format(written))
    with pytest.MonkeyPatch.context() as monkeypatch:
        read_in_pieces_of(monkeypatch, n_characters)

        assert rows_of(path, "tickets") == rows
