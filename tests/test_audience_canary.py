"""Unique words in everything private, and a search for them in everything that customers get."""

from __future__ import annotations

import logging
import sqlite3
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from kbsearch import (
    ArticleStatus,
    Filters,
    KnowledgeBase,
    Resolution,
    Settings,
    TicketStatus,
)
from kbsearch.config import SnapshotSettings
from kbsearch.embed import HashingEmbedder
from kbsearch.models import Document
from tests.builders import agent_says, article, customer_says, ticket
from tests.disk import bytes_of
from tests.library import EXTERNAL, INTERNAL

_FIELDS_OF_A_TICKET = {
    "subject": "zqsubject7",
    "tags": ("zqtag7",),
    "article_ids": ("kb:zqarticle7",),
    "duplicate_ids": ("desk:zqduplicate7",),
    "merged_ids": ("desk:zqmerged7",),
}
_PRIVATE_MESSAGES = (
    agent_says("The zqnote7 was wrong", public=False, id="zqnoteid7"),
    customer_says("My zqpassword7 is on the lid", public=False, id="zqprivateid7"),
)
PUBLISHED = ticket(
    "public",
    "",
    messages=(
        customer_says("Printer jams on page two", id="m1"),
        *_PRIVATE_MESSAGES,
        agent_says("Open tray two", public=True, id="m2"),
    ),
    status=TicketStatus.RESOLVED,
    resolution=Resolution(text="Replaced zqpart7 under warranty", message_id="zqnoteid7"),
    published=True,
    **_FIELDS_OF_A_TICKET,
)
UNPUBLISHED = ticket(
    "zqunpublished7",
    "The zqproblem7 of a customer",
    subject="zqother7",
    product="zqproduct7",
    tags=("zqlabel7",),
)
STAFF_ARTICLE = article(
    "zqstaff7",
    "Printer shelf holds zqbody7",
    INTERNAL,
    title="Printer zqtitle7",
    product="zqmodel7",
    tags=("zqkeyword7",),
    supersedes=("kb:zqolder7",),
)
DRAFT = article(
    "zqdraft7", "Printer recall of zqrecall7", EXTERNAL, status=ArticleStatus.DRAFT, title="Recall"
)
EXTERNAL_ARTICLE = article("manual", "Printer jams are cured by opening tray two", EXTERNAL)

CANARIES = sorted(
    "zqsubject7 zqtag7 zqarticle7 zqduplicate7 zqmerged7 zqnote7 zqnoteid7 zqpassword7 "
    "zqprivateid7 zqpart7 zqunpublished7 zqproblem7 zqother7 zqproduct7 zqlabel7 zqstaff7 "
    "zqbody7 zqtitle7 zqmodel7 zqkeyword7 zqolder7 zqdraft7 zqrecall7".split()
)
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


def canaries_in(content: bytes) -> list[str]:
    """Those whose letters stand anywhere in these bytes, in any case and encoding."""
    lowered = content.lower()
    return [c for c in CANARIES if any(c.encode(encoding) in lowered for encoding in ENCODINGS)]


@pytest.fixture
def kb(tmp_path: Path) -> Iterator[KnowledgeBase]:
    """All kinds of private text beside public ones, half in snapshots, half in the delta."""
    settings = Settings(snapshots=SnapshotSettings(fold_at_passages=4))
    documents: list[Document] = [STAFF_ARTICLE, PUBLISHED, EXTERNAL_ARTICLE, DRAFT, UNPUBLISHED]
    with KnowledgeBase.create(
        tmp_path / "support.kb", settings=settings, embedder=HashingEmbedder(32)
    ) as desk:
        desk.upsert(documents)
        desk.rebuild()
        desk.upsert([PUBLISHED.model_copy(update={"tags": ("zqtag7", "more")}), *documents[2:]])
        desk.upsert([EXTERNAL_ARTICLE.model_copy(update={"tags": ("tray",)})])
        yield desk


def test_every_canary_stands_on_the_internal_shelf(kb: KnowledgeBase) -> None:
    """Else the tests below would look for what is nowhere."""
    internal = b"".join(bytes_of(kb.path / "internal").values())

    assert canaries_in(internal) == CANARIES


def test_no_canary_stands_in_any_external_file(kb: KnowledgeBase) -> None:
    """Records, free pages, vocabularies, manifests, locks: every byte of the directory."""
    found = {
        name: canaries_in(content + name.encode())
        for name, content in bytes_of(kb.path / "external").items()
    }

    assert len(found) > 8
    assert {name: canaries for name, canaries in found.items() if canaries} == {}


