"""What a snapshot and a delta propose for one query, with the scores of all that is proposed."""

from __future__ import annotations

import numpy as np

from kbsearch.arrays import Bool, Float32, Int64, best_of_groups
from kbsearch.search.delta import Delta
from kbsearch.search.exact import Holdings
from kbsearch.snapshots import Snapshot

Columns = tuple[Int64, Int64, Int64, Float32, Float32]
"""Table rows, then document keys, passage keys, cosines, BM25 scores as in `Candidates`."""


def of_delta(
    delta: Delta, allowed: Bool, query: Float32, terms: list[str], *, n: int, exact: Holdings
) -> Columns:
    """The n best rows of each retriever and the exact ones, of those allowed (n_rows,)."""
    bm25 = delta.bm25_scores(terms)
    cosines, passages = delta.best_passages(query)
    rows = _with_exact(_best_of_both(cosines, bm25, np.flatnonzero(allowed), n), exact, allowed)
    return rows, delta.document_keys[rows], passages[rows], cosines[rows], bm25[rows]


def of_snapshot(
    snapshot: Snapshot, allowed: Bool, query: Float32, terms: list[str], *, n: int, exact: Holdings
) -> Columns:
    """The same, of a snapshot."""
    bm25 = snapshot.lexical.scores(terms)
    scored = np.flatnonzero(allowed & (bm25 > 0))
    lexical = scored[np.argsort(-bm25[scored], kind="stable")[:n]]
    rows = np.union1d(_nearest_documents(snapshot, allowed, query, n), lexical)
    rows = _with_exact(rows, exact, allowed)
    is_candidate = np.zeros(len(allowed), dtype=np.bool_)
    is_candidate[rows] = True
    passages = np.flatnonzero(is_candidate[snapshot.passage_documents])
    all_cosines = snapshot.vectors.cosines(query, passages)
    starts = np.searchsorted(snapshot.passage_documents[passages], rows)
    best = best_of_groups(all_cosines, starts)
    keys = snapshot.document_keys[rows]
    return rows, keys, snapshot.passage_keys[passages[best]], all_cosines[best], bm25[rows]


def _with_exact(rows: Int64, exact: Holdings, allowed: Bool) -> Int64:
    """Rows and those that hold what the query names, ascending."""
    if not exact:
        return rows
    holders = np.array(list(exact), dtype=np.int64)
    both: Int64 = np.union1d(rows, holders[allowed[holders]])
    return both


def _nearest_documents(snapshot: Snapshot, allowed: Bool, query: Float32, n: int) -> Int64:
    """Rows of the n documents with the nearest passages, (≤ n,), by doubling the passages."""
    passage_mask = None if allowed.all() else allowed[snapshot.passage_documents]
    n_allowed = len(snapshot.vectors) if passage_mask is None else int(passage_mask.sum())
    k = 2 * n
    while True:
        (hits,) = snapshot.vectors.search(query[None], k, allowed=passage_mask)
        _, firsts = np.unique(snapshot.passage_documents[hits.rows], return_index=True)
        documents = snapshot.passage_documents[hits.rows[np.sort(firsts)]]
        if len(documents) >= n or k >= n_allowed:
            found: Int64 = documents[:n]
            return found
        k *= 2


def _best_of_both(cosines: Float32, bm25: Float32, rows: Int64, n: int) -> Int64:
    dense = rows[np.argsort(-cosines[rows], kind="stable")[:n]]
    lexical = rows[np.argsort(-bm25[rows], kind="stable")[:n]]
    return np.union1d(dense, lexical[bm25[lexical] > 0])
