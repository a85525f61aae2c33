"""Embedders that tests can watch, and make fail."""

from __future__ import annotations

from collections.abc import Sequence

from kbsearch.arrays import Float32
from kbsearch.embed import HashingEmbedder


class SpyEmbedder(HashingEmbedder):
    """Remembers the passages that it was given; raises at the call whose number is set."""

    def __init__(self, dim: int = 64) -> None:
        super().__init__(dim)
        self.calls: list[list[str]] = []
        self.fails_at_call: int | None = None

    @property
    def texts(self) -> list[str]:
        """All passages of all calls."""
        return [text for call in self.calls for text in call]

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        """As the hashing embedder, if it is let."""
        self.calls.append(list(texts))
        if len(self.calls) == self.fails_at_call:
            raise MemoryError("no room for this batch")
        return super().embed_passages(texts)

    def embed_queries(self, texts: Sequence[str]) -> Float32:
        """As the hashing embedder; queries are not remembered."""
        return super().embed_passages(texts)
