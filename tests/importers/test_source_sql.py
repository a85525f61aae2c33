"""Tables in SQL dumps: read as text, never run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbsearch.importers.reading.source import open_source
from tests.importers.hostile import write
from tests.importers.reading import places_of, read_in_pieces_of, rows_of

repeatable = settings(derandomize=True, database=None, deadline=None, max_examples=150)
ENDS = "the file ends in the middle of a record"

POSTGRES = r"""--
-- PostgreSQL database dump -- isn't read
--
\restrict x'y
SET standard_conforming_strings = on;
/* a remark; isn't read */
CREATE FUNCTION helpy.f() RETURNS trigger LANGUAGE plpgsql AS $_$
BEGIN -- don't
  RETURN ';'; INSERT INTO posts (id) VALUES (666);
END; $_$;
CREATE TABLE helpy.posts (
    id integer NOT NULL,
    key character varying(255) DEFAULT 'a,b'::character varying,
    price numeric(10,2),
    CONSTRAINT c CHECK (((price > (0)::numeric) AND (key <> ''::text)))
);
COMMENT ON TABLE helpy.posts IS 'it''s ''; here \';
COPY helpy.notes (id, body) FROM stdin;
666	\\.
\.

COPY helpy.posts (id, "user", body) FROM stdin;
1	\N	a\tb\nc\\d \x41\102\q
2	x
3		INSERT INTO posts (id) VALUES (666);
\.

