"""Chatwoot: what message types, the private flag and the status of articles say."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest

from kbsearch.importers.building import Imported
from kbsearch.importers.places import Skipped
from kbsearch.importers.vendors.chatwoot import ChatwootImporter
from kbsearch.models import Article, ArticleStatus, Audience, AuthorRole, Satisfaction, Ticket
from kbsearch.testing.contracts.importer import without_fields
from tests.importers.contract import SAMPLES, ImporterContract

FULL, API = (SAMPLES / "chatwoot" / case / "export" for case in ("full", "api"))


class TestChatwoot(ImporterContract):
    """The contract, over tables and over replies of the API."""

    importer = ChatwootImporter
    cases: ClassVar = {"full": {}, "api": {}}
    markers = ("private", "message_type", "status")


def documents(export: Path) -> dict[str, Article | Ticket]:
    """The documents of an export by their ids, without `chatwoot:`."""
    items = ChatwootImporter().read(export)
    found = (item.document for item in items if isinstance(item, Imported))
    return {each.id.removeprefix("chatwoot:"): each for each in found}


def ticket(export: Path, number: int) -> Ticket:
    """One of its conversations."""
    found = documents(export)[str(number)]
    assert isinstance(found, Ticket)
    return found


def public_ids(export: Path) -> set[str | None]:
    """The ids of the messages that their askers may read."""
    tickets = (each for each in documents(export).values() if isinstance(each, Ticket))
    return {m.id for each in tickets for m in each.messages if m.public}


def external(export: Path) -> set[str]:
    """The articles that customers may read."""
    articles = {k: a for k, a in documents(export).items() if isinstance(a, Article)}
    return {key for key, each in articles.items() if each.audience is Audience.EXTERNAL}


def test_a_message_is_public_if_it_came_in_or_went_out_and_is_not_private() -> None:
    """Of the six odd ones of conversation 2 only 206 says both."""
    assert public_ids(FULL) == {"101", "105", "107", "206"}
    assert public_ids(API) == {"801", "803"}


@pytest.mark.parametrize("marker", ["private", "message_type"])
def test_each_of_the_two_markers_alone_closes_a_message(tmp_path: Path, marker: str) -> None:
    """A private note is an outgoing message by its type."""
    without_fields(FULL, tmp_path, frozenset({marker}))

    assert not public_ids(tmp_path)


def test_activities_templates_and_deleted_messages_are_left_out() -> None:
    """103 and 106 were written by Chatwoot; of 104 only a line is left that says so."""
    found = ticket(FULL, 1)

    assert [m.id for m in found.messages] == ["101", "107", "102", "105"]  # by time


def test_a_bot_is_no_agent() -> None:
    """What it says goes to the customer, but it is not the desk's solution."""
    found = ticket(FULL, 1)

    assert [m.author_role for m in found.messages if m.id == "107"] == [AuthorRole.BOT]


def test_a_conversation_in_which_nobody_wrote_is_skipped() -> None:
    """Chats have no subject; one that was opened and closed again has nothing to find."""
    skipped = [item for item in ChatwootImporter().read(FULL) if isinstance(item, Skipped)]

    assert [item.document_id for item in skipped] == ["chatwoot:3"]


def test_the_subject_is_that_of_the_mail() -> None:
    """Chats have none."""
    assert ticket(FULL, 1).subject == "Box arrived open"
    assert ticket(FULL, 2).subject == ""


def test_an_article_is_public_if_it_is_published_and_its_portal_is_live() -> None:
    """Of eleven, two: 61 (as a number) and 62 (as text)."""
    assert external(FULL) == {"article-61", "article-62"}


def test_without_any_portal_in_the_export_the_status_of_an_article_decides() -> None:
    """Replies of the API may leave the portal out; 93 brings one, and it is archived."""
    assert external(API) == {"article-91"}


def test_drafts_and_archived_articles_keep_their_status() -> None:
    """The staff may need them."""
    found = documents(FULL)
    statuses = {k: a.status for k, a in found.items() if isinstance(a, Article)}

    assert statuses["article-63"] is ArticleStatus.DRAFT
    assert statuses["article-64"] is ArticleStatus.ARCHIVED


def test_canned_responses_are_for_agents() -> None:
    """They are raw material: the customer gets what an agent makes of them."""
    canned = documents(FULL)["article-canned-1"]

    assert isinstance(canned, Article)
    assert canned.audience is Audience.INTERNAL


def test_a_link_to_an_article_is_resolved_by_its_slug() -> None:
    """The address of an article does not hold its number."""
    assert ticket(FULL, 1).article_ids == ("chatwoot:article-61",)


@pytest.mark.parametrize(
    ("export", "number", "said"), [(FULL, 1, Satisfaction.GOOD), (API, 81, Satisfaction.BAD)]
)
def test_the_survey_gives_one_to_five(export: Path, number: int, said: Satisfaction) -> None:
    """Four and five are good, one and two are bad; three says nothing."""
    assert ticket(export, number).satisfaction is said
