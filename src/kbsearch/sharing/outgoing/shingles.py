"""How far one sentence is a copy of another, word by word, whatever was edited in it."""

from __future__ import annotations

import itertools
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kbsearch.text import Analyzer

_URL = re.compile(r"(?<!\w)https?://[^\s<>\"'`|\\)\]}]{1,2000}")
_PRIOR_DOCUMENTS = 200
"""A small desk does not know yet which words are common; it is taken for one of so many more."""
_PRIOR_FREQUENCY = 2
_GAP = 3
"""So far apart may two words stand that stood side by side."""
_LEAST_FUZZY = 5
_LEAST_RUN = 6
_ORDER_SHARE = 0.4
_OTHER_NUMBER = 0.7


class Words(NamedTuple):
    """The terms of a sentence in order, without stop words, and all its words in one string."""

    terms: tuple[str, ...]
    plain: str


def read_words(text: str, analyzer: Analyzer) -> Words:
    """
    A sentence as it is compared: its case, punctuation, markup and inflections do not count.

    Nor do its links: addresses on one site share half their words, and are looked for apart.
    """
    text = _URL.sub(" ", text)
    folded = "".join(c if c.isalnum() else " " for c in text.casefold() if c not in "'\u2019")
    return Words(tuple(analyzer.terms(text)), f" {' '.join(folded.split())} ")


class Weights:
    """
    What a shared word proves: much if few documents hold it.

    Args:
        frequencies: In how many documents each term stands.
        n_documents: Of the desk.
    """

    def __init__(self, frequencies: Mapping[str, int], n_documents: int) -> None:
        self._frequencies = frequencies
        self._n = n_documents + _PRIOR_DOCUMENTS

    def of(self, term: str) -> float:
        """The surprise of meeting a term, in nats, at least 0."""
        frequency = self._frequencies.get(term, 0) + _PRIOR_FREQUENCY
        return max(0.0, math.log(self._n / frequency))

    def total(self, terms: Iterable[str]) -> float:
        """Of several terms."""
        return sum(map(self.of, terms))


class Likeness(NamedTuple):
    """
    How far a sentence repeats another.

    Attributes:
        score: In [0, 1]; 1 for one that holds all words of the other in their order.
        weight: What the shared words prove, in nats.
        places: Which terms of the sentence the other holds too.
        is_exact: Whether one holds the other word for word.
    """

    score: float
    weight: float
    places: frozenset[int]
    is_exact: bool

    @property
    def evidence(self) -> float:
        """How alike two sentences are, the more so the more they share."""
        return self.score * self.weight


NOTHING_SHARED = Likeness(0.0, 0.0, frozenset(), is_exact=False)


def likeness(one: Words, other: Words, weights: Weights) -> Likeness:
    """
    Compare two sentences; the shorter may be a part of the longer.

    Weighted words that both hold, discounted if they stand in another order or if a
    number of the one stands nowhere in the other.
    """
    pairs = _paired(one.terms, other.terms)
    if not pairs:
        return NOTHING_SHARED
    shared = weights.total(one.terms[i] for i, _ in pairs)
    whole, whole_other = weights.total(one.terms), weights.total(other.terms)
    in_order = [0 < later[1] - earlier[1] <= _GAP for earlier, later in itertools.pairwise(pairs)]
    order = sum(in_order) / len(in_order) if in_order else 0.0
    covered = shared / max(min(whole, whole_other), shared, 1e-9)
    score = covered * (1 - _ORDER_SHARE + _ORDER_SHARE * order)
    score = max(score, _run_score(in_order, pairs, one.terms, weights, min(whole, whole_other)))
    if _has_other_number(one.terms, other.terms, pairs):
        score *= _OTHER_NUMBER
    is_exact = one.plain in other.plain or other.plain in one.plain
    return Likeness(min(1.0, score), shared, frozenset(i for i, _ in pairs), is_exact)


def _paired(terms: Sequence[str], others: Sequence[str]) -> list[tuple[int, int]]:
    """Places of the same words, each used once; of several the one that keeps the order best."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, term in enumerate(others):
        places[term].append(place)
    pairs: list[tuple[int, int]] = []
    last = -1
    missing: list[tuple[int, int]] = []
    for i, term in enumerate(terms):
        free = places.get(term)
        if not free:
            missing.append((i, len(pairs)))
            continue
        found = min(free, key=lambda place: (place <= last, abs(place - last)))
        free.remove(found)
        pairs.append((i, found))
        last = found
    if missing:
        taken = {place for _, place in pairs}
        rest = [place for place in range(len(others)) if place not in taken]
        pairs += _misspelt(terms, others, [i for i, _ in missing], rest)
        pairs.sort()
    return pairs


def _misspelt(
    terms: Sequence[str], others: Sequence[str], missing: Iterable[int], rest: list[int]
) -> list[tuple[int, int]]:
    pairs = []
    for i in missing:
        found = next((j for j in rest if _is_misspelt(terms[i], others[j])), None)
        if found is not None:
            rest.remove(found)
            pairs.append((i, found))
    return pairs


def _is_misspelt(one: str, other: str) -> bool:
    """Whether two words differ by one letter that is missing, other, or changed places."""
    if one[0] != other[0] and one[-1] != other[-1]:
        return False
    if min(len(one), len(other)) < _LEAST_FUZZY or abs(len(one) - len(other)) > 1:
        return False
    if any(c.isdigit() for c in one + other):
        return False
    head = _n_common(one, other)
    tail = _n_common(one[::-1], other[::-1])
    longest = max(len(one), len(other))
    if head + tail >= longest - 1:
        return True
    return len(one) == len(other) and head + tail == longest - 2 and sorted(one) == sorted(other)


def _n_common(one: str, other: str) -> int:
    n = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        n += 1
    return n


def _run_score(
    in_order: Sequence[bool],
    pairs: Sequence[tuple[int, int]],
    terms: Sequence[str],
    weights: Weights,
    whole: float,
) -> float:
    """Of the longest part that was taken over in order, if it is long; its share is forgiven."""
    best: list[int] = []
    run = [pairs[0][0]]
    for goes_on, (earlier, _), (place, _) in zip(in_order, pairs, pairs[1:], strict=False):
        run = [*run, place] if goes_on and place - earlier <= _GAP else [place]
        best = max(best, run, key=len)
    if len(best) < _LEAST_RUN:
        return 0.0
    share = weights.total(terms[place] for place in best) / max(whole, 1e-9)
    return min(1.0, 0.5 + share / 2)


def has_other_number(one: Words, other: Words) -> bool:
    """Whether both hold a number that the other lacks: they state different facts."""
    ours = {term for term in one.terms if _is_number(term)}
    theirs = {term for term in other.terms if _is_number(term)}
    return bool(ours - theirs) and bool(theirs - ours)


def _has_other_number(
    terms: Sequence[str], others: Sequence[str], pairs: Sequence[tuple[int, int]]
) -> bool:
    """Whether both hold a number that the other lacks: they state different facts."""
    ours, theirs = {i for i, _ in pairs}, {j for _, j in pairs}
    return any(_is_number(t) for i, t in enumerate(terms) if i not in ours) and any(
        _is_number(t) for j, t in enumerate(others) if j not in theirs
    )


def _is_number(term: str) -> bool:
    return any(c.isdigit() for c in term)
