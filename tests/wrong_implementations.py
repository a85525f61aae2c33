"""Embedders, indexes, importers and redactors, each wrong in one way that a contract must see."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from kbsearch.arrays import Bool, Float32, Int64, unit_rows
from kbsearch.embed import EmbedderFingerprint, HashingEmbedder
from kbsearch.importers import Importer, ImportItem
from kbsearch.importers.building import Imported, make_article
from kbsearch.importers.fields import Fields
from kbsearch.importers.reading.source import Source
from kbsearch.lexical import Bm25Index, QueryTerm, all_terms
from kbsearch.redact import Finding
from kbsearch.vector import VectorHits, VectorIndex


class Unnormalised(HashingEmbedder):
    """Longer texts get longer vectors."""

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        lengths = np.array([[len(text)] for text in texts], dtype=np.float32)
        return super().embed_passages(texts) * lengths.reshape(-1, 1)


class DependsOnTheBatch(HashingEmbedder):
    """Each vector leans a little to the mean of its call."""

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        vectors = super().embed_passages(texts)
        return unit_rows(vectors + 1e-3 * vectors.sum(axis=0)) if len(texts) else vectors


class SortsTheTexts(HashingEmbedder):
    """Longest first, for speed, and forgets to put the rows back."""

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        return super().embed_passages(sorted(texts, key=len, reverse=True))


class LosesTheWidth(HashingEmbedder):
    """As `numpy.array([])` does."""

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        return super().embed_passages(texts) if texts else np.zeros((0, 0), dtype=np.float32)


class NotANumber(HashingEmbedder):
    """Divides a blank text by its length of zero."""

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        vectors = super().embed_passages(texts)
        vectors[~vectors.any(axis=1)] = np.nan
        return vectors


class ForgetsDropout(HashingEmbedder):
    """Left in training mode: each call draws anew."""

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        vectors = super().embed_passages(texts)
        noise = np.random.default_rng().standard_normal(vectors.shape)
        return unit_rows(np.asarray(vectors + 1e-3 * noise, dtype=np.float32))


class SecretPrompt(HashingEmbedder):
    """Puts words before queries and does not say so."""

    def embed_queries(self, texts: Sequence[str]) -> Float32:
        return super().embed_passages([f"query: {text}" for text in texts])


class OneBuffer(HashingEmbedder):
    """All calls share one array."""

    _buffer: Float32 | None = None

    def embed_queries(self, texts: Sequence[str]) -> Float32:
        vectors = super().embed_passages(texts)
        if self._buffer is None or self._buffer.shape != vectors.shape:
            self._buffer = vectors
        else:
            self._buffer += 0.01
        return self._buffer


class CountsBytes(HashingEmbedder):
    """Offsets of the encoded text."""

    def token_offsets(self, text: str) -> Int64:
        places = [len(text[:n].encode()) for n in range(len(text) + 1)]
        offsets = [[places[start], places[end]] for start, end in super().token_offsets(text)]
        return np.array(offsets, dtype=np.int64).reshape(-1, 2)


class CutsItsTokens(HashingEmbedder):
    """The tokenizer's own limit is left on."""

    def token_offsets(self, text: str) -> Int64:
        return super().token_offsets(text)[:256]


class ReadsLess(HashingEmbedder):
    """Says 256 and reads 250."""

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        return super().embed_passages([" ".join(text.split()[:250]) for text in texts])


class NewEachTime(HashingEmbedder):
    """Takes the time of its start for a version."""

    _starts = itertools.count()

    def __init__(self) -> None:
        super().__init__()
        start = f"{next(self._starts):064x}"
        self.fingerprint = EmbedderFingerprint(
            **(self.fingerprint.model_dump() | {"model_sha256": start})
        )


class BruteForce(VectorIndex):
    """An index without an engine, as somebody else would write it; this one is right."""

    def __init__(self, vectors: Float32) -> None:
        self._unit = unit_rows(vectors)

    @classmethod
    def from_bytes(cls, content: bytes) -> BruteForce:
        width = int.from_bytes(content[:4], "little")
        return cls(np.frombuffer(content[4:], dtype=np.float32).reshape(-1, width))

    @property
    def dim(self) -> int:
        return int(self._unit.shape[1])

    def __len__(self) -> int:
        return len(self._unit)

    def to_bytes(self) -> bytes:
        return self.dim.to_bytes(4, "little") + self._unit.tobytes()

    def _search(self, unit_queries: Float32, k: int, allowed: Bool | None) -> tuple[Int64, Float32]:
        cosines = (
            np.stack([self._unit @ query for query in unit_queries])
            if len(unit_queries)
            else np.zeros((0, len(self)), dtype=np.float32)
        )
        cosines = np.where(np.ones(len(self), bool) if allowed is None else allowed, cosines, -9)
        rows = np.argsort(-cosines, axis=1, kind="stable")[:, :k]
        found = np.take_along_axis(cosines, rows, axis=1).astype(np.float32)
        return np.where(found < -8, -1, rows).astype(np.int64), found

    def _rows(self, rows: Int64) -> Float32:
        return self._unit[rows]


class GivesPadding(BruteForce):
    """As FAISS does: -1 for what is missing, which is the last row to NumPy."""

    def search(self, queries: Float32, k: int, *, allowed: Bool | None = None) -> list[VectorHits]:
        hits = super().search(queries, k, allowed=allowed)
        return [
            VectorHits(
                np.concatenate([h.rows, np.full(k - len(h.rows), -1)]),
                np.concatenate([h.cosines, np.zeros(k - len(h.rows), dtype=np.float32)]),
            )
            for h in hits
        ]


