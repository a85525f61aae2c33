"""In which languages a query is looked up on a shelf, and what it is looked up as."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from kbsearch.text import AUTO, Analyzer, LanguageDetector

Languages = Mapping[str | None, int]
"""Number of documents by language code; None for those of an unknown one."""

_ONE_IN = 100
"""A language of fewer documents than one in so many is not looked up, unless it is asked in."""


def languages_to_ask(n_documents: Languages, spoken: str | None = None) -> list[str | None]:
    """
    Languages of a shelf that a query is to meet, the most frequent first.

    A query is looked up in all of them: it may be too short to tell its own, and the
    name of a product stands in documents of every language.

    Args:
        n_documents: Of the shelf.
        spoken: The query's own, if it is known.
    """
    total = sum(n_documents.values())
    ordered = sorted(n_documents, key=lambda code: (-n_documents[code], code or ""))
    return [
        code
        for code in ordered
        if n_documents[code] * _ONE_IN >= total
        or (spoken is not None and code is not None and code.partition("-")[0] == spoken)
    ]


ReadTerms = Callable[[str], list[str]]
"""Gives the terms that a part of a query is looked up as."""


class QueryReaders(NamedTuple):
    """A query's language, None if it is not known or all is in one; by shelf, what reads it."""

    spoken: str | None
    by_shelf: dict[str, ReadTerms]


def query_readers(
    query: str, analyzer: Analyzer, shelves: Mapping[str, Callable[[], Languages]]
) -> QueryReaders:
    """
    How a query is read for each shelf, by the languages of that shelf alone.

    Its language is looked for only if there are several, for that loads a model.

    Args:
        query: Clean text.
        analyzer: Of the desk.
        shelves: By name, what counts its documents by language.
    """
    if analyzer.language != AUTO:
        return QueryReaders(None, dict.fromkeys(shelves, analyzer.query_terms))
    counted = {shelf: count() for shelf, count in shelves.items()}
    readers = {analyzer.in_language(code) for counts in counted.values() for code in counts}
    detector = LanguageDetector(analyzer.languages)
    spoken = detector.detect(query) if len(readers) > 1 else None
    return QueryReaders(
        spoken,
        {
            shelf: partial(
                analyzer.query_terms, languages=languages_to_ask(counts, spoken), spoken=spoken
            )
            for shelf, counts in counted.items()
        },
    )
