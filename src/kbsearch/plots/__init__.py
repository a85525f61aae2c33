"""Plots for notebooks, with matplotlib; nothing of kbsearch needs them."""

from kbsearch.plots.counting import counts
from kbsearch.plots.explaining import explain
from kbsearch.plots.maps import embedding_map
from kbsearch.plots.measuring import answered, intervals, measures, scores

__all__ = ["answered", "counts", "embedding_map", "explain", "intervals", "measures", "scores"]
