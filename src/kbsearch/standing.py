"""Why a document is, or is not, where customers can read it: facts in the order they count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from kbsearch.models import Article, ArticleStatus, Audience, Document, Ticket
from kbsearch.models.base import FrozenModel
from kbsearch.visibility import Explanation, Marker, Verdict, decide


class Standing(FrozenModel):
    """
    Where a document stands, by what markers it came there, and what holds now.

    `shelves` are those that hold it or a face of it; `is_from_source` tells
    whether the explanations are those of an import, or read off the document
    itself; `customers_read` is what a customer can find of it at this moment,
    and `because` says why in sentences.
    """

    document_id: str
    shelves: tuple[str, ...]
    explanations: tuple[Explanation, ...]
    is_from_source: bool
    customers_read: bool
    because: tuple[str, ...]


def standing_of(
    document: Document,
    shelves: Sequence[str],
    noted: Sequence[Explanation],
    now: datetime,
) -> Standing:
    """
    Put the facts together.

    Args:
        document: As the widest shelf holds it: whole, if staff have it.
        shelves: Where it stands.
        noted: By what markers of its source; none if it was not imported.
        now: Decides about dates.
    """
    because = tuple(_facts(document, shelves, now))
    stands = Audience.EXTERNAL.value in shelves
    hides = isinstance(document, Article) and (document.is_pending(now) or document.is_expired(now))
    return Standing(
        document_id=document.id,
        shelves=tuple(shelves),
        explanations=tuple(noted) or own_explanations(document),
        is_from_source=bool(noted),
        customers_read=stands and not hides,
        because=because,
    )


def own_explanations(document: Document) -> tuple[Explanation, ...]:
    """The markers that a document carries itself: what its fields say."""
    if isinstance(document, Article):
        markers = [_marker("article", "audience", document.audience is Audience.EXTERNAL)]
        if document.status is not ArticleStatus.PUBLISHED:
            value = document.status.value
            hidden = Marker(level="article", field="status", value=value, verdict=Verdict.HIDDEN)
            markers.append(hidden)
        return (Explanation(part="article", decision=decide(markers)),)
    published = decide([_marker("ticket", "published", document.published)])
    return (
        Explanation(part="ticket", decision=published),
        *(
            Explanation(
                part=f"message {message.id}" if message.id else f"message no. {number}",
                decision=decide([_marker("message", "public", message.public)]),
            )
            for number, message in enumerate(document.messages, start=1)
        ),
    )


def _marker(level: str, field: str, is_public: bool) -> Marker:
    value = ("internal", "external")[is_public] if field == "audience" else str(is_public).lower()
    verdict = Verdict.PUBLIC if is_public else Verdict.INTERNAL
    return Marker(level=level, field=field, value=value, verdict=verdict)


def _facts(document: Document, shelves: Sequence[str], now: datetime) -> Iterator[str]:
    stands = Audience.EXTERNAL.value in shelves
    if isinstance(document, Ticket):
        n_public = sum(1 for message in document.messages if message.public)
        yield f"{n_public} of its {len(document.messages)} messages are public to its asker"
        if stands:
            yield "it is published, so customers read those messages and nothing else of it"
        elif document.published:
            yield "it is published, but nothing of its public face can be read"
        else:
            yield "it is not published, so it stands with the staff alone"
        return
    if document.audience is Audience.INTERNAL:
        yield "its audience is internal"
    elif document.status is not ArticleStatus.PUBLISHED:
        yield f"its audience is external, but its status is {document.status.value}"
    elif stands:
        yield "its audience is external and it is published"
    if not stands:
        return
    if document.is_pending(now):
        yield f"customers find it from {document.valid_from:%Y-%m-%d %H:%M %Z} on, not yet"
    if document.is_expired(now):
        yield f"customers have not found it since {document.valid_until:%Y-%m-%d %H:%M %Z}"
