"""The read path: never imports the write path."""

from kbsearch.search.searcher import Ranked, Searcher
from kbsearch.search.shelf_reader import Details, ShelfReader

__all__ = ["Details", "Ranked", "Searcher", "ShelfReader"]
