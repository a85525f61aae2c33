"""Forgetting where it is difficult: parts of words, damage, other processes, other settings."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest

from kbsearch import Audience, KnowledgeBase, Person, Settings, Ticket
from kbsearch.config import WordSettings
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import ConfigError, KbSearchError, StillThereError, StoreDamagedError
from kbsearch.forgetting.traces import Found, TraceFinder, Traces, find_traces
from kbsearch.indexing.forgotten import standing_alone
from tests.builders import article, customer_says, ticket
from tests.disk import bytes_of
from tests.library import EXTERNAL, INTERNAL, LIBRARY, ids

MIRA = Person(name="Mira Okafor", email="mira@brightwater.example")


@pytest.fixture
def kb(tmp_path: Path) -> KnowledgeBase:
    """A desk with a snapshot and an article on a lamp."""
    desk = KnowledgeBase.create(tmp_path / "support.kb", embedder=HashingEmbedder())
    desk.upsert([*LIBRARY, article("9", "The zirkonleuchte flickers", INTERNAL)])
    desk.rebuild()
    return desk


def files_with(root: Path, needle: bytes) -> list[str]:
    paths = (path for path in root.rglob("*") if path.is_file())
    return [path.name for path in paths if needle in path.read_bytes().lower()]


def sql(desk: KnowledgeBase, statement: str) -> None:
    connection = sqlite3.connect(desk.path / "internal" / "records.sqlite")
    with connection:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("see kb:9,kb:8", "see [forgotten],kb:8"),
        ("it's kb:9's fault", "it's [forgotten]'s fault"),
        ("https://x.example/?id=kb:9&y", "https://x.example/?id=[forgotten]&y"),
        ('{"id":"kb:9","x":2}', '{"id":"[forgotten]","x":2}'),
        ("(kb:9).", "([forgotten])."),
        ("kb:91, kb:9/de, kb:9:2, kb:9#1, KB:9, x:kb:9", None),
    ],
)
def test_an_id_is_replaced_where_it_stands_alone(
    kb: KnowledgeBase, text: str, left: str | None
) -> None:
    """What is a longer id names another document."""
    kb.upsert([ticket("100", f"Broken. {text}", subject="x")])

    kb.forget(["kb:9"])

    found = kb.searcher(INTERNAL).get("desk:100")
    assert isinstance(found, Ticket)
    assert found.messages[0].text == f"Broken. {text if left is None else left}"


@pytest.mark.parametrize(
    "text",
    [
        "user 'mira@brightwater.example' left",
        "+mira@brightwater.example, please",
        "_mira@brightwater.example_ and -mira@brightwater.example.",
        "Write to MIRA@Brightwater.example!",
    ],
)
def test_an_address_is_replaced_whatever_stands_around_it(kb: KnowledgeBase, text: str) -> None:
    """Now and in the next import."""
    kb.upsert([ticket("100", f"Broken. {text}")])

    kb.forget(person=MIRA)
    kb.upsert([ticket("101", f"Broken again. {text}")])

    assert files_with(kb.path, b"mira") == []


def test_a_document_may_keep_passages_that_did_not_change(kb: KnowledgeBase) -> None:
    """Their vectors are no trace: only one of nine messages named somebody."""
    said = [f"Message {n} on a printer, long enough to be a passage " * 12 for n in range(8)]
    messages = tuple(customer_says(text) for text in [*said, "Ask Mira Okafor about it"])
    kb.upsert([ticket("100", "x", subject="Printers", messages=messages)])
    kb.rebuild()

    receipt = kb.forget(person=Person(name="Mira Okafor"))

    assert receipt.rewritten_ids == ("desk:100",)
    assert files_with(kb.path, b"okafor") == []


def test_a_request_that_found_traces_is_not_done_by_opening_again(kb: KnowledgeBase) -> None:
    """What was looked for is kept with it."""
    copy = kb.path / "internal" / "notes.txt"
    copy.write_text("it was a Zirkonleuchte")
    with pytest.raises(StillThereError, match=r"text in internal/notes\.txt"):
        kb.forget(["kb:9"])

    KnowledgeBase.open(kb.path, embedder=HashingEmbedder())
    still_open = (kb.path / "internal" / "FORGETTING").exists()
    copy.unlink()
    KnowledgeBase.open(kb.path, embedder=HashingEmbedder())

    assert still_open
    assert not (kb.path / "internal" / "FORGETTING").exists()
    assert files_with(kb.path, b"zirkonleuchte") == []


@pytest.mark.parametrize("name", ["forgotten-salt", "forgotten:document:%"])
@pytest.mark.parametrize("change", ["UPDATE notes SET value = value || ' '", "DELETE FROM notes"])
def test_a_list_that_is_not_whole_lets_nothing_in(
    kb: KnowledgeBase, name: str, change: str
) -> None:
    """What it lacks would come back unnoticed."""
    kb.forget(["kb:9"])
    sql(kb, f"{change} WHERE name LIKE '{name}'")

    with pytest.raises(KbSearchError, match=r"forgetting is not whole|fails its checksum"):
        kb.upsert([article("9", "The zirkonleuchte flickers", INTERNAL)])

    assert files_with(kb.path, b"zirkonleuchte") == []


def test_a_document_whose_row_is_damaged_is_forgotten_too(kb: KnowledgeBase) -> None:
    """It cannot be read, and must go all the same."""
    sql(kb, "UPDATE documents SET raw = raw || ' ' WHERE document_id = 'kb:9'")

    receipt = kb.forget(["kb:9"])

    assert receipt.n_unreadable == 1
    assert files_with(kb.path, b"zirkonleuchte") == []


def test_what_other_rows_say_is_no_trace(kb: KnowledgeBase) -> None:
    """A document whose row is damaged is not forgotten by the way."""
    kb.upsert([article("8", "Another zirkonleuchte", INTERNAL)])
    sql(kb, "UPDATE documents SET raw = raw || ' ' WHERE document_id = 'kb:8'")

    receipt = kb.forget(["kb:9"])

    assert receipt.document_ids == ("kb:9",)


def test_the_same_vector_of_another_text_is_no_trace(kb: KnowledgeBase) -> None:
    """Models that average words do not see their order: "drops gateway" is "gateway drops"."""
    twins = [ticket("8", "x", subject="", messages=(customer_says("gateway drops"),))]
    twins.append(ticket("9", "x", subject="", messages=(customer_says("drops gateway"),)))
    kb.upsert(twins)

    receipt = kb.forget(["desk:8"])

    assert receipt.document_ids == ("desk:8",)
    assert kb.searcher(INTERNAL).get("desk:9") == twins[1]


def test_who_asks_must_not_be_who_is_forgotten(kb: KnowledgeBase) -> None:
    """The receipt would name them."""
    with pytest.raises(ConfigError, match="Give a role or a case number"):
        kb.forget(person=MIRA, by="on behalf of Mira@brightwater.example")


def test_customers_lose_what_is_refused(kb: KnowledgeBase) -> None:
    """A ticket that stands there and is sent as private leaves, whoever asked it."""
    standing = ticket("100", "My kettle leaks", published=True)
    n_before = kb.searcher(EXTERNAL).count()
    kb.upsert([standing])
    kb.forget(person=MIRA)

    report = kb.upsert([standing.model_copy(update={"published": False, "people": (MIRA,)})])

    assert list(report.forgotten) == ["desk:100"]
    assert report.withdrawn == ("desk:100",)
    assert kb.searcher(EXTERNAL).count() == n_before


def test_searches_go_on_in_the_process_that_forgets(kb: KnowledgeBase) -> None:
    """It lets go of what readers hold, under their hands."""
    searcher = kb.searcher(INTERNAL)
    errors: list[BaseException] = []
    is_over = threading.Event()

    def search() -> None:
        while not is_over.is_set():
            try:
                searcher.search("vpn drops")
            except Exception as error:  # noqa: BLE001 - whatever it is, it must not be there
                errors.append(error)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(300):
        kb._let_go()
    is_over.set()
    for thread in threads:
        thread.join(60)

    assert errors == []


def test_a_process_of_customers_opens_the_desk(tmp_path: Path) -> None:
    """It may read the external directory alone; as SECURITY.md recommends."""
    path = tmp_path / "support.kb"
    with KnowledgeBase.create(path, embedder=HashingEmbedder()) as kb:
        kb.upsert(LIBRARY)
        kb.rebuild()
    for each in [path, path / "external", *(path / "external").rglob("*"), path / "kbsearch.toml"]:
        os.chown(each, 65534, 65534)
    for parent in (tmp_path, *tmp_path.parents[:3]):
        parent.chmod(parent.stat().st_mode | 0o011)

    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setgid(65534)
            os.setuid(65534)
            with KnowledgeBase.open(path, embedder=HashingEmbedder()) as kb:
                code = 0 if ids(kb.searcher(EXTERNAL).search("vpn drops", k=1)) == ["kb:vpn"] else 2
        finally:
            os._exit(code)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_model_that_cannot_be_loaded_keeps_nobody_from_opening(
    kb: KnowledgeBase, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor from finishing: no text has to be embedded for it."""
    copy = kb.path / "internal" / "notes.txt"
    copy.write_text("Zirkonleuchte")
    with pytest.raises(StillThereError):
        kb.forget(["kb:9"])
    copy.unlink()
    toml = kb.path / "kbsearch.toml"
    toml.write_text(toml.read_text().replace('model = "', 'model = "no-such-model-'))

    KnowledgeBase.open(kb.path)

    assert not (kb.path / "internal" / "FORGETTING").exists()


