"""Every query a person or a program may send, and every number of hits it may ask for."""

from __future__ import annotations

from typing import Any, cast

import pytest

from kbsearch import Audience, Filters, KnowledgeBase
from kbsearch.errors import ConfigError, DocumentNotFoundError
from kbsearch.models import Document
from tests.builders import article, ticket
from tests.library import EXTERNAL, INTERNAL, LIBRARY, WHERE, ids, index


class TestK:
    """How many hits are wanted."""

    @pytest.mark.parametrize("k", [0, -1, 10_001])
    def test_out_of_range_is_refused(self, desk: KnowledgeBase, k: int) -> None:
        """Zero hits is a slip of the caller, not an answer."""
        searcher = desk.searcher(EXTERNAL)

        with pytest.raises(
            ConfigError, match=f"k = {k} is out of range; ask for a whole number, 1 to 10000"
        ):
            searcher.search("vpn", k=k)
        with pytest.raises(ConfigError, match=f"k = {k} is out of range"):
            searcher.similar(ticket("9", "vpn"), k=k)

    @pytest.mark.parametrize("where", WHERE)
    def test_beyond_the_documents_gives_all_of_them(self, desk: KnowledgeBase, where: str) -> None:
        """No padding, no repetition."""
        documents: list[Document] = [
            article(str(n), f"vpn drops on floor {n}", EXTERNAL) for n in range(150)
        ]
        index(desk, documents, where)

        found = desk.searcher(EXTERNAL).search("vpn drops", k=10_000)

        assert sorted(ids(found)) == sorted(document.id for document in documents)


class TestFewerHitsThanAskedFor:
    """The caller is told that there are no more, and is not told so otherwise."""

    def test_a_note_says_how_many_fit(self, desk: KnowledgeBase) -> None:
        """So that nobody asks for a second page."""
        index(desk, LIBRARY, "both")
        searcher = desk.searcher(EXTERNAL)

        fewer = searcher.search("vpn drops after sleep", k=50)
        just_as_many = searcher.search("vpn drops after sleep", k=len(fewer))

        expected = f"No more than {len(fewer)} of the 50 hits asked for fit the query."
        assert 0 < len(fewer) < 50
        assert fewer.note == expected
        assert just_as_many.note is None

    def test_it_stands_before_the_note_on_a_long_query(self, desk: KnowledgeBase) -> None:
        """Both are true, and neither says the other."""
        index(desk, LIBRARY, "both")

        note = desk.searcher(EXTERNAL).search("vpn " * 300, k=50).note or ""

        assert note.startswith("No more than ")
        assert "fit the query. The query is long: the embedding model did not see" in note


