"""BM25 of a shelf as it stood at any moment: one index of all versions, counted under a mask."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kbsearch.arrays import Bool, Float32, Int64
from kbsearch.evaluation.cases import CaseWords
from kbsearch.lexical.base import idf
from kbsearch.search.recent_words import Words
from kbsearch.text import FieldTerms


class Moment(NamedTuple):
    """
    Which versions stand at one moment.

    Attributes:
        stands: By row of the first versions, (n_rows,); later rows had not been written yet.
        n_documents: How many.
        mean_title_length: Of these, in terms.
        mean_text_length: Likewise of text and tags.
    """

    stands: Bool
    n_documents: int
    mean_title_length: float
    mean_text_length: float


class AskedTerms(NamedTuple):
    """
    The terms of one query with what was known of them at one moment.

    Attributes:
        terms: Each once.
        counts: How often the query holds each, (n_terms,).
        idf: Of each among texts, (n_terms,).
        title_idf: Likewise among titles.
    """

    terms: list[str]
    counts: Float32
    idf: Float32
    title_idf: Float32


class PastWords:
    """
    In which versions each term stands, and how often in title and text.

    Statistics are counted for each question among the versions that stood then, by
    the same formulas as the indexes that a shelf is searched with.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._terms, self._rows = array("i"), array("i")
        self._in_title, self._in_text = array("H"), array("H")
        self._lengths = array("i"), array("i")
        self._starts: Int64 = np.zeros(1, dtype=np.int64)
        self._columns: list[NDArray[Any]] = [self._starts] * 3

    def add(self, terms: FieldTerms) -> None:
        """Take in one version; its row is the number of those before it."""
        row, most = len(self._lengths[0]), np.iinfo(np.uint16).max
        title, text = Counter(terms.title), Counter(terms.text)
        for term in dict.fromkeys([*title, *text]):
            self._terms.append(self._numbers.setdefault(term, len(self._numbers)))
            self._rows.append(row)
            self._in_title.append(min(most, title[term]))
            self._in_text.append(min(most, text[term]))
        self._lengths[0].append(len(terms.title))
        self._lengths[1].append(text.total())

    def arranged(self, order: Int64) -> None:
        """Make ready to be asked: the version of row `order[0]` comes first, and so on."""
        row_of = np.empty(len(order), dtype=np.int64)
        row_of[order] = np.arange(len(order))
        terms = np.frombuffer(self._terms, dtype=np.int32)
        rows = row_of[np.frombuffer(self._rows, dtype=np.int32)].astype(np.int32)
        by_term = np.lexsort((rows, terms))
        columns: list[NDArray[Any]] = [rows]
        columns += [np.frombuffer(each, np.uint16) for each in (self._in_title, self._in_text)]
        self._columns = [column[by_term] for column in columns]
        self._starts = np.searchsorted(terms[by_term], np.arange(len(self._numbers) + 1))
        self._title_lengths, self._text_lengths = (
            np.frombuffer(each, dtype=np.int32)[order] for each in self._lengths
        )
        del self._terms, self._rows, self._in_title, self._in_text, self._lengths

    def moment(self, stands: Bool) -> Moment:
        """Of the first versions, (n_rows,), those that stand."""
        n = int(stands.sum())
        titles, texts = (
            float(lengths[: len(stands)][stands].sum()) / (n or 1)
            for lengths in (self._title_lengths, self._text_lengths)
        )
        return Moment(stands, n, titles, texts)

    def frequencies(self, terms: Sequence[str], moment: Moment) -> dict[str, int]:
        """In how many of the documents of a moment each term stands."""
        return {term: len(self._postings(term, moment)[0]) for term in dict.fromkeys(terms)}

    def asked(self, terms: Sequence[str], moment: Moment) -> AskedTerms:
        """What was known of the terms of a query, repetitions kept."""
        counts = Counter(terms)
        n = moment.n_documents
        frequencies = []
        for term in counts:
            rows, in_title, _ = self._postings(term, moment)
            frequencies.append((len(rows), int((in_title > 0).sum())))
        return AskedTerms(
            list(counts),
            np.array(list(counts.values()), dtype=np.float32),
            np.array([idf(n, text) for text, _ in frequencies], dtype=np.float32),
            np.array([idf(n, title) for _, title in frequencies], dtype=np.float32),
        )

    def words(
        self, asked: AskedTerms, moment: Moment, *, k1: float, b: float, title_weight: int
    ) -> Words:
        """What its words say of each of the first versions, (n_rows,); 0 for what stands not."""
        n_rows = len(moment.stands)
        whole, title = np.zeros(n_rows, np.float32), np.zeros(n_rows, np.float32)
        title_lengths = self._title_lengths[:n_rows]
        lengths = title_weight * title_lengths + self._text_lengths[:n_rows]
        mean = title_weight * moment.mean_title_length + moment.mean_text_length
        discounts = _discounts(lengths, mean, k1=k1, b=b)
        title_discounts = _discounts(title_lengths, moment.mean_title_length, k1=k1, b=b)
        weights = zip(asked.terms, asked.counts, asked.idf, asked.title_idf, strict=True)
        for term, count, own, own_title in weights:
            rows, in_title, in_text = self._postings(term, moment)
            tf = title_weight * in_title.astype(np.float32) + in_text
            whole[rows] += count * own * tf / (tf + discounts[rows])
            tf = in_title.astype(np.float32)
            with np.errstate(invalid="ignore"):  # 0/0 where k1 = 0
                shares = np.where(tf > 0, tf / (tf + title_discounts[rows]), np.float32(0))
            title[rows] += count * own_title * shares
        ideal = np.float32((asked.counts * asked.idf).sum() or 1.0)
        return Words(bm25=whole, coverage=whole / ideal, title_words=title / ideal)

    def counts_of(self, rows: Int64, asked: AskedTerms, moment: Moment) -> tuple[Float32, Float32]:
        """How often each term stands in title and text of some versions, (n, n_terms) each."""
        found = np.zeros((2, len(rows), len(asked.terms)), dtype=np.float32)
        for column, term in enumerate(asked.terms):
            held, in_title, in_text = self._postings(term, moment)
            at = np.searchsorted(held, rows)
            is_held = np.append(held, -1)[at] == rows
            found[0, is_held, column] = in_title[at[is_held]]
            found[1, is_held, column] = in_text[at[is_held]]
        return found[0], found[1]

    def lengths_of(self, rows: Int64) -> tuple[Float32, Float32]:
        """Terms of title and text of some versions, (n,) each."""
        titles, texts = self._title_lengths[rows], self._text_lengths[rows]
        return titles.astype(np.float32), texts.astype(np.float32)

    def _postings(self, term: str, moment: Moment) -> tuple[Int64, NDArray[Any], NDArray[Any]]:
        """Rows that stand and hold a term, ascending, and how often in title and text."""
        number = self._numbers.get(term)
        if number is None:
            none = np.zeros(0, dtype=np.int64)
            return none, none, none
        start, end = self._starts[number], self._starts[number + 1]
        rows, in_title, in_text = (column[start:end] for column in self._columns)
        n = int(np.searchsorted(rows, len(moment.stands)))
        kept = moment.stands[rows[:n]]
        return rows[:n][kept].astype(np.int64), in_title[:n][kept], in_text[:n][kept]


