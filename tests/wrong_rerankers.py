"""A reranker that is right, and others, each wrong in one way that the contract must see."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from kbsearch.arrays import Float32

_NUMBERS = itertools.count()


class SharedWords:
    """A reranker that is right: the number of words that a text shares with the query."""

    name = "shared-words@1"

    def scores(self, query: str, texts: Sequence[str]) -> Float32:
        asked = set(query.casefold().split())
        shared = [len(asked & set(text.casefold().split())) for text in texts]
        return np.array(shared, dtype=np.float32)


class ScoresTheBatch(SharedWords):
    """Each score depends on what else is in the call."""

    def scores(self, query: str, texts: Sequence[str]) -> Float32:
        scores = super().scores(query, texts)
        return scores - scores.mean() if len(texts) else scores


class ScoresSorted(SharedWords):
    """Longest first, and forgets to put them back."""

    def scores(self, query: str, texts: Sequence[str]) -> Float32:
        return super().scores(query, sorted(texts, key=len, reverse=True))


class TwoScores(SharedWords):
    """One for yes and one for no."""

    def scores(self, query: str, texts: Sequence[str]) -> Float32:
        scores = super().scores(query, texts)
        return np.stack([scores, -scores], axis=1)


class NoNumber(SharedWords):
    """Divides by the number of words."""

    def scores(self, query: str, texts: Sequence[str]) -> Float32:
        with np.errstate(all="ignore"):
            n_words = np.array([len(text.split()) for text in texts], dtype=np.float32)
            return np.asarray(super().scores(query, texts) / n_words, dtype=np.float32)


class NeedsTexts(SharedWords):
    """Stacks the scores of no batches."""

    def scores(self, query: str, texts: Sequence[str]) -> Float32:
        return np.concatenate([super(NeedsTexts, self).scores(query, [text]) for text in texts])


class Refuses(SharedWords):
    """Raises for what is longer than it can read."""

    def scores(self, query: str, texts: Sequence[str]) -> Float32:
        if any(len(text) > 10_000 for text in texts):
            raise ValueError("too long")
        return super().scores(query, texts)


class Moody(SharedWords):
    """Left in training mode: each call draws anew."""

    def scores(self, query: str, texts: Sequence[str]) -> Float32:
        noise = np.random.default_rng().standard_normal(len(texts))
        return np.asarray(super().scores(query, texts) + noise, dtype=np.float32)


class NamedByItsAddress(SharedWords):
    """Each object has a name of its own."""

    def __init__(self) -> None:
        self.name = f"shared-words@{next(_NUMBERS)}"
