"""Fields: what a vendor wrote anywhere, as the type that an importer asks for, or a typed error."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kbsearch.importers.fields import Fields
from kbsearch.importers.places import Place, RecordError
from kbsearch.visibility import Marker, Verdict

PLACE = Place("tickets.json", position=3)
repeatable = settings(derandomize=True, database=None, deadline=None, max_examples=400)


def fields(**values: Any) -> Fields:
    """A record at a known place."""
    return Fields(PLACE, values)


class TestText:
    """`text`, `identifier`, `texts`: whatever is a single value can be written out."""

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ("Door bell", "Door bell"),
            (" kept ", " kept "),
            (17, "17"),
            (1.5, "1.5"),
            (True, "true"),
            (False, "false"),
            (0, "0"),
            (None, ""),
            ("", ""),
        ],
    )
    def test_a_value_is_written_out(self, value: object, text: str) -> None:
        """A bool is written as JSON writes it; zero and false are something."""
        assert fields(a=value).text("a") == text

    def test_the_first_name_that_holds_something_wins(self) -> None:
        """A missing field, null and an empty text are the same."""
        record = fields(b=None, c="", d="fourth", e="fifth")

        assert record.text("a", "b", "c", "d", "e") == "fourth"
        assert record.raw("a", "b") is None

    @pytest.mark.parametrize(("value", "kind"), [([], "a list"), ({}, "an object")])
    def test_a_list_or_an_object_is_no_text(self, value: object, kind: str) -> None:
        """The message names the field and the shape, never what is in it."""
        with pytest.raises(RecordError, match=f"'a' or 'b' is {kind}, not text") as caught:
            fields(b=value).text("a", "b")

        assert caught.value.place == PLACE

    @pytest.mark.parametrize(
        ("value", "identifier"), [(" 12 ", "12"), (12, "12"), (12.0, "12"), ("12.0", "12.0")]
    )
    def test_an_identifier_has_no_blanks_and_no_empty_fraction(
        self, value: object, identifier: str
    ) -> None:
        """A column of whole numbers with a gap in it is often written as fractions."""
        assert fields(id=value).identifier("id") == identifier

    @pytest.mark.parametrize("value", [None, "", " \t"])
    def test_an_identifier_must_be_there(self, value: object) -> None:
        """Nothing could be found again without one."""
        with pytest.raises(RecordError, match="it has no 'id' or 'key'"):
            fields(id=value).identifier("id", "key")

    @pytest.mark.parametrize(
        ("value", "texts"),
        [
            (["a", " b ", "", None, "a", 7, True], ("a", "b", "7", "true")),
            ("a, b,,a", ("a", "b")),
            ([], ()),
            (None, ()),
            ("", ()),
        ],
    )
    def test_texts_are_a_list_or_parted_by_commas(
        self, value: object, texts: tuple[str, ...]
    ) -> None:
        """Each once, in their order, without blank ones."""
        assert fields(tags=value).texts("tags") == texts

    @pytest.mark.parametrize("value", [{"a": 1}, 7, [["a"]], [{"name": "a"}]])
    def test_anything_else_is_no_list_of_texts(self, value: object) -> None:
        """A list of objects is for `children`."""
        with pytest.raises(RecordError, match="'tags' is"):
            fields(tags=value).texts("tags")


class TestFlagsAndMarkers:
    """What decides about visibility is compared exactly."""

    @pytest.mark.parametrize("value", [True, 1, "1", "t", "true"])
    def test_true(self, value: object) -> None:
        """As JSON, MySQL and PostgreSQL write it."""
        assert fields(a=value).flag("a") is True

    @pytest.mark.parametrize("value", [False, 0, "0", "f", "false"])
    def test_false(self, value: object) -> None:
        """As JSON, MySQL and PostgreSQL write it."""
        assert fields(a=value).flag("a") is False

    @pytest.mark.parametrize("value", [None, "", 2, 1.0, "True", "FALSE", "yes", [], {}, [True]])
    def test_anything_else_is_neither(self, value: object) -> None:
        """Nothing is guessed: mixed case and new values count as not understood."""
        assert fields(a=value).flag("a") is None

    @pytest.mark.parametrize(
        ("value", "verdict"),
        [
            (True, Verdict.PUBLIC),
            ("t", Verdict.PUBLIC),
            (0, Verdict.INTERNAL),
            ("false", Verdict.INTERNAL),
            ("True", Verdict.UNKNOWN),
            (1.0, Verdict.UNKNOWN),
            ([True], Verdict.UNKNOWN),
            (None, Verdict.UNKNOWN),
        ],
    )
    def test_a_flag_is_a_marker_only_where_it_says_just_that(
        self, value: object, verdict: Verdict
    ) -> None:
        """A list of one is what two columns of one name give: it opens nothing."""
        assert fields(public=value).flag_marker("comment", "public", public=True).verdict is verdict

    def test_a_flag_may_open_by_being_false(self) -> None:
        """`private: false` is public, and a missing one means what the vendor says."""
        record = fields(private=False)

        opened = record.flag_marker("note", "private", public=False)
        missing = record.flag_marker("note", "hidden", public=False, missing=Verdict.PUBLIC)

        assert (opened.verdict, missing.verdict) == (Verdict.PUBLIC, Verdict.PUBLIC)
        assert str(missing) == "note: hidden = missing → public"


class TestNumber:
    """Whole numbers, also as text."""

    @pytest.mark.parametrize(
        ("value", "number"),
        [(7, 7), (7.0, 7), ("7", 7), (" -7 ", -7), ("7.0", 7), (0, 0), (None, None), ("  ", None)],
    )
    def test_a_whole_number_is_read(self, value: object, number: int | None) -> None:
        """Blank text is nothing."""
        assert fields(n=value).number("n") == number

    @pytest.mark.parametrize(
        "value",
        [True, 1.5, "1.5", "x", "1e3", "--1", "-", "\uff11\uff12", "9" * 30, [], 1e999],
    )
    def test_anything_else_is_an_error(self, value: object) -> None:
        """Digits of other scripts, too: `int` would take them."""
        with pytest.raises(RecordError, match=r"'n' is .*, not a whole number"):
            fields(n=value).number("n")


NEW_YEAR = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)  # 1704164645 s since 1970


class TestTime:
    """Moments as exports write them."""

    @pytest.mark.parametrize(
        "value",
        [
            "2024-01-02T03:04:05Z",
            "2024-01-02T03:04:05.000Z",
            "2024-01-02T05:04:05+02:00",
            "2024-01-01T22:04:05.000-0500",
            "2024-01-02 03:04:05",
            "2024-01-02 03:04:05 UTC",
            "2024-01-02 03:04:05 GMT",
            "2024-01-02 05:04:05 +0200",
            "2024-01-02 05:04:05 +02:00",
            "2024-01-02 03:04:05+00",
            " 2024-01-02T03:04:05Z\n",
            "20240102T030405Z",
            "20240102030405",
            1704164645,
            1704164645.0,
            1704164645000,
            "1704164645",
            "1704164645.0",
            "1704164645000",
            NEW_YEAR,
            NEW_YEAR.replace(tzinfo=None),
        ],
    )
    def test_a_moment_is_read_however_it_is_written(self, value: object) -> None:
        """Without an offset it is UTC; numbers are seconds or milliseconds."""
        assert fields(at=value).time("at") == NEW_YEAR

    def test_a_day_is_its_midnight(self) -> None:
        """Eight digits are a day, not a second of 1970."""
        assert fields(at="2024-01-02").time("at") == datetime(2024, 1, 2, tzinfo=UTC)
        assert fields(at="20240102").time("at") == datetime(2024, 1, 2, tzinfo=UTC)

    def test_the_offset_stays(self) -> None:
        """A person may want to know what time it was for the customer."""
        moment = fields(at="2024-01-02T05:04:05+02:00").time("at")

        assert moment is not None
        assert moment.tzinfo == timezone(timedelta(hours=2))

    @pytest.mark.parametrize(
        "value",
        [
            None,
            "",
            "  ",
            0,
            "0",
            "0000-00-00 00:00:00",
            "0000-00-00",
            "0001-01-01T00:00:00Z",
            "1900-01-01 00:00:00",
            "1970-01-01T00:00:00Z",
        ],
    )
    def test_never_is_nothing(self, value: object) -> None:
        """What databases write where no moment is known."""
        assert fields(at=value).time("at") is None

    @pytest.mark.parametrize(
        "value",
        [
            "yesterday",
            "2024-13-01",
            "02/01/2024",
            "2024-01-02T03:04:05+99:00",
            "9999-12-31T23:59:59-05:00",
            "12345678901234567890",
            "1704164645" * 8,
            "x" * 1_000_000,
            float("nan"),
            float("inf"),
            1e300,
            10**400,
            10**15,
            True,
            [],
            {},
        ],
    )
    def test_anything_else_is_an_error(self, value: object) -> None:
        """A day that may be in January or February, a far year, a value of another kind."""
        with pytest.raises(RecordError, match=r"'at' is .*, not a time"):
            fields(at=value).time("at")

    @pytest.mark.parametrize("value", [-1, "-1", -1e18, "1969-12-31T23:59:59Z", "1066-10-14"])
    def test_a_moment_before_1970_is_an_error(self, value: object) -> None:
        """No desk is that old; somebody's default is."""
        with pytest.raises(RecordError, match="'at' is"):
            fields(at=value).time("at")

    def test_the_end_of_time_is_a_moment(self) -> None:
        """`valid_until` is often that."""
        assert fields(at="9999-12-31").time("at") == datetime(9999, 12, 31, tzinfo=UTC)


