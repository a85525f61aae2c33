"""Scores to order, and hits to what people see."""

from kbsearch.rank.evidence import success_lower_bound
from kbsearch.rank.fusion import Shares, fuse_scores, reciprocal_rank_fusion
from kbsearch.rank.grouping import average_linkage
from kbsearch.rank.highlight import highlight_html, matched_spans

__all__ = [
    "Shares",
    "average_linkage",
    "fuse_scores",
    "highlight_html",
    "matched_spans",
    "reciprocal_rank_fusion",
    "success_lower_bound",
]
