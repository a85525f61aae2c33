"""Plots for notebooks, with matplotlib; nothing of kbsearch needs them."""

from kbsearch.plots.explaining import explain
from kbsearch.plots.maps import embedding_map
from kbsearch.plots.measuring import answered, measures, scores

__all__ = ["answered", "embedding_map", "explain", "measures", "scores"]
