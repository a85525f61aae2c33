"""Making one order of what several retrievers found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32
from kbsearch.errors import ConfigError
from kbsearch.models import Stage

FUSED = (Stage.PASSAGES, Stage.TITLES, Stage.BM25, Stage.COVERAGE, Stage.TITLE_WORDS)
"""The stages whose shares the fusion makes, in the order of `Signals`."""


class Signals(NamedTuple):
    """
    What the retrievers say of each candidate; arrays all (n_candidates,).

    Attributes:
        passages: Whitened cosine of the best passage.
        titles: Whitened cosine of the title.
        bm25: BM25 score of the whole document, at least 0.
        coverage: That score over what a document could score at best, in [0, 1].
        title_words: The same of the title.
    """

    passages: Float32
    titles: Float32
    bm25: Float32
    coverage: Float32
    title_words: Float32


def fuse(signals: Signals, weights: Mapping[Stage, float]) -> dict[Stage, Float32]:
    """
    Weigh the signals of all candidates of one query.

    Cosines and BM25 scores have no common scale, so each is divided by the best
    of its kind: unlike ranks, they keep how far apart candidates are, and unlike
    min-max the order does not depend on the worst candidate. Coverage stays as it
    is. So the words of a query that no document holds whole count little, and
    count much where one does: the weight of words adapts to each query.

    Args:
        signals: Of the candidates.
        weights: Of the stages; only their proportions count.

    Returns:
        By stage, (n_candidates,) each; their sums, the scores, lie in [0, 1]
        but for float32's rounding.

    Source:
        Convex combination: Bruch, Gai & Ingber, "An Analysis of Fusion Functions
        for Hybrid Retrieval", ACM TOIS 2023.
    """
    parts = {
        Stage.PASSAGES: _by_best(signals.passages),
        Stage.TITLES: _by_best(signals.titles),
        Stage.BM25: _by_best(signals.bm25),
        Stage.COVERAGE: np.clip(signals.coverage, 0.0, 1.0),
        Stage.TITLE_WORDS: np.clip(signals.title_words, 0.0, 1.0),
    }
    total = sum(weights[stage] for stage in parts) or 1.0
    return {stage: part * np.float32(weights[stage] / total) for stage, part in parts.items()}


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
    if best <= np.finfo(np.float32).tiny:
        return np.zeros_like(scores)
    shares: Float32 = np.clip(scores / np.float32(best), 0.0, 1.0)
    return shares
