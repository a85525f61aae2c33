"""An embedder without a model: hashed words. For tests, and where nothing else can run."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from kbsearch.arrays import Float32, Int64, unit_rows
from kbsearch.embed.fingerprint import EmbedderFingerprint

_VERSION = 1
_WORD = re.compile(r"\w+")
_MAX_TOKENS = 256


class HashingEmbedder:
    """
    Each word and each of its character trigrams adds ±1 at a hashed place.

    Texts that share words are alike, inflections a little; meaning is not seen.
    Deterministic across processes and machines.

    Args:
        dim: Length of a vector.

    Source:
        Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009.
    """

    def __init__(self, dim: int = 512) -> None:
        self._places: dict[str, tuple[int, float]] = {}
        self.fingerprint = EmbedderFingerprint(
            kind="hashing",
            model=f"hashing-v{_VERSION}",
            model_sha256=hashlib.sha256(f"hashing-v{_VERSION}".encode()).hexdigest(),
            dim=dim,
            max_tokens=_MAX_TOKENS,
        )

    def token_offsets(self, text: str) -> Int64:
        """Offsets of the words."""
        spans = [match.span() for match in _WORD.finditer(text)]
        return np.array(spans, dtype=np.int64).reshape(-1, 2)

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        """Unit vectors; a text without words gives a zero row."""
        vectors = np.zeros((len(texts), self.fingerprint.dim), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in _WORD.findall(text)[:_MAX_TOKENS]:  # casefold() can part words
                for feature, weight in _features(word.casefold()):
                    place, sign = self._place(feature)
                    vectors[row, place] += sign * weight
        return unit_rows(vectors)

    def embed_queries(self, texts: Sequence[str]) -> Float32:
        """The same as for passages."""
        return self.embed_passages(texts)

    def _place(self, feature: str) -> tuple[int, float]:
        found = self._places.get(feature)
        if found is None:
            digest = hashlib.blake2b(feature.encode("utf-8"), digest_size=8).digest()
            number = int.from_bytes(digest, "big")
            found = (number >> 1) % self.fingerprint.dim, 1.0 if number & 1 else -1.0
            if len(self._places) < 500_000:
                self._places[feature] = found
        return found


def _features(word: str) -> list[tuple[str, float]]:
    padded = f"<{word}>"
    return [(word, 1.0)] + [(padded[i : i + 3], 0.3) for i in range(len(padded) - 2)]
