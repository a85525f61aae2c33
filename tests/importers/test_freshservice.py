"""Freshservice: codes of its own, resolution notes, problems."""

from __future__ import annotations

import pytest

from kbsearch.importers.building import Imported
from kbsearch.importers.vendors.freshservice import FreshserviceImporter
from kbsearch.models import Article, Audience, AuthorRole, Ticket, TicketStatus
from tests.importers.contract import SAMPLES, ImporterContract

SAMPLE = SAMPLES / "freshservice/full/export"


class TestFreshservice(ImporterContract):
    """The contract of importers, for Freshservice."""

    importer = FreshserviceImporter
    markers = ("private", "source", "spam", "deleted", "status", "visibility")


def article(number: int, **options: str) -> Article:
    given = {name.replace("_", "-"): value for name, value in options.items()}
    found = imported_by_id(given)[f"freshservice:article-{number}"].document
    assert isinstance(found, Article)
    return found


def ticket(number: int | str) -> Ticket:
    found = imported_by_id({})[f"freshservice:{number}"].document
    assert isinstance(found, Ticket)
    return found


def imported_by_id(options: dict[str, str]) -> dict[str, Imported]:
    items = FreshserviceImporter(options).read(SAMPLE)
    return {item.document.id: item for item in items if isinstance(item, Imported)}


def test_only_a_published_article_in_a_folder_for_all_is_external() -> None:
    """Visibility 1; 2 asks for an account, 3 to 6 are agents, departments and groups."""
    numbers = range(11, 21)

    external = [n for n in numbers if article(n).audience is Audience.EXTERNAL]

    assert external == [11]


def test_logged_in_users_open_code_2_alone() -> None:
    """Codes 4 and 6 are for some logged-in users, and 7 is Freshdesk's, not Freshservice's."""
    numbers = range(11, 21)

    external = [
        n for n in numbers if article(n, logged_in_users="external").audience is Audience.EXTERNAL
    ]

    assert external == [11, 13]


def test_resolution_notes_are_private_in_a_ticket_that_its_asker_may_read() -> None:
    """They are the agents' own, like ServiceNow's close notes."""
    found = ticket(11)

    assert found.messages[0].public
    assert found.resolution is not None
    assert found.resolution.text == "<p>Renewed the lease of <b>gw-3</b>.</p>"
    assert not found.resolution.public


def test_status_lines_meta_and_forwarded_mail_are_private() -> None:
    """Sources 3, 4 and 6; 0, 1, 2 and 5 follow `private`; 8 is none that is known."""
    public = [message.id for message in ticket(11).messages if message.public]

    assert public == ["description", "1", "6", "7"]


def test_a_problem_is_named_by_its_incidents_and_kept_for_agents() -> None:
    """Known errors help the staff to find what is behind an incident."""
    problem = ticket("problem-3")

    assert ticket(11).problem_ids == (problem.id,)
    assert problem.tags == ("known error",)
    assert problem.status is TicketStatus.CLOSED
    assert [message.id for message in problem.messages] == [
        "description",
        "problem_cause",
        "problem_symptom",
    ]
    assert not any(message.public for message in problem.messages)


def test_related_tickets_are_the_parent_and_the_children() -> None:
    """As `include=related_tickets` writes them."""
    assert ticket(11).related_ids == ("freshservice:12", "freshservice:13")


@pytest.mark.parametrize(("number", "role"), [(13, AuthorRole.SYSTEM), (14, AuthorRole.CUSTOMER)])
def test_monitoring_is_no_customer(number: int, role: AuthorRole) -> None:
    """Source 7 is AWS CloudWatch; an unknown source may be anybody, and stays private."""
    description = ticket(number).messages[0]

    assert description.author_role is role
    assert description.public is (number == 13)
