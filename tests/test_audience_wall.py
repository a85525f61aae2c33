"""What is written for staff changes nothing that customers can see: not one bit."""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kbsearch import Article, ArticleStatus, KnowledgeBase
from kbsearch.arrays import Float32, unit_rows
from kbsearch.embed import Embedder, HashingEmbedder
from kbsearch.indexing.faces import face_for
from kbsearch.lexical import Bm25Index
from kbsearch.models import Document
from kbsearch.search import ShelfReader
from kbsearch.text import Analyzer
from tests.builders import agent_says, article, customer_says, ticket
from tests.disk import bytes_of
from tests.library import EXTERNAL, INTERNAL
from tests.worlds import Step, View, World, audiences_of, play, view_of_customers

QUERIES = ("vpn drops after sleep", "printer", "root password", "after the")


class PaddingEmbedder(HashingEmbedder):
    """Like a real model, only more so: every text of a call changes the bits of the others."""

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        vectors = super().embed_passages(texts)
        noise = np.float32(1e-6) * sum(len(text) for text in texts)
        return unit_rows(vectors + noise)


words = st.sampled_from("vpn drops after sleep printer root password gateway lid".split())
texts = st.lists(words, min_size=1, max_size=8).map(" ".join)
steps = st.builds(
    Step,
    action=st.sampled_from(["put", "put", "withdraw", "delete", "rebuild"]),
    number=st.integers(0, 3),
    text=texts,
)
stories = st.lists(steps, max_size=6)
worlds = st.builds(World, st.lists(texts, max_size=4).map(tuple))

STORY = [
    Step("put", 0, "vpn drops after sleep"),
    Step("rebuild", 0, ""),
    Step("put", 1, "printer is jammed again"),
    Step("withdraw", 0, ""),
    Step("put", 2, "vpn printer password"),
]
WORLD = World(("root password of the vpn gateway", "printer of the board"))
OTHER_WORLD = World(("vpn vpn vpn after sleep",))
NO_SECRETS = World(())


def views(
    story: Sequence[Step], pair: Sequence[World], embedder: Embedder, queries: Sequence[str]
) -> list[View]:
    """What customers see of each world."""
    seen = []
    for world in pair:
        with (
            tempfile.TemporaryDirectory() as folder,
            play(Path(folder) / "support.kb", story, world, embedder) as kb,
        ):
            seen.append(view_of_customers(kb, queries))
    return seen


class TestNonInterference:
    """One story of customers' documents, two sets of secrets, one view."""

    @settings(max_examples=12, deadline=None, derandomize=True)
    @given(story=stories, world=worlds, other=worlds, query=texts)
    @example(story=STORY, world=WORLD, other=OTHER_WORLD, query="root password")
    @example(story=STORY, world=WORLD, other=NO_SECRETS, query="root password")
    @example(story=[], world=WORLD, other=NO_SECRETS, query="root password")
    def test_whatever_staff_write_customers_see_the_same_bytes(
        self, story: list[Step], world: World, other: World, query: str
    ) -> None:
        """Every file of the external directory, and every answer in full."""
        first, second = views(story, [world, other], PaddingEmbedder(64), [query, *QUERIES])

        assert first.answers == second.answers
        assert first.files == second.files

    @pytest.mark.nightly
    @settings(max_examples=200, deadline=None, derandomize=True)
    @given(story=stories, world=worlds, other=worlds, query=texts)
    def test_holds_for_many_more_stories(
        self, story: list[Step], world: World, other: World, query: str
    ) -> None:
        """The same claim, at length."""
        first, second = views(story, [world, other], PaddingEmbedder(64), [query])

        assert first == second

    def test_work_of_staff_leaves_the_external_directory_untouched(
        self, desk: KnowledgeBase
    ) -> None:
        """Not even a time changes: when staff work is nobody's business."""
        desk.upsert([article("e", "vpn drops after sleep", EXTERNAL)])
        desk.rebuild()
        external = desk.path / "external"
        before = {path: path.stat().st_mtime_ns for path in [external, *external.rglob("*")]}

        desk.upsert([article("i", "root password", INTERNAL), ticket("i", "vpn drops")])
        desk.upsert([article("i", "root password rotated", INTERNAL)])
        desk.delete(["desk:i"])
        desk.rebuild()

        assert {p: p.stat().st_mtime_ns for p in [external, *external.rglob("*")]} == before

    def test_the_story_of_these_tests_leaves_documents_on_both_shelves(
        self, tmp_path: Path
    ) -> None:
        """Two empty views would be alike as well."""
        kb = play(tmp_path / "support.kb", STORY, WORLD, HashingEmbedder(64))

        view = view_of_customers(kb, QUERIES)

        assert audiences_of(kb) == {"external": 3, "internal": 16}
        assert any(name.startswith("snapshot-") for name in view.files)
        assert any('"id":"desk:e1"' in answer for answer in view.answers)

    def test_an_internal_id_and_one_that_never_was_are_told_apart_by_nothing(
        self, desk: KnowledgeBase
    ) -> None:
        """Trying ids must not tell which tickets exist."""
        desk.upsert([article("e", "vpn drops", EXTERNAL), ticket("1", "vpn drops")])
        customers = desk.searcher(EXTERNAL)

        told = []
        for call in (customers.get, customers.similar):
            for document_id in ("desk:1", "desk:7"):
                with pytest.raises(Exception, match="for this audience") as raised:
                    call(document_id)
                told.append((type(raised.value), str(raised.value).replace(document_id, "ID")))

        assert len(set(told)) == 1

    @pytest.mark.parametrize("n_characters", [10, 1_000_001])
    def test_a_private_note_decides_nothing_about_the_public_face(
        self, desk: KnowledgeBase, n_characters: int
    ) -> None:
        """Not even by being too long for the internal shelf."""
        note = agent_says("x" * n_characters, public=False)
        messages = (customer_says("vpn drops after sleep"), note)

        desk.upsert([ticket("1", "", subject="vpn", messages=messages, published=True)])

        assert [hit.id for hit in desk.searcher(EXTERNAL).search("vpn")] == ["desk:1"]


