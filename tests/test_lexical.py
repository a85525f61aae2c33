"""Lexical indexes: BM25 as worked by hand, equal bytes for equal documents, one scale for all."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Sequence

import numpy as np
import pytest

from kbsearch.lexical import Bm25Index, RecentDocuments, Statistics

K1, B = 1.5, 0.75

IndexType = type[Bm25Index]

DOCUMENTS = [["vpn", "drops"], ["vpn"], ["printer", "jam", "jam"]]

# N = 3 documents, mean length 2. Lucene's idf: ln(1 + (N - df + 0.5) / (df + 0.5)).
IDF_VPN = math.log(1 + 1.5 / 2.5)
IDF_ONE = math.log(1 + 2.5 / 1.5)
# tf / (tf + k1 (1 - b + b length / mean)), with k1 = 1.5 and b = 0.75.
VPN_IN_0 = IDF_VPN * 1 / (1 + 1.5)
VPN_IN_1 = IDF_VPN * 1 / (1 + 1.5 * 0.625)
DROPS_IN_0 = IDF_ONE * 1 / (1 + 1.5)
JAM_IN_2 = IDF_ONE * 2 / (2 + 1.5 * 1.375)


@pytest.fixture(params=[Bm25Index], ids=lambda kind: kind.__name__)
def index_type(request: pytest.FixtureRequest) -> IndexType:
    """Every index that is shipped."""
    kind: IndexType = request.param
    return kind


def random_documents(n: int, *, seed: int = 5) -> list[list[str]]:
    """Documents of 0 to 30 terms, some terms common and some rare."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(0, 31, n)
    return [[f"term{int(t)}" for t in rng.zipf(1.5, length) % 50] for length in lengths]


def index_of(kind: IndexType, documents: Sequence[Sequence[str]]) -> Bm25Index:
    """An index with the parameters that the hand-worked figures use."""
    return kind(documents, k1=K1, b=B)


class TestEveryLexicalIndex:
    """What a caller may rely on, whichever index was chosen."""

    def test_scores_one_term_as_worked_by_hand(self, index_type: IndexType) -> None:
        """A shorter document with the same term scores higher."""
        scores = index_of(index_type, DOCUMENTS).scores(["vpn"])

        assert scores.tolist() == pytest.approx([VPN_IN_0, VPN_IN_1, 0.0], rel=1e-6)

    def test_a_term_repeated_in_a_document_saturates(self, index_type: IndexType) -> None:
        """Two occurrences count more than one and less than twice."""
        scores = index_of(index_type, DOCUMENTS).scores(["jam"])

        assert scores.tolist() == pytest.approx([0.0, 0.0, JAM_IN_2], rel=1e-6)

    def test_scores_of_several_terms_add_up(self, index_type: IndexType) -> None:
        """By hand: document 0 has both terms, 1 and 2 one each."""
        scores = index_of(index_type, DOCUMENTS).scores(["vpn", "drops", "jam"])

        expected = [VPN_IN_0 + DROPS_IN_0, VPN_IN_1, JAM_IN_2]
        assert scores.tolist() == pytest.approx(expected, rel=1e-6)

    def test_a_term_given_twice_counts_twice(self, index_type: IndexType) -> None:
        """What a ticket says again is what it is about."""
        scores = index_of(index_type, DOCUMENTS).scores(["vpn", "jam", "vpn"])

        expected = [2 * VPN_IN_0, 2 * VPN_IN_1, JAM_IN_2]
        assert scores.tolist() == pytest.approx(expected, rel=1e-6)

    def test_b_of_zero_leaves_lengths_out(self, index_type: IndexType) -> None:
        """By hand, k1 = 1: 1 / (1 + 1) in both documents, however long."""
        scores = index_type(DOCUMENTS, k1=1.0, b=0.0).scores(["vpn"])

        assert scores.tolist() == pytest.approx([IDF_VPN / 2, IDF_VPN / 2, 0.0], rel=1e-6)

    @pytest.mark.parametrize("terms", [[], ["fax"], ["fax", "fax", "Vpn"], [""]])
    def test_unknown_terms_and_no_terms_score_zero(
        self, index_type: IndexType, terms: list[str]
    ) -> None:
        """A query of stop words only is no error."""
        assert index_of(index_type, DOCUMENTS).scores(terms).tolist() == [0.0, 0.0, 0.0]

    def test_an_unknown_term_beside_a_known_one_changes_nothing(
        self, index_type: IndexType
    ) -> None:
        """It has no weight of its own."""
        index = index_of(index_type, DOCUMENTS)

        np.testing.assert_array_equal(index.scores(["fax", "vpn"]), index.scores(["vpn"]))

    def test_empty_documents_keep_their_row(self, index_type: IndexType) -> None:
        """By hand: N = 3, df = 1, mean length 1/3, so the length term is 3."""
        index = index_of(index_type, [[], ["vpn"], []])

        scores = index.scores(["vpn"])

        expected = IDF_ONE / (1 + 1.5 * (0.25 + 0.75 * 3))
        assert scores.tolist() == pytest.approx([0.0, expected, 0.0], rel=1e-6)

    @pytest.mark.parametrize("n", [0, 1, 3])
    def test_an_index_without_any_term_scores_zero(self, index_type: IndexType, n: int) -> None:
        """An empty desk, and one whose articles are pictures only."""
        index = index_of(index_type, [[]] * n)

        assert len(index) == n
        assert index.scores(["vpn"]).tolist() == [0.0] * n
        assert index.statistics[:2] == (n, 0.0)

    def test_terms_are_compared_as_they_are(self, index_type: IndexType) -> None:
        """Folding is the analyzer's work; non-ASCII terms are terms like any other."""
        scores = index_of(index_type, [["grüße"], ["grusse"], ["帮助", "😀"]]).scores(
            ["grüße", "😀"]
        )

        assert [score > 0 for score in scores.tolist()] == [True, False, True]

    def test_states_the_statistics_of_its_documents(self, index_type: IndexType) -> None:
        """A delta scores with them, so they must be those of the scores."""
        statistics = index_of(index_type, DOCUMENTS).statistics

        assert (statistics.n_documents, statistics.mean_length) == (3, 2.0)
        frequencies = [statistics.document_frequency.get(t, 0) for t in ("vpn", "jam", "fax")]
        assert frequencies == [2, 1, 0]

    @pytest.mark.parametrize("documents", [DOCUMENTS, [], [[], []], [["grüße", "😀"], []]])
    def test_files_bring_back_the_same_scores(
        self, index_type: IndexType, documents: list[list[str]]
    ) -> None:
        """What is published is what was built, statistics included."""
        index = index_of(index_type, documents)
        terms = ["vpn", "jam", "jam", "grüße", "fax"]

        again = index_type.from_files(index.to_files())

        np.testing.assert_array_equal(again.scores(terms), index.scores(terms))
        assert again.statistics[:2] == index.statistics[:2]
        assert dict(again.statistics.document_frequency) == dict(
            index.statistics.document_frequency
        )
        assert again.to_files() == index.to_files()

    def test_scores_are_never_negative(self, index_type: IndexType) -> None:
        """A term in every document weighs little, not less than nothing."""
        documents = [["common", *terms] for terms in random_documents(40)]

        scores = index_of(index_type, documents).scores(["common", "term1", "term2"])

        assert scores.min() > 0


