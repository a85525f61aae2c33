"""Scores to order, and hits to what people see."""

from kbsearch.rank.exact import Holding, Placed, with_exact_matches
from kbsearch.rank.fusion import Signals, fuse, reciprocal_rank_fusion
from kbsearch.rank.highlight import highlight_html, matched_spans, merged_spans

__all__ = [
    "Holding",
    "Placed",
    "Signals",
    "fuse",
    "highlight_html",
    "matched_spans",
    "merged_spans",
    "reciprocal_rank_fusion",
    "with_exact_matches",
]
