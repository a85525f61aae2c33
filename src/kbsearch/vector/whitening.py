"""A shelf's own measure of closeness: directions that all its texts share count less."""

from __future__ import annotations

import numpy as np

from kbsearch.arrays import Float32

_POWER = 0.25
"""Share of whitening: 0 leaves vectors as they are, 0.5 gives every direction the same variance."""
_PRIOR_ROWS = 2000
"""The fit counts as if so many rows without any favoured direction were there too."""
_FEWEST_ROWS = 100
"""Fewer rows than these say nothing beside the prior."""
_MOST_ROWS = 50_000
"""More rows than these, taken at even distances, would not change the fit."""
_ROWS_AT_ONCE = 4096


class Whitening:
    """
    Cosines after a partial whitening of the shelf's vectors, computed from the vectors as they are.

    An embedding model crowds the texts of one desk into few directions (its
    product, its tone); scaling these down tells them apart. With C the second
    moment of the vectors, texts are compared by C^(-1/4) q and C^(-1/4) v. Since
    that cosine is q C^(-1/2) v over two lengths, an index keeps the plain vectors,
    and this keeps the matrix C^(-1/2).

    Args:
        matrix: C^(-1/2), (dim, dim), symmetric and positive definite; (0, 0) for
            plain cosines.

    Source:
        Su et al., "Whitening Sentence Representations", 2021; half of it, with a
        prior, keeps small shelves as they are (benchmarks/RESULTS.md).
    """

    def __init__(self, matrix: Float32) -> None:
        self.matrix = matrix

    @classmethod
    def none(cls) -> Whitening:
        """Plain cosines."""
        return cls(np.zeros((0, 0), dtype=np.float32))

    @classmethod
    def fit(cls, vectors: Float32) -> Whitening:
        """
        Of these vectors, (n, dim) unit rows; of few, plain cosines.

        The same vectors give the same matrix.
        """
        n, dim = vectors.shape
        if n < _FEWEST_ROWS:
            return cls.none()
        sample = vectors[:: max(1, n // _MOST_ROWS)].astype(np.float64)
        mean_square = float((sample**2).sum()) / (len(sample) * dim)
        moment = sample.T @ sample
        moment[np.diag_indices(dim)] += _PRIOR_ROWS * mean_square
        values, directions = np.linalg.eigh(moment / (len(sample) + _PRIOR_ROWS))
        scales = (np.maximum(values, mean_square * 1e-6) / mean_square) ** (-2 * _POWER)
        matrix: Float32 = ((directions * scales) @ directions.T).astype(np.float32)
        return cls(matrix)

    def query(self, query: Float32) -> Float32:
        """
        What to multiply passages' vectors by, (dim,), for a query vector (dim,).

        The product over a passage's `lengths` is the whitened cosine.
        """
        if not self.matrix.size:
            return query
        product: Float32 = self.matrix @ query
        length = float(query @ product)
        return product / np.float32(length**0.5) if length > 0 else np.zeros_like(query)

    def lengths(self, vectors: Float32) -> Float32:
        """Length of each whitened row, (n,), of (n, dim); 1 for a row of zeros."""
        if not self.matrix.size:
            return np.ones(len(vectors), dtype=np.float32)
        matrix = self.matrix.astype(np.float64)  # so that no row's place shows in float32
        lengths = np.empty(len(vectors), dtype=np.float32)
        for start in range(0, len(vectors), _ROWS_AT_ONCE):
            some = vectors[start : start + _ROWS_AT_ONCE].astype(np.float64)
            squares = np.einsum("ij,ij->i", some @ matrix, some)
            lengths[start : start + _ROWS_AT_ONCE] = np.sqrt(np.maximum(squares, 0.0))
        lengths[lengths == 0] = 1.0
        return lengths
