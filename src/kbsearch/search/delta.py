"""What changed on a shelf since its snapshot: small, in memory, searched exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Bool, Float32, Int64, best_of_groups
from kbsearch.embed import Fingerprint
from kbsearch.lexical import RecentDocuments, Statistics
from kbsearch.models import Filters
from kbsearch.search.table import GrowingTable
from kbsearch.store import Attributes, RecordReader, StoredPassage
from kbsearch.text import Analyzer

_FEW_GONE = 1000
"""So many rows of documents that are gone are passed over before the rest is written anew."""


class RecentDocument(NamedTuple):
    """A document of the delta with its passages' keys and unit vectors (n_passages, dim)."""

    attributes: Attributes
    terms: list[str]
    passage_keys: Int64
    vectors: Float32


class _Rows(NamedTuple):
    """
    The delta's columns, one row per document that came, in the order of their keys.

    Attributes:
        document_keys: (n,), ascending; gone documents keep their row for a while.
        is_live: (n,).
        table: Their attributes.
        first_passages: (n,), where each document's passages begin.
        passages: Of all documents; later deltas may have written behind them.
        n_passages: How many of these belong to this delta.
    """

    document_keys: Int64
    is_live: Bool
    table: GrowingTable
    first_passages: Int64
    passages: _Passages
    n_passages: int


class Delta:
    """
    Documents newer than a snapshot. Never changed: `with_changes` makes the next one.

    That one shares the rows of the one before it, so that a change costs
    what it brings and not what stands here already.
    """

    def __init__(
        self, documents: dict[int, RecentDocument], lexical: RecentDocuments, rows: _Rows
    ) -> None:
        self._documents, self._lexical, self._rows = documents, lexical, rows
        self._keys_by_id = {d.attributes.document_id: key for key, d in documents.items()}

    @classmethod
    def empty(cls, statistics: Statistics, *, k1: float, b: float) -> Delta:
        """Nothing has changed."""
        return cls({}, RecentDocuments(statistics, k1=k1, b=b), _no_rows())

    def __len__(self) -> int:
        return len(self._documents)

    @property
    def document_keys(self) -> Int64:
        """Document key by row, ascending."""
        return self._rows.document_keys

    @property
    def passage_keys(self) -> Int64:
        """Passage keys of all rows."""
        return self._rows.passages.keys[: self._rows.n_passages]

    @property
    def passage_vectors(self) -> Float32:
        """Unit vectors of all rows' passages, (n_passages, dim)."""
        return self._rows.passages.vectors[: self._rows.n_passages]

    def attributes(self, rows: Int64) -> list[Attributes]:
        """Attributes of the documents in these rows, none of which may be gone."""
        keys = self._rows.document_keys[rows].tolist()
        return [self._documents[key].attributes for key in keys]

    def find(self, document_id: str) -> Attributes | None:
        """The document with this id, if it is here."""
        key = self._keys_by_id.get(document_id)
        return None if key is None else self._documents[key].attributes

    def mask(self, filters: Filters, *, now_us: int, only_valid: bool) -> Bool:
        """True for every row that may be returned; as `DocumentTable.mask`."""
        rows = self._rows
        return rows.is_live & rows.table.mask(filters, now_us=now_us, only_valid=only_valid)

    def with_changes(self, added: Sequence[RecentDocument], dropped: Sequence[int]) -> Delta:
        """The state after these changes; searches of the old state are not disturbed."""
        if not added and not dropped:
            return self
        added = sorted(added, key=lambda document: document.attributes.document_key)
        new_keys = [document.attributes.document_key for document in added]
        documents, lexical = dict(self._documents), self._lexical.copy()
        for key in (*dropped, *new_keys):
            documents.pop(key, None)
            lexical.discard(key)
        for key, document in zip(new_keys, added, strict=True):
            documents[key] = document
            lexical.add(key, document.terms)
        rows = self._rows
        is_in_order = not new_keys or not len(rows.is_live) or new_keys[0] > rows.document_keys[-1]
        n_gone = len(rows.is_live) + len(added) - len(documents)
        if is_in_order and n_gone <= len(documents) + _FEW_GONE:
            is_live = rows.is_live & ~np.isin(rows.document_keys, np.array(dropped, np.int64))
            return Delta(documents, lexical, _appended(rows._replace(is_live=is_live), added))
        everything = [documents[key] for key in sorted(documents)]
        return Delta(documents, lexical, _appended(_no_rows(), everything))

    def bm25_scores(self, terms: Sequence[str]) -> Float32:
        """BM25 of every row on the snapshot's scale; 0 for what is gone."""
        scores = self._lexical.scores(terms)
        keys = self._rows.document_keys.tolist()
        return np.array([scores.get(key, 0.0) for key in keys], dtype=np.float32)

    def frequency(self, term: str) -> int:
        """Number of documents, here and in the snapshot, that hold a term."""
        return self._lexical.frequency(term)

    def best_passages(self, query: Float32) -> tuple[Float32, Int64]:
        """Best cosine and key of the best passage of every row, both (n_rows,)."""
        rows = self._rows
        if not rows.n_passages:
            return np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.int64)
        cosines: Float32 = rows.passages.vectors[: rows.n_passages] @ query
        best = best_of_groups(cosines, rows.first_passages)
        return cosines[best], self.passage_keys[best]


class _Passages:
    """
    Vectors and keys of passages, (capacity, dim) and (capacity,), with room for more.

    Written only behind `n_used`, so that whoever looks at a number of passages
    from the start goes on seeing the same.
    """

    def __init__(self, capacity: int, dim: int) -> None:
        self.vectors: Float32 = np.empty((capacity, dim), dtype=np.float32)
        self.keys: Int64 = np.empty(capacity, dtype=np.int64)
        self.n_used = 0

    def appended(self, n: int, added: Sequence[RecentDocument]) -> tuple[_Passages, int]:
        """The first n passages and those of the documents after them, and their number."""
        keys = np.concatenate([document.passage_keys for document in added])
        vectors = np.concatenate([document.vectors for document in added])
        total = n + len(keys)
        longer = self
        if self.n_used != n or total > len(self.keys):
            longer = _Passages(2 * total, vectors.shape[1])
            if n:
                longer.keys[:n], longer.vectors[:n] = self.keys[:n], self.vectors[:n]
        longer.n_used = total  # first: an interrupted call leaves room that nobody has
        longer.keys[n:total], longer.vectors[n:total] = keys, vectors
        return longer, total


def _no_rows() -> _Rows:
    none = np.zeros(0, dtype=np.int64)
    return _Rows(none, np.zeros(0, np.bool_), GrowingTable(), none, _Passages(0, 0), 0)


def _appended(rows: _Rows, added: Sequence[RecentDocument]) -> _Rows:
    if not added:
        return rows
    keys = np.array([document.attributes.document_key for document in added], dtype=np.int64)
    sizes = np.array([len(document.passage_keys) for document in added], dtype=np.int64)
    passages, n_passages = rows.passages.appended(rows.n_passages, added)
    return _Rows(
        document_keys=np.concatenate([rows.document_keys, keys]),
        is_live=np.concatenate([rows.is_live, np.ones(len(keys), dtype=np.bool_)]),
        table=rows.table.with_rows([document.attributes for document in added]),
        first_passages=np.concatenate(
            [rows.first_passages, rows.n_passages + np.cumsum(sizes) - sizes]
        ),
        passages=passages,
        n_passages=n_passages,
    )


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
