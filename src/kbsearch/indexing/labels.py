"""What somebody has judged of a shelf's answers, kept with its records for later rebuilds."""

from __future__ import annotations

import json
from collections.abc import Sequence

from kbsearch.indexing.calibrating import Labelled
from kbsearch.store import RecordReader, RecordWriter

_LABELS = "labels"
_MOST = 2000


def noted_labels(records: RecordReader, embedder_key: str) -> list[Labelled]:
    """Judgements made with this embedder, oldest first; numbers alone, never the questions."""
    value = records.notes([_LABELS]).get(_LABELS)
    if value is None:
        return []
    noted = json.loads(value)
    if noted["embedder"] != embedder_key:
        return []  # usefulness by another embedder is another number
    return [Labelled(usefulness, bool(is_answered)) for usefulness, is_answered in noted["labels"]]


def note_labels(records: RecordWriter, labels: Sequence[Labelled], embedder_key: str) -> int:
    """
    Keep these beside the noted ones, the newest 2,000; the caller holds the shelf's lock.

    Returns:
        How many are kept.
    """
    kept = [*noted_labels(records, embedder_key), *labels][-_MOST:]
    rows = [[one.usefulness, int(one.is_answered)] for one in kept]
    value = json.dumps({"embedder": embedder_key, "labels": rows})
    with records.writing():
        records.note({_LABELS: value})
    return len(kept)
