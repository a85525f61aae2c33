"""An export as named tables: which files it has, which tables are in them, rows by their parent."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from kbsearch.errors import ConfigError, SourceError
from kbsearch.importers.places import ImportProblem, Place
from kbsearch.importers.reading.source import open_source
from tests.importers.hostile import ROW, write
from tests.importers.reading import places_of, rows_of, shown


def names_of(path: Path, *patterns: str) -> list[str]:
    """Names of an export's files."""
    with open_source(path) as source:
        return [file.name for file in source.files(*patterns)]


@pytest.fixture
def nobodys_folder() -> Iterator[Path]:
    """A folder of a user whom rights bind: nothing is forbidden to root."""
    is_root = os.geteuid() == 0
    with TemporaryDirectory() as folder:
        if is_root:
            os.chown(folder, _NOBODY, _NOBODY)
            os.seteuid(_NOBODY)
        try:
            yield Path(folder)
        finally:
            if is_root:
                os.seteuid(0)


_NOBODY = 65_534


class TestFiles:
    """What an export consists of."""

    def test_come_by_name_from_all_folders(self, tmp_path: Path) -> None:
        """Whatever order the disk gives them in; what desktops and tools leave is passed over."""
        litter = [".git/config", ".DS_Store", "__MACOSX/b.json", "a/Thumbs.db", "a/.x/c.json"]
        for name in ["b.json", "a/c.json", "a/b/d.json", "B.json", *litter]:
            write(tmp_path / name, "[]")

        assert names_of(tmp_path) == ["B.json", "a/b/d.json", "a/c.json", "b.json"]

    def test_are_found_by_pattern_in_any_case(self, tmp_path: Path) -> None:
        """The folder's name is no part of it; what is packed counts as unpacked, too."""
        for name in ["A.EML", "x.eml/b.txt", "c.eml.gz", "d.mbox"]:
            write(tmp_path / name, b"")

        assert names_of(tmp_path, "*.eml") == ["A.EML", "c.eml.gz"]
        assert names_of(tmp_path, "*.mbox", "*.txt") == ["d.mbox", "x.eml/b.txt"]

    def test_give_their_bytes(self, tmp_path: Path) -> None:
        """Unpacked, for formats that an importer reads itself."""
        write(tmp_path / "a.mbox", b"From x")
        write(tmp_path / "b.mbox.gz", gzip.compress(b"From y"))

        with open_source(tmp_path) as source:
            contents = []
            for file in source.files("*.mbox"):
                with file.open() as opened:
                    contents.append(opened.read())

        assert contents == [b"From x", b"From y"]

    def test_of_an_empty_folder_are_none(self, tmp_path: Path) -> None:
        """And so are its tables."""
        assert names_of(tmp_path) == []
        assert rows_of(tmp_path, "tickets", main=True) == []

    @pytest.mark.parametrize("name", ["missing", "missing/deeper.json", "nul\0"])
    def test_a_missing_path_is_named(self, tmp_path: Path, name: str) -> None:
        """With what to do now."""
        with pytest.raises(ConfigError, match=r"There is nothing at '.*Give the file, the folder"):
            names_of(tmp_path / name)

    def test_a_device_is_no_export(self) -> None:
        """It would never end."""
        with pytest.raises(SourceError, match="neither a file nor a folder"):
            names_of(Path("/dev/zero"))

    def test_links_that_lead_out_are_reported_and_not_followed(self, tmp_path: Path) -> None:
        """An export may come from someone who wants to see another file indexed."""
        write(tmp_path / "secret.json", '[{"id": 666}]')
        export = tmp_path / "export"
        write(export / "real" / "tickets-1.json", '[{"id": 1}]')
        (export / "tickets-2.json").symlink_to("../secret.json")
        (export / "tickets-3.json").symlink_to(tmp_path / "secret.json")
        (export / "tickets-4.json").symlink_to("nowhere.json")
        (export / "tickets-5.json").symlink_to("tickets-5.json")
        (export / "folder").symlink_to("..")
        (export / "again").symlink_to("real")
        (export / "latest.json").symlink_to("real/tickets-1.json")
        os.mkfifo(export / "pipe.json")

        with open_source(export) as source:
            names = [file.name for file in source.files()]
            left_out = {str(each.place): each.reason for each in source.left_out}

        assert names == ["latest.json", "real/tickets-1.json"]
        assert rows_of(export, "tickets") == [{"id": 1}]
        out = "it is a link that leads out of the export or nowhere, and was not followed"
        assert left_out == {
            "again": "it is a link to a folder, and was not followed",
            "folder": out,
            "pipe.json": "it is no file: a device, a pipe or a socket",
            **{f"tickets-{number}.json": out for number in (2, 3, 4, 5)},
        }

    def test_a_file_that_cannot_be_read_is_a_typed_error(self, tmp_path: Path) -> None:
        """Half an export must not look like a whole one."""
        path = write(tmp_path / "tickets.json", "[]")

        with open_source(tmp_path) as source:
            path.unlink()

            with pytest.raises(SourceError, match=r"'tickets.json' was not read: No such file"):
                list(source.table("tickets"))

    @pytest.mark.parametrize("name", ["export/tickets.json", "export"])
    def test_a_forbidden_file_or_folder_is_a_typed_error(
        self, nobodys_folder: Path, name: str
    ) -> None:
        """It names what may not be read."""
        write(nobodys_folder / "export" / "tickets.json", "[]")
        (nobodys_folder / name).chmod(0)

        with pytest.raises(SourceError, match="was not read: Permission denied"):
            rows_of(nobodys_folder / "export", "tickets")

        (nobodys_folder / name).chmod(0o700)

    def test_a_name_with_escape_codes_is_shown_without_them(self, tmp_path: Path) -> None:
        """A place is printed; the file is read all the same."""
        write(tmp_path / "tickets\x1b[2J\n-1.json", "[{}, 1]")
        write(tmp_path / "b" / os.fsdecode(b"tickets-\xff1.json"), "[1]")

        assert names_of(tmp_path) == ["b/tickets-\ufffd1.json", "tickets\ufffd[2J\ufffd-1.json"]
        assert rows_of(tmp_path, "tickets\ufffd[2j\ufffd")[-1] == (
            "tickets\ufffd[2J\ufffd-1.json[1]: it is not an object"
        )


