"""What the lexical indexes count of a document's fields."""

from __future__ import annotations

import pytest

from kbsearch.text import Analyzer, CleanDocument, FieldTerms, field_terms

PLAIN = Analyzer("none")


def cleaned(title: str, text: str) -> CleanDocument:
    """Without sections: only words count here."""
    return CleanDocument(title=title, text=text, sections=())


def test_words_of_the_title_stand_apart_from_all_others() -> None:
    """A title says what a document is about; tags and text count alike."""
    terms = field_terms(cleaned("vpn drops", "vpn laptop"), ["network", "wifi"], PLAIN)

    text = ["vpn", "laptop", "network", "wifi"]
    assert terms == FieldTerms(title=["vpn", "drops"], text=text)


def test_words_of_the_title_count_so_many_times_and_all_others_once() -> None:
    """By hand: `vpn` 2 + 1 times, `drops` twice, and once only without a weight of its own."""
    terms = FieldTerms(title=["vpn", "drops"], text=["vpn", "laptop"])

    assert sorted(terms.whole(2)) == ["drops", "drops", "laptop", "vpn", "vpn", "vpn"]
    assert sorted(terms.whole(1)) == ["drops", "laptop", "vpn", "vpn"]


@pytest.mark.parametrize("title", ["", "?!", "the"])
def test_a_title_without_words_counts_nothing(title: str) -> None:
    """Signs and stop words are no terms; the text stays."""
    terms = field_terms(cleaned(title, "printer jam"), [], Analyzer())

    assert terms == FieldTerms(title=[], text=["printer", "jam"])


def test_a_document_of_a_title_alone_has_its_words() -> None:
    """And no term of what is not there."""
    assert field_terms(cleaned("fax", ""), [], PLAIN) == FieldTerms(["fax"], [])
    assert field_terms(cleaned("", ""), [], PLAIN) == FieldTerms([], [])


def test_all_fields_are_stemmed_alike() -> None:
    """A query's one form meets every one of them."""
    terms = field_terms(cleaned("Printers", "printing"), ["Printed"], Analyzer())

    assert terms.title == ["printer"]
    assert set(terms.text) == {"print"}


def test_a_tag_does_not_run_into_the_text_or_into_another_tag() -> None:
    """Otherwise "wi" and "fi" would be one word that nobody wrote."""
    terms = field_terms(cleaned("", "vpn"), ["wi", "fi"], PLAIN)

    assert terms.text == ["vpn", "wi", "fi"]
