"""Documents of a snapshot that are nearest to each of several texts, in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from kbsearch.arrays import Bool, Float32, Int64
from kbsearch.models import Filters
from kbsearch.snapshots import Snapshot

_PASSAGES_PER_DOCUMENT = 4
"""So many passages are looked at for each document wanted: a long one has several near."""


class _Table(Protocol):
    """A table or a delta."""

    def mask(self, filters: Filters, *, now_us: int, only_valid: bool) -> Bool: ...


def mask_by_dates(table: _Table, filters: Filters, now_us: int, valid: bool | None) -> Bool:
    """As `DocumentTable.mask`: rows that are valid now, those that are not, or with None both."""
    kept = table.mask(filters, now_us=now_us, only_valid=valid is True)
    return kept & ~table.mask(filters, now_us=now_us, only_valid=True) if valid is False else kept


def best_of_both(cosines: Float32, bm25: Float32, rows: Int64, n: int) -> Int64:
    """Of these rows, the n with the best cosines and the n with the best words; ascending."""
    dense = rows[np.argsort(-cosines[rows], kind="stable")[:n]]
    lexical = rows[np.argsort(-bm25[rows], kind="stable")[:n]]
    return np.union1d(dense, lexical[bm25[lexical] > 0])


def nearest_of_each(
    snapshot: Snapshot, allowed: Bool, queries: Float32, terms: Sequence[list[str]], n: int
) -> list[list[int]]:
    """
    Document keys for each text: the n by passages, then others of the n by words.

    Args:
        snapshot: The indexes.
        allowed: By document row, (n_documents,).
        queries: Unit vectors, (n_texts, dim).
        terms: Of each text.
        n: Documents per retriever; fewer by passages if few documents have all the near ones.
    """
    mask = None if allowed.all() else allowed[snapshot.passage_documents]
    hits = snapshot.vectors.search(queries, _PASSAGES_PER_DOCUMENT * n, allowed=mask)
    return [
        snapshot.document_keys[_rows(snapshot, near.rows, allowed, own_terms, n)].tolist()
        for near, own_terms in zip(hits, terms, strict=True)
    ]


def _rows(
    snapshot: Snapshot, passages: Int64, allowed: Bool, terms: list[str], n: int
) -> list[int]:
    dense = dict.fromkeys(snapshot.passage_documents[passages].tolist())
    bm25 = snapshot.lexical.scores(terms)
    scored = np.flatnonzero(allowed & (bm25 > 0))
    if len(scored) > n:
        scored = scored[np.argpartition(-bm25[scored], n)[:n]]
    lexical = scored[np.argsort(-bm25[scored], kind="stable")]
    return list(dict.fromkeys([*list(dense)[:n], *lexical.tolist()]))