_PRINT_HASH = """
import hashlib
from kbsearch.lexical import Bm25Index
documents = [[f"term{(i * j) % 97}" for j in range(i % 12)] for i in range(200)]
digest = hashlib.sha256()
for name, content in sorted(Bm25Index(documents, k1=1.5, b=0.75).to_files().items()):
    digest.update(name.encode() + content)
print(digest.hexdigest())
"""


def test_equal_documents_give_equal_bytes_in_every_process() -> None:
    """Python orders sets of strings differently in each process; a snapshot's hash must not."""
    printed = {
        subprocess.run(
            [sys.executable, "-c", _PRINT_HASH],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(printed) == 1


class TestRecentDocuments:
    """Documents that no index holds yet, scored on the index's scale."""

    def test_scores_as_the_index_does_with_the_same_statistics(self) -> None:
        """An old and a new document with equal words must be equally good hits."""
        documents = random_documents(60)
        index = index_of(Bm25Index, documents)
        recent = RecentDocuments(index.statistics, k1=K1, b=B)
        for key, terms in enumerate(documents):
            recent.add(key, terms)
        query = ["term1", "term2", "term2", "term30", "unknown"]

        scores = recent.scores(query)

        expected = index.scores(query)
        assert list(scores) == list(range(60))
        assert list(scores.values()) == pytest.approx(expected.tolist(), rel=1e-5, abs=1e-7)

    def test_scores_one_term_as_worked_by_hand(self) -> None:
        """Statistics of the snapshot only: N = 3, df = 2, mean length 2, while it is larger."""
        recent = RecentDocuments(index_of(Bm25Index, DOCUMENTS).statistics, k1=K1, b=B)
        recent.add(7, ["vpn", "laptop"])

        assert recent.scores(["vpn"]) == {7: pytest.approx(VPN_IN_0)}

    def test_a_term_that_the_snapshot_lacks_counts_as_the_rarest(self) -> None:
        """By hand: df = 0, so ln(1 + 3.5 / 0.5) = ln 8; length 1 gives 1 / (1 + 1.5 * 0.625)."""
        recent = RecentDocuments(index_of(Bm25Index, DOCUMENTS).statistics, k1=K1, b=B)
        recent.add(7, ["fax"])

        assert recent.scores(["fax"])[7] == pytest.approx(math.log(8) / (1 + 1.5 * 0.625))

    def test_without_a_snapshot_its_own_statistics_are_used(self) -> None:
        """A fresh desk ranks as an index of the same documents would."""
        recent = RecentDocuments(Statistics(0, 0.0, {}), k1=K1, b=B)
        for key, terms in enumerate(DOCUMENTS):
            recent.add(key, terms)

        scores = recent.scores(["vpn", "jam"])

        assert scores == pytest.approx({0: VPN_IN_0, 1: VPN_IN_1, 2: JAM_IN_2})

    def test_a_snapshot_smaller_than_the_delta_is_counted_with_it(self) -> None:
        """By hand: 1 + 2 documents, mean length 2, "vpn" in 1 + 1 of them: as in DOCUMENTS."""
        base = index_of(Bm25Index, [["vpn", "drops"]]).statistics
        recent = RecentDocuments(base, k1=K1, b=B)
        recent.add(1, ["vpn"])
        recent.add(2, ["printer", "jam", "jam"])

        scores = recent.scores(["vpn", "jam"])

        assert scores == pytest.approx({1: VPN_IN_1, 2: JAM_IN_2})

    def test_nothing_recent_gives_no_scores(self) -> None:
        """With and without a snapshot."""
        assert RecentDocuments(Statistics(0, 0.0, {}), k1=K1, b=B).scores(["vpn"]) == {}
        base = index_of(Bm25Index, DOCUMENTS).statistics
        assert RecentDocuments(base, k1=K1, b=B).scores(["vpn"]) == {}

    def test_documents_without_the_terms_score_zero(self) -> None:
        """Every document has a score, an empty one too."""
        recent = RecentDocuments(Statistics(0, 0.0, {}), k1=K1, b=B)
        recent.add(1, [])
        recent.add(2, ["printer"])

        assert recent.scores(["vpn"]) == {1: 0.0, 2: 0.0}

    def test_a_discarded_document_leaves_no_trace(self) -> None:
        """Neither in the scores of others, nor when its key comes back."""
        recent = RecentDocuments(Statistics(0, 0.0, {}), k1=K1, b=B)
        for key, terms in enumerate([*DOCUMENTS, ["vpn", "vpn", "fax"]]):
            recent.add(key, terms)

        recent.discard(3)
        recent.discard(99)

        assert len(recent) == 3
        scores = recent.scores(["vpn", "jam", "fax"])
        assert scores == pytest.approx({0: VPN_IN_0, 1: VPN_IN_1, 2: JAM_IN_2})

    def test_a_copy_and_its_original_go_their_own_ways(self) -> None:
        """A search goes on with the state it began with while the next one is made."""
        recent = RecentDocuments(Statistics(0, 0.0, {}), k1=K1, b=B)
        for key, terms in enumerate(DOCUMENTS):
            recent.add(key, terms)
        before = recent.scores(["vpn", "jam"])

        twin = recent.copy()
        twin.discard(0)
        twin.add(9, ["vpn", "jam"])

        assert recent.scores(["vpn", "jam"]) == before
        recent.discard(2)
        assert sorted(twin.scores(["vpn"])) == [1, 2, 9]
        assert (len(recent), len(twin)) == (2, 3)

    def test_two_copies_that_both_take_in_documents_do_not_see_each_others(self) -> None:
        """They share what came before; behind it each has its own."""
        recent = RecentDocuments(Statistics(0, 0.0, {}), k1=K1, b=B)
        recent.add(0, DOCUMENTS[0])

        left, right = recent.copy(), recent.copy()
        left.add(1, DOCUMENTS[1])
        right.add(8, ["fax", "jam"])
        left.add(2, DOCUMENTS[2])

        assert left.scores(["vpn", "jam"]) == pytest.approx({0: VPN_IN_0, 1: VPN_IN_1, 2: JAM_IN_2})
        assert right.scores(["printer"]) == {0: 0.0, 8: 0.0}
        assert list(recent.scores(["vpn"])) == [0]

    def test_a_document_that_changes_often_costs_no_more_for_it(self) -> None:
        """A counter that is saved every minute must not fill the memory."""
        recent = RecentDocuments(Statistics(0, 0.0, {}), k1=K1, b=B)
        for key, terms in enumerate(DOCUMENTS[:2]):
            recent.add(key, terms)

        for key in range(2, 4000):
            recent.discard(key - 1 if key > 2 else -1)
            recent.add(key, DOCUMENTS[2])

        scores = recent.scores(["vpn", "jam"])
        assert scores == pytest.approx({0: VPN_IN_0, 1: VPN_IN_1, 3999: JAM_IN_2})
        assert len(recent._postings) < 1100
