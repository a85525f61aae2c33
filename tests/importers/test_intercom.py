"""Intercom: parts and their types, redaction, articles and internal articles."""

from __future__ import annotations

import pytest

from kbsearch.importers.building import Imported
from kbsearch.importers.vendors.intercom import IntercomImporter
from kbsearch.models import Article, Audience, AuthorRole, Satisfaction, Ticket
from tests.importers.contract import SAMPLES, ImporterContract

SAMPLE = SAMPLES / "intercom/full/export"


class TestIntercom(ImporterContract):
    """The contract of importers, for Intercom."""

    importer = IntercomImporter
    markers = ("part_type", "delivered_as", "redacted", "state", "type")


def imported_by_id() -> dict[str, Imported]:
    items = IntercomImporter().read(SAMPLE)
    return {item.document.id: item for item in items if isinstance(item, Imported)}


def article(number: str) -> Article:
    found = imported_by_id()[f"intercom:article-{number}"].document
    assert isinstance(found, Article)
    return found


def conversation(number: int) -> Ticket:
    found = imported_by_id()[f"intercom:{number}"].document
    assert isinstance(found, Ticket)
    return found


def test_only_comments_are_public() -> None:
    """Notes are for the team; what another type of part shows to whom is not documented."""
    public = {message.id: message.public for message in conversation(5001).messages}

    assert public == {
        "source": True,
        "2": False,
        "3": True,
        "6": False,
        "7": False,
        "8": False,
        "9": True,
        "10": False,
        "11": False,
    }


def test_lines_of_assignment_and_closing_are_no_messages() -> None:
    """Parts 1 and 5 have no body: they only tell what was done."""
    ids = {message.id for message in conversation(5001).messages}

    assert not {"1", "5"} & ids


@pytest.mark.parametrize(("number", "redacted"), [(5001, "My card number"), (5004, "Secret")])
def test_what_was_redacted_is_left_out(number: int, redacted: str) -> None:
    """Somebody wanted it gone, even where the export still holds it."""
    texts = [message.text for message in conversation(number).messages]

    assert not [text for text in texts if redacted in text]


@pytest.mark.parametrize("number", [5002, 5006])
def test_a_source_that_came_in_an_unknown_way_is_private(number: int) -> None:
    """Without `delivered_as` nobody knows that the customer wrote or saw it."""
    assert not conversation(number).messages[0].public


def test_authors_are_customers_agents_or_machines() -> None:
    """An unknown kind of author counts as no agent: its text is no solution."""
    roles = {message.id: message.author_role for message in conversation(5001).messages}

    assert roles["source"] is AuthorRole.CUSTOMER
    assert roles["3"] is AuthorRole.AGENT
    assert roles["9"] is AuthorRole.BOT
    assert roles["10"] is AuthorRole.SYSTEM


def test_people_are_contacts_and_the_team_and_no_bots() -> None:
    """Their names are to be removed from what customers read; "Operator" is a word."""
    names = [person.name for person in conversation(5001).people]

    assert names == ["Ayşe Demir", "Tomasz Wilk"]


@pytest.mark.parametrize(
    ("number", "expected"),
    [(5001, Satisfaction.GOOD), (5002, None), (5004, Satisfaction.BAD), (5006, None)],
)
def test_ratings_run_from_one_to_five(number: int, expected: Satisfaction | None) -> None:
    """By hand: 5 is good, 3 says neither, 1 is bad, none is none."""
    assert conversation(number).satisfaction is expected


def test_published_articles_of_nobody_in_particular_are_external() -> None:
    """Drafts, other states and types, segments and audiences are not."""
    numbers = ["901", "902", "903", "904", "905", "906", "908", "909"]

    external = [n for n in numbers if article(n).audience is Audience.EXTERNAL]

    assert external == ["901", "909"]


@pytest.mark.parametrize("number", ["internal-901", "internal-51", "internal-907"])
def test_an_internal_article_is_internal_wherever_it_stands_and_whatever_it_says(
    number: str,
) -> None:
    """The table or the type makes it so; its number may be an article's as well."""
    assert article(number).audience is Audience.INTERNAL
