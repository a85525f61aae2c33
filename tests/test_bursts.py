"""Bursts in a stream: what is told, how soon, and how often in error."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import timedelta

import numpy as np
import pytest

from kbsearch.duplicates.baselines import (
    Baseline,
    negative_binomial_tail,
    seen_s,
    share_significance,
    significance,
)
from kbsearch.duplicates.bursts import Arrival, BurstDetector, BurstSettings
from kbsearch.errors import ConfigError
from kbsearch.models import Burst
from tests.streams import (
    DAY,
    START,
    WEEK,
    Sent,
    by_day,
    direction,
    everyday,
    first_alerts,
    moment,
    poisson,
    replay,
)

NEW_TOPIC = 40


def nine_in_twenty_minutes(topic: int, minute: float, sender: str | None = None) -> list[Sent]:
    """The first at that minute."""
    return [Sent(minute + n * 2.5, topic, sender) for n in range(9)]


NOON = 3 * WEEK + 12 * 60


def weeks(n: float, seed: int = 0) -> list[Sent]:
    """A desk on ordinary days."""
    return everyday(np.random.default_rng(seed), weeks=n)


class TestWhatIsTold:
    """Synthetic streams, with the delay and the errors as values."""

    def test_nine_of_a_new_problem_are_told_with_the_fifth(self) -> None:
        """Ten minutes after the first of them: five senders are asked for."""
        alerts = replay([*weeks(4), *nine_in_twenty_minutes(NEW_TOPIC, NOON)])

        assert first_alerts(alerts) == [(NOON + 10.0, NEW_TOPIC)]

    def test_a_burst_is_told_once_and_again_when_it_has_grown_by_half(self) -> None:
        """By hand: 5, then 8 (7.5 are half more); 12 do not come."""
        alerts = replay([*weeks(4), *nine_in_twenty_minutes(NEW_TOPIC, NOON)])

        assert [(b.n_tickets, b.is_update, b.id) for _, b in alerts] == [
            (5, False, "burst-1"),
            (8, True, "burst-1"),
        ]

    def test_quiet_weeks_raise_no_alarm(self) -> None:
        """Forty simulated weeks of about 390 tickets, by day, of thirty topics: none."""
        alarms = [alert for seed in range(10) for alert in replay(weeks(4, seed), seed=seed)]

        assert alarms == []

    def test_a_topic_that_always_comes_often_needs_more(self) -> None:
        """It has a fifth of all tickets: nine within an hour are no burst, thirty are."""
        quiet = weeks(4)
        more = [Sent(NOON + n, 0) for n in range(30)]

        assert replay([*quiet, *nine_in_twenty_minutes(0, NOON)]) == []
        ((minute, topic),) = first_alerts(replay([*quiet, *more]))
        assert (topic, NOON < minute <= NOON + 30) == (0, True)

    def test_a_slow_drift_is_no_burst(self) -> None:
        """From one a day to one in forty minutes, over eight weeks."""
        random = np.random.default_rng(3)
        drift = [
            each
            for week in range(8)
            for each in poisson(
                random,
                NEW_TOPIC,
                per_hour=0.2 * (1 + week),
                start=week * WEEK,
                end=(week + 1) * WEEK,
                rhythm=by_day,
            )
        ]

        told = {topic for _, topic in first_alerts(replay([*weeks(8), *drift]))}

        assert len(drift) > 300
        assert NEW_TOPIC not in told

    def test_two_bursts_at_once_are_two(self) -> None:
        """Each with its own tickets."""
        both = [
            *nine_in_twenty_minutes(NEW_TOPIC, NOON),
            *nine_in_twenty_minutes(NEW_TOPIC + 1, NOON + 1),
        ]

        alerts = replay([*weeks(4), *both])

        assert first_alerts(alerts) == [(NOON + 10.0, NEW_TOPIC), (NOON + 11.0, NEW_TOPIC + 1)]

    def test_what_comes_every_morning_is_no_burst(self) -> None:
        """A dozen reports of the night's backup at eight, every day but the first is known."""
        mornings = [Sent(day * DAY + 8 * 60 + n, NEW_TOPIC) for day in range(28) for n in range(12)]

        assert replay([*weeks(4), *mornings]) == []

    def test_the_same_dozen_in_the_evening_is_one(self) -> None:
        """Control: the history is by the hour of the day."""
        mornings = [Sent(day * DAY + 8 * 60 + n, NEW_TOPIC) for day in range(28) for n in range(12)]
        evening = [Sent(3 * WEEK + 18 * 60 + n, NEW_TOPIC) for n in range(12)]

        told = first_alerts(replay([*weeks(4), *mornings, *evening]))

        assert [topic for _, topic in told] == [NEW_TOPIC]

    def test_the_rush_of_a_morning_is_no_burst(self) -> None:
        """On one day everything comes three times as often."""
        random = np.random.default_rng(5)
        day = 21 * DAY
        rush = [
            each._replace(minute=day + each.minute % DAY)
            for each in everyday(random, weeks=2 / 7, per_hour=12)
        ]

        assert replay([*weeks(4), *rush]) == []

    def test_one_sender_counts_once(self) -> None:
        """Somebody who presses the button nine times."""
        quiet = weeks(4)

        assert replay([*quiet, *nine_in_twenty_minutes(NEW_TOPIC, NOON, "mira")]) == []

    def test_nothing_is_told_before_a_day_was_watched(self) -> None:
        """What is usual is not known yet."""
        assert replay(nine_in_twenty_minutes(NEW_TOPIC, 60)) == []

    def test_a_burst_that_comes_again_is_told_again(self) -> None:
        """A week later, under another id."""
        again = [*weeks(5), *nine_in_twenty_minutes(NEW_TOPIC, NOON)]
        again += nine_in_twenty_minutes(NEW_TOPIC, NOON + WEEK)

        alerts = replay(again)

        assert [topic for _, topic in first_alerts(alerts)] == [NEW_TOPIC, NEW_TOPIC]
        assert {burst.id for _, burst in alerts} == {"burst-1", "burst-2"}


