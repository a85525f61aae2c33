"""Lexical indexes: BM25 as worked by hand, equal bytes for equal documents, one scale for all."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Sequence

import pytest

from kbsearch.lexical import (
    Alternative,
    AnyOf,
    Bm25Index,
    QueryTerm,
    RecentDocuments,
    Statistics,
    all_terms,
)
from kbsearch.testing.contracts import LexicalIndexContract
from kbsearch.testing.contracts.lexical_index import (
    DOCUMENTS,
    IDF_ONE,
    IDF_VPN,
    JAM_IN_2,
    K1,
    VPN_IN_0,
    VPN_IN_1,
    B,
    random_documents,
)


class TestBm25Index(LexicalIndexContract):
    """The contract, for bm25s."""

    index_type = Bm25Index


def test_every_term_of_every_alternative_is_marked_in_a_hit() -> None:
    """In the order of the query, the typed ones first."""
    other = Alternative(("virtual", "network"), 1.0, needs_all=True)

    terms = all_terms(["drops", AnyOf(("vpn",), (other,)), "sleep"])

    assert terms == ["drops", "vpn", "virtual", "network", "sleep"]


def index_of(documents: Sequence[Sequence[str]]) -> Bm25Index:
    """An index with the parameters that the hand-worked figures use."""
    return Bm25Index(documents, k1=K1, b=B)


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


class TestTheIdeal:
    """What a document would score that held every word of the query without end."""

    def test_is_the_sum_of_the_terms_weights(self) -> None:
        """By hand, N = 3: "vpn" in 2, "jam" in 1 and asked twice, "fax" in none, ln 8."""
        statistics = index_of(DOCUMENTS).statistics

        ideal = statistics.ideal(["vpn", "jam", "fax", "jam"])

        assert ideal == pytest.approx(IDF_VPN + 2 * IDF_ONE + math.log(8))

    def test_of_no_terms_is_zero(self) -> None:
        """With documents and without."""
        assert index_of(DOCUMENTS).statistics.ideal([]) == 0
        assert Statistics(0, 0.0, {}).ideal([]) == 0

    def test_of_an_empty_index_gives_every_term_its_greatest_weight(self) -> None:
        """By hand: ln(1 + 0.5 / 0.5) each."""
        assert Statistics(0, 0.0, {}).ideal(["a", "b"]) == pytest.approx(2 * math.log(2))

    def test_no_document_scores_more(self) -> None:
        """So that a score over it is a share, from 0 to 1."""
        index = index_of([*random_documents(60), ["term1"] * 500])
        query = ["term1", "term2", "term2", "term30", "unknown"]

        coverage = index.scores(query) / index.statistics.ideal(query)

        assert 0 <= coverage.min() < coverage.max() < 1

    def test_a_word_held_often_is_covered_nearly_whole(self) -> None:
        """By hand: tf 1000 of 1001 in a mean of 501: 1000 / (1000 + 1.5 (.25 + .75 · 1.998))."""
        index = index_of([["vpn"] * 1000 + ["a"], ["b"]])

        coverage = index.scores(["vpn"]) / index.statistics.ideal(["vpn"])

        expected = 1000 / (1000 + 1.5 * (0.25 + 0.75 * 1001 / 501))
        assert coverage.tolist() == pytest.approx([expected, 0], rel=1e-5)


class TestRecentDocuments:
    """Documents that no index holds yet, scored on the index's scale."""

    def test_scores_as_the_index_does_with_the_same_statistics(self) -> None:
        """An old and a new document with equal words must be equally good hits."""
        documents = random_documents(60)
        index = index_of(documents)
        recent = RecentDocuments(index.statistics, k1=K1, b=B)
        for key, terms in enumerate(documents):
            recent.add(key, terms)
        other = Alternative(("term3", "term4"), 0.7, needs_all=True)
        typed: list[QueryTerm] = ["term1", "term2", "term2", "term30", "unknown"]
        query = [*typed, AnyOf(("term5",), (other, Alternative(("term6",), 0.5)))]

        scores = recent.scores(query)

        expected = index.scores(query)
        assert list(scores) == list(range(60))
        assert list(scores.values()) == pytest.approx(expected.tolist(), rel=1e-5, abs=1e-7)

    def test_scores_one_term_as_worked_by_hand(self) -> None:
        """Statistics of the snapshot only: N = 3, df = 2, mean length 2, while it is larger."""
        recent = RecentDocuments(index_of(DOCUMENTS).statistics, k1=K1, b=B)
        recent.add(7, ["vpn", "laptop"])

        assert recent.scores(["vpn"]) == {7: pytest.approx(VPN_IN_0)}

    def test_of_a_word_with_alternatives_the_best_one_counts(self) -> None:
        """By hand, as in an index: the typed word where it stands, half of the other elsewhere."""
        recent = RecentDocuments(Statistics(0, 0.0, {}), k1=K1, b=B)
        for key, terms in enumerate(DOCUMENTS):
            recent.add(key, terms)

        scores = recent.scores([AnyOf(("vpn",), (Alternative(("jam",), 0.5),))])

        assert scores == pytest.approx({0: VPN_IN_0, 1: VPN_IN_1, 2: 0.5 * JAM_IN_2})

    def test_a_term_that_the_snapshot_lacks_counts_as_the_rarest(self) -> None:
        """By hand: df = 0, so ln(1 + 3.5 / 0.5) = ln 8; length 1 gives 1 / (1 + 1.5 * 0.625)."""
        recent = RecentDocuments(index_of(DOCUMENTS).statistics, k1=K1, b=B)
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
        base = index_of([["vpn", "drops"]]).statistics
        recent = RecentDocuments(base, k1=K1, b=B)
        recent.add(1, ["vpn"])
        recent.add(2, ["printer", "jam", "jam"])

        scores = recent.scores(["vpn", "jam"])

        assert scores == pytest.approx({1: VPN_IN_1, 2: JAM_IN_2})

    def test_the_ideal_beside_a_larger_snapshot_is_the_snapshots(self) -> None:
        """Scores are made with its statistics alone, so their bound is too."""
        statistics = index_of(DOCUMENTS).statistics
        recent = RecentDocuments(statistics, k1=K1, b=B)
        recent.add(7, ["fax", "vpn"])

        assert recent.ideal(["vpn", "fax"]) == pytest.approx(IDF_VPN + math.log(8))
        assert recent.ideal(["vpn", "fax"]) == statistics.ideal(["vpn", "fax"])

    def test_the_ideal_beside_a_smaller_snapshot_counts_both(self) -> None:
        """By hand: 1 + 2 documents, "vpn" in 1 + 1, "jam" in 1: as in DOCUMENTS."""
        recent = RecentDocuments(index_of([["vpn", "drops"]]).statistics, k1=K1, b=B)
        recent.add(1, ["vpn"])
        recent.add(2, ["printer", "jam", "jam"])

        assert recent.ideal(["vpn", "jam", "jam"]) == pytest.approx(IDF_VPN + 2 * IDF_ONE)

    def test_the_ideal_forgets_what_was_discarded(self) -> None:
        """As if it had never been here."""
        recent = RecentDocuments(Statistics(0, 0.0, {}), k1=K1, b=B)
        for key, terms in enumerate([*DOCUMENTS, ["vpn", "vpn", "fax"]]):
            recent.add(key, terms)

        recent.discard(3)

        assert recent.ideal(["vpn", "fax"]) == pytest.approx(IDF_VPN + math.log(8))

    def test_nothing_recent_gives_no_scores(self) -> None:
        """With and without a snapshot."""
        assert RecentDocuments(Statistics(0, 0.0, {}), k1=K1, b=B).scores(["vpn"]) == {}
        base = index_of(DOCUMENTS).statistics
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
