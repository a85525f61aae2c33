"""What a gate lets through, what it asks, and what is kept of its decision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kbsearch import KnowledgeBase, Settings
from kbsearch.config import SnapshotSettings
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import ConfigError, DamagedSnapshotError
from kbsearch.gating import Gate, GateRefusedError
from kbsearch.indexing import ShelfRebuild, rebuilding
from kbsearch.layout import DeskLayout, ShelfLayout
from kbsearch.models import GateReport, RebuildReport
from kbsearch.snapshots import Current, SnapshotContent, draft_snapshot, read_manifest
from kbsearch.snapshots.manifest import Manifest
from tests.builders import article
from tests.disk import bytes_of, flip_a_bit
from tests.gating.desks import (
    documents,
    filled,
    golden,
    labels,
    live_numbers,
    plant,
    reported,
    with_changes,
    without_words_of_newest,
    words_of_title,
)
from tests.library import EXTERNAL, INTERNAL


@pytest.fixture
def kb(tmp_path: Path) -> KnowledgeBase:
    """A desk with a live snapshot on each shelf, and something new on each."""
    return with_changes(filled(tmp_path / "a.kb", HashingEmbedder(64)))


class TestPassing:
    """What changes nothing for who searches."""

    @pytest.mark.parametrize("seed", range(3))
    def test_a_rebuild_that_folds_what_was_written_is_published(
        self, tmp_path: Path, seed: int
    ) -> None:
        """The same documents, from the records and from a snapshot; see benchmarks/gate.py."""
        kb = KnowledgeBase.create(tmp_path / "a.kb", embedder=HashingEmbedder(64))
        everything = documents(30, seed=seed)
        kb.upsert(everything[:20])
        kb.rebuild()
        kb.upsert(everything[20:])

        report = reported(kb)

        assert report.reasons == ()
        assert live_numbers(kb) == {"external": 2, "internal": 2}

    def test_a_snapshot_of_the_same_documents_answers_the_same(self, kb: KnowledgeBase) -> None:
        """Made anew because an older one is damaged: every difference is zero."""
        kb.rebuild()
        for shelf in ("external", "internal"):
            flip_a_bit(kb.path / shelf / "snapshot-0000000001" / "vectors.faiss")

        report = reported(kb)

        differences = {f.difference for one in report.shelves for f in one.decision.figures}
        assert differences == {0.0}
        assert live_numbers(kb) == {"external": 3, "internal": 3}

    def test_nothing_is_compared_if_nothing_changed(self, kb: KnowledgeBase) -> None:
        """A nightly gated rebuild of a quiet desk touches no file."""
        first = kb.rebuild()
        before = bytes_of(kb.path)
        told: list[GateReport] = []

        second = kb.rebuild(gate=Gate(), told=told.append)

        assert told == [GateReport()]
        assert [each.snapshot for each in second] == [each.snapshot for each in first]
        assert bytes_of(kb.path) == before

    def test_the_first_rebuild_is_compared_with_the_records(self, tmp_path: Path) -> None:
        """Which is what is searched until then."""
        kb = KnowledgeBase.create(tmp_path / "a.kb", embedder=HashingEmbedder(64))
        kb.upsert(documents(20))

        report = reported(kb)

        assert report.is_passed
        assert all(f.live is not None for one in report.shelves for f in one.decision.figures)

    def test_an_empty_desk_is_published(self, desk: KnowledgeBase) -> None:
        """There is nothing to ask, and nothing to lose."""
        assert [each.n_documents for each in desk.rebuild(gate=Gate())] == [0, 0]

    def test_without_a_gate_nothing_is_compared(self, kb: KnowledgeBase) -> None:
        """And the manifest has the bytes that it always had."""
        kb.rebuild()

        assert {each.gate for each in kb.snapshots(INTERNAL)} == {None}
        manifest = (kb.path / "external" / "snapshot-0000000002" / "manifest.json").read_text()
        assert '"gate"' not in manifest
        assert '"format": 2' in manifest

    def test_settings_ask_for_one(self, tmp_path: Path) -> None:
        """So that no nightly job can forget it."""
        settings = Settings(snapshots=SnapshotSettings(gate=True))
        kb = KnowledgeBase.create(
            tmp_path / "a.kb", settings=settings, embedder=HashingEmbedder(64)
        )
        kb.upsert(documents(20))
        kb.rebuild()
        kb.delete([f"kb:{n}" for n in range(1, 20, 2)])

        with pytest.raises(GateRefusedError, match="10 documents less than the 10"):
            kb.rebuild()


class TestDecisions:
    """What is kept with the snapshot."""

    def test_stand_in_the_manifest_in_numbers(self, kb: KnowledgeBase) -> None:
        """Verified with it; `snapshots` shows them."""
        golden(kb, EXTERNAL, f'"{words_of_title(kb, "kb:1")}" = "kb:1"')

        report = reported(kb)

        content = (kb.path / "external" / "snapshot-0000000002" / "manifest.json").read_bytes()
        manifest = Manifest.from_bytes(content, "external")
        shown = {each.shelf: each.gate for each in kb.snapshots(INTERNAL) if each.is_live}
        assert manifest.format == 3
        assert manifest.gate == report.shelves[0].decision == shown["external"]
        assert words_of_title(kb, "kb:1").encode() not in content
        assert kb.check(INTERNAL).is_sound

    def test_of_customers_are_the_same_whatever_staff_know(self, tmp_path: Path) -> None:
        """Two desks that differ in staff's documents, golden queries and labels alone."""
        manifests = []
        for name in ("a", "b"):
            kb = KnowledgeBase.create(tmp_path / f"{name}.kb", embedder=HashingEmbedder(64))
            kb.upsert([each for each in documents(30) if each.audience is EXTERNAL])
            staffs = documents(30, seed=5) if name == "b" else documents(10)
            kb.upsert([each for each in staffs if each.audience is INTERNAL])
            if name == "b":
                golden(kb, INTERNAL, '"a question of staff" = "kb:2"')
            kb.rebuild(gate=Gate(labels=labels(("of staff", "kb:2")) if name == "b" else None))
            manifests.append(bytes_of(kb.path / "external"))

        assert manifests[0] == manifests[1]

    def test_on_customers_shelf_do_not_depend_on_what_staff_would_lose(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Staff's new indexes are damaged on one of two desks: customers' files are the same."""
        files, n_made = [], list[int]()

        def second_alone(content: SnapshotContent) -> SnapshotContent:
            n_made.append(1)
            return without_words_of_newest(content) if len(n_made) == 2 else content

        for name in ("a", "b"):
            kb = with_changes(filled(tmp_path / f"{name}.kb", HashingEmbedder(64)))
            golden(kb, INTERNAL, '"plants in the lobby" = "kb:new-i"')
            with monkeypatch.context() as patch:
                if name == "b":
                    plant(patch, second_alone)
                is_passed = reported(kb).is_passed
            assert is_passed is (name == "a")
            files.append(bytes_of(kb.path / "external"))

        assert files[0] == files[1]

    def test_are_rolled_back_with_their_snapshot(self, kb: KnowledgeBase) -> None:
        """Its manifest is read as it stands."""
        kb.rebuild(gate=Gate())
        kb.upsert([article("more", "Something more", EXTERNAL)])
        kb.rebuild()

        info = kb.rollback(EXTERNAL)

        assert info.number == 2
        assert info.gate is not None

    def test_a_manifest_of_before_has_none(self, kb: KnowledgeBase) -> None:
        """And is read as it always was."""
        layout = DeskLayout(kb.path).shelf("external")

        manifest = read_manifest(layout, Current(snapshot=1, manifest_sha256=""), "external")

        assert manifest.gate is None


class TestDrafts:
    """New indexes stand where no reader looks until they are judged."""

    def test_that_read_back_differently_are_an_error(
        self, kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What is compared is what was written to the disk, and not what was in memory."""

        def damaged(layout: ShelfLayout, *given: Any, **named: Any) -> Manifest:
            manifest = draft_snapshot(layout, *given, **named)
            flip_a_bit(layout.snapshot_draft(manifest.number) / "vectors.faiss")
            return manifest

        monkeypatch.setattr(rebuilding, "draft_snapshot", damaged)

        with pytest.raises(DamagedSnapshotError, match="sha256"):
            kb.rebuild(gate=Gate())
        assert live_numbers(kb) == {"external": 1, "internal": 1}

    def test_are_not_searched_meanwhile(self, kb: KnowledgeBase) -> None:
        """Whoever searches while they are compared has the live ones."""
        seen: list[dict[str, int]] = []

        kb.rebuild(gate=Gate(), told=lambda _: seen.append(live_numbers(kb)))

        assert seen == [{"external": 1, "internal": 1}]

    def test_of_a_rebuild_that_ended_before_the_decision_are_cleared_away(
        self, kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As by a kill: no reader sees them, and the next rebuild begins anew."""

        class KilledError(BaseException):
            pass

        def killed(_: GateReport) -> None:
            raise KilledError

        with monkeypatch.context() as patch:
            patch.setattr(ShelfRebuild, "discard_draft", lambda _: None)
            with pytest.raises(KilledError):
                kb.rebuild(gate=Gate(), told=killed)
        left = [path.name for path in kb.path.rglob("building-*")]
        numbers = live_numbers(kb)
        kb.rebuild()

        assert left == ["building-0000000002"] * 2
        assert numbers == {"external": 1, "internal": 1}
        assert not list(kb.path.rglob("building-*"))
        assert live_numbers(kb) == {"external": 2, "internal": 2}

    def test_of_a_rebuild_that_ended_between_two_shelves_go_on(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With another model they cannot be searched together: a second look could keep that so."""
        filled(tmp_path / "a.kb", HashingEmbedder(64)).close()
        publish, published = ShelfRebuild.publish_draft, list[str]()

        class KilledError(BaseException):
            pass

        def killed_at_the_second(self: ShelfRebuild, *given: Any) -> RebuildReport:
            if published:
                raise KilledError
            published.append("external")
            return publish(self, *given)

        with KnowledgeBase.open(tmp_path / "a.kb", embedder=HashingEmbedder(128)) as kb:
            with monkeypatch.context() as patch:
                patch.setattr(ShelfRebuild, "publish_draft", killed_at_the_second)
                with pytest.raises(KilledError):
                    kb.rebuild(gate=Gate(force=True))
            between = live_numbers(kb)
            report = reported(kb)

            assert between == {"external": 2, "internal": 1}
            assert report.is_passed
            assert "interrupted" in report.shelves[0].remarks[-1]
            assert live_numbers(kb) == {"external": 2, "internal": 2}
            assert kb.searcher(INTERNAL).search(words_of_title(kb, "kb:2"))[0].id == "kb:2"


@pytest.mark.parametrize("wrong", [True, "yes", {"k": 5}])
def test_what_is_no_gate_is_refused(desk: KnowledgeBase, wrong: object) -> None:
    """Rather than rebuilt without one."""
    with pytest.raises(ConfigError, match="Give a Gate"):
        desk.rebuild(gate=wrong)  # type: ignore[arg-type]
