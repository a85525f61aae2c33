"""Partly whitened cosines: as the textbook computes them, and the same bytes everywhere."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from kbsearch.arrays import Float32, unit_rows
from kbsearch.vector import Whitening

N_PRIOR = 2000


def crowded(n: int, dim: int, *, seed: int = 6) -> Float32:
    """Unit rows that all lean to one side, as an embedding model's do."""
    rng = np.random.default_rng(seed)
    return unit_rows((rng.standard_normal((n, dim)) + 0.7).astype(np.float32))


def two_directions(n_first: int, n_second: int) -> Float32:
    """Rows along the first and the second of two axes."""
    return np.repeat(np.eye(2, dtype=np.float32), [n_first, n_second], axis=0)


def power(vectors: Float32) -> float:
    """The mean cosine of two of the rows."""
    return float((vectors.astype(np.float64) @ vectors.T.astype(np.float64)).mean())


def whitener(vectors: Float32) -> NDArray[np.float64]:
    """C^-p in float64: C the mean of v vᵀ and of 2000 rows without a favoured direction."""
    rows = vectors.astype(np.float64)
    n, dim = rows.shape
    prior = N_PRIOR * (rows**2).sum() / n / dim * np.eye(dim)
    values, directions = np.linalg.eigh((rows.T @ rows + prior) / (n + N_PRIOR))
    matrix: NDArray[np.float64] = directions @ np.diag(values ** -power(vectors)) @ directions.T
    return matrix


def whitened_cosine(whitening: Whitening, query: Float32, vectors: Float32) -> Float32:
    """As a search computes it from plain vectors."""
    cosines: Float32 = vectors @ whitening.query(query) / whitening.lengths(vectors)
    return cosines


class TestFewRows:
    """They say nothing of what a desk's texts share."""

    @pytest.mark.parametrize("n", [0, 1, 99])
    def test_give_plain_cosines(self, n: int) -> None:
        """Below a hundred rows; and each length is 1."""
        vectors = crowded(n, 8)
        whitening = Whitening.fit(vectors)

        assert whitening.matrix.shape == (0, 0)
        np.testing.assert_array_equal(whitening.query(vectors.sum(axis=0)), vectors.sum(axis=0))
        np.testing.assert_array_equal(whitening.lengths(vectors), np.ones(n))

    def test_a_hundred_count_little_beside_the_prior(self) -> None:
        """By hand: (75 + 1000, 25 + 1000) / 1050 to the power of -1, p being 1/2 at most."""
        whitening = Whitening.fit(two_directions(75, 25))

        expected = np.diag([1050 / 1075, 1050 / 1025])
        np.testing.assert_allclose(whitening.matrix, expected, atol=1e-5)


class TestTheMeasure:
    """The cosine of C^-p q and C^-p v, p the mean cosine of two rows."""

    def test_two_directions_are_scaled_as_worked_by_hand(self) -> None:
        """3000 and 1000 rows, 1000 each of the prior: C ~ (4/3, 2/3); .625 is above p's limit."""
        whitening = Whitening.fit(two_directions(3000, 1000))

        expected = np.diag([0.75, 1.5])
        np.testing.assert_allclose(whitening.matrix, expected, atol=1e-5)

    def test_texts_about_everything_stay_as_they_are(self) -> None:
        """Rows that point everywhere alike have a mean cosine of 0, so p is 0."""
        axes = np.eye(8, dtype=np.float32)
        whitening = Whitening.fit(np.tile(np.concatenate([axes, -axes]), (20, 1)))

        np.testing.assert_allclose(whitening.matrix, np.eye(8), atol=1e-5)

    def test_a_direction_that_many_share_counts_less(self) -> None:
        """By hand: cos² = 3/4 / (3/4 + 3/2) = 1/3 along it, 2/3 across."""
        whitening = Whitening.fit(two_directions(3000, 1000))
        query = unit_rows(np.ones((1, 2), dtype=np.float32))[0]

        along, across = whitened_cosine(whitening, query, np.eye(2, dtype=np.float32)).tolist()

        assert along == pytest.approx((1 / 3) ** 0.5, abs=1e-5)
        assert across == pytest.approx((2 / 3) ** 0.5, abs=1e-5)
        assert along < 0.5**0.5 < across

    @pytest.mark.parametrize("dim", [3, 24])
    def test_it_is_the_textbooks_cosine(self, dim: int) -> None:
        """Of vectors that were whitened one by one in float64."""
        vectors, queries = crowded(500, dim), crowded(20, dim, seed=7)
        whitening, matrix = Whitening.fit(vectors), whitener(vectors)
        white = vectors @ matrix
        white /= np.linalg.norm(white, axis=1, keepdims=True)

        for query in queries:
            expected = white @ (matrix @ query) / np.linalg.norm(matrix @ query)
            found = whitened_cosine(whitening, query, vectors)
            np.testing.assert_allclose(found, expected, atol=1e-4)

    def test_lengths_are_those_of_the_whitened_vectors(self) -> None:
        """But for one factor that no cosine sees: the mean square of an entry."""
        vectors = crowded(500, 16)
        whitening = Whitening.fit(vectors)

        expected = np.linalg.norm(vectors @ whitener(vectors), axis=1) / 16 ** power(vectors)
        np.testing.assert_allclose(whitening.lengths(vectors), expected, rtol=1e-4)

    def test_a_vector_is_closest_to_itself(self) -> None:
        """With a cosine of one, and none is above it."""
        vectors = crowded(300, 16)
        whitening = Whitening.fit(vectors)

        cosines = np.stack([whitened_cosine(whitening, v, vectors) for v in vectors])

        np.testing.assert_allclose(np.diag(cosines), 1.0, atol=1e-5)
        assert cosines.max() <= 1 + 1e-5

    def test_common_ground_is_told_from_likeness(self) -> None:
        """A text that shares the product's name alone falls behind one that shares the matter."""
        common, matter = np.eye(8, dtype=np.float32)[:2]
        rest = np.eye(8, dtype=np.float32)[2]
        shelf = unit_rows(crowded(5000, 8) + 2 * common)
        query, name_alone, both = unit_rows(
            np.stack([common + 0.8 * matter, common, 0.55 * matter + 0.6 * rest + 0.5 * common])
        )
        pair = np.stack([name_alone, both])

        plain = pair @ query
        whitened = whitened_cosine(Whitening.fit(shelf), query, pair)

        assert plain[0] > plain[1]
        assert whitened[0] < whitened[1]


