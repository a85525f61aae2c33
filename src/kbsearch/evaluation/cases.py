"""What is known of the candidates of one labelled question before any weight is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kbsearch.arrays import Bool, Float32, Int64
from kbsearch.rank import Circumstances, Holding, Signals


class CaseWords(NamedTuple):
    """
    What BM25 is made of, so that its parameters can be tried without an index.

    A question of staff is asked of two shelves, each with terms and statistics of
    its own; `shelves` says whose a candidate is. `words_of_case` makes signals of it.

    Attributes:
        in_title: How often each term of the query stands in each title,
            (n_candidates, n_terms).
        in_text: Likewise in text and tags.
        title_lengths: Terms of each title, (n_candidates,).
        text_lengths: Likewise of text and tags.
        shelves: Which row of the following each candidate goes by, (n_candidates,).
        idf: Of each term, as the shelf stood when the question was asked,
            (n_shelves, n_terms).
        title_idf: Likewise among titles alone.
        counts: How often the query holds each term, (n_shelves, n_terms): 0 where a
            shelf is not asked for it.
        mean_title_lengths: Over all documents of the shelf then, (n_shelves,).
        mean_text_lengths: Likewise.
    """

    in_title: Float32
    in_text: Float32
    title_lengths: Float32
    text_lengths: Float32
    shelves: Int64
    idf: Float32
    title_idf: Float32
    counts: Float32
    mean_title_lengths: Float32
    mean_text_lengths: Float32


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
        has_bad_outcome: It was known then that its answer had not held.
        is_out_of_date: An article before its `valid_from` or from its `valid_until` on.
        speaks_other: It is known to be in another language than the question.
        exact: What each candidate holds of what the question names, of that which is rare.
        is_about_names: Whether these lead, as they are what is asked.
    """

    question_id: str
    relevance: Mapping[str, int]
    document_ids: list[str]
    signals: Signals
    words: CaseWords
    age_days: Float32
    is_open_ticket: Bool
    has_bad_outcome: Bool
    is_out_of_date: Bool
    speaks_other: Bool
    exact: list[tuple[Holding, ...]]
    is_about_names: bool

    @property
    def circumstances(self) -> Circumstances:
        """What the ranking's prior looks at."""
        return Circumstances(
            is_open_ticket=self.is_open_ticket,
            has_bad_outcome=self.has_bad_outcome,
            is_out_of_date=self.is_out_of_date,
            speaks_other=self.speaks_other,
            age_days=self.age_days,
        )
