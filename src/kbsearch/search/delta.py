"""What changed on a shelf since its snapshot: small, in memory, searched exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32, Int64, best_of_groups
from kbsearch.embed import Fingerprint
from kbsearch.lexical import RecentDocuments, Statistics
from kbsearch.search.table import DocumentTable
from kbsearch.store import Attributes, RecordReader, StoredPassage
from kbsearch.text import Analyzer


class RecentDocument(NamedTuple):
    """A document of the delta with its passages' keys and unit vectors (n_passages, dim)."""

    attributes: Attributes
    terms: list[str]
    passage_keys: Int64
    vectors: Float32


class Delta:
    """
    Documents newer than a snapshot. Never changed: `with_changes` makes the next one.

    Attributes:
        dropped: Keys that a snapshot may hold and that must not be returned.
        document_keys: (n,), ascending; row of the table, scores and masks.
        table: Their attributes.
    """

    def __init__(
        self,
        documents: dict[int, RecentDocument],
        dropped: frozenset[int],
        lexical: RecentDocuments,
    ) -> None:
        self._documents = documents
        self.dropped = dropped
        self._lexical = lexical
        ordered = [documents[key] for key in sorted(documents)]
        self.document_keys = np.array(sorted(documents), dtype=np.int64)
        self.table = DocumentTable([document.attributes for document in ordered])
        parts = [document.vectors for document in ordered]
        self._vectors: Float32 = np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)
        self.passage_keys: Int64 = (
            np.concatenate([d.passage_keys for d in ordered]) if ordered else np.zeros(0, np.int64)
        )
        counts = [len(document.passage_keys) for document in ordered]
        self._first_passages = (np.cumsum(counts) - counts).astype(np.int64)

    @classmethod
    def empty(cls, statistics: Statistics, *, k1: float, b: float) -> Delta:
        """Nothing has changed."""
        return cls({}, frozenset(), RecentDocuments(statistics, k1=k1, b=b))

    def __len__(self) -> int:
        return len(self.document_keys)

    def with_changes(self, added: Sequence[RecentDocument], dropped: Sequence[int]) -> Delta:
        """The state after these changes; searches of the old state are not disturbed."""
        if not added and not dropped:
            return self
        documents = dict(self._documents)
        lexical = self._lexical.copy()
        for key in dropped:
            documents.pop(key, None)
            lexical.discard(key)
        for document in added:
            key = document.attributes.document_key
            documents[key] = document
            lexical.discard(key)
            lexical.add(key, document.terms)
        return Delta(documents, self.dropped | set(dropped), lexical)

    def bm25_scores(self, terms: Sequence[str]) -> Float32:
        """BM25 of every document on the snapshot's scale, (len(self),)."""
        scores = self._lexical.scores(terms)
        return np.array([scores[int(key)] for key in self.document_keys], dtype=np.float32)

    def best_passages(self, query: Float32) -> tuple[Float32, Int64]:
        """Best cosine and key of the best passage of every document, both (len(self),)."""
        if not len(self):
            return np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.int64)
        cosines: Float32 = self._vectors @ query
        best = best_of_groups(cosines, self._first_passages)
        return cosines[best], self.passage_keys[best]


def load_recent(
    records: RecordReader, keys: Sequence[int], fingerprint: Fingerprint, analyzer: Analyzer
) -> list[RecentDocument]:
    """Read those of the documents that still exist, with their vectors."""
    attributes = records.attributes(keys)
    cleaned = records.cleaned([row.document_key for row in attributes], fingerprint.key)
    passages = records.passages(cleaned, fingerprint.key)
    vectors = records.vectors_of(passages, fingerprint.embedder.key)
    by_document: dict[int, list[StoredPassage]] = {}
    for passage in passages:
        by_document.setdefault(passage.document_key, []).append(passage)
    found = []
    for row in attributes:
        own = by_document.get(row.document_key)
        if own is None:
            continue
        document = cleaned[row.document_key]
        found.append(
            RecentDocument(
                attributes=row,
                terms=analyzer.terms(f"{document.title}\n{document.text}"),
                passage_keys=np.array([p.passage_key for p in own], dtype=np.int64),
                vectors=np.stack([vectors[p.input_hash] for p in own]),
            )
        )
    return found
