"""From bytes to text: a byte order mark decides, then what was given; nothing is replaced."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from kbsearch.errors import ConfigError
from kbsearch.importers.reading.source import open_source
from tests.importers.hostile import write
from tests.importers.reading import read_in_pieces_of, rows_of

CONTENTS = {
    "tickets.json": '[{"id": "1", "subject": "Türklingel 🔔"}]',
    "tickets.jsonl": '{"id": "1", "subject": "Türklingel 🔔"}\n',
    "tickets.csv": "id,subject\n1,Türklingel 🔔\n",
    "dump.sql": "INSERT INTO tickets (id, subject) VALUES ('1', 'Türklingel 🔔');\n",
}
MARKS = {
    "utf-8": b"",
    "utf-8-sig": b"",
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("encoding", MARKS)
def test_unicode_is_read_whatever_encoding_was_given(
    tmp_path: Path, name: str, encoding: str
) -> None:
    """A byte order mark is believed before the option."""
    path = write(tmp_path / name, MARKS[encoding] + CONTENTS[name].encode(encoding))
    given = "utf-8" if encoding == "utf-8" else "cp1252"

    assert rows_of(path, "tickets", encoding=given) == [{"id": "1", "subject": "Türklingel 🔔"}]


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("encoding", ["cp1252", "iso-8859-15", "utf-16-le", "shift_jis"])
def test_a_file_without_a_mark_has_the_encoding_that_was_given(
    tmp_path: Path, name: str, encoding: str
) -> None:
    """Nothing is guessed from the bytes."""
    word = "ドア" if encoding == "shift_jis" else "Tür"
    content = CONTENTS[name].replace("Türklingel 🔔", word)
    path = write(tmp_path / name, content.encode(encoding))

    assert rows_of(path, "tickets", encoding=encoding) == [{"id": "1", "subject": word}]


@pytest.mark.parametrize(
    ("name", "written", "places"),
    [
        ("t.json", ('[{"a": "', '"}, {"a": "', '"}]'), ["[0]", "[2]"]),
        ("t.jsonl", ('{"a": "', '"}\n{"a": "', '"}\n'), [":1", ":3"]),
        ("t.csv", ("a\n", "\n", "\n"), [":2", ":4"]),
        ("t.sql", ("INSERT INTO t (a) VALUES ('", "'),('", "');"), [":1[0]", ":1[2]"]),
        ("t.sql", ("COPY t (a) FROM stdin;\n", "\n", "\n\\.\n"), [":2", ":4"]),
    ],
)
def test_a_record_that_cannot_be_decoded_is_reported_and_the_others_are_read(
    tmp_path: Path, name: str, written: tuple[str, str, str], places: list[str]
) -> None:
    """A byte of another encoding, and half a character; what is sound is not touched."""
    start, between, end = (part.encode() for part in written)
    values = [b"T\xfcr", "Tür".encode(), b"\xe2\x82"]
    content = start + between.join(values) + end
    reason = "it holds bytes that are not UTF-8; give the encoding of the export if it is another"

    first, second, third = rows_of(write(tmp_path / name, content), "t")

    assert second == {"a": "Tür"}
    assert [first, third] == [f"{name}{place}: {reason}" for place in places]


def test_half_a_pair_of_surrogates_in_utf_16_is_no_text(tmp_path: Path) -> None:
    """Its neighbours are read all the same."""
    content = '{"a": "x"}\n{"a": "'.encode("utf-16") + b"\x00\xd8" + '"}\n'.encode("utf-16-le")

    first, second = rows_of(write(tmp_path / "t.jsonl", content), "t")

    assert first == {"a": "x"}
    assert "bytes that are not UTF-16" in str(second)


def test_a_character_may_lie_across_two_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is read in pieces; its characters are not."""
    read_in_pieces_of(monkeypatch, 1)
    path = write(tmp_path / "t.json", '[{"a": "🔔ü€"}]')

    assert rows_of(path, "t") == [{"a": "🔔ü€"}]


@pytest.mark.parametrize("name", ["klingon", "", "utf-8\0", "hex", "zip", "rot13", "x" * 10_000])
def test_an_unknown_encoding_is_an_error_before_anything_is_read(tmp_path: Path, name: str) -> None:
    """Also those of Python's codecs that are none for text: `zip` would unpack a bomb."""
    with (
        pytest.raises(ConfigError, match="is not known") as caught,
        open_source(tmp_path, encoding=name),
    ):
        pass

    assert len(str(caught.value)) < 200
