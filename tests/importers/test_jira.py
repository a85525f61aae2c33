"""Jira: a comment is public only in a service desk, and only if nothing says otherwise."""

from __future__ import annotations

from typing import ClassVar

from kbsearch.importers.building import Imported
from kbsearch.importers.vendors.jira import JiraImporter
from kbsearch.models import AuthorRole, Satisfaction, Ticket, TicketStatus
from tests.importers.contract import SAMPLES, ImporterContract


class TestJira(ImporterContract):
    """The contract, over a search result and over one issue on each line."""

    importer = JiraImporter
    cases: ClassVar = {"full": {}, "lines": {}}
    markers = ("jsdPublic", "public", "properties", "projectTypeKey")


def tickets(**options: str) -> dict[str, Ticket]:
    """The issues of the search result by their ids."""
    importer = JiraImporter({name.replace("_", "-"): text for name, text in options.items()})
    found = importer.read(SAMPLES / "jira" / "full" / "export.json")
    documents = (item.document for item in found if isinstance(item, Imported))
    return {each.id: each for each in documents if isinstance(each, Ticket)}


def public_ids(ticket: Ticket) -> set[str | None]:
    """The ids of its public messages."""
    return {message.id for message in ticket.messages if message.public}


def test_only_what_all_markers_of_a_comment_call_public_is_public() -> None:
    """Of twelve comments, 207 by its property, 209 and 211 by their flags."""
    ticket = tickets()["jira:IT-2"]

    assert public_ids(ticket) == {"description", "207", "209", "211"}


def test_without_a_service_desk_nothing_is_public() -> None:
    """`jsdPublic` is true by default in software projects, too."""
    found = tickets()

    assert public_ids(found["jira:DEV-4"]) == set()
    assert public_ids(found["jira:OPS-5"]) == set()


def test_a_project_may_be_declared_a_service_desk() -> None:
    """Many exports leave the project's type out; where it is there, it still counts."""
    found = tickets(service_desk_projects="OPS, DEV")

    assert public_ids(found["jira:OPS-5"]) == {"description", "501"}
    assert public_ids(found["jira:DEV-4"]) == set()
    assert public_ids(found["jira:IT-1"]) == {"description", "101", "103", "104", "105"}


def test_a_declared_key_is_matched_as_a_whole() -> None:
    """`OPS` is not meant by `OP`, `ops` or a blank."""
    for declared in ("OP", "ops", "", " ,", "OPS-5"):
        assert public_ids(tickets(service_desk_projects=declared)["jira:OPS-5"]) == set()


def test_an_issue_with_a_security_level_has_no_public_part() -> None:
    """Such a level hides the issue from most of its project."""
    ticket = tickets(service_desk_projects="IT")["jira:IT-3"]

    assert public_ids(ticket) == set()
    assert len(ticket.messages) == 2


def test_documents_in_atlassians_format_are_read_as_text() -> None:
    """Lists, code and links; a text is left as it came."""
    ticket = tickets()["jira:IT-1"]

    texts = {message.id: message.text for message in ticket.messages}
    assert texts["description"] == (
        "Seit heute bricht das VPN nach 5 Minuten ab.\n\nping vpn.desk.example\n  timeout"
    )
    assert texts["104"] == (
        "1. Close the client.\n2. Install\nversion 5.4 (https://desk.example/vpn)"
    )
    assert texts["103"] == "5.2, on *Windows*."


def test_who_writes_is_told_by_account_and_reporter() -> None:
    """Of two agents' accounts one is an app's."""
    roles = [message.author_role for message in tickets()["jira:IT-1"].messages]

    customer, agent, bot = AuthorRole.CUSTOMER, AuthorRole.AGENT, AuthorRole.BOT
    assert roles == [customer, agent, agent, customer, agent, bot]


def test_links_tell_duplicates_problems_and_relatives_apart() -> None:
    """An incident is caused by its problem (inward), and may cause another (outward)."""
    ticket = tickets()["jira:IT-1"]

    assert ticket.duplicate_ids == ("jira:IT-2",)
    assert ticket.problem_ids == ("jira:IT-50",)
    assert ticket.related_ids == ("jira:IT-3", "jira:IT-51")


def test_the_one_relative_of_a_duplicate_is_its_original() -> None:
    """People set the resolution and forget the type of the link."""
    ticket = tickets()["jira:IT-6"]

    assert ticket.duplicate_ids == ("jira:IT-1",)
    assert ticket.related_ids == ()


def test_the_category_of_a_status_decides_whatever_its_name() -> None:
    """A wish that was turned down is closed; a customer who is waited for is pending."""
    statuses = {key.removeprefix("jira:"): each.status for key, each in tickets().items()}

    assert statuses["IT-1"] is TicketStatus.RESOLVED
    assert statuses["IT-2"] is TicketStatus.PENDING
    assert statuses["IT-3"] is TicketStatus.OPEN
    assert statuses["DEV-4"] is TicketStatus.CLOSED
    assert statuses["OPS-5"] is TicketStatus.NEW


def test_reopenings_are_counted_where_the_history_is_there() -> None:
    """A resolution was taken back once; an empty history says never; none says nothing."""
    found = tickets()

    assert found["jira:IT-1"].n_reopenings == 1
    assert found["jira:IT-6"].n_reopenings == 0
    assert found["jira:IT-2"].n_reopenings is None


def test_ratings_are_read_as_good_or_bad() -> None:
    """Five of five is good, one is bad."""
    found = tickets()

    assert found["jira:IT-1"].satisfaction is Satisfaction.GOOD
    assert found["jira:IT-2"].satisfaction is Satisfaction.BAD


def test_files_that_agents_attached_are_not_named() -> None:
    """One of them may belong to an internal comment; Jira does not say to which."""
    description = tickets()["jira:IT-1"].messages[0]

    assert description.attachments == ("vpn.log",)
