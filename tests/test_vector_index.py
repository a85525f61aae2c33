"""Vector indexes: exact cosines, exact filters, and bytes that only their own reader takes."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from kbsearch.arrays import Bool, Float32, Int64, unit_rows
from kbsearch.errors import ConfigError
from kbsearch.vector import FlatIndex, VectorHits, VectorIndex

IndexType = type[FlatIndex]


@pytest.fixture(params=[FlatIndex], ids=lambda kind: kind.__name__)
def index_type(request: pytest.FixtureRequest) -> IndexType:
    """Every index that is shipped."""
    kind: IndexType = request.param
    return kind


def random_vectors(n: int, dim: int = 16, *, seed: int = 7) -> Float32:
    """Rows of different lengths, no two alike."""
    rng = np.random.default_rng(seed)
    lengths = rng.uniform(0.1, 10.0, (n, 1))
    return np.asarray(rng.standard_normal((n, dim)) * lengths, dtype=np.float32)


def by_brute_force(vectors: Float32, query: Float32, k: int, allowed: Bool) -> Int64:
    """The k allowed rows of largest cosine, worked out in double precision."""
    rows = vectors.astype(np.float64)
    cosines = rows @ query / (np.linalg.norm(rows, axis=1) * np.linalg.norm(query))
    candidates = np.flatnonzero(allowed)
    order = np.lexsort((candidates, -cosines[candidates]))
    found: Int64 = candidates[order][:k]
    return found


class TestEveryVectorIndex:
    """What a caller may rely on, whichever index was chosen."""

    @pytest.mark.parametrize("length", [1e-30, 1e-3, 1.0, 5.0, 1e30])
    def test_scores_a_vector_against_itself_as_one(
        self, index_type: IndexType, length: float
    ) -> None:
        """The score is a cosine, whatever the length of row and query."""
        vectors = unit_rows(random_vectors(300))
        index = index_type(np.asarray(vectors * length, dtype=np.float32))

        (hits,) = index.search(np.asarray(vectors[[7]] * length, dtype=np.float32), k=3)

        assert hits.rows[0] == 7
        assert hits.cosines[0] == pytest.approx(1.0, abs=1e-5)

    def test_gives_cosines_worked_by_hand(self, index_type: IndexType) -> None:
        """Against (2, 0): cos 0° = 1, cos 45° = √½, cos 180° = -1; best first."""
        index = index_type(np.array([[-3, 0], [1, 1], [4, 0]], dtype=np.float32))

        (hits,) = index.search(np.array([[2, 0]], dtype=np.float32), k=3)

        assert hits.rows.tolist() == [2, 1, 0]
        assert hits.cosines.tolist() == pytest.approx([1.0, 0.5**0.5, -1.0], abs=1e-6)
        assert [str(part.dtype) for part in hits] == ["int64", "float32"]

    @pytest.mark.parametrize("n_allowed", [0, 1, 4, 299, 300])
    @pytest.mark.parametrize("k", [1, 10, 1000])
    def test_filters_are_exact_at_any_selectivity(
        self, index_type: IndexType, n_allowed: int, k: int
    ) -> None:
        """A filter chooses among all rows, not among the nearest ones that were found anyway."""
        vectors, queries = random_vectors(300), random_vectors(25, seed=8)
        allowed = np.zeros(300, dtype=np.bool_)
        allowed[np.random.default_rng(9).permutation(300)[:n_allowed]] = True

        found = index_type(vectors).search(queries, k, allowed=allowed)

        for query, hits in zip(queries, found, strict=True):
            assert hits.rows.tolist() == by_brute_force(vectors, query, k, allowed).tolist()
            assert len(hits.cosines) == min(k, n_allowed)

    def test_a_filter_that_allows_all_changes_nothing(self, index_type: IndexType) -> None:
        """The unfiltered path is another one inside the engine; the answers are the same."""
        index, queries = index_type(random_vectors(200)), random_vectors(3, seed=8)

        plain = index.search(queries, 20)
        filtered = index.search(queries, 20, allowed=np.ones(200, dtype=np.bool_))

        assert [hits.rows.tolist() for hits in plain] == [h.rows.tolist() for h in filtered]

    def test_gives_all_rows_when_k_is_larger_than_the_index(self, index_type: IndexType) -> None:
        """Never a padding row in place of a missing one."""
        (hits,) = index_type(random_vectors(5)).search(random_vectors(1, seed=8), k=50)

        assert sorted(hits.rows.tolist()) == [0, 1, 2, 3, 4]

    def test_answers_each_query_in_its_place(self, index_type: IndexType) -> None:
        """Many queries go through another kernel than one; each finds its own row."""
        vectors = random_vectors(64)

        found = index_type(vectors).search(vectors[::-1], k=1)

        assert [int(hits.rows[0]) for hits in found] == list(range(63, -1, -1))

    def test_a_query_of_zeros_has_cosine_zero_with_everything(self, index_type: IndexType) -> None:
        """A text without a known word is like nothing; that is no reason for NaN."""
        (hits,) = index_type(random_vectors(6)).search(np.zeros((1, 16), np.float32), k=3)

        assert hits.rows.tolist() == [0, 1, 2]
        assert hits.cosines.tolist() == [0.0, 0.0, 0.0]

    def test_a_row_of_zeros_has_cosine_zero(self, index_type: IndexType) -> None:
        """It stands between what is alike and what is opposed."""
        index = index_type(np.array([[0, 0], [-1, 0], [1, 0]], dtype=np.float32))

        (hits,) = index.search(np.array([[1, 0]], dtype=np.float32), k=3)

        assert hits.rows.tolist() == [2, 0, 1]
        assert hits.cosines.tolist() == [1.0, 0.0, -1.0]

    @pytest.mark.parametrize("k", [3, 40, 100, 250])
    def test_equal_cosines_come_in_the_order_of_their_rows(
        self, index_type: IndexType, k: int
    ) -> None:
        """Also where k cuts through a group: many tickets have the very same text."""
        rng = np.random.default_rng(3)
        texts, which = random_vectors(6), rng.integers(0, 6, 300)
        query = random_vectors(1, seed=8)
        cosines = (unit_rows(texts) @ unit_rows(query)[0])[which]
        expected = np.lexsort((np.arange(300), -cosines))[:k]

        (hits,) = index_type(texts[which]).search(query, k)

        assert hits.rows.tolist() == expected.tolist()

    def test_an_empty_index_finds_nothing(self, index_type: IndexType) -> None:
        """A desk without documents answers, with an empty list for each query."""
        index = index_type(np.zeros((0, 16), dtype=np.float32))

        found = index.search(random_vectors(2), k=5)

        assert (len(index), index.dim) == (0, 16)
        assert [hits.rows.tolist() for hits in found] == [[], []]

    def test_no_queries_give_no_answers(self, index_type: IndexType) -> None:
        """An empty batch is no error."""
        assert index_type(random_vectors(5)).search(np.zeros((0, 16), np.float32), k=5) == []

    @pytest.mark.parametrize("shape", [(16,), (1, 15), (1, 17), (1, 1, 16)])
    def test_refuses_queries_of_another_shape(
        self, index_type: IndexType, shape: tuple[int, ...]
    ) -> None:
        """Vectors of another model have another length: a mistake, not a low score."""
        with pytest.raises(ConfigError, match=r"this index needs \(n_queries, 16\)"):
            index_type(random_vectors(5)).search(np.zeros(shape, dtype=np.float32), k=1)

    @pytest.mark.parametrize("k", [0, -1])
    def test_refuses_a_k_below_one(self, index_type: IndexType, k: int) -> None:
        """Nothing was asked for."""
        with pytest.raises(ConfigError, match=f"k = {k} asks for nothing"):
            index_type(random_vectors(5)).search(random_vectors(1), k=k)

    @pytest.mark.parametrize("n", [4, 6])
    def test_refuses_a_filter_of_another_length(self, index_type: IndexType, n: int) -> None:
        """A mask that does not fit would hide, or show, the wrong rows."""
        with pytest.raises(ConfigError, match=rf"`allowed` has shape \({n},\)"):
            index_type(random_vectors(5)).search(
                random_vectors(1), k=1, allowed=np.ones(n, dtype=np.bool_)
            )

    def test_cosines_of_chosen_rows_are_those_of_the_search(self, index_type: IndexType) -> None:
        """Score parts of one hit must not depend on which retriever found it."""
        index, query = index_type(random_vectors(50)), random_vectors(1, seed=8)
        (hits,) = index.search(query, k=50)

        cosines = index.cosines(query[0], hits.rows)

        np.testing.assert_allclose(cosines, hits.cosines, atol=1e-6)
        assert index.cosines(query[0], np.zeros(0, dtype=np.int64)).tolist() == []

    @pytest.mark.parametrize("row", [-1, 5])
    def test_refuses_cosines_of_rows_that_do_not_exist(
        self, index_type: IndexType, row: int
    ) -> None:
        """-1 is an engine's padding; it must not count from the end."""
        with pytest.raises(ConfigError, match=r"Rows must lie in \[0, 5\)"):
            index_type(random_vectors(5)).cosines(random_vectors(1)[0], np.array([0, row]))

    def test_leaves_the_callers_arrays_alone(self, index_type: IndexType) -> None:
        """Scaling to unit length happens in a copy."""
        vectors, queries = random_vectors(5), random_vectors(2, seed=8)
        before = vectors.copy(), queries.copy()

        index_type(vectors).search(queries, k=2)

        np.testing.assert_array_equal(vectors, before[0])
        np.testing.assert_array_equal(queries, before[1])

    @pytest.mark.parametrize("n", [0, 1, 50])
    def test_bytes_bring_back_the_same_answers(self, index_type: IndexType, n: int) -> None:
        """What is published is what was built."""
        index, queries = index_type(random_vectors(n)), random_vectors(3, seed=8)

        again = index_type.from_bytes(index.to_bytes())

        assert (len(again), again.dim) == (n, 16)
        for first, second in zip(index.search(queries, 9), again.search(queries, 9), strict=True):
            np.testing.assert_array_equal(first.rows, second.rows)
            np.testing.assert_array_equal(first.cosines, second.cosines)

    def test_equal_rows_give_equal_bytes(self, index_type: IndexType) -> None:
        """A rebuild of unchanged records is recognised by its hash."""
        vectors = random_vectors(50)
        first = index_type(vectors).to_bytes()

        assert index_type(vectors.copy()).to_bytes() == first
        assert index_type.from_bytes(first).to_bytes() == first


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
