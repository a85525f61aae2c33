"""No word of anything private, and no vector of it, is in anything that customers get."""

from __future__ import annotations

import logging
import pickle
import sqlite3
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kbsearch import Filters, KnowledgeBase, Searcher, Settings
from kbsearch.config import EmbedderSettings, SnapshotSettings
from kbsearch.embed import HashingEmbedder
from tests.builders import article, ticket
from tests.cli_runner import run
from tests.disk import bytes_of
from tests.library import EXTERNAL, INTERNAL
from tests.wall.canaries import (
    CANARIES,
    DOCUMENTS,
    MANUAL,
    NEVER_STORED,
    PUBLISHED,
    STAFF_ARTICLE,
    canaries_in,
    canary,
)
from tests.wall.channels import COMMANDS

_DIM = 32
_ARGUMENTS = {"search": ("printer tray",), "similar": ("desk:public",), "show": ("desk:public",)}


@pytest.fixture
def kb(tmp_path: Path) -> Iterator[KnowledgeBase]:
    """All kinds of private text beside public ones, half in snapshots, half in the delta."""
    settings = Settings(
        embedder=EmbedderSettings(kind="hashing", dim=_DIM),
        snapshots=SnapshotSettings(fold_at_passages=4),
    )
    with KnowledgeBase.create(tmp_path / "support.kb", settings=settings) as desk:
        desk.upsert(DOCUMENTS)
        desk.rebuild()
        more = {"tags": (canary("tag"), "more")}
        desk.upsert([PUBLISHED.model_copy(update=more), *DOCUMENTS[2:]])
        desk.upsert([MANUAL.model_copy(update={"tags": ("tray",)})])
        yield desk


def test_every_canary_stands_on_the_internal_shelf(kb: KnowledgeBase) -> None:
    """Else the tests below would look for what is nowhere."""
    internal = b"".join(bytes_of(kb.path / "internal").values())

    assert len(CANARIES) > 30
    assert {*canaries_in(internal), *NEVER_STORED} == CANARIES.keys()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_canary_is_found_in_any_case_encoding_and_place(encoding: str) -> None:
    """Control, by itself: in the middle of other bytes, and cut short by a stemmer."""
    cut_short = canary("body")[:-3].upper()

    assert canaries_in(b"\xff\0" + f"x{cut_short}x".encode(encoding) + b"\0") == ["body"]


def test_no_canary_stands_in_any_external_file(kb: KnowledgeBase) -> None:
    """Records, free pages, vocabularies, manifests, locks: every byte of the directory."""
    found = {
        name: canaries_in(content + name.encode())
        for name, content in bytes_of(kb.path / "external").items()
    }

    assert len(found) > 8
    assert {name: canaries for name, canaries in found.items() if canaries} == {}


def _vectors(kb: KnowledgeBase) -> list[np.ndarray]:
    connection = sqlite3.connect(kb.path / "internal" / "records.sqlite")
    blobs = [row[0] for row in connection.execute("SELECT vector FROM vectors")]
    connection.close()
    return [np.frombuffer(blob, dtype=np.float32) for blob in blobs]


def test_no_vector_of_an_internal_passage_stands_in_any_external_file(kb: KnowledgeBase) -> None:
    """A vector gives much of its text away to who has the model; as float32 and as float16."""
    vectors = _vectors(kb)
    files = {shelf: bytes_of(kb.path / shelf) for shelf in ("internal", "external")}

    def holding(shelf: str, vector: bytes) -> list[str]:
        return [name for name, content in files[shelf].items() if vector in content]

    assert len(vectors) >= 8
    for vector in vectors:
        assert vector.shape == (_DIM,)
        assert "records.sqlite" in holding("internal", vector.tobytes())
        assert holding("external", vector.tobytes()) == []
        assert holding("external", vector.astype(np.float16).tobytes()) == []


def _answers(kb: KnowledgeBase) -> Iterator[str]:
    """All that customers are answered, whatever of the staff's words they try."""
    customers = kb.searcher(EXTERNAL)
    for word in [*CANARIES.values(), "printer password", "recall of the printer", "customer"]:
        for filters in (Filters(), Filters(tags=(word,)), Filters(product=(word,))):
            for hit in customers.search(word, k=10_000, filters=filters):
                yield hit.model_dump_json()
                yield from (repr(hit), hit.reason)
        yield from (hit.model_dump_json() for hit in customers.similar(ticket("draft", word)))
        yield from map(repr, customers.rank(word, k=1_000))
    for document_id in ("desk:public", "kb:manual"):
        yield customers.get(document_id).model_dump_json()
        yield repr(customers.removed(document_id))
    yield repr(customers.boilerplate())
    yield from kb.ids(EXTERNAL)
    yield from map(repr, kb.stats(EXTERNAL))
    yield from map(repr, kb.snapshots(EXTERNAL))
    yield kb.check(EXTERNAL).model_dump_json()


