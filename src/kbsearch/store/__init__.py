"""A shelf's records in SQLite: the truth. The only place that writes SQL."""

from kbsearch.store.audit import AuditFilter, Told
from kbsearch.store.audit_writer import AuditWriter
from kbsearch.store.feedback_writer import FeedbackWriter
from kbsearch.store.lock import is_writer_at_work, writer_lock
from kbsearch.store.migrations import is_older, migrate
from kbsearch.store.reader import BOILERPLATE, RecordReader, is_remade
from kbsearch.store.rows import (
    Attributes,
    Change,
    NewVector,
    Position,
    PreparedDocument,
    StoredPassage,
    attributes_of,
    content_hash,
    exact_keys,
    to_raw,
    to_us,
)
from kbsearch.store.schema import create
from kbsearch.store.writer import RecordWriter

__all__ = [
    "BOILERPLATE",
    "Attributes",
    "AuditFilter",
    "AuditWriter",
    "Change",
    "FeedbackWriter",
    "NewVector",
    "Position",
    "PreparedDocument",
    "RecordReader",
    "RecordWriter",
    "StoredPassage",
    "Told",
    "attributes_of",
    "content_hash",
    "create",
    "exact_keys",
    "is_older",
    "is_remade",
    "is_writer_at_work",
    "migrate",
    "to_raw",
    "to_us",
    "writer_lock",
]