class TestVectorsOfZeros:
    """Texts without a word that the model knows: a cosine of 0 with everything, never NaN."""

    def test_a_zero_query_is_like_nothing(self) -> None:
        """Its length is no divisor."""
        whitening = Whitening.fit(crowded(200, 8))

        assert whitening.query(np.zeros(8, dtype=np.float32)).tolist() == [0] * 8

    def test_a_zero_row_has_length_one(self) -> None:
        """So that 0 / 1 is its cosine."""
        whitening = Whitening.fit(crowded(200, 8))
        rows = np.zeros((2, 8), dtype=np.float32)

        assert whitening.lengths(rows).tolist() == [1, 1]

    def test_zeros_alone_give_plain_cosines(self) -> None:
        """A shelf of signs and pictures has no direction at all."""
        whitening = Whitening.fit(np.zeros((200, 8), dtype=np.float32))

        assert whitening.matrix.shape == (0, 0)

    def test_zeros_among_others_give_numbers(self) -> None:
        """And a direction in which nothing lies is no division by zero."""
        vectors = np.concatenate([two_directions(300, 0), np.zeros((50, 2), dtype=np.float32)])

        whitening = Whitening.fit(vectors)

        assert np.isfinite(whitening.matrix).all()
        assert np.linalg.eigvalsh(whitening.matrix).min() > 0


_PRINT_HASH = """
import hashlib
import numpy as np
from kbsearch.arrays import unit_rows
from kbsearch.vector import Whitening
rng = np.random.default_rng(6)
vectors = unit_rows((rng.standard_normal((9000, 96)) + 0.3).astype(np.float32))
whitening = Whitening.fit(vectors)
print(hashlib.sha256(whitening.matrix.tobytes() + whitening.lengths(vectors).tobytes()).hexdigest())
"""


def test_equal_vectors_give_equal_bytes() -> None:
    """Twice over, and whatever else lies in memory."""
    once, again = Whitening.fit(crowded(700, 32)), Whitening.fit(crowded(700, 32).copy())

    assert once.matrix.tobytes() == again.matrix.tobytes()
    assert once.lengths(crowded(9, 32)).tobytes() == again.lengths(crowded(9, 32)).tobytes()


def test_equal_vectors_give_equal_bytes_with_any_number_of_threads() -> None:
    """A snapshot's hash must not tell on how many cores it was made."""
    printed = {
        subprocess.run(
            [sys.executable, "-c", _PRINT_HASH],
            env={**os.environ, "OPENBLAS_NUM_THREADS": n, "OMP_NUM_THREADS": n},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for n in ("1", "2")
    }

    assert len(printed) == 1


def test_lengths_of_many_rows_are_those_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are computed some at a time."""
    monkeypatch.setattr("kbsearch.vector.whitening._ROWS_AT_A_TIME", 7)
    vectors = crowded(120, 8)
    whitening = Whitening.fit(vectors)

    one_by_one = np.concatenate([whitening.lengths(row[None]) for row in vectors])

    np.testing.assert_allclose(whitening.lengths(vectors), one_by_one, rtol=1e-6)
