"""Rebuilding: nothing twice, another embedder, and interruptions."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kbsearch import Audience, KnowledgeBase, RankingSettings, Settings
from kbsearch.config import SnapshotSettings
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import EmbedderMismatchError, StoreUnavailableError
from tests.builders import article, ticket
from tests.disk import bytes_of
from tests.library import EXTERNAL, INTERNAL, LIBRARY, ids
from tests.spies import SpyEmbedder


def snapshots_of(kb: KnowledgeBase, audience: Audience) -> list[str]:
    return sorted(path.name for path in (kb.path / audience.value).glob("snapshot-*"))


class TestRebuild:
    """Folding all changes into a new snapshot."""

    def test_says_what_stands_in_the_new_snapshots(self, desk: KnowledgeBase) -> None:
        """One report per shelf, customers' first."""
        desk.upsert(LIBRARY)

        reports = desk.rebuild()

        counts = [(r.shelf, r.snapshot, r.n_documents, r.n_embedded) for r in reports]
        assert counts == [("external", 1, 3, 0), ("internal", 1, 4, 0)]

    def test_embeds_nothing_and_publishes_nothing_if_nothing_changed(self, tmp_path: Path) -> None:
        """A nightly rebuild of a quiet desk touches no file."""
        spy = SpyEmbedder()
        kb = KnowledgeBase.create(tmp_path / "support.kb", embedder=spy)
        kb.upsert(LIBRARY)
        first = kb.rebuild()
        spy.calls.clear()
        before = bytes_of(kb.path)

        second = kb.rebuild()

        assert spy.calls == []
        assert second == first
        assert bytes_of(kb.path) == before

    def test_folds_the_shelf_that_changed_alone(self, desk: KnowledgeBase) -> None:
        """The other one's snapshot is as good as it was."""
        desk.upsert(LIBRARY)
        desk.rebuild()
        desk.upsert([article("new", "The fax was sold", INTERNAL)])

        external, internal = desk.rebuild()

        assert (external.snapshot, internal.snapshot) == (1, 2)
        assert [s.n_changes_since_snapshot for s in desk.stats(INTERNAL)] == [0, 0]

    @pytest.mark.parametrize(
        ("before", "after", "expected"),
        [
            ("bm25_b = 0.75", "bm25_b = 0.0", RankingSettings(bm25_b=0.0)),
            (
                "bm25_title_weight = 3",
                "bm25_title_weight = 5",
                RankingSettings(bm25_title_weight=5),
            ),
        ],
        ids=["b", "title weight"],
    )
    def test_follows_changed_settings_of_bm25(
        self, before: str, after: str, expected: RankingSettings, tmp_path: Path
    ) -> None:
        """They are part of the index: without a rebuild they would do nothing."""
        embedder = HashingEmbedder(64)
        with KnowledgeBase.create(tmp_path / "support.kb", embedder=embedder) as kb:
            kb.upsert(LIBRARY)
            kb.rebuild()
            text = (kb.path / "kbsearch.toml").read_text()
            (kb.path / "kbsearch.toml").write_text(text.replace(before, after))

        with KnowledgeBase.open(tmp_path / "support.kb", embedder=embedder) as kb:
            reports = kb.rebuild()

        assert kb.settings.ranking == expected
        assert [report.snapshot for report in reports] == [2, 2]
        assert [report.n_embedded for report in reports] == [0, 0]

    def test_keeps_so_many_snapshots_as_are_set(self, tmp_path: Path) -> None:
        """One to fall back on; the disk does not fill."""
        settings = Settings(snapshots=SnapshotSettings(keep=2))
        kb = KnowledgeBase.create(
            tmp_path / "support.kb", settings=settings, embedder=HashingEmbedder(64)
        )

        for n in range(4):
            kb.upsert([ticket(str(n), f"Scanner {n} is slow")])
            kb.rebuild()

        assert snapshots_of(kb, INTERNAL) == ["snapshot-0000000003", "snapshot-0000000004"]

    def test_happens_by_itself_when_changes_have_become_many(self, tmp_path: Path) -> None:
        """A delta is searched document by document; each has a passage and a title here."""
        settings = Settings(snapshots=SnapshotSettings(fold_at_passages=10))
        kb = KnowledgeBase.create(
            tmp_path / "support.kb", settings=settings, embedder=HashingEmbedder(64)
        )
        documents = [ticket(str(n), f"Scanner {n} is slow") for n in range(12)]

        seen = []
        for document in documents:
            kb.upsert([document])
            seen.append(kb.stats(INTERNAL)[0].n_changes_since_snapshot)

        assert seen == [1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0]
        assert kb.searcher(INTERNAL).count() == 12
        assert snapshots_of(kb, EXTERNAL) == []


