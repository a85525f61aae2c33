"""Which terms of a document count, and how much, by the field they stand in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kbsearch.text.passages import CleanDocument
from kbsearch.text.words import Analyzer

TITLE_WEIGHT = 3
"""A word of the title counts as often."""


class FieldTerms(NamedTuple):
    """Terms of a document, each as often as it counts: of all fields, and of the title alone."""

    whole: list[str]
    title: list[str]


def field_terms(document: CleanDocument, tags: Iterable[str], analyzer: Analyzer) -> FieldTerms:
    """
    What the lexical indexes count of a document.

    A title's words say what a document is about, so they weigh more; tags and
    text count once.

    Source:
        BM25F's weighted term frequencies: Robertson, Zaragoza & Taylor, CIKM 2004.
    """
    title = analyzer.terms(document.title)
    text = analyzer.terms("\n".join((document.text, *tags)))
    return FieldTerms(whole=TITLE_WEIGHT * title + text, title=title)
