"""Tickets: a problem, its conversation, and what fixed it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal

from pydantic import Field, StrictBool, model_validator

from kbsearch.errors import InvalidDocumentError
from kbsearch.models.base import (
    CONTRADICTS_GROUPS,
    DocumentId,
    FrozenModel,
    Group,
    Language,
    Tag,
    TextFormat,
    Time,
)
from kbsearch.models.characters import Text

DRAFT_ID = "draft:unsaved"
"""Of a ticket that has no id yet."""


class AuthorRole(StrEnum):
    """Who wrote a message. `customer` is whoever asks, an employee included."""

    CUSTOMER = "customer"
    AGENT = "agent"
    SYSTEM = "system"
    BOT = "bot"


class TicketStatus(StrEnum):
    """Where a ticket stands."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Satisfaction(StrEnum):
    """What the asker said of the outcome."""

    GOOD = "good"
    BAD = "bad"


class Person(FrozenModel):
    """Somebody named in a ticket's own fields; what is known of them is kept from customers."""

    id: Text | None = None
    name: Text | None = None
    email: Text | None = None
    phone: Text | None = None


class Message(FrozenModel):
    """One message; private unless it says that it is public. Attachments are names alone."""

    id: Text | None = None
    author_role: AuthorRole
    text: Text
    public: StrictBool = False
    format: TextFormat = TextFormat.PLAIN
    attachments: tuple[Text, ...] = ()
    created_at: Time | None = None


class Resolution(FrozenModel):
    """What fixed it; private unless it says that it is public."""

    text: Text
    public: StrictBool = False
    format: TextFormat = TextFormat.PLAIN
    message_id: Text | None = None


class Ticket(FrozenModel):
    """
    One ticket with its public replies and private notes.

    It stands on the internal shelf. With `published=True` its public face
    stands on the external shelf too, built from the public messages alone.

    `duplicate_ids` report the same problem; `merged_ids` were merged into this
    one, or this one into them; `problem_ids` are the problems that this one is
    an incident of; `followup_ids` were opened after it was closed. `people` are
    those named in its own fields, the requester first: their names and
    addresses are removed from what customers read. With `groups` it is for these
    groups of staff alone.

    Raises:
        InvalidDocumentError: If there is no text, a message id is used twice, or a
            published ticket is restricted to groups.
        pydantic.ValidationError: For wrong types or unknown fields.
    """

    kind: Literal["ticket"] = "ticket"
    id: DocumentId
    subject: Text
    messages: tuple[Message, ...] = ()
    status: TicketStatus = TicketStatus.OPEN
    resolution: Resolution | None = None
    product: Text | None = None
    tags: tuple[Tag, ...] = ()
    language: Language | None = None
    published: StrictBool = False
    groups: tuple[Group, ...] = ()
    public_subject: Text | None = None
    article_ids: tuple[DocumentId, ...] = ()
    duplicate_ids: tuple[DocumentId, ...] = ()
    merged_ids: tuple[DocumentId, ...] = ()
    problem_ids: tuple[DocumentId, ...] = ()
    followup_ids: tuple[DocumentId, ...] = ()
    related_ids: tuple[DocumentId, ...] = ()
    satisfaction: Satisfaction | None = None
    n_reopenings: int | None = Field(default=None, ge=0)
    people: tuple[Person, ...] = ()
    created_at: Time | None = None
    updated_at: Time | None = None
    resolved_at: Time | None = None

    @classmethod
    def draft(cls, text: str, *, subject: str = "") -> Ticket:
        """
        A ticket of what its asker says, to look for similar ones before it is saved.

        Its id is `DRAFT_ID`; give it one of its own before it is saved.
        """
        message = Message(author_role=AuthorRole.CUSTOMER, text=text, public=True)
        return cls(id=DRAFT_ID, subject=subject, messages=(message,))

    @model_validator(mode="after")
    def _is_whole(self) -> Ticket:
        if not (self.subject.strip() or any(m.text.strip() for m in self.messages)):
            raise InvalidDocumentError(
                self.id, "it has no text; give it a subject or a message that says something."
            )
        ids = [m.id for m in self.messages if m.id is not None]
        if len(ids) != len(set(ids)):
            raise InvalidDocumentError(
                self.id, "two of its messages have the same id; ids of messages must differ."
            )
        if self.groups and self.published:
            raise InvalidDocumentError(self.id, CONTRADICTS_GROUPS)
        return self

    @property
    def is_resolved(self) -> bool:
        """Whether its status is resolved or closed."""
        return self.status in (TicketStatus.RESOLVED, TicketStatus.CLOSED)

    @property
    def has_bad_outcome(self) -> bool:
        """
        Whether what was done is known not to have held.

        The ticket was reopened or followed up, or its asker was dissatisfied. A public
        face tells nothing of these.
        """
        is_disliked = self.satisfaction is Satisfaction.BAD
        return bool(self.n_reopenings or self.followup_ids) or is_disliked

    @property
    def public_resolution(self) -> Resolution | None:
        """The resolution if it is public; else a resolved ticket's last public agent reply."""
        return self._resolution(public=True)

    @property
    def private_resolution(self) -> Resolution | None:
        """The resolution if it is private; else a resolved ticket's last private agent note."""
        return self._resolution(public=False)

    def _resolution(self, *, public: bool) -> Resolution | None:
        stated = self.resolution
        if stated is not None and stated.public is public and stated.text.strip():
            return stated
        if not self.is_resolved:
            return None
        for message in reversed(self.messages):
            is_agents = message.author_role is AuthorRole.AGENT
            if is_agents and message.public is public and message.text.strip():
                return Resolution(
                    text=message.text,
                    public=public,
                    format=message.format,
                    message_id=message.id,
                )
        return None

    def restricted_to(self, groups: Iterable[str]) -> Ticket:
        """The ticket for these groups of staff alone."""
        return self.model_copy(update={"published": False, "groups": tuple(groups)})

    def public_face(self) -> Ticket | None:
        """
        The ticket as any customer may read it, or None if it is not published.

        A new ticket made of public messages, never a cut of the whole one: the
        staff's subject, tags, links and times of private notes are not in it.
        Its subject is `public_subject` or empty; a reader then sees the start
        of the first public message. None too if no public message has text.
        """
        messages = tuple(m for m in self.messages if m.public)
        if not self.published or not any(m.text.strip() for m in messages):
            return None
        times = [m.created_at for m in messages if m.created_at is not None]
        return Ticket(
            id=self.id,
            subject=self.public_subject or "",
            messages=messages,
            status=TicketStatus.RESOLVED if self.is_resolved else TicketStatus.OPEN,
            resolution=_public_only(self.resolution, {m.id for m in messages}),
            product=self.product,
            language=self.language,
            published=True,
            public_subject=self.public_subject,
            created_at=min(times, default=None),
            updated_at=max(times, default=None),
        )


def _public_only(resolution: Resolution | None, public_ids: set[str | None]) -> Resolution | None:
    """A public resolution, without the id of a private message that it may point to."""
    if resolution is None or not resolution.public:
        return None
    if resolution.message_id in public_ids:
        return resolution
    return resolution.model_copy(update={"message_id": None})
