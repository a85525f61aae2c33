"""
Leaks to plant: ways in which real systems told watchers of what stands beyond a wall.

Each is a bug as somebody could write it, in the place where it would stand.
"""

from __future__ import annotations

import importlib
import logging
import os
import sqlite3
import tempfile
import warnings
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from kbsearch import Article, ArticleStatus, Audience, KnowledgeBase, Searcher
from kbsearch.arrays import Float32, unit_rows
from kbsearch.cli.screen import Screen
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import (
    DocumentNotFoundError,
    KbSearchError,
)
from kbsearch.indexing import ShelfWriter
from kbsearch.indexing.faces import face_for
from kbsearch.layout import ShelfLayout
from kbsearch.lexical import Bm25Index
from kbsearch.models import Document, SearchResult
from kbsearch.search import ShelfReader
from kbsearch.search.exact import MOST_HOLDERS
from kbsearch.snapshots import Manifest
from kbsearch.snapshots.writing import SnapshotContent
from kbsearch.store import RecordReader
from kbsearch.text import Analyzer, Asked
from tests.builders import article
from tests.library import EXTERNAL, INTERNAL

Plant = Callable[[pytest.MonkeyPatch], None]


class Leak(NamedTuple):
    """
    A bug, and the looks that must show it; no other one may if `is_alone`.

    `tells_whether` at all there are secrets, and not which, if nothing else.
    """

    plant: Plant
    shows_in: frozenset[str]
    is_alone: bool = False
    tells_whether: bool = False


LEAKS: dict[str, Leak] = {}
"""By name; the loader of this module fills it."""


def leak(shows_in: str, **more: bool) -> Callable[[Plant], Plant]:
    """Add a bug under the name of the function that plants it."""

    def add(plant: Plant) -> Plant:
        looks = frozenset(shows_in.split())
        LEAKS[plant.__name__.strip("_")] = Leak(plant, looks, **more)
        return plant

    return add


def _rows_beyond(shelf: Path, query: str) -> list[Any]:
    """What a query finds in the records of the other shelf."""
    other = "internal" if shelf.name == "external" else "external"
    connection = sqlite3.connect(shelf.with_name(other) / "records.sqlite")
    try:
        return [row[0] for row in connection.execute(query)]
    finally:
        connection.close()


def n_beyond(searcher: Searcher) -> int:
    """Number of documents that the searcher must not know of."""
    (reader,) = searcher._shelves.values()
    (n,) = _rows_beyond(reader._layout.root, "SELECT count(*) FROM documents")
    return int(n)


