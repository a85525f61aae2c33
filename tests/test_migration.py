"""Records of an older format: refused with the remedy, and brought up to date by a rebuild."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kbsearch import KnowledgeBase
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import NewerFormatError, OlderFormatError, StoreUnavailableError
from kbsearch.store import schema
from tests.library import EXTERNAL, INTERNAL, LIBRARY, ids

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
    monkeypatch.setattr(schema, "MIGRATIONS", {OLDER: _STATEMENTS})
    return built


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
    monkeypatch.setattr(schema, "MIGRATIONS", {OLDER: (*_STATEMENTS, "CREATE TABLE ratings (x)")})
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
        connection = sqlite3.connect(built / shelf / "records.sqlite")
        for table in tables:
            connection.execute(f"DROP TABLE {table}")
        connection.execute("DELETE FROM meta WHERE name LIKE 'audit%'")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
        connection.close()
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
        connection = sqlite3.connect(built / shelf / "records.sqlite")
        for table in ("feedback_shown", "feedback"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("PRAGMA user_version = 2")
        connection.commit()
        connection.close()
    kb = KnowledgeBase.open(built, embedder=HashingEmbedder())
    with pytest.raises(OlderFormatError, match="Run `kbsearch rebuild`"):
        kb.feedback("vpn drops", "kb:vpn", audience=EXTERNAL)

    kb.rebuild()

    assert kb.feedback("vpn drops", "kb:vpn", audience=EXTERNAL)
    assert [one.document_id for one in kb.feedback_given()] == ["kb:vpn"]
    assert kb.check(INTERNAL).findings == ()
