"""What is known of the candidates of one labelled question before any weight is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kbsearch.arrays import Bool, Float32
from kbsearch.rank import Signals


class CaseWords(NamedTuple):
    """
    What BM25 is made of, so that its parameters can be tried without an index.

    Attributes:
        in_title: How often each term of the query stands in each title,
            (n_candidates, n_terms).
        in_text: Likewise in text and tags.
        title_lengths: Terms of each title, (n_candidates,).
        text_lengths: Likewise of text and tags.
        idf: Of each term, (n_terms,), as the shelf stood when the question was asked.
        counts: How often the query holds each term, (n_terms,).
        mean_title_length: Over all documents of the shelf then.
        mean_text_length: Likewise.
    """

    in_title: Float32
    in_text: Float32
    title_lengths: Float32
    text_lengths: Float32
    idf: Float32
    counts: Float32
    mean_title_length: float
    mean_text_length: float


class Case(NamedTuple):
    """
    One question with its candidates; arrays all (n_candidates,).

    Attributes:
        question_id: Of the question.
        relevance: Of every judged document that could be found when it was asked, a
            candidate or not; never empty.
        document_ids: Of the candidates.
        signals: What the retrievers said, at the desk's own BM25 parameters.
        words: Behind the BM25 signals.
        age_days: Of each candidate when the question was asked; not a number if unknown.
        is_open_ticket: It had no answer then.
    """

    question_id: str
    relevance: Mapping[str, int]
    document_ids: list[str]
    signals: Signals
    words: CaseWords
    age_days: Float32
    is_open_ticket: Bool
