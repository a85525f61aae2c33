"""What a query asks a lexical index for: terms, and words that may be said in several ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kbsearch.arrays import Int64

Postings = Callable[[str], tuple[Int64, NDArray[Any]]]
"""The rows that hold a term, each once, and its BM25 score in each."""


class Alternative(NamedTuple):
    """
    Other words for what was typed.

    Attributes:
        terms: Of these words.
        weight: What the terms' scores are multiplied by.
        needs_all: Whether a document must hold all of the terms for any to count.
    """

    terms: tuple[str, ...]
    weight: float
    needs_all: bool = False


class AnyOf(NamedTuple):
    """
    Words that were typed, and others that may stand for them.

    A document gets the score of the best one, not their sum: otherwise whoever writes
    "VPN tunnel" would answer a question for a VPN twice, and a word with many synonyms
    would outweigh the rest of the query.

    Attributes:
        typed: Terms of what was typed; each counts where it stands, as it would alone.
        others: What counts in place of these where it scores higher.
    """

    typed: tuple[str, ...]
    others: tuple[Alternative, ...]


QueryTerm = str | AnyOf
"""A term as it was typed, or the best of several ways to say it."""


def all_terms(terms: Sequence[QueryTerm]) -> list[str]:
    """Every term that a document may be found by, in order: what is marked in a hit."""
    found: list[str] = []
    for term in terms:
        if isinstance(term, str):
            found.append(term)
        else:
            found += [*term.typed, *(each for other in term.others for each in other.terms)]
    return found


def plain_and_groups(terms: Sequence[QueryTerm]) -> tuple[list[str], list[AnyOf]]:
    """The terms that stand for themselves, and the words with alternatives."""
    plain = [term for term in terms if isinstance(term, str)]
    return plain, [term for term in terms if not isinstance(term, str)]


def best_of(group: AnyOf, n_rows: int, postings: Postings) -> NDArray[np.float64]:
    """What a word with alternatives adds to the score of every row, (n_rows,), at least 0."""
    best = np.zeros(n_rows)
    for alternative in (Alternative(group.typed, 1.0), *group.others):
        scores, n_held = np.zeros(n_rows), np.zeros(n_rows, dtype=np.int64)
        terms = Counter(alternative.terms)
        for term, n_times in terms.items():
            rows, own = postings(term)
            scores[rows] += n_times * own
            n_held[rows] += 1
        if alternative.needs_all:
            scores[n_held < len(terms)] = 0.0
        np.maximum(best, alternative.weight * scores, out=best)
    return best


def ideal_of(terms: Sequence[QueryTerm], weigh: Callable[[str], tuple[float, bool]]) -> float:
    """
    What a document would score that held all of a query without end; at least 0.

    Of words with alternatives the best one that is known counts: a document cannot
    hold a mistake and its correction.

    Args:
        terms: Of the query.
        weigh: A term's idf, and whether any document holds it.
    """
    plain, groups = plain_and_groups(terms)
    total = sum(n * weigh(term)[0] for term, n in Counter(plain).items())
    for group in groups:
        ways = []
        for way in (Alternative(group.typed, 1.0), *group.others):
            weights = [weigh(term) for term in way.terms]
            if any(is_known for _, is_known in weights):
                ways.append(way.weight * sum(weight for weight, _ in weights))
        total += max(ways, default=sum(weigh(term)[0] for term in group.typed))
    return total
