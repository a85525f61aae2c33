"""From what was typed to what is searched for: corrections and synonyms beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kbsearch.lexical import Alternative, AnyOf, QueryTerm
from kbsearch.lexical.synonyms import Synonyms
from kbsearch.models import Rewording, RewordingCause
from kbsearch.search.languages import ReadTerms
from kbsearch.search.spelling import Mistake, Words, find_mistakes

CORRECTION_WEIGHT = 0.8
SYNONYM_WEIGHT = 0.8
"""What other words count beside the typed ones, which go first where both stand."""


class Worded(NamedTuple):
    """
    A query as it is searched for.

    Attributes:
        terms: For the lexical indexes of each shelf.
        embedded: For the embedder.
        rewordings: What was searched for too, in the order of the query.
    """

    terms: dict[str, list[QueryTerm]]
    embedded: str
    rewordings: tuple[Rewording, ...]


class _Change(NamedTuple):
    """
    Characters of the query, other words for them, likeliest first, and why.

    Attributes:
        mistake: What is corrected, if it is one.
    """

    start: int
    end: int
    others: tuple[str, ...]
    cause: RewordingCause
    is_abbreviation: bool = False
    mistake: Mistake | None = None


def word_query(
    text: str,
    readers: Mapping[str, ReadTerms],
    *,
    synonyms: Synonyms,
    words: Words | None,
) -> Worded:
    """
    Add to a query what its asker may have meant.

    Lexical indexes are asked for what was typed as well, so that a wrong guess loses
    nothing. The model gets the corrected text alone: it takes a misspelt word for others
    that begin like it, and the mean of both vectors was measured to rank worse.
    Abbreviations are written out behind it, as it has not learned a desk's own.

    Args:
        text: As it was typed.
        readers: By shelf, what makes terms of parts of the query.
        synonyms: Of the desk, for this audience.
        words: What the documents hold that the asker may see; None corrects nothing.
    """
    changes = [
        _Change(one.start, one.end, one.others, RewordingCause.SYNONYM, one.is_abbreviation)
        for one in synonyms.find(text)
    ]
    if words is not None:
        read = _reader_of_all(readers)
        changes += [
            _Change(one.start, one.end, one.candidates, RewordingCause.SPELLING, mistake=one)
            for one in find_mistakes(text, read, words, is_name=synonyms.knows)
        ]
    changes.sort(key=lambda one: one.start)
    return Worded(
        terms={shelf: _terms(text, read, changes) for shelf, read in readers.items()},
        embedded=_embedded(text, changes),
        rewordings=_rewordings(text, changes),
    )


def _reader_of_all(readers: Mapping[str, ReadTerms]) -> ReadTerms:
    """Gives what any shelf looks a word up as, each term once."""

    def read(text: str) -> list[str]:
        return list(dict.fromkeys(term for each in readers.values() for term in each(text)))

    return read


def _terms(text: str, read: ReadTerms, changes: Sequence[_Change]) -> list[QueryTerm]:
    """Terms of the query in order; those of changed characters stand in a group."""
    terms: list[QueryTerm] = []
    place = 0
    for change in changes:
        terms += read(text[place : change.start])
        typed = read(text[change.start : change.end])
        others = _alternatives(change, read, max(1, len(typed)))
        terms.append(AnyOf(tuple(typed), tuple(others)))
        place = change.end
    return [*terms, *read(text[place:])]


def _alternatives(change: _Change, read: ReadTerms, n_typed: int) -> list[Alternative]:
    """
    What may stand for the typed words.

    A corrected word counts as if it had been typed, a little less. A synonym counts as
    much as the words that it stands for, whatever number of words it has, and only
    where all of it stands: a network alone is no virtual private network.
    """
    found = []
    for other in change.others:
        terms = tuple(read(other))
        if not terms:
            continue
        if change.mistake is not None:
            found.append(Alternative(terms, CORRECTION_WEIGHT * change.mistake.n_words))
        else:
            weight = SYNONYM_WEIGHT * n_typed / len(terms)
            found.append(Alternative(terms, weight, needs_all=True))
    return found


def _embedded(text: str, changes: Sequence[_Change]) -> str:
    parts, place = [], 0
    for change in changes:
        if change.mistake is not None and change.mistake.is_embedded:
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
