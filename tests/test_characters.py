"""The door for text: what enters is one form that can be stored, compared and trusted by eye."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kbsearch.models import clean_characters

_ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)  # lone surrogates too
_MEAN_TEXT = st.text(
    st.sampled_from(
        "a \n\r\t\x00\x0b\x1f\x7f\x85\u00ad\u0301e\u200b\u2028\u202e\ud800\udc00\ufeff"
    ),
    max_size=20,
)
repeatable = settings(derandomize=True, database=None, deadline=None, max_examples=300)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\x0bb\x0cc\x85d\u2028e\u2029f", "a\nb\nc\nd\ne\nf"),
        ("a\x00b\x07c\x1bd\x7fe\x9ff", "abcdef"),
        ("tab\tstays", "tab\tstays"),
        ("a\ud800b\udfffc", "abc"),
        ("pass\u200bword\ufeff\u2060", "password"),
        ("soft\u00adhyphen", "softhyphen"),
        ("exe.\u202egpj", "exe.gpj"),
        ("a\u2066b\u2069\u061cc\u200e\u200fd", "abcd"),
        ("cafe\u0301", "caf\u00e9"),
        ("\u212b", "\u00c5"),
        ("e\u200b\u0301", "\u00e9"),
        ("日本語 😀 ﬁ", "日本語 😀 ﬁ"),
        ("", ""),
    ],
)
def test_text_is_brought_into_one_form(text: str, cleaned: str) -> None:
    """Line ends, controls, surrogates, hidden and reordering marks, composition; no more."""
    assert clean_characters(text) == cleaned


def test_a_pair_of_surrogates_that_was_never_joined_is_dropped() -> None:
    """It came from a wrong decoding; SQLite and UTF-8 refuse both halves."""
    assert clean_characters("x\ud83d\ude00y") == "xy"


def test_compatibility_characters_stay_as_they_were_written() -> None:
    """NFKC would turn `x²` into `x2` in a reader's sight."""
    assert clean_characters("x² ½ ™") == "x² ½ ™"


@repeatable
@given(_ANY_TEXT | _MEAN_TEXT)
@example("\r\u200b\n")
@example("e\ud800\u0301")
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """Stored text is cleaned again when it is read, edited and compared."""
    once = clean_characters(text)

    assert clean_characters(once) == once


@repeatable
@given(_ANY_TEXT | _MEAN_TEXT)
def test_cleaned_text_can_be_stored_and_shown(text: str) -> None:
    """UTF-8, NFC, and no control character but newline and tab."""
    cleaned = clean_characters(text)

    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert {c for c in cleaned if unicodedata.category(c) == "Cc"} <= {"\n", "\t"}


@repeatable
@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=60))
def test_what_a_reader_sees_is_kept(text: str) -> None:
    """Letters, digits, punctuation and signs are only composed, never dropped."""
    assert clean_characters(text) == unicodedata.normalize("NFC", text)


def test_a_megabyte_of_unwanted_characters_leaves_nothing() -> None:
    """Hostile text costs no more than its length."""
    assert clean_characters("\u202e\x00" * 500_000) == ""
    assert clean_characters("\r" * 1_000_000) == "\n" * 1_000_000
