"""Putting a batch of documents where its audiences say, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kbsearch.errors import ConfigError, InvalidDocumentError, SnapshotError, StoreError
from kbsearch.indexing.faces import (
    clean_document,
    face_for,
    held_back_reason,
    is_readable,
)
from kbsearch.indexing.shelf_writer import ShelfWriter
from kbsearch.models import Article, Audience, Document, Rejection, Ticket, UpsertReport
from kbsearch.progress import Progress, silent
from kbsearch.text import CleanDocument

_ORDER = (Audience.EXTERNAL, Audience.INTERNAL)


class _Batch(NamedTuple):
    """
    What is left of the documents that were sent.

    `not_for_customers` maps each id that must not be on the external shelf to
    the reason, if it asked to be there.
    """

    documents: dict[str, Document]
    positions: dict[str, int]
    rejected: list[Rejection]
    refused: set[str]
    not_for_customers: dict[str, str | None]

    def refuse(self, document_id: str, reason: str) -> None:
        """Leave a document on its shelf as it was, and say why."""
        self.refused.add(document_id)
        position = self.positions[document_id]
        self.rejected.append(Rejection(position=position, document_id=document_id, reason=reason))


def upsert(
    writers: dict[Audience, ShelfWriter],
    documents: Iterable[Document],
    progress: Progress = silent,
) -> UpsertReport:
    """
    Add and change documents; leave those alone that are not in the batch.

    First of all, before anything can fail or take long, customers lose what
    they may no longer read, also where the document is rejected for another
    reason. An article that becomes internal is stored there before it is taken
    from them: an interruption can leave it unfound until the call is repeated,
    or a rebuild made, but never lost and never on a wrong shelf.

    Raises:
        ConfigError: If something else than documents is sent.
        EmbedderMismatchError: Before anything but that withdrawal is done.
    """
    batch = _unambiguous(documents)
    withdrawn = _withdraw(writers, batch)
    for audience in _ORDER:
        writers[audience].require_fingerprint()
    faces = {a: _faces(batch.documents.values(), a) for a in _ORDER}
    same = {a: writers[a].unchanged(faces[a].values()) for a in _ORDER}
    cleaned = {a: _clean_changed(faces[a], same[a], batch) for a in _ORDER}
    taken = [i for i in batch.documents if i not in batch.refused]
    for document_id in batch.not_for_customers:
        faces[Audience.EXTERNAL].pop(document_id, None)
    before = {a: set(writers[a].records.keys_by_id(taken)) for a in _ORDER}
    withdrawn += writers[Audience.EXTERNAL].drop(batch.not_for_customers)
    n_embedded = 0
    not_folded: dict[str, str] = {}
    for audience in _ORDER:
        new = [(faces[audience][i], text) for i, text in cleaned[audience].items()]
        n_embedded += writers[audience].put(new, progress)
        if audience is Audience.INTERNAL:
            writers[audience].drop(i for i in taken if i not in faces[audience])
        try:
            writers[audience].fold_if_due(progress)
        except (StoreError, SnapshotError) as error:
            not_folded[audience.value] = str(error)
    stood = before[Audience.EXTERNAL] | before[Audience.INTERNAL] | set(withdrawn)
    unchanged = {i for i in taken if _is_unchanged(i, faces, before, same)} - set(withdrawn)
    return UpsertReport(
        added=tuple(i for i in taken if i not in stood),
        changed=tuple(i for i in taken if i in stood and i not in unchanged),
        unchanged=tuple(i for i in taken if i in unchanged),
        rejected=tuple(sorted(batch.rejected, key=lambda r: r.position)),
        withdrawn=tuple(withdrawn),
        held_back={i: why for i in taken if (why := batch.not_for_customers.get(i))},
        not_folded=not_folded,
        n_embedded=n_embedded,
    )


def _withdraw(writers: dict[Audience, ShelfWriter], batch: _Batch) -> list[str]:
    """Take from customers what is not for them; no embedder is needed for it."""
    external = writers[Audience.EXTERNAL]
    leaving = external.records.keys_by_id(batch.not_for_customers)
    moving = [batch.documents[i] for i in leaving if i in batch.documents]
    writers[Audience.INTERNAL].keep([document for document in moving if is_readable(document)])
    return external.drop(leaving)


def _faces(documents: Iterable[Document], audience: Audience) -> dict[str, Document]:
    return {d.id: face for d in documents if (face := face_for(d, audience)) is not None}


def _clean_changed(
    faces: dict[str, Document], same: set[str], batch: _Batch
) -> dict[str, CleanDocument]:
    """
    Cleaned texts of the faces that changed.

    Each shelf judges by its own face alone. A document that cannot be read is
    rejected, its public face may be fine all the same; a public face that cannot
    be read is held back, and agents have the whole ticket all the same.
    """
    cleaned: dict[str, CleanDocument] = {}
    for document_id, face in faces.items():
        if document_id in same:
            continue
        try:
            cleaned[document_id] = clean_document(face)
        except InvalidDocumentError as error:
            if face is batch.documents[document_id]:
                batch.refuse(document_id, error.reason)
            else:
                batch.not_for_customers[document_id] = f"of its public face: {error.reason}"
    return cleaned


def _unambiguous(documents: Iterable[Document]) -> _Batch:
    """Each id once; where one id names different documents, none of them is taken."""
    first: dict[str, Document] = {}
    positions: dict[str, int] = {}
    conflicting: set[str] = set()
    seen: list[tuple[int, str]] = []
    not_for_customers: dict[str, str | None] = {}
    _require_list(documents)
    for position, document in enumerate(documents):
        if not isinstance(document, Article | Ticket):
            raise ConfigError(
                f"Position {position} of the batch is a {type(document).__name__}, not an Article "
                "or a Ticket; nothing was changed. Make one with parse_document()."
            )
        seen.append((position, document.id))
        if face_for(document, Audience.EXTERNAL) is None:
            not_for_customers[document.id] = held_back_reason(document)
        if document.id not in first:
            first[document.id], positions[document.id] = document, position
        elif first[document.id] != document:
            conflicting.add(document.id)
    reason = (
        "this id is in the batch more than once, with different content; which one holds is "
        "not guessed. Send each id once."
    )
    rejected = [
        Rejection(position=position, document_id=document_id, reason=reason)
        for position, document_id in seen
        if document_id in conflicting
    ]
    kept = {i: document for i, document in first.items() if i not in conflicting}
    return _Batch(kept, positions, rejected, set(), not_for_customers)


def _require_list(documents: object) -> None:
    if isinstance(documents, Article | Ticket | str | bytes):
        raise ConfigError(
            f"upsert() takes a list of documents, not one {type(documents).__name__}: "
            "put it into a list."
        )


def _is_unchanged(
    document_id: str,
    faces: dict[Audience, dict[str, Document]],
    before: dict[Audience, set[str]],
    same: dict[Audience, set[str]],
) -> bool:
    """Whether each shelf already held just what belongs on it, nothing included."""
    return all(
        document_id in same[a] if document_id in faces[a] else document_id not in before[a]
        for a in _ORDER
    )