def test_no_vector_of_an_internal_passage_stands_in_any_external_file(kb: KnowledgeBase) -> None:
    """A vector gives much of its text away to who has the model."""
    connection = sqlite3.connect(kb.path / "internal" / "records.sqlite")
    vectors = [row[0] for row in connection.execute("SELECT vector FROM vectors")]
    connection.close()
    files = {shelf: bytes_of(kb.path / shelf) for shelf in ("internal", "external")}

    def holding(shelf: str, vector: bytes) -> list[str]:
        return [name for name, content in files[shelf].items() if vector in content]

    assert len(vectors) >= 8
    for vector in vectors:
        assert len(vector) == 4 * 32
        assert "records.sqlite" in holding("internal", vector)
        assert holding("external", vector) == []


def _errors_of(kb: KnowledgeBase) -> list[BaseException]:
    customers = kb.searcher(EXTERNAL)
    found: list[BaseException] = []
    for call in (
        lambda: customers.get("desk:none"),
        lambda: customers.similar("desk:none"),
        lambda: customers.similar("kb:manual"),
        lambda: customers.search("printer", k=0),
        lambda: kb.searcher("staff"),
    ):
        with pytest.raises(Exception, match=r".") as raised:
            call()
        found.append(raised.value)
    return found


def test_no_canary_is_in_any_answer_error_log_line_or_print(
    kb: KnowledgeBase, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever customers ask, and whatever an operator then reads in the log."""
    caplog.set_level(logging.NOTSET)
    customers = kb.searcher(EXTERNAL)
    said = [stats.model_dump_json() for stats in kb.stats(EXTERNAL)]
    said.append(kb.check(EXTERNAL).model_dump_json())

    for canary in [*CANARIES, "printer password", "recall of the printer", "customer"]:
        for filters in (Filters(), Filters(tags=(canary,)), Filters(product=(canary,))):
            found = customers.search(canary, k=10_000, filters=filters)
            said += [hit.model_dump_json() for hit in found]
        said += [hit.model_dump_json() for hit in customers.similar(ticket("draft", canary))]
    said += [customers.get(i).model_dump_json() for i in ("desk:public", "kb:manual")]
    said += [hit.reason for hit in customers.search("zq printer", filters=Filters())]
    for error in _errors_of(kb):
        said += traceback.format_exception(error)
        said.append(repr(vars(error)))
    printed = capfd.readouterr()

    assert len(said) > 60
    for text in [*said, caplog.text, printed.out, printed.err]:
        assert canaries_in(text.encode()) == []


def test_no_canary_is_in_what_a_write_logs_or_its_report_says(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Reports go into tickets and logs into archives; ids are all that they need."""
    caplog.set_level(logging.NOTSET)
    kb = KnowledgeBase.create(tmp_path / "support.kb", embedder=HashingEmbedder(32))
    secret = "The zqbody7 of staff. "
    too_long = article("long", secret * 60_000, INTERNAL)
    twice = [article("twice", f"{secret}{n}", INTERNAL) for n in range(2)]

    report = kb.upsert([too_long, *twice, article("1", secret, INTERNAL)])
    kb.rebuild()
    kb.delete(["kb:1"])

    assert len(report.rejected) == 3
    assert canaries_in(report.model_dump_json().encode()) == []
    assert canaries_in(caplog.text.encode()) == []


def test_what_was_withdrawn_leaves_the_external_records_at_once(kb: KnowledgeBase) -> None:
    """Its text is overwritten, not marked as deleted."""
    assert b"opening tray two" in (kb.path / "external" / "records.sqlite").read_bytes()

    kb.upsert([EXTERNAL_ARTICLE.model_copy(update={"audience": INTERNAL})])

    assert b"opening tray two" not in (kb.path / "external" / "records.sqlite").read_bytes()


def test_what_was_withdrawn_is_in_no_external_file_after_a_rebuild(tmp_path: Path) -> None:
    """An article went out by mistake: its words and vectors must not stay in old snapshots."""
    kb = KnowledgeBase.create(tmp_path / "support.kb", embedder=HashingEmbedder(32))
    mistake = article("1", "Printer shelf holds zqbody7", EXTERNAL)
    kb.upsert([mistake, EXTERNAL_ARTICLE])
    kb.rebuild()

    kb.upsert([mistake.model_copy(update={"audience": INTERNAL})])
    kb.rebuild()

    found = {name: canaries_in(blob) for name, blob in bytes_of(kb.path / "external").items()}
    assert {name: canaries for name, canaries in found.items() if canaries} == {}
