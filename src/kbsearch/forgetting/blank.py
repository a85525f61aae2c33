"""The words that stand in any desk's files, whatever its documents say."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from kbsearch.embed import Fingerprint
from kbsearch.files import read_bytes
from kbsearch.forgetting.traces import words_in, words_in_bytes
from kbsearch.indexing import ShelfWriter
from kbsearch.layout import DeskLayout
from kbsearch.models.base import FrozenModel
from kbsearch.snapshots import SnapshotContent, snapshot_files


def words_of_an_empty_desk(layout: DeskLayout, writer: ShelfWriter) -> set[str]:
    """Those of the settings, of table definitions, heads of files and names of fields."""
    found = words_in_bytes(read_bytes(layout.settings))
    found |= words_in(" ".join(writer.records.definitions()))
    found |= words_in(" ".join(_names_of_fields()))
    fingerprint = writer.records.fingerprint()
    if fingerprint is not None:
        found |= words_in(fingerprint.model_dump_json() + str(fingerprint))
        for name, content in _files_of_an_empty_snapshot(fingerprint).items():
            found |= words_in(name) | words_in_bytes(content)
    return found


def _names_of_fields() -> list[str]:
    """Of all that is stored as JSON, and the values that a field may be limited to."""
    fields = [name for model in FrozenModel.__subclasses__() for name in model.model_fields]
    values = [value.value for kind in StrEnum.__subclasses__() for value in kind]
    return [*fields, *values]


def _files_of_an_empty_snapshot(fingerprint: Fingerprint) -> dict[str, bytes]:
    none = np.zeros(0, dtype=np.int64)
    nothing = SnapshotContent(
        sequence=0,
        chain="",
        document_keys=none,
        title_terms=[],
        is_title=np.zeros(0, dtype=np.bool_),
        document_terms=[],
        exact_keys=[],
        passage_keys=none,
        passage_documents=none,
        vectors=np.zeros((0, fingerprint.embedder.dim), dtype=np.float32),
        n_tokens=0,
        n_unseen_tokens=0,
        document_words=[],
    )
    return snapshot_files(nothing, k1=1.5, b=0.75)
