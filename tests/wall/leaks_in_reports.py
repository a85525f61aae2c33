"""Leaks to plant in what is said about a desk: lists, checks, dry runs and errors."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

import pytest

from kbsearch import KnowledgeBase, Searcher
from kbsearch.errors import ConfigError, SnapshotNotFoundError
from kbsearch.models import CheckReport, UpsertReport
from kbsearch.text import Boilerplate
from tests.library import EXTERNAL, INTERNAL
from tests.wall.leaks import LEAKS, for_watchers, leak, n_beyond

__all__ = ["LEAKS"]


@leak("boilerplate cli_json")
def _boilerplate_learned_on_both_shelves(patch: pytest.MonkeyPatch) -> None:
    """Lines that are common among secrets are cut out of public texts."""

    @for_watchers(boilerplate := Searcher.boilerplate)
    def boilerplate_of_all(self: Searcher) -> dict[str, Boilerplate]:
        n = n_beyond(self)
        learned = boilerplate(self).items()
        return {s: b.model_copy(update={"n_documents": b.n_documents + n}) for s, b in learned}

    patch.setattr(Searcher, "boilerplate", boilerplate_of_all)


@leak("standing ids", is_alone=True, tells_whether=True)
def _ids_of_both_shelves(patch: pytest.MonkeyPatch) -> None:
    """Whoever lists ids gets those of all shelves."""
    ids, standing = KnowledgeBase.ids, KnowledgeBase.standing

    def ids_of_all(self: KnowledgeBase, audience: str, **named: Any) -> list[str]:
        return [*ids(self, EXTERNAL), *ids(self, INTERNAL)]

    def standing_anywhere(
        self: KnowledgeBase, ids: Sequence[str], *_: Any, **named: Any
    ) -> set[str]:
        return standing(self, ids, EXTERNAL) | standing(self, ids, INTERNAL)

    patch.setattr(KnowledgeBase, "ids", ids_of_all)
    patch.setattr(KnowledgeBase, "standing", standing_anywhere)


@leak("check repair cli cli_json", is_alone=True)
def _a_check_of_both_shelves(patch: pytest.MonkeyPatch) -> None:
    """It says of one shelf how many documents were verified on all."""
    check = KnowledgeBase.check

    def check_all(self: KnowledgeBase, audience: str, **named: Any) -> CheckReport:
        n_documents = check(self, INTERNAL).n_documents
        return check(self, audience, **named).model_copy(update={"n_documents": n_documents})

    patch.setattr(KnowledgeBase, "check", check_all)


@leak("rollback_error", is_alone=True)
def _snapshots_of_both_shelves_in_an_error(patch: pytest.MonkeyPatch) -> None:
    """The error lists the snapshots that there are, of whichever shelf."""

    def rollback(self: KnowledgeBase, shelf: str, *, to: int) -> None:
        there = [info.sequence for info in self.snapshots(INTERNAL)]
        raise SnapshotNotFoundError(shelf, to, there)

    patch.setattr(KnowledgeBase, "rollback", rollback)


@leak("preview", is_alone=True)
def _a_dry_run_that_counts_everything(patch: pytest.MonkeyPatch) -> None:
    """The report of a dry run says how much would be compared with."""
    module = importlib.import_module("kbsearch.desk.writes")
    preview = module.preview

    def preview_all(writers: Any, *args: Any, **named: Any) -> UpsertReport:
        n = len(writers[INTERNAL].records.keys())
        report: UpsertReport = preview(writers, *args, **named).model_copy(update={"n_embedded": n})
        return report

    patch.setattr(module, "preview", preview_all)


@leak("wrong_use", is_alone=True)
def _a_secret_in_the_advice_of_an_error(patch: pytest.MonkeyPatch) -> None:
    """A wrong k is answered with the largest that makes sense on the whole desk."""

    @for_watchers(search := Searcher.search)
    def search_with_advice(self: Searcher, query: str, *, k: int = 10, **named: Any) -> Any:
        if k < 1:
            raise ConfigError(f"k = {k} is out of range; at most {n_beyond(self)} make sense.")
        return search(self, query, k=k, **named)

    patch.setattr(Searcher, "search", search_with_advice)
