"""One story of what watchers may see, two sets of secrets beyond the wall, one view."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, given, seed, settings

from kbsearch import KnowledgeBase
from kbsearch.arrays import Float32, unit_rows
from kbsearch.embed import Embedder, HashingEmbedder
from tests.builders import agent_says, customer_says, ticket
from tests.library import EXTERNAL
from tests.wall.looks import LOOKS
from tests.wall.stories import NO_SECRETS, OTHER_WORLD, STORY, WORLD, stories, texts, worlds
from tests.wall.walls import CUSTOMERS, HR, NO_SECRET, STAFF, WALLS, Secret, Seen, Wall
from tests.wall.watching import View, differences, view_of
from tests.wall.worlds import Step, World, played, standing_before

every_wall = pytest.mark.parametrize("wall", WALLS, ids=lambda wall: wall.name)
QUERY = "root password of the vpn, 0x80070005"
MISSPELT = "printer of the borad, gatewya"
"""Of a word that insiders alone have in one of the worlds, and one that anybody may have."""
PARTS = [
    *((CUSTOMERS, part, 25) for part in range(4)),
    *((wall, part, 10) for wall in (STAFF, HR) for part in range(2)),
]
"""A wall, the seed of its examples, and how many: in parts, to run side by side."""
PARTS_BY_NIGHT = [
    *((CUSTOMERS, part) for part in range(100, 120)),
    *((wall, part) for wall in (STAFF, HR) for part in range(100, 103)),
]


class PaddingEmbedder(HashingEmbedder):
    """Like a real model, only more so: every text of a call changes the bits of the others."""

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        vectors = super().embed_passages(texts)
        noise = np.float32(1e-6) * sum(len(text) for text in texts)
        return unit_rows(vectors + noise)


def view(wall: Wall, story: Sequence[Step], world: World, query: str, **more: bool) -> View:
    """What the watcher of a wall sees of one world."""
    embedder: Embedder = PaddingEmbedder(64)
    with played(wall, story, world, embedder) as told:
        return view_of(told, wall, [query, MISSPELT], **more)


def examine(wall: Wall, part: int, n_examples: int) -> int:
    """
    Compare pairs of random worlds by everything that a watcher can see.

    Parts of even numbers run the commands too, which take half of the time.

    Args:
        wall: The one that is tested.
        part: Seeds the examples; another number, others.
        n_examples: Pairs to compare.

    Returns:
        Number of pairs that were compared in full.
    """
    n_compared = 0

    @seed(part)
    @settings(
        max_examples=n_examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(story=stories, world=worlds, other=worlds, query=texts)
    def holds(story: list[Step], world: World, other: World, query: str) -> None:
        nonlocal n_compared
        first = view(wall, story, world.knowing(query), query, with_cli=part % 2 == 0)
        second = view(wall, story, other, query, with_cli=part % 2 == 0)
        assert differences(first, second) == {}
        n_compared += 1

    holds()
    return n_compared


class TestNonInterference:
    """Files, hits, scores, counts, errors, log lines, printed bytes: see `channels.py`."""

    @pytest.mark.parametrize(("wall", "part", "n_pairs"), PARTS, ids=str)
    def test_whatever_stands_beyond_the_wall_its_watchers_see_the_same(
        self, wall: Wall, part: int, n_pairs: int
    ) -> None:
        """A hundred pairs of random worlds for customers, twenty for each wall of staff."""
        assert examine(wall, part, n_pairs) >= n_pairs

    @pytest.mark.nightly
    @pytest.mark.parametrize(("wall", "part"), PARTS_BY_NIGHT, ids=str)
    def test_holds_for_thousands_of_pairs_of_worlds(self, wall: Wall, part: int) -> None:
        """The same claim, at length: in parts of a hundred pairs."""
        n_compared = examine(wall, part, 100)

        told = f"{wall.name}, part {part}: {n_compared} pairs of worlds compared, 0 differences"
        sys.stdout.write(f"{told}\n")
        assert n_compared >= 100


@every_wall
class TestOneStory:
    """What the random ones could miss, and what shows that they see anything."""

    @pytest.mark.parametrize(
        "pair", [(WORLD, OTHER_WORLD), (WORLD, NO_SECRETS)], ids=["others", "none"]
    )
    def test_holds_for_a_story_that_is_written_out(
        self, wall: Wall, pair: tuple[World, World]
    ) -> None:
        """What the planted leaks below are planted in; the desk may have no secrets at all."""
        first, second = (view(wall, STORY, world, QUERY) for world in pair)

        assert differences(first, second) == {}

    @pytest.mark.parametrize("text", ["", QUERY], ids=["empty", "the query"])
    def test_holds_where_watchers_have_no_documents_at_all(self, wall: Wall, text: str) -> None:
        """An empty answer must not tell why it is empty."""
        world = World((Secret(text or "gateway"),))

        first, second = (view(wall, [], each, QUERY) for each in (world, NO_SECRETS))

        assert differences(first, second) == {}

    def test_a_rebuild_of_what_insiders_wrote_touches_nothing_before_the_wall(
        self, desk: KnowledgeBase, wall: Wall
    ) -> None:
        """Not even a time changes: when insiders work is nobody's business."""
        desk.upsert([wall.seen(Seen(2, "vpn drops after sleep"), NO_SECRET)])
        desk.rebuild()
        before = standing_before(wall, desk.path)

        ids = wall.place_secret(desk, 0, Secret("root password", 2))
        wall.place_secret(desk, 0, Secret("root password rotated", 2))
        desk.delete(ids[:1])
        desk.rebuild()

        assert len(before) > 5
        assert standing_before(wall, desk.path) == before

    def test_two_views_that_are_alike_are_not_alike_because_they_are_empty(
        self, wall: Wall
    ) -> None:
        """Every look of the story sees something, and insiders have something to hide."""
        with played(wall, STORY, WORLD, HashingEmbedder(64)) as told:
            seen = view_of(told, wall, [QUERY])
            hidden = [path for name in wall.beyond for path in (told.kb.path / name).rglob("*")]
            n_for_insiders = wall.open_insider(told.kb).count()
            n_for_watchers = wall.open_watcher(told.kb).count()

        assert {name for name, what in seen.items() if what in ("[]", "{}", "null", "0")} == {
            *("touched", "log_lines", "warnings", "temporary_files")
        }
        assert LOOKS.keys() <= seen.keys()
        assert n_for_watchers == 4
        assert n_for_insiders >= 15
        assert len(hidden) > 4
        assert '\\"id\\":\\"kb:e2\\"' in seen["search"]
        assert seen["files"] == seen["files_after_all_that"]


@pytest.mark.parametrize("n_characters", [10, 1_000_001])
def test_a_private_note_decides_nothing_about_the_public_face(
    desk: KnowledgeBase, n_characters: int
) -> None:
    """Not even by being too long for the internal shelf."""
    note = agent_says("x" * n_characters, public=False)
    messages = (customer_says("vpn drops after sleep"), note)

    desk.upsert([ticket("1", "", subject="vpn", messages=messages, published=True)])

    assert [hit.id for hit in desk.searcher(EXTERNAL).search("vpn")] == ["desk:1"]
