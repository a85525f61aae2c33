"""The write path: documents to records, vectors and snapshots."""

from kbsearch.indexing.explaining import drop_explanations, noted_explanations
from kbsearch.indexing.shelf_writer import ShelfWriter
from kbsearch.indexing.upsert import preview, upsert, withdraw

__all__ = [
    "ShelfWriter",
    "drop_explanations",
    "noted_explanations",
    "preview",
    "upsert",
    "withdraw",
]
