"""Scores to order, and hits to what people see."""

from kbsearch.rank.calibration import Calibration, Scored, fit_calibration, require_rate
from kbsearch.rank.fusion import Shares, fuse_scores, reciprocal_rank_fusion
from kbsearch.rank.highlight import highlight_html, matched_spans
from kbsearch.rank.usefulness import (
    N_NEAREST,
    Yardstick,
    common_part,
    crowding,
    spread_rows,
    usefulness,
)

__all__ = [
    "N_NEAREST",
    "Calibration",
    "Scored",
    "Shares",
    "Yardstick",
    "common_part",
    "crowding",
    "fit_calibration",
    "fuse_scores",
    "highlight_html",
    "matched_spans",
    "reciprocal_rank_fusion",
    "require_rate",
    "spread_rows",
    "usefulness",
]
