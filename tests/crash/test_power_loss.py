"""
A power cut after any step of publishing leaves the old snapshot or the new one, whole.

Every step is tried with adversarial outcomes, see `tests.crash.power_loss`: a few
with every change, 50 each with `pytest -m nightly tests/crash`. Controls take a
precaution away; each must then be caught.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from kbsearch import KnowledgeBase, Settings, files
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import KbSearchError
from kbsearch.layout import ShelfLayout
from kbsearch.making import make_desk
from kbsearch.models import Audience, GateDecision
from kbsearch.snapshots import (
    draft_snapshot,
    find_damages,
    load_draft,
    open_newest,
    publish_draft,
    read_current,
)
from kbsearch.snapshots.writing import set_current
from kbsearch.store import create as create_records
from kbsearch.store import schema
from tests.builders import article
from tests.crash.disks import RecordingDisk, Step
from tests.crash.power_loss import SimulatedDisk, Tree, tree_of, write_tree
from tests.records import FINGERPRINT, SHELF
from tests.snapshot_shelf import content, new_layout, publish

FEW, MANY = 3, 50
_NEXT = 9


class Story(NamedTuple):
    """What was done to a shelf: `before` and `after` are the sequences that it served."""

    root: Path
    stood: Tree
    steps: Sequence[Step]
    before: int | None
    after: int | None

    def allowed(self, n_done: int) -> set[int | None]:
        """What may be served after a cut: the new one from its rename on, only it once synced."""
        renames = [n for n, step in enumerate(self.steps) if step.target.name == "CURRENT"]
        turning_point = renames[-1]
        durable = next(
            n
            for n in range(turning_point, len(self.steps))
            if self.steps[n].name == "sync_directory"
        )
        allowed = {self.before} if n_done <= durable else set()
        return allowed | ({self.after} if n_done > turning_point else set())


def recorded(root: Path, act: Callable[[], object], before: int | None, after: int | None) -> Story:
    """Tell a story of what `act` does below `root`."""
    stood = tree_of(root)
    disk = RecordingDisk()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "disk", disk)
        act()
    return Story(root, stood, disk.steps, before, after)


def first_publish(root: Path) -> Story:
    """On an empty shelf."""
    layout = new_layout(root)
    return recorded(root, lambda: publish(layout, content(1)), None, 1)


def second_publish(root: Path) -> Story:
    """Over what an earlier crash left: a half draft and a half CURRENT.new."""
    layout = new_layout(root)
    publish(layout, content(1))
    layout.snapshot_draft(2).mkdir()
    (layout.snapshot_draft(2) / "vectors.faiss").write_bytes(b"half of it")
    layout.current_draft.write_bytes(b"half of it")
    return recorded(root, lambda: publish(layout, content(2)), 1, 2)


def publish_that_removes_two(root: Path) -> Story:
    """The settings were changed to keep one snapshot."""
    layout = new_layout(root)
    for number in (1, 2):
        publish(layout, content(number))
    return recorded(root, lambda: publish(layout, content(3), keep=1), 2, 3)


def going_back(root: Path) -> Story:
    """CURRENT alone is replaced, by one that names an older snapshot."""
    layout = new_layout(root)
    publish(layout, content(1))
    first = read_current(layout)
    assert first is not None
    publish(layout, content(2))
    return recorded(root, lambda: set_current(layout, first), 2, 1)


def gated_publish(root: Path) -> Story:
    """Drafted, judged, and made live with the decision in its manifest."""
    layout = new_layout(root)
    publish(layout, content(1))
    decision = GateDecision(
        is_passed=True, is_forced=False, k=10, tolerance=0.01, self_check_tolerance=0.05
    )

    def act() -> None:
        draft = draft_snapshot(
            layout, content(2), shelf=SHELF, fingerprint=FINGERPRINT, bm25_k1=1.5, bm25_b=0.75
        )
        load_draft(layout, draft)
        publish_draft(layout, draft, keep=2, chain_at=None, gate=decision)

    return recorded(root, act, 1, 2)


STORIES = (first_publish, second_publish, publish_that_removes_two, going_back, gated_publish)
by_story = pytest.mark.parametrize("story_of", STORIES, ids=lambda story: story.__name__)


class ShelfAfterACut:
    """Opens shelves as they may be found, each different one once, below `scratch`."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._seen: dict[frozenset[tuple[str, bytes | None]], int | str | None] = {}

    def served(self, tree: Tree) -> int | str | None:
        """The sequence that is served, None if there is no snapshot, or what is wrong."""
        key = frozenset(tree.items())
        if key not in self._seen:
            root = self._scratch / "found"
            write_tree(tree, root)
            self._seen[key] = self._look(ShelfLayout(root))
            shutil.rmtree(root)
        return self._seen[key]

    def _look(self, layout: ShelfLayout) -> int | str | None:
        served, damages = open_newest(layout, SHELF, chain_at=None)
        if damages:
            return f"opened with damage: {damages[0]}"
        if served is not None:
            given = content(served.manifest.sequence)
            np.testing.assert_array_equal(served.document_keys, given.document_keys)
            np.testing.assert_array_equal(served.passage_keys, given.passage_keys)
        kept = find_damages(layout, SHELF, chain_at=None)
        if served is not None and kept:
            return f"an older snapshot is damaged: {kept[0]}"
        publish(layout, content(_NEXT))
        again, damages = open_newest(layout, SHELF, chain_at=None)
        damages += find_damages(layout, SHELF, chain_at=None)
        if damages or again is None or again.manifest.sequence != _NEXT or layout.drafts():
            return f"the next publish did not put it right: {damages}"
        return served.manifest.sequence if served else None


