"""A desk's stream of tickets: its past is replayed, then each new ticket is taken in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import numpy as np

from kbsearch.arrays import Float32, unit_rows
from kbsearch.duplicates.bursts import Arrival, BurstDetector, BurstSettings, Like
from kbsearch.duplicates.reading import ReadTicket
from kbsearch.models import Burst, Ticket

LooksLike = Callable[[Burst, Ticket | None], Like | None]
"""
Says what a burst looks like: a problem that it is linked to, or a ticket that stands. Given
is one of its tickets that may not stand yet, if one is at hand.
"""


class BurstWatch:
    """
    Watches a desk's tickets for bursts. Made by `KnowledgeBase.bursts`; for one thread.

    Args:
        past: The tickets that stand; those without a date say nothing of a rate.
        settings: When many are too many.
        read: Reads a new ticket as it would be on its shelf.
        looks_like: Names what a burst looks like.
        clock: What time it is.
    """

    def __init__(
        self,
        past: Iterable[ReadTicket],
        settings: BurstSettings,
        *,
        read: Callable[[Ticket], ReadTicket],
        looks_like: LooksLike,
        clock: Callable[[], datetime],
    ) -> None:
        self._read, self._looks_like = read, looks_like
        self._detector = BurstDetector(settings, clock=clock)
        self._latest: dict[str, Burst] = {}
        now = clock()
        dated = [each for each in past if each.facts.created_at and each.facts.created_at <= now]
        for each in sorted(dated, key=_age):
            self._note(self._detector.add(_arrival(each)))

    def add(self, ticket: Ticket) -> Burst | None:
        """
        Take in a ticket that has just come; returns the alert that it raises or updates.

        A ticket that is known already, as one that was changed, is passed over.

        Raises:
            InvalidDocumentError: If it has no readable text.
        """
        alert = self._note(self._detector.add(_arrival(self._read(ticket))))
        return None if alert is None else self._named(alert, ticket)

    def since(self, moment: datetime) -> list[Burst]:
        """Bursts whose newest ticket came then or later, each as it was told last."""
        late = [each for each in self._latest.values() if each.latest_at >= moment]
        return [self._named(each) for each in sorted(late, key=lambda each: each.started_at)]

    def _note(self, alert: Burst | None) -> Burst | None:
        if alert is not None:
            self._latest[alert.id] = alert
        return alert

    def _named(self, alert: Burst, ticket: Ticket | None = None) -> Burst:
        like = self._looks_like(alert, ticket)
        if like is None:
            return alert
        return alert.model_copy(update={"like": like.id, "like_title": like.title or None})


def _arrival(ticket: ReadTicket) -> Arrival:
    return Arrival(
        id=ticket.facts.id,
        vector=_mean(ticket.report.vectors),
        created_at=ticket.facts.created_at,
        sender=ticket.facts.sender,
        problem_ids=ticket.facts.problem_ids,
    )


def _mean(vectors: Float32) -> Float32:
    mean: Float32 = unit_rows(np.mean(vectors, axis=0, keepdims=True, dtype=np.float32))[0]
    return mean


def _age(ticket: ReadTicket) -> tuple[float, str]:
    created_at = ticket.facts.created_at
    return created_at.timestamp() if created_at else 0.0, ticket.facts.id
