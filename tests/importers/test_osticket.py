"""osTicket: what an entry's type and flags, an FAQ and its categories say about who may read."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from kbsearch.importers.base import ImportItem
from kbsearch.importers.building import Imported
from kbsearch.importers.vendors.osticket import OsTicketImporter
from kbsearch.models import Article, Audience, Ticket
from tests.importers.contract import SAMPLES, ImporterContract


class TestOsTicket(ImporterContract):
    """The contract, over tables with the usual prefix as JSON and without it as CSV."""

    importer = OsTicketImporter
    cases: ClassVar = {"full": {}, "csv": {}}
    markers = ("type", "flags", "ispublished", "ispublic")


def read(case: str) -> list[ImportItem]:
    """Everything that one of the samples gives."""
    (export,) = (SAMPLES / "osticket" / case).glob("export*")
    return list(OsTicketImporter().read(export))


def articles(case: str) -> dict[str, Article]:
    """The articles of a sample by their ids."""
    found = (item.document for item in read(case) if isinstance(item, Imported))
    return {each.id: each for each in found if isinstance(each, Article)}


def tickets(case: str) -> dict[str, Ticket]:
    """The tickets of a sample by their ids."""
    found = (item.document for item in read(case) if isinstance(item, Imported))
    return {each.id: each for each in found if isinstance(each, Ticket)}


def test_an_faq_is_public_only_if_its_category_and_all_above_it_are() -> None:
    """Of twelve FAQs, three: 1 (public), 2 (featured) and 10 (as text, "1")."""
    found = articles("full")

    external = {key for key, article in found.items() if article.audience is Audience.EXTERNAL}
    assert external == {"osticket:article-1", "osticket:article-2", "osticket:article-10"}


def test_notes_and_keywords_of_a_public_faq_stay_with_the_agents() -> None:
    """They are written for agents in the very form that holds the public answer."""
    found = articles("full")

    public, note = found["osticket:article-1"], found["osticket:article-1-note"]
    assert "bad sensor" not in public.body
    assert "batch 7" not in public.tags
    assert "bad sensor" in note.body
    assert note.tags == ("media", "batch 7")
    assert note.audience is Audience.INTERNAL


def test_a_help_topic_that_is_not_public_names_no_public_faq() -> None:
    """The tags of an external article are read by customers."""
    public = articles("full")["osticket:article-1"]

    assert public.tags == ("Label printers", "Printing")


def test_the_wording_before_an_edit_and_notes_of_osticket_are_left_out() -> None:
    """Entry 103 is hidden (0x4) and replaced by 104; 105 was written by osTicket (0x80)."""
    ticket = tickets("full")["osticket:1"]

    assert [message.id for message in ticket.messages] == ["101", "102", "104", "106", "107"]


def test_an_entry_of_a_merged_ticket_follows_its_own_type() -> None:
    """0x400 says where an entry came from, not who may read it."""
    merged = next(m for m in tickets("full")["osticket:1"].messages if m.id == "107")

    assert merged.public


def test_a_merged_child_and_a_linked_one_are_told_apart() -> None:
    """Both name a parent; flag 0x8 says that it is only linked."""
    found = tickets("full")

    assert found["osticket:4"].merged_ids == ("osticket:1",)
    assert found["osticket:5"].related_ids == ("osticket:2",)


def test_canned_responses_are_for_agents() -> None:
    """They are raw material: the customer gets what an agent makes of them."""
    canned = [article for key, article in articles("full").items() if "canned" in key]

    assert len(canned) == 2
    assert {article.audience for article in canned} == {Audience.INTERNAL}


def test_a_dump_of_the_database_reads_like_its_tables() -> None:
    """`mysqldump` is how most desks can export at all."""
    from_dump, from_tables = [
        [item.document for item in read(case) if isinstance(item, Imported)]
        for case in ("dump", "csv")
    ]

    assert len(from_dump) == 3
    assert from_dump == from_tables


def test_tables_may_have_another_prefix(tmp_path: Path) -> None:
    """The prefix is chosen when osTicket is installed."""
    (tmp_path / "help_faq_category.csv").write_text("category_id,ispublic,name\n1,1,Cables\n")
    (tmp_path / "help_faq.csv").write_text("faq_id,category_id,ispublished,question\n1,1,1,Why?\n")

    (item,) = OsTicketImporter({"table-prefix": "help_"}).read(tmp_path)

    assert isinstance(item, Imported)
    assert item.document.id == "osticket:article-1"
