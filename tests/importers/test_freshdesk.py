"""Freshdesk: codes of folders and conversations, spam, trackers, ratings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kbsearch.errors import ConfigError
from kbsearch.importers.building import Imported
from kbsearch.importers.places import Skipped
from kbsearch.importers.vendors.freshdesk import FreshdeskImporter
from kbsearch.models import Article, Audience, Satisfaction, Ticket
from tests.importers.contract import SAMPLES, ImporterContract

SAMPLE = SAMPLES / "freshdesk/full/export"


class TestFreshdesk(ImporterContract):
    """The contract of importers, for Freshdesk."""

    importer = FreshdeskImporter
    markers = ("private", "source", "spam", "deleted", "status", "visibility")


def imported_by_id(path: Path, options: dict[str, str] | None = None) -> dict[str, Imported]:
    items = FreshdeskImporter(options).read(path)
    return {item.document.id: item for item in items if isinstance(item, Imported)}


def article(number: int, options: dict[str, str] | None = None) -> Article:
    found = imported_by_id(SAMPLE, options)[f"freshdesk:article-{number}"].document
    assert isinstance(found, Article)
    return found


def ticket(number: int, path: Path = SAMPLE) -> Ticket:
    found = imported_by_id(path)[f"freshdesk:{number}"].document
    assert isinstance(found, Ticket)
    return found


@pytest.mark.parametrize("number", [601, 615])
def test_a_published_article_in_a_folder_for_all_is_external(number: int) -> None:
    """Visibility 1 is for all users, written as a number or as text."""
    assert article(number).audience is Audience.EXTERNAL


@pytest.mark.parametrize(
    "number", [602, 604, 605, 606, 607, 608, 609, 610, 611, 612, 613, 614, 616]
)
def test_drafts_and_other_folders_are_internal_whatever_logged_in_users_are(number: int) -> None:
    """Agents, companies, bots, segments, unknown and missing codes, lost and closed parents."""
    for chosen in ("internal", "external"):
        assert article(number, {"logged-in-users": chosen}).audience is Audience.INTERNAL


def test_a_folder_for_logged_in_users_is_external_only_if_a_person_says_so() -> None:
    """Some desks give an account to every customer, some to colleagues only."""
    assert article(603).audience is Audience.INTERNAL
    assert article(603, {"logged-in-users": "external"}).audience is Audience.EXTERNAL


def test_another_value_of_the_option_is_refused() -> None:
    """A misspelt audience must not fall back to one in silence."""
    importer = FreshdeskImporter({"logged-in-users": "customers"})

    with pytest.raises(ConfigError, match="must be internal or external"):
        list(importer.read(SAMPLE))


def test_a_forwarded_part_is_private_though_it_is_not_marked_so() -> None:
    """It went to a third party, and the asker never saw it."""
    public = {message.id: message.public for message in ticket(501).messages}

    assert public == {
        "description": True,
        "8001": False,
        "8002": True,
        "8003": True,
        "8004": False,
    }


def test_a_part_is_public_only_by_an_exact_marker() -> None:
    """False, also as text; nothing in another case, without a marker, from an unknown source."""
    public = {message.id: message.public for message in ticket(502).messages}

    assert public == {
        "description": True,
        "8005": True,
        "8006": False,
        "8007": False,
        "8008": False,
        "8009": False,
    }


def test_an_unknown_spam_flag_closes_the_whole_ticket() -> None:
    """Nobody knows what it says, so nobody outside may read."""
    assert not any(message.public for message in ticket(506).messages)


def test_spam_and_deleted_tickets_name_the_document_that_is_to_go() -> None:
    """An earlier export may have held the ticket before somebody threw it away."""
    gone = [
        item.document_id for item in FreshdeskImporter().read(SAMPLE) if isinstance(item, Skipped)
    ]

    assert gone == ["freshdesk:504", "freshdesk:505"]


def test_an_incident_names_its_tracker_and_a_tracker_its_incidents() -> None:
    """Association 4 is related to a tracker, 3 is one."""
    assert ticket(501).problem_ids == ("freshdesk:503",)
    assert ticket(503).related_ids == ("freshdesk:501", "freshdesk:506")
    assert ticket(503).problem_ids == ()


def test_the_last_rating_counts_and_a_neutral_one_is_none() -> None:
    """By hand: -101 and then 103 are good; 100 says neither."""
    assert ticket(501).satisfaction is Satisfaction.GOOD
    assert ticket(502).satisfaction is None


def test_parts_that_stand_in_the_ticket_and_in_a_table_are_taken_once(tmp_path: Path) -> None:
    """Exports of single tickets hold their conversations, which a table may repeat."""
    part: dict[str, Any] = {"id": 2, "ticket_id": 1, "body_text": "Hello.", "private": False}
    tickets = [{"id": 1, "subject": "s", "conversations": [part]}]
    (tmp_path / "tickets.json").write_text(json.dumps(tickets), encoding="utf-8")
    (tmp_path / "conversations.json").write_text(json.dumps([part]), encoding="utf-8")

    items = list(FreshdeskImporter().read(tmp_path))

    assert len(items) == 1
    assert [message.text for message in ticket(1, tmp_path).messages] == ["Hello."]
