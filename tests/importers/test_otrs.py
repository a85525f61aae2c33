"""OTRS and its heirs: visibility of articles, states and fields of FAQ items."""

from __future__ import annotations

from typing import ClassVar

import pytest

from kbsearch.errors import ConfigError
from kbsearch.importers.building import Imported
from kbsearch.importers.vendors.otrs import OtrsImporter
from kbsearch.models import Article, ArticleStatus, Audience, AuthorRole, Ticket
from tests.importers.contract import SAMPLES, ImporterContract


class TestOtrs(ImporterContract):
    """The contract, over what the generic interface gives and over tables."""

    importer = OtrsImporter
    cases: ClassVar = {"full": {}, "tables": {}}
    markers = (
        *("IsVisibleForCustomer", "is_visible_for_customer"),
        *("StateTypeName", "State", "state_id", "Approved", "approved", "ValidID", "valid_id"),
    )


def tickets(case: str) -> dict[str, Ticket]:
    """The tickets of a sample by their ids."""
    return {each.id: each for each in documents(case) if isinstance(each, Ticket)}


def articles(case: str, **options: str) -> dict[str, Article]:
    """The FAQ items and notes of a sample by their ids."""
    return {each.id: each for each in documents(case, **options) if isinstance(each, Article)}


def documents(case: str, **options: str) -> list[Article | Ticket]:
    (export,) = (SAMPLES / "otrs" / case).glob("export*")
    found = OtrsImporter({name.replace("_", "-"): text for name, text in options.items()})
    return [item.document for item in found.read(export) if isinstance(item, Imported)]


@pytest.mark.parametrize("case", ["full", "tables"])
def test_only_an_article_that_says_visible_is_public(case: str) -> None:
    """Of nine ways to say it, 1, "1" and true; by hand from the samples."""
    public = {
        message.id
        for ticket in tickets(case).values()
        for message in ticket.messages
        if message.public
    }

    expected = {"full": "101 102 104 105 201 601", "tables": "21 23 24 25"}
    assert public == set(expected[case].split())


def test_the_sender_of_an_article_is_its_role() -> None:
    """By name in the interface, by number in the tables."""
    by_name, by_number = tickets("full")["otrs:1"], tickets("tables")["otrs:11"]

    customer, agent, system = AuthorRole.CUSTOMER, AuthorRole.AGENT, AuthorRole.SYSTEM
    assert [m.author_role for m in by_name.messages] == [customer, system, agent, agent, customer]
    assert [m.author_role for m in by_number.messages] == [customer, agent, agent]


def test_external_and_public_faq_items_are_for_customers() -> None:
    """`external` is customers, `public` is everybody; what is not approved is for neither."""
    external = {
        case: {key for key, each in articles(case).items() if each.audience is Audience.EXTERNAL}
        for case in ("full", "tables")
    }

    assert external["full"] == {f"otrs:article-{number}" for number in (1, 2, 6, 11)}
    assert external["tables"] == {"otrs:article-31", "otrs:article-32"}


def test_what_is_not_approved_is_a_draft_and_what_is_invalid_is_archived() -> None:
    """Agents still find both."""
    found = articles("full")

    assert found["otrs:article-4"].status is ArticleStatus.DRAFT
    assert found["otrs:article-5"].status is ArticleStatus.ARCHIVED


def test_the_comment_of_a_public_item_is_a_note_for_agents() -> None:
    """It stands in the same record as the public solution."""
    found = articles("full")

    item, note = found["otrs:article-1"], found["otrs:article-1-note"]
    assert "Batch 7" not in item.body
    assert note.body == "<p>An unused field.</p>\n\n<p>Batch 7 wears out early.</p>"
    assert note.audience is Audience.INTERNAL


def test_fields_that_the_option_does_not_name_are_for_agents() -> None:
    """A desk may show its own choice of fields; the comment is never among them."""
    found = articles("full", public_fields="Symptom,Solution")

    assert found["otrs:article-11"].body == "No light.\n\nUse the other socket."
    assert found["otrs:article-11-note"].body == (
        "No power.\n\nThe first socket is broken in hall 3."
    )


@pytest.mark.parametrize("fields", ["Comment", "Field6", "symptom", "Symptom;Solution"])
def test_a_field_that_cannot_be_public_is_refused(fields: str) -> None:
    """A misspelt name must not pass in silence, and the comment not at all."""
    with pytest.raises(ConfigError, match="public-fields of 'otrs' is"):
        documents("full", public_fields=fields)


def test_links_lead_to_tickets_and_faq_items() -> None:
    """12 was merged into its parent 11; a link between FAQ items is none of a ticket's."""
    found = tickets("tables")

    assert found["otrs:12"].merged_ids == ("otrs:11",)
    assert found["otrs:12"].related_ids == ()
    assert found["otrs:11"].related_ids == ("otrs:12", "otrs:13")
    assert found["otrs:11"].article_ids == ("otrs:article-31",)
    assert found["otrs:13"].article_ids == ()


def test_a_link_in_a_reply_names_the_faq_item() -> None:
    """Such a reply is a label for what answers what."""
    assert tickets("full")["otrs:1"].article_ids == ("otrs:article-1",)


def test_the_html_copy_of_a_body_is_no_attachment() -> None:
    """It is kept as an inline file; the customer's picture is one."""
    assert tickets("full")["otrs:1"].messages[0].attachments == ("blass.png",)
    assert tickets("tables")["otrs:11"].messages[2].attachments == ()
