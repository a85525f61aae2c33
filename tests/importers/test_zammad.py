"""Zammad: what senders, the internal flag and the dates of answers say about who may read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import pytest

from kbsearch.importers.building import Imported
from kbsearch.importers.places import Skipped
from kbsearch.importers.vendors.zammad import ZammadImporter
from kbsearch.models import Article, ArticleStatus, Audience, Ticket, TicketStatus
from kbsearch.testing.contracts.importer import without_fields
from tests.importers.contract import SAMPLES, ImporterContract

FULL, API = (SAMPLES / "zammad" / case / "export" for case in ("full", "api"))


class TestZammad(ImporterContract):
    """The contract, over tables and over replies of the API."""

    importer = ZammadImporter
    cases: ClassVar = {"full": {}, "api": {}}
    markers = ("internal", "sender", "sender_id", "published_at")


def tickets(export: Path) -> dict[str, Ticket]:
    """The tickets of an export by their ids."""
    found = (item.document for item in ZammadImporter().read(export) if isinstance(item, Imported))
    return {each.id: each for each in found if isinstance(each, Ticket)}


def articles(export: Path) -> dict[str, Article]:
    """The answers of an export by the ends of their ids, e.g. `1-en-us`."""
    found = (item.document for item in ZammadImporter().read(export) if isinstance(item, Imported))
    prefix = "zammad:article-"
    return {each.id.removeprefix(prefix): each for each in found if isinstance(each, Article)}


def public_ids(export: Path) -> set[str | None]:
    """The ids of the messages that their askers may read."""
    return {m.id for ticket in tickets(export).values() for m in ticket.messages if m.public}


def test_an_article_is_public_if_it_is_not_internal_and_a_person_sent_it() -> None:
    """Of the nine with odd or missing values in ticket 104 only 11 and 13 say both exactly."""
    assert public_ids(FULL) == {"1", "3", "5", "11", "13", "14", "15"}


@pytest.mark.parametrize("marker", ["internal", "sender"])
def test_each_of_the_two_markers_alone_closes_an_article(tmp_path: Path, marker: str) -> None:
    """The flag says nothing of what Zammad wrote itself, nor the sender of notes."""
    without_fields(API, tmp_path, frozenset({marker}))

    assert public_ids(API)
    assert not public_ids(tmp_path)


def test_no_ticket_is_published() -> None:
    """Zammad has no marker for it: the asker may read, not everybody."""
    assert not any(ticket.published for ticket in tickets(FULL).values())


def test_the_mark_before_a_signature_stays_for_the_cleaner() -> None:
    """It tells exactly where the text ends; nothing else does."""
    reply = tickets(FULL)["zammad:101"].messages[2]

    assert '<span class="js-signatureMarker"></span>' in reply.text


def test_states_are_read_by_their_type() -> None:
    """An admin may name a state as it suits the desk: here one of type 3, pending."""
    found = tickets(FULL)

    assert found["zammad:105"].status is TicketStatus.PENDING
    assert found["zammad:101"].status is TicketStatus.CLOSED
    assert found["zammad:107"].status is TicketStatus.OPEN  # number 42 is not in the table


def test_a_removed_ticket_is_skipped_and_its_document_named() -> None:
    """An earlier export may have brought it."""
    skipped = [item for item in ZammadImporter().read(FULL) if isinstance(item, Skipped)]

    assert [(s.reason, s.document_id) for s in skipped] == [("it is removed", "zammad:103")]


def test_a_merged_ticket_names_the_one_that_took_it_in() -> None:
    """Merging leaves a parent link; the state tells it from links that agents made."""
    merged = tickets(FULL)["zammad:102"]

    assert merged.merged_ids == ("zammad:101",)
    assert merged.related_ids == ("zammad:105",)


def test_links_to_answers_name_the_article_of_their_language() -> None:
    """The address of an answer holds its number and its locale, in both of its forms."""
    found = tickets(FULL)

    assert found["zammad:101"].article_ids == ("zammad:article-1-en-us",)
    assert found["zammad:105"].article_ids == ("zammad:article-1-de-de",)
    assert {"1-en-us", "1-de-de"} <= articles(FULL).keys()


def test_the_dates_of_an_answer_decide_and_no_clock_does() -> None:
    """`published_at` opens, also in the future; `archived_at` closes when it comes."""
    found = articles(FULL)

    external = {key for key, each in found.items() if each.audience is Audience.EXTERNAL}
    assert external == {"1-en-us", "1-de-de", "4-en-us", "5-en-us"}
    assert found["5-en-us"].valid_from == datetime(2099, 5, 1, tzinfo=UTC)
    assert found["4-en-us"].valid_until == datetime(2099, 4, 1, tzinfo=UTC)
    assert found["1-en-us"].valid_until is None


def test_an_answer_without_any_date_is_a_draft() -> None:
    """Only `internal_at` makes it one for agents; only `archived_at` puts it away."""
    found = articles(FULL)

    assert found["3-en-us"].status is ArticleStatus.DRAFT
    assert found["2-en-us"].status is ArticleStatus.PUBLISHED
    assert found["6-en-us"].status is ArticleStatus.ARCHIVED
    assert {found[f"{n}-en-us"].audience for n in (2, 3, 6)} == {Audience.INTERNAL}


def test_an_internal_note_is_an_article_for_agents() -> None:
    """It is internal whatever surrounds it: here the answer is public in two languages."""
    found = articles(FULL)

    note = found["1-note"]
    assert note.body == "Offer a spare base station from the second call on."
    assert note.audience is Audience.INTERNAL
    assert not any("spare base" in found[key].body for key in ("1-en-us", "1-de-de"))


def test_an_answer_is_internal_if_its_knowledge_base_is_off_or_not_in_the_export() -> None:
    """A switched-off knowledge base shows nothing, whatever its answers say."""
    found = articles(FULL)

    assert found["9-10"].audience is Audience.INTERNAL
    assert found["10-en-us"].audience is Audience.INTERNAL


def test_permissions_of_a_category_do_not_close_a_published_answer() -> None:
    """They part agents from agents: Zammad shows public answers to everybody all the same."""
    assert articles(API)["51-61"].audience is Audience.EXTERNAL


def test_one_reply_of_the_api_is_an_export(tmp_path: Path) -> None:
    """Whatever the file is called; a bad asset stops no other."""
    export = tmp_path / "download.json"
    assets = {
        "KnowledgeBaseAnswer": {"1": "bad", "2": {"id": 2, "published_at": "2024-01-01T00:00:00Z"}},
        "KnowledgeBaseAnswerTranslation": {"3": {"id": 3, "answer_id": 2, "title": "Ink"}},
    }
    export.write_text(json.dumps(assets))

    assert articles(export)["2-3"].audience is Audience.EXTERNAL
