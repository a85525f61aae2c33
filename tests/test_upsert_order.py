"""In which order an upsert does things, and what it takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from kbsearch import Audience, KnowledgeBase, RankingSettings, Settings, TextFormat
from kbsearch import files as file_operations
from kbsearch.config import SnapshotSettings
from kbsearch.embed import HashingEmbedder, checked_vectors
from kbsearch.errors import (
    ConfigError,
    EmbedderError,
    EmbedderMismatchError,
    MissingExtraError,
    StoreUnavailableError,
)
from kbsearch.indexing import faces
from kbsearch.redact import Finding
from kbsearch.text import cleaner
from tests.builders import agent_says, article, customer_says, ticket

INTERNAL, EXTERNAL = Audience.INTERNAL, Audience.EXTERNAL


class TestAWithdrawalComesFirst:
    """Customers lose a document before anything can fail or take long."""

    def test_even_if_another_document_of_the_batch_cannot_be_read(
        self, desk: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A missing package is found only when the other one is cleaned."""
        desk.upsert([article("1", "printer is jammed", EXTERNAL)])

        def needs_a_package(text: str, text_format: TextFormat, **of_mail: bool) -> str:
            if text_format is TextFormat.HTML:
                raise MissingExtraError("Reading HTML", "selectolax", "markup")
            return text

        monkeypatch.setattr(cleaner, "to_plain_text", needs_a_package)
        moved = article("1", "printer is jammed", INTERNAL)
        unreadable = article("2", "<p>scanner", INTERNAL, format=TextFormat.HTML)

        with pytest.raises(MissingExtraError, match="selectolax"):
            desk.upsert([moved, unreadable])

        assert desk.searcher(EXTERNAL).search("printer").hits == ()
        assert desk.searcher(INTERNAL).get("kb:1") == moved

    def test_even_if_the_desk_is_opened_with_another_embedder(self, desk: KnowledgeBase) -> None:
        """Taking away needs no vectors."""
        desk.upsert([article("1", "printer is jammed", EXTERNAL)])
        other = KnowledgeBase.open(desk.path, embedder=HashingEmbedder(64))

        with pytest.raises(EmbedderMismatchError, match="kbsearch rebuild"):
            other.upsert([article("1", "printer is jammed", INTERNAL)])

        assert desk.searcher(EXTERNAL).search("printer").hits == ()


class TestWhatIsSent:
    """A wrong argument is an error before anything is changed."""

    @pytest.mark.parametrize(
        ("sent", "message"),
        [
            (article("1", "printer", INTERNAL), "not one Article: put it into a list"),
            ([{"kind": "article"}], "Position 0 of the batch is a dict"),
            ("kb:1", "not one str"),
        ],
        ids=["one document", "mappings", "text"],
    )
    def test_that_is_no_list_of_documents_is_refused(
        self, desk: KnowledgeBase, sent: Any, message: str
    ) -> None:
        """Pydantic models iterate over their fields: that would be a puzzling error."""
        with pytest.raises(ConfigError, match=message):
            desk.upsert(sent)

    def test_one_id_as_text_deletes_nothing_in_silence(self, desk: KnowledgeBase) -> None:
        """A str is an iterable of characters."""
        with pytest.raises(ConfigError, match="not one str"):
            desk.delete(cast(Any, "kb:1"))