class LeakyReader(ShelfReader):
    """Its BM25 weighs words by how common they are on both shelves together."""

    internal_texts: Sequence[str] = ()

    def candidates(self, query: Float32, terms: list[str], *rest: Any, **named: Any) -> Any:
        """Right documents, wrong statistics."""
        found = super().candidates(query, terms, *rest, **named)
        own = [str(self.get(document_id)) for document_id in found.document_ids]
        analyzer = Analyzer()
        documents = [analyzer.terms(text) for text in [*own, *self.internal_texts]]
        scores = Bm25Index(documents, k1=1.5, b=0.75).scores(terms)[: len(own)]
        return found._replace(bm25_scores=scores)


class OneBatchEmbedder(PaddingEmbedder):
    """Embeds the texts of both audiences in one call, and gives each its own."""

    def __init__(self, internal_texts: Sequence[str]) -> None:
        super().__init__(64)
        self._internal_texts = internal_texts

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        return super().embed_passages([*texts, *self._internal_texts])[: len(texts)]


def hidden_among_the_external(document: Document, shelf: str) -> Document | None:
    """One table for both audiences: what customers may not see is filtered out of each search."""
    face = face_for(document, shelf)
    if face is not None or shelf == INTERNAL:
        return face
    text = document.title if isinstance(document, Article) else document.subject
    return article("x", text, EXTERNAL, status=ArticleStatus.ARCHIVED).model_copy(
        update={"id": document.id}
    )


class TestPlantedLeaks:
    """The comparison is worth something only if it catches what it must."""

    def test_statistics_over_both_shelves_are_caught(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Same files, same hits: only the scores betray the words of staff."""
        monkeypatch.setattr("kbsearch.desk.opening.ShelfReader", LeakyReader)
        seen = []
        for name, world in (("a", WORLD), ("b", OTHER_WORLD)):
            monkeypatch.setattr(LeakyReader, "internal_texts", world.secrets)
            kb = play(tmp_path / name, STORY, world, HashingEmbedder(64))
            seen.append(view_of_customers(kb, QUERIES))

        assert seen[0].files == seen[1].files
        assert seen[0].answers != seen[1].answers

    def test_one_embedding_call_for_both_audiences_is_caught(self, tmp_path: Path) -> None:
        """A longer secret pads the call, and the last bits of public vectors move."""
        seen = []
        for name, world in (("a", WORLD), ("b", OTHER_WORLD)):
            kb = play(tmp_path / name, STORY, world, OneBatchEmbedder(world.secrets))
            seen.append(view_of_customers(kb, QUERIES))

        assert seen[0].files != seen[1].files

    def test_one_table_with_a_filter_is_caught(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """No hit of staff's is ever shown, and yet their number and words come through."""
        for name in ("batch", "upsert"):
            module = importlib.import_module(f"kbsearch.indexing.{name}")
            monkeypatch.setattr(module, "face_for", hidden_among_the_external)
        seen, shown = [], set()
        for name, world in (("a", WORLD), ("b", OTHER_WORLD)):
            kb = play(tmp_path / name, STORY, world, HashingEmbedder(64))
            seen.append(view_of_customers(kb, QUERIES))
            shown |= {hit.id for query in QUERIES for hit in kb.searcher(EXTERNAL).search(query)}

        assert {document_id.split(":")[1][0] for document_id in shown} == {"e"}
        assert seen[0].files != seen[1].files
        assert seen[0].answers != seen[1].answers

    def test_one_byte_of_a_secret_in_any_file_is_caught(self, tmp_path: Path) -> None:
        """The files are compared whole, unknown ones included."""
        seen = []
        for name in "ab":
            kb = play(tmp_path / name, STORY, WORLD, HashingEmbedder(64))
            (kb.path / "external" / "cache.bin").write_bytes(name.encode())
            seen.append(view_of_customers(kb, QUERIES))

        assert seen[0].files != seen[1].files
        assert len(bytes_of(tmp_path / "a" / "external")) == len(seen[0].files)
