"""An embedder that remembers on disk, so that a benchmark is not encoded twice."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from kbsearch.arrays import Float32, Int64
from kbsearch.embed import Embedder, EmbedderFingerprint

_PIECE = 512


class CachingEmbedder:
    """
    Any embedder, with its vectors kept in one file by fingerprint and text.

    For benchmarks alone: texts of all shelves share the file.
    """

    def __init__(
        self,
        embedder: Embedder,
        path: Path,
        *,
        tell: Callable[[str], object] = str,
    ) -> None:
        self._embedder, self._tell = embedder, tell
        self._file = sqlite3.connect(path)
        self._file.execute("CREATE TABLE IF NOT EXISTS v (h BLOB PRIMARY KEY, v BLOB)")

    @property
    def fingerprint(self) -> EmbedderFingerprint:
        """Of the embedder within."""
        return self._embedder.fingerprint

    def token_offsets(self, text: str) -> Int64:
        """Of the embedder within."""
        return self._embedder.token_offsets(text)

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        """Remembered, or embedded and remembered."""
        return self._embed("p", texts, self._embedder.embed_passages)

    def embed_queries(self, texts: Sequence[str]) -> Float32:
        """Remembered, or embedded and remembered."""
        return self._embed("q", texts, self._embedder.embed_queries)

    def _embed(
        self, role: str, texts: Sequence[str], embed: Callable[[Sequence[str]], Float32]
    ) -> Float32:
        key = self.fingerprint.key + role
        hashes = [hashlib.sha256((key + text).encode()).digest() for text in texts]
        new = [row for row, digest in enumerate(hashes) if self._find(digest) is None]
        for start in range(0, len(new), _PIECE):
            rows = new[start : start + _PIECE]
            vectors = embed([texts[row] for row in rows])
            with self._file:
                self._file.executemany(
                    "INSERT OR REPLACE INTO v VALUES (?, ?)",
                    [(hashes[r], v.tobytes()) for r, v in zip(rows, vectors, strict=True)],
                )
            if len(new) > _PIECE:
                self._tell(f"embedded {min(start + _PIECE, len(new))} of {len(new)}")
        found = [self._find(digest) for digest in hashes]
        if not found:
            return np.zeros((0, self.fingerprint.dim), dtype=np.float32)
        return np.stack([np.frombuffer(blob or b"", dtype=np.float32) for blob in found])

    def _find(self, digest: bytes) -> bytes | None:
        row = self._file.execute("SELECT v FROM v WHERE h = ?", (digest,)).fetchone()
        return None if row is None else bytes(row[0])
