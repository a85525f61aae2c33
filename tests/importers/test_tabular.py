"""Tables of one's own: columns by name or by a mapping, and nothing open but by exact words."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import ClassVar

import pytest

from kbsearch.errors import ConfigError
from kbsearch.importers.base import ImportItem
from kbsearch.importers.building import Imported
from kbsearch.importers.files.tabular import TableImporter
from kbsearch.models import Article, Audience, Ticket
from kbsearch.testing.contracts.importer import is_wide_open, without_fields
from tests.importers.contract import SAMPLES, ImporterContract

COLUMNS = {
    "full": {"Offen", "Forum", "Für", "Sichtbar"},
    "own": {"audience", "public", "published", "resolution_public"},
    "nested": {"open", "visible"},
}


class TestTable(ImporterContract):
    """The contract: mapped CSV with replies beside it, own names, mapped records in records."""

    importer = TableImporter
    cases: ClassVar = {
        "full": {"mapping": str(SAMPLES / "table" / "full" / "mapping.toml")},
        "own": {},
        "nested": {"mapping": str(SAMPLES / "table" / "nested" / "mapping.yaml")},
    }

    def test_without_its_markers_nothing_is_open(self, tmp_path: Path) -> None:
        """Without a column of that name nothing is open; without a mapped one nothing is read."""
        for export, golden, importer in self.each_case():
            case = golden.parent.name
            without_fields(export, tmp_path / case, frozenset(COLUMNS[case]))

            if case == "own":
                after = list(importer.read(tmp_path / case))

                assert len(after) >= 1
                assert not [item for item in after if is_wide_open(item)]
            else:
                with pytest.raises(ConfigError, match="No column is called"):
                    list(importer.read(tmp_path / case))


def read(
    folder: Path, text: str, mapping: object = None, *, name: str = "rows.csv"
) -> list[ImportItem]:
    (folder / "export").mkdir(exist_ok=True)
    (folder / "export" / name).write_text(text, encoding="utf-8")
    if mapping is None:
        return list(TableImporter().read(folder / "export"))
    (folder / "mapping.json").write_text(json.dumps(mapping), encoding="utf-8")
    return list(TableImporter({"mapping": str(folder / "mapping.json")}).read(folder / "export"))


def documents(items: list[ImportItem]) -> list[Article | Ticket]:
    return [item.document for item in items if isinstance(item, Imported)]


class TestMapping:
    """A mistake in a mapping is told before anything is read."""

    @pytest.mark.parametrize(
        ("mapping", "message"),
        [
            ({"colums": {}}, "colums is not known; known are: table, columns"),
            (
                {"columns": {"ident": "Nr"}},
                "columns.ident is not known; known are: assignee, attachments",
            ),
            ({"messages": {"kind": {}}}, "messages.kind is not known"),
            (
                {"columns": {"id": 1, "kind": "K"}, "constants": {"kind": "article"}},
                "kind is given",
            ),
            ({"values": {"audience": {"x": "public"}}}, "audience can only mean one of: external"),
            ({"constants": {"public": "yes"}}, "public can only mean one of: false, true"),
            ({"values": {"audience": {"": "external"}}}, "gives a meaning to what is empty"),
            ({"columns": ["id"]}, "columns is no table of keys"),
            ({"columns": {"id": ["a"]}}, "id is no text"),
            ({"messages": {"table": "replies"}}, "only work together"),
            ([1], "it holds no keys"),
        ],
    )
    def test_it_cannot_be_used(self, tmp_path: Path, mapping: object, message: str) -> None:
        """The message names the place, and what is known there."""
        with pytest.raises(ConfigError, match=re.escape(message)):
            read(tmp_path, "id\n1\n", mapping)

    @pytest.mark.parametrize(
        ("name", "text", "message"),
        [
            ("a.ini", "", "neither with .toml"),
            ("a.toml", "= 1", "it is not TOML"),
            ("a.json", "{", "it is not JSON"),
            ("a.yaml", "a: b: c", "it is not YAML"),
            ("a.yaml", "a: &a 1\nb: *a", "aliases"),
            ("none.toml", None, "cannot be read"),
        ],
    )
    def test_its_file_cannot_be_read(
        self, tmp_path: Path, name: str, text: str | None, message: str
    ) -> None:
        """Whatever it is written in."""
        if text is not None:
            (tmp_path / name).write_text(text)

        with pytest.raises(ConfigError, match=message):
            TableImporter({"mapping": str(tmp_path / name)})

    def test_a_column_that_is_not_there_is_told_with_those_that_are(self, tmp_path: Path) -> None:
        """A misspelt column would otherwise be an empty one."""
        with pytest.raises(ConfigError, match=r"called 'Nummer', where 'id' .* It has Nr, Text\."):
            read(tmp_path, "Nr,Text\n1,a\n", {"columns": {"id": "Nummer"}})

    def test_an_id_is_needed(self, tmp_path: Path) -> None:
        """Without one a second import would give other documents."""
        with pytest.raises(ConfigError, match=r"No column is called 'id'.* It has title\."):
            read(tmp_path, "title\na\n")

    def test_a_constant_does_not_outweigh_a_column(self, tmp_path: Path) -> None:
        """The column may say "internal" in the row that matters."""
        mapping = {"constants": {"kind": "article", "audience": "external"}}

        with pytest.raises(ConfigError, match=r"a constant for 'audience', and rows\.csv:2 has"):
            read(tmp_path, "id,title,audience\n1,a,internal\n", mapping)

    def test_a_table_that_is_not_there_is_told_with_those_that_are(self, tmp_path: Path) -> None:
        """Of several tables the mapping must name one."""
        with pytest.raises(ConfigError, match=r"called cases\. The export has the tables rows"):
            read(tmp_path, "id\n1\n", {"table": "cases.csv"})

    def test_replies_need_their_parent(self, tmp_path: Path) -> None:
        """Else all of them would be nobody's."""
        (tmp_path / "export").mkdir()
        (tmp_path / "export" / "replies.csv").write_text("case,body\n1,a\n")
        mapping = {"table": "rows", "messages": {"table": "replies", "parent": "ticket"}}

        with pytest.raises(
            ConfigError, match=r"called 'ticket', where 'parent' .* It has case, body"
        ):
            read(tmp_path, "id,title\n1,a\n", mapping)


