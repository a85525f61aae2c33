"""From pairs that are one problem to clusters, without chains from one problem to the next."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32, Int64, unit_rows
from kbsearch.duplicates.features import Pairs
from kbsearch.duplicates.reports import Float64, Reports

_FLOOR_SHARE = 0.1
"""The mean cosine within a cluster must reach what nine of ten single links have."""


class Cluster(NamedTuple):
    """Rows of reports, ascending, and the mean cosine of all pairs of them."""

    rows: tuple[int, ...]
    cosine: float


def document_vectors(reports: Reports) -> Float32:
    """The mean of each report's passages as a unit vector, (n_rows, dim); zero without any."""
    sums = np.zeros((len(reports), reports.vectors.shape[1]), dtype=np.float32)
    owners = np.repeat(np.arange(len(reports)), np.diff(reports.starts))
    np.add.at(sums, owners, reports.vectors)
    return unit_rows(sums)


def clusters_of(vectors: Float32, links: Pairs, probabilities: Float64) -> list[Cluster]:
    """
    Join what links join, the surest first, as long as both sides are alike as a whole.

    Average linkage: two clusters are joined only if the mean cosine of all pairs between
    them is at least that which nine of ten links have. A ticket that is like two problems
    so becomes a member of one of them, and no bridge. The mean of all pairs is the product
    of the two means, so that a join costs one product, however large both are.

    Args:
        vectors: Unit vectors of the reports, (n_rows, dim).
        links: Pairs that passed the threshold.
        probabilities: Theirs, (n_links,).

    Returns:
        Clusters of two and more, the largest first, ties by their first row.

    Source:
        Sokal & Michener 1958 (UPGMA), along links instead of over all pairs.
    """
    if not len(links.left):
        return []
    cosines = np.einsum("ij,ij->i", vectors[links.left], vectors[links.right])
    floor = float(np.quantile(cosines, _FLOOR_SHARE, method="lower"))
    parent = np.arange(len(vectors))
    sums = vectors.astype(np.float64)
    members: dict[int, list[int]] = {}
    order = np.lexsort((links.right, links.left, -cosines, -probabilities))
    for left, right in zip(links.left[order].tolist(), links.right[order].tolist(), strict=True):
        one, other = _root(parent, left), _root(parent, right)
        if one == other:
            continue
        own = members.get(one, [one])
        others = members.get(other, [other])
        is_first = len(own) == len(others) == 1  # a link by itself has passed its threshold
        mean = float(sums[one] @ sums[other]) / (len(own) * len(others))
        if is_first or mean >= floor:
            parent[other] = one
            sums[one] += sums[other]
            members[one] = own + others
            members.pop(other, None)
    found = [_cluster(rows, sums[root]) for root, rows in members.items()]
    return sorted(found, key=lambda each: (-len(each.rows), each.rows[0]))


def _cluster(rows: list[int], total: Float64) -> Cluster:
    n = len(rows)
    return Cluster(tuple(sorted(rows)), float((total @ total - n) / (n * (n - 1))))


def _root(parent: Int64, row: int) -> int:
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = int(parent[row])
    return row