def after_a_wrong_clock(
    ahead: timedelta, later: Iterable[Sent], *, before: Iterable[Sent] = ()
) -> list[tuple[float, Burst]]:
    """The alerts of what comes after four weeks, and one ticket that a wrong clock let in."""
    random = np.random.default_rng(0)
    now = [START]
    detector = BurstDetector(clock=lambda: now[0])

    def add(each: Sent, name: str, start: float = 0.0) -> Burst | None:
        now[0] = moment(start + each.minute)
        vector = direction(each.topic, random)
        return detector.add(Arrival(f"q:{name}-{each.topic}", vector, now[0]))

    for n, each in enumerate(sorted([*weeks(4), *before])):
        add(each, f"before-{n}")
    add(Sent(4 * WEEK + ahead.total_seconds() / 60, 0), "ahead")
    told = [
        (each.minute, add(each, f"later-{n}", 4 * WEEK)) for n, each in enumerate(sorted(later))
    ]
    return [(minute, burst) for minute, burst in told if burst is not None]


class TestTime:
    """Streams are not in order, and clocks are wrong."""

    def test_tickets_of_the_window_count_in_any_order(self) -> None:
        """Imported in the reverse order, the fifth raises it as well."""
        burst = nine_in_twenty_minutes(NEW_TOPIC, NOON)
        before = [each for each in sorted(weeks(4)) if each.minute < NOON]

        alerts = replay([*before, *reversed(burst)], in_order=False)

        assert [burst.n_tickets for _, burst in alerts] == [5, 8]
        assert alerts[-1][1].latest_at == moment(NOON + 20)

    def test_late_tickets_are_history_and_no_burst(self) -> None:
        """Nine from yesterday arrive now."""
        before = [each for each in sorted(weeks(4)) if each.minute < NOON]
        late = nine_in_twenty_minutes(NEW_TOPIC, NOON - DAY)

        assert replay([*before, *late], in_order=False) == []

    @pytest.mark.parametrize("ahead", [None, timedelta(days=400)])
    def test_a_missing_or_a_future_time_is_now(self, ahead: timedelta | None) -> None:
        """A date in another year must not empty the window."""
        random = np.random.default_rng(0)
        now = [START]
        detector = BurstDetector(clock=lambda: now[0])
        for each in (each for each in sorted(weeks(4)) if each.minute < NOON):
            now[0] = moment(each.minute)
            detector.add(Arrival(f"q:{each.minute}", direction(each.topic, random), now[0]))
        now[0] = moment(NOON)
        created_at = None if ahead is None else now[0] + ahead

        alerts = [
            detector.add(Arrival(f"q:{n}", direction(NEW_TOPIC, random), created_at))
            for n in range(5)
        ]

        assert alerts[:4] == [None] * 4
        assert alerts[4] is not None
        assert alerts[4].latest_at == moment(NOON)

    def test_a_clock_that_was_years_ahead_silences_nothing_for_years(self) -> None:
        """One ticket came while it was: the stream is watched anew when it is right again."""
        later = [
            *nine_in_twenty_minutes(NEW_TOPIC, 2 * DAY + 12 * 60),
            *(each for each in sorted(weeks(1)) if each.minute < 2 * DAY + 12 * 60),
        ]

        alerts = after_a_wrong_clock(timedelta(days=900), later)

        assert first_alerts(alerts) == [(2 * DAY + 12 * 60 + 10.0, NEW_TOPIC)]

    def test_after_a_wrong_clock_nothing_is_told_before_a_day_was_watched(self) -> None:
        """What is usual is not known any more: nine of one problem may be."""
        alerts = after_a_wrong_clock(timedelta(days=900), nine_in_twenty_minutes(NEW_TOPIC, 60))

        assert alerts == []

    def test_a_clock_that_was_half_a_day_ahead_is_waited_for(self) -> None:
        """Shorter than to warm up: the history is kept, and what it explains is no burst."""
        mornings = [Sent(day * DAY + 8 * 60 + n, 0) for day in range(20) for n in range(12)]

        alerts = after_a_wrong_clock(timedelta(hours=12), mornings, before=mornings)

        assert alerts == []

    def test_the_same_ticket_again_is_passed_over(self) -> None:
        """An update is no arrival."""
        random = np.random.default_rng(0)
        detector = BurstDetector(BurstSettings(warm_up=timedelta(0)), clock=lambda: START)

        for _ in range(20):
            assert detector.add(Arrival("q:1", direction(1, random), START)) is None


