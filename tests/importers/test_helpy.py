"""Helpy: forums, private topics, kinds of posts, and what a category says about its docs."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest

from kbsearch.importers.building import Imported
from kbsearch.importers.places import Skipped
from kbsearch.importers.vendors.helpy import HelpyImporter
from kbsearch.models import Article, ArticleStatus, Audience, AuthorRole, Ticket
from kbsearch.testing.contracts.importer import without_fields
from tests.importers.contract import SAMPLES, ImporterContract

FULL = SAMPLES / "helpy" / "full" / "export"


class TestHelpy(ImporterContract):
    """The contract, over CSV tables and over one JSON file with all of them."""

    importer = HelpyImporter
    cases: ClassVar = {"full": {}, "json": {}}
    markers = ("kind", "private", "active", "visibility", "current_status")


def documents(export: Path) -> dict[str, Article | Ticket]:
    """The documents of an export by their ids, without `helpy:`."""
    items = HelpyImporter().read(export)
    found = (item.document for item in items if isinstance(item, Imported))
    return {each.id.removeprefix("helpy:"): each for each in found}


def tickets(export: Path) -> dict[str, Ticket]:
    """The topics of an export by their numbers."""
    return {key: each for key, each in documents(export).items() if isinstance(each, Ticket)}


def articles(export: Path) -> dict[str, Article]:
    """The docs of an export by what follows `article-`."""
    found = documents(export).items()
    return {k.removeprefix("article-"): a for k, a in found if isinstance(a, Article)}


def test_of_thirteen_topics_one_is_published() -> None:
    """
    Topic 101 stands in an open forum and is not private.

    The others are private (100), in a private forum (102), merged (103), of agents
    (106), in a forum that is unknown (107), say "False" (108), are in forum 2, the
    trash (109), have no kind (111) or a state that is not known (112).
    """
    assert [key for key, each in tickets(FULL).items() if each.published] == ["101"]


@pytest.mark.parametrize("marker", ["private", "forum_id", "kind", "current_status"])
def test_each_marker_of_a_topic_alone_keeps_it_from_everybody(tmp_path: Path, marker: str) -> None:
    """Helpy shows a topic only if all of them say so."""
    without_fields(FULL, tmp_path, frozenset({marker}))

    assert not any(each.published for each in tickets(tmp_path).values())


def test_only_active_posts_that_are_no_notes_are_public() -> None:
    """Of the eight posts of topic 101: the question and the first answer."""
    posts = tickets(FULL)["101"].messages

    assert [post.id for post in posts if post.public] == ["1011", "1013"]


@pytest.mark.parametrize("marker", ["kind", "active"])
def test_each_marker_of_a_post_alone_closes_it(tmp_path: Path, marker: str) -> None:
    """A note is active, and a post that was taken off is a reply."""
    without_fields(FULL, tmp_path, frozenset({marker}))

    assert not any(m.public for each in tickets(tmp_path).values() for m in each.messages)


def test_a_private_topic_is_read_by_its_asker_but_is_for_nobody_else() -> None:
    """Its replies are public in the words of a desk; it is not published."""
    ticket = tickets(FULL)["100"]

    assert [m.id for m in ticket.messages if m.public] == ["1001", "1003"]
    assert ticket.public_face() is None


def test_the_post_cache_is_never_imported() -> None:
    """Every save appends to it, so it keeps what was edited or deleted; so does a raw mail."""
    everything = "".join(each.model_dump_json() for each in documents(FULL).values())

    assert "turn the shaft by hand" in everything
    assert "tell nobody" not in everything
    assert "The answer I took back" not in everything
    assert "Received: from" not in everything


def test_a_merged_topic_loses_its_prefix_and_is_not_published() -> None:
    """Its flags are those of the first; its posts come from private ones, too."""
    merged = tickets(FULL)["103"]

    assert merged.subject == "Leaking tap"
    assert not merged.published


def test_trash_and_spam_are_skipped_and_their_documents_named() -> None:
    """An earlier export may have brought them."""
    skipped = [item for item in HelpyImporter().read(FULL) if isinstance(item, Skipped)]

    assert {item.document_id: item.reason for item in skipped} == {
        "helpy:104": "it is trash",
        "helpy:105": "it is spam",
    }


def test_a_note_of_nobody_was_written_by_helpy() -> None:
    """The user "System" closes topics; it is neither an agent nor a customer."""
    roles = {m.id: m.author_role for m in tickets(FULL)["100"].messages}

    assert roles["1002"] is AuthorRole.AGENT
    assert roles["1004"] is AuthorRole.SYSTEM


def test_a_doc_is_public_if_it_and_all_its_categories_are() -> None:
    """12 is for all, 13 for the public alone; 17 and 23 stand below what is not open."""
    external = {k for k, a in articles(FULL).items() if a.audience is Audience.EXTERNAL}

    assert external == {"12-en", "12-fr", "13"}


@pytest.mark.parametrize("marker", ["visibility", "active"])
def test_each_marker_of_a_category_alone_closes_its_docs(tmp_path: Path, marker: str) -> None:
    """An inactive category may be for all, an internal one is active."""
    without_fields(FULL, tmp_path, frozenset({marker}))

    assert not any(a.audience is Audience.EXTERNAL for a in articles(tmp_path).values())


def test_docs_of_system_categories_are_canned_text() -> None:
    """16 by the name of its category, 22 by its translated name; both are open otherwise."""
    found = articles(FULL)

    assert found["16"].audience is found["22"].audience is Audience.INTERNAL
    assert found["16"].status is ArticleStatus.PUBLISHED


def test_each_translation_is_an_article_and_replaces_what_the_doc_says() -> None:
    """Once a doc is translated Helpy writes there alone: its own columns are old wording."""
    found = articles(FULL)

    assert (found["12-en"].language, found["12-fr"].language) == ("en", "fr")
    assert "12" not in found
    assert not any("4711" in article.body for article in found.values())


def test_links_to_docs_name_their_articles() -> None:
    """`doc_id` names one in two languages, the address in a reply another."""
    ticket = tickets(FULL)["100"]

    assert ticket.article_ids == (
        "helpy:article-12-en",
        "helpy:article-12-fr",
        "helpy:article-13",
    )


def test_a_dump_of_the_database_reads_like_its_tables() -> None:
    """`pg_dump` writes t and f, \\N and arrays in braces, and rows in any order."""
    dump, tables = (SAMPLES / "helpy" / name for name in ("dump/export.sql", "json/export.json"))

    from_dump = documents(dump)

    assert len(from_dump) == 4
    assert from_dump == documents(tables)
