"""What an interruption between a write and its entry leaves, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from kbsearch import KnowledgeBase
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import StoreFullError
from kbsearch.indexing import shelf_writer
from kbsearch.store import AuditWriter, RecordWriter
from tests.builders import article
from tests.library import EXTERNAL

PAGES = [article(name, f"Page {name}", EXTERNAL) for name in "abc"]


class _KilledError(BaseException):
    """The process ended here."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with KnowledgeBase.create(tmp_path / "support.kb", embedder=HashingEmbedder()) as kb:
        kb.upsert(PAGES[:1], by="Mira")
    return tmp_path / "support.kb"


@pytest.fixture
def reopened(path: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase.open(path, embedder=HashingEmbedder()) as kb:
        yield kb


def standing_and_told(kb: KnowledgeBase) -> tuple[set[str], set[str]]:
    """Ids with customers, and those that the trail says are there."""
    told: set[str] = set()
    for entry in reversed(kb.audit(limit=1000)):
        if entry.action == "published":
            told.add(str(entry.document_id))
        elif entry.action in ("withdrawn", "deleted"):
            told.discard(str(entry.document_id))
    return set(kb.ids(EXTERNAL)), told


def failing(error: BaseException) -> Callable[..., Any]:
    def fail(*_args: Any, **_options: Any) -> Any:
        raise error

    return fail


def test_killed_after_the_entry_of_a_publication(
    reopened: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was noted and did not come: the next write says so, and no customer ever saw it."""
    with monkeypatch.context() as patch, suppress(_KilledError):
        patch.setattr(RecordWriter, "put", failing(_KilledError()))
        reopened.upsert(PAGES[1:2], by="Mira")

    stands, told = standing_and_told(reopened)
    assert (stands, told) == ({"kb:a"}, {"kb:a", "kb:b"})
    reopened.upsert(PAGES[2:], by="Rui")

    newest = [(e.action, e.document_id, e.by, e.how, e.note) for e in reopened.audit(limit=2)]
    assert newest == [
        ("published", "kb:c", "Rui", "upsert", None),
        (
            "withdrawn",
            "kb:b",
            None,
            "comparison",
            "an earlier write was interrupted: it is not there",
        ),
    ]
    stands, told = standing_and_told(reopened)
    assert stands == told == {"kb:a", "kb:c"}


@pytest.mark.parametrize("act", ["withdraw", "delete"])
def test_killed_before_the_entry_of_a_withdrawal(
    reopened: KnowledgeBase, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    """Customers lost it at once; the next write notes that it is gone."""
    with monkeypatch.context() as patch, suppress(_KilledError):
        patch.setattr(AuditWriter, "append", failing(_KilledError()))
        getattr(reopened, act)(["kb:a"], by="Mira")

    assert standing_and_told(reopened) == (set(), {"kb:a"})
    reopened.delete(["kb:none"])

    assert standing_and_told(reopened) == (set(), set())
    assert reopened.audit(limit=1)[0].how == "comparison"


def test_killed_before_the_trail_was_settled(
    reopened: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All is there already: nothing is noted twice."""
    with monkeypatch.context() as patch, suppress(_KilledError):
        patch.setattr(AuditWriter, "tell", failing(_KilledError()))
        reopened.upsert(PAGES[1:2])
    reopened.delete(["kb:none"])

    assert [entry.document_id for entry in reopened.audit()] == ["kb:b", "kb:a"]


def test_a_full_disk_keeps_documents_from_customers_and_not_from_being_withdrawn(
    reopened: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No publication without a record; a withdrawal does not wait for one."""
    full = StoreFullError(reopened.path, "no room")
    monkeypatch.setattr(AuditWriter, "append", failing(full))

    with pytest.raises(StoreFullError, match="no room"):
        reopened.upsert(PAGES)
    assert set(reopened.ids(EXTERNAL)) == {"kb:a"}
    with pytest.raises(StoreFullError, match="no room"):
        reopened.withdraw(["kb:a"])

    assert set(reopened.ids(EXTERNAL)) == set()


def test_an_import_that_is_killed_noted_no_more_than_the_next_piece(
    reopened: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entries are written with each piece, not all at the beginning."""
    monkeypatch.setattr(shelf_writer, "DOCUMENTS_PER_COMMIT", 2)
    pages = [article(str(n), f"Page {n}", EXTERNAL) for n in range(10)]
    with monkeypatch.context() as patch, suppress(_KilledError):
        original, calls = RecordWriter.put, iter(range(100))

        def put(*args: Any) -> None:
            if next(calls) == 4:
                raise _KilledError
            original(*args)

        patch.setattr(RecordWriter, "put", put)
        reopened.upsert(pages)

    stands, told = standing_and_told(reopened)
    assert len(stands) == 5
    assert len(told) == 7


def test_an_external_shelf_from_a_backup_is_noted(path: Path, tmp_path: Path) -> None:
    """What stands with customers without an entry gets one; the trail does not pretend."""
    records = path / "external" / "records.sqlite"
    backup = records.read_bytes()
    with KnowledgeBase.open(path, embedder=HashingEmbedder()) as kb:
        kb.withdraw(["kb:a"], by="Mira")
    records.write_bytes(backup)

    with KnowledgeBase.open(path, embedder=HashingEmbedder()) as kb:
        kb.delete(["kb:none"])

        newest = kb.audit(limit=1)[0]
        assert (newest.action, newest.document_id, newest.by) == ("published", "kb:a", None)
        assert newest.note == "it stood there without an entry"