class TestMemory:
    """A stream has no end."""

    def test_topics_are_bounded(self) -> None:
        """Every ticket is of a topic of its own; the newest are kept."""
        random = np.random.default_rng(0)
        detector = BurstDetector(BurstSettings(max_topics=64), clock=lambda: moment(1e6))

        for n in range(1000):
            vector = random.normal(size=64).astype(np.float32)
            vector /= np.linalg.norm(vector)
            detector.add(Arrival(f"q:{n}", vector, moment(n)))

        assert detector.n_topics <= 64

    def test_a_window_keeps_only_what_is_in_it(self) -> None:
        """After a silent day, one ticket is left."""
        random = np.random.default_rng(0)
        detector = BurstDetector(clock=lambda: moment(1e6))

        for n in range(500):
            detector.add(Arrival(f"q:{n}", direction(1, random), moment(n / 10)))
        detector.add(Arrival("q:last", direction(1, random), moment(DAY)))

        assert len(detector._recent) == 1
        assert [len(topic.events) for topic in detector._topics] == [1]

    def test_vectors_of_two_lengths_are_told(self) -> None:
        """Two embedders have no cosine."""
        detector = BurstDetector(clock=lambda: START)
        detector.add(Arrival("q:1", np.full(4, 0.5, np.float32), START))

        with pytest.raises(ConfigError, match="Embed all of them with one embedder"):
            detector.add(Arrival("q:2", np.full(9, 1 / 3, np.float32), START))

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"window": timedelta(0)}, r"window = datetime.timedelta\(0\)"),
            ({"window": 3600}, "window = 3600"),
            ({"half_life": timedelta(-1)}, "half_life"),
            ({"half_life": None}, "half_life = None"),
            ({"warm_up": timedelta(-1)}, "warm_up"),
            ({"min_tickets": 1}, "min_tickets = 1"),
            ({"min_tickets": "5"}, "min_tickets = '5'"),
            ({"min_tickets": math.nan}, "min_tickets = nan"),
            ({"min_tickets": True}, "min_tickets = True"),
            ({"significance": math.nan}, "significance = nan"),
            ({"significance": math.inf}, "significance = inf"),
            ({"significance": -1.0}, "significance = -1.0"),
            ({"significance": "six"}, "significance = 'six'"),
            ({"min_cosine": 1.0}, "min_cosine = 1.0"),
            ({"min_cosine": 0.0}, "min_cosine = 0.0"),
            ({"min_cosine": math.nan}, "min_cosine = nan"),
            ({"max_topics": 1}, "max_topics = 1"),
            ({"max_topics": 64.0}, "max_topics = 64.0"),
        ],
    )
    def test_settings_that_cannot_work_are_told(self, wrong: dict[str, object], said: str) -> None:
        """Before the first ticket."""
        with pytest.raises(ConfigError, match=said):
            BurstDetector(BurstSettings()._replace(**wrong), clock=lambda: START)  # type: ignore[arg-type]


