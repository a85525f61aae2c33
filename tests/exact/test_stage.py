"""The stage of the ranking, worked by hand: who is moved, where to, and at which score."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbsearch.rank import Holding, Placed, with_exact_matches

CODE, HOST, OWN = Holding("0x1"), Holding("srv"), Holding("0x1", is_own=True)


def rows(placed: list[Placed]) -> list[int]:
    return [one.row for one in placed]


class TestAQuestionAboutItsIdentifiers:
    """Their documents lead."""

    def test_the_best_holder_comes_first_and_the_rest_keeps_its_order(self) -> None:
        """Rows 2 and 3 hold it; 2 ranked higher. By hand: 0.5 is raised by 0.4 to 0.9."""
        placed = with_exact_matches(
            [0.9, 0.8, 0.5, 0.4], [(), (), (CODE,), (CODE,)], k=1, leads=True
        )

        assert rows(placed) == [2, 0, 1, 3]
        assert [one.exact_share for one in placed] == pytest.approx([0.4, 0, 0, 0])

    def test_the_document_whose_own_id_it_is_goes_before_those_that_mention_it(self) -> None:
        """The ticket itself, not the one that refers to it."""
        placed = with_exact_matches([0.9, 0.8], [(CODE,), (OWN,)], k=2, leads=True)

        assert rows(placed) == [1, 0]

    def test_who_holds_more_of_them_goes_first(self) -> None:
        """Row 2 holds both, so no other is needed."""
        held = [(CODE,), (HOST,), (CODE, HOST), ()]

        assert rows(with_exact_matches([0.9, 0.8, 0.7, 0.6], held, k=4, leads=True)) == [2, 0, 1, 3]

    def test_who_holds_the_rarer_goes_first(self) -> None:
        """Two hold the host, one the code."""
        held = [(), (HOST,), (HOST,), (CODE,)]

        assert rows(with_exact_matches([0.9, 0.8, 0.7, 0.6], held, k=4, leads=True)) == [3, 1, 0, 2]

    def test_the_first_k_do_not_depend_on_k(self) -> None:
        """A longer page begins like a shorter one."""
        held = [(), (HOST,), (), (CODE,)]
        orders = [
            rows(with_exact_matches([0.9, 0.8, 0.7, 0.6], held, k=k, leads=True))[:k]
            for k in range(1, 5)
        ]

        assert orders == [[1], [1, 3], [1, 3, 0], [1, 3, 0, 2]]


class TestALongTextWithAnIdentifier:
    """Meaning orders; the identifier only brings its document into the first k."""

    def test_a_document_further_below_takes_the_last_place(self) -> None:
        """By hand: 0.2 is raised by 0.5 to the 0.7 of row 2, which it overtakes."""
        placed = with_exact_matches([0.9, 0.8, 0.7, 0.2], [(), (), (), (CODE,)], k=3, leads=False)

        assert rows(placed) == [0, 1, 3, 2]
        assert [one.exact_share for one in placed] == pytest.approx([0, 0, 0.5, 0])

    def test_a_document_that_stands_there_is_left_where_it_is(self) -> None:
        """It is there by itself."""
        placed = with_exact_matches([0.9, 0.8, 0.7], [(), (CODE,), (CODE,)], k=2, leads=False)

        assert placed == [Placed(0, 0.0), Placed(1, 0.0), Placed(2, 0.0)]

    def test_none_that_is_needed_is_displaced(self) -> None:
        """Row 1 is the code's only one; so row 0 makes room for the host's."""
        held = [(), (CODE,), (HOST,)]

        assert rows(with_exact_matches([0.9, 0.8, 0.7], held, k=2, leads=False)) == [1, 2, 0]

    def test_of_more_identifiers_than_places_the_rarer_have_theirs(self) -> None:
        """One place, two identifiers: the host is held by two, the code by one."""
        held = [(), (HOST,), (HOST,), (CODE,)]

        assert rows(with_exact_matches([0.9, 0.8, 0.7, 0.6], held, k=1, leads=False))[0] == 3


def test_a_raised_score_that_rounding_made_too_high_is_not_overtaken_from_below() -> None:
    """No float added to the third score gives the first: the least sum is one step above it."""
    scores = [0.7140571614870109, 0.5, 0.21079950118588237]

    placed = with_exact_matches(scores, [(), (CODE,), (HOST,)], k=2, leads=False)

    raised = [scores[one.row] + one.exact_share for one in placed]
    assert rows(placed) == [1, 2, 0]
    assert raised[0] >= raised[1] > raised[2]


def test_nothing_held_moves_nothing() -> None:
    """Ordinary queries, and none at all."""
    assert with_exact_matches([0.9, 0.8], [(), ()], k=2, leads=True) == [
        Placed(0, 0.0),
        Placed(1, 0.0),
    ]
    assert with_exact_matches([], [], k=10, leads=False) == []


_held = st.lists(
    st.builds(Holding, st.sampled_from("abcde"), st.booleans()),
    max_size=3,
    unique_by=lambda h: h.name,
)
_ranking = st.lists(st.tuples(st.floats(0, 1), _held), max_size=30).map(
    lambda rows: sorted(rows, key=lambda row: -row[0])
)


@settings(derandomize=True, database=None, deadline=None, max_examples=500)
@given(ranking=_ranking, k=st.integers(1, 12), leads=st.booleans())
def test_every_identifier_is_within_the_first_k_and_scores_never_rise(
    ranking: list[tuple[float, list[Holding]]], k: int, leads: bool
) -> None:
    """For any ranking; with fewer places than identifiers, each place adds one."""
    scores, held = [row[0] for row in ranking], [row[1] for row in ranking]
    names = {holding.name for holdings in held for holding in holdings}

    placed = with_exact_matches(scores, held, k=k, leads=leads)

    found = {holding.name for one in placed[:k] for holding in held[one.row]}
    raised = [scores[one.row] + one.exact_share for one in placed]
    assert sorted(rows(placed)) == list(range(len(ranking)))
    assert len(found) >= min(k, len(names))
    assert raised == sorted(raised, reverse=True)
    assert all(one.exact_share >= 0 for one in placed)
