"""A shelf's own measure of closeness, and what it must not depend on."""

from __future__ import annotations

import numpy as np
import pytest

from kbsearch.arrays import Float32, unit_rows
from kbsearch.search.closeness import Passages, closeness
from kbsearch.vector import Whitening

DIM = 384


def crowded_rows(n: int) -> Float32:
    """Unit rows (n, DIM) that share one direction, as the texts of one desk do."""
    random = np.random.default_rng(7).standard_normal((n, DIM))
    random[:, 0] += 30.0
    return unit_rows(random.astype(np.float32))


class TestWhitening:
    """Directions that all texts share count less."""

    def test_of_few_rows_is_the_plain_cosine(self) -> None:
        """99 rows say nothing that the prior does not."""
        vectors = crowded_rows(99)

        whitening = Whitening.fit(vectors)

        assert whitening.matrix.shape == (0, 0)
        assert np.array_equal(whitening.query(vectors[0]), vectors[0])
        assert whitening.lengths(vectors).tolist() == [1.0] * 99

    def test_tells_crowded_rows_apart(self) -> None:
        """All are nearly the same direction; what differs counts more afterwards."""
        vectors = crowded_rows(2000)
        whitening = Whitening.fit(vectors)

        plain = float(vectors[0] @ vectors[1])
        white = float(vectors[1] @ whitening.query(vectors[0]) / whitening.lengths(vectors)[1])

        assert plain > 0.6
        assert white < plain - 0.05

    def test_gives_a_row_and_itself_a_cosine_of_one(self) -> None:
        """It is a cosine: of C^(-1/4) v and C^(-1/4) v."""
        vectors = crowded_rows(500)
        whitening = Whitening.fit(vectors)

        own = vectors[3] @ whitening.query(vectors[3]) / whitening.lengths(vectors)[3]

        assert own == pytest.approx(1.0, abs=1e-5)

    def test_knows_rows_of_zeros_and_no_rows(self) -> None:
        """A text without a word is like nothing, and divides nothing by zero."""
        whitening = Whitening.fit(crowded_rows(200))

        assert whitening.lengths(np.zeros((2, DIM), dtype=np.float32)).tolist() == [1.0, 1.0]
        assert len(whitening.lengths(np.zeros((0, DIM), dtype=np.float32))) == 0
        assert not whitening.query(np.zeros(DIM, dtype=np.float32)).any()


@pytest.mark.parametrize("n", [2, 3, 5, 17, 250])
def test_a_text_is_as_close_wherever_it_stands(n: int) -> None:
    """So that equal documents tie and stand by id; BLAS rounds last rows otherwise."""
    rows = crowded_rows(300)
    whitening = Whitening.fit(rows)
    vectors = np.repeat(rows[:1], n, axis=0)
    passages = Passages(
        vectors,
        whitening.lengths(vectors),
        is_title=np.zeros(n, dtype=np.bool_),
        starts=np.arange(n, dtype=np.int64),
    )

    found = closeness(rows[1], passages, whitening)

    assert len(set(found.cosines.tolist())) == 1
    assert len(set(found.whitened.tolist())) == 1
