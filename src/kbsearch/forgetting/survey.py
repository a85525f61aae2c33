"""What of a desk a request to forget concerns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from kbsearch.errors import DamagedRecordError
from kbsearch.forgetting.traces import MAX_VECTORS, head_of, words_in, words_of, words_of_text
from kbsearch.indexing import ShelfWriter, staff_writers
from kbsearch.indexing.forgotten import Forgotten, KnownValues
from kbsearch.models import Document
from kbsearch.progress import Progress, silent
from kbsearch.store import RecordReader
from kbsearch.text import AUTO, Analyzer

_DOCUMENTS_PER_READ = 256


@dataclass
class Survey:
    """
    What must go, what must be rewritten, and what shows that it is gone.

    Attributes:
        leaving: By shelf, the faces of documents that are to be removed, those that can be read.
        rewritten: By shelf and id, faces that no longer name what is forgotten.
        words: Words that stood in these alone, case-folded.
        vectors: By the hash of their input, how the vectors of these begin.
        n_unreadable: Documents whose row is damaged.
    """

    leaving: dict[str, list[Document]] = field(default_factory=dict)
    rewritten: dict[str, dict[str, Document]] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    vectors: dict[str, str] = field(default_factory=dict)
    n_unreadable: int = 0

    @property
    def rewritten_ids(self) -> tuple[str, ...]:
        """The ids of all shelves, each once."""
        return tuple(dict.fromkeys(i for faces in self.rewritten.values() for i in faces))


def asked_by(
    writers: Mapping[str, ShelfWriter], forgotten: Forgotten, progress: Progress = silent
) -> list[str]:
    """Ids of the tickets that a forgotten person asked, as staff's shelves hold them."""
    return [
        face.id
        for writer in staff_writers(writers)
        for face, _ in faces_of(writer.records, "look who asked", progress)
        if face is not None and forgotten.asked(face)
    ]


def survey(
    writers: Mapping[str, ShelfWriter],
    forgotten: Forgotten,
    ids: Collection[str],
    known: KnownValues,
    progress: Progress = silent,
) -> Survey:
    """
    Read every document of a desk twice: which are concerned, and what the others share.

    Args:
        writers: Of all shelves.
        forgotten: What is to be forgotten included.
        ids: Documents to be removed.
        known: The same and the person, in clear.
        progress: Told how far it is.
    """
    found = Survey()
    for shelf, writer in writers.items():
        _collect(found, shelf, writer, forgotten, ids, known=known, progress=progress)
    for shelf, writer in writers.items():
        changed = found.rewritten[shelf]
        leaving = _keys_of(writer.records, ids)
        analyzer_of = _analyzers(writer)
        for face, key in faces_of(writer.records, f"compare {shelf}", progress):
            if not found.words:
                break
            if key not in leaving and face is None:
                text = writer.records.unverified_text(key)
                found.words -= words_of_text(text, analyzer_of(key))
            elif key not in leaving and face is not None:
                found.words -= words_of(changed.get(face.id, face), analyzer_of(key))
    return found


def _collect(
    found: Survey,
    shelf: str,
    writer: ShelfWriter,
    forgotten: Forgotten,
    ids: Collection[str],
    *,
    known: KnownValues,
    progress: Progress,
) -> None:
    leaving = _keys_of(writer.records, ids)
    concerned = set(leaving)
    found.leaving[shelf], found.rewritten[shelf] = [], {}
    analyzer_of = _analyzers(writer)
    for face, key in faces_of(writer.records, f"read {shelf}", progress):
        if face is None:
            found.n_unreadable += 1
            if key in leaving:
                found.words |= words_in(writer.records.unverified_text(key))
        elif key in leaving:
            found.leaving[shelf].append(face)
            found.words |= words_of(face, analyzer_of(key))
        elif (cleansed := forgotten.cleansed(face, known)) is not face:
            found.rewritten[shelf][face.id] = cleansed
            found.words |= words_of(face, analyzer_of(key))
            concerned.add(key)
    found.vectors |= _vectors_of(writer.records, concerned, MAX_VECTORS - len(found.vectors))


def _analyzers(writer: ShelfWriter) -> Callable[[int], Analyzer]:
    """By key of a document, what its words were indexed with."""
    analyzer = writer.analyzer
    if analyzer.language != AUTO:
        return lambda _: analyzer
    records = writer.records
    whole = set(records.keys()).difference(records.damaged_attributes())
    language_of = {row.document_key: row.language for row in records.attributes(whole)}
    return lambda key: analyzer.in_language(language_of.get(key))


def _keys_of(records: RecordReader, ids: Collection[str]) -> set[int]:
    return {key for key, _ in records.keys_by_id(ids).values()}


def faces_of(
    records: RecordReader, task: str, progress: Progress
) -> Iterator[tuple[Document | None, int]]:
    """Every document of a shelf with its key; None if its row is damaged."""
    keys = records.keys()
    for start in range(0, len(keys), _DOCUMENTS_PER_READ):
        progress(task, start, len(keys))
        piece = keys[start : start + _DOCUMENTS_PER_READ]
        try:
            found: dict[int, Document | None] = dict(records.documents(piece))
        except DamagedRecordError:
            found = {key: _readable(records, key) for key in piece}
        yield from ((face, key) for key, face in found.items())
    progress(task, len(keys), len(keys))


def _readable(records: RecordReader, key: int) -> Document | None:
    try:
        return records.documents([key]).get(key)
    except DamagedRecordError:
        return None


def _vectors_of(records: RecordReader, keys: Collection[int], n: int) -> dict[str, str]:
    """By the hash of their input, how the vectors of these documents' passages begin; n of them."""
    embedder_key = records.embedder_key()
    if embedder_key is None or n <= 0:
        return {}
    hashes = sorted(records.inputs_of(keys))[:n]
    try:
        vectors = records.vectors(hashes, embedder_key)
    except DamagedRecordError:
        return {}
    return {input_hash: head_of(vector) for input_hash, vector in vectors.items()}
