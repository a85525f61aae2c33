"""One ticket, saved or not, against those that stand: is it a problem that is known already?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

import numpy as np

from kbsearch.duplicates.features import Pairs, pair_features
from kbsearch.duplicates.model import DEFAULT
from kbsearch.duplicates.reading import Facts, ReadTicket
from kbsearch.duplicates.reports import Float64, Rarity, in_columns
from kbsearch.duplicates.scoring import log_odds, probability
from kbsearch.models import DuplicateCandidate
from kbsearch.text import identifiers

_N_NEAREST = 20
_N_CANDIDATES = 10
"""So many of the nearest are asked what else they are near to; no others are proposed."""

_N_RIVALS = 6
"""So many of those each, the candidate's best: the model looks at no more."""

_N_SHOWN_WORDS = 6


class Shelves(Protocol):
    """What stands: `kbsearch.duplicates.proposing.Proposer`."""

    def nearest(self, tickets: Sequence[ReadTicket], n: int) -> list[list[ReadTicket]]:
        """Tickets near to each of these, the nearest first."""
        ...

    def rarity(self, terms: Iterable[str]) -> Rarity:
        """In how many documents terms stand."""
        ...


def find_candidates(
    asked: ReadTicket, shelves: Shelves, *, excluded: Collection[str]
) -> list[DuplicateCandidate]:
    """
    Tickets that may be the same problem, the likeliest first.

    A ticket that is near to many others proves little by being near to this one too, so
    each candidate's own neighbours are looked at.

    Args:
        asked: The ticket; it may stand somewhere already.
        shelves: Of those who ask.
        excluded: Ids that are never candidates: its own, and those merged with it.
    """
    graph = _Graph(asked)
    (near,) = shelves.nearest([asked], _N_NEAREST)
    near = [each for each in near if each.facts.id not in excluded]
    if not near:
        return []
    for each in near:
        graph.add(asked, each)
    candidates = near[:_N_CANDIDATES]
    for candidate, others in zip(candidates, shelves.nearest(candidates, _N_RIVALS), strict=True):
        for other in others:
            if other.facts.id not in excluded:
                graph.add(candidate, other)
    reports = [each.report for each in graph.tickets]
    rarity = shelves.rarity({term for report in reports for term in report.terms})
    mean = float(np.mean([len(report.terms) for report in reports]))
    columns = in_columns(reports, rarity._replace(mean_length=mean))
    pairs = graph.pairs()
    features = pair_features(columns, pairs)
    chances = probability(log_odds(DEFAULT, features, pairs, len(reports)))
    found = [
        _candidate(asked, graph.tickets[right], float(chances[at]), features[at], rarity)
        for at, (left, right) in enumerate(zip(pairs.left, pairs.right, strict=True))
        if left == 0 and right <= len(candidates)
    ]
    return sorted(found, key=lambda each: (-each.probability, each.id))


class _Graph:
    """Tickets, the one asked about first, and which are near each other."""

    def __init__(self, first: ReadTicket) -> None:
        self.tickets = [first]
        self._rows = {first.facts.id: 0}
        self._edges: set[tuple[int, int]] = set()

    def add(self, one: ReadTicket, other: ReadTicket) -> None:
        """Two tickets are near each other."""
        rows = sorted((self._row(one), self._row(other)))
        self._edges.add((rows[0], rows[1]))

    def pairs(self) -> Pairs:
        """All that are near each other, by their rows."""
        both = np.array(sorted(self._edges), dtype=np.int64).reshape(-1, 2)
        return Pairs(both[:, 0], both[:, 1])

    def _row(self, ticket: ReadTicket) -> int:
        row = self._rows.setdefault(ticket.facts.id, len(self.tickets))
        if row == len(self.tickets):
            self.tickets.append(ticket)
        return row


def _candidate(
    asked: ReadTicket, found: ReadTicket, chance: float, features: Float64, rarity: Rarity
) -> DuplicateCandidate:
    facts = found.facts
    shared = set(asked.report.terms) & set(found.report.terms)
    words = sorted(shared, key=lambda term: (rarity.frequencies.get(term, 0), term))
    return DuplicateCandidate(
        id=facts.id,
        shelf=facts.shelf,
        title=facts.title,
        probability=chance,
        cosine=float(features[0]),
        words=tuple(words[:_N_SHOWN_WORDS]),
        identifiers=_shared_identifiers(asked.facts, facts),
        is_same_product=None if features[3] == 0 else bool(features[3] > 0),
        status=facts.status,
        is_resolved=facts.is_resolved,
        created_at=facts.created_at,
    )


def _shared_identifiers(asked: Facts, found: Facts) -> tuple[str, ...]:
    own, others = ({each.value for each in identifiers(f.problem)} for f in (asked, found))
    return tuple(sorted(own & others))