class TestAnotherEmbedder:
    """Scores of two embedders cannot be compared."""

    @pytest.fixture(params=["delta", "snapshot"])
    def built(self, request: pytest.FixtureRequest, tmp_path: Path) -> Path:
        """A desk that was built with vectors of 512 numbers."""
        with KnowledgeBase.create(tmp_path / "support.kb", embedder=HashingEmbedder()) as kb:
            kb.upsert(LIBRARY)
            if request.param == "snapshot":
                kb.rebuild()
        return tmp_path / "support.kb"

    def test_is_refused_by_an_upsert_before_anything_is_changed(self, built: Path) -> None:
        """Half a shelf of other vectors would be worse than none."""
        kb = KnowledgeBase.open(built, embedder=HashingEmbedder(64))
        before = bytes_of(built)

        with pytest.raises(EmbedderMismatchError, match="run `kbsearch rebuild`") as raised:
            kb.upsert([article("new", "The fax was sold", INTERNAL)])

        assert raised.value.shelf == "external"
        assert raised.value.built_with != raised.value.given
        after = {name: digest for name, digest in bytes_of(built).items() if "LOCK" not in name}
        assert after == {name: digest for name, digest in before.items() if "LOCK" not in name}

    @pytest.mark.parametrize("audience", Audience)
    def test_is_refused_by_a_search_with_the_remedy(self, built: Path, audience: Audience) -> None:
        """Answers at random are not answers."""
        kb = KnowledgeBase.open(built, embedder=HashingEmbedder(64))
        searcher = kb.searcher(audience)

        with pytest.raises(EmbedderMismatchError, match="their scores cannot be compared"):
            searcher.search("vpn")
        with pytest.raises(EmbedderMismatchError, match="run `kbsearch rebuild`"):
            searcher.similar(ticket("9", "vpn"))

    def test_is_taken_by_a_rebuild_and_the_old_vectors_are_gone(self, built: Path) -> None:
        """
        Every text once; what no kept snapshot was made of leaves the records.

        3 and 5 passages; titles of all documents but the ticket that customers may read.
        """
        spy = SpyEmbedder(64)
        kb = KnowledgeBase.open(built, embedder=spy)
        kb.settings = Settings(snapshots=SnapshotSettings(keep=1))

        reports = kb.rebuild()

        assert [report.n_embedded for report in reports] == [3 + 2, 5 + 4]
        assert len(spy.texts) == len(set(spy.texts)) == 14
        assert ids(kb.searcher(EXTERNAL).search("vpn drops", k=1)) == ["kb:vpn"]
        assert kb.check(INTERNAL).findings == ()
        for shelf in Audience:
            connection = sqlite3.connect(built / shelf.value / "records.sqlite")
            lengths = connection.execute("SELECT DISTINCT length(vector) FROM vectors").fetchall()
            connection.close()
            assert lengths == [(4 * 64,)]

    def test_is_noticed_by_a_searcher_that_was_open(self, built: Path) -> None:
        """Another process rebuilt the desk under a running server."""
        searcher = KnowledgeBase.open(built, embedder=HashingEmbedder()).searcher(EXTERNAL)
        before = ids(searcher.search("vpn drops", k=1))

        KnowledgeBase.open(built, embedder=HashingEmbedder(64)).rebuild()

        assert before == ["kb:vpn"]
        with pytest.raises(EmbedderMismatchError, match="Shelf 'external' was built with"):
            searcher.search("vpn drops")

    def test_is_no_matter_on_a_desk_without_documents(self, desk: KnowledgeBase) -> None:
        """Nothing was built yet."""
        kb = KnowledgeBase.open(desk.path, embedder=HashingEmbedder(64))

        found = kb.searcher(EXTERNAL).search("vpn")

        assert found.note == "Nothing is indexed for this audience yet."
        assert kb.upsert(LIBRARY).rejected == ()


class TestAnInterruptedRebuild:
    """Finished work is kept, and searches go on as before."""

    @pytest.fixture
    def built(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """Seven documents, to be embedded again in pieces of two."""
        monkeypatch.setattr("kbsearch.indexing.rebuilding.DOCUMENTS_PER_COMMIT", 2)
        with KnowledgeBase.create(tmp_path / "support.kb", embedder=HashingEmbedder()) as kb:
            kb.upsert([article(str(n), f"Scanner {n} is slow", INTERNAL) for n in range(7)])
            kb.rebuild()
        return tmp_path / "support.kb"

    def test_goes_on_without_embedding_finished_work_again(self, built: Path) -> None:
        """It failed in its third piece: three documents are left, a passage and a title each."""
        spy = SpyEmbedder(64)
        kb = KnowledgeBase.open(built, embedder=spy)
        spy.fails_at_call = 3

        with pytest.raises(MemoryError, match="no room for this batch"):
            kb.rebuild()
        still_open = KnowledgeBase.open(built, embedder=HashingEmbedder())
        n_found_meanwhile = len(still_open.searcher(INTERNAL).search("scanner"))
        spy.calls.clear()
        spy.fails_at_call = None
        _, internal = kb.rebuild()

        assert n_found_meanwhile == 7
        assert (internal.n_embedded, len(spy.texts)) == (6, 6)
        assert len(kb.searcher(INTERNAL).search("scanner")) == 7
        assert kb.check(INTERNAL).findings == ()

    def test_that_failed_to_write_its_files_leaves_the_old_snapshot_live(
        self, built: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A full disk, say; all vectors are kept for the repeat."""
        spy = SpyEmbedder(64)
        kb = KnowledgeBase.open(built, embedder=spy)

        def no_space(path: Path, content: bytes) -> None:
            raise StoreUnavailableError(path, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr("kbsearch.files.write_durably", no_space)
            with pytest.raises(StoreUnavailableError, match="No space left on device"):
                kb.rebuild()
        still_open = KnowledgeBase.open(built, embedder=HashingEmbedder())
        n_found_meanwhile = len(still_open.searcher(INTERNAL).search("scanner"))
        leftovers = [finding.what for finding in kb.check(INTERNAL).findings]
        spy.calls.clear()
        kb.rebuild()
        kb.rebuild()

        assert n_found_meanwhile == 7
        assert any("left of an interrupted rebuild" in what for what in leftovers)
        assert len(spy.texts) <= 7
        assert kb.check(INTERNAL).findings == ()
        assert len(kb.searcher(INTERNAL).search("scanner")) == 7
