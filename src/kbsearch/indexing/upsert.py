"""Putting a batch of documents where its audiences say, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kbsearch.errors import (
    DamagedRecordError,
    InvalidDocumentError,
    SnapshotError,
    StoreError,
)
from kbsearch.indexing.batch import Batch, listed, unambiguous
from kbsearch.indexing.explaining import note_explanations
from kbsearch.indexing.faces import face_for, is_narrower, kept_for_staff
from kbsearch.indexing.forgotten import Forgotten
from kbsearch.indexing.restricting import (
    ShelfWriters,
    staff_writers,
    standing_groups,
    take_from_others,
)
from kbsearch.indexing.shelf_writer import ShelfWriter
from kbsearch.indexing.trail import Trail
from kbsearch.models import (
    Audience,
    Document,
    Redaction,
    Ticket,
    UpsertReport,
    audience_of,
    group_of,
    group_shelf,
)
from kbsearch.progress import Progress, silent
from kbsearch.redact import RedactedDocument
from kbsearch.redact.policy import RedactionPolicy
from kbsearch.text import CleanDocument, Cleaner
from kbsearch.visibility import Explanation


class _Plan(NamedTuple):
    """
    What a batch comes to, before anything of it is written.

    `faces` are redacted; `cleaned` are the texts of those that changed; `before`
    holds the ids that stand on each shelf.
    """

    faces: dict[str, dict[str, Document]]
    redactions: tuple[Redaction, ...]
    same: dict[str, set[str]]
    cleaned: dict[str, dict[str, CleanDocument]]
    taken: list[str]
    before: dict[str, set[str]]


def upsert(
    writers: ShelfWriters,
    documents: Iterable[Document],
    *,
    redaction: RedactionPolicy,
    trail: Trail,
    explanations: Mapping[str, Sequence[Explanation]] | None = None,
    progress: Progress = silent,
) -> UpsertReport:
    """
    Add and change documents; leave those alone that are not in the batch.

    First of all, before anything can fail or take long, customers lose what
    they may no longer read, also where the document is rejected for another
    reason. An article that becomes internal is stored there before it is taken
    from them: an interruption can leave it unfound until the call is repeated,
    or a rebuild made, but never lost and never on a wrong shelf. What becomes
    restricted to groups leaves all other staff likewise. What comes to customers is
    in the audit trail before, what leaves them after.

    Args:
        writers: Of all shelves that stand.
        documents: Each id once.
        redaction: What is replaced on which shelf.
        trail: Notes what customers gain and lose.
        explanations: By id, why documents have their audiences.
        progress: Told how far it is.

    Raises:
        ConfigError: If something else than documents is sent.
        EmbedderMismatchError: Before anything but that withdrawal is done.
    """
    batch = _batch(writers, documents)
    for shelf in _shelves_of(batch):
        writers.need(shelf)
    withdrawn = _withdraw(writers, batch, redaction, trail)
    take_from_others(writers, batch.versions)
    trail.catch_up()
    plan = _plan(writers, batch, redaction, learns=True)
    unreadable = writers[Audience.EXTERNAL].drop(batch.not_for_customers)
    trail.left(unreadable)
    withdrawn += unreadable
    why = explanations or {}
    for writer in staff_writers(writers):
        theirs = {i: why.get(i, ()) if _explains(plan, writer, i) else () for i in plan.taken}
        note_explanations(writer, theirs)
    n_embedded = 0
    not_folded: dict[str, str] = {}
    for shelf, writer in writers.items():
        new = [(plan.faces[shelf][i], text) for i, text in plan.cleaned[shelf].items()]
        n_embedded += writer.put(new, progress)
        if shelf != Audience.EXTERNAL.value:
            writer.drop(i for i in plan.taken if i not in plan.faces[shelf])
        try:
            writer.fold_if_due(progress)
        except (StoreError, SnapshotError) as error:
            not_folded[shelf] = str(error)
    trail.settle()
    report = _report(batch, plan, withdrawn)
    return report.model_copy(update={"n_embedded": n_embedded, "not_folded": not_folded})


def preview(
    writers: ShelfWriters, documents: Iterable[Document], *, redaction: RedactionPolicy
) -> UpsertReport:
    """What `upsert` would do and say; nothing is written or embedded."""
    batch = _batch(writers, documents)
    for shelf in _shelves_of(batch):  # one that is still to be made holds nothing
        writers.setdefault(shelf, writers[Audience.INTERNAL])
    plan = _plan(writers, batch, redaction, learns=False)
    leaving = writers[Audience.EXTERNAL].records.keys_by_id(batch.not_for_customers)
    return _report(batch, plan, list(leaving))


def published_faces(
    documents: Iterable[Document], redaction: RedactionPolicy
) -> dict[str, Document]:
    """What customers would read of documents, by id, those that have something for them."""
    faces = _faces(documents, Audience.EXTERNAL, redaction)
    return {document_id: one.document for document_id, one in faces.items()}


def _batch(writers: ShelfWriters, documents: Iterable[Document]) -> Batch:
    sent = listed(documents)
    forgotten = Forgotten.load(writers[Audience.INTERNAL].records)
    return unambiguous(sent, forgotten, standing_groups(writers, [each.id for each in sent]))


def _shelves_of(batch: Batch) -> list[str]:
    """Shelves of the groups that documents of this batch are restricted to, ascending."""
    groups = {group for sent in batch.versions.values() for each in sent for group in each.groups}
    return sorted(map(group_shelf, groups))


def _explains(plan: _Plan, writer: ShelfWriter, document_id: str) -> bool:
    """Whether this shelf's readers may know why a document has its audience."""
    is_everybodys = writer.shelf == Audience.INTERNAL.value
    is_restricted = any(
        document_id in faces for shelf, faces in plan.faces.items() if group_of(shelf)
    )
    return document_id in plan.faces[writer.shelf] or (is_everybodys and not is_restricted)