def test_other_words_in_the_settings_make_no_wrong_snapshot(kb: KnowledgeBase) -> None:
    """The indexes name the language they were made with; forgetting loads no model."""
    settings = Settings(words=WordSettings(language="german"))
    kb.settings = settings
    kb.forget(["kb:9"])

    assert kb.snapshots(INTERNAL)[0].shelf == "external"
    english = KnowledgeBase.open(kb.path, embedder=HashingEmbedder())
    assert ids(english.searcher(EXTERNAL).search("vpn drops", k=1)) == ["kb:vpn"]
    assert [report.n_embedded for report in english.rebuild()] == [0, 0]


def test_what_never_stood_on_the_external_shelf_changes_no_byte_of_it(kb: KnowledgeBase) -> None:
    """Deleted first and forgotten then, and once more."""
    before = bytes_of(kb.path / "external")

    kb.delete(["kb:9"])
    kb.forget(["kb:9"])
    kb.forget(["kb:9"])

    assert bytes_of(kb.path / "external") == before


def test_a_damaged_fingerprint_is_an_error_of_the_store(kb: KnowledgeBase) -> None:
    """Not one of pydantic's."""
    sql(kb, "UPDATE meta SET value = '{}' WHERE name = 'fingerprint'")

    with pytest.raises(StoreDamagedError, match="fingerprint cannot be read"):
        kb.forget(["kb:9"])