class TestQueriesThatSayLittle:
    """Each has a sensible answer and none is an error."""

    @pytest.mark.parametrize("query", ["", "  \n\t", "?!…", "()*\"'", "\u200b\u202e", "\ud800"])
    def test_without_a_word_gives_a_note(self, desk: KnowledgeBase, query: str) -> None:
        """An empty search box was submitted."""
        index(desk, LIBRARY, "both")

        found = desk.searcher(EXTERNAL).search(query)

        assert (found.hits, found.note) == ((), "The query holds no words.")

    @pytest.mark.parametrize("where", WHERE)
    def test_of_stop_words_alone_is_answered_by_the_vectors(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """BM25 drops "after the"; the model still reads it."""
        index(desk, LIBRARY, where)

        found = desk.searcher(EXTERNAL).search("after the")

        assert len(found) > 0
        assert {hit.scores.bm25_score for hit in found} == {0.0}
        assert {hit.passage.matches for hit in found} == {()}

    @pytest.mark.parametrize(
        "query",
        [
            '"vpn" AND sleep',
            "+vpn -and sleep*",
            "(vpn) OR and NOT/ sleep?",
            "title:vpn and sleep~2 ^5",
            "vpn'; and DROP--sleep",
        ],
    )
    def test_operators_have_no_meaning(self, desk: KnowledgeBase, query: str) -> None:
        """People paste error messages; a minus must not hide what they look for."""
        index(desk, LIBRARY, "both")

        found = desk.searcher(EXTERNAL).search(query)

        assert found.query == query
        assert ids(found)[0] == "kb:vpn"
        assert found[0].scores.bm25_score > 0

    def test_punctuation_around_words_changes_no_score(self, desk: KnowledgeBase) -> None:
        """A quoted query is the same words."""
        index(desk, LIBRARY, "both")
        searcher = desk.searcher(EXTERNAL)

        plain = searcher.search("vpn drops sleep")
        marked = searcher.search('"vpn" +drops -(sleep)*')

        assert [(h.id, h.score) for h in marked] == [(h.id, h.score) for h in plain]

    def test_of_another_unicode_form_finds_the_same(self, desk: KnowledgeBase) -> None:
        """A Mac types é as two characters, and a mail program adds a zero-width space."""
        desk.upsert([article("1", "Café printer is jammed", EXTERNAL)])

        found = desk.searcher(EXTERNAL).search("cafe\u0301 prin\u200bter")

        assert found[0].scores.bm25_score > 0
        assert len(found[0].passage.matches) == 2


class TestLongQueries:
    """A whole log file, pasted."""

    @pytest.mark.parametrize("where", WHERE)
    def test_a_million_characters_are_searched_and_the_caller_is_told(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """BM25 reads to the end; the model reads its 256 tokens."""
        index(desk, LIBRARY, where)
        query = ("error 0x0 " * 100_000)[: 1_000_000 - len(" adapter")] + " adapter"

        found = desk.searcher(EXTERNAL).search(query)

        assert len(query) == 1_000_000
        assert [hit.id for hit in found if hit.scores.bm25_score > 0] == ["kb:vpn"]
        assert found.unseen_query_tokens == 200_000 - 256
        assert "did not see its last 199744 tokens; the lexical search did" in (found.note or "")

    def test_more_than_a_million_characters_are_refused(self, desk: KnowledgeBase) -> None:
        """One request must not hold a thread for minutes."""
        with pytest.raises(ConfigError, match="has 1000001 characters; at most 1000000"):
            desk.searcher(EXTERNAL).search("x" * 1_000_001)


class TestAnEmptyDesk:
    """Before the first import, and after the last deletion."""

    @pytest.mark.parametrize("audience", Audience)
    @pytest.mark.parametrize("is_rebuilt", [False, True])
    def test_says_that_nothing_is_indexed(
        self, desk: KnowledgeBase, audience: Audience, is_rebuilt: bool
    ) -> None:
        """An application starts before its data arrives."""
        if is_rebuilt:
            desk.rebuild()
        searcher = desk.searcher(audience)

        found = searcher.search("vpn")

        assert (found.hits, found.note) == ((), "Nothing is indexed for this audience yet.")
        assert searcher.similar(ticket("9", "vpn")).hits == ()
        assert searcher.count() == 0

    def test_after_everything_was_deleted_says_so_too(self, desk: KnowledgeBase) -> None:
        """The snapshot still holds rows; none of them is live."""
        index(desk, LIBRARY, "snapshot")
        searcher = desk.searcher(INTERNAL)

        desk.delete(document.id for document in LIBRARY)

        assert searcher.search("vpn").note == "Nothing is indexed for this audience yet."

    def test_is_not_confused_with_filters_that_nothing_fits(self, desk: KnowledgeBase) -> None:
        """The caller's remedy is another one."""
        index(desk, LIBRARY, "delta")

        found = desk.searcher(EXTERNAL).search("vpn", filters=Filters(product=("none",)))

        assert found.note == "No document fits the query and its filters."


@pytest.mark.parametrize("k", [0, -1, 10_001, 2.5, "2", True, None])
def test_a_k_that_is_no_whole_number_in_range_is_refused(desk: KnowledgeBase, k: Any) -> None:
    """A web form sends anything."""
    with pytest.raises(ConfigError, match="out of range; ask for a whole number, 1 to 10000"):
        desk.searcher(Audience.EXTERNAL).search("printer", k=k)


def test_a_query_that_is_no_text_is_refused(desk: KnowledgeBase) -> None:
    """Rather than a traceback from somewhere below."""
    with pytest.raises(ConfigError, match="is a NoneType, not text"):
        desk.searcher(Audience.EXTERNAL).search(cast(Any, None))


def test_an_id_with_characters_that_no_id_has_is_not_found(desk: KnowledgeBase) -> None:
    """A lone surrogate cannot be encoded; it must not end in an untyped error."""
    with pytest.raises(DocumentNotFoundError, match="no document"):
        desk.searcher(Audience.EXTERNAL).get("kb:\ud800")
