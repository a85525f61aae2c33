"""Records of an older format: refused with the remedy, and brought up to date by a rebuild."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kbsearch import KnowledgeBase
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import NewerFormatError, OlderFormatError, StoreUnavailableError
from kbsearch.models import Ticket
from kbsearch.store import (
    RecordReader,
    RecordWriter,
    attributes_of,
    create,
    is_older,
    migrate,
    migrations,
    schema,
)
from tests.library import EXTERNAL, INTERNAL, LIBRARY, ids
from tests.records import plain_sqlite

OLD_FILES = Path(__file__).parent / "older_formats"
EMBEDDER_OF_OLD = HashingEmbedder(8)
IDS_OF_OLD = tuple(f"desk:{name}" for name in ("held", "reopened", "disliked", "followed", "open"))
OLDER = schema.FORMAT_VERSION
NEWER = OLDER + 1
_STATEMENTS = (
    "CREATE TABLE ratings (document_id TEXT NOT NULL, rating INTEGER NOT NULL)",
    "INSERT INTO ratings SELECT document_id, 5 FROM documents",
)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    with KnowledgeBase.create(tmp_path / "support.kb", embedder=HashingEmbedder()) as kb:
        kb.upsert(LIBRARY)
        kb.rebuild()
    return tmp_path / "support.kb"


@pytest.fixture
def newer(built: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same desk, looked at by a kbsearch whose format is the next one."""
    monkeypatch.setattr(schema, "FORMAT_VERSION", NEWER)
    monkeypatch.setattr(migrations, "MIGRATIONS", {OLDER: _STATEMENTS})
    return built


@contextmanager
def as_format_3(desk: Path, shelf: str) -> Iterator[sqlite3.Connection]:
    """Records as they were before they held how a ticket went; changes are committed."""
    with plain_sqlite(desk / shelf / "records.sqlite") as connection:
        columns = migrations._COLUMNS_OF_3
        rows = connection.execute(f"SELECT document_key, {columns} FROM documents").fetchall()
        connection.execute("ALTER TABLE documents DROP COLUMN has_bad_outcome")
        connection.executemany(
            "UPDATE documents SET attributes_checksum = ? WHERE document_key = ?",
            [(schema.checksum(*row), row[0]) for row in rows],
        )
        yield connection


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """
    A desk whose records were written by the last kbsearch of format 3, as SQL.

    Six documents; one was deleted and came back. Nothing of its indexes is left.
    """
    desk = tmp_path / "old.kb"
    KnowledgeBase.create(desk, embedder=EMBEDDER_OF_OLD).close()
    for shelf in ("external", "internal"):
        path = desk / shelf / "records.sqlite"
        path.unlink()
        with plain_sqlite(path) as connection:
            connection.executescript((OLD_FILES / f"{shelf}_3.sql").read_text(encoding="utf-8"))
            connection.execute(f"PRAGMA application_id = {schema._APPLICATION_ID}")
            connection.execute("PRAGMA user_version = 3")
    return desk


def format_and_ratings(desk: Path) -> tuple[int, int]:
    connection = sqlite3.connect(desk / "internal" / "records.sqlite")
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == OLDER:
            return version, 0
        return version, connection.execute("SELECT COUNT(*) FROM ratings").fetchone()[0]
    finally:
        connection.close()


def test_an_older_format_is_refused_with_the_remedy(newer: Path) -> None:
    """Searching tables that are not there would end in an error nobody understands."""
    kb = KnowledgeBase.open(newer, embedder=HashingEmbedder())

    with pytest.raises(OlderFormatError, match="Run `kbsearch rebuild`") as raised:
        kb.searcher(EXTERNAL).search("vpn")

    assert (raised.value.found, raised.value.current) == (OLDER, NEWER)
    assert format_and_ratings(newer) == (OLDER, 0)


def test_a_rebuild_brings_it_up_to_date(newer: Path) -> None:
    """Both shelves; nothing is embedded again."""
    kb = KnowledgeBase.open(newer, embedder=HashingEmbedder())

    reports = kb.rebuild()

    assert [report.n_embedded for report in reports] == [0, 0]
    assert format_and_ratings(newer) == (NEWER, 4)
    assert ids(kb.searcher(EXTERNAL).search("vpn drops", k=1)) == ["kb:vpn"]
    assert kb.check(INTERNAL).findings == ()


