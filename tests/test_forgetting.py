"""Forgetting documents and people, from every byte of a desk."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from kbsearch import Article, Audience, KnowledgeBase, Person, Ticket
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import ConfigError
from kbsearch.models import Message
from kbsearch.models.ticket import AuthorRole
from tests.builders import article, ticket
from tests.disk import bytes_of
from tests.library import EXTERNAL, INTERNAL, LIBRARY, ids

MIRA = Person(
    id="requester-90817", name="Mira Okafor-Lund", email="mira.okafor@brightwater.example"
)
SECRET_WORDS = ("zirkonleuchte", "quarzheizer", "vermilion")


def asked(number: str, text: str, person: Person, **fields: object) -> Ticket:
    """A ticket whose requester is named in its own fields."""
    return ticket(number, text, people=(person,), **fields)


@pytest.fixture
def built(tmp_path: Path) -> KnowledgeBase:
    """A desk with two snapshots, changes after them, and one document to be forgotten on each."""
    kb = KnowledgeBase.create(tmp_path / "support.kb", embedder=HashingEmbedder())
    kb.upsert(LIBRARY)
    kb.rebuild()
    kb.upsert(
        [
            article("lamp", "The zirkonleuchte flickers near the quarzheizer", EXTERNAL),
            asked("7001", "My vermilion kettle leaks over the printer", MIRA, published=True),
            ticket(
                "7002",
                "Mira Okafor-Lund and OKAFOR-LUND, Mira asked twice, see desk:7001.",
                duplicate_ids=("desk:7001",),
            ),
        ]
    )
    kb.rebuild()
    kb.upsert([article("plotter", "The plotter was sold", INTERNAL)])
    return kb


def places_of(root: Path, needle: bytes) -> list[str]:
    """Files that hold these bytes, in any case of ASCII letters, or as UTF-16."""
    forms = {needle, needle.decode().encode("utf-16-le"), needle.decode().encode("utf-16-be")}
    return [
        name
        for name, content in bytes_of_files(root).items()
        if any(form in content or form in content.lower() for form in forms)
    ]


def bytes_of_files(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


class TestDocuments:
    """By id, whatever holds them."""

    def test_leave_no_byte_behind(self, built: KnowledgeBase) -> None:
        """Not their words, ids or vectors: not in records, snapshots or the log."""
        lamp = built.searcher(EXTERNAL).get("kb:lamp")
        assert isinstance(lamp, Article)
        vector = built.embedder.embed_passages([f"{lamp.title}\n{lamp.body}"])[0]
        assert places_of(built.path, b"zirkonleuchte") != []

        receipt = built.forget(["kb:lamp"], by="privacy@desk.example")

        for needle in (b"zirkonleuchte", b"quarzheiz", b"kb:lamp"):
            assert places_of(built.path, needle) == []
        heads = {vector[:16].astype(kind).tobytes() for kind in ("<f4", "<f2")}
        assert not any(
            head in content for content in bytes_of_files(built.path).values() for head in heads
        )
        assert receipt.document_ids == ("kb:lamp",)
        assert receipt.n_snapshots_removed >= 2
        assert receipt.n_traces >= 3
        assert receipt.n_bytes > 50_000

    def test_leaves_the_rest_as_it_was(self, built: KnowledgeBase) -> None:
        """Found as before, by searchers that are open and by new ones."""
        searcher = built.searcher(INTERNAL)
        before = ids(searcher.search("vpn drops", k=3))

        built.forget(["kb:lamp"])

        assert ids(searcher.search("vpn drops", k=3)) == before
        assert ids(searcher.search("zirkonleuchte quarzheizer")).count("kb:lamp") == 0
        again = KnowledgeBase.open(built.path, embedder=HashingEmbedder())
        assert ids(again.searcher(INTERNAL).search("plotter", k=1)) == ["kb:plotter"]
        assert again.check(INTERNAL).findings == ()

    def test_are_not_taken_again(self, built: KnowledgeBase) -> None:
        """The next import has them still."""
        built.forget(["kb:lamp"])

        report = built.upsert([article("lamp", "The zirkonleuchte flickers", EXTERNAL)])

        assert list(report.forgotten) == ["kb:lamp"]
        assert "was forgotten on 20" in report.forgotten["kb:lamp"]
        assert str(report).endswith("1 forgotten before and not taken")
        assert places_of(built.path, b"zirkonleuchte") == []

    def test_that_were_deleted_before_leave_the_older_snapshots_too(
        self, built: KnowledgeBase
    ) -> None:
        """A deletion alone keeps the staff's snapshots to roll back to."""
        built.delete(["desk:7002"])

        receipt = built.forget(["desk:7002"])

        assert receipt.shelves == ("internal",)
        assert places_of(built.path, b"desk:7002") == []

    def test_on_the_internal_shelf_leave_the_external_directory_alone(
        self, built: KnowledgeBase
    ) -> None:
        """Its bytes would tell customers that something was forgotten."""
        before = bytes_of(built.path / "external")

        built.forget(["kb:plotter"])

        assert bytes_of(built.path / "external") == before

    def test_are_named_by_no_other_document_any_more(self, built: KnowledgeBase) -> None:
        """A link to what is gone says that it was there."""
        receipt = built.forget(["desk:7001"])

        other = built.searcher(INTERNAL).get("desk:7002")
        assert isinstance(other, Ticket)
        assert other.duplicate_ids == ()
        assert other.messages[0].text.endswith("see [forgotten].")
        assert receipt.rewritten_ids == ("desk:7002",)
        assert ids(built.searcher(INTERNAL).search("asked twice", k=1)) == ["desk:7002"]


