"""The audit trail: what was published, withdrawn and forgotten, by whom and when."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from kbsearch import ArticleStatus, KnowledgeBase, Person, Settings
from kbsearch.config import RedactionSettings
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import ConfigError, DamagedRecordError
from kbsearch.models import AuditEntry
from tests.builders import agent_says, article, customer_says, ticket
from tests.disk import bytes_of
from tests.library import EXTERNAL, INTERNAL

MORNING = datetime(2024, 5, 17, 8, tzinfo=UTC)


class Act(NamedTuple):
    """What an entry says of one act."""

    action: str
    document_id: str | None
    by: str | None
    how: str


class Clock:
    """An hour passes with each look at it."""

    def __init__(self) -> None:
        self.now = MORNING - timedelta(hours=1)

    def __call__(self) -> datetime:
        self.now += timedelta(hours=1)
        return self.now


@pytest.fixture
def kb(tmp_path: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase.create(
        tmp_path / "support.kb", embedder=HashingEmbedder(), clock=Clock()
    ) as desk:
        yield desk


def acts(kb: KnowledgeBase) -> list[Act]:
    """All of them, oldest first."""
    return [Act(e.action, e.document_id, e.by, e.how) for e in reversed(kb.audit(limit=10_000))]


def notes(kb: KnowledgeBase) -> list[str | None]:
    return [entry.note for entry in reversed(kb.audit(limit=10_000))]


class TestWhatIsNoted:
    """An entry for each document that customers gain, lose, or read otherwise."""

    def test_a_life_with_customers_from_the_first_day_to_the_last(self, kb: KnowledgeBase) -> None:
        """Each act with its author, in the order of the clock."""
        kb.upsert([article("vpn", "It drops", EXTERNAL)], by="Mira Okafor")
        kb.upsert([article("vpn", "It drops after sleep", EXTERNAL)], by="Jonas Ekwall")
        kb.withdraw(["kb:vpn"], by="Rui Pardal", reason="wrong since 4.6")
        kb.upsert([article("vpn", "It drops after sleep", EXTERNAL)])
        kb.delete(["kb:vpn"], by="Ilse Brandner")

        assert acts(kb) == [
            Act("published", "kb:vpn", "Mira Okafor", "upsert"),
            Act("changed", "kb:vpn", "Jonas Ekwall", "upsert"),
            Act("withdrawn", "kb:vpn", "Rui Pardal", "withdraw"),
            Act("published", "kb:vpn", None, "upsert"),
            Act("deleted", "kb:vpn", "Ilse Brandner", "delete"),
        ]
        assert notes(kb) == [None, None, "wrong since 4.6", None, None]
        assert [e.at for e in kb.audit()] == [MORNING + timedelta(hours=n) for n in (4, 3, 2, 1, 0)]
        assert [entry.number for entry in kb.audit()] == [5, 4, 3, 2, 1]
        assert {entry.shelf for entry in kb.audit()} == {"external"}

    def test_what_staff_alone_can_read_is_not_noted(self, kb: KnowledgeBase) -> None:
        """The trail is of what customers gain and lose."""
        kb.upsert([article("dns", "Clear the cache", INTERNAL), ticket("1", "Slow")], by="Mira")
        kb.upsert([article("dns", "Clear it twice", INTERNAL)], by="Mira")
        kb.delete(["kb:dns", "desk:1"], by="Mira")

        assert acts(kb) == []

    @pytest.mark.parametrize("again", ["upsert", "rebuild", "dry run"])
    def test_what_changes_nothing_is_not_noted(self, kb: KnowledgeBase, again: str) -> None:
        """Nightly imports repeat everything; a trail of that hides what matters."""
        document = article("vpn", "It drops", EXTERNAL)
        kb.upsert([document])
        if again == "upsert":
            kb.upsert([document])
        elif again == "rebuild":
            kb.rebuild()
        else:
            kb.upsert([article("mfa", "New", EXTERNAL)], dry_run=True)

        assert [act.action for act in acts(kb)] == ["published"]

    def test_a_private_change_of_a_published_ticket_is_not_noted(self, kb: KnowledgeBase) -> None:
        """Its public face reads as before."""
        public = customer_says("The lid wakes it", id="m1")
        kb.upsert([ticket("7", "x", published=True, messages=(public,))])
        note = agent_says("Ask Rui for the old firmware", public=False, id="m2")
        kb.upsert([ticket("7", "x", published=True, messages=(public, note))])

        assert [act.action for act in acts(kb)] == ["published"]

    def test_a_ticket_that_says_less_leaves_first_and_comes_again(self, kb: KnowledgeBase) -> None:
        """As it happens: customers lose the old face before the new one is written."""
        both = (customer_says("The lid wakes it", id="m1"), agent_says("So?", public=True, id="m2"))
        kb.upsert([ticket("7", "x", published=True, messages=both)])
        kb.upsert([ticket("7", "x", published=True, messages=both[:1])], by="Mira")

        assert acts(kb) == [
            Act("published", "desk:7", None, "upsert"),
            Act("withdrawn", "desk:7", "Mira", "upsert"),
            Act("published", "desk:7", "Mira", "upsert"),
        ]

    def test_an_article_that_becomes_internal_is_withdrawn(self, kb: KnowledgeBase) -> None:
        """Whatever the reason: another audience, or another status."""
        kb.upsert([article("a", "One", EXTERNAL), article("b", "Two", EXTERNAL)])
        kb.upsert(
            [article("a", "One", INTERNAL), article("b", "Two", EXTERNAL, status="archived")],
            by="Mira",
        )

        assert acts(kb)[2:] == [
            Act("withdrawn", "kb:a", "Mira", "upsert"),
            Act("withdrawn", "kb:b", "Mira", "upsert"),
        ]

    def test_a_rollback_of_customers_indexes_is_noted_and_that_of_staff_is_not(
        self, kb: KnowledgeBase
    ) -> None:
        """With the snapshot that is live since."""
        kb.upsert([article("a", "One", EXTERNAL), article("b", "Two", INTERNAL)])
        kb.rebuild()
        kb.upsert([article("a", "One more", EXTERNAL), article("b", "Two more", INTERNAL)])
        kb.rebuild()

        kb.rollback(INTERNAL, by="Mira")
        kb.rollback(EXTERNAL, by="Mira")

        assert acts(kb)[-1] == Act("rolled back", None, "Mira", "rollback")
        assert notes(kb)[-1] == "to snapshot 1"
        assert [act.action for act in acts(kb)] == ["published", "changed", "rolled back"]

    def test_a_rebuild_that_redacts_more_is_noted_as_a_change(self, tmp_path: Path) -> None:
        """Customers read something else since; nobody said who."""
        kept = Settings(redaction=RedactionSettings(personal=False))
        path, embedder = tmp_path / "support.kb", HashingEmbedder()
        with KnowledgeBase.create(path, settings=kept, embedder=embedder) as kb:
            kb.upsert(
                [
                    article("a", "Write to mira@brightwater.example", EXTERNAL),
                    article("b", "Write to nobody", EXTERNAL),
                ]
            )
        toml = path / "kbsearch.toml"
        toml.write_text(toml.read_text().replace("personal = false", "personal = true"))

        with KnowledgeBase.open(path, embedder=embedder) as kb:
            kb.rebuild()

            assert acts(kb)[2:] == [Act("changed", "kb:a", None, "rebuild")]


class TestReading:
    """What was asked for, newest first."""

    def test_it_can_be_asked_by_time_document_action_and_author(self, kb: KnowledgeBase) -> None:
        """Each condition restricts, together they all do."""
        kb.upsert([article("a", "One", EXTERNAL)], by="Mira")
        kb.upsert([article("b", "Two", EXTERNAL)], by="Jonas")
        kb.withdraw(["kb:a"], by="Mira")

        def numbers(**asked: object) -> list[int]:
            return [entry.number for entry in kb.audit(**asked)]  # type: ignore[arg-type]

        assert numbers(document_id="kb:a") == [3, 1]
        assert numbers(action="published") == [2, 1]
        assert numbers(by="Mira") == [3, 1]
        assert numbers(since=MORNING + timedelta(hours=1)) == [3, 2]
        assert numbers(until=MORNING + timedelta(hours=1)) == [1]
        assert numbers(by="Mira", action="withdrawn", document_id="kb:a") == [3]
        assert numbers(limit=1) == [3]
        assert numbers(by="Rui") == []

    def test_an_unknown_action_or_a_time_without_offset_is_refused(self, kb: KnowledgeBase) -> None:
        """An empty answer would read as: nothing was published."""
        with pytest.raises(ConfigError, match=r"'printed' is no action\. There are: published"):
            kb.audit(action="printed")
        with pytest.raises(ConfigError, match="has no offset"):
            kb.audit(since=datetime(2024, 5, 17))

    def test_what_was_given_when_it_was_noted_finds_it(self, kb: KnowledgeBase) -> None:
        """Names are kept in one clean line, and asked for so; ids too."""
        given = " Mira\n\u200b  Okafor "
        kb.upsert([article("a", "One", EXTERNAL)], by=given)
        kb.upsert([article("b", "Two", EXTERNAL)], by="Mira")

        assert [entry.document_id for entry in kb.audit(by=given)] == ["kb:a"]
        assert [entry.by for entry in kb.audit(document_id=" kb:a\x00\n")] == ["Mira Okafor"]

    def test_who_and_why_are_kept_in_one_clean_line(self, kb: KnowledgeBase) -> None:
        """They end up in terminals and tables; what is too long is refused, never cut."""
        kb.upsert([article("a", "One", EXTERNAL)], by=" Mira\n\x1b[31mOkafor ")
        kb.upsert([article("b", "One", EXTERNAL)], by="   ")

        assert [act.by for act in acts(kb)] == ["Mira [31mOkafor", None]
        with pytest.raises(ConfigError, match="1,000 characters at most"):
            kb.withdraw(["kb:a"], reason="x" * 1001)


class TestVerification:
    """A row that is gone or altered is found."""

    @pytest.fixture
    def noted(self, kb: KnowledgeBase) -> KnowledgeBase:
        for name in "abcd":
            kb.upsert([article(name, f"Page {name}", EXTERNAL)], by="Mira")
        assert kb.check(INTERNAL).findings == ()
        return kb

    @pytest.mark.parametrize(
        ("sql", "finding"),
        [
            ("DELETE FROM audit WHERE number = 2", "audit entry 2 is missing"),
            ("DELETE FROM audit WHERE number > 2", "audit entries 3 to 4 are missing"),
            ("DELETE FROM audit", "audit entries 1 to 4 are missing"),
            ("UPDATE audit SET who = 'Rui' WHERE number = 3", "audit entry 3 is not what was"),
            ("UPDATE audit SET at_us = at_us + 1 WHERE number = 1", "audit entry 1 is not what"),
            ("UPDATE audit SET nonce = x'' WHERE number = 1", "audit entry 1 is not what was"),
            ("UPDATE meta SET value = '4 00' WHERE name = 'audit_head'", "does not end with what"),
        ],
    )
    def test_by_check(self, noted: KnowledgeBase, sql: str, finding: str) -> None:
        """Whoever removes the trace of a publication leaves one."""
        _execute(noted, sql)

        found = [each.what for each in noted.check(INTERNAL).findings]

        assert any(finding in what for what in found)
        assert noted.check(EXTERNAL).findings == ()

    def test_by_the_chain_where_checksum_and_seal_were_made_anew(
        self, noted: KnowledgeBase
    ) -> None:
        """A row that is whole in itself, with another author: the next one tells."""
        from kbsearch.store import schema

        def forge(connection: sqlite3.Connection) -> None:
            row = list(connection.execute("SELECT * FROM audit WHERE number = 2").fetchone())
            row[6] = "Rui"
            row[9] = schema.checksum(row[8], *row[5:8])
            row[10] = schema.checksum(b"", *row[:5], row[9])
            row[11] = schema.checksum(*row[:11])
            connection.execute("DELETE FROM audit WHERE number = 2")
            connection.execute(f"INSERT INTO audit VALUES ({','.join('?' * 12)})", row)

        _with_internal(noted, forge)

        assert [f.what for f in noted.check(INTERNAL).findings] == [
            "audit entry 2 is not what was written",
            "audit entry 3 is not what was written",
        ]

    def test_when_an_entry_is_read(self, noted: KnowledgeBase) -> None:
        """A damaged entry is never shown as if somebody had said it."""
        _execute(noted, "UPDATE audit SET who = 'Rui' WHERE number = 3")

        with pytest.raises(DamagedRecordError, match="audit"):
            noted.audit()


def _with_internal(kb: KnowledgeBase, work: object) -> None:
    connection = sqlite3.connect(kb.path / "internal" / "records.sqlite")
    try:
        work(connection)  # type: ignore[operator]
        connection.commit()
    finally:
        connection.close()


def _execute(kb: KnowledgeBase, sql: str) -> None:
    _with_internal(kb, lambda connection: connection.execute(sql))


class TestForgetting:
    """Who is forgotten is not kept in the trail of what was done."""

    def test_a_forgotten_document_keeps_a_hash_and_the_acts_their_authors(
        self, kb: KnowledgeBase
    ) -> None:
        """The same hash in all of its entries, and for `audit` by its id."""
        kb.upsert([article("lamp", "The zirkonleuchte flickers", EXTERNAL)], by="Mira")
        kb.withdraw(["kb:lamp"], by="Rui", reason="a zirkonleuchte is no lamp")
        kb.upsert([article("vpn", "It drops", EXTERNAL)], by="Mira")

        kb.forget(["kb:lamp"], by="privacy")

        entries = kb.audit(document_id="kb:lamp")
        (hashed,) = {entry.document_id for entry in entries}
        assert str(hashed).startswith("forgotten:document:")
        assert [(e.action, e.by, e.note, e.is_blanked) for e in entries] == [
            ("forgotten", "privacy", None, False),
            ("withdrawn", "Rui", "[forgotten]", True),
            ("published", "Mira", None, True),
        ]
        assert [e.shelf for e in entries] == ["", "external", "external"]
        assert acts(kb)[2] == Act("published", "kb:vpn", "Mira", "upsert")
        assert kb.check(INTERNAL).findings == ()
        assert not [n for n, content in bytes_of(kb.path).items() if b"kb:lamp" in content]

    def test_a_forgotten_person_is_in_no_author_and_no_note(self, kb: KnowledgeBase) -> None:
        """Also where they worked for the desk themselves."""
        kb.upsert([article("vpn", "It drops", EXTERNAL)], by="Tamsin Vale")
        kb.withdraw(["kb:vpn"], by="Mira", reason="asked by tamsin@brightwater.example")
        kb.upsert([article("vpn", "It drops", EXTERNAL)], by="Mira", how="import zendesk")

        kb.forget(person=Person(name="Tamsin Vale", email="tamsin@brightwater.example"))
        kb.withdraw(["kb:vpn"], by="Vale Tamsin")

        assert [(act.by, act.how) for act in acts(kb)] == [
            ("[forgotten]", "upsert"),
            ("Mira", "withdraw"),
            ("Mira", "import zendesk"),
            (None, "forget"),
            ("[forgotten]", "withdraw"),
        ]
        assert notes(kb)[1] == "[forgotten]"
        kb.rebuild()  # what was withdrawn is found by staff from now on
        assert kb.check(INTERNAL).findings == ()
        assert not [n for n, content in bytes_of(kb.path).items() if b"amsin" in content]

    def test_a_page_that_no_longer_names_them_is_noted_as_changed(self, kb: KnowledgeBase) -> None:
        """Customers read something else since."""
        kb.upsert([article("a", "Ask Tamsin Vale", EXTERNAL), article("b", "Ask", EXTERNAL)])

        kb.forget(person=Person(name="Tamsin Vale"), by="privacy")

        assert acts(kb)[2:] == [
            Act("changed", "kb:a", "privacy", "forget"),
            Act("forgotten", None, "privacy", "forget"),
        ]

    def test_an_entry_is_blanked_without_breaking_those_after_it(self, kb: KnowledgeBase) -> None:
        """The seal stays, its nonce goes: guessing who it was cannot be checked against it."""
        kb.upsert([article("a", "One", EXTERNAL), article("b", "Two", EXTERNAL)], by="Mira")
        before = _sealed(kb)

        kb.forget(["kb:a"])

        after = _sealed(kb)
        assert [row[1:] for row in after[:2]] == [row[1:] for row in before[:2]]
        assert after[0][0] == b""
        assert after[1][0] == before[1][0] != b""

    def test_words_of_the_trail_itself_are_no_traces(self, kb: KnowledgeBase) -> None:
        """A reason may use the same long word as what is forgotten."""
        kb.upsert([article("a", "The compliance handbook", EXTERNAL)])
        kb.upsert([article("b", "Two", EXTERNAL)], by="compliance office")

        receipt = kb.forget(["kb:a"], by="privacy")

        assert receipt.document_ids == ("kb:a",)


def _sealed(kb: KnowledgeBase) -> list[tuple[bytes, bytes, bytes]]:
    found: list[tuple[bytes, bytes, bytes]] = []
    _with_internal(
        kb,
        lambda c: found.extend(
            c.execute("SELECT nonce, seal, chain FROM audit ORDER BY 1=0, number")
        ),
    )
    return found


def test_an_entry_is_frozen_and_knows_no_other_fields(kb: KnowledgeBase) -> None:
    """What is shown is what was written."""
    kb.upsert([article("a", "One", EXTERNAL)])

    (entry,) = kb.audit()

    assert isinstance(entry, AuditEntry)
    assert AuditEntry.model_validate_json(entry.model_dump_json()) == entry
    assert ArticleStatus.PUBLISHED.value == entry.action
