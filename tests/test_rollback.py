"""Listing the snapshots of a desk, and going back to an older one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kbsearch import KnowledgeBase
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import EmbedderMismatchError, SnapshotNotFoundError
from tests.builders import article
from tests.disk import flip_a_bit
from tests.library import EXTERNAL, INTERNAL, LIBRARY, ids
from tests.spies import SpyEmbedder

PLOTTER = article("plotter", "The plotter was sold", INTERNAL)


@pytest.fixture
def built(tmp_path: Path) -> KnowledgeBase:
    """A desk whose internal shelf has two snapshots: without the plotter, and with it."""
    kb = KnowledgeBase.create(tmp_path / "support.kb", embedder=HashingEmbedder())
    kb.upsert(LIBRARY)
    kb.rebuild()
    kb.upsert([PLOTTER])
    kb.rebuild()
    return kb


def live(kb: KnowledgeBase) -> list[tuple[str, int]]:
    return [(info.shelf, info.number) for info in kb.snapshots(INTERNAL) if info.is_live]


class TestSnapshots:
    """What lies on disk, by number."""

    def test_are_listed_with_what_they_hold(self, built: KnowledgeBase) -> None:
        """The older one has one document less."""
        found = {(info.shelf, info.number): info for info in built.snapshots(INTERNAL)}

        assert sorted(found) == [("external", 1), ("internal", 1), ("internal", 2)]
        older, newer = found["internal", 1], found["internal", 2]
        assert (older.is_live, newer.is_live) == (False, True)
        assert newer.n_documents == older.n_documents + 1
        assert newer.sequence == older.sequence + 1
        assert older.size_bytes > 1_000

    def test_of_customers_are_theirs_alone(self, built: KnowledgeBase) -> None:
        """A number of the staff's shelf would tell how often it was rebuilt."""
        assert [(info.shelf, info.number) for info in built.snapshots(EXTERNAL)] == [
            ("external", 1)
        ]

    def test_of_an_empty_desk_are_none(self, desk: KnowledgeBase) -> None:
        """Searches read the records until a rebuild."""
        assert desk.snapshots(INTERNAL) == ()


class TestRollback:
    """The indexes go back; the documents stay."""

    def test_makes_the_snapshot_before_live(self, built: KnowledgeBase) -> None:
        """And what was written since is found from the delta."""
        searcher = built.searcher(INTERNAL)

        info = built.rollback(INTERNAL)

        assert (info.number, info.is_live) == (1, True)
        assert live(built) == [("internal", 1), ("external", 1)]
        assert ids(searcher.search("plotter", k=1)) == ["kb:plotter"]
        assert built.check(INTERNAL).findings == ()

    def test_goes_forward_to_a_number_too(self, built: KnowledgeBase) -> None:
        """A rollback can be taken back."""
        built.rollback(INTERNAL)

        built.rollback(INTERNAL, to=2)

        assert live(built) == [("internal", 2), ("external", 1)]

    def test_is_followed_by_a_rebuild_with_a_number_of_its_own(self, built: KnowledgeBase) -> None:
        """Numbers are never used again, so that two readers never mean two things by one."""
        built.rollback(INTERNAL)

        reports = built.rebuild()

        assert {report.shelf: report.snapshot for report in reports} == {
            "external": 1,
            "internal": 3,
        }

    @pytest.mark.parametrize(("shelf", "to"), [(EXTERNAL, None), (INTERNAL, 7)])
    def test_to_nothing_is_refused(
        self, built: KnowledgeBase, shelf: object, to: int | None
    ) -> None:
        """With the numbers that there are."""
        before = live(built)

        with pytest.raises(SnapshotNotFoundError, match=r"there are \[1") as raised:
            built.rollback(str(shelf), to=to)

        assert raised.value.number == to
        assert live(built) == before

    def test_passes_over_a_damaged_snapshot(self, built: KnowledgeBase) -> None:
        """It would be served to nobody."""
        flip_a_bit(built.path / "internal" / "snapshot-0000000001" / "vectors.faiss")

        with pytest.raises(SnapshotNotFoundError, match="is whole"):
            built.rollback(INTERNAL)

        assert live(built) == [("internal", 2), ("external", 1)]

    def test_takes_a_manifest_as_it_stands(self, built: KnowledgeBase) -> None:
        """CURRENT vouches for the bytes of the file; another version may write them otherwise."""
        manifest = built.path / "internal" / "snapshot-0000000001" / "manifest.json"
        manifest.write_text(json.dumps(json.loads(manifest.read_bytes()), indent=4))

        built.rollback(INTERNAL)

        assert ("internal", 1) in live(built)
        assert built.check(INTERNAL).findings == ()


class TestRollbackOverAnotherEmbedder:
    """The way back from a model that turned out worse."""

    def test_needs_the_embedder_of_the_snapshot(self, built: KnowledgeBase) -> None:
        """The settings say with what queries are embedded: they go first."""
        other = KnowledgeBase.open(built.path, embedder=HashingEmbedder(64))
        other.rebuild()

        with pytest.raises(EmbedderMismatchError, match="Open it with"):
            other.rollback(INTERNAL)

    def test_embeds_only_what_came_since(self, built: KnowledgeBase) -> None:
        """The older vectors were kept with the snapshot that was made of them."""
        other = KnowledgeBase.open(built.path, embedder=HashingEmbedder(64))
        other.rebuild()
        other.upsert([article("lift", "The lift is stuck", INTERNAL)])
        spy = SpyEmbedder(512)
        back = KnowledgeBase.open(built.path, embedder=spy)

        back.rollback(INTERNAL)

        assert sorted(spy.texts) == ["The lift is stuck", "The lift is stuck\nThe lift is stuck"]
        found = back.searcher(EXTERNAL)
        back.rollback(EXTERNAL)
        assert ids(found.search("vpn drops", k=1)) == ["kb:vpn"]
        assert ids(back.searcher(INTERNAL).search("lift", k=1)) == ["kb:lift"]
        assert back.check(INTERNAL).findings == ()
