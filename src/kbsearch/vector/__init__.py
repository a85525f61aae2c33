"""Nearest vectors. The only place that imports FAISS."""

from kbsearch.vector.base import VectorHits, VectorIndex
from kbsearch.vector.flat import FlatIndex
from kbsearch.vector.whitening import Whitening

__all__ = ["FlatIndex", "VectorHits", "VectorIndex", "Whitening"]
