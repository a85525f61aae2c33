"""An adapted model is measured on what stood on the desk when a question was asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from kbsearch import Article, Audience, Ticket
from kbsearch.evaluation import Question
from kbsearch.models import Document
from kbsearch.store import to_us
from kbsearch.training import Asked
from tests.builders import ticket as make_ticket

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def at(year: int) -> datetime:
    return datetime(year, 6, 1, tzinfo=UTC)


def ticket(document_id: str, year: int | None) -> Ticket:
    created_at = None if year is None else at(year)
    return make_ticket(document_id, "The fan is loud.", created_at=created_at)


def asked_of(documents: Mapping[str, Document]) -> Asked:
    """A desk that holds these; nothing else of it is looked at here."""
    nothing: Any = None
    return Asked(
        audience=Audience.INTERNAL,
        readers={},
        records={},
        embedder=nothing,
        fingerprint=nothing,
        ranking=nothing,
        maker=nothing,
        document=documents.get,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("question", "moment"),
    [
        (Question(id="q", ticket_id="t:1"), at(2024)),
        (Question(id="q", ticket_id="t:1", asked_at=at(2023)), at(2023)),
        (Question(id="q", text="The fan is loud.", asked_at=at(2022)), at(2022)),
        (Question(id="q", text="The fan is loud."), NOW),
        (Question(id="q", ticket_id="t:2"), NOW),
        (Question(id="q", ticket_id="t:9"), NOW),
    ],
)
def test_a_question_has_a_day(question: Question, moment: datetime) -> None:
    """What it says, or its ticket's; today where nobody knows."""
    asked = asked_of({"t:1": ticket("t:1", 2024), "t:2": ticket("t:2", None)})

    assert asked.asked_us(question) == to_us(moment)


def test_what_came_later_is_no_answer() -> None:
    """A duplicate that was reported afterwards could not have been found; nor one that has gone."""
    documents: dict[str, Document] = {
        "t:earlier": ticket("t:earlier", 2023),
        "t:that-day": ticket("t:that-day", 2024),
        "t:later": ticket("t:later", 2025),
        "t:undated": Article(
            id="t:undated", title="Fans", body="Clean them.", audience=Audience.INTERNAL
        ),
    }
    asked_us = to_us(at(2024)) or 0

    known = asked_of(documents).known_then(
        {"t:earlier": 2, "t:that-day": 1, "t:later": 3, "t:undated": 1, "t:gone": 1}, asked_us
    )

    assert known == {"t:earlier": 2, "t:undated": 1}