class TestTheFinder:
    """Where words and ids hide in bytes."""

    TRACES = Traces(words=frozenset({"quarzheizer"}), ids=frozenset({"kb:9"}))

    @pytest.mark.parametrize(
        "content",
        [
            b"a QuarzHeizer.",
            b'{"text": "warm\\nquarzheizer"}',
            "quarzheizer".encode("utf-16"),
            "the quarzheizer".encode("utf-16-be"),
            "quarzheizer".encode("utf-32"),
        ],
    )
    def test_words(self, content: bytes) -> None:
        """In any case and encoding of Latin letters, behind JSON's escapes and byte-order marks."""
        assert "text" in list(TraceFinder(self.TRACES).kinds_in(content))

    @pytest.mark.parametrize(
        ("content", "is_there"),
        [(b"kb:9", True), (b'"kb:9"', True), (b"kb:91", False), (b"KB:9", False)],
    )
    def test_ids(self, content: bytes, is_there: bool) -> None:
        """Whole ones, as they are written."""
        assert ("id" in list(TraceFinder(self.TRACES).kinds_in(content))) is is_there

    @pytest.mark.parametrize("n_bytes", range(1, 8))
    def test_a_file_may_be_shorter_than_a_number(self, n_bytes: int) -> None:
        """An empty list in JSON is two bytes."""
        head = np.arange(1, 17, dtype="<f4").tobytes().hex()
        finder = TraceFinder(Traces(vectors={"hash": head}))

        assert list(finder.kinds_in(b"x" * n_bytes)) == []

    def test_nothing_in_what_does_not_hold_it(self) -> None:
        """A control."""
        assert list(TraceFinder(self.TRACES).kinds_in(b"quarzheizung kb:8" * 100)) == []


def test_a_plain_deletion_is_caught(kb: KnowledgeBase) -> None:
    """A control: SQL's own DELETE leaves the words in the file, and the snapshots hold them."""
    traces = Traces(words=frozenset({"zirkonleuchte"}))
    connection = sqlite3.connect(kb.path / "internal" / "records.sqlite")
    with connection:
        connection.execute("PRAGMA secure_delete = OFF")
        for table in ("documents", "cleaned", "passages", "vectors"):
            connection.execute(f"DELETE FROM {table}")
    connection.close()

    found, n_files, n_bytes = find_traces(kb.path, traces, but=[])

    assert Found("internal/records.sqlite", "text") in found
    assert (n_files > 10, n_bytes > 50_000) == (True, True)


def test_nothing_to_look_for_is_no_pattern() -> None:
    """An empty alternation would match everywhere."""
    assert standing_alone([]) is None


def test_audiences_are_two() -> None:
    """A shelf added later must be forgotten from, too."""
    assert list(Audience) == [Audience.INTERNAL, Audience.EXTERNAL]
