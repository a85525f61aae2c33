"""What every lexical index owes kbsearch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import pytest

from kbsearch.lexical import Alternative, AnyOf, LexicalIndex, QueryTerm

K1, B = 1.5, 0.75
DOCUMENTS = [["vpn", "drops"], ["vpn"], ["printer", "jam", "jam"]]

# N = 3 documents, mean length 2. Lucene's idf: ln(1 + (N - df + 0.5) / (df + 0.5)).
IDF_VPN = math.log(1 + 1.5 / 2.5)
IDF_ONE = math.log(1 + 2.5 / 1.5)
# tf / (tf + k1 (1 - b + b length / mean)), with k1 = 1.5 and b = 0.75.
VPN_IN_0 = IDF_VPN * 1 / (1 + 1.5)
VPN_IN_1 = IDF_VPN * 1 / (1 + 1.5 * 0.625)
DROPS_IN_0 = IDF_ONE * 1 / (1 + 1.5)
JAM_IN_2 = IDF_ONE * 2 / (2 + 1.5 * 1.375)


def random_documents(n: int, *, seed: int = 5) -> list[list[str]]:
    """Documents of 0 to 30 terms, some terms common and some rare."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(0, 31, n)
    return [[f"term{int(t)}" for t in rng.zipf(1.5, length) % 50] for length in lengths]