class TestMarkers:
    """Only the exact word opens, or the word that the mapping gives that meaning."""

    @pytest.mark.parametrize(
        ("written", "audience"),
        [
            ("external", Audience.EXTERNAL),
            ("External", Audience.INTERNAL),
            (" external", Audience.INTERNAL),
            ("internal", Audience.INTERNAL),
            ("public", Audience.INTERNAL),
            ("", Audience.INTERNAL),
            (None, Audience.INTERNAL),
            (1, Audience.INTERNAL),
            (["external"], Audience.INTERNAL),
            ({"external": True}, Audience.INTERNAL),
        ],
    )
    def test_an_article_is_for(self, tmp_path: Path, written: object, audience: Audience) -> None:
        """Whatever else stands there is not understood."""
        row = {"id": 1, "kind": "article", "title": "T", "audience": written}

        (article,) = documents(read(tmp_path, json.dumps(row), name="rows.jsonl"))

        assert isinstance(article, Article)
        assert article.audience is audience

    def test_with_a_map_its_words_alone_are_known(self, tmp_path: Path) -> None:
        """In another vocabulary "external" may mean somebody else."""
        mapping = {"constants": {"kind": "article"}, "values": {"audience": {"all": "external"}}}

        found = documents(read(tmp_path, "id,title,audience\n1,a,all\n2,b,external\n", mapping))

        assert [a.audience for a in found if isinstance(a, Article)] == ["external", "internal"]

    def test_a_constant_marks_a_whole_table(self, tmp_path: Path) -> None:
        """Somebody wrote it down: that is a marker, and a draft still closes."""
        mapping = {"constants": {"kind": "article", "audience": "external"}}

        first, second = read(tmp_path, "id,title,status\n1,a,\n2,b,draft\n", mapping)

        assert (is_wide_open(first), is_wide_open(second)) == (True, False)

    def test_two_columns_of_one_name_open_nothing(self, tmp_path: Path) -> None:
        """Nobody can say which of them is meant."""
        (item,) = read(tmp_path, "id,kind,title,audience,audience\n1,article,a,external,external\n")

        assert not is_wide_open(item)

    def test_a_message_in_a_cell_has_its_own_marker(self, tmp_path: Path) -> None:
        """Databases keep lists of records as JSON in a text."""
        cell = json.dumps([{"body": "Open.", "public": True}, {"body": "Closed."}])
        row = {"id": 1, "title": "T", "messages": cell}

        (ticket,) = documents(read(tmp_path, json.dumps(row), name="rows.jsonl"))

        assert isinstance(ticket, Ticket)
        assert [message.public for message in ticket.messages] == [True, False]


