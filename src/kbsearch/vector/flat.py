"""Exact search over all rows with FAISS."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any

import numpy as np

from kbsearch.arrays import Bool, Float32, Int64, unit_rows
from kbsearch.errors import ConfigError
from kbsearch.locks import ForkSafeLock
from kbsearch.vector.base import VectorIndex

_FLAT_INNER_PRODUCT = b"IxFI"
"""The first four bytes of FAISS's IndexFlatIP: the only type that is ever parsed here."""

_HEADER_BYTES = 45
"""What FAISS writes before the float32 vectors of that type."""

_DESERIALISING = ForkSafeLock()  # FAISS's limit is one per process


@cache
def _faiss_engine() -> Any:
    import faiss

    # OpenMP's threads do not live on in a forked child, which would wait for them for ever
    os.register_at_fork(after_in_child=partial(faiss.omp_set_num_threads, 1))
    return faiss


@contextmanager
def _threads_for(faiss: Any, n_queries: int) -> Iterator[None]:
    """One thread for one query: FAISS shares out queries, and threads without one only wait."""
    n_threads = faiss.omp_get_max_threads()  # OpenMP keeps this number for each thread
    if n_queries > 1 or n_threads == 1:
        yield
        return
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(n_threads)


class FlatIndex(VectorIndex):
    """
    Every row compared with every query: exact, and fast up to some 100,000 rows.

    Args:
        vectors: (n, dim), of any length; kept as unit rows.
    """

    def __init__(self, vectors: Float32) -> None:
        faiss = _faiss_engine()
        self._faiss = faiss
        self._index: Any = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(unit_rows(vectors))

    @classmethod
    def from_bytes(cls, content: bytes) -> FlatIndex:
        """
        Read what `to_bytes` wrote. The caller has verified the bytes' hash.

        Raises:
            ConfigError: If the bytes are another type of index, or of a size
                that does not fit what they say.
        """
        faiss = _faiss_engine()
        if content[:4] != _FLAT_INNER_PRODUCT:
            raise ConfigError(
                f"An index of type {content[:4]!r} is not on the list of types that are read. "
                "Rebuild the shelf."
            )
        with _DESERIALISING:
            limit = faiss.get_deserialization_vector_byte_limit()
            faiss.set_deserialization_vector_byte_limit(len(content))
            try:
                index = faiss.deserialize_index(np.frombuffer(content, dtype=np.uint8))
            except RuntimeError as error:
                raise ConfigError(f"FAISS cannot read the index: {error}") from error
            finally:
                faiss.set_deserialization_vector_byte_limit(limit)
        expected = _HEADER_BYTES + 4 * index.ntotal * index.d
        if len(content) != expected:
            raise ConfigError(
                f"An index of {index.ntotal} rows has {expected} bytes, but {len(content)} were "
                "given. Rebuild the shelf."
            )
        found = cls.__new__(cls)
        found._faiss, found._index = faiss, index
        return found

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def to_bytes(self) -> bytes:
        """FAISS's own serialisation."""
        return bytes(self._faiss.serialize_index(self._index).tobytes())

    def _search(self, unit_queries: Float32, k: int, allowed: Bool | None) -> tuple[Int64, Float32]:
        parameters = None
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            selector = self._faiss.IDSelectorBitmap(bits)
            parameters = self._faiss.SearchParameters(sel=selector)
        with _threads_for(self._faiss, len(unit_queries)):
            cosines, rows = self._index.search(unit_queries, k, params=parameters)
        return rows, cosines

    def _rows(self, rows: Int64) -> Float32:
        vectors: Float32 = self._index.reconstruct_batch(rows)
        return vectors
