"""The write path: documents to records, vectors and snapshots."""

from kbsearch.indexing.calibrating import FEWEST_DOCUMENTS, AskedShelf, Labelled, Repeated
from kbsearch.indexing.content import snapshot_content
from kbsearch.indexing.explaining import drop_explanations, noted_explanations
from kbsearch.indexing.feedback import drop_feedback_of, forget_feedback, note_feedback
from kbsearch.indexing.labels import note_labels
from kbsearch.indexing.rebuilding import ShelfRebuild
from kbsearch.indexing.restricting import ShelfWriters, staff_writers
from kbsearch.indexing.rollback import roll_back
from kbsearch.indexing.shelf_writer import ShelfWriter
from kbsearch.indexing.trail import Occasion, Trail
from kbsearch.indexing.upsert import preview, published_faces, upsert, withdraw

__all__ = [
    "FEWEST_DOCUMENTS",
    "AskedShelf",
    "Labelled",
    "Occasion",
    "Repeated",
    "ShelfRebuild",
    "ShelfWriter",
    "ShelfWriters",
    "Trail",
    "drop_explanations",
    "drop_feedback_of",
    "forget_feedback",
    "note_feedback",
    "note_labels",
    "noted_explanations",
    "preview",
    "published_faces",
    "roll_back",
    "snapshot_content",
    "staff_writers",
    "upsert",
    "withdraw",
]
