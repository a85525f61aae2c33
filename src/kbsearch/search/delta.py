"""What changed on a shelf since its snapshot: small, in memory, searched exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kbsearch.arrays import Bool, Float32, Int64
from kbsearch.embed import Fingerprint
from kbsearch.lexical import ExactIndex, GrowingVocabulary, QueryTerm, written_words
from kbsearch.models import Filters, SectionKind
from kbsearch.search.closeness import Closeness, Passages, closeness
from kbsearch.search.recent_words import RecentWords, Words
from kbsearch.search.table import GrowingTable
from kbsearch.store import Attributes, RecordReader, StoredPassage, exact_keys
from kbsearch.text import Analyzer, FieldTerms, field_terms
from kbsearch.vector import Whitening

_FEW_GONE = 1000
"""So many rows of documents that are gone are passed over before the rest is written anew."""


class RecentDocument(NamedTuple):
    """
    A document of the delta.

    Attributes:
        attributes: What filters look at.
        terms: Of its fields.
        passage_keys: (n_passages,).
        vectors: (n_passages, dim), unit rows.
        is_title: (n_passages,), True for the title alone.
        exact_keys: What it is found by exactly.
        words: As they are written.
    """

    attributes: Attributes
    terms: FieldTerms
    passage_keys: Int64
    vectors: Float32
    is_title: Bool
    exact_keys: Collection[str] = ()
    words: frozenset[str] = frozenset()


class _Rows(NamedTuple):
    """
    The delta's columns, one row per document that came, in the order of their keys.

    Attributes:
        document_keys: (n,), ascending; gone documents keep their row for a while.
        is_live: (n,).
        table: Their attributes.
        exact: What they are found by exactly.
        first_passages: (n,), where each document's passages begin.
        passages: Of all documents; later deltas may have written behind them.
        n_passages: How many of these belong to this delta.
        words: As they are written, by row.
    """

    document_keys: Int64
    is_live: Bool
    table: GrowingTable
    exact: ExactIndex
    first_passages: Int64
    passages: _Passages
    n_passages: int
    words: GrowingVocabulary


class Delta:
    """
    Documents newer than a snapshot. Never changed: `with_changes` makes the next one.

    That one shares the rows of the one before it, so that a change costs
    what it brings and not what stands here already.
    """

    def __init__(
        self,
        documents: dict[int, RecentDocument],
        scores: RecentWords,
        rows: _Rows,
        whitening: Whitening,
    ) -> None:
        self._documents, self._scores, self._rows = documents, scores, rows
        self._whitening = whitening
        self._keys_by_id = {d.attributes.document_id: key for key, d in documents.items()}

    @classmethod
    def empty(cls, words: RecentWords, whitening: Whitening) -> Delta:
        """Nothing has changed since a snapshot with these statistics and this measure."""
        return cls({}, words, _no_rows(), whitening)

    def __len__(self) -> int:
        return len(self._documents)

    @property
    def document_keys(self) -> Int64:
        """Document key by row, ascending."""
        return self._rows.document_keys

    @property
    def is_live(self) -> Bool:
        """By row, False for documents that are gone."""
        return self._rows.is_live

    @property
    def exact(self) -> ExactIndex:
        """What each row's document is found by exactly."""
        return self._rows.exact

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

    def languages(self) -> Counter[str | None]:
        """Number of documents by language, None for an unknown one."""
        return Counter(document.attributes.language for document in self._documents.values())

    def find(self, document_id: str) -> Attributes | None:
        """The document with this id, if it is here."""
        key = self._keys_by_id.get(document_id)
        return None if key is None else self._documents[key].attributes

    def merging(self, document_id: str) -> list[str]:
        """Ids of the tickets here that name this one as merged."""
        attributes = (document.attributes for document in self._documents.values())
        return [one.document_id for one in attributes if document_id in one.merged_ids]

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
        documents, scores = dict(self._documents), self._scores.copy()
        for key in (*dropped, *new_keys):
            documents.pop(key, None)
            scores.discard(key)
        for key, document in zip(new_keys, added, strict=True):
            documents[key] = document
            scores.add(key, document.terms)
        rows = self._rows
        is_in_order = not new_keys or not len(rows.is_live) or new_keys[0] > rows.document_keys[-1]
        n_gone = len(rows.is_live) + len(added) - len(documents)
        if is_in_order and n_gone <= len(documents) + _FEW_GONE:
            is_live = rows.is_live & ~np.isin(rows.document_keys, np.array(dropped, np.int64))
            kept = rows._replace(is_live=is_live)
        else:
            added, kept = [documents[key] for key in sorted(documents)], _no_rows()
        rows = _appended(kept, added, self._whitening)
        return Delta(documents, scores, rows, self._whitening)

    def scores(self, terms: Sequence[QueryTerm]) -> Words:
        """What its words say of every row, on the snapshot's scale; 0 for what is gone."""
        return self._scores.words(terms, self._rows.document_keys)

    @property
    def words(self) -> GrowingVocabulary:
        """The words of every row, as they are written."""
        return self._rows.words

    def frequency(self, term: str) -> int:
        """Number of documents, here and in the snapshot, that hold a term."""
        return self._scores.frequency(term)

    def closeness(self, query: Float32) -> Closeness:
        """How close a query is to every row; `best` are positions in `passage_keys`."""
        rows, n = self._rows, self._rows.n_passages
        own = rows.passages
        compared = Passages(own.vectors[:n], own.lengths[:n], own.is_title[:n], rows.first_passages)
        return closeness(query, compared, self._whitening)


