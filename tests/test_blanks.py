"""Blanks that a query has too many or too few, by the words that documents hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbsearch import Article, KnowledgeBase, Settings
from kbsearch.config import EmbedderSettings, WordSettings
from kbsearch.lexical import Alternative, AnyOf
from kbsearch.lexical.synonyms import Rule, Synonyms
from kbsearch.search.blanks import joined_words, parted_word
from kbsearch.search.spelling import find_mistakes
from kbsearch.search.wording import CORRECTION_WEIGHT, Worded, word_query
from kbsearch.text import Analyzer
from tests.test_spelling import known

ANALYZER = Analyzer()
DOCUMENTS = [
    "The dropbox login fails",
    "A print queue of jobs; the workaround is to drop one",
    "Put a box of paper into it",
]


def knows(*words: str) -> Callable[[str], bool]:
    return lambda word: word in words


def mistakes(query: str, *names: str) -> dict[str, tuple[str, ...]]:
    """What is taken for a mistake, and what it may stand for."""
    is_name = knows(*names)
    found = find_mistakes(query, ANALYZER, known(DOCUMENTS), is_name=is_name)
    return {query[one.start : one.end]: one.candidates for one in found}


class TestJoined:
    """Two words that are one elsewhere."""

    def test_are_a_word_that_some_document_holds(self) -> None:
        """However they are written; each belongs to the first pair that is known."""
        found = list(joined_words("My Drop box log", knows("dropbox", "boxlog")))

        assert [(one.start, one.end, one.word) for one in found] == [(3, 11, "dropbox")]

    @pytest.mark.parametrize(
        "query", ["drop, box", "drop  box", "drop\nbox", "drop-box", "drop box2", "drop_box"]
    )
    def test_stand_side_by_side_with_one_blank(self, query: str) -> None:
        """Anything else between them is no slip."""
        assert not list(joined_words(query, knows("dropbox")))

    def test_have_five_letters_or_more(self) -> None:
        """Two short words make too many others by chance."""
        assert not list(joined_words("to go", knows("togo")))
        assert list(joined_words("log in", knows("login")))


class TestParted:
    """A word that is several elsewhere."""

    @pytest.mark.parametrize(
        ("word", "words", "expected"),
        [
            ("printqueue", ("print", "queue"), "print queue"),
            ("druckerwarteschlange", ("drucker", "warteschlange"), "drucker warteschlange"),
            ("mailclientlogs", ("mail", "client", "logs"), "mail client logs"),
            ("mailclientlogs", ("mail", "client", "logs", "clientlogs"), "mail clientlogs"),
            ("backupserver", ("back", "upserver", "backup", "server"), "backup server"),
            ("printqueue", ("print",), None),
            ("sincerely", ("sin", "cerely"), None),  # a part has four letters
            ("fourfivezeronine", ("four", "five", "zero", "nine"), None),  # three parts at most
            ("", (), None),
        ],
    )
    def test_is_as_few_parts_as_can_be(
        self, word: str, words: tuple[str, ...], expected: str | None
    ) -> None:
        """Of two ways the one whose shortest part is longest."""
        assert parted_word(word, knows(*words)) == expected

    @given(st.lists(st.text("abc", min_size=4, max_size=6), min_size=2, max_size=3))
    def test_any_words_that_were_written_together_are_found(self, words: list[str]) -> None:
        """Perhaps as others that are known too, never as what is not."""
        whole = "".join(words)
        found = parted_word(whole, knows(*words))

        assert found is not None
        assert found.replace(" ", "") == whole
        assert set(found.split()) <= set(words)

    def test_no_word_takes_long(self) -> None:
        """Each part is asked for once, though a word of one letter has thousands of ways."""
        asked: list[str] = []

        def note(word: str) -> bool:
            asked.append(word)
            return True

        assert parted_word("a" * 32, note) == f"{'a' * 16} {'a' * 16}"
        assert len(asked) == len(set(asked)) <= 32


class TestMistakes:
    """Beside those of letters."""

    def test_words_without_their_blank_are_parted(self) -> None:
        """In any inflection, but not where a word is near, and not where a part is unknown."""
        assert mistakes("the printqueues") == {"printqueues": ("print queues",)}
        assert mistakes("loginn dropbxo") == {"loginn": ("login",), "dropbxo": ("dropbox",)}
        assert mistakes("printtunnel") == {}

    def test_words_that_are_one_are_joined(self) -> None:
        """Whether each is a word or not."""
        assert mistakes("drop box log in") == {"drop box": ("dropbox",), "log in": ("login",)}
        assert mistakes("drop bax") == {}

    @pytest.mark.parametrize(
        "query", ['"drop box"', "DROP box", "priNter drop\tbox", "go in to it"]
    )
    def test_nothing_else_is_touched(self, query: str) -> None:
        """Quotations, acronyms, what makes a stop word, identifiers."""
        assert mistakes(query) == {}

    def test_words_that_stand_in_as_many_documents_are_left_alone(self) -> None:
        """By hand: one document writes them as one, one holds both; a second one decides."""
        documents = ["the dropbox", "drop a box"]

        def found(texts: list[str]) -> list[str]:
            among = find_mistakes("drop box", ANALYZER, known(texts), is_name=knows())
            return [one.candidates[0] for one in among]

        assert found(documents) == []
        assert found([*documents, "no dropbox"]) == ["dropbox"]

    def test_names_are_no_mistakes(self) -> None:
        """What stands in the synonyms has others already."""
        assert mistakes("drop box", "box") == {}

    def test_words_of_hidden_documents_are_not_offered(self) -> None:
        """Neither the word that two are, nor those that one is."""
        words = known(["the dropbox", "a print", "some queue"], [1])

        found = find_mistakes("drop box printqueue", ANALYZER, words, is_name=knows())

        assert not list(found)

    def test_few_of_many_unknown_words_are_parted(self) -> None:
        """A page of another language costs no more than a line of it."""
        assert "printqueue" in mistakes("qxqxqxqx wywywywy zvzvzvzv printqueue")
        assert mistakes("qxqxqxqx wywywywy zvzvzvzv kjkjkjkj printqueue") == {}


def worded(query: str, *rules: Rule) -> Worded:
    synonyms = Synonyms(rules, ANALYZER)
    readers = {"external": ANALYZER.terms}
    return word_query(query, ANALYZER, readers, synonyms=synonyms, words=known(DOCUMENTS))


class TestWording:
    """What is asked of the indexes and of the model."""

    def test_two_words_that_are_one_count_as_two(self) -> None:
        """By hand: the joined word weighs twice, and the model reads what was typed."""
        found = worded("my drop box")

        joined = Alternative(("dropbox",), 2 * CORRECTION_WEIGHT)
        assert found.terms["external"] == [AnyOf(("drop", "box"), (joined,))]
        assert found.embedded == "my drop box"
        assert [(one.typed, one.used) for one in found.rewordings] == [("drop box", ("dropbox",))]

    def test_the_model_reads_the_joined_word_where_a_part_is_none(self) -> None:
        """Nobody knows what "workar" is."""
        assert worded("a workar ound").embedded == "a workaround"

    def test_a_word_that_is_two_counts_as_both(self) -> None:
        """A document that holds one of them is found by it."""
        found = worded("printqueue")

        parts = Alternative(("print", "queue"), CORRECTION_WEIGHT)
        assert found.terms["external"] == [AnyOf(("printqueu",), (parts,))]
        assert found.embedded == "print queue"


@pytest.fixture
def desk(tmp_path: Path) -> KnowledgeBase:
    """In German, where nouns are written together."""
    settings = Settings(
        embedder=EmbedderSettings(kind="hashing"), words=WordSettings(language="german")
    )
    kb = KnowledgeBase.create(tmp_path / "de.kb", settings=settings)
    kb.upsert(
        [
            Article(id="kb:1", title="Druckerwarteschlange", body="Leeren.", audience="external"),
            Article(id="kb:2", title="Arbeit", body="Neue Plätze.", audience="external"),
            Article(id="kb:3", title="Kennwort", body="Ändern.", audience="external"),
            Article(id="kb:4", title="Lohnzettel", body="Ansehen.", audience="internal"),
        ]
    )
    return kb


@pytest.mark.parametrize("is_rebuilt", [False, True])
def test_compounds_are_found_by_their_words_and_the_reverse(
    desk: KnowledgeBase, is_rebuilt: bool
) -> None:
    """In snapshots and in what came since; letters between the words belong to the first."""
    if is_rebuilt:
        desk.rebuild()
    customers = desk.searcher("external")

    assert customers.search("Drucker Warteschlange")[0].id == "kb:1"
    assert customers.search("Arbeitsplätze")[0].id == "kb:2"
    assert customers.search("Arbeitsplätze").rewordings[0].used == ("arbeits plätze",)
    assert not customers.search("Lohn Zettel").rewordings
    assert desk.searcher("internal").search("Lohn Zettel")[0].id == "kb:4"