class TestAPerson:
    """By what the tickets' own fields say."""

    @pytest.mark.parametrize(
        "person",
        [
            Person(email="Mira.Okafor@Brightwater.example"),
            Person(id="requester-90817"),
            Person(name="okafor-lund mira"),
        ],
        ids=["email", "id", "name"],
    )
    def test_takes_the_tickets_they_asked_along(self, built: KnowledgeBase, person: Person) -> None:
        """From both shelves."""
        receipt = built.forget(person=person)

        assert receipt.document_ids == ("desk:7001",)
        assert places_of(built.path, b"vermilion") == []
        assert places_of(built.path, b"mira.okafor@brightwater.example") == []
        assert places_of(built.path, b"requester-90817") == []
        assert ids(built.searcher(EXTERNAL).search("vermilion kettle")).count("desk:7001") == 0

    def test_is_named_nowhere_any_more(self, built: KnowledgeBase) -> None:
        """In any order and case."""
        built.forget(person=MIRA)

        other = built.searcher(INTERNAL).get("desk:7002")
        assert isinstance(other, Ticket)
        assert other.messages[0].text == "[forgotten] and [forgotten] asked twice, see [forgotten]."
        assert places_of(built.path, b"okafor") == []

    def test_is_not_named_by_what_comes_later(self, built: KnowledgeBase) -> None:
        """The same export is imported every night."""
        built.forget(person=MIRA)

        report = built.upsert(
            [
                ticket("7003", "Ask mira.okafor@brightwater.example or Mira Okafor-Lund."),
                asked("7004", "My other kettle leaks", MIRA),
            ]
        )

        assert report.added == ("desk:7003",)
        assert list(report.forgotten) == ["desk:7004"]
        assert places_of(built.path, b"okafor") == []

    def test_may_come_back_and_ask_again(self, built: KnowledgeBase) -> None:
        """What was asked after the request is a new matter."""
        receipt = built.forget(person=MIRA)
        later = receipt.at.replace(year=receipt.at.year + 1)

        report = built.upsert([asked("7005", "A new kettle, please", MIRA, created_at=later)])

        assert report.added == ("desk:7005",)
        assert places_of(built.path, b"okafor") == []

    def test_of_one_word_is_refused(self, built: KnowledgeBase) -> None:
        """It would take everybody of that name along."""
        before = bytes_of(built.path)

        with pytest.raises(ConfigError, match="would match many people"):
            built.forget(person=Person(name="Mira"))

        assert {n: d for n, d in bytes_of(built.path).items() if "LOCK" not in n} == {
            n: d for n, d in before.items() if "LOCK" not in n
        }


class TestTheRequest:
    """What is asked, said and kept."""

    def test_of_nothing_is_refused(self, built: KnowledgeBase) -> None:
        """An empty list is a mistake in the caller's script."""
        with pytest.raises(ConfigError, match="Give ids, or a person"):
            built.forget([])

    def test_can_be_tried_first(self, built: KnowledgeBase) -> None:
        """It says what would be removed, and removes nothing."""
        before = bytes_of(built.path)

        receipt = built.forget(person=MIRA, dry_run=True)

        assert receipt.is_dry_run
        assert (receipt.document_ids, receipt.rewritten_ids) == (("desk:7001",), ("desk:7002",))
        assert bytes_of(built.path) == before

    def test_leaves_a_receipt_that_names_nothing(self, built: KnowledgeBase) -> None:
        """An auditor sees when and at whose word, not what."""
        receipt = built.forget(["kb:lamp"], by="privacy@desk.example")

        with built._writers() as writers:
            noted = writers[Audience.INTERNAL].records.notes_from("receipt:")
        (kept,) = (json.loads(value) for value in noted.values())
        assert kept["by"] == "privacy@desk.example"
        assert kept["n_bytes"] == receipt.n_bytes
        assert len(kept["document_ids"]) == 1
        assert "lamp" not in kept["document_ids"][0]

    def test_of_an_unknown_id_keeps_it_from_coming(self, built: KnowledgeBase) -> None:
        """It may be in tonight's export."""
        built.forget(["kb:nobody"])

        assert built.upsert([article("nobody", "Who is it", INTERNAL)]).added == ()


def test_traces_are_found_where_a_deletion_leaves_them(built: KnowledgeBase) -> None:
    """A control: a plain deletion leaves words in the staff's snapshots."""
    built.delete(["desk:7002"])
    built.rebuild()

    assert places_of(built.path / "internal", b"lund") != []


def test_a_vector_is_looked_for_in_each_form_it_may_have() -> None:
    """As FAISS, a compressed index or a quantised one would hold it."""
    from kbsearch.forgetting.traces import TraceFinder, Traces, head_of

    vector = np.linspace(-1, 1, 32, dtype=np.float32)
    finder = TraceFinder(Traces(vectors={"input": head_of(vector)}))
    others = np.linspace(-1, 0.9, 4000, dtype=np.float32).tobytes()

    for form in (vector, vector.astype("<f2"), np.round(vector * 127).astype(np.int8)):
        assert list(finder.kinds_in(others + b"x" + form.tobytes() + others)) == ["vector"]
    assert list(finder.kinds_in(others)) == []


def test_an_import_pays_nothing_for_it_until_something_is_forgotten(built: KnowledgeBase) -> None:
    """Texts are then given back as the same objects."""
    from kbsearch.indexing.forgotten import Forgotten

    with built._writers() as writers:
        forgotten = Forgotten.load(writers[Audience.INTERNAL].records)
    document = ticket("1", "x", messages=(Message(author_role=AuthorRole.AGENT, text="y"),))

    assert not forgotten
    assert forgotten.cleansed(document) is document
