"""What an upsert embeds, and what an interrupted one leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kbsearch import Audience, KnowledgeBase
from tests.builders import agent_says, article, customer_says, ticket
from tests.spies import SpyEmbedder

INTERNAL, EXTERNAL = Audience.INTERNAL, Audience.EXTERNAL


@pytest.fixture
def spy() -> SpyEmbedder:
    return SpyEmbedder()


@pytest.fixture
def spied(tmp_path: Path, spy: SpyEmbedder) -> Iterator[KnowledgeBase]:
    """An empty desk whose embedder is watched."""
    with KnowledgeBase.create(tmp_path / "spied.kb", embedder=spy) as kb:
        yield kb


class TestWhatIsEmbedded:
    """Only what is new, once, and one shelf at a time."""

    def test_unchanged_content_is_never_embedded_twice(
        self, spied: KnowledgeBase, spy: SpyEmbedder
    ) -> None:
        """A nightly import of everything costs what changed: a text and a title."""
        documents = [article(str(n), f"printer {n} is jammed", EXTERNAL) for n in range(5)]
        spied.upsert(documents)
        spied.rebuild()
        n_before = len(spy.texts)

        report = spied.upsert([*documents, article("6", "printer 6 is offline", EXTERNAL)])

        assert (n_before, len(spy.texts)) == (10, 12)
        assert report.n_embedded == 2

    def test_a_change_of_tags_embeds_nothing(self, spied: KnowledgeBase, spy: SpyEmbedder) -> None:
        """Vectors are kept by the text they stand for."""
        spied.upsert([article("1", "printer is jammed", EXTERNAL, tags=("old",))])
        spy.calls.clear()

        report = spied.upsert([article("1", "printer is jammed", EXTERNAL, tags=("new",))])

        assert (spy.calls, report.changed, report.n_embedded) == ([], ("kb:1",), 0)
        assert [hit.tags for hit in spied.searcher(EXTERNAL).search("printer")] == [("new",)]

    def test_a_new_message_embeds_that_message_alone(
        self, spied: KnowledgeBase, spy: SpyEmbedder
    ) -> None:
        """Tickets grow by a message at a time."""
        problem = customer_says("printer is jammed")
        spied.upsert([ticket("1", "", subject="Help", messages=(problem,))])
        spy.calls.clear()

        answer = agent_says("open tray two", public=True)
        spied.upsert([ticket("1", "", subject="Help", messages=(problem, answer))])

        assert spy.calls == [["Help\nopen tray two"]]

    def test_the_same_text_in_two_documents_is_embedded_once(
        self, spied: KnowledgeBase, spy: SpyEmbedder
    ) -> None:
        """Auto-replies fill a helpdesk with one text."""
        spied.upsert([article(str(n), "printer is jammed", INTERNAL) for n in range(4)])

        assert sorted(spy.texts) == ["printer is jammed", "printer is jammed\nprinter is jammed"]
        assert spied.searcher(INTERNAL).count() == 4

    def test_only_texts_of_one_shelf_share_a_call(
        self, spied: KnowledgeBase, spy: SpyEmbedder
    ) -> None:
        """Padding to the longest text of a call changes the last bits of the others."""
        spied.upsert(
            [
                article("1", "staff fix the printer", INTERNAL, title="A"),
                article("2", "customers clean the printer", EXTERNAL, title="B"),
                ticket("3", "printer is jammed", subject="C", published=True),
                article("4", "staff buy a printer", INTERNAL, title="D"),
            ]
        )

        assert [sorted(call) for call in spy.calls] == [
            ["B", "B\ncustomers clean the printer", "printer is jammed"],
            [
                *("A", "A\nstaff fix the printer"),
                *("C", "C\nprinter is jammed"),
                *("D", "D\nstaff buy a printer"),
            ],
        ]

    def test_content_that_moves_to_another_id_in_one_batch_stays_findable(
        self, spied: KnowledgeBase, spy: SpyEmbedder
    ) -> None:
        """A page is renamed and its old id becomes a pointer: its vector must outlive that."""
        spied.upsert([article("old", "printer is jammed", EXTERNAL, title="Jam")])
        spy.calls.clear()

        spied.upsert(
            [
                article("old", "see the other page", EXTERNAL, title="Moved"),
                article("new", "printer is jammed", EXTERNAL, title="Jam"),
            ]
        )
        spied.rebuild()

        assert sorted(spy.texts) == ["Moved", "Moved\nsee the other page"]
        assert spied.searcher(EXTERNAL).search("printer is jammed", k=1)[0].id == "kb:new"
        assert spied.check(INTERNAL).findings == ()


class TestAnInterruption:
    """Durable pieces: what was finished stays, and a repeat does the rest."""

    @pytest.fixture(autouse=True)
    def _small_pieces(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("kbsearch.indexing.shelf_writer.DOCUMENTS_PER_COMMIT", 2)

    def test_keeps_the_pieces_before_it_and_a_repeat_finishes(
        self, spied: KnowledgeBase, spy: SpyEmbedder
    ) -> None:
        """Five documents in pieces of two; the second piece fails."""
        documents = [article(str(n), f"printer {n} is jammed", EXTERNAL) for n in range(5)]
        spy.fails_at_call = 2

        with pytest.raises(MemoryError, match="no room for this batch"):
            spied.upsert(documents)
        kept = sorted(hit.id for hit in spied.searcher(EXTERNAL).search("printer"))
        spy.calls.clear()
        spy.fails_at_call = None
        report = spied.upsert(documents)

        assert kept == ["kb:0", "kb:1"]
        assert (report.added, report.unchanged) == (("kb:2", "kb:3", "kb:4"), ("kb:0", "kb:1"))
        assert len(spy.texts) == report.n_embedded == 6  # a text and a title each
        assert spied.searcher(EXTERNAL).count() == 5
        assert spied.check(INTERNAL).findings == ()

    def test_leaves_a_document_that_moves_to_staff_on_no_wrong_shelf(
        self, spied: KnowledgeBase, spy: SpyEmbedder
    ) -> None:
        """A withdrawal comes before the work that can fail."""
        spied.upsert([article("1", "printer is jammed", EXTERNAL)])
        spy.fails_at_call = len(spy.calls) + 1

        with pytest.raises(MemoryError, match="no room for this batch"):
            spied.upsert([article("1", "printer password is on the lid", INTERNAL)])
        found = spied.searcher(EXTERNAL).search("printer").hits
        kept = spied.searcher(INTERNAL).get("kb:1")
        spy.fails_at_call = None
        report = spied.upsert([article("1", "printer password is on the lid", INTERNAL)])

        assert found == ()
        assert kept == article("1", "printer is jammed", INTERNAL)  # as customers read it
        assert report.changed == ("kb:1",)
        assert [hit.shelf for hit in spied.searcher(INTERNAL).search("printer")] == ["internal"]

    def test_of_a_move_to_staff_is_finished_by_a_rebuild(
        self, spied: KnowledgeBase, spy: SpyEmbedder
    ) -> None:
        """The document is stored before customers lose it, only not embedded yet."""
        spied.upsert([article("1", "printer is jammed", EXTERNAL)])
        spy.fails_at_call = len(spy.calls) + 1
        with pytest.raises(MemoryError, match="no room for this batch"):
            spied.upsert([article("1", "printer password is on the lid", INTERNAL)])
        spy.fails_at_call = None

        spied.rebuild()

        assert [hit.id for hit in spied.searcher(INTERNAL).search("printer password")] == ["kb:1"]
        assert spied.check(INTERNAL).findings == ()

    def test_of_a_move_to_customers_does_not_show_agents_a_document_twice(
        self, spied: KnowledgeBase, spy: SpyEmbedder
    ) -> None:
        """The external shelf is written first; until the repeat both hold the article."""
        spied.upsert([article("1", "printer is jammed", INTERNAL)])
        spy.fails_at_call = len(spy.calls) + 2

        with pytest.raises(MemoryError, match="no room for this batch"):
            spied.upsert(
                [
                    article("1", "printer is jammed; open tray two", EXTERNAL),
                    article("2", "printer toner is in the basement", INTERNAL),
                ]
            )

        assert [hit.id for hit in spied.searcher(INTERNAL).search("printer")] == ["kb:1"]
