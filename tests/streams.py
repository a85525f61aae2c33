"""Streams of tickets for tests of bursts: topics are directions, times are minutes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np

from kbsearch.duplicates.bursts import Arrival, BurstDetector, BurstSettings
from kbsearch.models import Burst

DIM = 64
START = datetime(2026, 3, 2, tzinfo=UTC)
DAY = 24 * 60.0
WEEK = 7 * DAY


class Sent(NamedTuple):
    """A ticket of a topic, so many minutes after the start."""

    minute: float
    topic: int
    sender: str | None = None


def moment(minute: float) -> datetime:
    """So many minutes after the start."""
    return START + timedelta(minutes=minute)


def poisson(
    random: np.random.Generator,
    topic: int,
    *,
    per_hour: float,
    start: float = 0.0,
    end: float,
    rhythm: Callable[[float], float] = lambda minute: 1.0,
) -> list[Sent]:
    """Tickets at a rate per hour, thinned by a rhythm of at most 1."""
    n = random.poisson(per_hour * (end - start) / 60)
    minutes = np.sort(random.uniform(start, end, n))
    return [Sent(float(m), topic) for m in minutes if random.random() < rhythm(float(m))]


def by_day(minute: float) -> float:
    """Nothing at night, most at noon."""
    return math.sqrt(max(0.0, math.sin(math.pi * (minute % DAY / 60 - 7) / 12)))


def everyday(random: np.random.Generator, *, weeks: float, per_hour: float = 6.0) -> list[Sent]:
    """Thirty topics, some frequent and most rare, by day."""
    shares = 1 / np.arange(1, 31)
    shares /= shares.sum()
    return [
        each
        for topic, share in enumerate(shares)
        for each in poisson(
            random, topic, per_hour=per_hour * share, end=weeks * WEEK, rhythm=by_day
        )
    ]


def direction(topic: int, random: np.random.Generator) -> Any:
    """A unit vector near the topic's axis."""
    vector = np.zeros(DIM, dtype=np.float32)
    vector[topic] = 1.0
    vector += random.normal(scale=0.05, size=DIM).astype(np.float32)
    return vector / np.linalg.norm(vector)


def replay(
    sent: Iterable[Sent], *, seed: int = 0, in_order: bool = True, **settings: Any
) -> list[tuple[float, Burst]]:
    """The alerts of a stream, each with the minute at which it was told."""
    random = np.random.default_rng(seed)
    now = [START]
    detector = BurstDetector(BurstSettings(**settings), clock=lambda: now[0])
    alerts = []
    order = sorted(sent) if in_order else list(sent)
    for n, each in enumerate(order):
        now[0] = max(now[0], moment(each.minute))
        vector = direction(each.topic, random)
        arrival = Arrival(f"desk:{n}-{each.topic}", vector, moment(each.minute), each.sender)
        if (burst := detector.add(arrival)) is not None:
            alerts.append((each.minute, burst))
    return alerts


def first_alerts(alerts: Iterable[tuple[float, Burst]]) -> list[tuple[float, int]]:
    """Minute and topic of every burst's first alert."""
    return [
        (minute, int(burst.ticket_ids[-1].rpartition("-")[2]))
        for minute, burst in alerts
        if not burst.is_update
    ]
