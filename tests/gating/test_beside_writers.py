"""A gated rebuild compares for long: others write meanwhile, and none of it is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kbsearch import KnowledgeBase, Settings
from kbsearch.config import SnapshotSettings, StoreSettings
from kbsearch.embed import HashingEmbedder
from kbsearch.gating import Gate
from kbsearch.models import GateReport
from tests.builders import article
from tests.disk import bytes_of
from tests.gating.desks import documents, live_numbers, with_changes
from tests.library import EXTERNAL, INTERNAL

DIM = 64


@pytest.fixture
def kb(tmp_path: Path) -> KnowledgeBase:
    """A desk with a live snapshot on each shelf, and something new on each; nobody waits."""
    settings = Settings(
        store=StoreSettings(lock_wait_s=0.0), snapshots=SnapshotSettings(fold_at_passages=3)
    )
    desk = KnowledgeBase.create(tmp_path / "a.kb", settings=settings, embedder=HashingEmbedder(DIM))
    desk.upsert(documents(24))
    desk.rebuild()
    return with_changes(desk)


def rebuilt_beside(
    kb: KnowledgeBase, write: Callable[[KnowledgeBase], object], *, dim: int = DIM
) -> list[GateReport]:
    """A gated rebuild; when it begins to compare, somebody else writes to the same desk."""
    told: list[GateReport] = []
    done: list[bool] = []

    def beside(task: str, n_done: int, n_total: int) -> None:
        if task == "compare" and not done:
            done.append(True)
            with KnowledgeBase.open(kb.path, embedder=HashingEmbedder(DIM)) as other:
                write(other)

    with KnowledgeBase.open(kb.path, embedder=HashingEmbedder(dim)) as rebuilding:
        gate = Gate(min_evidence=0)
        rebuilding.rebuild(gate=gate, told=told.append, progress=beside)
    assert done
    return told


def test_nobody_waits_for_the_comparison(kb: KnowledgeBase) -> None:
    """It takes a minute for 10,000 documents, and a write waits ten seconds at most."""
    beside = article("beside", "The lift stops between two floors.", INTERNAL)

    (report,) = rebuilt_beside(kb, lambda other: other.upsert([beside]))

    assert report.is_passed
    assert live_numbers(kb) == {"external": 2, "internal": 2}
    assert kb.searcher(INTERNAL).search("lift between two floors")[0].id == "kb:beside"


def test_what_was_written_under_the_settings_before_is_found_under_the_new_ones(
    kb: KnowledgeBase,
) -> None:
    """Embedded anew before the new indexes go live: they would not find it else."""
    beside = article("beside", "The lift stops between two floors.", INTERNAL)

    rebuilt_beside(kb, lambda other: other.upsert([beside]), dim=2 * DIM)

    with KnowledgeBase.open(kb.path, embedder=HashingEmbedder(2 * DIM)) as desk:
        assert desk.searcher(INTERNAL).search("lift between two floors")[0].id == "kb:beside"
        assert desk.check(INTERNAL).is_sound


def test_what_was_withdrawn_meanwhile_stands_in_no_snapshot_afterwards(kb: KnowledgeBase) -> None:
    """A draft that holds it is not published; customers' files hold it no more."""
    (report,) = rebuilt_beside(kb, lambda other: other.withdraw(["kb:new-e"], reason="wrong"))

    assert report.is_passed
    assert live_numbers(kb)["external"] == 2
    assert len(list(kb.ids(EXTERNAL))) == 12
    assert {each.n_documents for each in kb.snapshots(EXTERNAL)} == {12}


def test_what_somebody_published_meanwhile_is_compared_anew(kb: KnowledgeBase) -> None:
    """A large write folds at once, clears drafts away, and has their number."""
    many = [article(f"b{n}", f"Lift {n} stops between two floors.", INTERNAL) for n in range(9)]

    (report,) = rebuilt_beside(kb, lambda other: other.upsert(many))

    assert report.is_passed
    numbers = live_numbers(kb)
    assert numbers["external"] == 2
    assert numbers["internal"] == 2  # theirs: nothing was left to be folded
    assert kb.check(INTERNAL).is_sound
    assert not list(kb.path.rglob("building-*"))


def test_a_snapshot_that_was_gone_back_to_meanwhile_is_what_is_compared(
    kb: KnowledgeBase,
) -> None:
    """What is live is another one now: the drafts say nothing against it."""
    kb.rebuild()
    with_changes(kb)
    kb.upsert([article("more", "More of the fountain.", EXTERNAL)])

    (report,) = rebuilt_beside(kb, lambda other: other.rollback(EXTERNAL))

    assert report.is_passed
    assert live_numbers(kb)["external"] == 3


def test_a_group_that_came_meanwhile_is_published_with_the_others(kb: KnowledgeBase) -> None:
    """Its shelf would keep the settings of before."""
    secret = article("hr", "Salaries are paid on the 25th.", INTERNAL, groups=("hr",))

    rebuilt_beside(kb, lambda other: other.upsert([secret]), dim=2 * DIM)

    with KnowledgeBase.open(kb.path, embedder=HashingEmbedder(2 * DIM)) as desk:
        found = desk.searcher(INTERNAL, groups=["hr"]).search("when are salaries paid")
        assert found[0].id == "kb:hr"
        assert b"Salaries" not in b"".join(bytes_of(kb.path / "external").values())
