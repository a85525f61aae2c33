"""Which face of a document stands on which shelf, and how it reads as one cleaned text."""

from __future__ import annotations

from collections.abc import Iterable

from kbsearch.errors import InvalidDocumentError, MissingExtraError
from kbsearch.models import (
    Article,
    ArticleStatus,
    Audience,
    AuthorRole,
    Document,
    Message,
    Resolution,
    SectionKind,
    Ticket,
)
from kbsearch.text import CleanDocument, Section, first_line, to_plain_text
from kbsearch.text.clean import MAX_CHARACTERS

_PARTING = "\n\n"

MAX_TITLE_CHARACTERS = 300
"""A longer title is a text: it is cut as a title and searched whole as a text."""


def face_for(document: Document, audience: Audience) -> Document | None:
    """
    What of a document stands on the shelf of one audience; None if nothing.

    An article stands on one shelf, its own. A ticket stands on the internal
    shelf whole; on the external one stands its public face, if it has one.
    """
    if audience is Audience.EXTERNAL:
        return document.public_face()
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


def clean_document(face: Document) -> CleanDocument:
    """
    One face as one plain text, its sections in reading order.

    Raises:
        InvalidDocumentError: If nothing readable is left, or it is too long.
        MissingExtraError: If it is HTML or markdown and no parser is installed.
    """
    size = _size(face)
    if size > MAX_CHARACTERS:
        raise InvalidDocumentError(
            face.id, f"it has {size} characters; at most {MAX_CHARACTERS} are indexed. Split it."
        )
    parts = list(_article_parts(face) if isinstance(face, Article) else _ticket_parts(face))
    title = " ".join((face.title if isinstance(face, Article) else face.subject).split())
    if len(title) > MAX_TITLE_CHARACTERS:
        kind = SectionKind.BODY if isinstance(face, Article) else SectionKind.PROBLEM
        parts.insert(0, (kind, title, None))
        title = first_line(title, max_characters=MAX_TITLE_CHARACTERS)
    texts: list[str] = []
    sections: list[Section] = []
    position = 0
    for kind, text, message_id in parts:
        if text.strip():
            end = position + len(text)
            sections.append(Section(kind=kind, start=position, end=end, message_id=message_id))
            texts.append(text)
            position = end + len(_PARTING)
    text = _PARTING.join(texts)
    if not (title or text):
        raise InvalidDocumentError(face.id, "no text is left of it once its markup is read.")
    return CleanDocument(title=title, text=text, sections=tuple(sections))


def _article_parts(article: Article) -> Iterable[tuple[SectionKind, str, str | None]]:
    yield SectionKind.BODY, to_plain_text(article.body, article.format), None


def is_readable(face: Document) -> bool:
    """Whether `clean_document` would take it, here and now."""
    try:
        clean_document(face)
    except (InvalidDocumentError, MissingExtraError):
        return False
    return True


def _ticket_parts(ticket: Ticket) -> Iterable[tuple[SectionKind, str, str | None]]:
    resolution = ticket.resolution
    fix = to_plain_text(resolution.text, resolution.format) if resolution else ""
    is_told = False
    for message in ticket.messages:
        if message.author_role in (AuthorRole.CUSTOMER, AuthorRole.AGENT):
            text = to_plain_text(message.text, message.format)
            kind = _section_kind(message)
            if resolution is not None and text == fix and message.public is resolution.public:
                kind, is_told = _resolution_kind(resolution), True
            yield kind, text, message.id
    if resolution is not None and not is_told:
        yield _resolution_kind(resolution), fix, resolution.message_id


def _resolution_kind(resolution: Resolution) -> SectionKind:
    return SectionKind.RESOLUTION if resolution.public else SectionKind.PRIVATE_RESOLUTION


def _section_kind(message: Message) -> SectionKind:
    if not message.public and message.author_role is AuthorRole.AGENT:
        return SectionKind.NOTE
    return SectionKind.PROBLEM if message.author_role is AuthorRole.CUSTOMER else SectionKind.REPLY


def _size(face: Document) -> int:
    if isinstance(face, Article):
        return len(face.title) + len(face.body)
    resolution = len(face.resolution.text) if face.resolution else 0
    return len(face.subject) + sum(len(m.text) for m in face.messages) + resolution
