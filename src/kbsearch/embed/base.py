"""What an embedder is: the Protocol that shipped and users' own ones fulfil."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from kbsearch.arrays import Float32, Int64
from kbsearch.embed.fingerprint import EmbedderFingerprint


@runtime_checkable
class Embedder(Protocol):
    """
    Turns text into unit vectors whose dot product says how alike two texts are.

    Rows come in the order of the texts, and depend on nothing but the texts of
    the same call: kbsearch never puts two audiences into one call, because
    padding changes the last bits of a vector.
    """

    @property
    def fingerprint(self) -> EmbedderFingerprint:
        """Changes whenever the same text would get another vector."""
        ...

    def token_offsets(self, text: str) -> Int64:
        """Half-open character offsets of the model's tokens of `text`, (n_tokens, 2)."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        """Unit vectors of passages, (len(texts), dim)."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Float32:
        """Unit vectors of queries, (len(texts), dim)."""
        ...
