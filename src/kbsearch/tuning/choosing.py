"""Whether labelled questions speak for other settings clearly enough to write them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from kbsearch.config import RankingSettings
from kbsearch.evaluation import Case, Measured, compare
from kbsearch.progress import Progress, silent
from kbsearch.tuning.fitting import cross_validated, make_folds, run_trials
from kbsearch.tuning.parameters import PARAMETERS, Group
from kbsearch.tuning.report import Candidate
from kbsearch.tuning.scoring import Float64

FEWEST_QUESTIONS = 20
"""Of fewer, none of five folds has enough to tell anything."""
AS_IT_IS = "as it is"
TOGETHER = "all of these"
NDCG = "nDCG@10"


class Choice(NamedTuple):
    """
    Candidates, and what to do.

    Attributes:
        candidates: The desk's own settings first; the last decides.
        changes: Settings to write; empty to leave them.
        reason: Why.
    """

    candidates: tuple[Candidate, ...]
    changes: dict[str, float]
    reason: str


def choose(
    cases: Sequence[Case],
    start: RankingSettings,
    *,
    with_bm25: bool = False,
    fixed_shelf: int | None = None,
    n_trials: int = 600,
    progress: Progress = silent,
) -> Choice:
    """
    Fit the ranking, and decide by cross-validation whether it has become better.

    Each group of settings is fitted alone, for the reader; and all of them together,
    which decides, so that no candidate is the lucky one of several.

    Args:
        cases: Labelled questions.
        start: The settings that they were made with, the desk's own.
        with_bm25: Whether k1, b and the weight of titles' words are fitted too.
        fixed_shelf: Number of the shelf, among a case's, whose BM25 stays as it is.
        n_trials: Settings that are tried.
        progress: Told how far it is.

    Raises:
        MissingExtraError: If optuna or ir-measures is not installed.
    """
    if len(cases) < FEWEST_QUESTIONS:
        return Choice((), {}, _too_few(len(cases)))
    groups = groups_of(cases, with_bm25=with_bm25)
    trials = run_trials(
        cases, start, groups, fixed_shelf=fixed_shelf, n_trials=n_trials, progress=progress
    )
    folds = make_folds(cases)
    questions = [case.question_id for case in cases]
    before = measured(questions, trials.values[0])
    candidates = [Candidate(name=AS_IT_IS, changes={}, ndcg=before.interval(NDCG))]

    def add(name: str, values: Float64, changes: Mapping[str, float]) -> None:
        after = measured(questions, values)
        gain = compare(after, before, NDCG)
        one = Candidate(name=name, changes=changes, ndcg=after.interval(NDCG), gain=gain)
        candidates.append(one)

    if trials.by_default:
        plain = trials.settings[trials.by_default]
        add("the defaults", trials.values[trials.by_default], _changes(plain, start))
    for name, own in _sets_of(groups):
        chosen = trials.fitted(np.ones(len(cases), dtype=np.bool_), own)
        add(name, cross_validated(trials, folds, own), _changes(chosen, start))
    return _decided(tuple(candidates))


def groups_of(cases: Sequence[Case], *, with_bm25: bool = False) -> list[Group]:
    """
    What questions can say anything of.

    No ages, open tickets alone, or none of which it is known that its answer has not
    held, are all alike.
    """
    groups = [Group.WEIGHTS]
    if any(np.isfinite(case.age_days).any() for case in cases):
        groups.append(Group.RECENCY)
    for group, is_so in (
        (Group.OPEN_TICKETS, [case.is_open_ticket for case in cases]),
        (Group.OUTCOMES, [case.has_bad_outcome for case in cases]),
    ):
        if any(one.any() and not one.all() for one in is_so):
            groups.append(group)
    return [*groups, Group.BM25] if with_bm25 else groups


def _sets_of(groups: Sequence[Group]) -> list[tuple[str, Collection[Group]]]:
    """Each group alone, then all together, with their names."""
    alone: list[tuple[str, Collection[Group]]] = [(group.value, [group]) for group in groups]
    return alone if len(groups) == 1 else [*alone, (TOGETHER, groups)]


def _changes(settings: RankingSettings, start: RankingSettings) -> dict[str, float]:
    names = [parameter.name for own in PARAMETERS.values() for parameter in own]
    return {n: getattr(settings, n) for n in names if getattr(settings, n) != getattr(start, n)}


def _decided(candidates: tuple[Candidate, ...]) -> Choice:
    last = candidates[-1]
    if last.gain is None or not last.changes:
        reason = "The labels do not speak for other settings than the desk has."
        return Choice(candidates, {}, reason)
    told = f"{last.gain.mean:+.4f} nDCG@10, 95 % [{last.gain.low:+.4f}, {last.gain.high:+.4f}]"
    if last.gain.is_better:
        return Choice(candidates, last.changes, f"Better on questions left out: {told}.")
    reason = f"Not better with 95 % confidence on questions left out: {told}."
    return Choice(candidates, {}, reason)


def _too_few(n: int) -> str:
    return (
        f"{n} labelled questions can be asked, and fewer than {FEWEST_QUESTIONS} tell nothing. "
        "Judge some, or import tickets with their duplicates and the articles that solved them."
    )


def measured(questions: Sequence[str], values: Float64) -> Measured:
    """nDCG@10 by question, as it is compared."""
    by_question = {
        one: {NDCG: value} for one, value in zip(questions, values.tolist(), strict=True)
    }
    return Measured(names=(NDCG,), by_question=by_question)
