"""Words for lexical search: which count as one, which do not count, and where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbsearch.errors import ConfigError
from kbsearch.text import Analyzer

ENGLISH = Analyzer()


@pytest.mark.parametrize(
    "word", ["connect", "connected", "connecting", "connection", "connections", "CONNECTION'S"]
)
def test_inflections_of_a_word_are_one_term(word: str) -> None:
    """The example of Porter's paper (Program 14, 1980), and a possessive."""
    assert ENGLISH.terms(word) == ["connect"]


@pytest.mark.parametrize("apostrophe", ["'", "\u2019"])
def test_both_apostrophes_are_read_alike(apostrophe: str) -> None:
    """Phones and word processors write the curved one."""
    text = "The customer's printer won't print; it's O'Brien's".replace("'", apostrophe)

    assert ENGLISH.terms(text) == ["custom", "printer", "print", "o'brien"]


@pytest.mark.parametrize("text", ["the and of is", "don't", "It's", "", " \n", "-- !? …", "😀"])
def test_stop_words_and_signs_are_no_terms(text: str) -> None:
    """They stand in every document and tell none from another."""
    assert ENGLISH.terms(text) == []


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Error 0x80070005", ["error", "0x80070005"]),
        ("v2.10 e-mail", ["v2", "10", "e", "mail"]),
        ("STRASSE straße", ["strass", "strass"]),
        ("naïve Ünï", ["naïv", "ünï"]),
        ("print print", ["print", "print"]),
        ("日本 語", ["日本", "語"]),
    ],
)
def test_terms_come_in_order_with_repetitions_case_folded(text: str, terms: list[str]) -> None:
    """Repetitions are what BM25 counts; codes and versions stay searchable."""
    assert ENGLISH.terms(text) == terms


def test_offsets_point_at_the_words_as_they_were_written() -> None:
    """Also where folding changes their length: `ß` becomes two letters, `İ` two characters."""
    text = "The Straße\u2019s İcons are printing."

    found = [(term, text[start:end]) for term, start, end in ENGLISH.terms_with_offsets(text)]

    assert [written for _, written in found] == ["Straße\u2019s", "İcons", "printing"]
    assert (found[0][0], found[2][0]) == ("strass", "print")


@pytest.mark.parametrize(
    ("language", "text", "terms"),
    [
        ("german", "Die Häuser und das Haus", ["haus", "haus"]),
        ("french", "les maisons de la maison", ["maison", "maison"]),
        ("none", "The houses are printing", ["the", "houses", "are", "printing"]),
        ("none", "The customer's", ["the", "customer"]),
    ],
)
def test_each_language_has_its_stems_and_stop_words(
    language: str, text: str, terms: list[str]
) -> None:
    """`none` keeps every word as it is."""
    assert Analyzer(language).terms(text) == terms


@pytest.mark.parametrize("language", ["klingon", "English", "", "en", "eng", "none "])
def test_an_unknown_language_is_an_error_at_once(language: str) -> None:
    """Not at the first search; Snowball's own short names would come without stop words."""
    with pytest.raises(
        ConfigError, match=r"not known to Snowball. Use 'none' or one of: .*english"
    ):
        Analyzer(language)


@settings(derandomize=True, database=None, deadline=None, max_examples=300)
@given(
    st.text(
        st.sampled_from("abs' \u2019.-ßİéΣ中😀\n\t_5") | st.characters(codec="utf-8"), max_size=60
    )
)
def test_spans_are_in_order_apart_and_hold_one_word_each(text: str) -> None:
    """What is highlighted is exactly what was matched."""
    found = list(Analyzer("none").terms_with_offsets(text))

    ends = [0] + [end for _, _, end in found]
    assert all(before <= start < end for before, (_, start, end) in zip(ends, found, strict=False))
    for term, start, end in found:
        assert Analyzer("none").terms(text[start:end]) == [term]


def test_a_megabyte_without_a_blank_is_one_word() -> None:
    """Base64 in a mail costs no more than its length."""
    assert ENGLISH.terms("x" * 1_000_000) == ["x" * 1_000_000]
    assert len(ENGLISH.terms("x'" * 500_000)) == 250_000
