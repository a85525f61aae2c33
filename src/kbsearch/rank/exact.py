"""A stage of the ranking: documents that hold what the query names exactly."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple


class Holding(NamedTuple):
    """
    An identifier of the query that a document holds and that is rare on its shelf.

    `is_own` says that it is the document's own id.
    """

    name: str
    is_own: bool = False


class Placed(NamedTuple):
    """A row of the ranking in its new place, and what its score is raised by."""

    row: int
    exact_share: float


def with_exact_matches(
    scores: Sequence[float], held: Sequence[Sequence[Holding]], *, k: int, leads: bool
) -> list[Placed]:
    """
    See to it that each identifier of the query has a document within the first k.

    One for each is chosen: first the document whose own id it is, then the one that
    holds most identifiers which none before it holds, then the one that holds rarer
    ones, then the one that ranked higher. If the query is about them, these lead,
    in that order. Otherwise the identifier is one detail of many, and meaning
    orders better than it does: whichever of these stands further below takes the
    last places within the first k.

    Args:
        scores: Of each row, in the order of the ranking.
        held: What each row holds of the query.
        k: Documents that will be shown.
        leads: Whether the query is about its identifiers.

    Returns:
        Every row once. A row's score is raised to that of the best that it overtakes.
    """
    chosen = _chosen(held)[:k]
    if not leads:
        is_chosen = set(chosen)
        others = [row for row in range(len(scores)) if row not in is_chosen]
        chosen = sorted([*chosen, *others[: k - len(chosen)]])
    is_chosen = set(chosen)
    return _raised(scores, [*chosen, *(r for r in range(len(scores)) if r not in is_chosen)])


def _chosen(held: Sequence[Sequence[Holding]]) -> list[int]:
    """
    Rows that together hold every identifier, greedily.

    What a row adds only falls as others are taken, so the top of the heap needs
    no more than a second look.
    """
    n_holders = Counter(holding.name for holdings in held for holding in holdings)
    missing = set(n_holders)

    def worth(row: int) -> tuple[int, int, float]:
        """The least is the best: own ids, identifiers and their rarity among the missing."""
        new = [holding for holding in held[row] if holding.name in missing]
        rarity = sum(1 / n_holders[holding.name] for holding in new)
        return -sum(holding.is_own for holding in new), -len(new), -rarity

    heap = [(worth(row), row) for row, holdings in enumerate(held) if holdings]
    heapq.heapify(heap)
    rows = []
    while missing:
        was, row = heapq.heappop(heap)
        now = worth(row)
        if now == was:
            rows.append(row)
            missing.difference_update(holding.name for holding in held[row])
        else:
            heapq.heappush(heap, (now, row))
    return rows


def _raised(scores: Sequence[float], order: Sequence[int]) -> list[Placed]:
    raised = list(scores)
    placed = []
    lowest = len(scores)
    for place in reversed(range(len(order))):
        row = order[place]
        share = 0.0
        if lowest < row:
            best = max(  # those raised too: rounding may have made one the higher
                raised[other]
                for other in order[place + 1 :]
                if other < row or raised[other] > scores[other]
            )
            share = _least_sum(scores[row], best)
            raised[row] = scores[row] + share
        lowest = min(lowest, row)
        placed.append(Placed(row, share))
    return placed[::-1]


def _least_sum(score: float, target: float) -> float:
    """The least number that makes a score the target, which rounding must not miss."""
    share = max(0.0, target - score)
    while score + share < target:
        share = math.nextafter(share, math.inf)
    return share