def test_a_failed_fold_does_not_make_a_committed_upsert_look_failed(
    tmp_path: Path, hashing_embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything is stored and searchable; the report says what is not."""
    settings = Settings(snapshots=SnapshotSettings(fold_at_passages=1))
    kb = KnowledgeBase.create(tmp_path / "x.kb", settings=settings, embedder=hashing_embedder)

    def full(path: Path, content: bytes) -> None:
        raise StoreUnavailableError(path, "No space left on device")

    monkeypatch.setattr(file_operations, "write_durably", full)

    report = kb.upsert([article(str(n), f"printer {n}", INTERNAL) for n in range(3)])

    assert len(report.added) == 3
    assert list(report.not_folded) == ["internal"]
    assert "No space left" in report.not_folded["internal"]
    assert len(kb.searcher(INTERNAL).search("printer")) == 3


def test_a_resolution_that_repeats_a_message_is_searched_once(desk: KnowledgeBase) -> None:
    """Else its words would count twice against other tickets'."""
    messages = (
        customer_says("my disk is full"),
        agent_says("delete the temp folder", public=True, id="m2"),
    )
    closed = ticket("1", "disk", messages=messages, status="resolved", published=True)

    face = faces.face_for(closed, EXTERNAL)

    assert face is not None
    assert cleaner.Cleaner().document(face).text.count("delete the temp folder") == 1


def test_a_title_too_long_for_a_title_is_searched_whole_as_text(desk: KnowledgeBase) -> None:
    """A log pasted into the subject must not come back with every hit."""
    long_title = "disk full " * 100 + "LK-170"
    desk.upsert([article("1", "see the title", INTERNAL, title=long_title)])

    (hit,) = desk.searcher(INTERNAL).search("LK-170")

    assert len(hit.title) == 300
    assert "LK-170" in hit.passage.text


class TestCheckedVectors:
    """What users' embedders return is made sure of."""

    FINGERPRINT = HashingEmbedder(8).fingerprint

    def test_are_of_unit_length_whatever_came(self) -> None:
        """Delta and snapshot then mean the same by a cosine."""
        vectors = checked_vectors(np.full((1, 8), 5, np.float32), 1, self.FINGERPRINT)

        assert np.linalg.norm(vectors[0]) == pytest.approx(1.0)

    @pytest.mark.parametrize(
        ("vectors", "message"),
        [
            (np.ones((2, 8), np.float32), r"shape \(2, 8\) for 1 texts, expected \(1, 8\)"),
            (np.full((1, 8), np.nan, np.float32), "NaN or infinite"),
        ],
    )
    def test_refuse_what_cannot_be_compared(self, vectors: Any, message: str) -> None:
        """One NaN would spoil every ranking."""
        with pytest.raises(EmbedderError, match=message):
            checked_vectors(vectors, 1, self.FINGERPRINT)


class TestSearchersOfOneDesk:
    """Making one for each request is how a web application uses it."""

    def test_share_what_they_hold_of_a_shelf(self, desk: KnowledgeBase) -> None:
        """No file descriptor and no copy of the index for each."""
        desk.upsert([article("1", "printer", EXTERNAL)])
        fds = Path("/proc/self/fd")
        desk.searcher(EXTERNAL).search("printer")
        n_open = len(list(fds.iterdir()))

        for _ in range(20):
            desk.searcher(EXTERNAL).search("printer")

        assert len(list(fds.iterdir())) <= n_open

    def test_cannot_have_another_bm25_than_the_index(self, desk: KnowledgeBase) -> None:
        """It would be ignored as soon as there is a snapshot."""
        with pytest.raises(ConfigError, match=r"bm25_k1 = 0.9, .* built into the index"):
            desk.searcher(EXTERNAL, ranking=RankingSettings(bm25_k1=0.9))
        with pytest.raises(ConfigError, match=r"bm25_title_weight = 5 .* bm25_title_weight = 3\."):
            desk.searcher(EXTERNAL, ranking=RankingSettings(bm25_title_weight=5))


def test_an_interrupted_create_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither open nor create would know what to do with half a desk."""

    def interrupted(path: Path, content: bytes) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(file_operations, "write_durably", interrupted)
        with pytest.raises(KeyboardInterrupt):
            KnowledgeBase.create(tmp_path / "x.kb")

    assert list(tmp_path.iterdir()) == []
    KnowledgeBase.create(tmp_path / "x.kb").close()


class TestAPublishedTicketThatNarrows:
    """A message that turns private is taken from customers before anything else is done."""

    both = (
        customer_says("it hums", id="1"),
        agent_says("the gate code is 12", public=True, id="2"),
    )
    one = (both[0], agent_says("the gate code is 12", public=False, id="2"))

    def test_even_if_the_model_fails(
        self, desk: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Its face goes at once, and comes back without the message when the write succeeds."""
        desk.upsert([ticket("1", "", subject="hum", messages=self.both, published=True)])
        narrowed = ticket("1", "", subject="hum and rattle", messages=self.one, published=True)

        def fails(texts: object) -> None:
            raise MemoryError("no room")

        with monkeypatch.context() as patched:
            patched.setattr(desk.embedder, "embed_passages", fails)
            with pytest.raises(MemoryError, match="no room"):
                desk.upsert([narrowed])
        assert desk.searcher(EXTERNAL).search("gate code").hits == ()

        desk.upsert([narrowed])
        face = desk.searcher(EXTERNAL).get("desk:1")
        assert [message["text"] for message in face.model_dump()["messages"]] == ["it hums"]

    def test_even_if_the_batch_contradicts_itself(self, desk: KnowledgeBase) -> None:
        """Which version holds is not guessed, and neither shows the message."""
        desk.upsert([ticket("1", "", subject="hum", messages=self.both, published=True)])
        versions = [
            ticket("1", "", subject=subject, messages=self.one, published=True)
            for subject in ("hum", "rattle")
        ]

        report = desk.upsert(versions)

        assert (len(report.rejected), report.withdrawn) == (2, ("desk:1",))
        assert desk.searcher(EXTERNAL).search("gate code").hits == ()

    def test_an_edited_page_stays_until_it_is_replaced(self, desk: KnowledgeBase) -> None:
        """A correction is no withdrawal: customers are never without the page."""
        desk.upsert([article("1", "press the green button", EXTERNAL)])

        report = desk.upsert([article("1", "press the red button", EXTERNAL)])

        assert report.withdrawn == ()


def test_a_withdrawal_does_not_ask_a_redactor(tmp_path: Path) -> None:
    """One that raises must not keep a page with the customers."""

    class Broken:
        fingerprint = "broken"
        is_broken = False

        def find(self, text: str) -> list[Finding]:
            if self.is_broken:
                raise ValueError("no such model")
            return []

    redactor = Broken()
    embedder = HashingEmbedder(32)
    with KnowledgeBase.create(tmp_path / "a.kb", embedder=embedder, redactors=[redactor]) as kb:
        kb.upsert([article("1", "printer is jammed", EXTERNAL)])
        redactor.is_broken = True

        with pytest.raises(ValueError, match="no such model"):
            kb.upsert([article("1", "printer is jammed", INTERNAL)])

        assert kb.searcher(EXTERNAL).search("printer").hits == ()
        assert kb.searcher(INTERNAL).get("kb:1") == article("1", "printer is jammed", INTERNAL)
