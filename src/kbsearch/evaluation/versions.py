"""How a document read at each moment of its life, as far as it tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from kbsearch.models import Article, AuthorRole, Document, Message, Ticket, TicketStatus
from kbsearch.store import to_us

NEVER_US = 2**63 - 1
"""Microseconds since 1970 UTC of what has no known moment: no dated question sees it."""

_EACH_OF_THE_FIRST = 8
"""Messages of one ticket that make a version each; of later ones ever fewer do."""


class Version(NamedTuple):
    """
    A document as it stood from one moment to the next.

    Attributes:
        face: What stood there.
        from_us: It stands for questions later than this, microseconds since 1970 UTC;
            never for those of the same moment: which of the two came first is not known.
        until_us: And no later than this.
        is_current: It is what stands now, for questions of which nobody knows when.
    """

    face: Document
    from_us: int
    until_us: int
    is_current: bool


def versions_of(face: Document, *, has_all_times: bool = True) -> list[Version]:
    """
    The versions of what stands on a shelf, oldest first; never empty.

    Nothing is taken for older than it is known to be:

    - An article stands from its last change on: how it read before is not kept.
    - A ticket grows message by message, is open until `resolved_at` and shows its
      resolution from then on. What has no time of its own (`tags`, reopenings, the
      asker's satisfaction, messages without a time, a resolution without `resolved_at`)
      stands from `updated_at` on. The first message opens the ticket, if its asker
      wrote it.
    - Follow-ups are tickets of their own: when the first was opened, this one does not tell.
    - What cannot be dated so stands for no dated question.

    A subject, product and language are taken to be the first ones: no export keeps others.

    Args:
        face: What of a document stands on the shelf.
        has_all_times: Whether `updated_at` is the time of its last change; on the
            customers' shelf it is that of a public message.
    """
    if isinstance(face, Article):
        times = [us for us in (to_us(face.created_at), to_us(face.updated_at)) if us is not None]
        return [Version(face, max(times, default=NEVER_US), NEVER_US, is_current=True)]
    return _versions_of_ticket(face, _Times.of(face, has_all_times=has_all_times))


def as_asked(ticket: Ticket, at_us: int | None) -> Ticket:
    """
    A ticket as its asker told it at a moment: without what was written, or done, later.

    The message that opened it is always told. None is no moment: the ticket as it is.
    """
    if at_us is None:
        return ticket
    times = _Times.of(ticket, has_all_times=True).messages
    told = [
        message
        for number, (message, us) in enumerate(zip(ticket.messages, times, strict=True))
        if number == 0 or us <= at_us
    ]
    changes = {"messages": tuple(told), "status": TicketStatus.OPEN, "resolution": None}
    return ticket.model_copy(update={**changes, **_outcome(ticket, is_known=False), "tags": ()})


class _Times(NamedTuple):
    """When a ticket became what it is; `NEVER_US` for what is not known."""

    created: int
    messages: list[int]
    resolved: int
    resolution: int
    last_change: int

    @classmethod
    def of(cls, ticket: Ticket, *, has_all_times: bool) -> _Times:
        created = _or_never(to_us(ticket.created_at))
        last_change = _or_never(to_us(ticket.updated_at)) if has_all_times else NEVER_US
        last_change = max(created, last_change)
        messages = [
            max(created, us)
            for us in _message_times(ticket.messages, created=created, last_change=last_change)
        ]
        resolved = last_change
        if ticket.resolved_at is not None:
            resolved = max(created, _or_never(to_us(ticket.resolved_at)))
        resolution = resolved if ticket.is_resolved else last_change
        if ticket.resolution is not None and ticket.resolution.message_id is not None:
            ids = [message.id for message in ticket.messages]
            if ticket.resolution.message_id in ids:
                resolution = max(resolution, messages[ids.index(ticket.resolution.message_id)])
        return cls(created, messages, resolved, resolution, last_change)

    def moments(self) -> list[int]:
        """
        When something changed, ascending, in as many steps as are worth to be told apart.

        Which messages make a step depends on the number of those before them alone.
        """
        steps = sorted({self.created, *self.messages} - {NEVER_US})
        kept = {us for number, us in enumerate(steps) if _makes_a_step(number)}
        return sorted((kept | {self.resolved, self.resolution, self.last_change}) - {NEVER_US})


def _versions_of_ticket(ticket: Ticket, times: _Times) -> list[Version]:
    if times.created == NEVER_US:
        return [Version(ticket, NEVER_US, NEVER_US, is_current=True)]
    faces: list[tuple[Ticket, int]] = []
    for us in times.moments():
        face = _at(ticket, times, us)
        if not faces or face != faces[-1][0]:
            faces.append((face, us))
    ends = [us for _, us in faces[1:]] + [NEVER_US]
    versions = [
        Version(face, us, until, is_current=False)
        for (face, us), until in zip(faces, ends, strict=True)
    ]
    if faces[-1][0] == ticket:
        return [*versions[:-1], versions[-1]._replace(is_current=True)]
    return [*versions, Version(ticket, NEVER_US, NEVER_US, is_current=True)]


def _at(ticket: Ticket, times: _Times, us: int) -> Ticket:
    """What had been told of a ticket by a moment."""
    is_resolved = ticket.is_resolved and times.resolved <= us
    messages = (m for m, at in zip(ticket.messages, times.messages, strict=True) if at <= us)
    has_resolution = times.resolution <= us
    changes = {
        "messages": tuple(messages),
        "status": ticket.status if is_resolved or not ticket.is_resolved else TicketStatus.OPEN,
        "resolution": ticket.resolution if has_resolution else None,
        "tags": ticket.tags if times.last_change <= us else (),
    }
    outcome = _outcome(ticket, is_known=times.last_change <= us)
    return ticket.model_copy(update={**changes, **outcome})


def _outcome(ticket: Ticket, *, is_known: bool) -> dict[str, Any]:
    """How it went, as far as that was known: a ticket that is not reopened now never was."""
    return {
        "satisfaction": ticket.satisfaction if is_known else None,
        "n_reopenings": ticket.n_reopenings if is_known or not ticket.n_reopenings else 0,
        "followup_ids": (),
    }


def _message_times(messages: Sequence[Message], *, created: int, last_change: int) -> Iterable[int]:
    for number, message in enumerate(messages):
        us = to_us(message.created_at)
        if us is None:
            opens_it = number == 0 and message.author_role is AuthorRole.CUSTOMER
            us = created if opens_it else last_change
        yield us


def _makes_a_step(number: int) -> bool:
    """Of ten thousand messages, forty: each of the first, then every second, fourth, eighth …"""
    spacing = 1
    while number >= _EACH_OF_THE_FIRST * spacing:
        spacing *= 2
    return number % spacing == 0


def _or_never(us: int | None) -> int:
    return NEVER_US if us is None else us
