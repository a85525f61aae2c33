"""Counts, checks, forgetting and all else that a desk does, with shelves of groups."""

from __future__ import annotations

import pytest

from kbsearch import KnowledgeBase, Person
from kbsearch.errors import (
    AudienceError,
    DocumentNotFoundError,
    GroupError,
    SnapshotNotFoundError,
    StoreDamagedError,
)
from kbsearch.visibility import Explanation, Marker, Verdict, decide
from tests.builders import agent_says, article, customer_says, ticket
from tests.disk import bytes_of
from tests.library import INTERNAL
from tests.staff_groups import LEAVE, PAY, filled_with_groups


@pytest.fixture
def filled(desk: KnowledgeBase) -> KnowledgeBase:
    """One document for each circle of readers."""
    return filled_with_groups(desk)


class TestTheRestOfADesk:
    """Whatever works for shelves works for those of groups."""

    def test_counts_lists_and_checks_what_the_groups_see(self, filled: KnowledgeBase) -> None:
        """Others are not told that there is more."""
        filled.rebuild()

        assert filled.groups() == ("hr", "legal")
        assert [s.shelf for s in filled.stats(INTERNAL)] == ["internal", "external"]
        with_hr = {s.shelf: s.n_articles for s in filled.stats(INTERNAL, groups=["hr"])}
        assert with_hr == {"internal": 1, "internal.hr": 2, "external": 1}
        assert filled.check(INTERNAL, groups=filled.groups()).n_documents == 6
        assert {s.shelf for s in filled.snapshots(INTERNAL, groups=["legal"])} == {
            *("internal", "internal.legal", "external")
        }

    def test_names_ids_to_their_groups_alone(self, filled: KnowledgeBase) -> None:
        """The general list has no gap that tells of them."""
        assert list(filled.ids(INTERNAL)) == ["kb:leave"]
        assert set(filled.ids(INTERNAL, groups=["hr"])) == {"kb:leave", "kb:pay", "kb:shared"}
        assert filled.standing(["kb:pay", "kb:leave"], INTERNAL) == {"kb:leave"}
        assert filled.standing(["kb:pay"], INTERNAL, groups=["hr"]) == {"kb:pay"}

    def test_finds_and_repairs_damage_on_a_groups_shelf(self, filled: KnowledgeBase) -> None:
        """With the group named."""
        filled.rebuild()
        snapshot = max((filled.path / "internal.hr").glob("snapshot-*"))
        (snapshot / "vectors.faiss").write_bytes(b"garbage")

        assert filled.check(INTERNAL).is_sound
        assert not filled.check(INTERNAL, groups=["hr"]).is_sound
        assert filled.repair(INTERNAL, groups=["hr"]).is_sound

    def test_goes_back_to_an_older_index_of_a_group(self, filled: KnowledgeBase) -> None:
        """By the name of its shelf."""
        filled.rebuild()

        assert filled.rollback("internal.hr").number == 1
        with pytest.raises(SnapshotNotFoundError, match=r"'internal\.board' has no snapshot"):
            filled.rollback("internal.board")
        with pytest.raises(AudienceError, match="'secret' is not one of"):
            filled.rollback("secret")
        with pytest.raises(GroupError, match="customers are in none"):
            filled.rollback("external.hr")

    def test_explains_to_its_group_why_customers_cannot_read_it(self, desk: KnowledgeBase) -> None:
        """Marks of a source are as restricted as the document."""
        mark = Marker(level="folder", field="zqfolder7", value="x", verdict=Verdict.INTERNAL)
        why = (Explanation(part="article", decision=decide([mark])),)
        desk.upsert([PAY.restricted_to(())], explanations={PAY.id: why})
        desk.upsert([PAY], explanations={PAY.id: why})

        standing = desk.why_visible("kb:pay", groups=["hr"])

        assert (standing.shelves, standing.explanations) == (("internal.hr",), why)
        with pytest.raises(DocumentNotFoundError):
            desk.why_visible("kb:pay")
        connection_bytes = (desk.path / "internal" / "records.sqlite").read_bytes()
        assert b"zqfolder7" not in connection_bytes

    def test_forgets_a_restricted_document(self, filled: KnowledgeBase) -> None:
        """Its shelf is written anew, others are left alone."""
        filled.rebuild()

        receipt = filled.forget(["kb:pay"], by="privacy")

        assert receipt.shelves == ("internal", "internal.hr")
        assert not any(b"zqbands7" in content for content in bytes_of(filled.path).values())
        assert "kb:pay" in filled.upsert([PAY]).forgotten

    def test_forgets_a_person_who_asked_a_restricted_ticket(self, desk: KnowledgeBase) -> None:
        """HR's cases are where people are named most."""
        person = Person(name="Ottilie Wunderkind", email="ottilie@brightwater.example")
        says = (customer_says("Salary of Ottilie Wunderkind"), agent_says("Asked", public=False))
        case = ticket("1", "", subject="Salary", messages=says, people=(person,), groups=("hr",))
        note = article("n", "Call Ottilie Wunderkind about salary", INTERNAL, groups=("legal",))
        desk.upsert([case, note, LEAVE])
        desk.rebuild()

        receipt = desk.forget(person=person)

        assert (receipt.document_ids, receipt.rewritten_ids) == (("desk:1",), ("kb:n",))
        assert not any(b"Ottilie" in content for content in bytes_of(desk.path).values())

    def test_warns_its_group_of_what_it_would_tell(self, desk: KnowledgeBase) -> None:
        """And tells nobody else by a finding."""
        sentence = "The salary bands of the north office were frozen in the spring by the board."
        desk.upsert([article("pay", f"{sentence} Ask Mira.", INTERNAL, groups=("hr",)), LEAVE])

        for_hr = desk.check_outgoing(f"Hello. {sentence}", groups=["hr"])
        for_others = desk.check_outgoing(f"Hello. {sentence}")

        assert [finding.source_id for finding in for_hr.findings] == ["kb:pay"]
        assert for_others.is_clear

    def test_forgets_though_the_name_of_its_group_stays(self, desk: KnowledgeBase) -> None:
        """A group's name is no trace of a document."""
        desk.upsert([article("1", "Salary", INTERNAL, groups=("complianceboard",))])

        assert desk.forget(["kb:1"]).document_ids == ("kb:1",)
        assert desk.groups() == ("complianceboard",)

    def test_is_not_opened_with_a_damaged_list_of_groups(self, filled: KnowledgeBase) -> None:
        """What is not known to be restricted must not come in."""
        (filled.path / "GROUPS").write_bytes(b"\xff\x00hr")

        with pytest.raises(StoreDamagedError, match="it is no list of groups"):
            filled.upsert([LEAVE])
