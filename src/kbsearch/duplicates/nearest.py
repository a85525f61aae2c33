"""Which tickets of many could be one problem: each one's nearest, found in blocks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kbsearch.arrays import Float32, Int64
from kbsearch.duplicates.features import Pairs
from kbsearch.duplicates.reports import Reports
from kbsearch.progress import Progress, silent
from kbsearch.vector import FlatIndex, VectorIndex

N_NEAREST = 20
"""Reports that are proposed for each; 78 to 93 % of known duplicates are among them."""

_MORE = 8
"""Passages beyond that: some of the nearest belong to the report itself, or to one twice."""

_VECTORS_AT_ONCE = 1024


def nearest_pairs(
    reports: Reports, *, n_nearest: int = N_NEAREST, progress: Progress = silent
) -> Pairs:
    """
    Every report with those whose passages are nearest to its own, each pair once.

    Exact: a flat index, so that time grows with the square of the passages, at so
    little for each that 100,000 take minutes. Passages of one text have one place
    in it: a thousand equal tickets would else have no other neighbours than each
    other. Reports with the very same passage are paired with the first of them.

    Args:
        reports: Of any number.
        n_nearest: Others for each.
        progress: Told how far it is.

    Returns:
        Pairs in the order of their rows.
    """
    owners = np.repeat(np.arange(len(reports)), np.diff(reports.starts))
    if len(owners) < 2:
        return _unique([], [])
    texts, place_of = _texts(reports.vectors)
    firsts = np.full(len(texts), len(reports), dtype=np.int64)
    np.minimum.at(firsts, place_of, owners)  # of each text the first report that has it
    lefts, rights = [firsts[place_of]], [owners]
    index: VectorIndex = FlatIndex(texts)
    for start in range(0, len(owners), _VECTORS_AT_ONCE):
        progress("find the nearest", start, len(owners))
        block = slice(start, start + _VECTORS_AT_ONCE)
        own = owners[block]
        hits = index.search(reports.vectors[block], n_nearest + _MORE)
        for row, near in zip(own.tolist(), hits, strict=True):
            others = firsts[near.rows]
            others = others[others != row]
            _, at = np.unique(others, return_index=True)
            kept = others[np.sort(at)[:n_nearest]]
            lefts.append(np.full(len(kept), row, dtype=np.int64))
            rights.append(kept)
    progress("find the nearest", len(owners), len(owners))
    return _unique(lefts, rights)


def _texts(vectors: Float32) -> tuple[Float32, Int64]:
    """Each different vector once, and where each row's one is among them."""
    rows = np.ascontiguousarray(vectors)
    as_bytes = rows.view(np.dtype((np.void, rows.shape[1] * rows.itemsize))).ravel()
    _, firsts, places = np.unique(as_bytes, return_index=True, return_inverse=True)
    return rows[firsts], places.astype(np.int64)


def _unique(lefts: Sequence[Int64], rights: Sequence[Int64]) -> Pairs:
    if not lefts:
        none = np.zeros(0, dtype=np.int64)
        return Pairs(none, none)
    one, other = np.concatenate(lefts), np.concatenate(rights)
    both = np.stack([np.minimum(one, other), np.maximum(one, other)], axis=1)
    both = np.unique(both[both[:, 0] != both[:, 1]], axis=0)
    return Pairs(both[:, 0], both[:, 1])
