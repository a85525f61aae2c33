"""What scores tell right from wrong, and how often a first hit is right: numbers to draw."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kbsearch.arrays import Float32
from kbsearch.errors import ConfigError
from kbsearch.evaluation.trec import Qrels, Run, best_first

Float64 = NDArray[np.float64]


class SplitScores(NamedTuple):
    """Scores of what was found: of relevant documents (n_relevant,), of all others (n_others,)."""

    relevant: Float64
    others: Float64


def split_scores(qrels: Qrels, run: Run) -> SplitScores:
    """
    The scores of a run, relevant documents apart from all others.

    Args:
        qrels: By question, the relevance of each judged document. Documents that nobody
            judged count as not relevant.
        run: By question, the score of each document that was found; questions that nobody
            judged are not used.
    """
    relevant: list[float] = []
    others: list[float] = []
    for question in qrels.keys() & run.keys():
        for document, score in run[question].items():
            is_relevant = qrels[question].get(document, 0) > 0
            (relevant if is_relevant else others).append(score)
    return SplitScores(np.sort(np.array(relevant)), np.sort(np.array(others)))


class AnsweredCurve(NamedTuple):
    """
    What is gained and lost by answering only where the first hit's score is high enough.

    Attributes:
        thresholds: Descending, (n_points,): at each, what scores at least so much is shown.
        answered: Share of all questions that get an answer there.
        precision: Share of these whose first hit is relevant.
    """

    thresholds: Float64
    answered: Float64
    precision: Float64


def answered_curve(qrels: Qrels, run: Run) -> AnsweredCurve:
    """
    Precision of first hits against the share of questions that are answered.

    Args:
        qrels: As for `split_scores`. A question for which nothing is relevant counts: an
            answer to it is wrong.
        run: As for `split_scores`; a judged question that it lacks is never answered.

    Raises:
        ConfigError: If no judged question has a hit.
    """
    firsts = [
        (run[question][first], qrels[question].get(first, 0) > 0)
        for question in sorted(qrels)
        if (found := run.get(question)) and (first := best_first(found)[0])
    ]
    if not firsts:
        raise ConfigError("No judged question has a hit: there is nothing to draw.")
    scores = np.array([score for score, _ in firsts], dtype=np.float64)
    order = np.argsort(-scores, kind="stable")
    n_right = np.cumsum(np.array([is_right for _, is_right in firsts])[order])
    n_shown = np.arange(1, len(order) + 1)
    is_last = np.append(np.diff(scores[order]) != 0, True)  # equal scores are shown together
    return AnsweredCurve(
        thresholds=scores[order][is_last],
        answered=n_shown[is_last] / len(qrels),
        precision=(n_right / n_shown)[is_last],
    )


def plane(vectors: Float32) -> Float64:
    """
    Rows on the plane on which they differ most, (n, 2): their first two principal components.

    Args:
        vectors: (n, dim), n and dim at least 2.

    Raises:
        ConfigError: If there are fewer than two rows or columns.
    """
    if min(vectors.shape) < 2:
        raise ConfigError(
            f"A map needs two rows and two columns at least; these are {vectors.shape}."
        )
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    left, strength, right = np.linalg.svd(centred, full_matrices=False)
    signs = np.sign(right[:2, :][np.arange(2), np.abs(right[:2]).argmax(axis=1)])
    found: Float64 = left[:, :2] * strength[:2] * np.where(signs == 0, 1, signs)
    return found
