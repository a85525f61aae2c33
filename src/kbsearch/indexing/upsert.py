"""Putting a batch of documents where its audiences say, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kbsearch.errors import (
    ConfigError,
    DamagedRecordError,
    InvalidDocumentError,
    SnapshotError,
    StoreError,
)
from kbsearch.indexing.explaining import note_explanations
from kbsearch.indexing.faces import face_for, held_back_reason, is_narrower, kept_for_staff
from kbsearch.indexing.forgotten import Forgotten
from kbsearch.indexing.shelf_writer import ShelfWriter
from kbsearch.indexing.trail import Trail
from kbsearch.models import (
    Article,
    Audience,
    Document,
    Redaction,
    Rejection,
    Ticket,
    UpsertReport,
)
from kbsearch.progress import Progress, silent
from kbsearch.redact import RedactedDocument
from kbsearch.redact.policy import RedactionPolicy
from kbsearch.text import CleanDocument, Cleaner
from kbsearch.visibility import Explanation

Writers = dict[Audience, ShelfWriter]

_ORDER = (Audience.EXTERNAL, Audience.INTERNAL)


class _Batch(NamedTuple):
    """
    What is left of the documents that were sent.

    `not_for_customers` maps each id that must not be on the external shelf to
    the reason, if it asked to be there. `versions` are all documents that were
    sent under an id, those included that contradict each other. `forgotten` maps
    ids that are not taken again to the reason.
    """

    documents: dict[str, Document]
    positions: dict[str, int]
    rejected: list[Rejection]
    refused: set[str]
    not_for_customers: dict[str, str | None]
    versions: dict[str, list[Document]]
    forgotten: dict[str, str]

    def refuse(self, document_id: str, reason: str) -> None:
        """Leave a document on its shelf as it was, and say why."""
        self.refused.add(document_id)
        position = self.positions[document_id]
        self.rejected.append(Rejection(position=position, document_id=document_id, reason=reason))


class _Plan(NamedTuple):
    """
    What a batch comes to, before anything of it is written.

    `faces` are redacted; `cleaned` are the texts of those that changed; `before`
    holds the ids that stand on each shelf.
    """

    faces: dict[Audience, dict[str, Document]]
    redactions: tuple[Redaction, ...]
    same: dict[Audience, set[str]]
    cleaned: dict[Audience, dict[str, CleanDocument]]
    taken: list[str]
    before: dict[Audience, set[str]]


def upsert(
    writers: Writers,
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
    or a rebuild made, but never lost and never on a wrong shelf. What comes to
    customers is in the audit trail before, what leaves them after.

    Raises:
        ConfigError: If something else than documents is sent.
        EmbedderMismatchError: Before anything but that withdrawal is done.
    """
    batch = _unambiguous(documents, Forgotten.load(writers[Audience.INTERNAL].records))
    withdrawn = _withdraw(writers, batch, redaction, trail)
    trail.catch_up()
    plan = _plan(writers, batch, redaction, learns=True)
    unreadable = writers[Audience.EXTERNAL].drop(batch.not_for_customers)
    trail.left(unreadable)
    withdrawn += unreadable
    why = explanations or {}
    note_explanations(writers[Audience.INTERNAL], {i: why.get(i, ()) for i in plan.taken})
    n_embedded = 0
    not_folded: dict[str, str] = {}
    for audience in _ORDER:
        new = [(plan.faces[audience][i], text) for i, text in plan.cleaned[audience].items()]
        n_embedded += writers[audience].put(new, progress)
        if audience is Audience.INTERNAL:
            writers[audience].drop(i for i in plan.taken if i not in plan.faces[audience])
        try:
            writers[audience].fold_if_due(progress)
        except (StoreError, SnapshotError) as error:
            not_folded[audience.value] = str(error)
    trail.settle()
    report = _report(batch, plan, withdrawn)
    return report.model_copy(update={"n_embedded": n_embedded, "not_folded": not_folded})


def preview(
    writers: Writers, documents: Iterable[Document], *, redaction: RedactionPolicy
) -> UpsertReport:
    """What `upsert` would do and say; nothing is written or embedded."""
    batch = _unambiguous(documents, Forgotten.load(writers[Audience.INTERNAL].records))
    plan = _plan(writers, batch, redaction, learns=False)
    leaving = writers[Audience.EXTERNAL].records.keys_by_id(batch.not_for_customers)
    return _report(batch, plan, list(leaving))


def published_faces(
    documents: Iterable[Document], redaction: RedactionPolicy
) -> dict[str, Document]:
    """What customers would read of documents, by id, those that have something for them."""
    faces = _faces(documents, Audience.EXTERNAL, redaction)
    return {document_id: one.document for document_id, one in faces.items()}


