"""
Ten thousand queries full of other engines' operators: none is an error, none has an effect.

What the words of a query are is said by whoever makes the query here, not by
the code that is tested. Single operators are in `test_search_queries`.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from kbsearch import Filters, KnowledgeBase, Searcher
from kbsearch.search import Ranked
from tests.library import EXTERNAL, LIBRARY, index

_N_QUERIES = 10_000
_WORDS = ("vpn drops sleep adapter phone printer AND OR NOT NEAR SELECT title").split()
_BEFORE = [
    "+",
    "-",
    "!",
    "(",
    '"',
    "*:",
    "^",
    "~",
    "@",
    "#",
    "/.*",
    "$$",
    "{",
    "[",
    "--",
    "&&",
    "%",
]
_AFTER = [
    "*",
    "?",
    ")",
    '"',
    "~",
    "^",
    ":*",
    ";",
    "';",
    "/",
    "}",
    "]",
    "--",
    ".*/",
    "||",
    "%",
    "\\",
]
_BETWEEN = [" ", " & ", " | ", " <-> ", " && ", " || ", ":", " : ", "=", " => ", "\n", "\t", " / "]
_AROUND = ["", "", "'", '"', "\\", "(((", "*/", "/*", "<!--", "\x00", "\ud800", "%"]
_INSIDE = ["\x00", "\ud800", "\udfff", "\u200b", "\u202e", "\x1b"]
"""Are dropped at the door, so a word with one of them is the same word."""


def a_query(chance: random.Random) -> tuple[str, list[str]]:
    """Some words with operators at, between and in them; and those words alone."""
    words = chance.choices(_WORDS, k=chance.randint(1, 3))
    text = chance.choice(_AROUND)
    for number, word in enumerate(words):
        place = chance.randrange(len(word) + 1)
        hidden = chance.choice(_INSIDE) if chance.random() < 0.1 else ""
        decorated = word[:place] + hidden + word[place:]
        before = chance.choice(_BEFORE) if chance.random() < 0.5 else ""
        after = chance.choice(_AFTER) if chance.random() < 0.5 else ""
        between = chance.choice(_BETWEEN) if number else ""
        text += between + before + decorated + after
    return text + chance.choice(_AROUND), words


def count_effects(rank: Callable[[str], list[Ranked]], n: int) -> int:
    """Queries whose ranking differs from that of their words, to the last bit of a score."""
    chance, plain = random.Random(3), dict[str, list[Ranked]]()
    n_effects = 0
    for _ in range(n):
        query, words = a_query(chance)
        alone = " ".join(words)
        if alone not in plain:
            plain[alone] = rank(alone)
        n_effects += rank(query) != plain[alone]
    return n_effects


@pytest.fixture
def customers(desk: KnowledgeBase) -> Searcher:
    """A snapshot and a delta."""
    index(desk, LIBRARY, "both")
    return desk.searcher(EXTERNAL)


def test_no_operator_has_an_effect_or_is_an_error(customers: Searcher) -> None:
    """Of FTS5, tsquery, SQL, Lucene and regular expressions; NUL and surrogates, too."""
    assert count_effects(customers.rank, _N_QUERIES) == 0


def test_an_engine_with_a_minus_would_be_caught(customers: Searcher) -> None:
    """Control: one operator that has a meaning."""

    def rank(query: str) -> list[Ranked]:
        return [] if " -" in query else customers.rank(query)

    assert count_effects(rank, 500) > 5


def test_whole_searches_show_the_same_hits(customers: Searcher) -> None:
    """With titles, passages and matches: a hundred of such queries."""
    chance = random.Random(4)
    for _ in range(100):
        query, words = a_query(chance)

        assert customers.search(query).hits == customers.search(" ".join(words)).hits


@pytest.mark.parametrize(
    "query",
    [
        "vpn' UNION SELECT raw FROM documents --",
        'vpn" OR rank MATCH "bm25(10)',
        "vpn:* & !sleep <-> adapter",
        "vpn AND NOT (title:sleep~2)^5 [a TO z}",
        "(?s)vpn.*(a+)+$",
    ],
)
def test_filters_that_hold_operators_are_values(desk: KnowledgeBase, query: str) -> None:
    """What is bound as a value selects nothing but itself."""
    index(desk, LIBRARY, "both")
    searcher = desk.searcher(EXTERNAL)

    filtered = searcher.search("vpn", filters=Filters(product=(query,)))

    assert filtered.hits == ()
    assert searcher.search("vpn").hits != ()
