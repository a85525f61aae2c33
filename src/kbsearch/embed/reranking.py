"""What a reranker is: the Protocol that the shipped one and users' own ones fulfil."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from kbsearch.arrays import Float32
from kbsearch.errors import RerankerError


@runtime_checkable
class Reranker(Protocol):
    """
    Says how well each of several texts answers a query, reading both together.

    It is given what one audience may read, and only while that audience asks.
    """

    @property
    def name(self) -> str:
        """One line that changes whenever the same text would get another score."""
        ...

    def scores(self, query: str, texts: Sequence[str]) -> Float32:
        """
        The log-odds that each text answers, (len(texts),): higher is better, 0 is even.

        Called from many threads. Without texts it scores nothing, and loads its model.
        """
        ...


def checked_scores(reranker: Reranker, query: str, texts: Sequence[str]) -> Float32:
    """
    What a reranker returned, made sure of: shape, finite numbers.

    Raises:
        RerankerError: If it raised, or the shape is another, or a number is not finite.
            Its own error is the cause, and is not repeated: it could quote a text.
    """
    try:
        scores = np.asarray(reranker.scores(query, texts), dtype=np.float32)
    except Exception as error:  # of whatever engine the user's own reranker stands on
        raise RerankerError(reranker.name, f"failed with {type(error).__name__}") from error
    if scores.shape != (len(texts),):
        reason = f"returned shape {scores.shape} for {len(texts)} texts"
        raise RerankerError(reranker.name, reason)
    if not np.isfinite(scores).all():
        raise RerankerError(reranker.name, "returned NaN or infinite numbers")
    return scores
