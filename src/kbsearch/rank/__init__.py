"""Scores to order, and hits to what people see."""

from kbsearch.rank.evidence import success_lower_bound
from kbsearch.rank.exact import Holding, Placed, with_exact_matches
from kbsearch.rank.fusion import Signals, fuse, reciprocal_rank_fusion
from kbsearch.rank.grouping import average_linkage
from kbsearch.rank.highlight import highlight_html, matched_spans, merged_spans

__all__ = [
    "Holding",
    "Placed",
    "Signals",
    "average_linkage",
    "fuse",
    "highlight_html",
    "matched_spans",
    "merged_spans",
    "reciprocal_rank_fusion",
    "success_lower_bound",
    "with_exact_matches",
]