class FiltersAfterwards(BruteForce):
    """Takes what is not allowed out of the nearest k."""

    def search(self, queries: Float32, k: int, *, allowed: Bool | None = None) -> list[VectorHits]:
        hits = super().search(queries, k)
        if allowed is None:
            return hits
        return [VectorHits(h.rows[allowed[h.rows]], h.cosines[allowed[h.rows]]) for h in hits]


class GivesDistances(BruteForce):
    """1 - cosine: lower is better."""

    def search(self, queries: Float32, k: int, *, allowed: Bool | None = None) -> list[VectorHits]:
        hits = super().search(queries, k, allowed=allowed)
        return [VectorHits(h.rows, 1 - h.cosines) for h in hits]


class BreaksTiesByChance(BruteForce):
    """Sorts by cosine alone, from the end."""

    def search(self, queries: Float32, k: int, *, allowed: Bool | None = None) -> list[VectorHits]:
        hits = super().search(queries, k, allowed=allowed)
        order = [np.lexsort((-h.rows, -h.cosines)) for h in hits]
        return [VectorHits(h.rows[o], h.cosines[o]) for h, o in zip(hits, order, strict=True)]


class MixesTheQueries(BruteForce):
    """Answers a batch from its end."""

    def search(self, queries: Float32, k: int, *, allowed: Bool | None = None) -> list[VectorHits]:
        return super().search(queries, k, allowed=allowed)[::-1]


class LosesARow(BruteForce):
    """Its bytes lack the last row."""

    def to_bytes(self) -> bytes:
        return super().to_bytes()[: -4 * self.dim] if len(self) else super().to_bytes()


class CountsOnce(Bm25Index):
    """Takes the terms of a query for a set."""

    def scores(self, terms: Sequence[QueryTerm]) -> Float32:
        return super().scores(sorted(set(terms)))


class OtherBm25(Bm25Index):
    """With the factor k1 + 1 of the textbooks: right order, another scale."""

    def scores(self, terms: Sequence[QueryTerm]) -> Float32:
        return super().scores(terms) * np.float32(self._k1 + 1)


class IgnoresLength(Bm25Index):
    """Leaves b out."""

    def __init__(self, documents: Sequence[Sequence[str]], *, k1: float, b: float) -> None:
        super().__init__(documents, k1=k1, b=0.0 * b)


class AddsUpAlternatives(Bm25Index):
    """Two ways to say one word count as two words."""

    def scores(self, terms: Sequence[QueryTerm]) -> Float32:
        return super().scores(all_terms(terms))


class DropsEmptyDocuments(Bm25Index):
    """Rows behind an empty document move up."""

    def __init__(self, documents: Sequence[Sequence[str]], *, k1: float, b: float) -> None:
        super().__init__([terms for terms in documents if terms], k1=k1, b=b)


class NotesImporter(Importer):
    """Articles of a small product that nobody sells."""

    name = "notes"
    title = "Notes"
    reads = "notes"
    verified = "its only user wrote it"

    def _read(self, source: Source) -> Iterator[ImportItem]:
        return self._each(source.table("notes", main=True), self._note)

    def _note(self, row: Fields) -> Imported:
        return self._made(row, row.flag_marker("note", "open", public=True))

    def _made(self, row: Fields, *markers: Any) -> Imported:
        return make_article(
            row.place,
            markers=markers,
            id=self.article_id(row.identifier("id")),
            title=row.text("title"),
            body="",
        )


class OpensWhatItDoesNotKnow(NotesImporter):
    """Only a note that says so is closed."""

    def _note(self, row: Fields) -> Imported:
        shut = row.values.get("open") is False
        fields = Fields(row.place, dict(row.values) | {"open": not shut})
        return self._made(fields, fields.flag_marker("note", "open", public=True))


class NamesAllAlike(NotesImporter):
    """Forgets the number."""

    def article_id(self, external_id: str) -> str:
        return super().article_id("1")


class StopsAtTheFirstProblem(NotesImporter):
    """What follows a malformed record is lost."""

    def _read(self, source: Source) -> Iterator[ImportItem]:
        for item in super()._read(source):
            yield item
            if not isinstance(item, Imported):
                return


class BadgeRedactor:
    """Finds `B-` and four digits; this one is right."""

    fingerprint = "badge-1"

    def find(self, text: str) -> Sequence[Finding]:
        """Every badge."""
        return [
            Finding(start, start + 6, "badge")
            for start in range(len(text) - 5)
            if text.startswith("B-", start) and text[start + 2 : start + 6].isdigit()
        ]


class FindsOneBadge(BadgeRedactor):
    """The first one is enough for it."""

    def find(self, text: str) -> Sequence[Finding]:
        return super().find(text)[:1]


class FindsBytes(BadgeRedactor):
    """Offsets of the encoded text."""

    def find(self, text: str) -> Sequence[Finding]:
        return [
            Finding(len(text[: f.start].encode()), len(text[: f.end].encode()), f.kind)
            for f in super().find(text)
        ]


class TakesTheWordBefore(BadgeRedactor):
    """Greedy."""

    def find(self, text: str) -> Sequence[Finding]:
        return [Finding(max(0, f.start - 6), f.end, f.kind) for f in super().find(text)]


class FindsEveryNumber(BadgeRedactor):
    """Four digits are enough for it."""

    def find(self, text: str) -> Sequence[Finding]:
        starts = [n for n in range(len(text) - 3) if text[n : n + 4].isdigit()]
        return [Finding(n, n + 4, "badge") for n in starts]
