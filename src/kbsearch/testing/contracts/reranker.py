"""What every reranker owes kbsearch."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from kbsearch.embed import Reranker

QUERY = "the printer drops paper"
TEXTS = ("paper jam in the printer", "battery drops after sleep", "Grüße aus Köln", "screen")

Build = Callable[[], Reranker]


class RerankerContract:
    """
    What kbsearch relies on, whichever reranker was chosen.

    Override the fixture `build`.
    """

    @pytest.fixture
    def build(self) -> Build:
        """A function that makes the reranker anew; it may give a loaded model again."""
        raise NotImplementedError("Override the fixture `build`: a function that makes a reranker")

    @pytest.fixture
    def reranker(self, build: Build) -> Reranker:
        """The one under test."""
        return build()

    def test_fulfils_the_protocol(self, reranker: Reranker) -> None:
        """Users' own rerankers are checked the same way."""
        assert isinstance(reranker, Reranker)

    def test_each_text_has_one_finite_score(self, reranker: Reranker) -> None:
        """A model with several outputs says nothing that can be ordered by."""
        scores = reranker.scores(QUERY, TEXTS)

        assert scores.shape == (4,)
        assert str(scores.dtype) == "float32"
        assert np.isfinite(scores).all()

    def test_scores_come_in_the_order_of_the_texts(self, reranker: Reranker) -> None:
        """Engines sort by length inside; hits are scored in small batches, each alone."""
        texts = ["screen", *TEXTS, "screen", " ".join(["the paper"] * 15)]

        together = reranker.scores(QUERY, texts)

        alone = np.concatenate([reranker.scores(QUERY, [text]) for text in texts])
        np.testing.assert_allclose(together, alone, atol=1e-4)

    def test_no_texts_have_no_scores(self, reranker: Reranker) -> None:
        """So its model is loaded before the time of a query is counted."""
        assert reranker.scores(QUERY, []).shape == (0,)

    def test_blank_texts_and_queries_have_finite_scores(self, reranker: Reranker) -> None:
        """Never NaN, which could not be ordered."""
        assert np.isfinite(reranker.scores(QUERY, ["", " \n", TEXTS[0]])).all()
        assert np.isfinite(reranker.scores("", TEXTS)).all()

    def test_long_texts_and_queries_have_finite_scores(self, reranker: Reranker) -> None:
        """A ticket's problem may be the query; what a model cannot read it leaves out."""
        long = "the printer drops paper " * 2000

        assert np.isfinite(reranker.scores(long, [*TEXTS, long])).all()

    def test_equal_calls_have_equal_scores(self, build: Build) -> None:
        """The same question gives the same hits, now and after a restart."""
        first, second = build(), build()

        expected = first.scores(QUERY, TEXTS).copy()

        np.testing.assert_array_equal(first.scores(QUERY, TEXTS), expected)
        np.testing.assert_array_equal(second.scores(QUERY, TEXTS), expected)

    def test_threads_share_one_reranker(self, reranker: Reranker) -> None:
        """A searcher is used by every thread of a web application."""
        expected = reranker.scores(QUERY, TEXTS).copy()

        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _: reranker.scores(QUERY, TEXTS), range(12)))

        for scores in found:
            np.testing.assert_array_equal(scores, expected)

    def test_its_name_is_one_line_and_the_same_each_time(self, build: Build) -> None:
        """It stands in notes to readers and in explanations."""
        first, second = build().name, build().name

        assert first == second
        assert first.strip() == first
        assert len(first.splitlines()) == 1
