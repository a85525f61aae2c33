"""Putting like things together: average linkage on a matrix of similarities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from kbsearch.arrays import Float32


def average_linkage(
    similarities: Float32,
    *,
    threshold: float,
    together: Iterable[tuple[int, int]] = (),
) -> list[list[int]]:
    """
    Group items so that the members of two groups are less alike, on average, than a threshold.

    The two groups that are most alike on average become one, until no two reach
    the threshold. One bridging item does not chain two groups together, as it would
    with single linkage, and one odd member does not keep a group apart, as it
    would with complete linkage.

    Args:
        similarities: (n_items, n_items), symmetric; the diagonal is not read.
        threshold: Least average similarity of two groups that become one.
        together: Pairs of items that belong together whatever their similarity.

    Returns:
        Groups in the order of their first items, each ascending. Ties go to the
        pair of groups whose first items come first.

    Source:
        UPGMA: Sokal & Michener, "A statistical method for evaluating systematic
        relationships", 1958; updated as in Lance & Williams, 1967. O(n³) in numpy,
        for some 200 items.
    """
    groups = _joined(len(similarities), together)
    if not groups:
        return []
    sizes = np.array([len(group) for group in groups], dtype=np.float64)
    means = _mean_similarities(np.asarray(similarities, dtype=np.float64), groups)
    np.fill_diagonal(means, -np.inf)
    while True:
        first, second = divmod(int(means.argmax()), len(groups))
        if not means[first, second] >= threshold:
            break
        weights = sizes[[first, second]] / sizes[[first, second]].sum()
        row = weights[0] * means[first] + weights[1] * means[second]
        row[[first, second]] = -np.inf
        means[first], means[:, first] = row, row
        means[second], means[:, second] = -np.inf, -np.inf
        sizes[first] += sizes[second]
        groups[first] += groups[second]
        groups[second] = []
    return [sorted(group) for group in groups if group]


def _joined(n_items: int, together: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Groups of items that chains of pairs join, in the order of their first items."""
    home = list(range(n_items))
    for first, second in together:
        old, new = sorted((home[first], home[second]), reverse=True)
        home = [new if place == old else place for place in home]
    groups: dict[int, list[int]] = {}
    for item, place in enumerate(home):
        groups.setdefault(place, []).append(item)
    return list(groups.values())


def _mean_similarities(
    similarities: np.ndarray[tuple[int, ...], np.dtype[np.float64]], groups: Sequence[list[int]]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Average similarity of the members of each two groups, (n_groups, n_groups)."""
    members = np.zeros((len(groups), len(similarities)))
    for row, group in enumerate(groups):
        members[row, group] = 1 / len(group)
    means: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = members @ similarities @ members.T
    return means
