"""The words that stand in any desk's files, whatever its documents say."""

from __future__ import annotations

import tempfile
from enum import StrEnum
from pathlib import Path

import numpy as np

from kbsearch.forgetting.traces import words_below, words_in
from kbsearch.indexing import ShelfWriter
from kbsearch.layout import DeskLayout
from kbsearch.making import make_desk
from kbsearch.models import Audience
from kbsearch.models.base import FrozenModel
from kbsearch.snapshots import SnapshotContent, publish_snapshot


def words_of_an_empty_desk(layout: DeskLayout, writer: ShelfWriter) -> set[str]:
    """Those of table definitions, file heads, names of fields and the desk's settings."""
    found = words_in(layout.settings.read_text(encoding="utf-8"))
    found |= words_in(" ".join(_names_of_fields()))
    fingerprint = writer.records.fingerprint()
    with tempfile.TemporaryDirectory() as folder:
        blank = make_desk(Path(folder) / "blank.kb", writer.settings)
        if fingerprint is not None:
            publish_snapshot(
                blank.shelf(Audience.INTERNAL),
                _nothing(fingerprint.embedder.dim),
                shelf=writer.shelf,
                fingerprint=fingerprint,
                bm25_k1=writer.settings.ranking.bm25_k1,
                bm25_b=writer.settings.ranking.bm25_b,
                keep=1,
                chain_at=None,
            )
        found |= words_below(blank.root)
    return found


def _names_of_fields() -> list[str]:
    """Of all that is stored as JSON, and the values that a field may be limited to."""
    fields = [name for model in FrozenModel.__subclasses__() for name in model.model_fields]
    values = [value.value for kind in StrEnum.__subclasses__() for value in kind]
    return [*fields, *values]


def _nothing(dim: int) -> SnapshotContent:
    none = np.zeros(0, dtype=np.int64)
    return SnapshotContent(
        sequence=0,
        chain="",
        document_keys=none,
        document_terms=[],
        passage_keys=none,
        passage_documents=none,
        vectors=np.zeros((0, dim), dtype=np.float32),
        n_tokens=0,
        n_unseen_tokens=0,
    )
