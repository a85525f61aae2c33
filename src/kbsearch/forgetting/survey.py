"""What of a desk a request to forget concerns."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from kbsearch.errors import DamagedRecordError
from kbsearch.forgetting.traces import MIN_WORD, Traces, vector_traces, words_of
from kbsearch.indexing import ShelfWriter
from kbsearch.indexing.forgotten import Forgotten
from kbsearch.models import Audience, Document, Person
from kbsearch.progress import Progress, silent
from kbsearch.store import RecordReader

_DOCUMENTS_PER_READ = 256


@dataclass
class Survey:
    """
    What must go, what must be rewritten, and what shows that it is gone.

    Attributes:
        leaving: By shelf, the faces of documents that are to be removed.
        rewritten: By shelf and id, faces that no longer name what is forgotten.
        words: Words that stood in these alone, case-folded.
        vectors: Beginnings of vectors that stood in these alone.
        n_unreadable: Documents whose row is damaged.
    """

    leaving: dict[Audience, list[Document]] = field(default_factory=dict)
    rewritten: dict[Audience, dict[str, Document]] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    vectors: set[bytes] = field(default_factory=set)
    n_unreadable: int = 0

    @property
    def rewritten_ids(self) -> tuple[str, ...]:
        """The ids of both shelves, each once."""
        return tuple(dict.fromkeys(i for faces in self.rewritten.values() for i in faces))

    def concerns(self, shelf: Audience) -> bool:
        """Whether anything of this shelf is to change."""
        return bool(self.leaving[shelf] or self.rewritten[shelf])

    def traces(self, ids: Collection[str], person: Person | None) -> Traces:
        """What must not be found afterwards."""
        values = set(ids)
        if person is not None:
            known = (person.email, person.name, person.id)
            values |= {value for value in known if value and len(value) >= MIN_WORD}
        return Traces(self.words, values, self.vectors)


def asked_by(
    internal: RecordReader, forgotten: Forgotten, progress: Progress = silent
) -> list[str]:
    """Ids of the tickets that a forgotten person asked."""
    faces = _faces(internal, "look who asked", progress)
    return [face.id for face, _ in faces if face is not None and forgotten.asked(face)]


def survey(
    writers: Mapping[Audience, ShelfWriter],
    forgotten: Forgotten,
    ids: Collection[str],
    progress: Progress = silent,
) -> Survey:
    """
    Read every document of a desk twice: which are concerned, and what the others share.

    Args:
        writers: Of both shelves.
        forgotten: What is to be forgotten included.
        ids: Documents to be removed.
        progress: Told how far it is.
    """
    wanted = set(ids)
    found = Survey()
    for audience, writer in writers.items():
        leaving: dict[int, Document] = {}
        rewritten: dict[int, Document] = {}
        for face, key in _faces(writer.records, f"read {audience.value}", progress):
            if face is None:
                found.n_unreadable += 1
            elif face.id in wanted:
                leaving[key] = face
                found.words |= words_of(face, writer.analyzer)
            elif (cleansed := forgotten.cleansed(face)) is not face:
                rewritten[key] = cleansed
                found.words |= words_of(face, writer.analyzer)
        found.leaving[audience] = list(leaving.values())
        found.rewritten[audience] = {face.id: face for face in rewritten.values()}
        found.vectors |= _own_vectors(writer, {*leaving, *rewritten})
    for audience, writer in writers.items():
        changed = found.rewritten[audience]
        for face, _ in _faces(writer.records, f"compare {audience.value}", progress):
            if face is not None and face.id not in wanted and found.words:
                found.words -= words_of(changed.get(face.id, face), writer.analyzer)
    return found


def _faces(
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


def _own_vectors(writer: ShelfWriter, keys: Collection[int]) -> set[bytes]:
    """Beginnings of the vectors that only passages of these documents have."""
    records = writer.records
    fingerprint, embedder_key = records.fingerprint_key(), records.embedder_key()
    if fingerprint is None or embedder_key is None:
        return set()
    hashes = records.inputs_of(keys) - records.inputs_of_others(keys)
    try:
        return vector_traces(records.vectors(sorted(hashes), embedder_key).values())
    except DamagedRecordError:
        return set()
