"""The write path: documents to records, vectors and snapshots."""

from kbsearch.indexing.explaining import drop_explanations, noted_explanations
from kbsearch.indexing.rebuilding import ShelfRebuild
from kbsearch.indexing.rollback import roll_back
from kbsearch.indexing.shelf_writer import ShelfWriter
from kbsearch.indexing.upsert import preview, upsert, withdraw

__all__ = [
    "ShelfRebuild",
    "ShelfWriter",
    "drop_explanations",
    "noted_explanations",
    "preview",
    "roll_back",
    "upsert",
    "withdraw",
]
