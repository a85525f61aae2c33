"""How a ticket went, as it was known at each moment of its life."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kbsearch import Ticket
from kbsearch.evaluation.cases import Case
from kbsearch.evaluation.labels import Question
from kbsearch.evaluation.versions import NEVER_US, versions_of
from kbsearch.models import Satisfaction
from kbsearch.store import to_us
from tests.builders import resolved_ticket
from tests.pasts import history_of

PROBLEM = "The badge reader beeps twice"
OPENED = datetime(2024, 5, 1, tzinfo=UTC)
RESOLVED = OPENED + timedelta(days=1)
CHANGED = OPENED + timedelta(days=9)


def reader(**fields: Any) -> Ticket:
    """Opened, resolved the next day, changed for the last time a week later."""
    times = {"created_at": OPENED, "resolved_at": RESOLVED, "updated_at": CHANGED}
    return resolved_ticket("1", PROBLEM, "Change the battery.", **{**times, **fields})


def outcomes(ticket: Ticket) -> list[tuple[int, bool]]:
    """From when on each version stands, and whether its outcome is bad."""
    versions = versions_of(ticket)
    return [(one.from_us, one.face.has_bad_outcome) for one in versions]  # type: ignore[union-attr]


def days(*moments: datetime) -> list[int]:
    """Microseconds since 1970 UTC."""
    return [us for us in map(to_us, moments) if us is not None]


@pytest.mark.parametrize("what", [{"n_reopenings": 1}, {"satisfaction": Satisfaction.BAD}])
def test_a_bad_outcome_is_known_from_the_last_change_on(what: dict[str, Any]) -> None:
    """No export says when; the ticket was as it is by its last change, and not before."""
    opened, resolved, changed = days(OPENED, RESOLVED, CHANGED)

    found = outcomes(reader(**what))

    assert found == [(opened, False), (resolved, False), (changed, True)]


def test_without_the_time_of_a_last_change_it_is_known_today_alone() -> None:
    """No question with a date sees it."""
    opened, resolved = days(OPENED, RESOLVED)

    found = outcomes(reader(n_reopenings=1, updated_at=None))

    assert found == [(opened, False), (resolved, False), (NEVER_US, True)]


def test_a_follow_up_is_known_today_alone() -> None:
    """It is another ticket, which came after the last change of this one, nobody knows when."""
    opened, resolved, changed = days(OPENED, RESOLVED, CHANGED)

    found = outcomes(reader(n_reopenings=1, followup_ids=("desk:2",)))

    assert found == [(opened, False), (resolved, False), (changed, True), (NEVER_US, True)]


def test_a_ticket_that_was_never_reopened_makes_no_version_of_its_own() -> None:
    """Most tickets: what it says of reopenings is as true at its beginning."""
    found = outcomes(reader(n_reopenings=0, updated_at=RESOLVED))

    assert found == [(us, False) for us in days(OPENED, RESOLVED)]


def asked(at: datetime | None) -> Case:
    """A question put to a desk with one reopened ticket that answers it."""
    history = history_of([reader(n_reopenings=1)])
    case = history.case(Question(id="q", text=PROBLEM, asked_at=at), {"desk:1": 1})
    assert isinstance(case, Case)
    return case


@pytest.mark.parametrize(
    ("at", "is_open", "is_bad"),
    [
        (OPENED + timedelta(hours=1), True, False),
        (RESOLVED + timedelta(hours=1), False, False),
        (CHANGED + timedelta(hours=1), False, True),
        (None, False, True),
    ],
    ids=["open", "resolved", "reopened", "today"],
)
def test_a_case_tells_what_was_known_when_it_was_asked(
    at: datetime | None, is_open: bool, is_bad: bool
) -> None:
    """So a replay lowers a ticket no earlier than the desk would have."""
    case = asked(at)

    assert case.is_open_ticket.tolist() == [is_open]
    assert case.has_bad_outcome.tolist() == [is_bad]
    assert case.circumstances.has_bad_outcome.tolist() == [is_bad]