INSERT INTO helpy.posts VALUES (4, 'it''s \', NULL);
INSERT INTO helpy.posts VALUES (5, 'x'::text, 1.5), (6, now(), -2) ON CONFLICT DO NOTHING;
"""

MYSQL = r"""-- MySQL dump 10.13  Distrib 8.0
/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS `ost_ticket`;
CREATE TABLE `ost_ticket` (
  `id` int(11) NOT NULL AUTO_INCREMENT COMMENT 'it\'s (a, b',
  `key` varchar(20) DEFAULT ',',
  `body` longtext,
  PRIMARY KEY (`id`), KEY `k` (`key`,`body`(10))
) ENGINE=InnoDB;
LOCK TABLES `ost_ticket` WRITE;
INSERT INTO `ost_note` VALUES (1,'x\\','\'
INSERT INTO `ost_ticket` VALUES (666,1,2);
');
INSERT INTO `ost_ticket` VALUES (1,'a\'b''c','l1\nl2 (x), \"q\" \%'),(2,NULL,_binary '\0x'),
(3,0x61,b'1'),(4,'x'),(5,CAST('a' AS CHAR),2),(6,TRUE,-1.5e3);
INSERT IGNORE INTO desk.ost_ticket (`id`, body) VALUES (7,"say ""hi"" twice");
"""


@pytest.mark.parametrize("n_characters", [1, 11, 1 << 17])
class TestDumps:
    """As pg_dump, mysqldump and tools like them write them, whatever piece is held at a time."""

    def test_of_postgresql(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_characters: int
    ) -> None:
        """Functions, comments and texts are no statements; a backslash ends no standard string."""
        read_in_pieces_of(monkeypatch, n_characters)
        path = write(tmp_path / "dump.sql", POSTGRES)

        assert rows_of(path, "posts") == [
            {"id": "1", "user": None, "body": "a\tb\nc\\d ABq"},
            "dump.sql:24: it has 2 values for 3 columns",
            {"id": "3", "user": "", "body": "INSERT INTO posts (id) VALUES (666);"},
            {"id": "4", "key": "it's \\", "price": None},
            {"id": "5", "key": "x", "price": "1.5"},
            {"id": "6", "key": "now()", "price": "-2"},
        ]

    def test_of_mysql(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_characters: int
    ) -> None:
        """Columns come from CREATE TABLE; a line within a text is no statement."""
        read_in_pieces_of(monkeypatch, n_characters)
        path = write(tmp_path / "dump.sql", MYSQL)

        assert rows_of(path, "ost_ticket", "ticket") == [
            {"id": "1", "key": "a'b'c", "body": 'l1\nl2 (x), "q" %'},
            {"id": "2", "key": None, "body": "\0x"},
            {"id": "3", "key": "0x61", "body": "1"},
            "dump.sql:15[3]: it has 2 values for 3 columns",
            "dump.sql:15[4]: a value in it is not understood",
            {"id": "6", "key": "true", "body": "-1.5e3"},
            {"id": "7", "body": 'say "hi" twice'},
        ]


def test_a_table_is_found_with_and_without_its_schema(tmp_path: Path) -> None:
    """In any case of letters, and never by a part of its name."""
    path = write(tmp_path / "dump.sql", POSTGRES)

    assert rows_of(path, "posts") == rows_of(path, "Helpy.Posts")
    assert [rows_of(path, name) for name in ("post", "other.posts", "helpy")] == [[], [], []]
    assert places_of(path, "notes") == ["dump.sql:19"]


def test_rows_without_known_columns_are_reported(tmp_path: Path) -> None:
    """A dump of rows alone cannot be understood; one report stands for all of its rows."""
    content = "INSERT INTO posts VALUES (1,'a;b'),(2,'c');\nINSERT INTO posts (id) VALUES (3);"

    assert rows_of(write(tmp_path / "dump.sql", content), "posts") == [
        "dump.sql:1: its columns are not named, nor is the table defined before it",
        {"id": "3"},
    ]


@pytest.mark.parametrize("n_characters", [1, 11, 1 << 17])
@pytest.mark.parametrize("table", ["tickets", "notes"])
def test_a_dump_that_does_not_tell_its_dialect_is_read_up_to_the_first_doubt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str, n_characters: int
) -> None:
    """In MySQL 666 is part of what a customer wrote; read as standard SQL it would be a row."""
    read_in_pieces_of(monkeypatch, n_characters)
    content = r"""
INSERT INTO tickets (id, body) VALUES (1, 'C:\\x\\'), (2, 'it''s \n');
INSERT INTO notes (id, body) VALUES (1, 'I\'m'), (666, ';INSERT INTO tickets (id) VALUES (666);');
"""
    path = write(tmp_path / "dump.sql", content)
    sure = [{"id": "1", "body": r"C:\\x" + "\\\\"}, {"id": "2", "body": r"it's \n"}]

    *rows, last = rows_of(path, table)

    assert rows == (sure if table == "tickets" else [])
    assert "it is not clear whether a backslash" in str(last)


@pytest.mark.parametrize("dump", [POSTGRES, MYSQL], ids=["postgresql", "mysql"])
def test_a_dump_that_is_cut_off_anywhere_gives_what_was_whole(tmp_path: Path, dump: str) -> None:
    """And says so, but where it ends between two statements."""
    tables = ("posts", "ost_ticket")
    whole = rows_of(write(tmp_path / "dump.sql", dump), *tables)
    n_silent = 0
    for length in range(0, len(dump), 3):
        found = rows_of(write(tmp_path / "dump.sql", dump[:length]), *tables)

        n_silent += found[-1:] != [f"dump.sql: {ENDS}"]
        if found[-1:] == [f"dump.sql: {ENDS}"]:
            found.pop()
        assert found == whole[: len(found)]
    assert n_silent < len(dump) / 3 / 2


def test_the_last_statement_must_end(tmp_path: Path) -> None:
    """A block of COPY ends with its mark, an INSERT with its semicolon."""
    for content in ("COPY t (id) FROM stdin;\n1\n", "INSERT INTO t (id) VALUES (1)"):
        assert rows_of(write(tmp_path / "dump.sql", content), "t") == [
            {"id": "1"},
            f"dump.sql: {ENDS}",
        ]


def test_an_outline_names_tables_and_columns(tmp_path: Path) -> None:
    """Without reading their rows."""
    write(tmp_path / "a.sql", POSTGRES)
    write(tmp_path / "b.sql", MYSQL)

    with open_source(tmp_path) as source:
        outline = source.outline()

    assert outline == {
        "posts": {"id", "key", "price", "user", "body"},
        "notes": {"id", "body"},
        "ost_ticket": {"id", "key", "body"},
        "ost_note": frozenset(),
    }


def as_mysqldump(rows: list[tuple[str, str]]) -> str:
    """A statement for all rows, texts escaped with backslashes."""
    escapes = str.maketrans({"\\": r"\\", "'": r"\'", '"': r"\"", "\n": r"\n", "\0": r"\0"})
    written = (",".join(f"'{cell.translate(escapes)}'" for cell in row) for row in rows)
    values = ",".join(f"({row})" for row in written)
    return f"-- MySQL dump\nINSERT INTO `t` (`a`, `b`) VALUES {values};\n"


def as_pg_dump(rows: list[tuple[str, str]]) -> str:
    """A line for each row."""
    escapes = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
    lines = ("\t".join(cell.translate(escapes) for cell in row) for row in rows)
    return "COPY public.t (a, b) FROM stdin;\n" + "".join(f"{line}\n" for line in lines) + "\\.\n"


def as_inserts(rows: list[tuple[str, str]]) -> str:
    """A statement for each row, quotes doubled."""
    written = (", ".join("'" + cell.replace("'", "''") + "'" for cell in row) for row in rows)
    return "-- PostgreSQL\nCREATE TABLE t (a text, b text);\n" + "".join(
        f"INSERT INTO t VALUES ({row});\n" for row in written
    )


CELLS = st.text(alphabet="a'\"\\`,;()-/*$\n\t\r \u00e4\U0001f600N.", max_size=8)


@pytest.mark.parametrize("dump_of", [as_mysqldump, as_pg_dump, as_inserts])
@repeatable
@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1), n_characters=st.integers(1, 30))
def test_whatever_was_dumped_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    dump_of: Callable[[list[tuple[str, str]]], str],
    rows: list[tuple[str, str]],
    n_characters: int,
) -> None:
    """Every text, whatever it holds and wherever the pieces of the file meet."""
    path = write(tmp_path_factory.getbasetemp() / "dump.sql", dump_of(rows))
    with pytest.MonkeyPatch.context() as monkeypatch:
        read_in_pieces_of(monkeypatch, n_characters)

        assert rows_of(path, "t") == [{"a": a, "b": b} for a, b in rows]
