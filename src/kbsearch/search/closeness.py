"""How close a query is in meaning to each of some documents."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Bool, Float32, Int64, best_of_groups
from kbsearch.vector import Whitening


class Closeness(NamedTuple):
    """
    By document, (n_documents,) each.

    Attributes:
        best: Position of the best passage among those that were compared.
        cosines: Of the best passage.
        whitened: Whitened cosine of the best passage; not always the same one.
        titles: Whitened cosine of the title; without a title as `whitened`.
    """

    best: Int64
    cosines: Float32
    whitened: Float32
    titles: Float32


class Passages(NamedTuple):
    """
    The passages of some documents, each document's in a row.

    Attributes:
        vectors: (n_passages, dim), unit rows.
        lengths: (n_passages,), of the whitened vectors.
        is_title: (n_passages,), True for a title that is embedded alone.
        starts: (n_documents,), where each document's passages begin.
    """

    vectors: Float32
    lengths: Float32
    is_title: Bool
    starts: Int64


def closeness(query: Float32, passages: Passages, whitening: Whitening) -> Closeness:
    """
    Compare a query, (dim,) of length 1, with documents by their best passages and titles.

    Every document has a passage that is no title.
    """
    if not len(passages.starts):
        none = np.zeros(0, dtype=np.float32)
        return Closeness(np.zeros(0, dtype=np.int64), none, none, none)
    both = np.stack([query, whitening.query(query)])
    # einsum and not BLAS, which rounds by a row's place: the same text ties wherever it stands
    plain, white = np.einsum("ij,kj->ki", passages.vectors, both)
    white = white / passages.lengths
    best = best_of_groups(np.where(passages.is_title, -np.inf, plain), passages.starts)
    whitened = np.maximum.reduceat(np.where(passages.is_title, -np.inf, white), passages.starts)
    titles = np.maximum.reduceat(np.where(passages.is_title, white, -np.inf), passages.starts)
    titles = np.where(np.isneginf(titles), whitened, titles)
    return Closeness(best, plain[best], whitened.astype(np.float32), titles.astype(np.float32))
