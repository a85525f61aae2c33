"""Grouping by average linkage: groups worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from kbsearch.arrays import Float32
from kbsearch.rank import average_linkage


def likeness(n_items: int, **pairs: float) -> Float32:
    """A symmetric matrix; `a1=.9` with a = 0, b = 1, … and the other's number."""
    matrix = np.zeros((n_items, n_items), dtype=np.float32)
    for pair, value in pairs.items():
        row, column = "abcdef".index(pair[0]), int(pair[1])
        matrix[row, column] = matrix[column, row] = value
    return matrix


def test_items_that_are_alike_become_one_group() -> None:
    """By hand: 0 and 1 reach the threshold; 2 is alike to neither."""
    assert average_linkage(likeness(3, a1=0.9), threshold=0.5) == [[0, 1], [2]]


def test_the_average_decides_and_not_the_nearest_member() -> None:
    """By hand: 2 is .8 like 1 and .1 like 0, on average .45; single linkage would join it."""
    matrix = likeness(3, a1=0.9, b2=0.8, a2=0.1)

    assert average_linkage(matrix, threshold=0.5) == [[0, 1], [2]]
    assert average_linkage(matrix, threshold=0.44) == [[0, 1, 2]]


def test_averages_are_weighted_by_the_sizes_of_groups() -> None:
    """By hand: {0, 1, 2} against 3 is (.9 + 0 + 0) / 3 = .3, not ((.9 + 0) / 2 + 0) / 2."""
    matrix = likeness(4, a1=1.0, a2=1.0, b2=1.0, a3=0.9)

    assert average_linkage(matrix, threshold=0.29) == [[0, 1, 2, 3]]
    assert average_linkage(matrix, threshold=0.31) == [[0, 1, 2], [3]]


def test_ties_go_to_the_items_that_come_first() -> None:
    """By hand: 1 is as like 0 as 2; with 0 it is .35 like 2 on average, which is too little."""
    matrix = likeness(3, a1=0.7, b2=0.7)

    assert average_linkage(matrix, threshold=0.5) == [[0, 1], [2]]


def test_what_belongs_together_is_joined_whatever_the_likeness() -> None:
    """A link to the same article says more than the words; chains of pairs are one group."""
    matrix = likeness(4)

    assert average_linkage(matrix, threshold=0.5, together=[(3, 1), (1, 0), (2, 2)]) == [
        [0, 1, 3],
        [2],
    ]


@pytest.mark.parametrize(("n", "groups"), [(0, []), (1, [[0]])])
def test_nothing_and_one_item_need_no_comparison(n: int, groups: list[list[int]]) -> None:
    """The diagonal is not read: an item is never joined to itself."""
    assert average_linkage(np.ones((n, n), dtype=np.float32), threshold=0.5) == groups


def test_the_threshold_is_reached_by_what_equals_it() -> None:
    """By hand: .5 is as much as was asked for."""
    assert average_linkage(likeness(2, a1=0.5), threshold=0.5) == [[0, 1]]
