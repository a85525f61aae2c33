"""Which settings of the ranking labelled questions speak for, and what is left on others."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Sequence
from itertools import combinations
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from kbsearch.arrays import Bool, Int64
from kbsearch.config import RankingSettings
from kbsearch.errors import MissingExtraError
from kbsearch.evaluation import Case
from kbsearch.progress import Progress, silent
from kbsearch.tuning.parameters import PARAMETERS, Group, by_default
from kbsearch.tuning.scoring import Float64, Scorer

N_FOLDS = 5
N_REPEATS = 5
_WORTH = 2.0
"""So many questions gained make settings e times as probable."""
_SEED = 20261122


class Trials(NamedTuple):
    """
    Settings that were tried; the first are those of the desk.

    Nothing of them depends on a label, but for `values`.

    Attributes:
        settings: (n_trials), drawn as they are probable before any label.
        changed: Groups that differ from the desk's own, (n_trials).
        values: nDCG@10, (n_trials, n_cases).
        by_default: Which of them has the defaults; 0 if these are the desk's own.
        scorer: Of the same questions.
    """

    settings: list[RankingSettings]
    changed: list[frozenset[Group]]
    values: Float64
    by_default: int
    scorer: Scorer

    def fitted(self, is_known: Bool, groups: Collection[Group]) -> RankingSettings:
        """
        What is to be expected after some questions: a mean of what was tried, by its gain.

        First which groups are to be changed at all: those whose trials gain most on
        average; the desk's own settings stay if none gains. A mean of many trials is
        seldom the luckiest one, and few questions leave it near the prior's centre.

        Args:
            is_known: Questions whose labels may be looked at, (n_cases,).
            groups: Only these may differ from the desk's own settings.
        """
        gains = (self.values[:, is_known] - self.values[0, is_known]).sum(axis=1) / _WORTH
        best, most = self.settings[0], 0.0
        for own in sorted({one for one in self.changed if one and one <= set(groups)}, key=sorted):
            rows = [row for row, changed in enumerate(self.changed) if changed == own]
            largest = gains[rows].max()
            weights = np.exp(gains[rows] - largest)
            evidence = float(largest + np.log(weights.mean()))
            if evidence > most:
                drawn = [self.settings[row] for row in rows]
                best, most = self._mean(drawn, weights / weights.sum(), own), evidence
        return best

    def _mean(
        self, drawn: Sequence[RankingSettings], weights: Float64, groups: Collection[Group]
    ) -> RankingSettings:
        changes = {}
        for parameter in (one for group in groups for one in PARAMETERS[group]):
            off = [parameter.deviations(getattr(one, parameter.name)) for one in drawn]
            changes[parameter.name] = parameter.value(float(weights @ np.array(off)))
        return self.settings[0].model_copy(update=changes)


def run_trials(
    cases: Sequence[Case],
    start: RankingSettings,
    groups: Collection[Group],
    *,
    fixed_shelf: int | None = None,
    n_trials: int,
    progress: Progress = silent,
) -> Trials:
    """
    Try the desk's own settings, the defaults, and others spread over what is probable.

    Which are tried depends on no label: so each fold may choose among the same ones,
    and what it chooses has seen nothing of the questions that it is measured on.

    Args:
        cases: Labelled questions.
        start: The desk's own settings.
        groups: What may be changed.
        fixed_shelf: Number of the shelf, among a case's, whose BM25 stays as it is.
        n_trials: How many others.
        progress: Told how far it is.

    Raises:
        MissingExtraError: If optuna is not installed.
    """
    plain = by_default(start, groups)
    drawn = _drawn(start, sorted(groups), n_trials)
    settings = list(dict.fromkeys([start, plain, *drawn]))
    settings.sort(  # equal BM25 beside each other: it is made once
        key=lambda one: (one != start, one.bm25_k1, one.bm25_b, one.bm25_title_weight)
    )
    scorer = Scorer(cases, start, fixed_shelf=fixed_shelf)
    values = []
    for number, one in enumerate(settings):
        values.append(scorer.ndcg(one))
        progress("try settings", number + 1, len(settings))
    return Trials(
        settings=settings,
        changed=[_changed(one, start) for one in settings],
        values=np.array(values),
        by_default=settings.index(plain),
        scorer=scorer,
    )


def cross_validated(trials: Trials, folds: Sequence[Int64], groups: Collection[Group]) -> Float64:
    """
    nDCG@10 of each question, (n_cases,), under what the questions of other folds chose.

    Args:
        trials: Of all questions.
        folds: By question, (n_cases,), several times: what comes out is their mean.
        groups: What may be changed.
    """
    found = np.zeros((len(folds), trials.values.shape[1]))
    for own, numbers in zip(found, folds, strict=True):
        for fold in np.unique(numbers):
            is_held_out = numbers == fold
            chosen = trials.fitted(~is_held_out, groups)
            own[is_held_out] = trials.scorer.ndcg(chosen)[is_held_out]
    mean: Float64 = found.mean(axis=0)
    return mean


def make_folds(cases: Sequence[Case]) -> list[Int64]:
    """
    Five folds of questions, (n_cases,), about equally large; five times, always the same.

    Questions that a common document answers, or that answer each other, stand in one
    fold: else a fold would be measured on what it was fitted to.
    """
    families = _families(cases)
    random, found = np.random.default_rng(_SEED), []
    for _ in range(N_REPEATS):
        folds, sizes = np.zeros(len(cases), dtype=np.int64), [0] * N_FOLDS
        order = [families[number] for number in random.permutation(len(families))]
        for family in sorted(order, key=len, reverse=True):
            fold = sizes.index(min(sizes))
            folds[family] = fold
            sizes[fold] += len(family)
        found.append(folds)
    return found


def _families(cases: Sequence[Case]) -> list[list[int]]:
    """Rows of questions that share an answer, in any number of steps."""
    first: dict[str, str] = {}

    def root(name: str) -> str:
        while first.setdefault(name, name) != name:
            name = first[name]
        return name

    for case in cases:
        for document_id, grade in case.relevance.items():
            if grade > 0:
                first[root(document_id)] = root(case.question_id)
    by_root: dict[str, list[int]] = {}
    for row, case in enumerate(cases):
        by_root.setdefault(root(case.question_id), []).append(row)
    return list(by_root.values())


def _drawn(start: RankingSettings, groups: Sequence[Group], n_trials: int) -> list[RankingSettings]:
    """Settings around the prior's centre: each set of groups alike often, evenly spread."""
    subsets = [s for n in range(1, len(groups) + 1) for s in combinations(groups, n)]
    if not subsets:
        return []
    study, drawn = _study(), []
    for number in range(n_trials):
        trial, changes = study.ask(), {}
        for group in groups:
            for parameter in PARAMETERS[group]:
                share = trial.suggest_float(parameter.name, 0.001, 0.999)
                if group in subsets[number % len(subsets)]:
                    changes[parameter.name] = parameter.value(NormalDist().inv_cdf(share))
        study.tell(trial, 0.0)
        drawn.append(start.model_copy(update=changes))
    return drawn


def _study() -> Any:
    """Asked for points of a low-discrepancy sequence, always the same."""
    try:
        import optuna
    except ImportError:
        raise MissingExtraError("Tuning", "optuna", "tuning") from None
    before = optuna.logging.get_verbosity()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        try:
            sampler = optuna.samplers.QMCSampler(seed=_SEED, scramble=True)
            return optuna.create_study(sampler=sampler)
        finally:
            optuna.logging.set_verbosity(before)


def _changed(settings: RankingSettings, start: RankingSettings) -> frozenset[Group]:
    return frozenset(
        group
        for group, parameters in PARAMETERS.items()
        if any(getattr(settings, p.name) != getattr(start, p.name) for p in parameters)
    )
