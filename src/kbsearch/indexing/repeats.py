"""Which rows of a snapshot's content are problems that came again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from kbsearch.errors import DamagedRecordError
from kbsearch.indexing.calibrating import Repeated, Repeats
from kbsearch.snapshots import SnapshotContent
from kbsearch.store import RecordReader

FindsRepeated = Callable[[RecordReader], Sequence[Repeated]]
"""Reads from a shelf's records which tickets are one problem, the newest problem first."""


def nothing_repeated(records: RecordReader) -> Sequence[Repeated]:
    """Of a shelf of which nothing is known."""
    del records
    return ()


def repeats_in(
    content: SnapshotContent, records: RecordReader, find: FindsRepeated
) -> Repeats | None:
    """
    The problems that came again on a shelf, as rows of its content; None without any.

    A linked ticket whose record is damaged leaves the shelf with its text alone: it must not
    stand in the way of what can be published.
    """
    try:
        repeated = find(records)
    except DamagedRecordError:
        return None
    if not repeated:
        return None
    attributes = records.attributes(content.document_keys.tolist())
    row_of = {one.document_id: row for row, one in enumerate(attributes)}
    rows = [
        (row_of[one.first], row_of[one.again])
        for one in repeated
        if one.first in row_of and one.again in row_of
    ]
    first, again = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    created = np.array([one.created_us or 0 for one in attributes], dtype=np.int64)
    return Repeats(first, again, created)
