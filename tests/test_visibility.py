"""Which audience the markers of a source lead to."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbsearch import Audience
from kbsearch.visibility import Marker, Verdict, decide, marker_from

SAYS = {"true": Verdict.PUBLIC, "false": Verdict.INTERNAL, "1": Verdict.PUBLIC}


def marker(verdict: Verdict, level: str = "article") -> Marker:
    return Marker(level=level, field="public", value="x", verdict=verdict)


class TestTheDecision:
    """Deny beats allow; silence is internal."""

    def test_no_marker_at_all_is_internal(self) -> None:
        """What nobody marked was not written for customers."""
        decision = decide([])

        assert decision.audience is Audience.INTERNAL
        assert decision.deciding is None
        assert decision.rule == "it carries no marker, and what is not marked is internal"

    def test_only_public_markers_lead_to_customers(self) -> None:
        """Every one of a hundred must say so."""
        assert decide([marker(Verdict.PUBLIC)] * 100).audience is Audience.EXTERNAL

    @pytest.mark.parametrize("chain", list(product(Verdict, repeat=3)))
    def test_the_most_forbidding_marker_decides_wherever_it_stands(
        self, chain: tuple[Verdict, ...]
    ) -> None:
        """All 64 chains of three: external for the one that is all public."""
        decision = decide([marker(verdict) for verdict in chain])

        is_public = chain == (Verdict.PUBLIC,) * 3
        assert decision.audience is (Audience.EXTERNAL if is_public else Audience.INTERNAL)
        assert decision.verdict is min(chain, key=list(Verdict).index)

    def test_the_first_of_equally_forbidding_markers_is_named(self) -> None:
        """So that the same export always gives the same explanation."""
        chain = [
            marker(Verdict.PUBLIC),
            marker(Verdict.INTERNAL, "section"),
            marker(Verdict.INTERNAL),
        ]

        decision = decide(chain)

        assert decision.deciding == chain[1]
        assert str(decision.deciding) == "section: public = x → internal"

    @given(st.lists(st.sampled_from(Verdict), max_size=8), st.sampled_from(Verdict))
    def test_a_parent_never_widens_its_child(self, child: list[Verdict], parent: Verdict) -> None:
        """Adding any marker keeps an internal document internal."""
        alone = decide([marker(v) for v in child])
        within = decide([marker(v) for v in [*child, parent]])

        if child and alone.audience is Audience.INTERNAL:
            assert within.audience is Audience.INTERNAL


class TestReadingAMarker:
    """Exact values only; whatever else is unknown."""

    def test_known_values_say_what_the_table_says(self) -> None:
        """True is public here, False is internal."""
        found = [
            marker_from("comment", "public", value, says=SAYS).verdict
            for value in (True, "true", 1, "1", False, "false")
        ]

        assert found == [Verdict.PUBLIC] * 4 + [Verdict.INTERNAL] * 2

    @pytest.mark.parametrize(
        "value", ["True", "TRUE", " true", "1.0", 1.0, 2, "yes", "", [], {}, ["true"]]
    )
    def test_anything_like_a_known_value_is_unknown(self, value: object) -> None:
        """Another case, another blank, another type: nobody said what it means."""
        found = marker_from("comment", "public", value, says=SAYS)

        assert found.verdict is Verdict.UNKNOWN

    def test_a_missing_value_is_what_the_caller_says_and_shown_as_missing(self) -> None:
        """Some vendors define a missing value."""
        found = marker_from("comment", "public", None, says=SAYS, missing=Verdict.INTERNAL)

        assert (found.value, found.verdict) == ("missing", Verdict.INTERNAL)

    def test_a_long_value_is_cut(self) -> None:
        """A marker explains; it does not carry text around."""
        found = marker_from("a", "b", "x" * 1000, says=SAYS)

        assert len(found.value) == 80