def for_watchers(method: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Put another method in the place of a searcher's, for who stands before the wall."""

    def wrap(other: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def called(self: Searcher, *args: Any, **named: Any) -> Any:
            if self.audience is INTERNAL:
                return method(self, *args, **named)
            return other(self, *args, **named)

        return called

    return wrap


@leak("search rank similar cli_json")
def _shared_document_frequencies(patch: pytest.MonkeyPatch) -> None:
    """BM25 weighs words by how common they are on both shelves together."""

    class LeakyReader(ShelfReader):
        def candidates(self, query: Float32, terms: Any, *rest: Any, **named: Any) -> Any:
            found = super().candidates(query, terms, *rest, **named)
            if self.shelf == INTERNAL.value:
                return found
            records = RecordReader(
                self._layout.root.with_name("internal") / "records.sqlite", "internal"
            )
            keys = records.keys()
            beyond = [str(document) for document in records.documents(keys).values()]
            records.close()
            own = [str(self.get(document_id)) for document_id in found.document_ids]
            documents = [Analyzer().terms(text) for text in [*own, *beyond]]
            scores = Bm25Index(documents, k1=1.5, b=0.75).scores(terms)[: len(own)]
            return found._replace(signals=found.signals._replace(bm25=scores))

    patch.setattr("kbsearch.desk.opening.ShelfReader", LeakyReader)


@leak("search rank similar cli_json")
def _rarity_counted_over_both_shelves(patch: pytest.MonkeyPatch) -> None:
    """An error code names no document if many hold it, whoever may read them."""

    class LeakyReader(ShelfReader):
        def candidates(self, *rest: Any, asked: Sequence[Asked] = (), **named: Any) -> Any:
            if self.shelf == EXTERNAL.value:
                beyond = _rows_beyond(self._layout.root, "SELECT raw FROM documents")
                n_beyond = [sum(one.name in raw for raw in beyond) for one in asked]
                pairs = zip(asked, n_beyond, strict=True)
                asked = [one for one, n in pairs if n < MOST_HOLDERS]
            return super().candidates(*rest, asked=asked, **named)

    patch.setattr("kbsearch.desk.opening.ShelfReader", LeakyReader)


@leak("search")
def _answers_kept_without_their_audience(patch: pytest.MonkeyPatch) -> None:
    """A cache of answers whose key is the query alone."""
    kept: dict[tuple[object, ...], SearchResult] = {}
    search, create = Searcher.search, KnowledgeBase.create.__func__  # type: ignore[attr-defined]

    def search_once(self: Searcher, query: str, **named: Any) -> SearchResult:
        key = (query, *sorted((name, str(value)) for name, value in named.items()))
        if key not in kept:
            kept[key] = search(self, query, **named)
        return kept[key]

    def create_anew(cls: type[KnowledgeBase], *args: Any, **named: Any) -> KnowledgeBase:
        kept.clear()  # it is this desk's
        desk: KnowledgeBase = create(cls, *args, **named)
        return desk

    patch.setattr(Searcher, "search", search_once)
    patch.setattr(KnowledgeBase, "create", classmethod(create_anew))


@leak("files search rank cli")
def _centroids_trained_on_both_shelves(patch: pytest.MonkeyPatch) -> None:
    """Vectors are quantised around the nearest of four centroids of all vectors."""
    module = importlib.import_module("kbsearch.indexing.shelf_writer")
    publish = module.publish_snapshot

    def publish_quantised(layout: ShelfLayout, content: SnapshotContent, **named: Any) -> Manifest:
        beyond = _rows_beyond(layout.root, "SELECT vector FROM vectors ORDER BY rowid")
        vectors = [np.frombuffer(blob, dtype=np.float32) for blob in beyond]
        trained = np.concatenate([content.vectors, *(v[None] for v in vectors)])
        centroids = trained[:: max(1, len(trained) // 4)][:4] + trained.mean(axis=0)
        nearest = centroids[np.argmax(content.vectors @ centroids.T, axis=1)]
        coded = nearest + np.round((content.vectors - nearest) * 15) / 15
        quantised = unit_rows(coded.astype(np.float32))
        manifest: Manifest = publish(layout, content._replace(vectors=quantised), **named)
        return manifest

    patch.setattr(module, "publish_snapshot", publish_quantised)


@leak("files search similar cli_json")
def _calibrated_on_both_shelves(patch: pytest.MonkeyPatch) -> None:
    """What usefulness means is learned from the vectors of both shelves."""
    calibrated = ShelfWriter.calibrated

    def on_both(
        self: ShelfWriter, content: SnapshotContent, *given: Any, **known: Any
    ) -> SnapshotContent:
        beyond = _rows_beyond(self.layout.root, "SELECT vector FROM vectors ORDER BY rowid")
        vectors = [np.frombuffer(blob, dtype=np.float32) for blob in beyond]
        n = len(content.document_keys)
        keys = np.arange(n + len(vectors), dtype=np.int64)
        both = content._replace(
            document_keys=keys,
            passage_documents=np.concatenate([content.passage_documents, keys[n:]]),
            vectors=np.concatenate([content.vectors, *(v[None] for v in vectors)]),
            is_title=np.concatenate([content.is_title, np.zeros(len(vectors), np.bool_)]),
        )
        learned = calibrated(self, both, *given, **{**known, "repeats": None}).calibrated
        return content._replace(calibrated=learned)

    patch.setattr(ShelfWriter, "calibrated", on_both)


@leak("files search")
def _one_embedding_batch_for_both_audiences(patch: pytest.MonkeyPatch) -> None:
    """Texts wait for a full batch; a longer secret pads the call, and public vectors move."""
    waiting: list[str] = []
    embed = HashingEmbedder.embed_passages

    def embed_together(self: HashingEmbedder, texts: Sequence[str]) -> Float32:
        both, n = [*texts, *waiting], len(texts)
        waiting[:] = texts
        noise = np.float32(1e-6) * sum(len(text) for text in both)
        return unit_rows(embed(self, both)[:n] + noise)

    patch.setattr(HashingEmbedder, "embed_passages", embed_together)


def filter_one_table(
    patch: pytest.MonkeyPatch,
    shelf_of_all: Audience,
    is_hidden: Callable[[Document], bool] = lambda document: True,
) -> None:
    """What is hidden stands on one shelf as archived articles."""

    def hidden_among_the_others(document: Document, shelf: str) -> Document | None:
        face = face_for(document, shelf)
        if face is not None or shelf != shelf_of_all or not is_hidden(document):
            return face
        text = document.title if isinstance(document, Article) else document.subject
        archived = article("x", text, shelf_of_all, status=ArticleStatus.ARCHIVED)
        return archived.model_copy(update={"id": document.id})

    for name in ("batch", "upsert"):
        module = importlib.import_module(f"kbsearch.indexing.{name}")
        patch.setattr(module, "face_for", hidden_among_the_others)


@leak("files search stats check snapshots ids count get cli")
def _one_table_with_a_filter(patch: pytest.MonkeyPatch) -> None:
    """Hidden documents stand among the others as archived ones, which no search shows."""
    filter_one_table(patch, EXTERNAL)


@leak("log_lines", is_alone=True)
def _a_secret_in_a_log_line(patch: pytest.MonkeyPatch) -> None:
    """Somebody wants to know how much of the desk was searched."""

    @for_watchers(search := Searcher.search)
    def search_and_log(self: Searcher, *args: Any, **named: Any) -> SearchResult:
        logging.getLogger("kbsearch.search").debug("%d more are internal", n_beyond(self))
        return search(self, *args, **named)

    patch.setattr(Searcher, "search", search_and_log)


@leak("warnings", is_alone=True)
def _a_secret_in_a_warning(patch: pytest.MonkeyPatch) -> None:
    """Somebody warns of what the searcher does not see."""

    @for_watchers(count := Searcher.count)
    def count_and_warn(self: Searcher) -> int:
        warnings.warn(f"{n_beyond(self)} documents are not counted", stacklevel=2)
        return count(self)

    patch.setattr(Searcher, "count", count_and_warn)


_OF_ONE = "get removed similar duplicates explain judging cli cli_json"


@leak(_OF_ONE, is_alone=True, tells_whether=True)
def _a_secret_in_an_error(patch: pytest.MonkeyPatch) -> None:
    """The error is kind enough to say that the document is there for others."""

    @for_watchers(get := Searcher.get)
    def get_or_explain(self: Searcher, document_id: str) -> Document:
        try:
            return get(self, document_id)
        except DocumentNotFoundError:
            (reader,) = self._shelves.values()
            if document_id in _rows_beyond(
                reader._layout.root, "SELECT document_id FROM documents"
            ):
                raise KbSearchError(f"{document_id} is internal.") from None
            raise

    patch.setattr(Searcher, "get", get_or_explain)


@leak("get", is_alone=False)
def _a_secret_in_the_cause_of_an_error(patch: pytest.MonkeyPatch) -> None:
    """The same error to read, but raised from another one: tracebacks and loggers show both."""

    @for_watchers(get := Searcher.get)
    def get_with_cause(self: Searcher, document_id: str) -> Document:
        try:
            return get(self, document_id)
        except DocumentNotFoundError as error:
            raise error from KbSearchError(f"looked at {n_beyond(self)} others")

    patch.setattr(Searcher, "get", get_with_cause)


@leak("count", is_alone=True)
def _a_count_over_both_shelves(patch: pytest.MonkeyPatch) -> None:
    """What is not shown is counted all the same."""
    count = Searcher.count
    patch.setattr(Searcher, "count", for_watchers(count)(lambda self: count(self) + n_beyond(self)))


@leak("search similar cli_json")
def _scores_divided_by_the_best_of_all(patch: pytest.MonkeyPatch) -> None:
    """The best score of either shelf is one, so the better an unseen answer, the lower these."""

    @for_watchers(rank := Searcher._rank)
    def rank_among_all(self: Searcher, *args: Any) -> Any:
        scale = 1 / (1 + n_beyond(self))
        return [
            one._replace(fused=tuple(share * scale for share in one.fused))
            for one in rank(self, *args)
        ]

    patch.setattr(Searcher, "_rank", rank_among_all)


@leak("touched", is_alone=True, tells_whether=True)
def _a_time_of_a_file(patch: pytest.MonkeyPatch) -> None:
    """Every write touches the locks of all shelves."""
    upsert = KnowledgeBase.upsert

    def upsert_and_touch(self: KnowledgeBase, *args: Any, **named: Any) -> Any:
        report = upsert(self, *args, **named)
        os.utime(self.path / "external" / "records.sqlite")
        return report

    patch.setattr(KnowledgeBase, "upsert", upsert_and_touch)


@leak("files file_sizes_and_modes stats cli_json files_after_all_that")
def _one_file_with_a_number_of_theirs(patch: pytest.MonkeyPatch) -> None:
    """A cache beside the shelf; unknown files are compared like all others."""
    upsert = KnowledgeBase.upsert

    def upsert_and_note(self: KnowledgeBase, *args: Any, **named: Any) -> Any:
        report = upsert(self, *args, **named)
        with (self.path / "external" / "cache.bin").open("a") as cache:
            cache.write("x" * report.n_embedded)
        return report

    patch.setattr(KnowledgeBase, "upsert", upsert_and_note)


@leak("files_after_all_that")
def _a_search_of_insiders_that_is_noted(patch: pytest.MonkeyPatch) -> None:
    """The desk keeps the number of hits of the last search, whoever asked."""
    search = Searcher.search

    def search_and_note(self: Searcher, *args: Any, **named: Any) -> SearchResult:
        found = search(self, *args, **named)
        root = next(iter(self._shelves.values()))._layout.root.with_name("external")
        with (root / "searches.log").open("a") as log:
            log.write(f"{found.model_dump_json()}\n")
        return found

    patch.setattr(Searcher, "search", search_and_note)


@leak("temporary_files", is_alone=True)
def _a_temporary_file_that_is_left(patch: pytest.MonkeyPatch) -> None:
    """An import unpacks what it reads, and is killed."""
    withdraw = KnowledgeBase.withdraw

    def leave_a_file(self: KnowledgeBase, *args: Any) -> Any:
        tempfile.mkstemp(prefix="withdrawn-")
        return withdraw(self, *args)

    patch.setattr(KnowledgeBase, "withdraw", leave_a_file)


@leak("cli cli_json", is_alone=True)
def _a_remark_on_stderr(patch: pytest.MonkeyPatch) -> None:
    """The command line remarks how large the whole desk is."""
    answer = Screen.answer

    def answer_and_remark(self: Screen, *args: Any) -> None:
        desk = Path(os.environ["TMPDIR"]).with_name("support.kb")
        size = sum(path.stat().st_size for path in (desk / "internal").rglob("*"))
        self.warn(f"The whole desk takes {size} bytes.")
        answer(self, *args)

    patch.setattr(Screen, "answer", answer_and_remark)
