"""FreeScout: what the codes and names of types, subtypes and states say about who may read."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest

from kbsearch.importers.building import Imported
from kbsearch.importers.places import ImportProblem, Skipped
from kbsearch.importers.vendors.freescout import FreeScoutImporter
from kbsearch.models import Ticket
from kbsearch.testing.contracts.importer import without_fields
from tests.importers.contract import SAMPLES, ImporterContract

FULL, API = (SAMPLES / "freescout" / case / "export" for case in ("full", "api"))


class TestFreeScout(ImporterContract):
    """The contract, over tables with codes and over a page of the API with names."""

    importer = FreeScoutImporter
    cases: ClassVar = {"full": {}, "api": {}}
    markers = ("type", "state")


def tickets(export: Path) -> dict[str, Ticket]:
    """The tickets of an export by their ids."""
    items = FreeScoutImporter().read(export)
    found = (item.document for item in items if isinstance(item, Imported))
    return {each.id: each for each in found if isinstance(each, Ticket)}


def public_ids(export: Path) -> set[str | None]:
    """The ids of the messages that their askers may read."""
    return {m.id for ticket in tickets(export).values() for m in ticket.messages if m.public}


def test_codes_and_names_of_types_and_states_mean_the_same() -> None:
    """The tables hold numbers, the API words; of thirteen odd threads only 151 is public."""
    assert public_ids(FULL) == {"101", "105", "151"}
    assert public_ids(API) == {"701", "704"}


@pytest.mark.parametrize("marker", ["type", "state"])
def test_each_of_the_two_markers_alone_closes_a_thread(tmp_path: Path, marker: str) -> None:
    """A note is published, too; a reply that waits for a colleague is a message, too."""
    without_fields(API, tmp_path, frozenset({marker}))

    assert not public_ids(tmp_path)


def test_a_forwarded_thread_is_private_whatever_its_type() -> None:
    """Subtype 1: it went to a third party, not to the customer."""
    messages = {m.id: m for t in tickets(FULL).values() for m in t.messages}

    assert not messages["103"].public  # a note
    assert not messages["158"].public  # a message


def test_the_wording_before_an_edit_is_never_read() -> None:
    """`body_original` holds what an agent took back, here in thread 105."""
    everything = "".join(m.text for t in tickets(FULL).values() for m in t.messages)

    assert "Hold <i>Reset</i> for five seconds." in everything
    assert "our pumps of charge 0711 are bad" not in everything


def test_drafts_and_line_items_are_left_out() -> None:
    """106 was not sent, 104 says that conversations were merged; 705 and 703 by name."""
    assert [m.id for m in tickets(FULL)["freescout:11"].messages] == ["101", "102", "103", "105"]
    assert [m.id for m in tickets(API)["freescout:71"].messages] == ["701", "702", "704"]


def test_threads_are_put_in_the_order_of_their_times() -> None:
    """The API gives the newest first; the last reply of an agent is taken for the solution."""
    resolution = tickets(API)["freescout:71"].public_resolution

    assert resolution is not None
    assert resolution.text == "<p>We refunded both filters.</p>"


def test_deleted_unsent_and_spam_conversations_are_skipped_and_their_documents_named() -> None:
    """An earlier export may have brought them."""
    skipped = [item for item in FreeScoutImporter().read(FULL) if isinstance(item, Skipped)]

    assert {item.document_id: item.reason for item in skipped} == {
        "freescout:12": "it is deleted",
        "freescout:13": "it is spam",
        "freescout:14": "it was never sent",
    }


def test_merged_and_forwarded_conversations_are_found_in_the_metas_of_threads() -> None:
    """`mwc` names what was merged into this one, `fw_cci` and `fw_pci` child and parent."""
    found = tickets(FULL)

    assert found["freescout:11"].merged_ids == ("freescout:12",)
    assert found["freescout:11"].related_ids == ("freescout:18",)
    assert found["freescout:18"].related_ids == ("freescout:11",)


def test_a_meta_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    """Tables keep it as JSON in a text; what it holds is never part of the report."""
    export = tmp_path / "conversations.jsonl"
    export.write_text('{"id": 1, "state": 2, "subject": "x", "meta": "{\\"mwc\\": secret"}')

    (problem,) = FreeScoutImporter().read(export)

    assert isinstance(problem, ImportProblem)
    assert problem.reason == "'meta' is text, but not JSON"