def _plan(writers: Writers, batch: _Batch, redaction: RedactionPolicy, *, learns: bool) -> _Plan:
    for audience in _ORDER:
        writers[audience].require_fingerprint()
    redacted = {a: _faces(batch.documents.values(), a, redaction) for a in _ORDER}
    faces: dict[Audience, dict[str, Document]] = {
        a: {i: one.document for i, one in redacted[a].items()} for a in _ORDER
    }
    same = {a: writers[a].unchanged(faces[a].values()) for a in _ORDER}
    cleaned = {}
    for audience in _ORDER:
        changed = {i: face for i, face in faces[audience].items() if i not in same[audience]}
        if learns:
            writers[audience].learn_from(list(changed.values()))
        cleaned[audience] = _cleaned(changed, writers[audience].cleaner, batch, audience)
    taken = [i for i in batch.documents if i not in batch.refused]
    for document_id in batch.not_for_customers:
        faces[Audience.EXTERNAL].pop(document_id, None)
    return _Plan(
        faces=faces,
        redactions=tuple(
            Redaction(shelf=a.value, document_id=i, field=r.field, kind=r.kind, n=r.n)
            for a in _ORDER
            for i in cleaned[a]
            if i in faces[a]
            for r in redacted[a][i].replacements
        ),
        same=same,
        cleaned=cleaned,
        taken=taken,
        before={a: set(writers[a].records.keys_by_id(taken)) for a in _ORDER},
    )


def _report(batch: _Batch, plan: _Plan, withdrawn: list[str]) -> UpsertReport:
    stood = plan.before[Audience.EXTERNAL] | plan.before[Audience.INTERNAL] | set(withdrawn)
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


def withdraw(writers: Writers, ids: Iterable[str], trail: Trail) -> list[str]:
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
    writers: Writers, batch: _Batch, redaction: RedactionPolicy, trail: Trail
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
    documents: Iterable[Document], audience: Audience, redaction: RedactionPolicy
) -> dict[str, RedactedDocument]:
    """What stands on the shelf of one audience, with all replaced that must not stand there."""
    found = {}
    for document in documents:
        face = face_for(document, audience)
        if face is not None:
            people = document.people if isinstance(document, Ticket) else ()
            found[document.id] = redaction.redact(face, audience, people=people)
    return found


def _cleaned(
    faces: dict[str, Document], cleaner: Cleaner, batch: _Batch, audience: Audience
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
            if isinstance(face, Ticket) and audience is Audience.EXTERNAL:
                batch.not_for_customers[document_id] = f"of its public face: {error.reason}"
            else:
                batch.refuse(document_id, error.reason)
    return cleaned


def _unambiguous(documents: Iterable[Document], forgotten: Forgotten) -> _Batch:
    """
    Each id once; where one id names different documents, none of them is taken.

    Nor is what the desk was told to forget, and others do not name it.
    """
    refused: dict[str, str] = {}
    first: dict[str, Document] = {}
    positions: dict[str, int] = {}
    conflicting: set[str] = set()
    seen: list[tuple[int, str]] = []
    not_for_customers: dict[str, str | None] = {}
    versions: dict[str, list[Document]] = {}
    _require_list(documents)
    for position, sent in enumerate(documents):
        if not isinstance(sent, Article | Ticket):
            raise ConfigError(
                f"Position {position} of the batch is a {type(sent).__name__}, not an Article "
                "or a Ticket; nothing was changed. Make one with parse_document()."
            )
        refusal = forgotten.refusal(sent)
        if refusal is not None:
            refused[sent.id] = refusal
            if face_for(sent, Audience.EXTERNAL) is None:
                not_for_customers[sent.id] = None  # it may stand there still
            continue
        document = forgotten.cleansed(sent)
        seen.append((position, document.id))
        if face_for(document, Audience.EXTERNAL) is None:
            not_for_customers[document.id] = held_back_reason(document)
        versions.setdefault(document.id, []).append(document)
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
    return _Batch(kept, positions, rejected, set(), not_for_customers, versions, refused)


def _require_list(documents: object) -> None:
    if isinstance(documents, Article | Ticket | str | bytes):
        raise ConfigError(
            f"upsert() takes a list of documents, not one {type(documents).__name__}: "
            "put it into a list."
        )


def _is_unchanged(document_id: str, plan: _Plan) -> bool:
    """Whether each shelf already held just what belongs on it, nothing included."""
    return all(
        document_id in plan.same[a]
        if document_id in plan.faces[a]
        else document_id not in plan.before[a]
        for a in _ORDER
    )
