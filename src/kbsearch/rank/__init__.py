"""Scores to order, and hits to what people see."""

from kbsearch.rank.calibration import Calibration, Scored, fit_calibration, require_rate
from kbsearch.rank.evidence import success_lower_bound
from kbsearch.rank.exact import Holding, Placed, with_exact_matches
from kbsearch.rank.fusion import FUSED, Signals, fuse, reciprocal_rank_fusion
from kbsearch.rank.grouping import average_linkage
from kbsearch.rank.highlight import highlight_html, matched_spans, merged_spans
from kbsearch.rank.priors import Circumstances, prior_factors
from kbsearch.rank.usefulness import (
    N_NEAREST,
    Yardstick,
    common_part,
    crowding,
    spread_rows,
    usefulness,
)

__all__ = [
    "FUSED",
    "N_NEAREST",
    "Calibration",
    "Circumstances",
    "Holding",
    "Placed",
    "Scored",
    "Signals",
    "Yardstick",
    "average_linkage",
    "common_part",
    "crowding",
    "fit_calibration",
    "fuse",
    "highlight_html",
    "matched_spans",
    "merged_spans",
    "prior_factors",
    "reciprocal_rank_fusion",
    "require_rate",
    "spread_rows",
    "success_lower_bound",
    "usefulness",
    "with_exact_matches",
]