def _plan(
    writers: ShelfWriters, batch: Batch, redaction: RedactionPolicy, *, learns: bool
) -> _Plan:
    for writer in writers.values():
        writer.require_fingerprint()
    redacted = {shelf: _faces(batch.documents.values(), shelf, redaction) for shelf in writers}
    faces: dict[str, dict[str, Document]] = {
        shelf: {i: one.document for i, one in found.items()} for shelf, found in redacted.items()
    }
    same = {shelf: writer.unchanged(faces[shelf].values()) for shelf, writer in writers.items()}
    cleaned = {}
    for shelf, writer in writers.items():
        changed = {i: face for i, face in faces[shelf].items() if i not in same[shelf]}
        if learns:
            writer.learn_from(list(changed.values()))
        cleaned[shelf] = _cleaned(changed, writer.cleaner, batch, shelf)
    taken = [i for i in batch.documents if i not in batch.refused]
    for document_id in batch.not_for_customers:
        faces[Audience.EXTERNAL].pop(document_id, None)
    return _Plan(
        faces=faces,
        redactions=tuple(
            Redaction(shelf=shelf, document_id=i, field=r.field, kind=r.kind, n=r.n)
            for shelf, texts in cleaned.items()
            for i in texts
            if i in faces[shelf]
            for r in redacted[shelf][i].replacements
        ),
        same=same,
        cleaned=cleaned,
        taken=taken,
        before={shelf: set(w.records.keys_by_id(taken)) for shelf, w in writers.items()},
    )


def _report(batch: Batch, plan: _Plan, withdrawn: list[str]) -> UpsertReport:
    stood = set(withdrawn).union(*plan.before.values())
    unchanged = {i for i in plan.taken if _is_unchanged(i, plan)} - set(withdrawn)
    why = batch.not_for_customers
    return UpsertReport(
        added=tuple(i for i in plan.taken if i not in stood),
        changed=tuple(i for i in plan.taken if i in stood and i not in unchanged),
        unchanged=tuple(i for i in plan.taken if i in unchanged),
        rejected=tuple(sorted(batch.rejected, key=lambda r: r.position)),
        forgotten=batch.forgotten,
        withdrawn=tuple(withdrawn),
        held_back={i: reason for i in plan.taken if (reason := why.get(i))},
        redactions=plan.redactions,
    )


