"""From fields to documents, with every audience decided by the one rule for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from kbsearch.importers.places import Place
from kbsearch.models import (
    Article,
    Audience,
    AuthorRole,
    Document,
    Message,
    Resolution,
    TextFormat,
    Ticket,
)
from kbsearch.visibility import Explanation, Marker, decide

_ECHO_CHARACTERS = 40
"""A shorter sentence can be in a note and in a reply by chance."""

_SENTENCE_END = re.compile(r"[.!?]\s|\n")


class Imported(NamedTuple):
    """
    A document as it was made from an export.

    `explanations` has the document first, then its messages; `warnings` tell
    what a person should look at, without repeating text.
    """

    place: Place
    document: Document
    explanations: tuple[Explanation, ...]
    warnings: tuple[str, ...] = ()


def make_article(place: Place, *, markers: Iterable[Marker], **fields: Any) -> Imported:
    """
    An article whose audience its markers decide.

    Args:
        place: Where its record stood.
        markers: Of the article and of everything that contains it.
        **fields: Of `Article`, all but `audience`.

    Raises:
        InvalidDocumentError: If it has no text.
        pydantic.ValidationError: If a field cannot be used.
    """
    decision = decide(markers)
    document = Article(audience=decision.audience, **fields)
    return Imported(place, document, (Explanation(part="article", decision=decision),))


class TicketDraft:
    """
    A ticket whose messages come one by one, each with its own markers.

    Args:
        place: Where its record stood.
        markers: Of the ticket: whether its asker may read its conversation. They
            stand above every message, so a private ticket has no public message.
        publication: Whether *everybody* may read its public messages, as in a public
            forum. Helpdesks have no such marker: leave it out, and the ticket stays
            with the staff.
    """

    def __init__(
        self, place: Place, *, markers: Iterable[Marker] = (), publication: Iterable[Marker] = ()
    ) -> None:
        self._place = place
        self._markers = tuple(markers)
        self._publication = tuple(publication)
        self._messages: list[Message] = []
        self._explanations: list[Explanation] = []

    def add(
        self,
        text: str,
        *,
        author_role: AuthorRole,
        markers: Iterable[Marker],
        id: str | None = None,  # noqa: A002 - the model's name for it
        format: TextFormat = TextFormat.PLAIN,  # noqa: A002
        created_at: datetime | None = None,
        attachments: Sequence[str] = (),
    ) -> Message | None:
        """Add a message, public if its markers and all above say so; None for a blank one."""
        if not text.strip():
            return None
        decision = decide((*self._markers, *markers))
        message = Message(
            id=id,
            author_role=author_role,
            text=text,
            public=decision.audience is Audience.EXTERNAL,
            format=format,
            created_at=created_at,
            attachments=tuple(attachments),
        )
        self._messages.append(message)
        part = f"message {id}" if id else f"message no. {len(self._messages)}"
        self._explanations.append(Explanation(part=part, decision=decision))
        return message

    def resolution(
        self,
        text: str,
        *,
        markers: Iterable[Marker],
        format: TextFormat = TextFormat.PLAIN,  # noqa: A002
        message_id: str | None = None,
    ) -> Resolution | None:
        """A stated resolution, public by the same rule as a message; None if it is blank."""
        if not text.strip():
            return None
        decision = decide((*self._markers, *markers))
        self._explanations.append(Explanation(part="resolution", decision=decision))
        is_public = decision.audience is Audience.EXTERNAL
        return Resolution(text=text, public=is_public, format=format, message_id=message_id)

    def build(self, **fields: Any) -> Imported:
        """
        The ticket.

        Args:
            **fields: Of `Ticket`, all but `messages` and `published`.

        Raises:
            InvalidDocumentError: If it has no text, or two messages have one id.
            pydantic.ValidationError: If a field cannot be used.
        """
        decision = decide(self._publication)
        ticket = Ticket(
            messages=tuple(self._messages),
            published=decision.audience is Audience.EXTERNAL,
            **fields,
        )
        explanations = (Explanation(part="ticket", decision=decision), *self._explanations)
        return Imported(self._place, ticket, explanations, _echoes(ticket))


def _echoes(ticket: Ticket) -> tuple[str, ...]:
    """Public messages that repeat a sentence of a private one: neither is changed by it."""
    private = {
        sentence: message.id or str(number)
        for number, message in enumerate(ticket.messages, start=1)
        if not message.public
        for sentence in _sentences(message.text)
    }
    found: dict[str, None] = {}
    if not private:
        return ()
    for number, message in enumerate(ticket.messages, start=1):
        if message.public:
            for sentence in _sentences(message.text):
                if sentence in private:
                    shown = message.id or str(number)
                    found[f"public message {shown} repeats private {private[sentence]}"] = None
    return tuple(found)


def _sentences(text: str) -> set[str]:
    parts = _SENTENCE_END.split(text.casefold())
    long = (" ".join(part.split()).strip(" >") for part in parts if len(part) >= _ECHO_CHARACTERS)
    return {part for part in long if len(part) >= _ECHO_CHARACTERS}
