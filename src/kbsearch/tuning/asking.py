"""Asking a desk's labelled questions of its past, to fit the ranking to what was found."""

from __future__ import annotations

from collections import Counter

import numpy as np

from kbsearch.evaluation import Case, History, LabelSet, Unasked
from kbsearch.progress import Progress, silent

MOST_QUESTIONS = 2000
"""More would change the fit no more; the latest are asked."""
_NOTHING_FOUND = "nothing_found"


def ask(
    history: History, labels: LabelSet, *, progress: Progress = silent
) -> tuple[list[Case], dict[str, int]]:
    """
    The latest questions of the history's audience that can be asked.

    Where nobody knows when a question was asked, nobody knows how old a document was
    then: their ages are unknown.

    Args:
        history: Of the shelves that are asked.
        labels: Of any audience.
        progress: Told how far it is.

    Returns:
        Cases, and how many questions make none, by reason.
    """
    qrels = labels.qrels()
    own = [q for q in labels.questions if q.audience is history.audience and q.id in qrels]
    moments = {one.id: history.asked_us(one) for one in own}
    own = sorted(own, key=lambda one: (moments[one.id] or 0, one.id))[-MOST_QUESTIONS:]
    found: list[Case] = []
    left_out: Counter[str] = Counter()
    told = history.cases((one, qrels[one.id]) for one in own)
    for number, (question, case) in enumerate(told, start=1):
        progress("ask", number, len(own))
        if isinstance(case, Unasked):
            left_out[case.value] += 1
        elif not case.document_ids:
            left_out[_NOTHING_FOUND] += 1
        elif moments[question.id] is None:
            found.append(case._replace(age_days=np.full_like(case.age_days, np.nan)))
        else:
            found.append(case)
    return found, dict(sorted(left_out.items()))