class TestFormats:
    """The same rows, however they are kept."""

    def test_tabs_and_json_give_the_same(self, tmp_path: Path) -> None:
        """By hand: one article for customers."""
        tabs = "id\tkind\ttitle\taudience\n1\tarticle\tHeat\texternal\n"
        row = {"id": "1", "kind": "article", "title": "Heat", "audience": "external"}
        expected = Article(id="table:article-1", title="Heat", body="", audience=Audience.EXTERNAL)

        assert documents(read(tmp_path / _new(tmp_path, "a"), tabs, name="x.tsv")) == [expected]
        for number, value in enumerate((row, [row], {"articles": [row]})):
            folder = tmp_path / _new(tmp_path, str(number))
            assert documents(read(folder, json.dumps(value), name="x.json")) == [expected]

    def test_parquet(self, tmp_path: Path) -> None:
        """Times, numbers, flags and lists are columns of their own kinds."""
        pyarrow = pytest.importorskip("pyarrow")
        from pyarrow import parquet

        table = pyarrow.table(
            {
                "id": pyarrow.array([7, 8]),
                "title": ["Heat", "Grüße"],
                "body": ["Cold.", None],
                "public": [True, None],
                "created_at": pyarrow.array(
                    [1_709_280_000_000_000_000, None], pyarrow.timestamp("ns")
                ),
                "messages": [[{"body": "Turn it.", "public": True}], None],
            }
        )
        parquet.write_table(table, tmp_path / "rows.parquet")

        first, second = documents(list(TableImporter().read(tmp_path / "rows.parquet")))

        assert isinstance(first, Ticket)
        assert [(m.text, m.public) for m in first.messages] == [("Cold.", True), ("Turn it.", True)]
        assert str(first.created_at) == "2024-03-01 08:00:00+00:00"
        assert isinstance(second, Ticket)
        assert (second.id, second.subject, second.messages) == ("table:8", "Grüße", ())


def _new(folder: Path, name: str) -> str:
    (folder / name).mkdir()
    return name


def test_eight_digits_are_a_day(tmp_path: Path) -> None:
    """As seconds they would lie in 1970, and a later day would open at once."""
    (article,) = documents(read(tmp_path, "id,kind,title,valid_from\n1,article,a,20310101\n"))

    assert isinstance(article, Article)
    assert str(article.valid_from) == "2031-01-01 00:00:00+00:00"


def test_a_row_at_a_time_is_read(tmp_path: Path) -> None:
    """Ten thousand rows; the first document is there when a thousand were looked at."""
    (tmp_path / "rows.csv").write_text("id,title\n" + "1,a\n" * 10_000)
    items = TableImporter().read(tmp_path / "rows.csv")

    first = next(items)

    assert isinstance(first, Imported)
    items.close()  # type: ignore[attr-defined]  # it is a generator
