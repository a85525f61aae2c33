"""The write path: documents to records, vectors and snapshots."""

from kbsearch.indexing.explaining import drop_explanations, noted_explanations
from kbsearch.indexing.rebuilding import ShelfRebuild
from kbsearch.indexing.restricting import ShelfWriters, staff_writers
from kbsearch.indexing.rollback import roll_back
from kbsearch.indexing.shelf_writer import ShelfWriter
from kbsearch.indexing.upsert import preview, upsert, withdraw

__all__ = [
    "ShelfRebuild",
    "ShelfWriter",
    "ShelfWriters",
    "drop_explanations",
    "noted_explanations",
    "preview",
    "roll_back",
    "staff_writers",
    "upsert",
    "withdraw",
]
