"""Tickets as they are compared with each other: their problems in columns, one row each."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kbsearch.arrays import Float32, Int64

Float64 = NDArray[np.float64]

UNKNOWN_US = np.iinfo(np.int64).min

MAX_PASSAGES = 8
"""So many passages of a problem are compared: its teller says what is wrong at the start."""


class Report(NamedTuple):
    """
    One ticket's problem, as its asker told it.

    Attributes:
        id: The ticket's.
        title_terms: Of its subject.
        terms: Of subject and problem, repetitions kept.
        vectors: Unit vectors of the problem's passages, (n_passages, dim).
        product: As the ticket names it.
        created_us: Microseconds since 1970 UTC.
    """

    id: str
    title_terms: Sequence[str]
    terms: Sequence[str]
    vectors: Float32
    product: str | None
    created_us: int | None


class Weights(NamedTuple):
    """
    Sparse rows: which entries each report has, and what each weighs.

    Attributes:
        starts: Where the entries of each row begin, (n_rows + 1,).
        entries: Numbers of terms, ascending within a row.
        weights: As many.
    """

    starts: Int64
    entries: Int64
    weights: Float64

    def sums(self) -> Float64:
        """The weights of each row added up, (n_rows,)."""
        whole = np.concatenate([[0.0], np.cumsum(self.weights)])
        found: Float64 = whole[self.starts[1:]] - whole[self.starts[:-1]]
        return found


class Reports(NamedTuple):
    """
    Reports in columns; a row each.

    Attributes:
        ids: Of the tickets.
        vectors: Of all passages, (n_passages, dim).
        starts: Where the passages of each row begin, (n_rows + 1,).
        titles: Terms of the subjects, weighed by rarity.
        words: Terms of subject and problem; their weights add up to BM25 scores.
        products: A number per product, -1 where none is named.
        created_us: Microseconds since 1970 UTC; `UNKNOWN_US` where nobody says.
    """

    ids: list[str]
    vectors: Float32
    starts: Int64
    titles: Weights
    words: Weights
    products: Int64
    created_us: Int64

    def __len__(self) -> int:
        return len(self.ids)


class Rarity(NamedTuple):
    """In how many of a shelf's documents each term stands, and how many terms those have."""

    n_documents: int
    mean_length: float
    frequencies: Mapping[str, int]


def rarity_of(reports: Iterable[Report]) -> Rarity:
    """Counted over these reports themselves."""
    terms: Counter[str] = Counter()
    n = length = 0
    for report in reports:
        n, length = n + 1, length + len(report.terms)
        terms.update(set(report.terms))
    return Rarity(n, length / n if n else 0.0, terms)


def in_columns(
    reports: Sequence[Report], rarity: Rarity, *, k1: float = 1.5, b: float = 0.75
) -> Reports:
    """
    Put reports into columns.

    Args:
        reports: With vectors of one dim.
        rarity: Of the shelf that they stand on.
        k1: BM25's saturation of repeated terms.
        b: BM25's discount of long texts.

    Source:
        Robertson & Zaragoza 2009, with Lucene's idf, which is never negative.
    """
    mean = rarity.mean_length or 1.0
    n_documents = max(rarity.n_documents, 1)

    def idf(term: str) -> float:
        return _idf(n_documents, min(n_documents, rarity.frequencies.get(term, 1)))

    def bm25(report: Report) -> dict[str, float]:
        discount = k1 * (1 - b + b * len(report.terms) / mean)
        counts = Counter(report.terms)
        return {t: idf(t) * n * (k1 + 1) / (n + discount) for t, n in counts.items()}

    known: dict[str, int] = {}
    vectors = [report.vectors[:MAX_PASSAGES] for report in reports]
    products = {p: n for n, p in enumerate(sorted({r.product for r in reports if r.product}))}
    return Reports(
        ids=[report.id for report in reports],
        vectors=np.concatenate(vectors) if vectors else np.zeros((0, 1), np.float32),
        starts=_starts([len(each) for each in vectors]),
        titles=_weigh(({t: idf(t) for t in r.title_terms} for r in reports), known),
        words=_weigh(map(bm25, reports), known),
        products=np.array([products.get(r.product or "", -1) for r in reports], dtype=np.int64),
        created_us=np.array(
            [UNKNOWN_US if r.created_us is None else r.created_us for r in reports], dtype=np.int64
        ),
    )


def _weigh(rows: Iterable[Mapping[str, float]], known: dict[str, int]) -> Weights:
    sizes, entries, weights = [], [], []
    for row in rows:
        numbered = sorted((known.setdefault(term, len(known)), w) for term, w in row.items())
        sizes.append(len(numbered))
        entries.append(np.array([number for number, _ in numbered], dtype=np.int64))
        weights.append(np.array([weight for _, weight in numbered], dtype=np.float64))
    if not sizes:
        return Weights(_starts([]), np.zeros(0, np.int64), np.zeros(0))
    return Weights(_starts(sizes), np.concatenate(entries), np.concatenate(weights))


def _starts(sizes: Sequence[int]) -> Int64:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def _idf(n_documents: int, frequency: int) -> float:
    return math.log(1 + (n_documents - frequency + 0.5) / (frequency + 0.5))
