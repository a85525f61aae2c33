"""A stream of tickets: which problem comes more often now than its history explains."""

from __future__ import annotations

import math
from bisect import bisect_right, insort
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32
from kbsearch.duplicates.baselines import Baseline, seen_s, share_significance, significance
from kbsearch.errors import ConfigError
from kbsearch.models import Burst

_N_REMEMBERED = 50_000
_N_SHOWN = 100
_GROWTH = 1.5
"""An alert is told again when the burst has grown by half."""

_FOLLOWED = 50
"""A topic's centre is the mean of about so many tickets: it follows a problem that moves."""


class Arrival(NamedTuple):
    """
    One ticket of the stream.

    Attributes:
        id: The same one again is passed over.
        vector: Of its problem, of unit length, (dim,).
        created_at: None is now.
        sender: Counts once in a burst, however many tickets are sent; None is somebody else.
        problem_ids: Problems or incidents that the ticket is linked to.
    """

    id: str
    vector: Float32
    created_at: datetime | None = None
    sender: str | None = None
    problem_ids: tuple[str, ...] = ()


class Like(NamedTuple):
    """What a burst looks like: id, and title if it has one."""

    id: str
    title: str


class BurstSettings(NamedTuple):
    """
    When many are too many.

    Attributes:
        window: Tickets of the same problem are counted within it.
        min_tickets: Fewer senders are no burst, however unlikely they are.
        significance: -log10 of the chance that is too small for chance: 6 is one in a million.
        min_cosine: To the centre of a topic, to belong to it; of all-MiniLM-L6-v2.
        half_life: After so long the past counts half.
        warm_up: Nothing is told before the stream was watched for so long.
        max_topics: So many are kept; those with the oldest tickets are forgotten first.
    """

    window: timedelta = timedelta(hours=1)
    min_tickets: int = 5
    significance: float = 6.0
    min_cosine: float = 0.6
    half_life: timedelta = timedelta(days=14)
    warm_up: timedelta = timedelta(days=1)
    max_topics: int = 4000


class _Event(NamedTuple):
    time_s: float
    number: int
    id: str
    sender: str
    problem_ids: tuple[str, ...]


class _Topic:
    """One problem: its tickets within the window, its history, and the burst it is in."""

    def __init__(self, half_life_s: float) -> None:
        self.n = 0
        self.forget(half_life_s)

    def forget(self, half_life_s: float) -> None:
        """No ticket of it has come yet."""
        self.events: list[_Event] = []
        self.baseline = Baseline(half_life_s)
        self.latest_s = float("-inf")
        self.n_told = 0
        self.burst_id = ""
        self.started_s = 0.0

    def senders(self) -> int:
        """Senders within the window."""
        return len({event.sender for event in self.events})


