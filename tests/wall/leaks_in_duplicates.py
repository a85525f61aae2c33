"""Leaks to plant in what is said of tickets that tell of one problem."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from kbsearch import KnowledgeBase
from kbsearch.duplicates.proposing import Proposer, Shelf
from kbsearch.duplicates.reading import ReadTicket
from kbsearch.duplicates.reports import Rarity
from kbsearch.progress import Progress
from tests.library import EXTERNAL
from tests.wall.leaks import LEAKS, _rows_beyond, leak

__all__ = ["LEAKS"]


def _n_beyond(shelf: Shelf) -> int:
    root = shelf.reader._layout.root
    return int(_rows_beyond(root, "SELECT count(*) FROM documents")[0])


@leak("duplicates", tells_whether=True)
def _rarity_counted_on_both_shelves(patch: pytest.MonkeyPatch) -> None:
    """A word proves more of two public tickets because of how many there are in secret."""
    rarity = Proposer.rarity

    def rarity_of_all(self: Proposer, terms: Iterable[str]) -> Rarity:
        found = rarity(self, terms)
        if [shelf.reader.shelf for shelf in self._shelves] != [EXTERNAL.value]:
            return found
        n = found.n_documents + _n_beyond(self._shelves[0])
        return found._replace(n_documents=n)

    patch.setattr(Proposer, "rarity", rarity_of_all)


@leak("find_duplicates bursts cli cli_json", is_alone=True, tells_whether=True)
def _tickets_counted_on_both_shelves(patch: pytest.MonkeyPatch) -> None:
    """The tickets that are compared are as many as stand on both shelves."""
    tickets = KnowledgeBase._tickets

    def tickets_of_all(
        self: KnowledgeBase, shelves: list[Shelf], progress: Progress
    ) -> Iterator[ReadTicket]:
        is_customers = [shelf.reader.shelf for shelf in shelves] == [EXTERNAL.value]
        for each in tickets(self, shelves, progress):
            n = _n_beyond(shelves[0]) if is_customers else 0
            for number in range(1 + n):
                facts = each.facts._replace(id=f"{each.facts.id}{'+' * number}")
                yield each._replace(facts=facts)

    patch.setattr(KnowledgeBase, "_tickets", tickets_of_all)
