"""Which documents of a shelf may be hits: what each retriever proposes, and what all say of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Bool, Float32, Int64
from kbsearch.lexical import QueryTerm
from kbsearch.rank import Signals
from kbsearch.search.closeness import Closeness, Passages, closeness
from kbsearch.search.delta import Delta
from kbsearch.search.exact import Holdings
from kbsearch.search.nearest import nearest_documents
from kbsearch.search.recent_words import Words, words_of
from kbsearch.snapshots import Snapshot


class Proposals(NamedTuple):
    """
    Documents in rows of a table, arrays all (n_candidates,); see `Signals`.

    Attributes:
        rows: Of the snapshot's table or of the delta.
        document_keys: Of the documents.
        passage_keys: Of the passage whose cosine is best.
        cosines: That cosine.
        signals: For the ranking.
    """

    rows: Int64
    document_keys: Int64
    passage_keys: Int64
    cosines: Float32
    signals: Signals


def propose_from_delta(
    delta: Delta,
    allowed: Bool,
    query: Float32,
    terms: Sequence[QueryTerm],
    *,
    n: int,
    exact: Holdings,
) -> Proposals:
    """As `propose_from_snapshot`, of what changed since; every row is compared."""
    near = delta.closeness(query)
    words = delta.scores(terms)
    rows = np.flatnonzero(allowed)
    chosen = [_best(score, rows, n) for score in (near.cosines, near.whitened, near.titles)]
    chosen += [_best_above_zero(score, rows, n) for score in (words.bm25, words.title_words)]
    chosen.append(_holders(exact, allowed))
    rows = np.unique(np.concatenate(chosen))
    return Proposals(
        rows,
        delta.document_keys[rows],
        delta.passage_keys[near.best[rows]],
        near.cosines[rows],
        _signals(near, words, rows),
    )


def propose_from_snapshot(
    snapshot: Snapshot,
    allowed: Bool,
    query: Float32,
    terms: Sequence[QueryTerm],
    *,
    n: int,
    exact: Holdings,
) -> Proposals:
    """
    The n best documents of each retriever, and all signals of every one of them.

    Args:
        snapshot: The indexes.
        allowed: By document row, (n_documents,).
        query: Unit vector, (dim,).
        terms: Of the query.
        n: Documents per retriever.
        exact: Rows that hold what the query names exactly; all of them are proposed.
    """
    words = words_of(snapshot.lexical, snapshot.titles, terms)
    rows = np.flatnonzero(allowed)
    chosen = [_best_above_zero(score, rows, n) for score in (words.bm25, words.title_words)]
    chosen.append(nearest_documents(snapshot, allowed, query, n))
    chosen.append(_holders(exact, allowed))
    rows = np.unique(np.concatenate(chosen))
    is_candidate = np.zeros(len(allowed), dtype=np.bool_)
    is_candidate[rows] = True
    passages = np.flatnonzero(is_candidate[snapshot.passage_documents])
    compared = Passages(
        vectors=snapshot.vectors.rows(passages),
        lengths=snapshot.lengths[passages],
        is_title=snapshot.is_title[passages],
        starts=np.searchsorted(snapshot.passage_documents[passages], rows),
    )
    near = closeness(query, compared, snapshot.whitening)
    signals = Signals(near.whitened, near.titles, *(each[rows] for each in words))
    keys = snapshot.document_keys[rows]
    return Proposals(rows, keys, snapshot.passage_keys[passages[near.best]], near.cosines, signals)


def _signals(near: Closeness, words: Words, rows: Int64) -> Signals:
    return Signals(*(each[rows] for each in (near.whitened, near.titles, *words)))


def _holders(exact: Holdings, allowed: Bool) -> Int64:
    holders = np.array(list(exact), dtype=np.int64)
    found: Int64 = holders[allowed[holders]]
    return found


def _best(scores: Float32, rows: Int64, n: int) -> Int64:
    """Of these rows the n with the highest scores; ties by row."""
    own = scores[rows]
    if len(rows) > n:
        bar = np.partition(own, len(own) - n)[len(own) - n]
        rows, own = rows[own >= bar], own[own >= bar]
    best: Int64 = rows[np.argsort(-own, kind="stable")[:n]]
    return best


def _best_above_zero(scores: Float32, rows: Int64, n: int) -> Int64:
    return _best(scores, rows[scores[rows] > 0], n)
