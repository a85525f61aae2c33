"""Words that match. The only place that imports bm25s."""

from kbsearch.lexical.base import LexicalIndex, Statistics
from kbsearch.lexical.bm25 import Bm25Index
from kbsearch.lexical.exact import ExactIndex
from kbsearch.lexical.recent import RecentDocuments

__all__ = ["Bm25Index", "ExactIndex", "LexicalIndex", "RecentDocuments", "Statistics"]
