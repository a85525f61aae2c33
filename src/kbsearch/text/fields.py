"""Which terms of a document count, by the field they stand in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kbsearch.text.passages import CleanDocument
from kbsearch.text.words import Analyzer


class FieldTerms(NamedTuple):
    """Terms of a document, repetitions kept: of its title, and of its text and tags."""

    title: list[str]
    text: list[str]

    def whole(self, title_weight: int) -> list[str]:
        """
        All of them, each as often as it counts: a title's so many times.

        A title's words say what a document is about, so they weigh more.

        Source:
            BM25F's weighted term frequencies: Robertson, Zaragoza & Taylor, CIKM 2004.
        """
        return title_weight * self.title + self.text


def field_terms(document: CleanDocument, tags: Iterable[str], analyzer: Analyzer) -> FieldTerms:
    """What the lexical indexes count of a document."""
    title = analyzer.terms(document.title)
    return FieldTerms(title, analyzer.terms("\n".join((document.text, *tags))))
