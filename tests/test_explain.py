"""Why a hit stands where it does: the numbers of the ranking, and why a document is no hit."""

from __future__ import annotations

import numpy as np
import pytest

from kbsearch import Explanation, Filters, KnowledgeBase
from kbsearch.errors import ConfigError, DocumentNotFoundError
from kbsearch.models import Absence, ExplainedStage, Stage
from kbsearch.rank import FUSED
from tests.builders import article, ticket
from tests.library import EXTERNAL, INTERNAL, LIBRARY, WHERE, index
from tests.test_reranking import Broken, Judge

QUERY = "vpn drops after sleep"


def stage_of(explanation: Explanation, stage: Stage) -> ExplainedStage:
    return next(one for one in explanation.stages if one.stage is stage)


@pytest.mark.parametrize("where", WHERE)
class TestOfAHit:
    """In the delta, in a snapshot, and in both."""

    def test_score_rank_and_shares_are_those_of_the_hit(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """To the last bit: an explanation of something like it would explain nothing."""
        index(desk, LIBRARY, where)
        searcher = desk.searcher(INTERNAL)

        hits = searcher.search(QUERY).hits

        for rank, hit in enumerate(hits, start=1):
            told = searcher.explain(QUERY, hit.id)
            assert (told.id, told.shelf, told.score, told.rank) == (
                hit.id,
                hit.shelf,
                hit.score,
                rank,
            )
            assert {one.stage: one.share for one in told.stages} == hit.scores.shares
            assert [one.stage for one in told.stages] == list(Stage)
            assert told.absence is None
            assert told.best is not None
            assert (told.best.id, told.best.shares) == (hits[0].id, hits[0].scores.shares)

    def test_shares_follow_from_signals_and_weights(self, desk: KnowledgeBase, where: str) -> None:
        """Weight times signal, over the best one where there is one."""
        index(desk, LIBRARY, where)

        told = desk.searcher(INTERNAL).explain(QUERY, "kb:vpn")

        fused = [one for one in told.stages if one.stage in FUSED]
        for one in fused:
            expected = one.weight * max(one.signal or 0.0, 0.0) / (one.best or 1.0)
            assert one.share == pytest.approx(expected, abs=1e-6)
        assert sum(one.weight for one in fused) == pytest.approx(1.0)
        assert told.score == pytest.approx(sum(one.share for one in told.stages), abs=1e-6)

    def test_terms_add_up_to_the_bm25_score(self, desk: KnowledgeBase, where: str) -> None:
        """Each by the stem that is counted; a term given twice counts twice."""
        index(desk, LIBRARY, where)
        searcher = desk.searcher(INTERNAL)

        told = searcher.explain("vpn vpn drops lantern", "kb:vpn")

        assert list(told.terms) == ["vpn", "drop", "lantern"]
        assert told.terms["lantern"] == 0.0
        assert told.terms["vpn"] > 0
        once = searcher.explain("vpn drops lantern", "kb:vpn").terms["vpn"]
        assert told.terms["vpn"] == pytest.approx(2 * once)
        bm25 = stage_of(told, Stage.BM25).signal
        assert sum(told.terms.values()) == pytest.approx(bm25, abs=1e-6)

    def test_each_stage_says_where_it_alone_would_put_it(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """Ranks by hand from the signals of all; without a word in common, none."""
        index(desk, LIBRARY, where)
        searcher = desk.searcher(INTERNAL)

        told = [searcher.explain(QUERY, hit.id) for hit in searcher.search(QUERY)]

        for stage in (Stage.PASSAGES, Stage.TITLES, Stage.BM25):
            ranked = [stage_of(one, stage) for one in told]
            signals = np.array([one.signal for one in ranked])
            for one in ranked:
                above = 1 + int((signals > one.signal).sum())
                assert one.rank == (above if one.signal or stage is not Stage.BM25 else None)


class TestOfNoHit:
    """What may be read, and was not found."""

    def test_one_that_the_filters_leave_out_says_so_and_what_it_would_have(
        self, desk: KnowledgeBase
    ) -> None:
        """A filter that was forgotten is the usual reason."""
        index(desk, LIBRARY, "both")
        searcher = desk.searcher(INTERNAL)

        told = searcher.explain(QUERY, "kb:vpn", filters=Filters(tags=("printer",)))

        assert (told.absence, told.rank) == (Absence.FILTERED_OUT, None)
        assert stage_of(told, Stage.BM25).signal == pytest.approx(
            stage_of(searcher.explain(QUERY, "kb:vpn"), Stage.BM25).signal
        )

    def test_a_draft_is_filtered_out(self, desk: KnowledgeBase) -> None:
        """Without a word about it in the filters; staff may read it."""
        desk.upsert([article("1", QUERY, INTERNAL, status="draft"), *LIBRARY])

        assert desk.searcher(INTERNAL).explain(QUERY, "kb:1").absence is Absence.FILTERED_OUT

    def test_one_that_no_retriever_proposed_says_so(self, desk: KnowledgeBase) -> None:
        """Every retriever proposes ten here, and forty are better."""
        others = [article(str(n), f"{QUERY} part {n}", EXTERNAL) for n in range(40)]
        desk.upsert([*others, article("far", "A kettle in the cellar", EXTERNAL)])
        desk.rebuild()
        ranking = desk.settings.ranking.model_copy(update={"n_candidates": 10})

        told = desk.searcher(EXTERNAL, ranking=ranking).explain(QUERY, "kb:far")

        assert (told.absence, told.rank) == (Absence.NOT_PROPOSED, None)
        assert stage_of(told, Stage.PASSAGES).rank == told.n_candidates + 1

    def test_one_with_nothing_in_common_says_so(self, desk: KnowledgeBase) -> None:
        """It was looked at, and has a score of 0."""
        desk.upsert([article("1", QUERY, EXTERNAL), article("far", "kettle", EXTERNAL)])

        told = desk.searcher(EXTERNAL).explain("sleep", "kb:far")

        assert (told.absence, told.score) == (Absence.NOTHING_IN_COMMON, 0.0)

    @pytest.mark.parametrize("hidden", ["kb:dns", "desk:1", "kb:never"])
    def test_one_of_another_audience_is_not_there(self, desk: KnowledgeBase, hidden: str) -> None:
        """In the very words of `get`, whether it exists or not."""
        index(desk, LIBRARY, "both")
        searcher = desk.searcher(EXTERNAL)
        with pytest.raises(DocumentNotFoundError, match="no document") as by_get:
            searcher.get(hidden)

        with pytest.raises(DocumentNotFoundError, match="no document") as caught:
            searcher.explain(QUERY, hidden)

        assert str(caught.value) == str(by_get.value)

    def test_a_query_without_words_explains_nothing(self, desk: KnowledgeBase) -> None:
        """`search` says so in its note; here there is no result to note it on."""
        index(desk, LIBRARY, "delta")

        with pytest.raises(ConfigError, match="holds no words"):
            desk.searcher(INTERNAL).explain("?!", "kb:vpn")


class TestOfStages:
    """Those that not every query has."""

    def test_identifiers_are_told_with_what_they_raise(self, desk: KnowledgeBase) -> None:
        """As they stand in the document."""
        others = [article(str(n), f"The VPN drops, part {n}", EXTERNAL) for n in range(9)]
        desk.upsert([*others, article("code", "Cellar stairs: 0x800F0922", EXTERNAL)])
        query = "VPN drops 0x800f0922"

        searcher = desk.searcher(EXTERNAL)
        told = searcher.explain(query, "kb:code", k=3)

        assert [one.text for one in told.exact_matches] == ["0x800F0922"]
        assert stage_of(told, Stage.EXACT).signal == 1.0
        assert told.rank is not None
        assert told.rank <= 3
        assert told.score == pytest.approx(sum(one.share for one in told.stages), abs=1e-6)

    def test_a_reranker_is_told_with_its_log_odds(self, desk: KnowledgeBase) -> None:
        """Half the score by default, so the other stages' weights add up to the other half."""
        index(desk, LIBRARY, "both")
        judge = Judge(lambda text: 2.0 if "name server" in text else -1.0)
        searcher = desk.searcher(INTERNAL, reranker=judge)

        told = searcher.explain(QUERY, "kb:dns")

        second = stage_of(told, Stage.RERANKER)
        assert (second.signal, second.best, second.weight, second.rank) == (2.0, 2.0, 0.5, 1)
        assert second.share == pytest.approx(0.5)
        assert sum(one.weight for one in told.stages) == pytest.approx(1.0)
        assert told.reranker == "judge@1"
        (hit,) = (hit for hit in searcher.search(QUERY) if hit.id == "kb:dns")
        assert told.score == hit.score

    def test_a_reranker_that_fails_is_told(self, desk: KnowledgeBase) -> None:
        """And weighs nothing."""
        index(desk, LIBRARY, "both")

        told = desk.searcher(INTERNAL, reranker=Broken(2)).explain(QUERY, "kb:dns")

        assert told.note == "Not reranked: judge@1 failed with RuntimeError."
        assert stage_of(told, Stage.RERANKER).weight == 0.0

    def test_rewordings_are_told(self, desk: KnowledgeBase) -> None:
        """What was searched for too counts under what was typed."""
        desk.upsert([article(str(n), "The scanner is asleep", EXTERNAL) for n in range(5)])

        told = desk.searcher(EXTERNAL).explain("scaner", "kb:1")

        assert [one.typed for one in told.rewordings] == ["scaner"]
        assert sum(told.terms.values()) > 0

    def test_staff_are_told_of_the_internal_face_of_a_published_ticket(
        self, desk: KnowledgeBase
    ) -> None:
        """It stands on both shelves; the hit is the internal one."""
        desk.upsert([ticket("1", QUERY, published=True)])

        assert desk.searcher(INTERNAL).explain(QUERY, "desk:1").shelf == "internal"
        assert desk.searcher(EXTERNAL).explain(QUERY, "desk:1").shelf == "external"