class TestRecordsWithin:
    """`child` and `children` know where they stand."""

    def test_a_child_is_found_under_the_name_that_holds_it(self) -> None:
        """Its place says which name that was."""
        child = fields(author=None, sender={"name": "Ann"}).child("author", "sender")

        assert child.text("name") == "Ann"
        assert str(child.place) == "tickets.json[3].sender"

    @pytest.mark.parametrize("value", [None, "", []])
    def test_a_missing_child_is_an_empty_record(self, value: object) -> None:
        """So that its fields can be asked for all the same; PHP writes it as a list."""
        child = fields(sender=value).child("author", "sender")

        assert child.text("name") == ""
        assert "name" not in child

    def test_children_are_numbered(self) -> None:
        """The third comment of a ticket can be found by a person."""
        found = list(fields(comments=[{"id": 1}, {"id": 2}]).children("comments"))

        assert [each.text("id") for each in found] == ["1", "2"]
        assert str(found[1].place) == "tickets.json[3].comments[1]"

    def test_no_children_are_none(self) -> None:
        """Missing, null, and an empty list."""
        record = fields(a=None, b=[])

        assert [list(record.children(name)) for name in ("a", "b", "c")] == [[], [], []]

    def test_what_is_no_object_is_an_error_at_its_place(self) -> None:
        """The others could be read, but a ticket without one of its notes is not the ticket."""
        children = fields(comments=[{"id": 1}, "second"]).children("comments")

        assert next(children).text("id") == "1"
        with pytest.raises(RecordError, match="it is text, not an object") as caught:
            next(children)
        assert str(caught.value.place) == "tickets.json[3].comments[1]"

    @pytest.mark.parametrize("value", ["x", 7, True, ["x"]])
    def test_another_shape_is_no_child(self, value: object) -> None:
        """An id where a record was promised is another export than the one described."""
        with pytest.raises(RecordError, match=r"'a' is .*, not an object"):
            fields(a=value).child("a")

    @pytest.mark.parametrize("value", ["x", 7, {"a": 1}])
    def test_another_shape_is_no_list_of_children(self, value: object) -> None:
        """One object is no list of one."""
        with pytest.raises(RecordError, match=r"'a' is .*, not a list"):
            list(fields(a=value).children("a"))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=40)
    | st.sampled_from(["2024-01-02T03:04Z", "1704164645", "0000-00-00", "-0.0", "20240230"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)
GETTERS: dict[str, tuple[Callable[[Fields], object], type | tuple[type, ...]]] = {
    "text": (lambda f: f.text("a"), str),
    "identifier": (lambda f: f.identifier("a"), str),
    "flag": (lambda f: f.flag("a"), (bool, type(None))),
    "number": (lambda f: f.number("a"), (int, type(None))),
    "time": (lambda f: f.time("a"), (datetime, type(None))),
    "texts": (lambda f: f.texts("a"), tuple),
    "child": (lambda f: f.child("a"), Fields),
    "children": (lambda f: list(f.children("a")), list),
    "marker": (lambda f: f.marker("ticket", "a", {"1": Verdict.PUBLIC}), Marker),
    "flag_marker": (lambda f: f.flag_marker("ticket", "a", public=True), Marker),
}


@pytest.mark.parametrize("getter", GETTERS)
@repeatable
@given(value=JSON)
@example(value=[[[[[[[[[[[[]]]]]]]]]]]])
@example(value="\ud800" * 1000)
def test_any_value_gives_a_getters_type_or_a_record_error(getter: str, value: object) -> None:
    """A record that cannot be read must not end the import of a million others."""
    read, kinds = GETTERS[getter]
    try:
        found = read(fields(a=value))
    except RecordError:
        return

    assert isinstance(found, kinds)