class TestTables:
    """Where a table is found."""

    def test_is_read_from_all_files_that_hold_it_in_order_of_their_names(
        self, tmp_path: Path
    ) -> None:
        """In parts, in folders, in several formats, packed, and as one of many in a file."""
        write(tmp_path / "a" / "tickets.json", '[{"id": "1"}]')
        write(tmp_path / "b.json", '{"tickets": [{"id": "2"}], "users": []}')
        write(tmp_path / "c" / "tickets" / "page1.json", '[{"id": "3"}]')
        write(tmp_path / "d" / "Tickets_2024-01.csv", "id\n4\n")
        write(tmp_path / "e" / "tickets-part-2.jsonl.gz", gzip.compress(b'{"id": "5"}\n'))
        write(tmp_path / "f" / "tickets (1).tsv", "id\n6\n")
        write(tmp_path / "g.sql", "INSERT INTO desk.tickets (id) VALUES (7);")
        write(tmp_path / "h" / "tickets.export.ndjson", '{"id": "8"}')
        for name in ("ticket_fields.csv", "old_tickets.csv", "tickets.csv.txt", "tickets2x.csv"):
            write(tmp_path / "x" / name, "id\n666\n")

        assert rows_of(tmp_path, "tickets") == [{"id": str(n)} for n in range(1, 9)]

    def test_has_any_of_its_names(self, tmp_path: Path) -> None:
        """Tables have a prefix in the database and none in an API."""
        write(tmp_path / "glpi_tickets.csv", "id\n1\n")
        write(tmp_path / "tickets.json", '[{"id": "2"}]')

        assert rows_of(tmp_path, "tickets", "glpi_tickets") == [{"id": "1"}, {"id": "2"}]

    def test_may_be_the_only_file_of_another_name(self, tmp_path: Path) -> None:
        """`main`: what a person saved under a name of their own; a readme beside it is none."""
        write(tmp_path / "my-desk.csv", "id\n1\n")
        write(tmp_path / "README.txt", "hello")

        assert rows_of(tmp_path, "tickets", main=True) == [{"id": "1"}]
        assert rows_of(tmp_path / "my-desk.csv", "tickets", main=True) == [{"id": "1"}]
        assert rows_of(tmp_path, "tickets") == []
        write(tmp_path / "other.csv", "id\n2\n")
        assert rows_of(tmp_path, "tickets", main=True) == []

    def test_tells_what_concerns_a_file_once(self, tmp_path: Path) -> None:
        """Ten tables are looked for in a file that is cut off; a bad row is told of each time."""
        path = write(tmp_path / "x.json", '{"a": [1], "b": [{"id": 1}], "c": [{"id')

        with open_source(path) as source:
            found = [shown(source.table(name)) for name in "abca"]

        ends = "x.json: the file ends in the middle of a record"
        bad = "x.json[0]: it is not an object"
        assert found == [[bad, ends], [{"id": 1}], [], [bad]]

    def test_rows_know_their_places(self, tmp_path: Path) -> None:
        """By line where lines mean something, else by position."""
        write(tmp_path / "a" / "t.csv", "id\n1\n")
        write(tmp_path / "b" / "t.jsonl", '\n{"id": 2}')
        write(tmp_path / "c" / "t.json", '[{"id": 3}]')
        write(tmp_path / "d.sql", "\nINSERT INTO t (id) VALUES (4),\n(5);")

        assert places_of(tmp_path, "t") == [
            "a/t.csv:2",
            "b/t.jsonl:2",
            "c/t.json[0]",
            "d.sql:2[0]",
            "d.sql:3[1]",
        ]