class LexicalIndexContract:
    """
    What kbsearch relies on, whichever index was chosen.

    Attributes:
        index_type: The class under test: made of lists of terms, `k1` and `b`, or by
            `from_files` of what `to_files` gave.
    """

    index_type: ClassVar[Any]

    def _index_of(self, documents: Sequence[Sequence[str]]) -> LexicalIndex:
        """An index with the parameters that the hand-worked figures use."""
        index: LexicalIndex = self.index_type(documents, k1=K1, b=B)
        return index

    def test_scores_one_term_as_worked_by_hand(self) -> None:
        """A shorter document with the same term scores higher."""
        scores = self._index_of(DOCUMENTS).scores(["vpn"])

        assert scores.tolist() == pytest.approx([VPN_IN_0, VPN_IN_1, 0.0], rel=1e-6)

    def test_a_term_repeated_in_a_document_saturates(self) -> None:
        """Two occurrences count more than one and less than twice."""
        scores = self._index_of(DOCUMENTS).scores(["jam"])

        assert scores.tolist() == pytest.approx([0.0, 0.0, JAM_IN_2], rel=1e-6)

    def test_scores_of_several_terms_add_up(self) -> None:
        """By hand: document 0 has both terms, 1 and 2 one each."""
        scores = self._index_of(DOCUMENTS).scores(["vpn", "drops", "jam"])

        expected = [VPN_IN_0 + DROPS_IN_0, VPN_IN_1, JAM_IN_2]
        assert scores.tolist() == pytest.approx(expected, rel=1e-6)

    def test_a_term_given_twice_counts_twice(self) -> None:
        """What a ticket says again is what it is about."""
        scores = self._index_of(DOCUMENTS).scores(["vpn", "jam", "vpn"])

        expected = [2 * VPN_IN_0, 2 * VPN_IN_1, JAM_IN_2]
        assert scores.tolist() == pytest.approx(expected, rel=1e-6)

    def test_of_a_word_with_alternatives_the_best_one_counts(self) -> None:
        """By hand: document 0 holds both words and gets one score, a mistake's half in 2."""
        vpn = AnyOf(("vpn",), (Alternative(("drops",), 1.0),))
        jam = AnyOf(("jma",), (Alternative(("jam",), 0.5),))

        scores = self._index_of(DOCUMENTS).scores([vpn, jam])

        expected = [max(VPN_IN_0, DROPS_IN_0), VPN_IN_1, 0.5 * JAM_IN_2]
        assert scores.tolist() == pytest.approx(expected, rel=1e-6)

    def test_an_alternative_that_scores_less_changes_nothing(self) -> None:
        """By hand: a tenth of "drops" is less than "vpn" is worth in document 0."""
        vpn = AnyOf(("vpn",), (Alternative(("drops",), 0.1),))

        scores = self._index_of(DOCUMENTS).scores([vpn, "jam"])

        assert scores.tolist() == pytest.approx([VPN_IN_0, VPN_IN_1, JAM_IN_2], rel=1e-6)

    @pytest.mark.parametrize(
        ("needs_all", "in_1"), [(True, 0.0), (False, VPN_IN_1)], ids=["all", "any"]
    )
    def test_a_phrase_may_need_all_of_its_terms(self, needs_all: bool, in_1: float) -> None:
        """Half of a phrase is another thing; half of a compound that was split is not."""
        phrase = AnyOf(("tunnel",), (Alternative(("vpn", "drops"), 1.0, needs_all),))

        scores = self._index_of(DOCUMENTS).scores([phrase])

        assert scores.tolist() == pytest.approx([VPN_IN_0 + DROPS_IN_0, in_1, 0.0], rel=1e-6)

    def test_what_was_typed_counts_as_it_would_alone(self) -> None:
        """Where no alternative stands, nothing is gained or lost by having one."""
        typed: list[QueryTerm] = [AnyOf(("vpn", "jam", "jam"), (Alternative(("fax",), 1.0),))]
        index = self._index_of(DOCUMENTS)

        scores, alone = index.scores(typed), index.scores(["vpn", "jam", "jam"])

        assert scores.tolist() == pytest.approx(alone.tolist(), rel=1e-6)

    def test_b_of_zero_leaves_lengths_out(self) -> None:
        """By hand, k1 = 1: 1 / (1 + 1) in both documents, however long."""
        scores = self.index_type(DOCUMENTS, k1=1.0, b=0.0).scores(["vpn"])

        assert scores.tolist() == pytest.approx([IDF_VPN / 2, IDF_VPN / 2, 0.0], rel=1e-6)

    @pytest.mark.parametrize("terms", [[], ["fax"], ["fax", "fax", "Vpn"], [""]])
    def test_unknown_terms_and_no_terms_score_zero(self, terms: list[str]) -> None:
        """A query of stop words only is no error."""
        assert self._index_of(DOCUMENTS).scores(terms).tolist() == [0.0, 0.0, 0.0]

    def test_an_unknown_term_beside_a_known_one_changes_nothing(self) -> None:
        """It has no weight of its own."""
        index = self._index_of(DOCUMENTS)

        np.testing.assert_array_equal(index.scores(["fax", "vpn"]), index.scores(["vpn"]))

    def test_empty_documents_keep_their_row(self) -> None:
        """By hand: N = 3, df = 1, mean length 1/3, so the length term is 3."""
        index = self._index_of([[], ["vpn"], []])

        scores = index.scores(["vpn"])

        expected = IDF_ONE / (1 + 1.5 * (0.25 + 0.75 * 3))
        assert scores.tolist() == pytest.approx([0.0, expected, 0.0], rel=1e-6)

    @pytest.mark.parametrize("n", [0, 1, 3])
    def test_an_index_without_any_term_scores_zero(self, n: int) -> None:
        """An empty desk, and one whose articles are pictures only."""
        index = self._index_of([[]] * n)

        assert len(index) == n
        assert index.scores(["vpn"]).tolist() == [0.0] * n
        assert index.statistics[:2] == (n, 0.0)

    def test_terms_are_compared_as_they_are(self) -> None:
        """Folding is the analyzer's work; non-ASCII terms are terms like any other."""
        scores = self._index_of([["grüße"], ["grusse"], ["帮助", "😀"]]).scores(["grüße", "😀"])

        assert [score > 0 for score in scores.tolist()] == [True, False, True]

    def test_states_the_statistics_of_its_documents(self) -> None:
        """A delta scores with them, so they must be those of the scores."""
        statistics = self._index_of(DOCUMENTS).statistics

        assert (statistics.n_documents, statistics.mean_length) == (3, 2.0)
        frequencies = [statistics.document_frequency.get(t, 0) for t in ("vpn", "jam", "fax")]
        assert frequencies == [2, 1, 0]

    @pytest.mark.parametrize("documents", [DOCUMENTS, [], [[], []], [["grüße", "😀"], []]])
    def test_files_bring_back_the_same_scores(self, documents: list[list[str]]) -> None:
        """What is published is what was built, statistics included."""
        index = self._index_of(documents)
        terms = ["vpn", "jam", "jam", "grüße", "fax"]

        again = self.index_type.from_files(index.to_files())

        np.testing.assert_array_equal(again.scores(terms), index.scores(terms))
        assert again.statistics[:2] == index.statistics[:2]
        assert dict(again.statistics.document_frequency) == dict(
            index.statistics.document_frequency
        )
        assert again.to_files() == index.to_files()

    def test_scores_are_never_negative(self) -> None:
        """A term in every document weighs little, not less than nothing."""
        documents = [["common", *terms] for terms in random_documents(40)]

        scores = self._index_of(documents).scores(["common", "term1", "term2"])

        assert scores.min() > 0
