"""The best hits read again: blended into the score, in time, at the price of no answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from kbsearch import KnowledgeBase, SearchResult, Settings, Ticket
from kbsearch.arrays import Float32
from kbsearch.config import RerankerSettings
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import RerankerError
from kbsearch.models import Stage
from kbsearch.rank.reranking import relevance
from kbsearch.search.hits import Found
from kbsearch.search.reranking import Reranking
from tests.builders import article, resolved_ticket, ticket
from tests.library import EXTERNAL, INTERNAL, LIBRARY, ids, index
from tests.tiny_models import save_cross_encoder

QUERY = "vpn drops after sleep"


class Judge:
    """Gives the scores that a test wants; each text costs some seconds of its own clock."""

    name = "judge@1"

    def __init__(self, say: Callable[[str], float] = len, *, seconds: float = 0.0) -> None:
        self._say, self._seconds = say, seconds
        self.now = 0.0
        self.calls: list[list[str]] = []

    @property
    def texts(self) -> list[str]:
        """All that it was given."""
        return [text for call in self.calls for text in call]

    def scores(self, query: str, texts: Sequence[str]) -> Float32:
        self.calls.append(list(texts))
        self.now += self._seconds * len(texts) if texts else 60.0  # it loads
        return np.array([self._say(text) for text in texts], dtype=np.float32)


class Broken(Judge):
    """Fails at a call; the first one loads it."""

    def __init__(self, fails_at: int) -> None:
        super().__init__()
        self._fails_at = fails_at

    def scores(self, query: str, texts: Sequence[str]) -> Float32:
        found = super().scores(query, texts)
        if len(self.calls) == self._fails_at:
            raise RuntimeError(f"out of memory at {texts}")
        return found


def found_with(*scores: float) -> list[Found]:
    """Documents a, b, c … with these scores, all made by the first stage."""
    return [
        Found("external", f"kb:{name}", row, row, False, 0.5, 1.0, 0.5, (s, 0, 0, 0, 0, 0))
        for row, (name, s) in enumerate(zip("abcdefghijklmnop", scores, strict=False))
    ]


def with_texts(found: Sequence[Found]) -> list[tuple[Found, str]]:
    return [(one, one.document_id) for one in found]


def reranking(judge: Judge, **settings: float) -> Reranking:
    chosen = RerankerSettings.model_validate(settings)
    return Reranking(judge, chosen, clock=lambda: judge.now)


def titled(result: SearchResult) -> list[tuple[str, float]]:
    return [(hit.id, hit.score) for hit in result]


class TestRelevance:
    """Log-odds on the scale of the other signals."""

    def test_is_the_probability_over_the_best_one(self) -> None:
        """By hand: the logistic function of 0 is 1/2, of ln 3 it is 3/4."""
        assert relevance(np.array([0.0, np.log(3)], dtype=np.float32)).tolist() == pytest.approx(
            [2 / 3, 1.0]
        )

    @pytest.mark.parametrize("scale", [1.0, 1e4])
    def test_of_any_finite_numbers_is_finite_and_in_order(self, scale: float) -> None:
        """A model sure that nothing answers still says what is nearest."""
        shares = relevance(np.array([-3, -2, -9], dtype=np.float32) * np.float32(scale))

        assert shares[1] == 1.0
        assert 1.0 > shares[0] >= shares[2] >= 0.0

    def test_of_nothing_is_nothing(self) -> None:
        """An empty ranking has nothing to read again."""
        assert relevance(np.zeros(0, dtype=np.float32)).shape == (0,)


class TestBlend:
    """What becomes of a score."""

    def test_is_the_weighted_sum_of_both(self) -> None:
        """a: 0.75 * 0.8 + 0.25 * 2/3; b: 0.75 * 0.6 + 0.25 * 1."""
        found = found_with(0.8, 0.6)
        judge = Judge({"kb:a": 0.0, "kb:b": float(np.log(3))}.__getitem__)

        result = reranking(judge, weight=0.25).reranked(QUERY, found, with_texts(found))

        assert [one.document_id for one in result.found] == ["kb:a", "kb:b"]
        assert [one.score for one in result.found] == pytest.approx([0.6 + 1 / 6, 0.7])
        assert result.found[0].parts.shares[Stage.RERANKER] == pytest.approx(1 / 6)
        assert result.found[0].parts.shares[Stage.PASSAGES] == pytest.approx(0.75 * 0.8)
        assert result.log_odds["external", "kb:a"] == 0.0
        assert result.note is None

    def test_a_clear_word_overturns_the_order(self) -> None:
        """The control of the above."""
        found = found_with(0.8, 0.6)
        judge = Judge({"kb:a": -9.0, "kb:b": 3.0}.__getitem__)

        result = reranking(judge, weight=0.5).reranked(QUERY, found, with_texts(found))

        assert [one.document_id for one in result.found] == ["kb:b", "kb:a"]

    def test_what_is_not_read_keeps_its_order_behind_the_rest(self) -> None:
        """However little the reranker thinks of what it read."""
        found = found_with(0.5, 0.4, 0.39, 0.38)
        judge = Judge({"kb:a": -99.0, "kb:b": 1.0}.__getitem__)

        result = reranking(judge, weight=0.9).reranked(QUERY, found, with_texts(found[:2]))

        assert [one.document_id for one in result.found] == ["kb:b", "kb:a", "kb:c", "kb:d"]

    def test_nothing_found_is_nothing_read(self) -> None:
        """No text, no batch."""
        result = reranking(Judge()).reranked(QUERY, [], [])

        assert (result.found, result.log_odds, result.note) == ([], {}, None)


class TestBudget:
    """Ten texts, in batches of four, of a hundred milliseconds each."""

    @pytest.mark.parametrize(
        ("budget_ms", "n_read"), [(400, 4), (799, 4), (800, 8), (1199, 8), (1200, 10)]
    )
    def test_reads_from_the_first_one_on_while_there_is_time(
        self, budget_ms: int, n_read: int
    ) -> None:
        """A batch begins only if one like the last still fits; loading the model is free."""
        found = found_with(*np.linspace(0.9, 0.1, 10).tolist())
        judge = Judge(lambda _: 0.0, seconds=0.1)

        result = reranking(judge, budget_ms=budget_ms).reranked(QUERY, found, with_texts(found))

        assert judge.texts == [one.document_id for one in found[:n_read]]
        assert [one.document_id for one in result.found] == [one.document_id for one in found]
        assert len(result.log_odds) == n_read
        assert result.note is None

    def test_one_too_slow_for_the_first_texts_changes_nothing(self) -> None:
        """The hits are as good as without it, and the reader is told."""
        found = found_with(0.9, 0.5, 0.4, 0.3, 0.2)

        result = reranking(Judge(seconds=0.1), budget_ms=399).reranked(
            QUERY, found, with_texts(found)
        )

        assert result.found == found
        assert result.note == "Not reranked: judge@1 needs more than 399 ms."

    @pytest.mark.parametrize("fails_at", [1, 2, 3])
    def test_one_that_fails_changes_nothing(self, fails_at: int) -> None:
        """While it loads, at once, or half way: nothing of what it said is trusted."""
        found = found_with(*np.linspace(0.9, 0.1, 10).tolist())

        result = reranking(Broken(fails_at)).reranked(QUERY, found, with_texts(found))

        assert result.found == found
        assert result.note == "Not reranked: judge@1 failed with RuntimeError."


class TestSearches:
    """On a desk."""

    def test_shares_add_up_to_the_score(self, desk: KnowledgeBase) -> None:
        """With a reranker as without."""
        index(desk, LIBRARY, "both")

        hits = desk.searcher(INTERNAL, reranker=Judge(lambda text: -len(text) / 9)).search(QUERY)

        assert len(hits) > 2
        for hit in hits:
            assert list(hit.scores.shares) == list(Stage)
            assert hit.score == pytest.approx(sum(hit.scores.shares.values()), abs=1e-6)
            assert 0 <= hit.score <= 1
        assert [hit.score for hit in hits] == sorted((h.score for h in hits), reverse=True)
        assert max(hit.scores.shares[Stage.RERANKER] for hit in hits) == pytest.approx(0.5)

    def test_it_reads_title_and_best_passage_of_the_best_hits(self, desk: KnowledgeBase) -> None:
        """And no more of them than the settings say; the nearest passage, not the first."""
        far = "Bring the red key to the porter.\n\n" * 40
        desk.upsert([article("1", f"{far}The VPN drops after sleep.", EXTERNAL, title="Cellar")])

        judge = Judge()
        desk.searcher(INTERNAL, reranker=judge).search(QUERY)

        (text,) = judge.texts
        assert text.startswith("Cellar\n")
        assert "The VPN drops after sleep." in text

    def test_searches_ranks_and_similar_agree_on_the_order(self, desk: KnowledgeBase) -> None:
        """What is measured is what is shown."""
        index(desk, LIBRARY, "both")
        judge = Judge(lambda text: 9.0 if "name server" in text else -9.0)
        searcher = desk.searcher(INTERNAL, reranker=judge)

        hits = searcher.search(QUERY)

        assert hits[0].id == "kb:dns"
        assert [(one.id, one.score) for one in searcher.rank(QUERY, k=10)] == titled(hits)

    def test_resolved_tickets_stay_first_and_are_the_ones_that_are_read(
        self, desk: KnowledgeBase
    ) -> None:
        """Reading what is not shown would waste the budget."""
        desk.upsert(
            [
                resolved_ticket("1", "The VPN drops after sleep", "Keep the adapter awake"),
                resolved_ticket("2", "The VPN drops after lunch", "Renew the lease"),
                ticket("3", "The VPN drops after sleep again"),
            ]
        )
        judge = Judge(lambda text: 5.0 if "lunch" in text else -5.0)
        searcher = desk.searcher(INTERNAL, reranker=judge)

        assert ids(searcher.similar(ticket("0", QUERY))) == ["desk:2", "desk:1"]
        assert not any("again" in text for text in judge.texts)
        shown = ids(searcher.similar(ticket("0", QUERY), resolved_only=False))
        assert shown == ["desk:2", "desk:1", "desk:3"]

    def test_an_identifier_of_the_query_stays_within_the_first_k(self, desk: KnowledgeBase) -> None:
        """Exact matches come after it, whatever it thinks of them."""
        others = [article(str(n), f"The VPN drops, part {n}", EXTERNAL) for n in range(9)]
        named = article("code", "Cellar stairs, see 0x800F0922", EXTERNAL)
        desk.upsert([*others, named])
        judge = Judge(lambda text: -50.0 if "0x800F0922" in text else 5.0)

        hits = desk.searcher(INTERNAL, reranker=judge).search("VPN drops 0x800F0922", k=3)

        assert "kb:code" in ids(hits)

    def test_a_failing_one_costs_no_answer(self, desk: KnowledgeBase) -> None:
        """The hits are those of a searcher without it, to the last bit."""
        index(desk, LIBRARY, "both")
        expected = desk.searcher(INTERNAL).search(QUERY)

        result = desk.searcher(INTERNAL, reranker=Broken(2)).search(QUERY)

        assert result.hits == expected.hits
        assert (result.note or "").endswith("Not reranked: judge@1 failed with RuntimeError.")

    def test_customers_reranker_is_given_what_customers_may_read(self, desk: KnowledgeBase) -> None:
        """Not even in a batch with it: a model's scores depend on what it is given together."""
        secret, public = "lantern on the sill", "harbour at night"
        desk.upsert(
            [
                article("in", f"{QUERY} {secret}", INTERNAL),
                article("out", f"{QUERY} {public}", EXTERNAL),
                resolved_ticket("t", f"{QUERY} {secret}", "Off"),
            ]
        )
        theirs, ours = Judge(), Judge()

        desk.searcher(INTERNAL, reranker=ours).search(QUERY)
        desk.searcher(EXTERNAL, reranker=theirs).search(QUERY)
        desk.searcher(EXTERNAL, reranker=theirs).similar(ticket("0", QUERY))

        assert any(secret in text for text in ours.texts)  # control
        assert any(public in text for text in theirs.texts)
        assert not any(secret in text for text in theirs.texts)


