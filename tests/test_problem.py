"""The query that is made of a ticket's problem."""

from __future__ import annotations

import numpy as np
import pytest

from kbsearch.embed import HashingEmbedder
from kbsearch.search.problem import (
    MAX_PASSAGES,
    Problem,
    pooled,
    problem_of,
    problem_passages,
    telling_terms,
)
from kbsearch.text import Cleaner
from tests.builders import agent_says, customer_says, ticket


class TestTheProblem:
    """What the asker told, until somebody answered."""

    def test_is_the_subject_and_the_first_messages_without_courtesies(self) -> None:
        """What follows the first reply is about the answer."""
        asked = ticket(
            "1",
            "",
            subject="Re: VPN",
            messages=(
                customer_says("Hello team,\nit drops"),
                agent_says("Seen before", public=False),
                customer_says("Every morning\n\nThanks in advance!"),
                agent_says("Restart it", public=True),
                customer_says("That worked"),
            ),
        )

        assert problem_of(asked, Cleaner()) == Problem("VPN", "it drops\nEvery morning")

    def test_that_was_taken_by_phone_is_the_agents_first_message(self) -> None:
        """Nobody else has told it."""
        asked = ticket("1", "", subject="VPN", messages=(agent_says("Caller: red", public=False),))

        assert problem_of(asked, Cleaner()).text == "VPN\nCaller: red"


class TestItsPassages:
    """The model reads so many tokens; a long problem has more."""

    def test_a_short_problem_is_one_text(self) -> None:
        """As any other query."""
        offsets = HashingEmbedder().token_offsets

        assert problem_passages(Problem("VPN", "it drops"), offsets, max_tokens=16) == (
            ["VPN\nit drops"],
            0,
        )

    def test_a_long_one_is_cut_and_each_begins_with_the_subject(self) -> None:
        """By hand: 16 tokens are one of the subject and 15 of 20 words; then the other five."""
        words = [f"word{n}" for n in range(20)]
        offsets = HashingEmbedder().token_offsets

        passages, n_unseen = problem_passages(
            Problem("VPN", " ".join(words)), offsets, max_tokens=16
        )

        assert passages == [f"VPN\n{' '.join(words[:15])}", f"VPN\n{' '.join(words[15:])}"]
        assert n_unseen == 0

    def test_what_is_beyond_the_last_one_is_counted(self) -> None:
        """By hand: eight passages of 15 words are 120 of 200."""
        offsets = HashingEmbedder().token_offsets

        passages, n_unseen = problem_passages(
            Problem("VPN", "again " * 200), offsets, max_tokens=16
        )

        assert (len(passages), n_unseen) == (MAX_PASSAGES, 80)

    def test_are_pooled_with_the_first_ones_first(self) -> None:
        """By hand: (1, 1/2) / √1.25."""
        query = pooled(np.eye(2, dtype=np.float32))

        assert query == pytest.approx([0.894427, 0.447214], abs=1e-6)


class TestTellingTerms:
    """The few words that a record with the same problem holds, too."""

    def test_are_the_rare_and_repeated_ones(self) -> None:
        """By hand, of 100: idf 3.51 of 2, 1.54 of 21, .69 of 50; 1 + ln 3 = 2.10 times .69."""
        terms = ["the", "the", "the", "code", "red"]
        frequencies = {"the": 50, "code": 2, "red": 21}

        kept = telling_terms([], terms, frequencies=frequencies, n_documents=100, limit=2)

        assert kept == ["code", "red"]

    def test_count_and_stand_twice_if_the_subject_holds_them(self) -> None:
        """By hand: 2 · .69 is still less than 1.54, and the order is the problem's."""
        frequencies = {"vpn": 50, "red": 21}

        kept = telling_terms(["vpn"], ["vpn", "red"], frequencies=frequencies, n_documents=100)

        assert kept == ["vpn", "vpn", "red"]

    def test_are_none_if_the_shelf_knows_none(self) -> None:
        """A word that no document holds finds nothing."""
        assert telling_terms(["a"], ["a", "b"], frequencies={"a": 0}, n_documents=3) == []

    def test_ties_go_by_the_term(self) -> None:
        """Equal problems ask equal queries."""
        frequencies = {"b": 1, "a": 1, "c": 1}

        kept = telling_terms([], ["c", "b", "a"], frequencies=frequencies, n_documents=9, limit=2)

        assert kept == ["b", "a"]
