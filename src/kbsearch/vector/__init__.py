"""Nearest vectors. The only place that imports FAISS."""

from kbsearch.vector.base import VectorHits, VectorIndex
from kbsearch.vector.flat import FlatIndex

__all__ = ["FlatIndex", "VectorHits", "VectorIndex"]
