"""How close a query is to documents: by passages, and by titles apart; worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from kbsearch.search.closeness import Passages, closeness
from kbsearch.vector import Whitening

QUERY = np.array([1, 0], dtype=np.float32)


def passages(
    *vectors: tuple[float, float], titles: tuple[int, ...] = (), starts: tuple[int, ...] = (0,)
) -> Passages:
    """With the lengths of no whitening; `titles` are positions."""
    is_title = np.zeros(len(vectors), dtype=np.bool_)
    is_title[list(titles)] = True
    return Passages(
        vectors=np.array(vectors, dtype=np.float32).reshape(-1, 2),
        lengths=np.ones(len(vectors), dtype=np.float32),
        is_title=is_title,
        starts=np.array(starts, dtype=np.int64),
    )


def test_the_title_is_apart_from_the_passages() -> None:
    """The title is closest, but the best passage is the second: it is what is shown."""
    given = passages((0.0, 1.0), (0.6, 0.8), (1.0, 0.0), titles=(2,))

    found = closeness(QUERY, given, Whitening.none())

    assert found.best.tolist() == [1]
    assert found.cosines.tolist() == pytest.approx([0.6])
    assert found.whitened.tolist() == pytest.approx([0.6])
    assert found.titles.tolist() == pytest.approx([1.0])


def test_a_document_without_a_title_is_as_close_by_it_as_by_its_passages() -> None:
    """It must not fall behind for want of one."""
    given = passages((0.8, 0.6), (0.6, 0.8), (0.0, 1.0), titles=(2,), starts=(0, 1))

    found = closeness(QUERY, given, Whitening.none())

    assert found.best.tolist() == [0, 1]
    assert found.cosines.tolist() == pytest.approx([0.8, 0.6])
    assert found.titles.tolist() == pytest.approx([0.8, 0.0])


def test_a_title_that_is_unlike_counts_as_it_is() -> None:
    """Below zero too: the fusion makes nothing of it."""
    found = closeness(QUERY, passages((0.6, 0.8), (-1.0, 0.0), titles=(1,)), Whitening.none())

    assert found.titles.tolist() == pytest.approx([-1.0])


def test_the_best_passage_by_plain_and_by_whitened_cosine_may_differ() -> None:
    """By hand with C^(-1/2) = diag(1/9, 1): axes at 1/3 and 1, q = (.8, .6) at (.267, .6)."""
    whitening = Whitening(np.diag([1 / 9, 1.0]).astype(np.float32))
    query = np.array([0.8, 0.6], dtype=np.float32)
    plain = passages((1.0, 0.0), (0.0, 1.0))
    given = plain._replace(lengths=whitening.lengths(plain.vectors))

    found = closeness(query, given, whitening)

    assert found.best.tolist() == [0]
    assert found.cosines.tolist() == pytest.approx([0.8])
    assert found.whitened.tolist() == pytest.approx([0.6 / (0.6**2 + (0.8 / 3) ** 2) ** 0.5])


def test_equal_passages_give_the_first() -> None:
    """A page that is asked for twice is the same page."""
    found = closeness(QUERY, passages((0.6, 0.8), (0.6, -0.8)), Whitening.none())

    assert found.best.tolist() == [0]


def test_no_documents_give_nothing() -> None:
    """A filter may leave none."""
    found = closeness(QUERY, passages(starts=()), Whitening.none())

    assert [len(column) for column in found] == [0, 0, 0, 0]
