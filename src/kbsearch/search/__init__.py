"""The read path: never imports the write path."""

from kbsearch.search.pinned import PinnedReader
from kbsearch.search.reranking import Reranking
from kbsearch.search.searcher import Ranked, Searcher
from kbsearch.search.shelf_reader import ShelfReader
from kbsearch.search.shelf_records import Details
from kbsearch.search.similar import same_story

__all__ = [
    "Details",
    "PinnedReader",
    "Ranked",
    "Reranking",
    "Searcher",
    "ShelfReader",
    "same_story",
]