def _error_of(call: Callable[[], object]) -> BaseException:
    with pytest.raises(Exception, match=r".") as raised:
        call()
    return raised.value


def _errors(kb: KnowledgeBase) -> Iterator[str]:
    """Text, repr, attributes, pickle, and the traceback with every local variable."""
    customers = kb.searcher(EXTERNAL)
    calls: list[Callable[[], object]] = [
        lambda: customers.get("desk:none"),
        lambda: customers.removed("desk:none"),
        lambda: customers.similar("desk:none"),
        lambda: customers.similar("kb:manual"),
        lambda: customers.search("printer", k=0),
        lambda: kb.searcher("staff"),
        lambda: kb.rollback(EXTERNAL, to=999),
    ]
    for call in calls:
        error = _error_of(call)
        yield from (str(error), repr(error), repr(vars(error)), repr(pickle.dumps(error)))
        yield from traceback.TracebackException.from_exception(error, capture_locals=True).format()


def _printed(kb: KnowledgeBase) -> Iterator[str]:
    """Every command that customers' answers come from, for people and with --json."""
    for command in sorted(COMMANDS):
        for form in ((), ("--json",)):
            arguments = _ARGUMENTS.get(command, ())
            options = ("--desk", kb.path, "--audience", "external")
            done = run(command, *arguments, *options, *form)
            yield from (done.stdout, done.stderr)


def test_no_canary_is_in_any_answer_error_log_line_or_print(
    kb: KnowledgeBase, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever customers ask, and whatever an operator then reads in the log."""
    caplog.set_level(logging.NOTSET)
    caplog.set_level(logging.DEBUG, logger="kbsearch")

    said = [*_answers(kb), *_errors(kb), *_printed(kb)]
    printed = capfd.readouterr()

    assert len(said) > 200
    logged = [f"{record.getMessage()} {record.__dict__}" for record in caplog.records]
    for text in [*said, *logged, printed.out, printed.err]:
        assert canaries_in(text) == []


def test_a_canary_in_a_log_line_would_be_found(
    kb: KnowledgeBase, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: somebody logs what a search looked through, at the lowest level."""
    caplog.set_level(logging.DEBUG, logger="kbsearch")
    search = Searcher.search

    def search_and_log(self: Searcher, query: str, **named: Any) -> object:
        staff = kb.searcher(INTERNAL).get(STAFF_ARTICLE.id)
        logging.getLogger("kbsearch.search").debug("searching %s too", staff)
        return search(self, query, **named)

    monkeypatch.setattr(Searcher, "search", search_and_log)
    kb.searcher(EXTERNAL).search("printer", k=3)

    assert "body" in canaries_in(caplog.text)


def test_no_canary_is_in_what_a_write_logs_or_its_report_says(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Reports go into tickets and logs into archives; ids are all that they need."""
    caplog.set_level(logging.NOTSET)
    kb = KnowledgeBase.create(tmp_path / "support.kb", embedder=HashingEmbedder(_DIM))
    secret = f"The {canary('body')} of staff. "
    too_long = article("long", secret * 30_000, INTERNAL)
    twice = [article("twice", f"{secret}{n}", INTERNAL) for n in range(2)]

    report = kb.upsert([too_long, *twice, article("1", secret, INTERNAL)])
    kb.rebuild()
    kb.delete(["kb:1"])

    assert len(report.rejected) == 3
    assert canaries_in(report.model_dump_json()) == []
    assert canaries_in(caplog.text) == []


def test_what_was_withdrawn_leaves_the_external_records_at_once(kb: KnowledgeBase) -> None:
    """Its text is overwritten, not marked as deleted."""
    assert b"opening tray two" in (kb.path / "external" / "records.sqlite").read_bytes()

    kb.upsert([MANUAL.model_copy(update={"audience": INTERNAL})])

    assert b"opening tray two" not in (kb.path / "external" / "records.sqlite").read_bytes()


def test_what_was_withdrawn_is_in_no_external_file_after_a_rebuild(tmp_path: Path) -> None:
    """An article went out by mistake: its words and vectors must not stay in old snapshots."""
    kb = KnowledgeBase.create(tmp_path / "support.kb", embedder=HashingEmbedder(_DIM))
    mistake = article("1", f"Printer shelf holds {canary('body')}", EXTERNAL)
    kb.upsert([mistake, MANUAL])
    kb.rebuild()

    kb.upsert([mistake.model_copy(update={"audience": INTERNAL})])
    kb.rebuild()

    found = {name: canaries_in(blob) for name, blob in bytes_of(kb.path / "external").items()}
    assert {name: canaries for name, canaries in found.items() if canaries} == {}
