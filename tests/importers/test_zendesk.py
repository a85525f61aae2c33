"""Zendesk: who may read a comment and an article, and what an export links."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from kbsearch.errors import ConfigError
from kbsearch.importers.building import Imported
from kbsearch.importers.places import Skipped
from kbsearch.importers.vendors.zendesk import ZendeskImporter
from kbsearch.models import Article, Audience, Ticket
from tests.importers.contract import SAMPLES, ImporterContract

Export = Callable[..., Path]


class TestZendesk(ImporterContract):
    """The contract of importers, for Zendesk."""

    importer = ZendeskImporter
    cases: ClassVar[dict[str, dict[str, str]]] = {"full": {}, "nested": {}}
    markers = ("public", "is_public", "draft", "user_segment_id", "user_segment_ids")


@pytest.fixture
def export(tmp_path: Path) -> Export:
    """Writes tables into a folder, one JSON file each."""

    def write(**tables: list[dict[str, Any]]) -> Path:
        for name, rows in tables.items():
            (tmp_path / f"{name}.json").write_text(json.dumps({name: rows}), encoding="utf-8")
        return tmp_path

    return write


def imported_by_id(path: Path, **options: str) -> dict[str, Imported]:
    given = {name.replace("_", "-"): value for name, value in options.items()}
    items = ZendeskImporter(given).read(path)
    return {item.document.id: item for item in items if isinstance(item, Imported)}


def audience_of(path: Path, article_id: str, **options: str) -> Audience:
    document = imported_by_id(path, **options)[article_id].document
    assert isinstance(document, Article)
    return document.audience


def ticket_in(path: Path) -> Ticket:
    (item,) = imported_by_id(path).values()
    assert isinstance(item.document, Ticket)
    return item.document


ARTICLE = {"id": 1, "title": "t", "body": "<p>b</p>", "draft": False}


def test_an_article_without_a_segment_is_for_everybody(export: Export) -> None:
    """Zendesk writes null where no segment narrows the readers."""
    path = export(articles=[ARTICLE | {"user_segment_id": None}])

    assert audience_of(path, "zendesk:article-1") is Audience.EXTERNAL


@pytest.mark.parametrize("value", ["", "null", "None", 0, False, 701])
def test_only_null_means_that_there_is_no_segment(export: Export, value: object) -> None:
    """Whatever else stands there may be the id of a segment that nobody knows."""
    path = export(articles=[ARTICLE | {"user_segment_id": value}])

    assert audience_of(path, "zendesk:article-1") is Audience.INTERNAL


def test_a_list_of_segments_narrows_an_article_whose_single_segment_is_null(
    export: Export,
) -> None:
    """On Enterprise plans `user_segment_ids` counts, and `user_segment_id` may be null."""
    path = export(articles=[ARTICLE | {"user_segment_id": None, "user_segment_ids": [5]}])

    assert audience_of(path, "zendesk:article-1") is Audience.INTERNAL


def test_a_section_that_is_not_in_the_export_closes_nothing(export: Export) -> None:
    """Zendesk keeps who may read in the article; articles alone are a common export."""
    path = export(articles=[ARTICLE | {"user_segment_id": None, "section_id": 9}])

    assert audience_of(path, "zendesk:article-1") is Audience.EXTERNAL


def test_what_logged_in_users_read_is_external_only_if_a_person_says_so() -> None:
    """Some desks give an account to every customer, some to colleagues only."""
    path = SAMPLES / "zendesk/full/export"

    assert audience_of(path, "zendesk:article-304") is Audience.INTERNAL
    assert audience_of(path, "zendesk:article-304", logged_in_users="external") is Audience.EXTERNAL


@pytest.mark.parametrize("number", [302, 303, 305, 306, 307, 308, 309, 310, 311])
def test_the_option_opens_no_draft_and_no_other_segment(number: int) -> None:
    """A segment with conditions is for some logged-in users, not for all."""
    path = SAMPLES / "zendesk/full/export"

    found = audience_of(path, f"zendesk:article-{number}", logged_in_users="external")

    assert found is Audience.INTERNAL


def test_another_value_of_the_option_is_refused(export: Export) -> None:
    """A misspelt audience must not fall back to one in silence."""
    importer = ZendeskImporter({"logged-in-users": "External"})

    with pytest.raises(ConfigError, match="must be internal or external"):
        list(importer.read(export(articles=[])))


def test_a_private_ticket_has_no_public_comment(export: Export) -> None:
    """`is_public: false` stands above what a comment says."""
    comment = {"id": 2, "author_id": 7, "public": True, "body": "Readable?"}
    path = export(tickets=[{"id": 1, "is_public": False, "comments": [comment]}])

    (message,) = ticket_in(path).messages

    assert not message.public


def test_a_ticket_without_is_public_leaves_it_to_its_comments(export: Export) -> None:
    """Older exports lack the field, which only sums up the comments."""
    comments = [
        {"id": 2, "author_id": 7, "public": True, "body": "Readable."},
        {"id": 3, "author_id": 7, "public": False, "body": "Ours."},
    ]
    path = export(tickets=[{"id": 1, "comments": comments}])

    assert [message.public for message in ticket_in(path).messages] == [True, False]


def test_a_description_without_comments_is_private(export: Export) -> None:
    """It repeats the first comment, and whether that is public is not in the export."""
    path = export(tickets=[{"id": 1, "is_public": True, "description": "It hums."}])

    (message,) = ticket_in(path).messages

    assert (message.text, message.public) == ("It hums.", False)


def test_tickets_are_never_on_the_external_shelf() -> None:
    """That the asker may read an answer does not make it everybody's."""
    items = imported_by_id(SAMPLES / "zendesk/full/export").values()

    tickets = [item.document for item in items if isinstance(item.document, Ticket)]

    assert len(tickets) == 6
    assert not any(ticket.published for ticket in tickets)


def test_what_is_deleted_names_the_document_that_is_to_go() -> None:
    """An earlier export may have held the ticket before somebody deleted it."""
    items = list(ZendeskImporter().read(SAMPLES / "zendesk/full/export"))

    gone = [item.document_id for item in items if isinstance(item, Skipped)]

    assert gone == ["zendesk:105", "zendesk:106"]


def test_a_comment_made_private_later_is_private() -> None:
    """In audits the comment keeps `public: true`; the change is an event of its own."""
    found = imported_by_id(SAMPLES / "zendesk/nested/export.json")["zendesk:202"].document

    assert isinstance(found, Ticket)
    assert [(m.id, m.public) for m in found.messages] == [("62", True), ("63", False)]


@pytest.mark.parametrize(
    ("total", "count", "expected"),
    [(5, 9, (7, 2)), (-2, 2, (0, 2)), (0, 0, (0, 0)), (3, 2, (None, None)), (2, 3, (None, None))],
)
def test_votes_come_from_their_sum_and_their_count(
    export: Export, total: int, count: int, expected: tuple[int | None, int | None]
) -> None:
    """By hand: 7 for and 2 against make a sum of 5 out of 9; impossible pairs give none."""
    path = export(articles=[ARTICLE | {"vote_sum": total, "vote_count": count}])

    article = imported_by_id(path)["zendesk:article-1"].document

    assert isinstance(article, Article)
    assert (article.n_helpful, article.n_unhelpful) == expected
