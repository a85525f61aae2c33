"""Blanks that a query has too many or too few, by the words that documents hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbsearch import Article, KnowledgeBase, Settings
from kbsearch.config import EmbedderSettings, WordSettings
from kbsearch.lexical import Alternative, AnyOf
from kbsearch.lexical.synonyms import Rule, Synonyms
from kbsearch.search.blanks import joined_words, parted_word
from kbsearch.search.known_words import KnownWords
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


def of_drop_box(documents: list[str], among: list[int] | None = None) -> list[str]:
    """What a query for a drop box is looked up as besides."""
    words = known(documents, among)
    found = find_mistakes("drop box", ANALYZER.terms, words, is_name=knows())
    return [one.candidates[0] for one in found]


class Counting:
    """Known words that note how often documents were counted."""

    def __init__(self, words: KnownWords) -> None:
        self.n_written, self.has, self.near = words.n_written, words.has, words.near
        self._words = words
        self.n_counted = 0

    def n_together(self, words: Sequence[Sequence[str]]) -> int:
        """As the words do."""
        self.n_counted += 1
        return self._words.n_together(words)


def mistakes(query: str, *names: str) -> dict[str, tuple[str, ...]]:
    """What is taken for a mistake, and what it may stand for."""
    is_name = knows(*names)
    found = find_mistakes(query, ANALYZER.terms, known(DOCUMENTS), is_name=is_name)
    return {query[one.start : one.end]: one.candidates for one in found}


class TestJoined:
    """Two words that are one elsewhere."""

    def test_are_a_word_that_is_accepted(self) -> None:
        """However they are written; each belongs to the first pair that is accepted."""
        assert joined("My Drop box log", "dropbox", "boxlog") == [(3, 11, "dropbox")]
        assert joined("My Drop box log", "boxlog") == [(8, 15, "boxlog")]

    @pytest.mark.parametrize(
        "query",
        [
            "drop, box",
            "drop  box",
            "drop\nbox",
            "drop-box",
            "user's lack",
            "user\u2019s lack",
            "e-mail box",
            "mail box'n",
            "set-up time",
            "up time/zone",
            "my.drop box",
            "to go",  # two short words make too many others by chance
        ],
    )
    def test_stand_by_themselves_with_one_blank_between(self, query: str) -> None:
        """Anything else is no slip: the s of a genitive is no word, nor the mail of an e-mail."""
        assert not list(joined_words(query, lambda _: True))

    def test_may_stand_beside_punctuation(self) -> None:
        """That of a sentence belongs to no word."""
        assert joined('the "drop box".', "dropbox") == [(5, 13, "dropbox")]


def joined(query: str, *words: str) -> list[tuple[int, int, str]]:
    found = joined_words(query, lambda pair: pair.word in words)
    return [(one.start, one.end, one.word) for one in found]


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
        assert mistakes("queueinto") == {}  # a stop word is no part

    def test_words_that_are_one_are_joined(self) -> None:
        """Whether each is a word or not; what one pair does not take is free for the next."""
        assert mistakes("drop box workar ound") == {
            "drop box": ("dropbox",),
            "workar ound": ("workaround",),
        }
        assert mistakes("drop bax") == {}
        assert mistakes("paper print queue") == {}
        words = known([*DOCUMENTS, *["printqueue"] * 2, "a paperprint", "print on paper"])
        found = find_mistakes("paper print queue", ANALYZER.terms, words, is_name=knows())
        assert [one.candidates for one in found] == [("printqueue",)]

    @pytest.mark.parametrize(
        "query",
        [
            '"drop box"',
            "DROP box",
            "priNter drop\tbox",
            "KB-1001 drop-box",
            "in to paper",  # "into" is a stop word
            "a part",  # and so is "a": who holds the other one holds both
            "drop box2",
        ],
    )
    def test_nothing_else_is_touched(self, query: str) -> None:
        """Quotations, acronyms, identifiers, stop words."""
        assert mistakes(query) == {}

    def test_words_that_stand_in_as_many_documents_are_left_alone(self) -> None:
        """By hand: one document writes them as one, one holds both; a second one decides."""
        assert of_drop_box(["the dropbox", "drop a box"]) == []
        assert of_drop_box(["the dropbox", "drop a box", "no dropbox"]) == ["dropbox"]

    def test_documents_in_other_inflections_and_languages_hold_both(self) -> None:
        """By hand: "dropping boxes" in one document, "Kästen" in another, for two readers."""
        documents = ["the dropbox", "dropping boxes"]
        assert of_drop_box(documents) == []

        def read(word: str) -> list[str]:
            return [*ANALYZER.terms(word), *([f"{word}-de"] if word in ("drop", "box") else [])]

        words = known(documents[:1], extra=[["drop-de", "box-de"]])
        assert not list(find_mistakes("drop box", read, words, is_name=knows()))
        assert list(find_mistakes("drop box", ANALYZER.terms, words, is_name=knows()))

    def test_a_long_text_says_it_more_than_once(self) -> None:
        """Twenty words are a question; one more, and everyday words would crowd out the rest."""
        assert "drop box" in mistakes("drop box " + "jobs " * 18)
        assert mistakes("drop box " + "jobs " * 19) == {}
        assert mistakes("workar ound " + "jobs " * 19) == {"workar ound": ("workaround",)}

    def test_each_pair_is_counted_once(self) -> None:
        """Whoever pastes one line a thousand times waits for one."""
        words = Counting(known(DOCUMENTS))

        found = list(find_mistakes("drop paper, " * 10, ANALYZER.terms, words, is_name=knows()))
        assert not found
        assert words.n_counted == 0  # nobody writes them as one
        for query in ("drop box " * 2, "drop box, " * 9):
            words = Counting(known([*DOCUMENTS, "drop the box"]))
            assert not list(find_mistakes(query, ANALYZER.terms, words, is_name=knows()))
            assert words.n_counted == 1

    def test_names_are_no_mistakes(self) -> None:
        """What stands in the synonyms has others already."""
        assert mistakes("drop box", "box") == {}

    def test_hidden_documents_offer_no_word_and_hide_none(self) -> None:
        """Neither what two are, nor what one is; nor do those count that hold both."""
        words = known(["the dropbox", "a print", "some queue"], [1])
        query = "drop box printqueue"
        assert not list(find_mistakes(query, ANALYZER.terms, words, is_name=knows()))

        assert of_drop_box(["the dropbox", "drop a box"], [0]) == ["dropbox"]
        assert of_drop_box(["the dropbox", "drop a box", "no dropbox"], [0, 1]) == []

    def test_few_of_many_unknown_words_are_parted(self) -> None:
        """A page of another language costs no more than a line of it."""
        assert "printqueue" in mistakes("qxqxqxqx wywywywy zvzvzvzv printqueue")
        assert mistakes("qxqxqxqx wywywywy zvzvzvzv kjkjkjkj printqueue") == {}


def worded(query: str, *rules: Rule) -> Worded:
    synonyms = Synonyms(rules, ANALYZER)
    readers = {"external": ANALYZER.terms}
    return word_query(query, readers, synonyms=synonyms, words=known(DOCUMENTS))


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

    def test_one_word_counts_as_one_in_every_language(self) -> None:
        """Two languages read a mistake as two terms; its correction weighs what it does in one."""
        analyzer = Analyzer("auto", ("en", "de"))
        read = partial(analyzer.query_terms, languages=["en", "de"])
        synonyms = Synonyms([], analyzer)

        found = word_query("tickest", {"x": read}, synonyms=synonyms, words=known(["tickets"]))

        (group,) = found.terms["x"]
        assert isinstance(group, AnyOf)
        assert len(group.typed) == 2
        assert [other.weight for other in group.others] == [CORRECTION_WEIGHT]

    def test_a_word_that_is_two_counts_as_both(self) -> None:
        """A document that holds one of them is found by it; the model reads what was typed."""
        found = worded("printqueue")

        parts = Alternative(("print", "queue"), CORRECTION_WEIGHT)
        assert found.terms["external"] == [AnyOf(("printqueu",), (parts,))]
        assert found.embedded == "printqueue"


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
