"""How well a shelf answers a query, from cosines alone; no order of hits depends on it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32, Int64

N_NEAREST = 10
"""So many documents, and neighbours of each, tell how well a query is answered."""
_N_YARDSTICK = 2000
_CROWDING_WEIGHT = 0.6


class Yardstick(NamedTuple):
    """
    Passages spread evenly over a shelf, by which others are found to stand in a crowd.

    Attributes:
        vectors: Unit rows, (n, dim).
        documents: Whose they are, (n,); any number that tells documents apart.
    """

    vectors: Float32
    documents: Int64


def spread_rows(n_rows: int, n: int = _N_YARDSTICK) -> Int64:
    """At most n of the rows 0 to n_rows - 1, evenly spread, always the same."""
    rows: Int64 = np.unique(np.linspace(0, n_rows - 1, min(n, n_rows)).astype(np.int64))
    return rows


def crowding(vectors: Float32, documents: Int64, yardstick: Yardstick) -> Float32:
    """
    Mean cosine of each passage with its ten nearest of other documents.

    Only the yardstick is looked at, so that a large shelf costs no more than a small one.

    Args:
        vectors: Unit rows, (n, dim).
        documents: Of these passages, (n,), as the yardstick counts them.
        yardstick: Of the shelf.

    Returns:
        (n,); 0 for a passage whose document is the only one.
    """
    cosines = vectors @ yardstick.vectors.T
    cosines[documents[:, None] == yardstick.documents[None, :]] = -np.inf
    n = min(N_NEAREST, cosines.shape[1])
    nearest = -np.partition(-cosines, n - 1, axis=1)[:, :n]
    is_other = np.isfinite(nearest)
    sums = np.where(is_other, nearest, 0.0).sum(axis=1)
    means: Float32 = (sums / np.maximum(is_other.sum(axis=1), 1)).astype(np.float32)
    return means


def common_part(cosines: Float32, crowded: Float32) -> float:
    """
    What all hits of one query share of their usefulness.

    A question that is answered has several documents near it, nearer than these
    are to whatever else is written of their subject: in a crowd, such as among
    templates or chats of a few words, a high cosine says little.

    Args:
        cosines: Of the ten nearest documents, or of all if there are fewer; (n,), n > 0.
        crowded: `crowding` of their best passages, (n,).

    Source:
        Density beside similarity as in LOF (Breunig et al., 2000) and CSLS (Conneau et
        al., 2018); which parts and weights generalise: docs/no-answer.md.
    """
    return float(cosines.mean() / 2 - _CROWDING_WEIGHT * crowded.mean())


def usefulness(cosines: Float32, common: float) -> Float32:
    """
    Higher for what answers the query better; comparable between queries of one shelf.

    Args:
        cosines: Of hits, (n,).
        common: `common_part` of their query.

    Returns:
        (n,), without a scale of its own: `Calibration` turns it into probabilities.
    """
    found: Float32 = np.float32(0.5) * cosines + np.float32(common)
    return found