class BurstDetector:
    """
    Groups tickets into topics as they come, and tells which of them bursts.

    A burst needs enough senders, more tickets than the topic's own history explains (of this
    hour of the day, too), and a larger share of all tickets than it had. One alert is told
    per burst, and again when it has grown by half; it ends when its topic has been silent
    for a window. Memory is bounded by topics and by what comes within a window.

    Late tickets that still belong into the window are counted in it, older ones into the
    history; a time in the future is now. A clock that was so far ahead that waiting for it
    would take longer than to warm up is believed when it goes back: what was counted until
    then is forgotten, and the stream is watched anew. For one thread.

    Args:
        settings: When many are too many.
        clock: What time it is.

    Raises:
        ConfigError: If a setting cannot work.
    """

    def __init__(
        self,
        settings: BurstSettings = BurstSettings(),  # noqa: B008 - immutable
        *,
        clock: Callable[[], datetime],
    ) -> None:
        _require(settings)
        self._settings, self._clock = settings, clock
        self._window_s = settings.window.total_seconds()
        self._half_life_s = settings.half_life.total_seconds()
        self._warm_up_s = settings.warm_up.total_seconds()
        self._topics: list[_Topic] = []
        self._centres: Float32 = np.zeros((0, 0), dtype=np.float32)
        self._first_s, self._now_s = math.inf, -math.inf
        self._n_taken = self._n_bursts = 0
        self._known: OrderedDict[str, None] = OrderedDict()
        self._begin_anew()

    @property
    def n_topics(self) -> int:
        """Topics that are kept."""
        return len(self._topics)

    def add(self, arrival: Arrival) -> Burst | None:
        """
        Take in one ticket; returns the alert that it raises or updates, if it does.

        Raises:
            ConfigError: If its vector has another length than those before.
        """
        if arrival.id in self._known:
            return None
        self._remember(arrival.id)
        clock_s = self._clock().timestamp()
        if self._now_s - clock_s > max(self._window_s, self._warm_up_s):
            self._begin_anew()
        time_s = clock_s
        if arrival.created_at is not None:
            time_s = min(arrival.created_at.timestamp(), clock_s)
        topic = self._topic_of(arrival.vector)
        self._first_s = min(self._first_s, time_s)
        self._now_s = max(self._now_s, time_s)
        if time_s <= self._now_s - self._window_s:  # so late that it is history
            topic.baseline.add(time_s)
            self._all.add(time_s)
            return None
        sender = arrival.sender or f"ticket {arrival.id}"
        self._n_taken += 1
        insort(topic.events, _Event(time_s, self._n_taken, arrival.id, sender, arrival.problem_ids))
        insort(self._recent, (time_s, self._n_taken, topic))
        topic.latest_s = max(topic.latest_s, time_s)
        self._let_go()
        return self._alert(topic)

    def _begin_anew(self) -> None:
        """Nothing has been counted; topics that are known stay what they are about."""
        self._all = Baseline(self._half_life_s)
        self._recent: list[tuple[float, int, _Topic]] = []
        self._first_s, self._now_s = math.inf, -math.inf
        for topic in self._topics:
            topic.forget(self._half_life_s)

    def _remember(self, ticket_id: str) -> None:
        self._known[ticket_id] = None
        if len(self._known) > _N_REMEMBERED:
            self._known.popitem(last=False)

    def _topic_of(self, vector: Float32) -> _Topic:
        """The topic that is nearest, or a new one."""
        if self._topics and vector.shape != self._centres.shape[1:]:
            raise ConfigError(
                f"A vector of the stream has shape {vector.shape}, those before have "
                f"{self._centres.shape[1:]}. Embed all of them with one embedder."
            )
        if self._topics:
            cosines = self._centres[: len(self._topics)] @ vector
            best = int(np.argmax(cosines))
            if cosines[best] >= self._settings.min_cosine:
                topic = self._topics[best]
                topic.n += 1
                weight = 1 / min(topic.n, _FOLLOWED)
                moved = (1 - weight) * self._centres[best] + weight * vector
                self._centres[best] = moved / max(float(np.linalg.norm(moved)), 1e-12)
                return topic
        return self._new_topic(vector)

    def _new_topic(self, vector: Float32) -> _Topic:
        if len(self._topics) >= self._settings.max_topics:
            self._forget_old_topics()
        n = len(self._topics)
        if n >= len(self._centres):
            grown = np.zeros((max(64, 2 * n), len(vector)), dtype=np.float32)
            grown[:n] = self._centres[:n] if n else grown[:0]
            self._centres = grown
        self._centres[n] = vector
        topic = _Topic(self._half_life_s)
        topic.n = 1
        self._topics.append(topic)
        return topic

    def _forget_old_topics(self) -> None:
        """The eighth with the oldest tickets, so that this is done seldom."""
        n_kept = self._settings.max_topics - max(1, self._settings.max_topics // 8)
        order = sorted(range(len(self._topics)), key=lambda at: -self._topics[at].latest_s)
        kept = sorted(order[:n_kept])
        self._centres[: len(kept)] = self._centres[kept]
        self._topics = [self._topics[at] for at in kept]

    def _let_go(self) -> None:
        """What has left the window becomes history."""
        n_gone = bisect_right(self._recent, (self._now_s - self._window_s, self._n_taken))
        for time_s, _, topic in self._recent[:n_gone]:
            topic.events.pop(0)  # both are in the order of time
            topic.baseline.add(time_s)
            self._all.add(time_s)
        del self._recent[:n_gone]

    def _alert(self, topic: _Topic) -> Burst | None:
        n = topic.senders()
        if topic.burst_id and n < self._settings.min_tickets:
            topic.burst_id, topic.n_told = "", 0
        if n < self._settings.min_tickets or n < _GROWTH * topic.n_told:
            return None
        if self._now_s - self._first_s < self._warm_up_s:
            return None
        found, expected = self._test(topic, n)
        if found < self._settings.significance and not topic.burst_id:
            return None
        return self._told(topic, n, found, expected)

    def _test(self, topic: _Topic, n: int) -> tuple[float, float]:
        """Significance by the weaker of two tests, and what was expected."""
        now_s = self._now_s
        own, at_hour = topic.baseline.count(now_s), topic.baseline.count_at(now_s)
        n_before = max(own, at_hour)
        before_s = seen_s(now_s - self._window_s - self._first_s, self._half_life_s)
        by_rate = significance(n, n_before=n_before, before_s=before_s, window_s=self._window_s)
        by_share = share_significance(
            n,
            n_others=len(self._recent) - len(topic.events),
            n_before=own,
            others_before=self._all.count(now_s) - own,
        )
        return min(by_rate, by_share), n_before * self._window_s / max(before_s, 1e-9)

    def _told(self, topic: _Topic, n: int, found: float, expected: float) -> Burst:
        is_update = bool(topic.burst_id)
        if not is_update:
            self._n_bursts += 1
            topic.burst_id = f"burst-{self._n_bursts}"
            topic.started_s = topic.events[0].time_s
        topic.n_told = n
        ids = [event.id for event in topic.events]
        linked = [each for event in topic.events for each in event.problem_ids]
        return Burst(
            id=topic.burst_id,
            n_tickets=n,
            expected=expected,
            significance=found,
            started_at=datetime.fromtimestamp(topic.started_s, UTC),
            latest_at=datetime.fromtimestamp(topic.latest_s, UTC),
            ticket_ids=tuple(ids[-_N_SHOWN:]),
            like=max(dict.fromkeys(linked), key=linked.count) if linked else None,
            like_title=None,
            is_update=is_update,
        )


def _require(settings: BurstSettings) -> None:
    for name in ("window", "half_life", "warm_up"):
        length = getattr(settings, name)
        least = timedelta(0) if name == "warm_up" else timedelta.resolution
        if not isinstance(length, timedelta) or length < least:
            raise _wrong(name, length, "give a length of time above zero, as timedelta(hours=1)")
    for name, least_n in (("min_tickets", 2), ("max_topics", 8)):
        n = getattr(settings, name)
        if not isinstance(n, int) or isinstance(n, bool) or n < least_n:
            raise _wrong(name, n, f"give a whole number, {least_n} or more")
    if not _is_number(settings.significance) or not 0 <= settings.significance < math.inf:
        raise _wrong("significance", settings.significance, "give a number, 0 or more")
    if not _is_number(settings.min_cosine) or not 0 < settings.min_cosine < 1:
        raise _wrong("min_cosine", settings.min_cosine, "give one between 0 and 1")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _wrong(name: str, value: object, advice: str) -> ConfigError:
    return ConfigError(f"{name} = {value!r:.80} makes no burst; {advice}.")
