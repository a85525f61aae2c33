"""Where sentences begin and end."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbsearch.text import sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n ", []),
        ("Restart it.", ["Restart it."]),
        ("Restart it. Then wait!", ["Restart it.", "Then wait!"]),
        ("Is it on? (Yes.) Good.", ["Is it on?", "(Yes.)", "Good."]),
        ("See e.g. Settings. Then save.", ["See e.g. Settings.", "Then save."]),
        ("Ask Dr. Okafor.", ["Ask Dr. Okafor."]),
        ("It took 3.5 s. and failed", ["It took 3.5 s. and failed"]),
        ("Update to 4.6.1 now", ["Update to 4.6.1 now"]),
        ("Steps\n- open\n- save.", ["Steps", "- open", "- save."]),
        ("再起動します。待ちます。", ["再起動します。", "待ちます。"]),
    ],
)
def test_a_text_is_cut_where_a_reader_would(text: str, expected: list[str]) -> None:
    """By hand."""
    assert [one.text for one in sentences(text)] == expected


@given(st.text(alphabet="ab .!?\n。e.g", max_size=80))
def test_nothing_but_blanks_is_lost_and_offsets_point_at_the_text(text: str) -> None:
    """A finding is marked in the draft by its offsets."""
    found = sentences(text)

    assert all(text[one.start : one.end] == one.text for one in found)
    assert "".join("".join(one.text.split()) for one in found) == "".join(text.split())


@pytest.mark.parametrize("text", ["." * 1_000_000, ". " * 500_000, "a. " * 330_000])
def test_a_megabyte_of_full_stops_is_no_trap(text: str) -> None:
    """A hang would be found by somebody else."""
    began = time.perf_counter()

    sentences(text)

    assert time.perf_counter() - began < 5
