"""From what was typed to what is searched for: corrections and synonyms beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kbsearch.lexical import Alternative, AnyOf, QueryTerm
from kbsearch.lexical.synonyms import Synonyms
from kbsearch.models import Rewording, RewordingCause
from kbsearch.search.spelling import Words, find_mistakes
from kbsearch.text import Analyzer

CORRECTION_WEIGHT = 0.8
SYNONYM_WEIGHT = 0.8
"""What other words count beside the typed ones, which go first where both stand."""


class Worded(NamedTuple):
    """
    A query as it is searched for.

    Attributes:
        terms: For lexical indexes.
        embedded: For the embedder.
        rewordings: What was searched for too, in the order of the query.
    """

    terms: list[QueryTerm]
    embedded: str
    rewordings: tuple[Rewording, ...]


class _Change(NamedTuple):
    """Characters of the query, other words for them, likeliest first, and why."""

    start: int
    end: int
    others: tuple[str, ...]
    cause: RewordingCause
    is_abbreviation: bool = False


def word_query(text: str, analyzer: Analyzer, *, synonyms: Synonyms, words: Words | None) -> Worded:
    """
    Add to a query what its asker may have meant.

    Lexical indexes are asked for what was typed as well, so that a wrong guess loses
    nothing. The model gets the corrected text alone: it takes a misspelt word for others
    that begin like it, and the mean of both vectors was measured to rank worse.
    Abbreviations are written out behind it, as it has not learned a desk's own.

    Args:
        text: As it was typed.
        analyzer: Of the shelves.
        synonyms: Of the desk, for this audience.
        words: What the documents hold that the asker may see; None corrects nothing.
    """
    changes = [
        _Change(one.start, one.end, one.others, RewordingCause.SYNONYM, one.is_abbreviation)
        for one in synonyms.find(text)
    ]
    if words is not None:
        mistakes = find_mistakes(text, analyzer, words, is_name=synonyms.knows)
        changes += [_Change(*one, cause=RewordingCause.SPELLING) for one in mistakes]
    changes.sort()
    return Worded(
        terms=_terms(text, analyzer, changes),
        embedded=_embedded(text, changes),
        rewordings=_rewordings(text, changes),
    )


def _terms(text: str, analyzer: Analyzer, changes: Sequence[_Change]) -> list[QueryTerm]:
    """Terms of the query in order; those within changed characters stand in a group."""
    terms: list[QueryTerm] = []
    typed: list[list[str]] = [[] for _ in changes]
    waiting = 0
    for term, start, end in analyzer.terms_with_offsets(text):
        while waiting < len(changes) and changes[waiting].end <= start:
            waiting += 1
        if (
            waiting < len(changes)
            and changes[waiting].start <= start
            and end <= changes[waiting].end
        ):
            typed[waiting].append(term)
        else:
            terms.append(term)
    for own, change in zip(typed, changes, strict=True):
        terms.append(AnyOf(tuple(own), tuple(_alternatives(change, analyzer, max(1, len(own))))))
    return terms


def _alternatives(change: _Change, analyzer: Analyzer, n_typed: int) -> list[Alternative]:
    """
    What may stand for the typed words.

    A corrected word counts as if it had been typed, a little less. A synonym counts as
    much as the words that it stands for, whatever number of words it has, and only
    where all of it stands: a network alone is no virtual private network.
    """
    found = []
    for other in change.others:
        terms = tuple(analyzer.terms(other))
        if not terms:
            continue
        if change.cause is RewordingCause.SPELLING:
            found.append(Alternative(terms, CORRECTION_WEIGHT))
        else:
            weight = SYNONYM_WEIGHT * n_typed / len(terms)
            found.append(Alternative(terms, weight, needs_all=True))
    return found


def _embedded(text: str, changes: Sequence[_Change]) -> str:
    parts, place = [], 0
    for change in changes:
        if change.cause is RewordingCause.SPELLING:
            parts += [text[place : change.start], change.others[0]]
            place = change.end
    corrected = "".join([*parts, text[place:]])
    long = dict.fromkeys(o for one in changes if one.is_abbreviation for o in one.others)
    return " ".join([corrected, *long])


def _rewordings(text: str, changes: Sequence[_Change]) -> tuple[Rewording, ...]:
    """Each once, however often its words were typed."""
    found = (
        Rewording(typed=text[one.start : one.end], used=one.others, cause=one.cause)
        for one in changes
    )
    return tuple(dict.fromkeys(found))
