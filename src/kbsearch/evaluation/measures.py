"""How good rankings are, by the measures of information retrieval and their standard names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from kbsearch.errors import ConfigError, MissingExtraError
from kbsearch.evaluation.trec import Qrels, Run, best_first, n_tied, require_finite
from kbsearch.models.base import FrozenModel

Float64 = NDArray[np.float64]

DEFAULT_MEASURES = ("nDCG@10", "R@10", "Success@1", "RR", "AP")

_NAME = re.compile(r"(nDCG|AP|RR|P|R|Success|Judged)(\(rel=[1-3]\))?(@[1-9][0-9]{0,3})?")
_NEED_DEPTH = {"P", "R", "Success", "Judged"}
_NEED_NO_GRADE = {"nDCG", "Judged"}
_VALID = "nDCG@10, nDCG, R@10, P@5, Success@1, RR, RR@10, AP, AP@100, Judged@10"

_N_RESAMPLES = 2000
_SEED = 20070701
_COVERED = (2.5, 97.5)


class Interval(FrozenModel):
    """
    Where a mean lies in 19 of 20 cases, were the questions drawn anew.

    Attributes:
        mean: Over the questions that were asked.
        low: 2.5th percentile of the bootstrap; of a single question the least possible.
        high: 97.5th percentile; of a single question the largest possible.
    """

    mean: float
    low: float
    high: float


class Measured(FrozenModel):
    """
    What a run is worth, question by question.

    Attributes:
        names: Of the measures.
        by_question: By question and name of the measure; a question that the run lacks
            has zeros.
        n_lacking: Judged questions that the run lacks; they count as zero.
        n_without_relevant: Judged questions for which nothing is relevant: left out, as
            no ranking could answer them.
        n_tied: Rankings with equal scores; those documents were taken by their ids.
    """

    names: tuple[str, ...]
    by_question: dict[str, dict[str, float]]
    n_lacking: int = 0
    n_without_relevant: int = 0
    n_tied: int = 0

    def values(self, name: str) -> Float64:
        """
        One measure of every question, (n_questions,), in the order of `by_question`.

        Raises:
            ConfigError: If this measure was not taken.
        """
        if name not in self.names:
            raise ConfigError(
                f"{name!r} was not measured, only {', '.join(self.names)}. "
                "Give it to measure() among the names."
            )
        return np.array([own[name] for own in self.by_question.values()], dtype=np.float64)

    def mean(self, name: str) -> float:
        """
        Mean over the questions.

        Raises:
            ConfigError: If this measure was not taken.
        """
        return float(self.values(name).mean())

    def interval(self, name: str) -> Interval:
        """
        Mean with its 95 % percentile bootstrap interval; the same numbers on every call.

        It speaks of chance among questions alone. Where all of them have one value it has
        no width, however few they are.

        Raises:
            ConfigError: If this measure was not taken.
        """
        values = self.values(name)
        low, high = (0.0, 1.0) if len(values) == 1 else bootstrapped(values)
        return Interval(mean=float(values.mean()), low=low, high=high)

    def of(self, questions: Iterable[str]) -> Measured:
        """
        These of the questions alone, as of one product or one language.

        Raises:
            ConfigError: If none of them was measured.
        """
        wanted = set(questions)
        own = {name: row for name, row in self.by_question.items() if name in wanted}
        if not own:
            raise ConfigError("None of these questions was measured: there is nothing to say.")
        return Measured(names=self.names, by_question=own)


def measure(qrels: Qrels, run: Run, names: Sequence[str] = DEFAULT_MEASURES) -> Measured:
    """
    Measure rankings against what is known to be relevant.

    Gain and discount of nDCG are trec_eval's: the grade itself, over log2(rank + 1).
    Documents that nobody judged count as not relevant.

    Args:
        qrels: By question, the relevance of each judged document.
        run: By question, the score of each document that was found. Documents with equal
            scores are taken by their ids. Questions that nobody judged are not used.
        names: As ir-measures writes them: nDCG@10, R@10, Success@1, RR, AP, P@5.

    Returns:
        Values in [0, 1]. A judged question that the run lacks counts zero; one for which
        nothing is relevant is left out. Both are counted.

    Raises:
        ConfigError: If a name is unknown, a score is not finite, or no question has a
            relevant document.
        MissingExtraError: If ir-measures is not installed.

    Source:
        MacAvaney, Macdonald & Ounis, ECIR 2022 (ir-measures).
    """
    _require_names(names)
    answerable = {
        question: {document: max(grade, 0) for document, grade in own.items()}
        for question, own in qrels.items()
        if any(grade > 0 for grade in own.values())
    }
    if not answerable:
        raise ConfigError(
            f"None of the {len(qrels)} judged questions has a relevant document: no ranking can "
            "be measured by them. Give labels with a relevance of 1 or more."
        )
    found = {question: run[question] for question in answerable if run.get(question)}
    require_finite(found)
    return Measured(
        names=tuple(names),
        by_question=_calculate(answerable, found, names),
        n_lacking=len(answerable) - len(found),
        n_without_relevant=len(qrels) - len(answerable),
        n_tied=n_tied(found),
    )


def _require_names(names: Sequence[str]) -> None:
    if isinstance(names, str) or not names:
        raise ConfigError(f"Give a list of one or more measures, such as {list(DEFAULT_MEASURES)}.")
    for name in names:
        match = _NAME.fullmatch(name) if isinstance(name, str) else None
        kind, grade, depth = match.groups() if match else ("", None, None)
        is_whole = depth is not None or kind not in _NEED_DEPTH
        if not match or not is_whole or (grade and kind in _NEED_NO_GRADE):
            raise ConfigError(f"There is no measure {name!r:.40}. Valid are, such as {_VALID}.")


def _calculate(
    qrels: dict[str, dict[str, int]], run: Run, names: Sequence[str]
) -> dict[str, dict[str, float]]:
    try:
        import ir_measures
    except ImportError:
        raise MissingExtraError("Measuring", "ir-measures", "evaluation") from None
    called = defaultdict[ir_measures.Measure, list[str]](list)  # RR and RR(rel=1) are one
    for name in dict.fromkeys(names):
        called[ir_measures.parse_measure(name)].append(name)
    # trec_eval compares scores as 32-bit floats and takes equal ones in falling order of ids
    ranked = {
        question: {one: float(-rank) for rank, one in enumerate(best_first(own))}
        for question, own in run.items()
    }
    values = {question: dict.fromkeys(names, 0.0) for question in qrels}
    for one in ir_measures.iter_calc(list(called), qrels, ranked):
        values[one.query_id] |= dict.fromkeys(called[one.measure], float(one.value))
    return values


def bootstrapped(values: Float64) -> tuple[float, float]:
    """2.5th and 97.5th percentile of the mean of questions drawn anew, with a fixed seed."""
    random = np.random.default_rng(_SEED)
    n = len(values)
    means = [values[random.integers(0, n, n)].mean() for _ in range(_N_RESAMPLES)]
    low, high = np.percentile(means, _COVERED)
    return float(low), float(high)
