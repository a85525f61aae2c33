"""Whether documents that are cut into passages of another size are found better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from kbsearch.config import RankingSettings
from kbsearch.evaluation import Case, Measured, compare
from kbsearch.tuning.choosing import AS_IT_IS, FEWEST_QUESTIONS, NDCG, measured
from kbsearch.tuning.fitting import make_folds
from kbsearch.tuning.report import Candidate
from kbsearch.tuning.scoring import Float64, Scorer

LEAST_GAIN = 0.005
"""nDCG@10 that another size must gain with 95 % confidence: it costs all vectors anew."""


class SizeChoice(NamedTuple):
    """
    Sizes of passages, and which is better.

    Attributes:
        candidates: The desk's own size first; the last decides.
        max_tokens: What to set; None to leave it.
        reason: Why.
    """

    candidates: tuple[Candidate, ...]
    max_tokens: int | None
    reason: str


def choose_size(
    own: Sequence[Case], others: Mapping[int, Sequence[Case]], settings: RankingSettings
) -> SizeChoice:
    """
    Decide, question by question, whether another size finds more under the same settings.

    One other size has nothing that could be fitted to labels. Of several, the one that
    gains most on four folds is measured on the fifth, and what this gains decides. A
    size that does not gain `LEAST_GAIN` on four folds is not chosen there.

    Args:
        own: Labelled questions, asked of passages as the desk has them.
        others: The same asked of passages of at most so many tokens; a question that
            is missing found nothing.
        settings: Of the ranking, whatever the size.
    """
    cases = {case.question_id: case for each in (own, *others.values()) for case in each}
    if len(cases) < FEWEST_QUESTIONS:
        return SizeChoice((), None, "There are too few questions to compare sizes of passages.")
    questions = list(cases)
    before = _values(own, settings, questions)
    values = {size: _values(each, settings, questions) for size, each in sorted(others.items())}
    plain = measured(questions, before)
    candidates = [Candidate(name=AS_IT_IS, changes={}, ndcg=plain.interval(NDCG))]
    for size, found in values.items():
        changes: dict[str, float] = {"max_tokens": size}
        candidates.append(
            _candidate(f"passages of {size}", changes, measured(questions, found), plain)
        )
    gains = np.array(list(values.values())) - before
    best = list(values)[int(gains.mean(axis=1).argmax())]
    if len(values) > 1:
        held_out = before + _held_out(gains, list(cases.values()))
        candidates.append(
            _candidate(
                "the best of four folds", {"max_tokens": best}, measured(questions, held_out), plain
            )
        )
    return _decided(tuple(candidates), best)


def _values(cases: Sequence[Case], settings: RankingSettings, questions: Sequence[str]) -> Float64:
    """nDCG@10 of each question, (n_questions,); 0 where nothing was found."""
    found = Scorer(cases, settings).ndcg(settings).tolist() if cases else []
    known = dict(zip((case.question_id for case in cases), found, strict=True))
    return np.array([known.get(one, 0.0) for one in questions], dtype=np.float64)


def _held_out(gains: Float64, cases: Sequence[Case]) -> Float64:
    """What each question gains, (n_questions,), by the size that those of other folds chose."""
    folds = make_folds(cases)
    found = np.zeros((len(folds), gains.shape[1]))
    for own, numbers in zip(found, folds, strict=True):
        for fold in np.unique(numbers):
            is_known = numbers != fold
            sums = gains[:, is_known].sum(axis=1)
            if sums.max() > LEAST_GAIN * is_known.sum():  # not if all stand in one fold
                own[~is_known] = gains[sums.argmax(), ~is_known]
    mean: Float64 = found.mean(axis=0)
    return mean


def _candidate(
    name: str, changes: dict[str, float], after: Measured, before: Measured
) -> Candidate:
    gain = compare(after, before, NDCG)
    return Candidate(name=name, changes=changes, ndcg=after.interval(NDCG), gain=gain)


def _decided(candidates: tuple[Candidate, ...], best: int) -> SizeChoice:
    gain = candidates[-1].gain
    if gain is None:
        return SizeChoice(candidates, None, "No other size of passages was tried.")
    told = f"{gain.mean:+.4f} nDCG@10, 95 % [{gain.low:+.4f}, {gain.high:+.4f}]"
    if gain.low > LEAST_GAIN:
        return SizeChoice(candidates, best, f"Passages of {best} tokens find more: {told}.")
    reason = f"No other size of passages gains more than {LEAST_GAIN} with 95 % confidence: {told}."
    return SizeChoice(candidates, None, reason)
