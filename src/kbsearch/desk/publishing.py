"""Publishing as an act of somebody, and the trail of all such acts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from kbsearch.desk.arguments import parse_ids, parse_name, parse_number, parse_time
from kbsearch.desk.opening import OpenDesk
from kbsearch.errors import ChangedSinceShownError, ConfigError, DocumentNotFoundError
from kbsearch.indexing import ShelfWriter, published_faces, upsert
from kbsearch.indexing.forgotten import Forgotten
from kbsearch.models import (
    Article,
    ArticleStatus,
    Audience,
    AuditAction,
    AuditEntry,
    Document,
    UpsertReport,
    clean_characters,
    in_one_line,
)
from kbsearch.progress import Progress, silent
from kbsearch.redact.policy import RedactionPolicy
from kbsearch.store import AuditFilter

_N_ENTRIES = 100
_MOST_ENTRIES = 1_000_000_000


class DeskPublishing(OpenDesk):
    """Publishing named documents, and who published what."""

    def publish(
        self,
        ids: Iterable[str],
        *,
        by: str,
        reason: str | None = None,
        public_subjects: Mapping[str, str] | None = None,
        expected: Mapping[str, Document | None] | None = None,
        progress: Progress = silent,
    ) -> UpsertReport:
        """
        Show these documents to customers, at somebody's word.

        An article is then written for customers, published, under the id that it
        has; what it `supersedes` is named only as far as customers can read that, too.
        Of a ticket its public face is shown. Both are redacted as any other
        write. An import whose source still says that they are internal takes
        them from customers again: publish them there, too.

        Args:
            ids: Documents that all staff may read.
            by: Who publishes them; kept in the audit trail.
            reason: Why, likewise.
            public_subjects: By id, what customers read as a ticket's subject.
            expected: What `preview_publishing` returned and somebody agreed to.
            progress: Told how far it is.

        Returns:
            As of `upsert`; what has no public face is in `held_back`.

        Raises:
            ChangedSinceShownError: If customers would read something else than was
                expected; none is published.
            ConfigError: If nobody is named, one id is given instead of a list, or a public
                subject is of no ticket among them.
            DocumentNotFoundError: If one of them is not on this desk; none is published.
            LockedError: If another process is writing.
            StoreError: If a shelf cannot be written.
        """
        wanted = parse_ids(ids, "publish")
        if not in_one_line(by):
            raise ConfigError(
                "Who publishes is kept in the audit trail, and nobody was named. "
                "Give by=…, a person or a role; nothing was published."
            )
        with self._writers() as writers:
            self._hold(writers)
            documents = _for_customers(writers, wanted, public_subjects)
            if expected is not None:
                _require_shown(expected, documents, self._redaction)
            trail = self._trail(writers, "publish", by=by, note=reason)
            return upsert(
                writers, documents, redaction=self._redaction, trail=trail, progress=progress
            )

    def preview_publishing(
        self, ids: Iterable[str], *, public_subjects: Mapping[str, str] | None = None
    ) -> dict[str, Document | None]:
        """
        What customers would read of these documents, redacted; None if nothing.

        Raises:
            ConfigError, DocumentNotFoundError: As for `publish`.
        """
        wanted = parse_ids(ids, "preview_publishing")
        with self._writers() as writers:
            documents = _for_customers(writers, wanted, public_subjects)
            faces = published_faces(documents, self._redaction)
        return {document_id: faces.get(document_id) for document_id in wanted}

    def audit(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        document_id: str | None = None,
        action: AuditAction | str | None = None,
        by: str | None = None,
        limit: int = _N_ENTRIES,
    ) -> tuple[AuditEntry, ...]:
        """
        Who published, withdrew, deleted or forgot what, newest first: for the staff's eyes.

        What comes to customers is noted before it does.

        Args:
            since: Then or later.
            until: Before then.
            document_id: Of this document, also of one that was forgotten.
            action: Of this kind alone.
            by: Of this person or role alone, as they were written; however it is spaced.
            limit: At most so many.

        Raises:
            ConfigError: If there is no such action, a time has no offset, an id or a name
                is blank, or the limit is no number from 1.
            DamagedRecordError: If an entry is not what was written.
            StoreError: If the internal shelf cannot be read.
        """
        wanted, author = parse_name(document_id, "document_id"), parse_name(by, "by")
        asked = AuditFilter(parse_time(since), parse_time(until), action=_action(action), by=author)
        most = parse_number(limit, "limit", _MOST_ENTRIES)
        with self._writers(only=()) as writers:
            records = writers[Audience.INTERNAL].records
            if wanted is not None:
                asked = asked._replace(ids=[wanted, Forgotten.load(records).key_of(wanted)])
            return tuple(records.audit(asked, most))


def _standing(writers: Mapping[str, ShelfWriter], ids: Sequence[str]) -> list[Document]:
    """The documents as they stand, whole where staff have them whole."""
    found: dict[str, Document] = {}
    for shelf in (Audience.EXTERNAL, Audience.INTERNAL):  # what all staff have is more
        writer = writers[shelf]
        keys = writer.records.keys_by_id(ids)
        found |= {
            document.id: document
            for document in writer.records.documents(k for k, _ in keys.values()).values()
        }
    for document_id in ids:
        if document_id not in found:
            raise DocumentNotFoundError(document_id)
    return [found[document_id] for document_id in dict.fromkeys(ids)]


def _for_customers(
    writers: Mapping[str, ShelfWriter], ids: Sequence[str], subjects: Mapping[str, str] | None
) -> list[Document]:
    """The documents published, naming no article that customers cannot read."""
    told, documents = _subjects(subjects), _standing(writers, ids)
    articles = [each for each in documents if isinstance(each, Article)]
    named = {other for article in articles for other in article.supersedes}
    readable = set(writers[Audience.EXTERNAL].records.keys_by_id(named))
    readable.update(article.id for article in articles)
    changed: list[Document] = []
    for document in documents:
        if isinstance(document, Article):
            update: dict[str, object] = {
                "audience": Audience.EXTERNAL,
                "status": ArticleStatus.PUBLISHED,
                "supersedes": [other for other in document.supersedes if other in readable],
            }
        else:
            update = {"published": True}
            if document.id in told:
                update["public_subject"] = told.pop(document.id)
        changed.append(type(document).model_validate(document.model_dump() | update))
    if told:
        raise ConfigError(
            f"public_subjects names {sorted(told)!r:.200}: no ticket that is to be published. "
            "Check the ids; nothing was published."
        )
    return changed


def _subjects(subjects: Mapping[str, str] | None) -> dict[str, str]:
    if not isinstance(subjects, Mapping | None):
        raise ConfigError(f"public_subjects maps ids to subjects, and this is {subjects!r:.80}.")
    told = subjects or {}
    for document_id, subject in told.items():
        if not (isinstance(document_id, str) and isinstance(subject, str)):
            raise ConfigError(
                f"public_subjects maps ids to str, and {document_id!r:.80} to a "
                f"{type(subject).__name__}. Nothing was published."
            )
    return {clean_characters(document_id): subject for document_id, subject in told.items()}


def _require_shown(
    expected: Mapping[str, Document | None],
    documents: Sequence[Document],
    redaction: RedactionPolicy,
) -> None:
    """Refuse what customers would now read otherwise than somebody was shown."""
    faces = published_faces(documents, redaction)
    changed = [
        document.id
        for document in documents
        if document.id not in expected or faces.get(document.id) != expected[document.id]
    ]
    if changed:
        raise ChangedSinceShownError(changed)


def _action(action: AuditAction | str | None) -> AuditAction | None:
    if action is None:
        return None
    try:
        return AuditAction(action)
    except ValueError:
        known = ", ".join(AuditAction)
        raise ConfigError(f"{action!r} is no action. There are: {known}.") from None
