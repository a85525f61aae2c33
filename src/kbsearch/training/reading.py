"""What training reads of a desk's shelves."""

from __future__ import annotations

from collections.abc import Mapping

from kbsearch.embed import Fingerprint
from kbsearch.models import SectionKind
from kbsearch.store import RecordReader
from kbsearch.training.pairs import TrainingDocument

_DOCUMENTS_PER_READ = 512


def read_documents(
    records: Mapping[str, RecordReader], fingerprint: Fingerprint
) -> list[TrainingDocument]:
    """
    Every document of these shelves once, as staff see it if it stands on both; by id.

    Args:
        records: By shelf, that of staff first: no shelf that is not named here is read.
        fingerprint: Of the desk; documents that wait for a rebuild are left out.

    Raises:
        StoreError: If a shelf cannot be read.
    """
    found: dict[str, TrainingDocument] = {}
    for reader in records.values():
        with reader.reading():
            rows = reader.attributes()
            for start in range(0, len(rows), _DOCUMENTS_PER_READ):
                ids = {
                    row.document_key: row.document_id
                    for row in rows[start : start + _DOCUMENTS_PER_READ]
                    if row.document_id not in found
                }
                cleaned = reader.cleaned(list(ids), fingerprint.key)
                stored = reader.passages(list(cleaned), fingerprint.key)
                own = [one for one in stored if one.passage.section is not SectionKind.TITLE]
                first = {one.document_key: one for one in reversed(own)}
                vectors = reader.vectors_of(list(first.values()), fingerprint.embedder.key)
                for key, passage in first.items():
                    vector = vectors[passage.input_hash]
                    found[ids[key]] = TrainingDocument(ids[key], cleaned[key], vector)
    return [found[document_id] for document_id in sorted(found)]
