"""The comparison is worth something only if it catches what it must."""

from __future__ import annotations

import pytest

from kbsearch.embed import HashingEmbedder
from tests.library import EXTERNAL, ids
from tests.wall import (  # noqa: F401 - add their own
    leaks_in_duplicates,
    leaks_in_labels,
    leaks_in_learning,
    leaks_in_priors,
)
from tests.wall.leaks_in_wording import LEAKS
from tests.wall.leaks_within_staff import LEAKS_WITHIN_STAFF
from tests.wall.looks import LOOKS
from tests.wall.stories import NO_SECRETS, OTHER_WORLD, STORY, WORLD
from tests.wall.test_non_interference import QUERY, view
from tests.wall.walls import CUSTOMERS, HR, STAFF, Wall
from tests.wall.watching import differences
from tests.wall.worlds import played


@pytest.mark.parametrize("name", LEAKS)
def test_a_planted_leak_is_caught_where_it_shows(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With it, two desks of the same story and different secrets can be told apart."""
    leak = LEAKS[name]
    other = NO_SECRETS if leak.tells_whether else OTHER_WORLD
    leak.plant(monkeypatch)

    first, second = (view(CUSTOMERS, STORY, world, QUERY) for world in (WORLD, other))

    found = differences(first, second).keys()
    assert leak.shows_in <= found
    assert not leak.is_alone or leak.shows_in == found


@pytest.mark.parametrize("wall", [STAFF, HR], ids=lambda wall: wall.name)
@pytest.mark.parametrize("name", LEAKS_WITHIN_STAFF)
def test_a_leak_planted_between_groups_is_caught_where_it_shows(
    wall: Wall, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Likewise, for staff of no group and for staff of another one."""
    leak = LEAKS_WITHIN_STAFF[name]
    leak.plant(monkeypatch)

    first, second = (view(wall, STORY, world, QUERY) for world in (WORLD, NO_SECRETS))

    found = differences(first, second).keys()
    assert leak.shows_in <= found
    assert not leak.is_alone or leak.shows_in == found


def test_every_look_is_shown_to_see_by_a_leak_that_it_catches() -> None:
    """A look that no planted leak shows in could be blind."""
    every = [*LEAKS.values(), *LEAKS_WITHIN_STAFF.values()]

    unseen = LOOKS.keys() - {look for leak in every for look in leak.shows_in}

    assert unseen == set()


def test_a_filter_over_one_table_leaks_though_it_shows_nothing_hidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So no test of the hits alone could have caught it."""
    LEAKS["one_table_with_a_filter"].plant(monkeypatch)

    with played(CUSTOMERS, STORY, WORLD, HashingEmbedder(64)) as told:
        shown = ids(told.kb.searcher(EXTERNAL).search(QUERY, k=1_000))

    assert {document_id.split(":")[1][0] for document_id in shown} == {"e"}