class _Passages:
    """
    Vectors of passages, (capacity, dim), and their columns, (capacity,), with room for more.

    Written only behind `n_used`, so that whoever looks at a number of passages
    from the start goes on seeing the same.
    """

    def __init__(self, capacity: int, dim: int) -> None:
        self.vectors: Float32 = np.empty((capacity, dim), dtype=np.float32)
        self.keys: Int64 = np.empty(capacity, dtype=np.int64)
        self.lengths: Float32 = np.empty(capacity, dtype=np.float32)
        self.is_title: Bool = np.empty(capacity, dtype=np.bool_)
        self.n_used = 0

    @property
    def columns(self) -> tuple[NDArray[Any], ...]:
        """All of them."""
        return self.vectors, self.keys, self.lengths, self.is_title

    def appended(
        self, n: int, added: Sequence[RecentDocument], whitening: Whitening
    ) -> tuple[_Passages, int]:
        """The first n passages and those of the documents after them, and their number."""
        vectors = np.concatenate([document.vectors for document in added])
        keys = np.concatenate([document.passage_keys for document in added])
        is_title = np.concatenate([document.is_title for document in added])
        total = n + len(keys)
        longer = self
        if self.n_used != n or total > len(self.keys):
            longer = _Passages(2 * total, vectors.shape[1])
            if n:
                for old, column in zip(self.columns, longer.columns, strict=True):
                    column[:n] = old[:n]
        longer.n_used = total  # first: an interrupted call leaves room that nobody has
        new = (vectors, keys, whitening.lengths(vectors), is_title)
        for column, values in zip(longer.columns, new, strict=True):
            column[n:total] = values
        return longer, total


def _no_rows() -> _Rows:
    none = np.zeros(0, dtype=np.int64)
    return _Rows(
        none,
        np.zeros(0, np.bool_),
        GrowingTable(),
        ExactIndex(),
        none,
        _Passages(0, 0),
        0,
        GrowingVocabulary(),
    )


def _appended(rows: _Rows, added: Sequence[RecentDocument], whitening: Whitening) -> _Rows:
    if not added:
        return rows
    keys = np.array([document.attributes.document_key for document in added], dtype=np.int64)
    sizes = np.array([len(document.passage_keys) for document in added], dtype=np.int64)
    passages, n_passages = rows.passages.appended(rows.n_passages, added, whitening)
    return _Rows(
        document_keys=np.concatenate([rows.document_keys, keys]),
        is_live=np.concatenate([rows.is_live, np.ones(len(keys), dtype=np.bool_)]),
        table=rows.table.with_rows([document.attributes for document in added]),
        exact=rows.exact.with_documents([document.exact_keys for document in added]),
        first_passages=np.concatenate(
            [rows.first_passages, rows.n_passages + np.cumsum(sizes) - sizes]
        ),
        passages=passages,
        n_passages=n_passages,
        words=rows.words.with_documents([document.words for document in added]),
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
        text = f"{document.title}\n{document.text}"
        found.append(
            RecentDocument(
                attributes=row,
                terms=field_terms(document, row.tags, analyzer.in_language(row.language)),
                passage_keys=np.array([p.passage_key for p in own], dtype=np.int64),
                vectors=np.stack([vectors[p.input_hash] for p in own]),
                is_title=np.array(
                    [p.passage.section is SectionKind.TITLE for p in own], dtype=np.bool_
                ),
                exact_keys=exact_keys(row, document),
                words=frozenset(one.word for one in written_words(text)),
            )
        )
    return found
