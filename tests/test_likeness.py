"""How alike tickets are to a problem: what fixes are learned from, and which go first."""

from __future__ import annotations

import pytest

from kbsearch.search.hits import Found
from kbsearch.search.likeness import likenesses
from kbsearch.search.merging import resolved_first


def found(
    name: str, passages: float, bm25: float, *, coverage: float = 0.0, is_resolved: bool = True
) -> Found:
    shares = (passages, 0.0, bm25, coverage, 0.0)
    return Found("internal", name, 1, 1, is_resolved, 0.5, 1.0, 0.5, shares)


def test_meaning_counts_seven_tenths_and_words_three_tenths_of_the_best() -> None:
    """By hand: .7 · .3 / .4 + .3 · .1 / .1 = .825."""
    assert likenesses([found("a", 0.4, 0.05), found("b", 0.3, 0.1)]) == pytest.approx([0.85, 0.825])


def test_a_rare_word_that_one_ticket_shares_makes_the_others_no_less_alike() -> None:
    """Coverage lifts the score of one that says "dead", and all tell of one problem."""
    rare, common = found("a", 0.4, 0.1, coverage=0.4), found("b", 0.4, 0.1)

    assert likenesses([rare, common]) == pytest.approx([1.0, 1.0])


def test_without_any_word_in_common_meaning_alone_counts() -> None:
    """No division by a best of nothing; and nothing found is nothing alike."""
    assert likenesses([found("a", 0.4, 0.0), found("b", 0.2, 0.0)]) == pytest.approx([0.7, 0.35])
    assert likenesses([found("a", 0.0, 0.0)]) == [0.0]
    assert likenesses([]) == []


def test_resolved_tickets_go_before_open_ones_that_are_half_as_alike() -> None:
    """Not before those that are far more alike: .35 of 1 is below a half."""
    an_open = found("open", 0.4, 0.1, coverage=0.4, is_resolved=False)
    alike, hardly = found("alike", 0.3, 0.05), found("hardly", 0.2, 0.0)

    assert [one.document_id for one in resolved_first([an_open, alike, hardly])] == [
        "alike",
        "open",
        "hardly",
    ]
