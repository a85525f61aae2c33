"""Scores to order, and hits to what people see."""

from kbsearch.rank.fusion import Signals, fuse, reciprocal_rank_fusion
from kbsearch.rank.highlight import highlight_html, matched_spans

__all__ = [
    "Signals",
    "fuse",
    "highlight_html",
    "matched_spans",
    "reciprocal_rank_fusion",
]