def faults_of(story: Story, scratch: Path, n_outcomes: int) -> list[str]:
    """Cut the power before the first step and after each; tell what must not be found."""
    shelf, faults = ShelfAfterACut(scratch), []
    for n_done in range(len(story.steps) + 1):
        disk = SimulatedDisk(story.root, story.stood, story.steps[:n_done])
        for seed in range(n_outcomes):
            found = shelf.served(disk.after_a_cut(random.Random(1000 * n_done + seed)))
            if found not in story.allowed(n_done):
                last = story.steps[n_done - 1] if n_done else "nothing"
                faults.append(f"after {last} (seed {seed}): {found}")
    return faults


class TestPublishing:
    """Old or new, never an error, and the next publish works."""

    @by_story
    def test_a_cut_after_any_step_leaves_the_old_or_the_new_one(
        self, memory_path: Path, story_of: Callable[[Path], Story]
    ) -> None:
        """Once it has returned, the new one alone: it was promised."""
        story = story_of(memory_path / "shelf")

        assert faults_of(story, memory_path, FEW) == []

    @pytest.mark.nightly
    @by_story
    def test_a_cut_after_any_step_with_all_outcomes(
        self, memory_path: Path, story_of: Callable[[Path], Story]
    ) -> None:
        """50 of them for each step."""
        story = story_of(memory_path / "shelf")

        assert faults_of(story, memory_path, MANY) == []

    @pytest.mark.nightly
    def test_a_second_cut_while_the_first_is_put_right(self, memory_path: Path) -> None:
        """What one cut left, whatever it is, is where the next publish begins."""
        story, faults = second_publish(memory_path / "shelf"), []
        for n_done in range(len(story.steps) + 1):
            disk = SimulatedDisk(story.root, story.stood, story.steps[:n_done])
            root = memory_path / f"after {n_done}"
            write_tree(disk.after_a_cut(random.Random(n_done)), root)
            served, _ = open_newest(ShelfLayout(root), SHELF, chain_at=None)
            before = served.manifest.sequence if served else None
            again = partial(publish, ShelfLayout(root), content(5))
            faults += faults_of(recorded(root, again, before, 5), memory_path, FEW)

        assert faults == []


def without_syncs(story: Story) -> Story:
    """Files are written and never synced."""
    return story._replace(steps=[step for step in story.steps if step.name != "sync"])


def without_directory_syncs(story: Story) -> Story:
    """Names are changed and never synced, but for the last time, which `allowed` asks for."""
    kept = [step for step in story.steps[:-1] if step.name != "sync_directory"]
    return story._replace(steps=[*kept, Step("sync_directory", story.root)])


def with_current_first(story: Story) -> Story:
    """CURRENT names a snapshot that does not have its name yet."""
    naming = [step for step in story.steps if step.target.name.startswith("snapshot-")]
    others = [step for step in story.steps if step not in naming]
    place = next(n for n, step in enumerate(others) if step.target.name == "CURRENT")
    return story._replace(steps=[*others[: place + 1], *naming, *others[place + 1 :]])


