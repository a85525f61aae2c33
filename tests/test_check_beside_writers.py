"""`check` and `stats` beside writers: they stand in nobody's way and report no passing state."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kbsearch import KnowledgeBase, checking
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import DamagedSnapshotError, LockedError
from kbsearch.files import remove_tree
from kbsearch.layout import ShelfLayout
from kbsearch.store import RecordReader, schema, writer_lock
from kbsearch.vector import FlatIndex
from tests.builders import article, resolved_ticket, ticket
from tests.disk import flip_a_bit
from tests.library import EXTERNAL, INTERNAL
from tests.records import plain_sqlite


@pytest.fixture
def impatient(desk: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> KnowledgeBase:
    """Five articles; nobody waits for a lock, and a check reads two documents at a time."""
    monkeypatch.setattr(schema, "_BUSY_TIMEOUT_S", 0.0)
    monkeypatch.setattr(checking, "_DOCUMENTS_PER_READ", 2)
    desk.upsert([article(f"{n}", f"printer {n} jams", EXTERNAL) for n in range(5)])
    return desk


def call_after(
    monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, also: Callable[[], None]
) -> None:
    """Do something after each call of a function."""
    original = getattr(owner, name)

    def call(*arguments: Any, **keywords: Any) -> Any:
        result = original(*arguments, **keywords)
        also()
        return result

    monkeypatch.setattr(owner, name, call)


def test_a_write_succeeds_between_two_pieces_of_a_check(
    impatient: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No transaction of a check spans the shelf; the state that it meets is no damage."""
    numbers = iter(range(100))

    def write() -> None:
        n = next(numbers)
        impatient.upsert([article("1", f"scanner {n} is slow", EXTERNAL)])
        if n == 1:
            impatient.rebuild()

    call_after(monkeypatch, checking, "_check_piece", write)
    report = impatient.check(EXTERNAL)

    assert next(numbers) == 3  # five documents, two at a time
    assert report.findings == ()


def test_a_read_that_spans_a_write_keeps_it_out(impatient: KnowledgeBase) -> None:
    """The control: and the error says that someone else is at it, not that the disk is full."""
    reader = RecordReader(impatient.path / "external" / "records.sqlite", "external")

    with reader.reading():
        reader.count()
        with pytest.raises(LockedError, match="'external' is being used by another process"):
            impatient.upsert([article("9", "scanner is slow", EXTERNAL)])
    reader.close()

    assert impatient.upsert([article("9", "scanner is slow", EXTERNAL)]).added == ("kb:9",)


def test_a_read_that_a_writer_keeps_out_says_so(impatient: KnowledgeBase, tmp_path: Path) -> None:
    """Another program that holds the file is no damage and no full disk."""
    path = impatient.path / "external" / "records.sqlite"
    with plain_sqlite(path) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LockedError, match="is being used by another process"):
            impatient.stats(EXTERNAL)


@pytest.mark.parametrize(("n_times", "expected"), [(1, 0), (2, 1)])
def test_a_finding_counts_when_a_second_look_finds_it_too(
    desk: KnowledgeBase, monkeypatch: pytest.MonkeyPatch, n_times: int, expected: int
) -> None:
    """A snapshot that is removed while it is hashed has been replaced by a newer one."""
    looks = iter([True] * n_times)
    damage = DamagedSnapshotError("external/snapshot-0000000001", "vectors.faiss", "it is missing")

    def find(*_: object, **__: object) -> list[DamagedSnapshotError]:
        return [damage] if next(looks, False) else []

    monkeypatch.setattr(checking, "find_damages", find)

    assert len(desk.check(EXTERNAL).findings) == expected


def test_a_draft_is_no_finding_while_somebody_writes(desk: KnowledgeBase) -> None:
    """It may be the very one that a rebuild makes; afterwards it is left of an interrupted one."""
    layout = ShelfLayout(desk.path / "external")
    layout.snapshot_draft(7).mkdir()

    with writer_lock(layout.lock, "external"):
        during = desk.check(EXTERNAL).findings
    after = desk.check(EXTERNAL).findings

    assert during == ()
    assert [f.what.split(" is left")[0] for f in after] == ["building-0000000007"]


