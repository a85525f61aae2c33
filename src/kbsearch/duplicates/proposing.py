"""What the shelves of a desk propose for a ticket, and how rare words are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from kbsearch.duplicates.reading import ReadTicket, read_tickets
from kbsearch.duplicates.reports import Rarity
from kbsearch.embed import Fingerprint
from kbsearch.models import Filters, Kind
from kbsearch.search import ShelfReader
from kbsearch.store import RecordReader
from kbsearch.text import Analyzer


class Shelf(NamedTuple):
    """One shelf that the reader may see: its indexes and its records."""

    reader: ShelfReader
    records: RecordReader


class Proposer:
    """
    Finds tickets near to others on the shelves that a reader may see.

    Args:
        shelves: Of one audience alone.
        fingerprint: What their vectors depend on.
        analyzer: Of the desk.
        now_us: Microseconds since 1970 UTC.
    """

    def __init__(
        self, shelves: Sequence[Shelf], fingerprint: Fingerprint, analyzer: Analyzer, now_us: int
    ) -> None:
        self._shelves = shelves
        self._fingerprint, self._analyzer, self._now_us = fingerprint, analyzer, now_us

    def nearest(self, tickets: Sequence[ReadTicket], n: int) -> list[list[ReadTicket]]:
        """
        For each ticket the n nearest by passages and the n best by words of each shelf.

        Ordered by the cosine of the nearest passages; each id once, without the ticket's own.
        """
        found: list[dict[str, ReadTicket]] = [{} for _ in tickets]
        for shelf in self._shelves:
            keys_of = self._keys(shelf, tickets, n)
            there = self._read(shelf, {key for keys in keys_of for key in keys})
            for own, keys, asked in zip(found, keys_of, tickets, strict=True):
                for each in (there[key] for key in keys if key in there):
                    if each.facts.id != asked.facts.id:
                        own.setdefault(each.facts.id, each)
        return [
            sorted(own.values(), key=lambda each: (-_cosine(asked, each), each.facts.id))
            for asked, own in zip(tickets, found, strict=True)
        ]

    def rarity(self, terms: Iterable[str]) -> Rarity:
        """Of terms on all these shelves together; the mean length is not known here."""
        counts: Counter[str] = Counter()
        wanted = set(terms)
        for shelf in self._shelves:
            counts.update(shelf.reader.frequencies(wanted))
        return Rarity(sum(shelf.reader.count() for shelf in self._shelves), 0.0, counts)

    def _keys(self, shelf: Shelf, tickets: Sequence[ReadTicket], n: int) -> list[list[int]]:
        """Per ticket, by all of its passages; its words are asked once."""
        owners = [at for at, each in enumerate(tickets) for _ in each.report.vectors]
        terms: list[list[str]] = [[] for _ in owners]
        for at, each in enumerate(tickets):
            terms[owners.index(at)] = list(each.report.terms)
        proposed = shelf.reader.nearest(
            np.concatenate([each.report.vectors for each in tickets]),
            terms,
            Filters(kind=Kind.TICKET),
            now_us=self._now_us,
            n=n,
        )
        found: list[dict[int, None]] = [{} for _ in tickets]
        for owner, keys in zip(owners, proposed, strict=True):
            found[owner].update(dict.fromkeys(keys))
        return [list(own) for own in found]

    def _read(self, shelf: Shelf, keys: set[int]) -> dict[int, ReadTicket]:
        name, order = shelf.reader.shelf, sorted(keys)
        read = read_tickets(shelf.records, name, self._fingerprint, self._analyzer, keys=order)
        return {each.key: each for each in read}


def _cosine(one: ReadTicket, other: ReadTicket) -> float:
    return float((one.report.vectors @ other.report.vectors.T).max())
