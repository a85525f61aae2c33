"""What an embedder is: the Protocol that shipped and users' own ones fulfil."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from kbsearch.arrays import Float32, Int64, unit_rows
from kbsearch.embed.fingerprint import EmbedderFingerprint
from kbsearch.errors import EmbedderError


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


def checked_vectors(vectors: Float32, n_texts: int, fingerprint: EmbedderFingerprint) -> Float32:
    """
    What an embedder returned, made sure of: shape, finite numbers, unit length.

    Returns:
        Unit rows, (n_texts, dim).

    Raises:
        EmbedderError: If the shape is another or a number is not finite.
    """
    wanted = (n_texts, fingerprint.dim)
    if np.shape(vectors) != wanted:
        raise EmbedderError(
            f"Embedder {str(fingerprint)!r} returned shape {np.shape(vectors)} for {n_texts} "
            f"texts, expected {wanted}. Correct its embed methods or its fingerprint's dim."
        )
    if not np.isfinite(vectors).all():
        raise EmbedderError(
            f"Embedder {str(fingerprint)!r} returned NaN or infinite numbers. "
            "Nothing of this batch was stored; correct the embedder and repeat."
        )
    return unit_rows(vectors)
