"""Making one order of what several retrievers found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32
from kbsearch.errors import ConfigError


class Shares(NamedTuple):
    """Weighted, normalised parts of each candidate's score, both (n_candidates,)."""

    dense: Float32
    lexical: Float32


def fuse_scores(cosines: Float32, bm25_scores: Float32, *, dense_weight: float) -> Shares:
    """
    Weigh cosines and BM25 scores, each divided by the best of its kind.

    Unlike ranks, scores keep how far apart candidates are; unlike min-max,
    dividing by the best leaves the distance of good matches alone whatever the
    worst candidate is, so the number of candidates does not move the order.

    Args:
        cosines: (n_candidates,), of each candidate's best passage.
        bm25_scores: (n_candidates,), at least 0.
        dense_weight: Share of the cosine, in [0, 1].

    Returns:
        Shares, each in [0, 1]. Their sums, the scores, are at most 1 but for
        float32's rounding (1e-7), so clip them.

    Source:
        Convex combination: Bruch, Gai & Ingber, "An Analysis of Fusion Functions
        for Hybrid Retrieval", ACM TOIS 2023.
    """
    return Shares(
        dense=np.float32(dense_weight) * _by_best(cosines),
        lexical=np.float32(1 - dense_weight) * _by_best(bm25_scores),
    )


def reciprocal_rank_fusion(
    rankings: Sequence[Sequence[str]], *, rrf_k: int = 60
) -> list[tuple[str, float]]:
    """
    Merge ranked lists into one by reciprocal rank fusion (RRF).

    Only ranks count, so BM25 scores and cosines need no common scale.

    Args:
        rankings: One list of document ids per retriever, best first.
        rrf_k: Rank offset. Not the `k` of top-k; larger flattens the top.

    Returns:
        (document id, score) pairs, best first; ties by document id. A score
        lies in (0, len(rankings) / (rrf_k + 1)].

    Raises:
        ConfigError: If `rrf_k` is negative, or one ranking repeats an id.

    Source:
        Cormack, Clarke & Buettcher, SIGIR 2009 (k = 60 there).
    """
    if rrf_k < 0:
        raise ConfigError(f"rrf_k = {rrf_k} is negative; use 0 or more (60 is usual).")
    scores: defaultdict[str, float] = defaultdict(float)
    for ranking in rankings:
        if len(set(ranking)) != len(ranking):
            raise ConfigError("A ranking names one document twice; each may stand in it once.")
        for rank, document_id in enumerate(ranking, start=1):
            scores[document_id] += 1.0 / (rrf_k + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def _by_best(scores: Float32) -> Float32:
    best = float(scores.max(initial=0.0))
    if best <= 0:
        return np.zeros_like(scores)
    shares: Float32 = np.clip(scores / np.float32(best), 0.0, 1.0)
    return shares
