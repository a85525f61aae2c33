"""Leaks to plant between groups of staff: who is not in a group could tell what stands there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kbsearch import KnowledgeBase, Searcher
from kbsearch.models import CheckReport
from kbsearch.standing import Standing
from tests.library import INTERNAL
from tests.wall.leaks import Leak, Plant, filter_one_table

LEAKS_WITHIN_STAFF: dict[str, Leak] = {}
"""By name; the loader of this module fills it."""


def _leak(shows_in: str, *, is_alone: bool = False) -> Callable[[Plant], Plant]:
    """Their number tells whether there are any; in two worlds with secrets it may be the same."""

    def add(plant: Plant) -> Plant:
        name = plant.__name__.strip("_")
        LEAKS_WITHIN_STAFF[name] = Leak(plant, frozenset(shows_in.split()), is_alone, True)
        return plant

    return add


def _n_on(root: Path) -> int:
    connection = sqlite3.connect(root / "records.sqlite")
    try:
        return int(connection.execute("SELECT count(*) FROM documents").fetchone()[0])
    finally:
        connection.close()


@_leak("files stats check ids standing count get cli cli_json")
def _one_table_with_a_filter(patch: pytest.MonkeyPatch) -> None:
    """What is for a group stands among all staff's as archived, which no search shows."""
    filter_one_table(patch, INTERNAL, lambda document: bool(document.groups))


@_leak("count", is_alone=True)
def _a_count_over_all_shelves(patch: pytest.MonkeyPatch) -> None:
    """What is not shown is counted all the same."""
    count = Searcher.count

    def count_all(self: Searcher) -> int:
        root = next(iter(self._shelves.values()))._layout.root.parent
        beyond = [path for path in root.glob("internal.*") if path.name not in self._shelves]
        return count(self) + sum(map(_n_on, beyond))

    patch.setattr(Searcher, "count", count_all)


@_leak("check repair cli cli_json", is_alone=True)
def _a_check_of_every_group(patch: pytest.MonkeyPatch) -> None:
    """A check is for who runs the desk, somebody thought, and verified all of it."""
    check = KnowledgeBase.check

    def check_all(self: KnowledgeBase, audience: str, **named: Any) -> CheckReport:
        return check(self, audience, groups=self.groups())

    patch.setattr(KnowledgeBase, "check", check_all)


@_leak("for_staff", is_alone=True)
def _a_reason_for_all_staff(patch: pytest.MonkeyPatch) -> None:
    """Why customers cannot read a document is told to all staff, as if all might read it."""
    why_visible = KnowledgeBase.why_visible

    def why_for_all(self: KnowledgeBase, document_id: str, **named: Any) -> Standing:
        return why_visible(self, document_id, groups=self.groups())

    patch.setattr(KnowledgeBase, "why_visible", why_for_all)
