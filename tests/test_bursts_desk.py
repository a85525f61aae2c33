"""Bursts on a desk: its past is replayed, new tickets are taken in, the likeness is named."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kbsearch import KnowledgeBase, Ticket
from kbsearch.duplicates.bursts import BurstSettings
from kbsearch.models import Document, Person
from tests.builders import resolved_ticket, ticket
from tests.cli_runner import make_desk, run, run_json
from tests.library import EXTERNAL, INTERNAL
from tests.test_duplicates import NOON, after

OUTAGE = "Sign-in page shows error 0x80072EE2 after the password"
SETTINGS = BurstSettings(min_cosine=0.5)


def outage(n: int, *, days: float = 7, prefix: str = "o", **fields: Any) -> list[Ticket]:
    """Tickets of one outage, two minutes apart."""
    return [
        ticket(f"{prefix}{i}", OUTAGE, created_at=after(days + i / 720), **fields) for i in range(n)
    ]


_EVERYDAY = (
    "Fax number of the cellar is always engaged",
    "Badge does not open the garage any more",
    "Please raise the height of my desk",
    "An invoice was charged twice in March",
)
PAST: list[Document] = [
    *(ticket(f"e{n}", _EVERYDAY[n % 4], created_at=after(n / 10)) for n in range(80)),
    resolved_ticket("known", OUTAGE, "Clear the cookies", created_at=after(1)),
]


class TestADesk:
    """The tickets that stand, and those that come."""

    def test_a_burst_names_the_resolved_ticket_that_it_looks_like(
        self, desk: KnowledgeBase
    ) -> None:
        """What fixed it the last time is where to look first."""
        desk.upsert([*PAST, *outage(9)])

        (found,) = desk.bursts(audience=INTERNAL, settings=SETTINGS, clock=lambda: after(8)).since(
            after(7)
        )

        assert found.like == "desk:known"
        assert found.n_tickets == 8
        assert found.ticket_ids == tuple(f"desk:o{n}" for n in range(8))
        assert found.started_at == after(7)

    def test_a_linked_problem_goes_before_likeness(self, desk: KnowledgeBase) -> None:
        """Somebody has said what it is; a title if it stands here."""
        problem = ticket("inc42", "Directory server is down", created_at=after(7))
        linked = outage(9, problem_ids=("desk:inc42",))
        desk.upsert([*PAST, problem, *linked])

        (found,) = desk.bursts(audience=INTERNAL, settings=SETTINGS, clock=lambda: after(8)).since(
            after(7)
        )

        assert (found.like, found.like_title) == ("desk:inc42", problem.subject)

    def test_new_tickets_are_taken_in_before_they_are_stored(self, desk: KnowledgeBase) -> None:
        """The fifth raises the alert, the eighth updates it."""
        desk.upsert(PAST)
        watch = desk.bursts(audience=INTERNAL, settings=SETTINGS, clock=lambda: after(8))

        alerts = [watch.add(each) for each in outage(9, days=7.95)]

        assert [each.n_tickets for each in alerts if each] == [5, 8]
        assert [n for n, each in enumerate(alerts) if each] == [4, 7]
        assert {each.like for each in alerts if each} == {"desk:known"}

    def test_one_sender_counts_once(self, desk: KnowledgeBase) -> None:
        """By the requester, who is the first that a ticket names."""
        desk.upsert([*PAST, *outage(9, people=(Person(email="mira@brightwater.example"),))])

        watch = desk.bursts(audience=INTERNAL, settings=SETTINGS, clock=lambda: after(8))

        assert watch.since(NOON) == []

    def test_tickets_after_now_are_left_out(self, desk: KnowledgeBase) -> None:
        """A look back sees what was known then."""
        desk.upsert([*PAST, *outage(9)])

        watch = desk.bursts(audience=INTERNAL, settings=SETTINGS, clock=lambda: after(6))

        assert watch.since(NOON) == []

    def test_what_is_over_is_not_told_of_a_later_day(self, desk: KnowledgeBase) -> None:
        """`since` looks at the newest ticket."""
        desk.upsert([*PAST, *outage(9)])

        watch = desk.bursts(audience=INTERNAL, settings=SETTINGS, clock=lambda: after(30))

        assert len(watch.since(after(7))) == 1
        assert watch.since(after(8)) == []

    def test_customers_and_groups_see_bursts_of_their_own_tickets(
        self, desk: KnowledgeBase
    ) -> None:
        """Nine tickets of a group are no burst for anybody else."""
        desk.upsert([*PAST, *outage(9, groups=("hr",))])

        def told(audience: str, *groups: str) -> int:
            watch = desk.bursts(
                audience=audience, groups=groups, settings=SETTINGS, clock=lambda: after(8)
            )
            return len(watch.since(NOON))

        assert told(EXTERNAL) == told(INTERNAL) == 0
        assert told(INTERNAL, "hr") == 1

    def test_an_empty_desk_has_no_bursts(self, desk: KnowledgeBase) -> None:
        """And its first ticket is none."""
        watch = desk.bursts(audience=INTERNAL)

        assert watch.since(NOON) == []
        assert watch.add(outage(1)[0]) is None


class TestTheCommand:
    """For a glance, or every few minutes by a timer."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        """A desk in the outage."""
        return make_desk(tmp_path / "a.kb", *PAST, *outage(9))

    def test_tells_what_bursts_and_what_it_looks_like(self, path: Path) -> None:
        """In a sentence each."""
        now = (after(7) + timedelta(hours=1)).isoformat()

        result = run("bursts", "-d", path, "-a", "internal", "--now", now)

        assert result.exit_code == 0
        assert "8 tickets in 14 minutes look like desk:known" in result.stdout
        assert "since 2026-03-09 12:00 UTC" in result.stdout

    def test_json_holds_all_of_it(self, path: Path) -> None:
        """Those since a date."""
        answer = run_json(
            "bursts", "-d", path, "-a", "internal", "--since", "2026-03-09", "--now", "2026-04-01"
        )

        (burst,) = answer["bursts"]
        assert burst["n_tickets"] == 8
        assert burst["like"] == "desk:known"

    def test_a_quiet_day_says_so(self, path: Path) -> None:
        """A sentence, and no error."""
        result = run("bursts", "-d", path, "-a", "internal", "--now", "2026-06-01")

        assert result.exit_code == 0
        assert "No problem comes more often than it used to." in result.stdout

    @pytest.mark.parametrize("wrong", [("--window", "0"), ("--at-least", "1"), ("--now", "soon")])
    def test_wrong_use_is_told(self, path: Path, wrong: tuple[str, str]) -> None:
        """Before anything is read."""
        assert run("bursts", "-d", path, "-a", "internal", *wrong).exit_code == 2