@pytest.mark.parametrize("spoil", [without_syncs, without_directory_syncs, with_current_first])
@pytest.mark.parametrize("story_of", [first_publish, second_publish])
def test_a_precaution_that_is_left_out_is_caught(
    memory_path: Path, spoil: Callable[[Story], Story], story_of: Callable[[Path], Story]
) -> None:
    """Control: the steps as they would be without it; a check that cannot fail proves nothing."""
    story = spoil(story_of(memory_path / "shelf"))

    assert faults_of(story, memory_path, FEW) != []


class DeskAfterACut:
    """Opens, or makes again, desks as they may be found."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._seen: dict[frozenset[tuple[str, bytes | None]], str] = {}

    def found(self, tree: Tree) -> str:
        """`a desk`, `nothing`, or what is wrong; either can be worked with afterwards."""
        key = frozenset(tree.items())
        if key not in self._seen:
            root = self._scratch / "found"
            write_tree(tree, root)
            self._seen[key] = self._look(root / "new" / "support.kb")
            shutil.rmtree(root)
        return self._seen[key]

    def _look(self, path: Path) -> str:
        embedder = HashingEmbedder(16)
        is_there = path.exists()
        make = KnowledgeBase.open if is_there else KnowledgeBase.create
        try:
            with make(path, embedder=embedder) as kb:
                kb.upsert([article("a", "printer jams", Audience.EXTERNAL)])
                n_found = len(kb.searcher(Audience.INTERNAL).search("printer"))
                findings = kb.check(Audience.INTERNAL).findings
        except KbSearchError as error:
            return str(error)
        if n_found != 1 or findings:
            return f"{n_found} found, {findings}"
        return "a desk" if is_there else "nothing"


def making_of_a_desk(root: Path) -> Sequence[Step]:
    """Of its parent directory too; records.sqlite as SQLite leaves it."""
    root.mkdir()
    disk = RecordingDisk()

    def create_noted(path: Path, audience: str) -> None:
        create_records(path, audience)
        disk.note_foreign_file(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "disk", disk)
        patch.setattr("kbsearch.making.create_records", create_noted)
        make_desk(root / "new" / "support.kb", Settings())
    return disk.steps


def faults_of_making(root: Path, scratch: Path, steps: Sequence[Step], n: int) -> list[str]:
    """Cut the power after each step: nothing or a whole desk, and a desk at the end."""
    desks, faults = DeskAfterACut(scratch), []
    for n_done in range(len(steps) + 1):
        disk = SimulatedDisk(root, {}, steps[:n_done])
        allowed = {"a desk"} if n_done == len(steps) else {"a desk", "nothing"}
        for seed in range(n):
            found = desks.found(disk.after_a_cut(random.Random(1000 * n_done + seed)))
            if found not in allowed:
                faults.append(f"after {steps[n_done - 1]} (seed {seed}): {found}")
    return faults


def test_a_commit_of_records_is_synced_with_the_removal_of_its_journal(tmp_path: Path) -> None:
    """
    A journal that comes back with the power takes back what was acknowledged.

    SQLite syncs the directory after it has removed the journal from EXTRA (3) on,
    not at FULL; else the same is SQLite's business.
    """
    create_records(tmp_path / "records.sqlite", SHELF)

    connection = schema.connect(tmp_path / "records.sqlite")

    assert connection.execute("PRAGMA synchronous").fetchone() == (3,)
    connection.close()


class TestMakingADesk:
    """A desk stands whole or not at all."""

    def test_a_cut_after_any_step_leaves_nothing_or_a_desk(self, memory_path: Path) -> None:
        """And `create` works where there is nothing, whatever was left beside it."""
        steps = making_of_a_desk(memory_path / "disk")

        assert faults_of_making(memory_path / "disk", memory_path, steps, FEW) == []

    @pytest.mark.nightly
    def test_a_cut_after_any_step_with_all_outcomes(self, memory_path: Path) -> None:
        """50 of them for each step."""
        steps = making_of_a_desk(memory_path / "disk")

        assert faults_of_making(memory_path / "disk", memory_path, steps, MANY) == []

    def test_names_that_are_not_synced_are_caught(self, memory_path: Path) -> None:
        """Control: the desk has its name before its shelves have theirs."""
        steps = making_of_a_desk(memory_path / "disk")
        kept = [step for step in steps if step.name != "sync_directory"]

        assert faults_of_making(memory_path / "disk", memory_path, kept, FEW) != []
