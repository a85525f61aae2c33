"""Vector indexes: exact cosines, exact filters, and bytes that only their own reader takes."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from kbsearch.arrays import Bool, Float32, Int64
from kbsearch.errors import ConfigError
from kbsearch.testing.contracts import VectorIndexContract
from kbsearch.testing.contracts.vector_index import random_vectors
from kbsearch.vector import FlatIndex, VectorHits, VectorIndex


class TestFlatIndex(VectorIndexContract):
    """The contract, for exact search."""

    index_type = FlatIndex


def _flat_l2(faiss: Any) -> Any:
    return faiss.IndexFlatL2(8)


def _hnsw(faiss: Any) -> Any:
    return faiss.IndexHNSWFlat(8, 4, faiss.METRIC_INNER_PRODUCT)


def _ivf(faiss: Any) -> Any:
    return faiss.index_factory(8, "IVF2,Flat", faiss.METRIC_INNER_PRODUCT)


def _id_map(faiss: Any) -> Any:
    return faiss.IndexIDMap(faiss.IndexFlatIP(8))


@pytest.mark.parametrize("make", [_flat_l2, _hnsw, _ivf, _id_map])
def test_bytes_of_another_index_type_are_refused(make: Callable[[Any], Any]) -> None:
    """FAISS would read whatever type the first bytes name; only ours is let through."""
    import faiss

    content = faiss.serialize_index(make(faiss)).tobytes()

    with pytest.raises(ConfigError, match="is not on the list of types that are read"):
        FlatIndex.from_bytes(content)


@pytest.mark.parametrize("n_bytes", [0, 1, 3])
def test_bytes_too_few_to_name_a_type_are_refused(n_bytes: int) -> None:
    """An empty file is no empty index."""
    with pytest.raises(ConfigError, match="is not on the list of types that are read"):
        FlatIndex.from_bytes(b"IxFI"[:n_bytes])


@pytest.mark.parametrize("n_bytes", [4, 20, 44, 45, -1])
def test_truncated_bytes_are_a_config_error(n_bytes: int) -> None:
    """The engine's own RuntimeError never leaves this layer."""
    content = FlatIndex(random_vectors(3)).to_bytes()

    with pytest.raises(ConfigError, match="FAISS cannot read the index"):
        FlatIndex.from_bytes(content[:n_bytes])


def test_bytes_after_the_end_are_a_config_error() -> None:
    """FAISS passes over them; whoever wrote them did not write this index."""
    content = FlatIndex(random_vectors(3)).to_bytes()

    with pytest.raises(ConfigError, match=f"has {len(content)} bytes, but {len(content) + 1}"):
        FlatIndex.from_bytes(content + b"\0")


def test_a_header_that_claims_more_rows_than_there_are_is_a_config_error() -> None:
    """A length in a file is a claim, not a reason to allocate that much."""
    content = bytearray(FlatIndex(random_vectors(3)).to_bytes())
    content[8:16] = (1 << 40).to_bytes(8, "little")  # ntotal, after fourcc and d

    with pytest.raises(ConfigError, match="FAISS cannot read the index"):
        FlatIndex.from_bytes(bytes(content))


def test_the_engine_itself_accepts_a_flipped_bit() -> None:
    """The control: without a hash of the file, a damaged vector would be served."""
    index = FlatIndex(random_vectors(3))
    content = bytearray(index.to_bytes())
    content[-1] ^= 1

    damaged = FlatIndex.from_bytes(bytes(content))

    assert damaged.to_bytes() != index.to_bytes()


def test_the_engines_limit_is_as_before_after_reading() -> None:
    """It belongs to the process; an application may read indexes of its own."""
    import faiss

    before = faiss.get_deserialization_vector_byte_limit()

    FlatIndex.from_bytes(FlatIndex(random_vectors(3)).to_bytes())

    assert faiss.get_deserialization_vector_byte_limit() == before


class _Approximate(VectorIndex):
    """An engine that finds only two of three rows, and pads."""

    @property
    def dim(self) -> int:
        return 2

    def __len__(self) -> int:
        return 3

    def to_bytes(self) -> bytes:
        return b""

    def _search(self, unit_queries: Float32, k: int, allowed: Bool | None) -> tuple[Int64, Float32]:
        rows = np.array([[2, 0, -1][:k]] * len(unit_queries), dtype=np.int64)
        cosines = np.array([[0.5, 0.5, -np.inf][:k]] * len(unit_queries), dtype=np.float32)
        return rows, cosines

    def _rows(self, rows: Int64) -> Float32:
        return np.zeros((len(rows), 2), dtype=np.float32)


def test_padding_of_an_engine_never_reaches_the_caller() -> None:
    """Row -1 would index the last passage."""
    (hits,) = _Approximate().search(np.ones((1, 2), dtype=np.float32), k=3)

    assert isinstance(hits, VectorHits)
    assert hits.rows.tolist() == [0, 2]
    assert hits.cosines.tolist() == [0.5, 0.5]


def test_one_query_is_searched_by_one_thread_and_the_callers_number_stays() -> None:
    """FAISS shares out queries: a second thread for one query only makes the first one wait."""
    import faiss

    engine: Any = faiss
    index, used = FlatIndex(random_vectors(50)), list[int]()
    search = index._index.search

    def watched(*args: Any, **options: Any) -> Any:
        used.append(engine.omp_get_max_threads())
        return search(*args, **options)

    index._index = SimpleNamespace(ntotal=50, d=16, search=watched)
    before = engine.omp_get_max_threads()
    engine.omp_set_num_threads(3)
    try:
        index.search(random_vectors(1), k=3)
        index.search(random_vectors(2), k=3)
        after = engine.omp_get_max_threads()
    finally:
        engine.omp_set_num_threads(before)

    assert (used, after) == ([1, 3], 3)
