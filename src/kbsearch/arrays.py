"""Array types used throughout, and the one place that makes rows unit length."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Int64 = NDArray[np.int64]
Bool = NDArray[np.bool_]


def unit_rows(vectors: Float32) -> Float32:
    """
    Rows scaled to length 1; a zero row stays zero, a cosine of 0 with everything.

    Args:
        vectors: (n, dim).

    Returns:
        A new float32 array (n, dim), C-contiguous.
    """
    rows = np.ascontiguousarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Float32 = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return unit