def words_of_case(words: CaseWords, *, k1: float, b: float, title_weight: float) -> Words:
    """
    The signals that words give a case's candidates at any parameters of BM25.

    Args:
        words: Of the case.
        k1: Saturation of repeated words.
        b: How far long documents are discounted.
        title_weight: A word of the title counts as often as so many of the text.
    """
    of = words.shelves
    tf = title_weight * words.in_title + words.in_text
    lengths = title_weight * words.title_lengths + words.text_lengths
    means = title_weight * words.mean_title_lengths + words.mean_text_lengths
    bm25 = _summed(tf, lengths, means[of], (words.counts * words.idf)[of], k1=k1, b=b)
    titles = _summed(
        words.in_title,
        words.title_lengths,
        words.mean_title_lengths[of],
        (words.counts * words.title_idf)[of],
        k1=k1,
        b=b,
    )
    ideals = (words.counts * words.idf).sum(axis=1)
    best = np.where(ideals > 0, ideals, 1)[of].astype(np.float32)
    return Words(bm25=bm25, coverage=bm25 / best, title_words=titles / best)


def _summed(
    tf: Float32, lengths: Float32, means: Float32, weights: Float32, *, k1: float, b: float
) -> Float32:
    discounts = _discounts(lengths, means, k1=k1, b=b)[:, None]
    with np.errstate(invalid="ignore"):  # 0/0 where k1 = 0
        shares = np.where(tf > 0, tf / (tf + discounts), np.float32(0))
    scores: Float32 = (weights * shares).sum(axis=1).astype(np.float32)
    return scores


def _discounts(lengths: NDArray[Any], mean: float | Float32, *, k1: float, b: float) -> Float32:
    shares = lengths / np.where(np.asarray(mean) > 0, mean, 1.0)
    discounts: Float32 = (k1 * (1 - b + b * shares)).astype(np.float32)
    return discounts
