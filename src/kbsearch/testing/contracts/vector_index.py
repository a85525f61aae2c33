"""What every vector index owes kbsearch."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pytest

from kbsearch.arrays import Bool, Float32, Int64, unit_rows
from kbsearch.errors import ConfigError


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


class VectorIndexContract:
    """
    What kbsearch relies on, whichever index was chosen.

    Attributes:
        index_type: The class under test, a subclass of `VectorIndex`: made of vectors, or
            by `from_bytes` of what `to_bytes` gave.
    """

    index_type: ClassVar[Any]

    @pytest.mark.parametrize("length", [1e-30, 1e-3, 1.0, 5.0, 1e30])
    def test_scores_a_vector_against_itself_as_one(self, length: float) -> None:
        """The score is a cosine, whatever the length of row and query."""
        vectors = unit_rows(random_vectors(300))
        index = self.index_type(np.asarray(vectors * length, dtype=np.float32))

        (hits,) = index.search(np.asarray(vectors[[7]] * length, dtype=np.float32), k=3)

        assert hits.rows[0] == 7
        assert hits.cosines[0] == pytest.approx(1.0, abs=1e-5)

    def test_gives_cosines_worked_by_hand(self) -> None:
        """Against (2, 0): cos 0° = 1, cos 45° = √½, cos 180° = -1; best first."""
        index = self.index_type(np.array([[-3, 0], [1, 1], [4, 0]], dtype=np.float32))

        (hits,) = index.search(np.array([[2, 0]], dtype=np.float32), k=3)

        assert hits.rows.tolist() == [2, 1, 0]
        assert hits.cosines.tolist() == pytest.approx([1.0, 0.5**0.5, -1.0], abs=1e-6)
        assert [str(part.dtype) for part in hits] == ["int64", "float32"]

    @pytest.mark.parametrize("n_allowed", [0, 1, 4, 299, 300])
    @pytest.mark.parametrize("k", [1, 10, 1000])
    def test_filters_are_exact_at_any_selectivity(self, n_allowed: int, k: int) -> None:
        """A filter chooses among all rows, not among the nearest ones that were found anyway."""
        vectors, queries = random_vectors(300), random_vectors(25, seed=8)
        allowed = np.zeros(300, dtype=np.bool_)
        allowed[np.random.default_rng(9).permutation(300)[:n_allowed]] = True

        found = self.index_type(vectors).search(queries, k, allowed=allowed)

        for query, hits in zip(queries, found, strict=True):
            assert hits.rows.tolist() == by_brute_force(vectors, query, k, allowed).tolist()
            assert len(hits.cosines) == min(k, n_allowed)

    def test_a_filter_that_allows_all_changes_nothing(self) -> None:
        """The unfiltered path is another one inside the engine; the answers are the same."""
        index, queries = self.index_type(random_vectors(200)), random_vectors(3, seed=8)

        plain = index.search(queries, 20)
        filtered = index.search(queries, 20, allowed=np.ones(200, dtype=np.bool_))

        assert [hits.rows.tolist() for hits in plain] == [h.rows.tolist() for h in filtered]

    def test_gives_all_rows_when_k_is_larger_than_the_index(self) -> None:
        """Never a padding row in place of a missing one."""
        (hits,) = self.index_type(random_vectors(5)).search(random_vectors(1, seed=8), k=50)

        assert sorted(hits.rows.tolist()) == [0, 1, 2, 3, 4]

    def test_answers_each_query_in_its_place(self) -> None:
        """Many queries go through another kernel than one; each finds its own row."""
        vectors = random_vectors(64)

        found = self.index_type(vectors).search(vectors[::-1], k=1)

        assert [int(hits.rows[0]) for hits in found] == list(range(63, -1, -1))

    def test_a_query_of_zeros_has_cosine_zero_with_everything(self) -> None:
        """A text without a known word is like nothing; that is no reason for NaN."""
        (hits,) = self.index_type(random_vectors(6)).search(np.zeros((1, 16), np.float32), k=3)

        assert hits.rows.tolist() == [0, 1, 2]
        assert hits.cosines.tolist() == [0.0, 0.0, 0.0]

    def test_a_row_of_zeros_has_cosine_zero(self) -> None:
        """It stands between what is alike and what is opposed."""
        index = self.index_type(np.array([[0, 0], [-1, 0], [1, 0]], dtype=np.float32))

        (hits,) = index.search(np.array([[1, 0]], dtype=np.float32), k=3)

        assert hits.rows.tolist() == [2, 0, 1]
        assert hits.cosines.tolist() == [1.0, 0.0, -1.0]

    @pytest.mark.parametrize("k", [3, 40, 100, 250])
    def test_equal_cosines_come_in_the_order_of_their_rows(self, k: int) -> None:
        """Also where k cuts through a group: many tickets have the very same text."""
        rng = np.random.default_rng(3)
        texts, which = random_vectors(6), rng.integers(0, 6, 300)
        query = random_vectors(1, seed=8)
        cosines = (unit_rows(texts) @ unit_rows(query)[0])[which]
        expected = np.lexsort((np.arange(300), -cosines))[:k]

        (hits,) = self.index_type(texts[which]).search(query, k)

        assert hits.rows.tolist() == expected.tolist()

    def test_an_empty_index_finds_nothing(self) -> None:
        """A desk without documents answers, with an empty list for each query."""
        index = self.index_type(np.zeros((0, 16), dtype=np.float32))

        found = index.search(random_vectors(2), k=5)

        assert (len(index), index.dim) == (0, 16)
        assert [hits.rows.tolist() for hits in found] == [[], []]

    def test_no_queries_give_no_answers(self) -> None:
        """An empty batch is no error."""
        assert self.index_type(random_vectors(5)).search(np.zeros((0, 16), np.float32), k=5) == []

    @pytest.mark.parametrize("shape", [(16,), (1, 15), (1, 17), (1, 1, 16)])
    def test_refuses_queries_of_another_shape(self, shape: tuple[int, ...]) -> None:
        """Vectors of another model have another length: a mistake, not a low score."""
        with pytest.raises(ConfigError, match=r"this index needs \(n_queries, 16\)"):
            self.index_type(random_vectors(5)).search(np.zeros(shape, dtype=np.float32), k=1)

    @pytest.mark.parametrize("k", [0, -1])
    def test_refuses_a_k_below_one(self, k: int) -> None:
        """Nothing was asked for."""
        with pytest.raises(ConfigError, match=f"k = {k} asks for nothing"):
            self.index_type(random_vectors(5)).search(random_vectors(1), k=k)

    @pytest.mark.parametrize("n", [4, 6])
    def test_refuses_a_filter_of_another_length(self, n: int) -> None:
        """A mask that does not fit would hide, or show, the wrong rows."""
        with pytest.raises(ConfigError, match=rf"`allowed` has shape \({n},\)"):
            self.index_type(random_vectors(5)).search(
                random_vectors(1), k=1, allowed=np.ones(n, dtype=np.bool_)
            )

    def test_cosines_of_chosen_rows_are_those_of_the_search(self) -> None:
        """Score parts of one hit must not depend on which retriever found it."""
        index, query = self.index_type(random_vectors(50)), random_vectors(1, seed=8)
        (hits,) = index.search(query, k=50)

        cosines = index.cosines(query[0], hits.rows)

        np.testing.assert_allclose(cosines, hits.cosines, atol=1e-6)
        assert index.cosines(query[0], np.zeros(0, dtype=np.int64)).tolist() == []

    @pytest.mark.parametrize("row", [-1, 5])
    def test_refuses_cosines_of_rows_that_do_not_exist(self, row: int) -> None:
        """-1 is an engine's padding; it must not count from the end."""
        with pytest.raises(ConfigError, match=r"Rows must lie in \[0, 5\)"):
            self.index_type(random_vectors(5)).cosines(random_vectors(1)[0], np.array([0, row]))

    def test_leaves_the_callers_arrays_alone(self) -> None:
        """Scaling to unit length happens in a copy."""
        vectors, queries = random_vectors(5), random_vectors(2, seed=8)
        before = vectors.copy(), queries.copy()

        self.index_type(vectors).search(queries, k=2)

        np.testing.assert_array_equal(vectors, before[0])
        np.testing.assert_array_equal(queries, before[1])

    @pytest.mark.parametrize("n", [0, 1, 50])
    def test_bytes_bring_back_the_same_answers(self, n: int) -> None:
        """What is published is what was built."""
        index, queries = self.index_type(random_vectors(n)), random_vectors(3, seed=8)

        again = self.index_type.from_bytes(index.to_bytes())

        assert (len(again), again.dim) == (n, 16)
        for first, second in zip(index.search(queries, 9), again.search(queries, 9), strict=True):
            np.testing.assert_array_equal(first.rows, second.rows)
            np.testing.assert_array_equal(first.cosines, second.cosines)

    def test_equal_rows_give_equal_bytes(self) -> None:
        """A rebuild of unchanged records is recognised by its hash."""
        vectors = random_vectors(50)
        first = self.index_type(vectors).to_bytes()

        assert self.index_type(vectors.copy()).to_bytes() == first
        assert self.index_type.from_bytes(first).to_bytes() == first
