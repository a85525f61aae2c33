"""Which face of a document stands on which shelf."""

from __future__ import annotations

from kbsearch.models import Article, ArticleStatus, Audience, Document, group_of


def face_for(document: Document, shelf: str) -> Document | None:
    """
    What of a document stands on one shelf; None if nothing.

    An article stands on one shelf, its own. A ticket stands on the internal
    shelf whole; on the external one stands its public face, if it has one. What is
    restricted to groups stands on the shelf of each, whole, and on no other.
    """
    if shelf == Audience.EXTERNAL.value:
        return document.public_face()
    if document.groups or group_of(shelf):
        return document if group_of(shelf) in document.groups else None
    stands_there_alone = isinstance(document, Article) and document.shelf is Audience.EXTERNAL
    return None if stands_there_alone else document


def held_back_reason(document: Document) -> str | None:
    """Why a document that asks for customers does not reach them; None if it does or need not."""
    if isinstance(document, Article):
        wants = document.audience is Audience.EXTERNAL
        if wants and document.status is not ArticleStatus.PUBLISHED:
            return f"its status is {document.status.value}, not published"
        return None
    if document.published and document.public_face() is None:
        return "it is published, but no public message has text"
    return None


def is_narrower(face: Document | None, standing: Document) -> bool:
    """
    Whether customers may read less of a document than of its face that stands with them.

    A message or resolution that is gone or reads otherwise, or dates that hide it
    longer. A page that was merely edited is no narrower.
    """
    if face is None or face.kind != standing.kind:
        return True
    if isinstance(face, Article) and isinstance(standing, Article):
        begins_later = face.valid_from is not None and (
            standing.valid_from is None or face.valid_from > standing.valid_from
        )
        ends_sooner = face.valid_until is not None and (
            standing.valid_until is None or face.valid_until < standing.valid_until
        )
        return begins_later or ends_sooner
    return not _texts_of(face) >= _texts_of(standing)


def _texts_of(face: Document) -> set[str]:
    if isinstance(face, Article):
        return {face.title, face.body}
    resolution = {face.resolution.text} if face.resolution else set()
    return {message.text for message in face.messages} | resolution | {face.subject}


def kept_for_staff(standing: Document) -> Document | None:
    """What of a face that leaves the customers is stored for staff meanwhile; tickets they have."""
    if isinstance(standing, Article):
        return standing.model_copy(update={"audience": Audience.INTERNAL})
    return None