class TestTheFormulas:
    """Values worked by hand."""

    def test_the_tail_of_a_geometric_distribution(self) -> None:
        """By hand: size 1 and odds 1/9 is geometric with 1/10: P(X ≥ 3) = 1/1000."""
        assert negative_binomial_tail(3, size=1.0, odds=1 / 9) == pytest.approx(3.0)

    def test_a_long_history_gives_poisson_s_tail(self) -> None:
        """By hand: P(X ≥ 3) at mean 0.1 is 1 - e^-0.1 (1 + 0.1 + 0.005)."""
        found = significance(3, n_before=1e6, before_s=1e7, window_s=1.0)

        chance = 1 - math.exp(-0.1) * 1.105
        assert found == pytest.approx(-math.log10(chance), rel=1e-3)

    def test_less_than_usual_is_nothing(self) -> None:
        """And no history proves nothing."""
        assert significance(3, n_before=500, before_s=100, window_s=1) == 0
        assert significance(9, n_before=0, before_s=0, window_s=1) == 0
        assert significance(0, n_before=0, before_s=10, window_s=1) == 0

    def test_as_large_a_share_as_ever_is_nothing(self) -> None:
        """By hand: ten of twenty, as it has always been; ten of ten is less likely."""
        assert share_significance(10, n_others=10, n_before=100, others_before=100) < 0.6
        assert share_significance(10, n_others=0, n_before=100, others_before=100) > 2.9

    def test_counts_fade_by_half(self) -> None:
        """By hand: two tickets, one half-life later, are one; and as many seconds were seen."""
        baseline = Baseline(100.0)
        baseline.add(0.0)
        baseline.add(0.0)

        assert baseline.count(100.0) == pytest.approx(1.0)
        assert seen_s(100.0, 100.0) == pytest.approx(50.0 / math.log(2))
        assert seen_s(1e9, 100.0) == pytest.approx(100.0 / math.log(2))

    def test_a_late_one_counts_as_if_it_had_come_in_time(self) -> None:
        """By hand: one of a half-life ago and one of now are 1.5."""
        baseline = Baseline(100.0)
        baseline.add(100.0)
        baseline.add(0.0)

        assert baseline.count(100.0) == pytest.approx(1.5)

    def test_an_hour_of_the_day_has_its_own_count(self) -> None:
        """By hand: three at eight: as many at that hour, and beside it, as 24 a day."""
        baseline = Baseline(1e12)
        for _ in range(3):
            baseline.add(8.5 * 3600)

        assert baseline.count_at(86_400 + 8 * 3600) == pytest.approx(24.0)
        assert baseline.count_at(86_400 + 9 * 3600) == pytest.approx(24.0)
        assert baseline.count_at(86_400 + 12 * 3600) == 0.0

    def test_an_empty_history_counts_nothing(self) -> None:
        """Not a number that is none."""
        assert Baseline(100.0).count(0.0) == Baseline(100.0).count_at(0.0) == 0.0
