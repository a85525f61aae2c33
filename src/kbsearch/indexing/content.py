"""What a snapshot of a shelf is made of, read from its records."""

from __future__ import annotations

import numpy as np

from kbsearch.embed import Fingerprint
from kbsearch.errors import DamagedRecordError
from kbsearch.lexical import written_words
from kbsearch.models import SectionKind
from kbsearch.snapshots import SnapshotContent
from kbsearch.store import RecordReader, exact_keys
from kbsearch.text import Analyzer, field_terms


def snapshot_content(
    records: RecordReader, fingerprint: Fingerprint, analyzer: Analyzer, *, title_weight: int
) -> SnapshotContent:
    """
    All documents of a shelf, at one state of it.

    Args:
        records: Of the shelf.
        fingerprint: What they were derived under.
        analyzer: Of their words.
        title_weight: See `RankingSettings.bm25_title_weight`.

    Raises:
        DamagedRecordError: If a document has no passages or a passage no vector.
    """
    with records.reading():
        attributes = records.attributes()
        keys = [row.document_key for row in attributes]
        cleaned = records.cleaned(keys, fingerprint.key)
        stored = records.passages(keys, fingerprint.key)
        vectors = records.vectors_of(stored, fingerprint.embedder.key)
        position = records.position()
        _, n_tokens, n_unseen = records.count_tokens(fingerprint.key)
    for lost in sorted(set(keys) - {p.document_key for p in stored}):
        raise DamagedRecordError(records.shelf, "passages", lost)
    texts = [f"{cleaned[key].title}\n{cleaned[key].text}" for key in keys]
    row_of = {key: row for row, key in enumerate(keys)}
    terms = [
        field_terms(cleaned[row.document_key], row.tags, analyzer.in_language(row.language))
        for row in attributes
    ]
    matrix = np.zeros((len(stored), fingerprint.embedder.dim), dtype=np.float32)
    for row, passage in enumerate(stored):
        matrix[row] = vectors[passage.input_hash]
    return SnapshotContent(
        sequence=position.sequence,
        chain=position.chain,
        document_keys=np.array(keys, dtype=np.int64),
        document_terms=[t.whole(title_weight) for t in terms],
        title_terms=[t.title for t in terms],
        exact_keys=[exact_keys(row, cleaned[row.document_key]) for row in attributes],
        passage_keys=np.array([p.passage_key for p in stored], dtype=np.int64),
        passage_documents=np.array([row_of[p.document_key] for p in stored], dtype=np.int64),
        is_title=np.array([p.passage.section is SectionKind.TITLE for p in stored], dtype=np.bool_),
        vectors=matrix,
        n_tokens=n_tokens,
        n_unseen_tokens=n_unseen,
        document_words=[{one.word for one in written_words(text)} for text in texts],
        title_weight=title_weight,
    )
