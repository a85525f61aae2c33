"""Labelled questions with invented candidates, for tests that fit or measure a ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kbsearch.evaluation import Case, CaseWords
from kbsearch.rank import Signals


def made_case(
    question_id: str,
    relevance: Mapping[str, int],
    ids: Sequence[str],
    *,
    ages: Sequence[float] | None = None,
    words: CaseWords | None = None,
    **signals: Any,
) -> Case:
    """
    One question; signals that are not given say nothing of any candidate.

    Args:
        question_id: Of the question.
        relevance: Of documents.
        ids: Of the candidates.
        ages: In days; left out, unknown.
        words: Behind the BM25 signals; left out, there are none.
        signals: By name, one value for each candidate.
    """
    n = len(ids)
    none: dict[str, Any] = {name: np.zeros(n, dtype=np.float32) for name in Signals._fields}
    given = {name: np.array(values, dtype=np.float32) for name, values in signals.items()}
    no = np.zeros(n, dtype=np.bool_)
    return Case(
        question_id=question_id,
        relevance=relevance,
        document_ids=list(ids),
        signals=Signals(**none | given),
        words=words or no_words(n),
        age_days=np.array([np.nan] * n if ages is None else ages, dtype=np.float32),
        is_open_ticket=no,
        has_bad_outcome=no,
        is_out_of_date=no,
        speaks_other=no,
        exact=[()] * n,
        is_about_names=False,
    )


def no_words(n: int) -> CaseWords:
    """Of n candidates that hold no term of the question."""
    return words_of(np.zeros((n, 1)), np.zeros((n, 1)), [1.0] * n, [10.0] * n)


def words_of(
    in_title: Any, in_text: Any, title_lengths: Sequence[float], text_lengths: Sequence[float]
) -> CaseWords:
    """Of one shelf whose means are 2 terms for titles and 10 for texts; each idf is 1."""
    n_terms = np.shape(in_title)[1]
    ones = np.ones((1, n_terms), dtype=np.float32)
    return CaseWords(
        in_title=np.array(in_title, dtype=np.float32),
        in_text=np.array(in_text, dtype=np.float32),
        title_lengths=np.array(title_lengths, dtype=np.float32),
        text_lengths=np.array(text_lengths, dtype=np.float32),
        shelves=np.zeros(len(title_lengths), dtype=np.int64),
        idf=ones,
        title_idf=ones,
        counts=ones,
        mean_title_lengths=np.array([2.0], dtype=np.float32),
        mean_text_lengths=np.array([10.0], dtype=np.float32),
    )


def random_cases(n: int, *, seed: int = 0, n_candidates: int = 30) -> list[Case]:
    """Questions with one answer each, whose signals are noise around a little truth."""
    random = np.random.default_rng(seed)
    cases = []
    for number in range(n):
        ids = [f"doc:{number}-{one}" for one in range(n_candidates)]
        signals = {name: random.random(n_candidates) for name in Signals._fields}
        for values in signals.values():
            values[0] += 0.2
        ages = random.exponential(300, n_candidates)
        given: dict[str, Any] = {"ages": ages, **signals}
        cases.append(made_case(f"q:{number}", {ids[0]: 1}, ids, **given))
    return cases
