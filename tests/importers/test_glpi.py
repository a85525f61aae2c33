"""GLPI: private followups and tasks, solutions, and who an article is shown to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from kbsearch.importers.building import Imported
from kbsearch.importers.vendors.glpi import GlpiImporter
from kbsearch.models import Article, Audience, Satisfaction, Ticket
from tests.importers.contract import SAMPLES, ImporterContract


class TestGlpi(ImporterContract):
    """The contract, over tables of version 10 and over what the API of version 11 gives."""

    importer = GlpiImporter
    cases: ClassVar = {"full": {}, "api": {}}
    markers = ("is_private", "is_deleted", "is_faq", "status")


def documents(case: str = "full") -> list[Article | Ticket]:
    """Every document of a sample."""
    (export,) = (SAMPLES / "glpi" / case).glob("export*")
    return [item.document for item in GlpiImporter().read(export) if isinstance(item, Imported)]


def tickets() -> dict[str, Ticket]:
    """The tickets by their ids."""
    return {each.id: each for each in documents() if isinstance(each, Ticket)}


def articles() -> dict[str, Article]:
    """The articles by their ids."""
    return {each.id: each for each in documents() if isinstance(each, Article)}


def test_only_a_followup_that_says_that_it_is_not_private_is_public() -> None:
    """0, "0" and false; a word, null and a missing field are private."""
    public = {message.id for message in tickets()["glpi:2"].messages if message.public}

    assert public == {"description", "followup-15", "followup-25"}


def test_a_task_has_its_own_privacy() -> None:
    """A task and a followup may have one number: they are two messages."""
    messages = {message.id: message.public for message in tickets()["glpi:1"].messages}

    assert messages == {
        "description": True,
        "followup-11": True,
        "followup-12": False,
        "followup-13": True,
        "task-11": True,
        "task-12": False,
    }


def test_a_ticket_that_does_not_say_that_it_is_there_shows_nothing() -> None:
    """Deleted or not: a followup is never wider than its ticket."""
    found = tickets()

    assert not any(message.public for message in found["glpi:4"].messages)
    assert not any(message.public for message in found["glpi:5"].messages)
    assert "glpi:3" not in found


def test_the_last_solution_that_was_not_refused_is_the_resolution() -> None:
    """A refused solution did not help; refusing it opened the ticket again."""
    found = tickets()

    solved, twice_refused, refused = found["glpi:1"], found["glpi:6"], found["glpi:8"]
    assert solved.resolution is not None
    assert solved.resolution.text == "<p>Carte mère remplacée : elle imprime à nouveau.</p>"
    assert solved.resolution.public
    assert twice_refused.resolution is not None
    assert twice_refused.resolution.text == "<p>The cable was broken.</p>"
    assert twice_refused.n_reopenings == 2
    assert refused.resolution is None


def test_a_solution_in_an_unknown_state_is_private() -> None:
    """A later version may add a state that asks for approval first."""
    resolution = tickets()["glpi:7"].resolution

    assert resolution is not None
    assert not resolution.public


def test_markup_kept_as_character_references_is_read_once() -> None:
    """Until version 10 the first form is stored; text that has tags is left as it is."""
    found = tickets()

    assert found["glpi:1"].subject == "L'étiqueteuse n'imprime plus"
    assert found["glpi:1"].messages[0].text.startswith("<p>L'étiqueteuse n'imprime <b>plus</b>")
    assert "<code>E &lt; 5</code>" in found["glpi:2"].messages[0].text


def test_what_belongs_to_a_problem_or_change_of_the_same_number_is_left_out() -> None:
    """Followups and solutions of all kinds share a table."""
    ticket = tickets()["glpi:1"]

    assert "followup-20" not in {message.id for message in ticket.messages}
    assert ticket.resolution is not None
    assert "change" not in ticket.resolution.text


def test_links_tell_duplicates_problems_and_articles_apart() -> None:
    """1 is a duplicate of 2 seen from both; the computer's article is none of a ticket's."""
    found = tickets()

    assert found["glpi:1"].duplicate_ids == ("glpi:2",)
    assert found["glpi:2"].duplicate_ids == ("glpi:1",)
    assert found["glpi:1"].related_ids == ("glpi:6", "glpi:7")
    assert found["glpi:1"].problem_ids == ("glpi:problem-5",)
    assert found["glpi:1"].article_ids == ("glpi:article-1",)
    assert found["glpi:2"].article_ids == ("glpi:article-1", "glpi:article-3")


def test_stars_are_read_as_good_or_bad() -> None:
    """Five are good, two are bad, three are neither."""
    found = tickets()

    assert found["glpi:1"].satisfaction is Satisfaction.GOOD
    assert found["glpi:6"].satisfaction is Satisfaction.BAD
    assert found["glpi:7"].satisfaction is None


def test_an_article_of_the_faq_is_public_unless_it_is_shown_to_some_alone() -> None:
    """5 is shown to the root entity and all below it, which is everybody."""
    external = {key for key, each in articles().items() if each.audience is Audience.EXTERNAL}

    assert external == {
        "glpi:article-1",
        "glpi:article-1-fr_FR",
        "glpi:article-3",
        "glpi:article-5",
        "glpi:article-9",
    }


def test_a_translation_is_never_wider_than_its_original() -> None:
    """And one without an original is for nobody outside."""
    found = articles()

    assert found["glpi:article-2-fr_FR"].audience is Audience.INTERNAL
    assert found["glpi:article-77-de_DE"].audience is Audience.INTERNAL
    assert found["glpi:article-1-fr_FR"].language == "fr-FR"


def test_dates_of_visibility_are_kept_for_the_time_of_the_query() -> None:
    """An export is read once, and the dates pass later."""
    article = articles()["glpi:article-3"]

    assert article.valid_from == datetime(2024, 12, 1, tzinfo=UTC)
    assert article.valid_until == datetime(2025, 3, 1, tzinfo=UTC)