def test_a_draft_is_found_without_the_right_to_write(desk: KnowledgeBase) -> None:
    """A desk that is mounted for reading only can be checked."""
    layout = ShelfLayout(desk.path / "external")
    desk.upsert([article("1", "printer jams", EXTERNAL)])
    layout.snapshot_draft(7).mkdir()
    layout.lock.chmod(0o400)

    findings = desk.check(EXTERNAL).findings

    assert ["left of an interrupted rebuild" in f.what for f in findings] == [True]


@pytest.mark.parametrize("name", ["list_manifests", "find_damages"])
def test_a_snapshot_that_is_removed_meanwhile_is_no_finding(
    desk: KnowledgeBase, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A newer one took its place; its directory is not there to be listed any more."""
    for number in ("1", "2"):
        desk.upsert([article(number, "printer jams", EXTERNAL)])
        desk.rebuild()
    layout = ShelfLayout(desk.path / "external")

    call_after(monkeypatch, checking, name, lambda: remove_tree(layout.snapshot(1)))
    report = desk.check(EXTERNAL)

    assert report.findings == ()
    assert layout.snapshots() == [2]


def test_each_damaged_piece_is_reported(impatient: KnowledgeBase) -> None:
    """The first bad row does not hide the others."""
    with plain_sqlite(impatient.path / "external" / "records.sqlite") as other:
        other.execute("UPDATE documents SET raw = '{}' WHERE document_key IN (1, 5)")

    findings = impatient.check(EXTERNAL).findings

    assert ["Row 1 of" in f.what or "Row 5 of" in f.what for f in findings] == [True, True]


def test_stats_loads_no_snapshot_and_no_document(
    desk: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is called every minute, and reading a million vectors takes seconds."""
    desk.upsert(
        [
            article("1", "printer jams", EXTERNAL),
            ticket("1", "scanner is slow"),
            resolved_ticket("2", "mouse is dead", "Use another port"),
        ]
    )
    desk.rebuild()
    desk.upsert([article("2", "coffee is out", INTERNAL)])

    def refuse(*_: object) -> None:
        raise AssertionError("loaded")

    monkeypatch.setattr(FlatIndex, "from_bytes", refuse)
    monkeypatch.setattr(RecordReader, "attributes", refuse)
    monkeypatch.setattr(RecordReader, "documents", refuse)
    stats = {found.shelf: found for found in desk.stats(INTERNAL)}

    internal, external = stats["internal"], stats["external"]
    assert (internal.n_articles, internal.n_tickets, internal.n_resolved_tickets) == (1, 2, 1)
    assert (internal.snapshot, internal.n_changes_since_snapshot) == (1, 1)
    assert (external.n_articles, external.n_tickets, external.n_changes_since_snapshot) == (1, 0, 0)


def test_stats_of_an_empty_desk_are_zero(tmp_path: Path) -> None:
    """SQL's sum of nothing is NULL."""
    with KnowledgeBase.create(tmp_path / "kb", embedder=HashingEmbedder(16)) as kb:
        (found,) = kb.stats(EXTERNAL)

    assert (found.n_articles, found.n_tickets, found.n_resolved_tickets) == (0, 0, 0)
    assert (found.snapshot, found.sequence) == (None, 0)


def test_stats_names_the_snapshot_that_a_search_falls_back_to(desk: KnowledgeBase) -> None:
    """As far as manifests tell."""
    for number in (1, 2):
        desk.upsert([article(f"{number}", "printer jams", EXTERNAL)])
        desk.rebuild()
    layout = ShelfLayout(desk.path / "external")
    flip_a_bit(layout.snapshot(2) / "manifest.json")

    assert [found.snapshot for found in desk.stats(EXTERNAL)] == [1]
