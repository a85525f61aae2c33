"""The write path: documents to records, vectors and snapshots."""

from kbsearch.indexing.shelf_writer import ShelfWriter
from kbsearch.indexing.upsert import upsert

__all__ = ["ShelfWriter", "upsert"]
