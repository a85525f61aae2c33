"""Vectors of lines are made once, for each side of the wall apart, and not kept for ever."""

from __future__ import annotations

import numpy as np
import pytest

from kbsearch.sharing.outgoing import LineVectors
from tests.spies import SpyEmbedder

LINES = ["The reaper skips sessions.", "Pavel drained the edge.", "The toner is in the cupboard."]


@pytest.fixture
def spy() -> SpyEmbedder:
    return SpyEmbedder()


class TestLineVectors:
    """What the check of a draft may rely on."""

    def test_are_those_of_the_embedder_in_the_order_of_the_texts(self, spy: SpyEmbedder) -> None:
        """A row that stands at another place would accuse another line."""
        vectors = LineVectors(spy)
        vectors.of(LINES[1:2], is_free=False)

        made = vectors.of([LINES[0], LINES[1], LINES[0]], is_free=False)

        wanted = spy.embed_queries([LINES[0], LINES[1], LINES[0]])
        np.testing.assert_array_equal(made, wanted)

    def test_are_made_once(self, spy: SpyEmbedder) -> None:
        """An agent changes one sentence and checks again: only that one is new."""
        vectors = LineVectors(spy)

        vectors.of(LINES[:2], is_free=False)
        vectors.of(LINES, is_free=False)

        assert spy.calls == [LINES[:2], LINES[2:]]

    def test_of_public_lines_are_made_apart_from_those_of_staff(self, spy: SpyEmbedder) -> None:
        """The same sentence may stand on both sides; its last bits tell what stood beside it."""
        vectors = LineVectors(spy)

        vectors.of(LINES[:1], is_free=False)
        vectors.of(LINES[:1], is_free=True)

        assert spy.calls == [LINES[:1], LINES[:1]]

    def test_the_least_used_is_forgotten_first(self, spy: SpyEmbedder) -> None:
        """A desk that is open for a year must not grow."""
        vectors = LineVectors(spy, n_kept=2)
        for line in (LINES[0], LINES[1], LINES[0], LINES[2]):
            vectors.of([line], is_free=False)
        spy.calls.clear()

        vectors.of([LINES[0], LINES[2]], is_free=False)
        vectors.of([LINES[1]], is_free=False)

        assert spy.calls == [[LINES[1]]]

    def test_more_texts_than_are_kept_all_get_theirs(self, spy: SpyEmbedder) -> None:
        """A long draft is no error."""
        assert LineVectors(spy, n_kept=1).of(LINES, is_free=False).shape == (3, 64)

    def test_of_no_texts_are_no_rows(self, spy: SpyEmbedder) -> None:
        """The embedder is not asked for nothing."""
        assert LineVectors(spy).of([], is_free=True).shape == (0, 64)
        assert spy.calls == []
