"""Discourse: what archetypes, categories and types of posts say about who may read."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest

from kbsearch.importers.building import Imported
from kbsearch.importers.places import Skipped
from kbsearch.importers.vendors.discourse import DiscourseImporter
from kbsearch.models import AuthorRole, Ticket, TicketStatus
from kbsearch.testing.contracts.importer import without_fields
from tests.importers.contract import SAMPLES, ImporterContract

FULL, TABLES = (SAMPLES / "discourse" / case / "export" for case in ("full", "tables"))


class TestDiscourse(ImporterContract):
    """The contract, over topics of the API with their posts and over tables."""

    importer = DiscourseImporter
    cases: ClassVar = {"full": {}, "tables": {}}
    markers = ("archetype", "read_restricted", "post_type")


def tickets(export: Path) -> dict[str, Ticket]:
    """The topics of an export by their numbers."""
    items = DiscourseImporter().read(export)
    found = (item.document for item in items if isinstance(item, Imported))
    return {e.id.removeprefix("discourse:"): e for e in found if isinstance(e, Ticket)}


def published(export: Path) -> list[str]:
    """The numbers of the topics that everybody may read."""
    return [number for number, each in tickets(export).items() if each.published]


def public_ids(export: Path) -> set[str | None]:
    """The ids of all public posts."""
    return {m.id for each in tickets(export).values() for m in each.messages if m.public}


def test_a_listed_topic_in_an_open_category_is_published() -> None:
    """
    Of eleven: 501 and 502, and 512, whose category is above itself by mistake.

    The others are a private message (503), restricted (504), below what is
    restricted (505), in a category that is unknown (506) or does not say (507, 508),
    of an unknown kind (509) or not listed (510).
    """
    assert published(FULL) == ["501", "502", "512"]
    assert published(TABLES) == ["601", "603"]


@pytest.mark.parametrize("marker", ["archetype", "read_restricted", "category_id"])
def test_each_marker_of_a_topic_alone_closes_it(tmp_path: Path, marker: str) -> None:
    """A private message has no category, a topic for the staff is a regular one."""
    without_fields(TABLES, tmp_path, frozenset({marker}))

    assert not published(tmp_path)
    assert not public_ids(tmp_path)


def test_whispers_stay_with_the_staff() -> None:
    """Post type 4; without a type that is known a post is private, too (5024, 5025)."""
    assert public_ids(FULL) == {"5001", "5003", "5007", "5021", "5121"}
    assert public_ids(TABLES) == {"6011", "6012", "6031", "6032"}


def test_the_face_of_a_topic_has_its_title_and_its_public_posts() -> None:
    """Everybody may read both on the forum."""
    face = tickets(FULL)["501"].public_face()

    assert face is not None
    assert face.subject == "The chain jumps on the smallest gear"
    assert [m.id for m in face.messages] == ["5001", "5003", "5007"]


def test_hidden_and_deleted_posts_and_those_of_moderation_are_left_out() -> None:
    """5004 was flagged, 5006 taken back, 5005 closed the topic; 5022 moved it, 5023 is gone."""
    found = tickets(FULL)

    assert [m.id for m in found["501"].messages] == ["5001", "5002", "5003", "5007"]
    assert [m.id for m in found["502"].messages] == ["5021", "5024", "5025", "5026"]


def test_a_deleted_topic_is_skipped_and_its_document_named() -> None:
    """An earlier export may have brought it."""
    skipped = [item for item in DiscourseImporter().read(FULL) if isinstance(item, Skipped)]

    assert [item.document_id for item in skipped] == ["discourse:511"]


def test_the_accepted_answer_is_the_resolution() -> None:
    """A topic with one is resolved; one that was only closed is not."""
    found = tickets(FULL)

    resolution = found["501"].resolution
    assert resolution is not None
    assert (resolution.message_id, resolution.public) == ("5003", True)
    assert found["501"].status is TicketStatus.RESOLVED
    assert found["502"].status is TicketStatus.CLOSED


def test_tables_keep_the_accepted_answer_apart() -> None:
    """The plugin for solutions has a table of its own, and had a field of topics before."""
    solutions = [tickets(TABLES)[number].resolution for number in ("601", "603")]

    assert [each.message_id for each in solutions if each] == ["6012", "6032"]


def test_staff_are_agents_and_discobot_is_a_bot() -> None:
    """The API marks staff at each post, the tables in the row of the user."""
    roles = {m.id: m.author_role for m in tickets(FULL)["501"].messages}

    assert roles["5003"] is AuthorRole.AGENT
    assert roles["5007"] is AuthorRole.BOT
    assert [m.author_role for m in tickets(TABLES)["601"].messages[:2]] == [
        AuthorRole.CUSTOMER,
        AuthorRole.AGENT,
    ]


def test_posts_are_read_as_they_were_written_if_the_export_has_that() -> None:
    """`raw` is Markdown; `cooked` is HTML with the forum's own decoration."""
    assert tickets(FULL)["502"].messages[0].text == "Nine gears. **Größe?** 自転車"


def test_only_links_within_the_forum_relate_topics() -> None:
    """Another forum has topics with the same numbers."""
    assert tickets(FULL)["501"].related_ids == ("discourse:502",)


def test_a_topic_whose_posts_are_not_all_there_is_reported() -> None:
    """The API gives twenty posts and the numbers of all."""
    items = [item for item in DiscourseImporter().read(FULL) if isinstance(item, Imported)]

    assert items[0].warnings == ("the export holds 7 of its 9 posts",)
    assert not any(item.warnings for item in items[1:])