class TestOutline:
    """Which tables an export has, for telling vendors apart."""

    def test_names_tables_and_the_fields_of_their_first_rows(self, tmp_path: Path) -> None:
        """Of files, arrays and single records; an object also counts under its file's name."""
        write(tmp_path / "Tickets-1.csv", "id,subject\n1,x\n")
        write(tmp_path / "b.json", '{"users": [{"id": 1}, {"name": "x"}], "n": 1, "none": []}')
        write(tmp_path / "incident.json", '{"result": [{"sys_id": 1}]}')
        write(tmp_path / "issue.json", '{"key": "A-1", "labels": ["x"], "fields": {"a": 1}}')
        write(tmp_path / "notes.jsonl", '{"id": 1}\nbroken\n')
        write(tmp_path / "photo.jpg", b"\xff\xd8")

        with open_source(tmp_path) as source:
            outline = source.outline()

        assert outline == {
            "Tickets": {"id", "subject"},
            "tickets": {"id", "subject"},
            "b": {"users", "n", "none"},
            "users": {"id", "name"},
            "incident": {"result", "sys_id"},
            "issue": {"key", "fields", "labels"},
            "notes": {"id"},
        }

    def test_reads_little_of_a_large_file(self, tmp_path: Path) -> None:
        """By hand: a gigabyte of holes behind the first row; its end is never reached."""
        path = tmp_path / "export.json"
        write(path, b'{"tickets": [' + ROW + b', {"subject": "')
        with path.open("r+b") as file:
            file.truncate(1_000_000_000)

        with open_source(path) as source:
            assert source.outline()["tickets"] == {"id", "subject"}


class TestGroup:
    """Rows by what they belong to."""

    @pytest.fixture
    def export(self, tmp_path: Path) -> Path:
        """Comments of tickets 7 and 8 in turns, and some that cannot be told whose they are."""
        rows = [
            {"id": 1, "ticket_id": 7, "body": "a"},
            {"id": 2, "ticket_id": "8", "body": "b"},
            {"id": 3, "ticket_id": 7.0, "body": "\ud800c\u0000"},
            {"id": 4, "ticket_id": [7]},
            {"id": 5},
            {"id": 6, "ticket_id": " "},
            {"id": 7, "ticket_id": "\ud800"},
        ]
        lines = "\n".join([*map(json.dumps, rows), "broken", ""])
        return write(tmp_path / "comments.jsonl", lines)

    def test_gives_the_rows_of_a_parent_in_their_order_once(self, export: Path) -> None:
        """Whether its id is a number or a text; with their values and places."""
        with open_source(export) as source:
            comments = source.group("comments", by="ticket_id")
            first, third = comments.of("7")
            again = comments.of("7")
            other = comments.of("\ud800")

        assert (first.text("body"), third.text("body")) == ("a", "\ud800c\x00")
        assert third.place == Place("comments.jsonl", line=3)
        assert again == []
        assert [row.text("id") for row in other] == ["7"]

    def test_tells_what_nobody_asked_for(self, export: Path) -> None:
        """In the order of the export: their parent is not in it, or they name none."""
        with open_source(export) as source:
            comments = source.group("comments", by="ticket_id")
            comments.of("7")
            unclaimed = list(comments.unclaimed())

        reason = "what it belongs to is not in the export"
        assert unclaimed == [
            ImportProblem(Place("comments.jsonl", line=line), reason) for line in (2, 5, 7)
        ]

    def test_tells_the_rows_that_cannot_be_read_as_often_as_asked(self, export: Path) -> None:
        """Lines that are no rows, and rows whose parent is no value."""
        with open_source(export) as source:
            comments = source.group("comments", by="ticket_id")
            problems = [shown(comments.problems), shown(comments.problems)]

        assert problems[0] == problems[1]
        assert problems[0] == [
            "comments.jsonl:4: 'ticket_id' is a list, not text",
            "comments.jsonl:6: it has no 'ticket_id'",
            "comments.jsonl:8: it is not JSON",
        ]

    def test_of_a_missing_table_is_empty(self, tmp_path: Path) -> None:
        """Not every export has everything."""
        with open_source(tmp_path) as source:
            comments = source.group("comments", by="ticket_id")

            assert comments.of("7") == []
            assert list(comments.unclaimed()) == list(comments.problems) == []

    def test_is_read_at_its_first_use(self, tmp_path: Path) -> None:
        """An importer may name all of its tables before it knows which it needs."""
        with open_source(tmp_path) as source:
            write(tmp_path / "late.txt", "")
            group = source.group("comments", by="ticket_id")

            assert group.of("1") == []