class TestSettings:
    """kbsearch.toml names a model."""

    def test_one_that_alone_decides_leaves_the_fixes_as_they_were(self, tmp_path: Path) -> None:
        """What is alike is told before it: at a weight of 1 nothing is left to compare by."""
        other = "The badge reader stays red after the VPN was switched off"
        settings = Settings(reranker=RerankerSettings(weight=1, budget_ms=600_000))
        draft = Ticket.draft("The VPN drops after sleep")
        with KnowledgeBase.create(
            tmp_path / "support.kb", settings=settings, embedder=HashingEmbedder()
        ) as kb:
            kb.upsert(
                [
                    resolved_ticket("1", "The VPN drops after sleep", "Keep awake"),
                    resolved_ticket("2", "The VPN drops after sleep", "Keep awake"),
                    resolved_ticket("3", other, "Call the porter"),
                ]
            )

            without = kb.searcher(INTERNAL).similar(draft)
            judge = Judge(lambda text: 9.0 if "badge" in text else 0.0)
            alone = kb.searcher(INTERNAL, reranker=judge).similar(draft)

        assert ids(alone)[0] == "desk:3"
        assert [hit.score for hit in alone] == [h.scores.shares[Stage.RERANKER] for h in alone]
        assert [fix.ticket_ids for fix in without.fixes] == [("desk:1", "desk:2")]
        assert [fix.ticket_ids for fix in alone.fixes] == [("desk:1", "desk:2")]

    def test_a_model_that_is_not_here_is_told_when_a_searcher_is_opened(
        self, tmp_path: Path
    ) -> None:
        """Not at the first query; and whoever only writes needs none."""
        settings = Settings(reranker=RerankerSettings(model="no-such-judge"))
        with KnowledgeBase.create(
            tmp_path / "support.kb", settings=settings, embedder=HashingEmbedder()
        ) as kb:
            kb.upsert(LIBRARY)

            with pytest.raises(RerankerError, match="'no-such-judge' cannot be used"):
                kb.searcher(EXTERNAL)

    def test_a_model_of_the_settings_is_blended_in(self, tmp_path: Path) -> None:
        """With the weight of the settings: the best one's share is all of it."""
        model = save_cross_encoder(tmp_path / "judge")
        settings = Settings(reranker=RerankerSettings(model=str(model), weight=0.3))
        with KnowledgeBase.create(
            tmp_path / "support.kb", settings=settings, embedder=HashingEmbedder()
        ) as kb:
            kb.upsert(LIBRARY)

            result = kb.searcher(INTERNAL).search(QUERY)

        assert max(hit.scores.shares[Stage.RERANKER] for hit in result) == pytest.approx(0.3)
        assert "rerank" not in (result.note or "")
