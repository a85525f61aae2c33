"""ServiceNow: comments and work notes, and the criteria that somebody has to explain."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from kbsearch.importers.building import Imported
from kbsearch.importers.vendors.servicenow import ServiceNowImporter
from kbsearch.models import Article, ArticleStatus, Audience, AuthorRole, Ticket, TicketStatus
from tests.importers.contract import SAMPLES, ImporterContract

MAPPED = {
    "public-knowledge-bases": "0d149b90e7394297301c90191ae775f0",
    "public-criteria": "All customers",
    "harmless-criteria": "Former staff",
}


class TestServiceNow(ImporterContract):
    """The contract, over JSON with values of all shapes and over plain CSV."""

    importer = ServiceNowImporter
    cases: ClassVar = {"full": MAPPED, "plain": {}}
    markers = ("element", "workflow_state", "kb_knowledge_base", "can_read_user_criteria")


def documents(path: Path, options: dict[str, str]) -> list[Article | Ticket]:
    """Every document of an export."""
    found = ServiceNowImporter(options).read(path)
    return [item.document for item in found if isinstance(item, Imported)]


def tickets() -> dict[str, Ticket]:
    """The incidents of the full sample by their subjects."""
    found = documents(SAMPLES / "servicenow" / "full" / "export", MAPPED)
    return {each.subject: each for each in found if isinstance(each, Ticket)}


def articles(**changed: str) -> dict[str, Article]:
    """The articles of the full sample by their titles, some options being others."""
    options = MAPPED | {name.replace("_", "-"): text for name, text in changed.items()}
    found = documents(SAMPLES / "servicenow" / "full" / "export", options)
    return {each.title: each for each in found if isinstance(each, Article)}


def external(**changed: str) -> set[str]:
    """The titles of what customers may read."""
    found = articles(**changed).items()
    return {title for title, article in found if article.audience is Audience.EXTERNAL}


def test_only_comments_are_public() -> None:
    """Work notes, other elements and none are the staff's; so is a description."""
    ticket = tickets()["Who may read these?"]

    assert {m.text for m in ticket.messages if m.public} == {"A plain comment für alle."}
    assert not tickets()["Drucker im 3. Stock ist weg"].messages[0].public


def test_close_notes_are_internal_whatever_surrounds_them() -> None:
    """They are written for the report, on an incident whose comments are public."""
    resolution = tickets()["Drucker im 3. Stock ist weg"].resolution

    assert resolution is not None
    assert resolution.text.startswith("Moved the queue to server 2")
    assert not resolution.public


def test_who_writes_is_told_by_the_caller() -> None:
    """Her user name, `system`, and everybody else."""
    roles = [message.author_role for message in tickets()["Drucker im 3. Stock ist weg"].messages]

    customer, agent, system = AuthorRole.CUSTOMER, AuthorRole.AGENT, AuthorRole.SYSTEM
    assert roles == [customer, customer, agent, agent, system]


def test_values_may_be_texts_or_objects() -> None:
    """Asked for with its display values, each value is an object."""
    ticket = tickets()["Drucker im 3. Stock ist weg"]

    assert ticket.status is TicketStatus.RESOLVED
    assert ticket.product == "Printer 3-West"
    assert ticket.tags == ("Hardware", "Solved (Permanently)")
    assert ticket.n_reopenings == 2


def test_states_are_read_by_code() -> None:
    """1 new, 2 in progress, 3 on hold, 6 resolved, 7 closed, 8 canceled."""
    statuses = {subject: each.status for subject, each in tickets().items()}

    assert statuses["New one"] is TicketStatus.NEW
    assert statuses["Who may read these?"] is TicketStatus.PENDING
    assert statuses["Printer gone, too"] is TicketStatus.CLOSED
    assert statuses["Server 1 is down"] is TicketStatus.CLOSED


def test_the_parent_of_an_incident_closed_as_a_duplicate_is_its_original() -> None:
    """The parent of another one is a relative; its problem is its problem."""
    found = tickets()

    first, second, parent = (
        found[subject]
        for subject in ("Drucker im 3. Stock ist weg", "Printer gone, too", "Server 1 is down")
    )
    assert second.duplicate_ids == (first.id,)
    assert second.related_ids == ()
    assert first.related_ids == (parent.id,)
    assert len(first.problem_ids) == 1


def test_a_link_in_a_comment_names_the_article_by_its_number() -> None:
    """Articles are known by sys_id; people write numbers."""
    ticket, article = tickets()["Drucker im 3. Stock ist weg"], articles()["Where is my printer?"]

    assert ticket.article_ids == (article.id,)


def test_an_article_is_public_if_all_that_is_said_of_it_is_mapped() -> None:
    """Of twenty, five: by hand from the sample."""
    assert external() == {
        "Where is my printer?",
        "Onde está a impressora?",
        "For all customers",
        "Barred for former staff",
    }


def test_nothing_is_public_unless_it_is_mapped() -> None:
    """ServiceNow does not say which of its criteria mean everybody."""
    assert external(public_knowledge_bases="") == set()
    assert external(public_knowledge_bases="it help, IT") == set()


def test_a_base_may_be_mapped_by_its_title_where_the_export_shows_it() -> None:
    """Only article 2 shows the title beside the id."""
    assert external(public_knowledge_bases="Staff only, IT Help") == {
        "Onde está a impressora?",
        "In a base that is not mapped",
    }


def test_who_is_barred_outweighs_who_may_read() -> None:
    """Competitors are barred from what all customers may read; nobody called that harmless."""
    assert "Barred for former staff and others" not in external(harmless_criteria="Former staff")
    assert "Barred for former staff" not in external(harmless_criteria="")
    assert "Barred for former staff and others" in external(
        harmless_criteria="Competitors,Former staff"
    )


def test_the_date_until_which_an_article_is_valid_is_kept() -> None:
    """An export is read once, and the date passes later."""
    article = articles()["Onde está a impressora?"]

    assert article.valid_until == datetime(2024, 12, 31, tzinfo=UTC)
    assert article.language == "pt-BR"


def test_drafts_and_retired_articles_are_kept_for_the_staff() -> None:
    """With the status that says so."""
    found = articles()

    assert found["Draft"].status is found["In review"].status is ArticleStatus.DRAFT
    assert found["Retired"].status is found["An older version"].status is ArticleStatus.ARCHIVED


def test_an_answer_of_the_table_api_is_read_as_it_is_saved(tmp_path: Path) -> None:
    """Its rows are the list `result`; older exports call it `records`."""
    row = {"sys_id": "a1", "number": "INC1", "short_description": "Wi-Fi", "state": "1"}
    for wrapper in ("result", "records"):
        path = tmp_path / wrapper / "incident.json"
        path.parent.mkdir()
        path.write_text(json.dumps({wrapper: [row]}), encoding="utf-8")

        found = documents(path.parent, {})

        assert [each.id for each in found] == ["servicenow:a1"]
