"""Links to documents that customers cannot open, and URLs that only staff's documents hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from kbsearch.models import Article, Document, FindingKind, TextFinding, Ticket
from kbsearch.search import ShelfReader
from kbsearch.sharing.outgoing.references import document_ids, urls

_N_LOOKED_UP = 500


def links_to_documents(
    text: str,
    internal: Sequence[ShelfReader],
    external: ShelfReader,
    *,
    own_ids: Collection[str | None] = (),
    now: datetime,
) -> Iterator[TextFinding]:
    """Ids of documents that customers cannot read now."""
    named = list(document_ids(text))[:_N_LOOKED_UP]
    ids = {reference.text for reference in named}.difference(own_ids)
    if not ids:
        return
    public = external.standing(ids)
    hidden = {one for one in public if _is_hidden(external.get(one), now)}
    kept = {one for reader in internal for one in reader.standing(ids)} - public | hidden
    for reference in named:
        if reference.text in kept:
            yield TextFinding(
                kind=FindingKind.LINK,
                sentence=reference.text,
                start=reference.start,
                end=reference.end,
                why="It names a document that customers cannot open.",
                source_id=reference.text,
            )


def _is_hidden(document: Document | None, now: datetime) -> bool:
    """Whether its dates keep it from customers."""
    return isinstance(document, Article) and (document.is_pending(now) or document.is_expired(now))


def links_of_staff(
    text: str, internal: Iterable[Document], external: Iterable[Document], known: Sequence[str]
) -> Iterator[TextFinding]:
    """
    URLs that internal documents hold and no external one.

    Args:
        text: The draft.
        internal: Documents that could hold them.
        external: Likewise, of customers.
        known: Texts that who asked has written or was told.
    """
    found = list(urls(text))
    if not found:
        return
    private = [(document.id, text_of(document)) for document in internal]
    public = [text_of(document) for document in external] + list(known)
    for url in found:
        holder = next((name for name, whole in private if url.text in whole), None)
        if holder is not None and not any(url.text in whole for whole in public):
            yield TextFinding(
                kind=FindingKind.LINK,
                sentence=url.text,
                start=url.start,
                end=url.end,
                why=f"Only internal documents hold this address, as {holder}.",
                source_id=holder,
            )


def text_of(document: Document) -> str:
    """All text of a document, as it is marked up."""
    if isinstance(document, Article):
        return f"{document.title}\n{document.body}"
    return _text_of_ticket(document)


def _text_of_ticket(ticket: Ticket) -> str:
    fix = [ticket.resolution.text] if ticket.resolution else []
    return "\n".join([ticket.subject, *(message.text for message in ticket.messages), *fix])
