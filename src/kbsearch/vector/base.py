"""What every vector index keeps, whatever engine it stands on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Bool, Float32, Int64, unit_rows
from kbsearch.errors import ConfigError


class VectorHits(NamedTuple):
    """Rows int64 and cosines float32, both (n_hits,), best first; ties by row."""

    rows: Int64
    cosines: Float32


class VectorIndex(ABC):
    """
    Nearest rows by cosine.

    The public methods check shapes, scale queries to unit length, drop the
    engine's padding and order ties; an engine implements the private ones.
    """

    @property
    @abstractmethod
    def dim(self) -> int:
        """Length of a vector."""

    @abstractmethod
    def __len__(self) -> int:
        """Number of rows."""

    def search(self, queries: Float32, k: int, *, allowed: Bool | None = None) -> list[VectorHits]:
        """
        The k nearest rows of each query, exact for every `allowed`.

        Args:
            queries: (n_queries, dim), of any length but zero.
            k: Rows wanted; fewer come back if fewer are allowed.
            allowed: (len(self),), False for rows that must not come back.

        Returns:
            One VectorHits per query, never a padding row.

        Raises:
            ConfigError: For a wrong shape or k < 1.
        """
        if queries.ndim != 2 or queries.shape[1] != self.dim:
            raise ConfigError(
                f"Queries have shape {queries.shape}, this index needs (n_queries, {self.dim}). "
                "Embed them with the embedder that the index was built with."
            )
        if k < 1:
            raise ConfigError(f"k = {k} asks for nothing; give a k of 1 or more.")
        if allowed is not None and allowed.shape != (len(self),):
            raise ConfigError(
                f"`allowed` has shape {allowed.shape}, this index needs ({len(self)},): "
                "one value for each row."
            )
        n_allowed = len(self) if allowed is None else int(np.count_nonzero(allowed))
        k = min(k, n_allowed)
        if k == 0:
            return [VectorHits(np.zeros(0, np.int64), np.zeros(0, np.float32)) for _ in queries]
        unit_queries = unit_rows(queries)
        n_asked = min(k + 1, n_allowed)
        rows, cosines = self._search(unit_queries, n_asked, allowed)
        while n_asked < n_allowed and np.any(cosines[:, k - 1] == cosines[:, -1]):
            n_asked = min(2 * n_asked, n_allowed)  # which of equal rows an engine drops is chance
            rows, cosines = self._search(unit_queries, n_asked, allowed)
        return [_clean(r, c, k) for r, c in zip(rows, cosines, strict=True)]

    def cosines(self, query: Float32, rows: Int64) -> Float32:
        """
        The cosine of one query (dim,) with each of the given rows, (len(rows),).

        Raises:
            ConfigError: If a row does not exist.
        """
        found: Float32 = self.rows(rows) @ unit_rows(query[None])[0]
        return found

    def rows(self, rows: Int64) -> Float32:
        """
        The unit vectors of these rows, (len(rows), dim).

        Raises:
            ConfigError: If a row does not exist.
        """
        if len(rows) and (rows.min() < 0 or rows.max() >= len(self)):
            raise ConfigError(f"Rows must lie in [0, {len(self)}); pass rows that search() gave.")
        return self._rows(rows)

    @abstractmethod
    def to_bytes(self) -> bytes:
        """The index as bytes: the same rows always give the same bytes."""

    @abstractmethod
    def _search(self, unit_queries: Float32, k: int, allowed: Bool | None) -> tuple[Int64, Float32]:
        """Rows and cosines, both (n_queries, k); -1 marks an empty place."""

    @abstractmethod
    def _rows(self, rows: Int64) -> Float32:
        """The unit vectors of these rows, (len(rows), dim)."""


def _clean(rows: Int64, cosines: Float32, k: int) -> VectorHits:
    kept = rows >= 0  # FAISS pads short answers with row -1
    rows, cosines = rows[kept], cosines[kept]
    order = np.lexsort((rows, -cosines))[:k]
    return VectorHits(rows[order], cosines[order])
