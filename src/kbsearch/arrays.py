"""Array types used throughout; the one place that reads arrays and makes rows unit length."""

from __future__ import annotations

import io
import tokenize
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kbsearch.locks import ForkSafeLock

Float32 = NDArray[np.float32]
Int64 = NDArray[np.int64]
Bool = NDArray[np.bool_]

_PARSING = ForkSafeLock()


def array_from_bytes(content: bytes) -> NDArray[Any]:
    """
    Read one array in NumPy's own format; an archive or a pickle is neither read nor kept.

    Raises:
        ValueError: If the bytes are anything else.
    """
    try:
        with _PARSING:  # numpy parses the header with ast, which fails in two threads at once
            array: NDArray[Any] = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    except tokenize.TokenError as error:  # NumPy reads a header that is not closed as Python 2's
        raise ValueError(f"The header of an array cannot be read: {error}") from error
    return array


def unit_rows(vectors: Float32) -> Float32:
    """
    Rows scaled to length 1; a zero row stays zero, a cosine of 0 with everything.

    Args:
        vectors: (n, dim).

    Returns:
        A new float32 array (n, dim), C-contiguous.
    """
    rows = np.ascontiguousarray(vectors, dtype=np.float32)
    squares = np.einsum("ij,ij->i", rows, rows, dtype=np.float64)  # in float32 1e20 overflows
    lengths = np.sqrt(squares)[:, None]
    unit = np.zeros_like(rows)
    np.divide(rows, lengths, out=unit, where=lengths > 0, casting="same_kind")
    return unit


def best_of_groups(values: Float32, starts: Int64) -> Int64:
    """
    Position of the largest value of each run of neighbouring values; the first if they tie.

    Args:
        values: (n,).
        starts: (n_groups,), ascending and distinct; a group ends where the next begins.

    Returns:
        Positions in `values`, (n_groups,).
    """
    if not len(starts):
        return np.zeros(0, dtype=np.int64)
    sizes = np.diff(starts, append=len(values))
    is_best = values == np.repeat(np.maximum.reduceat(values, starts), sizes)
    group = np.repeat(np.arange(len(starts)), sizes)
    positions = np.flatnonzero(is_best)
    _, first = np.unique(group[positions], return_index=True)
    best: Int64 = positions[first]
    return best
