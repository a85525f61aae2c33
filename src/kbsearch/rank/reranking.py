"""A stage of the ranking: what a model that reads query and text together says of the best."""

from __future__ import annotations

import numpy as np

from kbsearch.arrays import Float32


def relevance(log_odds: Float32) -> Float32:
    """
    A reranker's scores on the scale of the other signals, (n,), in [0, 1].

    Log-odds become probabilities, and these are divided by the best of them: as for
    cosines and BM25 scores, what counts is how far behind the best of this query a
    text is. Models differ in how sure of themselves they are, and less in proportions.

    Args:
        log_odds: Of the texts that were scored, (n,), any finite numbers.
    """
    odds = log_odds.astype(np.float64)
    # log of the logistic function, which is exact where the function itself is 0
    logs = -np.logaddexp(0.0, -odds)
    shares: Float32 = np.exp(logs - logs.max(initial=-np.inf)).astype(np.float32)
    return shares
