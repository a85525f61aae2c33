"""When a likeness is a leak: enough was taken over, not everybody says it, and it is not public."""

from __future__ import annotations

from collections.abc import Sequence

from kbsearch.sharing.outgoing.shingles import Likeness, Weights, Words
from kbsearch.sharing.outgoing.sources import LineIndex, Match, Origin

LEAST_TERMS = 4
LEAST_SCORE = 0.62
LEAST_WEIGHT = 13.0
"""In nats: what would stand by chance once in half a million sentences."""
LEAST_TERMS_OF_EXACT = 3
LEAST_WEIGHT_OF_EXACT = 9.5
_NEW_SHARE = 0.35
_NEW_WEIGHT = 5.0
_N_REPLIES, _N_CUSTOMERS, _N_STOCK = 2, 3, 5
_STOCK_WEIGHT = 20.0


def copy_of(matches: Sequence[Match]) -> Match | None:
    """The line that a sentence was taken from, if it was and is no stock phrase."""
    alike = [match for match in matches if _is_alike(match)]
    if not alike:
        return None
    by_origin = {origin: _n_documents(alike, origin) for origin in Origin}
    if by_origin[Origin.REPLY] >= _N_REPLIES or by_origin[Origin.CUSTOMER] >= _N_CUSTOMERS:
        return None
    n_documents = len({match.line.document_id for match in alike})
    if n_documents >= _N_STOCK and alike[0].likeness.weight < _STOCK_WEIGHT:
        return None
    return alike[0]


def _is_alike(match: Match) -> bool:
    like = match.likeness
    if like.is_exact and like.weight >= LEAST_WEIGHT_OF_EXACT:
        return len(like.places) >= LEAST_TERMS_OF_EXACT
    return (
        like.score >= LEAST_SCORE
        and like.weight >= LEAST_WEIGHT
        and len(like.places) >= LEAST_TERMS
    )


def _n_documents(matches: Sequence[Match], origin: Origin) -> int:
    return len({match.line.document_id for match in matches if match.line.origin is origin})


def is_told(words: Words, match: Match, told: LineIndex, weights: Weights) -> bool:
    """Whether customers can read the same: of what was taken over, hardly anything is new."""
    taken = match.likeness.places
    alike = [other.likeness for other in told.matches(words)[:2]]
    if any(_is_as_much(like, match.likeness) for like in alike):
        return True
    if not any(like.score >= LEAST_SCORE / 2 for like in alike):
        return False
    public = frozenset(place for like in alike for place in like.places)
    total = weights.total(words.terms[place] for place in taken)
    new = weights.total(words.terms[place] for place in taken - public)
    return new < _NEW_WEIGHT or new < _NEW_SHARE * total


def _is_as_much(one: Likeness, other: Likeness) -> bool:
    """A line of two words that stands whole in a sentence is as like it, and is not all of it."""
    return one.score >= other.score and one.weight >= other.weight
