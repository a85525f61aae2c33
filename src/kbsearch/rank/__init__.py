"""Scores to order, and hits to what people see."""

from kbsearch.rank.exact import Holding, Placed, with_exact_matches
from kbsearch.rank.fusion import Shares, fuse_scores, reciprocal_rank_fusion
from kbsearch.rank.highlight import highlight_html, matched_spans, merged_spans

__all__ = [
    "Holding",
    "Placed",
    "Shares",
    "fuse_scores",
    "highlight_html",
    "matched_spans",
    "merged_spans",
    "reciprocal_rank_fusion",
    "with_exact_matches",
]