def withdraw(writers: ShelfWriters, ids: Iterable[str], trail: Trail) -> list[str]:
    """
    Take documents from customers, durably and at once; no embedder is needed for it.

    Articles are stored for staff before, as customers read them: redacted, to be
    found after the next write of them, or a rebuild. Returns the ids that left.
    """
    external, internal = writers[Audience.EXTERNAL], writers[Audience.INTERNAL]
    leaving = external.records.keys_by_id(ids)
    standing = (_standing(external, key) for key, _ in leaving.values())
    kept = [face for each in standing if each and (face := kept_for_staff(each)) is not None]
    try:
        internal.keep(kept)
    finally:  # what cannot be kept is taken away all the same
        gone = external.drop(leaving)
    trail.left(gone)
    return gone


def _withdraw(
    writers: ShelfWriters, batch: Batch, redaction: RedactionPolicy, trail: Trail
) -> list[str]:
    """Take from customers what is not for them, and faces of which they may read less."""
    external = writers[Audience.EXTERNAL]
    leaving = set(external.records.keys_by_id(batch.not_for_customers))
    keys = external.records.keys_by_id(i for i in batch.versions if i not in leaving)
    for document_id, (key, _) in keys.items():
        standing = _standing(external, key)
        sent = batch.versions[document_id]
        if standing is None or any(_narrows(each, standing, redaction) for each in sent):
            leaving.add(document_id)
    return withdraw(writers, sorted(leaving), trail)


def _standing(shelf: ShelfWriter, key: int) -> Document | None:
    """A document as it stands; None if its row is damaged: it is to be written again."""
    try:
        return shelf.records.documents([key]).get(key)
    except DamagedRecordError:
        return None


def _narrows(document: Document, standing: Document, redaction: RedactionPolicy) -> bool:
    face = face_for(document, Audience.EXTERNAL)
    if face is None or is_narrower(face, standing) is False:
        return face is None
    people = document.people if isinstance(document, Ticket) else ()
    return is_narrower(redaction.redact(face, Audience.EXTERNAL, people=people).document, standing)


def _faces(
    documents: Iterable[Document], shelf: str, redaction: RedactionPolicy
) -> dict[str, RedactedDocument]:
    """What stands on one shelf, with all replaced that must not stand there."""
    found = {}
    for document in documents:
        face = face_for(document, shelf)
        if face is not None:
            people = document.people if isinstance(document, Ticket) else ()
            found[document.id] = redaction.redact(face, audience_of(shelf), people=people)
    return found


def _cleaned(
    faces: dict[str, Document], cleaner: Cleaner, batch: Batch, shelf: str
) -> dict[str, CleanDocument]:
    """
    Cleaned texts of the faces that changed.

    Each shelf judges by its own face alone. A document that cannot be read is
    rejected, its public face may be fine all the same; a public face that cannot
    be read is held back, and agents have the whole ticket all the same.
    """
    cleaned: dict[str, CleanDocument] = {}
    for document_id, face in faces.items():
        try:
            cleaned[document_id] = cleaner.document(face)
        except InvalidDocumentError as error:
            if isinstance(face, Ticket) and shelf == Audience.EXTERNAL.value:
                batch.not_for_customers[document_id] = f"of its public face: {error.reason}"
            else:
                batch.refuse(document_id, error.reason)
    return cleaned


def _is_unchanged(document_id: str, plan: _Plan) -> bool:
    """Whether each shelf already held just what belongs on it, nothing included."""
    return all(
        document_id in plan.same[shelf]
        if document_id in faces
        else document_id not in plan.before[shelf]
        for shelf, faces in plan.faces.items()
    )
