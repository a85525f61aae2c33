"""Searching a whole desk: on a snapshot, on the delta, and on both together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kbsearch import (
    Article,
    ArticleStatus,
    Audience,
    Filters,
    Kind,
    KnowledgeBase,
    RankingSettings,
    TextFormat,
)
from kbsearch.errors import DocumentNotFoundError
from kbsearch.models import Stage
from kbsearch.rank import highlight_html
from tests.builders import agent_says, article, customer_says, ticket
from tests.library import EXTERNAL, INTERNAL, LIBRARY, WHERE, ids, index

NOON = datetime(2024, 5, 17, 12, tzinfo=UTC)
RANKED_BY_NOTHING = RankingSettings(
    passage_weight=0,
    title_weight=0,
    bm25_weight=0,
    coverage_weight=0,
    title_words_weight=0,
    open_ticket_prior=1,
)
SETTING = {
    Stage.PASSAGES: "passage_weight",
    Stage.TITLES: "title_weight",
    Stage.BM25: "bm25_weight",
    Stage.COVERAGE: "coverage_weight",
    Stage.TITLE_WORDS: "title_words_weight",
}


def only(stage: Stage) -> RankingSettings:
    """One stage alone counts."""
    return RANKED_BY_NOTHING.model_copy(update={SETTING[stage]: 1.0})


@pytest.mark.parametrize("where", WHERE)
class TestWhereverADocumentStands:
    """A caller cannot tell a snapshot from the delta."""

    def test_the_best_document_comes_first(self, desk: KnowledgeBase, where: str) -> None:
        """The one whose words and sense are the query's."""
        index(desk, LIBRARY, where)

        found = desk.searcher(EXTERNAL).search("vpn drops after sleep", k=2)

        assert ids(found) == ["kb:vpn", "desk:2"]

    def test_agents_search_both_shelves_and_see_which(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """Each hit says whether a customer may be told of it."""
        index(desk, LIBRARY, where)

        found = desk.searcher(INTERNAL).search("vpn")

        shelves = {hit.id: hit.shelf for hit in found}
        assert shelves["kb:vpn"] == "external"
        assert shelves["kb:dns"] == "internal"
        assert shelves["desk:1"] == "internal"

    def test_each_document_is_found_once(self, desk: KnowledgeBase, where: str) -> None:
        """Many passages of it fit, and a published ticket stands on two shelves."""
        manual = article("long", "vpn cable adapter " * 900, EXTERNAL)
        index(desk, [*LIBRARY, manual], where)

        for audience in Audience:
            found = ids(desk.searcher(audience).search("vpn adapter after sleep", k=50))
            assert len(found) == len(set(found))
            assert {"kb:long", "desk:2"} <= set(found)

    def test_a_deleted_document_is_not_returned(self, desk: KnowledgeBase, where: str) -> None:
        """Its rows stand in the snapshot until the next rebuild."""
        index(desk, LIBRARY, where)
        searcher = desk.searcher(EXTERNAL)
        before = ids(searcher.search("vpn"))

        desk.delete(["kb:vpn"])

        assert "kb:vpn" in before
        assert "kb:vpn" not in ids(searcher.search("vpn"))
        with pytest.raises(DocumentNotFoundError, match="'kb:vpn' for this audience"):
            searcher.get("kb:vpn")

    def test_a_changed_document_is_returned_as_it_is_now(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """Neither its old words nor its old text come back."""
        index(desk, LIBRARY, where)
        searcher = desk.searcher(EXTERNAL)
        searcher.search("vpn")

        desk.upsert([article("vpn", "Zeppelin hangar opening hours", EXTERNAL)])
        by_new = searcher.search("zeppelin", k=1)
        by_old = searcher.search("vpn adapter")

        assert by_new[0].title == "Zeppelin hangar opening hours"
        assert by_new[0].scores.bm25_score > 0
        assert all(hit.scores.bm25_score == 0 for hit in by_old if hit.id == "kb:vpn")

    def test_shares_add_up_to_the_score(self, desk: KnowledgeBase, where: str) -> None:
        """The reasons explain the order; stages come in the order of the ranking."""
        index(desk, LIBRARY, where)

        hits = desk.searcher(INTERNAL).search("vpn drops after sleep").hits

        for hit in hits:
            assert list(hit.scores.shares) == list(Stage)
            assert hit.score == pytest.approx(sum(hit.scores.shares.values()), abs=1e-6)
        assert [hit.score for hit in hits] == sorted((h.score for h in hits), reverse=True)

    def test_shares_are_made_of_what_the_retrievers_said(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """On so small a desk cosines are plain; weights sum to 0.6 + 0.15 + 0.2 + 0.3 + 0.3."""
        index(desk, LIBRARY, where)

        hits = desk.searcher(INTERNAL).search("vpn drops after sleep").hits

        best_cosine = max(hit.scores.cosine for hit in hits)
        best_bm25 = max(hit.scores.bm25_score for hit in hits)
        for hit in hits:
            parts, shares = hit.scores, hit.scores.shares
            expected = 0.6 / 1.55 * max(parts.cosine, 0) / best_cosine
            assert shares[Stage.PASSAGES] == pytest.approx(expected, abs=1e-6)
            expected = 0.2 / 1.55 * parts.bm25_score / best_bm25
            assert shares[Stage.BM25] == pytest.approx(expected, abs=1e-6)
            assert shares[Stage.COVERAGE] == pytest.approx(0.3 / 1.55 * parts.coverage, abs=1e-6)
            assert 0 <= parts.coverage <= 1

    def test_a_document_is_found_by_its_title_alone(self, desk: KnowledgeBase, where: str) -> None:
        """By title words and by the title's vector, each where nothing else counts."""
        named = article("1", "Turn it off and on.", EXTERNAL, title="Zeppelin")
        other = article("2", "Turn it on and off.", EXTERNAL, title="Kettle")
        index(desk, [*LIBRARY, named, other], where)

        for stage in (Stage.TITLES, Stage.TITLE_WORDS):
            found = desk.searcher(EXTERNAL, ranking=only(stage)).search("zeppelin", k=1)

            assert ids(found) == ["kb:1"]
            assert found[0].passage.text == "Turn it off and on."

    def test_ties_are_ordered_by_id_whatever_k_is(self, desk: KnowledgeBase, where: str) -> None:
        """The first page of ten is the start of the page of fifty."""
        index(desk, [article(n, "vpn drops after sleep", EXTERNAL) for n in "hcafgbed"], where)
        searcher = desk.searcher(EXTERNAL)

        found = {k: ids(searcher.search("vpn sleep", k=k)) for k in (1, 3, 8, 200)}

        assert found[8] == [f"kb:{n}" for n in "abcdefgh"]
        assert (found[1], found[3], found[200]) == (found[8][:1], found[8][:3], found[8])

    def test_the_best_passage_and_its_matches_point_at_the_words(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """Offsets count characters, umlauts and emoji included."""
        filler = " ".join(["Über die Kantine 🍲 gibt es viel zu sagen."] * 60)
        body = f"{filler}\n\nThe VPN dropped; naïve dropping: the VPN's.\n\n{filler}"
        index(desk, [article("1", body, EXTERNAL, title="Notes")], where)

        (hit,) = desk.searcher(EXTERNAL).search("vpn drops")

        passage = hit.passage
        shown = [passage.text[span.start : span.end] for span in passage.matches]
        assert shown == ["VPN", "dropped", "dropping", "VPN's"]
        assert body[passage.start : passage.end] == passage.text
        assert "<mark>VPN</mark> <mark>dropped</mark>; naïve" in highlight_html(passage)
        assert "words vpn, dropped, dropping, vpn's" in hit.reason


class TestBeforeAndAfterARebuild:
    """Folding changes where numbers are kept, not what is found."""

    QUERIES = ("vpn", "vpn drops after sleep", "phone code", "lid", "fax cellar", "wake up")

    @pytest.mark.parametrize("audience", Audience)
    @pytest.mark.parametrize("where", ["delta", "both"])
    def test_the_same_hits_are_found(
        self, desk: KnowledgeBase, audience: Audience, where: str
    ) -> None:
        """Same documents, passages and matches; from a lone delta the same scores too."""
        index(desk, LIBRARY, where)
        searcher = desk.searcher(audience)

        before = {query: searcher.search(query) for query in self.QUERIES}
        desk.rebuild()
        after = {query: searcher.search(query) for query in self.QUERIES}

        for query in self.QUERIES:
            assert set(ids(before[query])) == set(ids(after[query]))
            was = {hit.id: hit for hit in before[query]}
            for hit in after[query]:
                assert hit.passage == was[hit.id].passage
                assert hit.scores.cosine == pytest.approx(was[hit.id].scores.cosine, abs=1e-6)
                if where == "delta":
                    assert hit.score == pytest.approx(was[hit.id].score, abs=1e-5)

    def test_a_document_that_was_deleted_stays_deleted(self, desk: KnowledgeBase) -> None:
        """In the delta, in the fold, and after it."""
        index(desk, LIBRARY, "snapshot")
        searcher = desk.searcher(EXTERNAL)

        desk.delete(["kb:vpn"])
        desk.rebuild()

        assert "kb:vpn" not in ids(searcher.search("vpn"))

    def test_an_id_that_comes_back_is_found_with_its_new_text(self, desk: KnowledgeBase) -> None:
        """Numbers of rows are never used again, so no old row can stand for it."""
        index(desk, LIBRARY, "snapshot")
        searcher = desk.searcher(EXTERNAL)

        desk.delete(["kb:vpn"])
        desk.upsert([article("vpn", "Zeppelin hangar opening hours", EXTERNAL)])
        desk.rebuild()

        assert ids(searcher.search("zeppelin", k=1)) == ["kb:vpn"]


@pytest.mark.parametrize("where", WHERE)
class TestLifeCycle:
    """Documents that are not, or no longer, meant to be read."""

    def test_an_expired_article_is_hidden_from_customers_and_marked_for_agents(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """From the very moment of its `valid_until`, by the clock of the searcher."""
        tariff = article("1", "Roaming tariff for the summer", EXTERNAL, valid_until=NOON)
        index(desk, [tariff], where)

        def search(audience: Audience, now: datetime) -> list[tuple[str, bool]]:
            found = desk.searcher(audience, clock=lambda: now).search("tariff")
            return [(hit.id, hit.is_expired) for hit in found]

        a_moment_before = NOON - timedelta(microseconds=1)
        assert search(EXTERNAL, a_moment_before) == [("kb:1", False)]
        assert search(EXTERNAL, NOON) == []
        assert search(INTERNAL, a_moment_before) == [("kb:1", False)]
        assert search(INTERNAL, NOON) == [("kb:1", True)]

    def test_an_article_that_is_not_valid_yet_is_hidden_from_customers_and_marked_for_agents(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """Until the very moment of its `valid_from`, by id too."""
        tariff = article("1", "Roaming tariff for the summer", EXTERNAL, valid_from=NOON)
        index(desk, [tariff], where)

        def search(audience: Audience, now: datetime) -> list[tuple[str, bool]]:
            found = desk.searcher(audience, clock=lambda: now).search("tariff")
            return [(hit.id, hit.is_pending) for hit in found]

        a_moment_before = NOON - timedelta(microseconds=1)
        assert search(EXTERNAL, a_moment_before) == []
        assert search(EXTERNAL, NOON) == [("kb:1", False)]
        assert search(INTERNAL, a_moment_before) == [("kb:1", True)]
        assert search(INTERNAL, NOON) == [("kb:1", False)]
        with pytest.raises(DocumentNotFoundError, match="no document 'kb:1' for this audience"):
            desk.searcher(EXTERNAL, clock=lambda: a_moment_before).get("kb:1")

    @pytest.mark.parametrize("status", [ArticleStatus.DRAFT, ArticleStatus.ARCHIVED])
    def test_drafts_and_archived_articles_are_hidden_unless_asked_for(
        self, desk: KnowledgeBase, where: str, status: ArticleStatus
    ) -> None:
        """An agent must not quote what nobody approved, but may look for it."""
        page = article("1", "Roaming tariff for the summer", EXTERNAL, status=status)
        index(desk, [page], where)
        agents = desk.searcher(INTERNAL)

        asked_for = agents.search("tariff", filters=Filters(status=(status.value,)))

        assert agents.search("tariff").hits == ()
        assert [(hit.id, hit.status, hit.shelf) for hit in asked_for] == [
            ("kb:1", status.value, "internal")
        ]

    def test_customers_do_not_get_drafts_even_if_they_ask(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """A filter cannot widen what a searcher has open."""
        page = article("1", "Roaming tariff", EXTERNAL, status=ArticleStatus.DRAFT)
        index(desk, [page], where)

        found = desk.searcher(EXTERNAL).search("tariff", filters=Filters(status=("draft",)))

        assert found.hits == ()


class TestAHit:
    """What a person is shown."""

    def test_of_a_ticket_holds_what_fixed_it_for_each_audience(self, desk: KnowledgeBase) -> None:
        """Agents get the note too; customers only the public reply."""
        fixed = ticket(
            "1",
            "",
            subject="VPN drops",
            messages=(
                customer_says("My VPN drops", id="m1"),
                agent_says("**Restart** the adapter", public=True, id="m2", format="markdown"),
                agent_says("The gateway's certificate was old", public=False, id="m3"),
            ),
            status="closed",
            published=True,
        )
        desk.upsert([fixed])

        (for_agents,) = desk.searcher(INTERNAL).search("vpn drops")
        (for_customers,) = desk.searcher(EXTERNAL).search("vpn drops")

        public = for_agents.resolution
        private = for_agents.private_resolution
        assert public is not None
        assert (public.text, public.message_id) == ("Restart the adapter", "m2")
        assert private is not None
        assert (private.text, private.message_id) == ("The gateway's certificate was old", "m3")
        assert for_customers.resolution == public
        assert for_customers.private_resolution is None

    def test_carries_the_fields_of_its_document(self, desk: KnowledgeBase) -> None:
        """So that a page can be drawn without another look-up."""
        page = Article(
            id="kb:1",
            title="<b>Tariff</b>",
            body="<p>Roaming <b>tariff</b></p>",
            format=TextFormat.HTML,
            audience=EXTERNAL,
            product="mobile",
            tags=("price", "abroad"),
            language="pt-BR",
            created_at=NOON,
            updated_at=NOON + timedelta(days=1),
        )
        desk.upsert([page])

        (hit,) = desk.searcher(EXTERNAL).search("tariff")

        assert (hit.id, hit.kind, hit.status) == ("kb:1", Kind.ARTICLE, "published")
        assert (hit.product, hit.tags, hit.language) == ("mobile", ("price", "abroad"), "pt-BR")
        assert (hit.created_at, hit.updated_at) == (NOON, NOON + timedelta(days=1))
        assert hit.passage.text == "Roaming tariff"


@pytest.mark.parametrize("stage", SETTING)
def test_the_weights_can_be_set_for_one_searcher(desk: KnowledgeBase, stage: Stage) -> None:
    """An experiment on the live desk needs no rebuild."""
    index(desk, LIBRARY, "snapshot")

    hits = desk.searcher(EXTERNAL, ranking=only(stage)).search("vpn sleep").hits

    assert hits
    for hit in hits:
        assert {s for s, share in hit.scores.shares.items() if share} == {stage}
        assert hit.score == hit.scores.shares[stage]


@pytest.mark.parametrize("passage_weight", [n / 100 for n in range(0, 101, 4)])
def test_no_score_is_above_one(desk: KnowledgeBase, passage_weight: float) -> None:
    """The shares are float32, and 0.4 + 0.6 is 1.00000003 there."""
    index(desk, LIBRARY, "delta")
    ranking = RANKED_BY_NOTHING.model_copy(
        update={"passage_weight": passage_weight, "bm25_weight": 1 - passage_weight}
    )
    searcher = desk.searcher(EXTERNAL, ranking=ranking)

    best = searcher.search("The VPN drops after sleep: set the adapter to stay awake.", k=1)[0]

    assert best.score <= 1
    assert best.score == pytest.approx(1)


def test_a_long_question_is_looked_up_by_its_telling_words(desk: KnowledgeBase) -> None:
    """Of 26 words 20 are: "common" stands on every page, so it goes first; rare ones stay."""
    rare = [f"{letter}quix" for letter in "abcdefghijklmnopqrstuvwxy"]
    filler = [article(f"c{n}", "common text", EXTERNAL) for n in range(30)]
    pages = [article(f"r{n}", f"common {word}", EXTERNAL) for n, word in enumerate(rare)]
    index(desk, [*filler, *pages], "snapshot")
    searcher = desk.searcher(EXTERNAL)

    short = {one.id: one.scores for one in searcher.rank(f"common {' '.join(rare[:10])}")}
    long = {one.id: one.scores for one in searcher.rank(f"common {' '.join(rare)}")}

    assert short["kb:c0"].bm25_score > 0
    assert "kb:c0" not in long or long["kb:c0"].bm25_score == 0
    assert sum(long[f"kb:r{n}"].bm25_score > 0 for n in range(25)) == 20