def test_a_migration_that_fails_changes_nothing(
    newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is one transaction."""
    monkeypatch.setattr(
        migrations, "MIGRATIONS", {OLDER: (*_STATEMENTS, "CREATE TABLE ratings (x)")}
    )
    kb = KnowledgeBase.open(newer, embedder=HashingEmbedder())

    with pytest.raises(StoreUnavailableError, match="already exists"):
        kb.rebuild()

    assert format_and_ratings(newer) == (OLDER, 0)


def test_a_newer_format_is_not_touched_by_a_rebuild(newer: Path) -> None:
    """Who was upgraded first must not be undone by the others."""
    KnowledgeBase.open(newer, embedder=HashingEmbedder()).rebuild()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "FORMAT_VERSION", OLDER)
        with pytest.raises(NewerFormatError, match="Upgrade kbsearch"):
            KnowledgeBase.open(newer, embedder=HashingEmbedder()).rebuild()


def test_a_desk_without_an_audit_trail_gets_one(built: Path) -> None:
    """Format 1 had none. What stands with customers is in it with the next write."""
    feedback = ("feedback_shown", "feedback")
    for shelf, tables in (("external", feedback), ("internal", ("audit", *feedback))):
        with as_format_3(built, shelf) as connection:
            for table in tables:
                connection.execute(f"DROP TABLE {table}")
            connection.execute("DELETE FROM meta WHERE name LIKE 'audit%'")
            connection.execute("PRAGMA user_version = 1")
    kb = KnowledgeBase.open(built, embedder=HashingEmbedder())

    kb.rebuild()
    before = kb.audit()
    kb.withdraw(["desk:2"], by="Mira Okafor")

    assert before == ()
    assert [(e.action, e.document_id, e.by, e.how) for e in reversed(kb.audit())] == [
        ("withdrawn", "desk:2", "Mira Okafor", "withdraw"),
        ("published", "kb:mfa", None, "comparison"),
        ("published", "kb:vpn", None, "comparison"),
    ]
    assert kb.check(INTERNAL).findings == ()


def test_a_desk_that_kept_no_feedback_can_keep_it(built: Path) -> None:
    """Format 2 had no place for it."""
    for shelf in ("external", "internal"):
        with as_format_3(built, shelf) as connection:
            for table in ("feedback_shown", "feedback"):
                connection.execute(f"DROP TABLE {table}")
            connection.execute("PRAGMA user_version = 2")
    kb = KnowledgeBase.open(built, embedder=HashingEmbedder())
    with pytest.raises(OlderFormatError, match="Run `kbsearch rebuild`"):
        kb.feedback("vpn drops", "kb:vpn", audience=EXTERNAL)

    kb.rebuild()

    assert kb.feedback("vpn drops", "kb:vpn", audience=EXTERNAL)
    assert [one.document_id for one in kb.feedback_given()] == ["kb:vpn"]
    assert kb.check(INTERNAL).findings == ()


class TestRecordsWithoutOutcomes:
    """Format 3 did not hold how a ticket went."""

    def test_get_them_as_if_they_were_written_now(self, old: Path) -> None:
        """By hand; of customers' faces nothing is known, whatever staff know of the ticket."""
        bad = {}
        for shelf in ("external", "internal"):
            path = old / shelf / "records.sqlite"
            assert is_older(path)

            migrate(path)

            records = RecordReader(path, shelf)
            rows = records.attributes()
            documents = records.documents([row.document_key for row in rows])
            records.close()
            bad[shelf] = {row.document_id: row.has_bad_outcome for row in rows}
            assert rows == [
                attributes_of(documents[row.document_key])._replace(document_key=row.document_key)
                for row in rows
            ]
            assert not is_older(path)
        assert bad == {
            "external": {"kb:door": False, "desk:reopened": False},
            "internal": {
                "desk:held": False,
                "desk:reopened": True,
                "desk:disliked": True,
                "desk:followed": True,
                "desk:open": False,
            },
        }

    def test_rank_by_them_after_a_rebuild(self, old: Path) -> None:
        """What held comes first; before, nothing could be asked."""
        kb = KnowledgeBase.open(old, embedder=EMBEDDER_OF_OLD)
        with pytest.raises(OlderFormatError, match="Run `kbsearch rebuild`"):
            kb.searcher(INTERNAL)

        kb.rebuild()

        found = ids(kb.searcher(INTERNAL).similar(Ticket.draft("The badge opens no door")))
        assert found[0] == "desk:held"
        assert len(found) == 4
        assert kb.check(INTERNAL).findings == kb.check(EXTERNAL).findings == ()

    def test_stand_in_tables_as_a_new_desk_has_them(self, old: Path, tmp_path: Path) -> None:
        """Else the next migration would meet two kinds of desks of one format."""
        create(tmp_path / "new.sqlite", "internal")

        migrate(old / "internal" / "records.sqlite")

        columns = []
        for path in (tmp_path / "new.sqlite", old / "internal" / "records.sqlite"):
            with plain_sqlite(path) as connection:
                columns.append(connection.execute("PRAGMA table_info(documents)").fetchall())
        assert columns[0] == columns[1]

    def test_that_are_damaged_are_not_taken_for_whole(self, old: Path) -> None:
        """A new checksum over damage would hide it, and what a damaged ticket tells is nothing."""
        path = old / "internal" / "records.sqlite"
        with plain_sqlite(path) as connection:
            connection.execute(
                "UPDATE documents SET product = 'Locks' WHERE document_id = 'desk:held'"
            )
            connection.execute(
                "UPDATE documents SET raw = replace(raw, 'badge', 'cadge') "
                "WHERE document_id = 'desk:reopened'"
            )

        migrate(path)

        records = RecordWriter(path, "internal")
        keys = {i: key for i, (key, _) in records.keys_by_id(IDS_OF_OLD).items()}
        damaged = records.damaged_attributes()
        others = [key for key in keys.values() if key not in damaged]
        bad = {row.document_id for row in records.attributes(others) if row.has_bad_outcome}
        with records.writing():
            records.restore_attributes(damaged)
        restored = records.attributes(damaged)
        records.close()
        assert damaged == [keys["desk:held"]]
        assert bad == {"desk:disliked", "desk:followed"}
        assert [(row.product, row.has_bad_outcome) for row in restored] == [(None, False)]
