"""From what is known of a question's candidates to their order, as a search makes it."""

from __future__ import annotations

import math

import numpy as np

from kbsearch.config import RankingSettings
from kbsearch.evaluation.cases import Case
from kbsearch.rank import fuse, prior_factors, with_exact_matches


def ranked(
    case: Case, settings: RankingSettings, *, k: int = 10, depth: int = 100
) -> list[tuple[int, float]]:
    """
    Rows of a case's candidates with their scores, as `Searcher.rank` orders them.

    Without a reranker. Candidates that have nothing in common with the question are left
    out. Scores fall strictly, so that other tools keep the order: of two that are equal
    the one that stands lower gets the next smaller number.

    Args:
        case: At the parameters of BM25 that its signals were made with.
        settings: Weights and priors.
        k: Documents that would be shown; identifiers see to it that one of them holds each.
        depth: Rows wanted.
    """
    found: list[tuple[int, float]] = []
    last = math.inf
    for row, score in _in_order(case, settings, k=k)[:depth]:
        last = min(score, math.nextafter(last, -math.inf))
        found.append((row, last))
    return found


def _in_order(case: Case, settings: RankingSettings, *, k: int) -> list[tuple[int, float]]:
    fused = list(fuse(case.signals, settings.weights).values())
    prior = np.sum(fused, axis=0) * (prior_factors(case.circumstances, settings) - 1)
    columns = (share.tolist() for share in (*fused, prior))
    scores = [min(1.0, max(0.0, sum(shares))) for shares in zip(*columns, strict=True)]
    rows = [row for row, score in enumerate(scores) if score > 0 or case.exact[row]]
    rows.sort(key=lambda row: (-scores[row], case.document_ids[row]))
    if not any(case.exact):
        return [(row, scores[row]) for row in rows]
    placed = with_exact_matches(
        [scores[row] for row in rows],
        [case.exact[row] for row in rows],
        k=k,
        leads=case.is_about_names,
    )
    return [(rows[one.row], min(1.0, scores[rows[one.row]] + one.exact_share)) for one in placed]
