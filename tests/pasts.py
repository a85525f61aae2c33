"""Desks with a past for tests of time travel: what is later can be anything."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from kbsearch import (
    Article,
    Audience,
    AuthorRole,
    Message,
    Resolution,
    Settings,
    Ticket,
    TicketStatus,
)
from kbsearch.embed import Embedder, HashingEmbedder
from kbsearch.embed.factory import shelf_fingerprint
from kbsearch.evaluation.cases import Case
from kbsearch.evaluation.history import History
from kbsearch.evaluation.past_making import Making, PastShelfMaker
from kbsearch.evaluation.unasked import Unasked
from kbsearch.indexing.faces import face_for
from kbsearch.models import Document, Satisfaction
from kbsearch.text import Analyzer

MOMENT = datetime(2024, 6, 1, tzinfo=UTC)
"""When the question is asked; what is told by then is the past of all worlds."""

ASKED = "desk:asked"
SHELVES = {
    Audience.INTERNAL: (Audience.INTERNAL.value, Audience.EXTERNAL.value),
    Audience.EXTERNAL: (Audience.EXTERNAL.value,),
}

RARE = "error 0x80070005"
"""Stands in a few tickets of the past, and in as many of the future."""

_WORDS = [
    f"{noun}{ending}"
    for noun in ("tunnel", "printer", "laptop", "phone", "mailbox", "disk", "login", "screen")
    for ending in ("", " breaks", " is slow", " error", " E-1042", " fails at 4.6.1", " is green")
]


def text_of(rng: random.Random, n: int) -> str:
    """n invented phrases."""
    return " ".join(rng.choice(_WORDS) for _ in range(n))


def say(text: str, at: datetime | None, *, agent: bool = False, public: bool = True) -> Message:
    """A message with its time."""
    role = AuthorRole.AGENT if agent else AuthorRole.CUSTOMER
    return Message(author_role=role, text=text, public=public, created_at=at)


def history_of(
    documents: Sequence[Document],
    audience: Audience = Audience.INTERNAL,
    *,
    embedder: Embedder | None = None,
    growth: float = 0.1,
    settings: Settings | None = None,
) -> History:
    """The past of a desk that holds these documents."""
    settings, embedder = settings or Settings(), embedder or HashingEmbedder(64)
    fingerprint = shelf_fingerprint(embedder, settings)
    making = Making(embedder, fingerprint, Analyzer(settings.words.language))
    shelves, tickets = [], dict[str, Ticket]()
    for name in SHELVES[audience]:
        maker = PastShelfMaker(name, making, growth=growth)
        for document in documents:
            if (face := face_for(document, name)) is not None:
                maker.add(face)
                if isinstance(face, Ticket):
                    tickets.setdefault(face.id, face)
        shelves.append(maker.made())
    ranking = settings.read_by(audience).ranking
    return History(audience, shelves, making, ranking, ticket_of=tickets.get, now_us=0)


def bytes_of(case: Case | Unasked) -> bytes:
    """Every bit of a case."""
    if isinstance(case, Unasked):
        return case.value.encode()
    return b"|".join(_bytes(value) for value in case)


def _bytes(value: Any) -> bytes:
    if isinstance(value, np.ndarray):
        return repr((value.dtype, value.shape)).encode() + value.tobytes()
    if isinstance(value, tuple):
        return b",".join(map(_bytes, value))
    return repr(sorted(value.items()) if isinstance(value, dict) else value).encode()


def world(past: int, later: int, *, n: int = 50) -> list[Document]:
    """
    A desk whose past until `MOMENT` depends on one seed and all that is later on another.

    Later are documents, messages, resolutions, tags, reopenings, ratings, follow-ups, the
    texts of articles that were changed, of whatever has no date; and what came at that
    very moment.
    """
    told, rng = random.Random(past), random.Random(later)
    documents: list[Document] = []
    for number in range(n):
        documents.append(_ticket(number, MOMENT - timedelta(hours=n - number), told, rng))
        if number % 4 == 0:
            documents.append(_article(number, MOMENT - timedelta(hours=n - number), told, rng))
    first = say(text_of(told, 8), MOMENT)
    documents.append(_asked(text_of(told, 2), first, rng))
    for number in range(rng.randint(0, 12)):
        after = MOMENT + timedelta(hours=3 * number)  # the first at the same moment
        documents.append(_ticket(n + number, after, rng, rng))
        documents.append(_article(n + number, after, rng, rng))
    return documents


def _ticket(number: int, at: datetime, told: random.Random, rng: random.Random) -> Ticket:
    """
    A problem and an answer; a third were resolved then, what is done later is anything.

    Of some of these it was known then how it went, and nothing was changed since.
    """
    subject, problem, reply, fix = (text_of(told, n) for n in (2, 6, 4, 3))
    if number % 15 == 0:
        problem += f" with {RARE}"
    language, is_published, is_private = "en", told.random() < 0.5, told.random() < 0.3
    messages = [say(problem, at), say(reply, at + timedelta(minutes=20), agent=True)]
    messages[1] = messages[1].model_copy(update={"public": not is_private})
    for _ in range(rng.randint(0, 3)):
        after = max(at, MOMENT) + timedelta(minutes=rng.randint(0, 900))
        messages.append(say(text_of(rng, 5), rng.choice([after, None]), agent=True))
    fields: dict[str, Any] = {"status": rng.choice([TicketStatus.OPEN, TicketStatus.PENDING])}
    later = max(at, MOMENT) + timedelta(hours=rng.randint(1, 50))
    if number % 3 == 0:
        resolved_at = at + timedelta(minutes=25)
        fields = {"status": TicketStatus.RESOLVED, "resolved_at": resolved_at}
        fields["resolution"] = Resolution(text=fix)
        if number % 2 and at < MOMENT:
            messages, later = messages[:2], at + timedelta(minutes=40)
            fields["n_reopenings"] = told.choice([None, 0, 1])
            fields["satisfaction"] = told.choice([None, *Satisfaction])
    elif rng.random() < 0.5:
        fields = {"status": TicketStatus.RESOLVED, "resolved_at": rng.choice([later, None])}
        fields["resolution"] = Resolution(text=text_of(rng, 4), public=rng.random() < 0.5)
    tags = tuple(text_of(rng, 1) for _ in range(rng.randint(0, 2)))
    if later >= MOMENT:
        fields["n_reopenings"] = rng.choice([None, 0, 2])
        fields["satisfaction"] = rng.choice([None, *Satisfaction])
    return Ticket(
        id=f"desk:{number:03}",
        subject=subject,
        messages=tuple(messages),
        language=language,
        published=is_published,
        public_subject=subject,
        tags=tags if later >= MOMENT else (),
        followup_ids=("desk:later",) if rng.random() < 0.3 else (),
        created_at=at,
        updated_at=later,
        **fields,
    )


def _article(number: int, at: datetime, told: random.Random, rng: random.Random) -> Article:
    """An article; every other one has been changed since, and a few have no date."""
    title, body = text_of(told, 2), text_of(told, 12)
    audience = told.choice(list(Audience))
    is_dated, is_changed = told.random() < 0.8, told.random() < 0.5
    if is_changed or not is_dated:
        title, body = text_of(rng, 2), text_of(rng, 12)
    later = max(at, MOMENT) + timedelta(hours=rng.randint(0, 40))
    return Article(
        id=f"kb:{number:03}",
        title=title,
        body=body,
        audience=audience,
        created_at=at if is_dated else None,
        updated_at=later if is_dated and is_changed else None,
    )


def _asked(subject: str, first: Message, rng: random.Random) -> Ticket:
    later = [
        say(text_of(rng, 6), MOMENT + timedelta(minutes=rng.randint(1, 90)))
        for _ in range(rng.randint(0, 3))
    ]
    is_resolved = rng.random() < 0.5
    return Ticket(
        id=ASKED,
        subject=subject,
        messages=(first, *later),
        published=True,
        public_subject=subject,
        tags=tuple(text_of(rng, 1) for _ in range(rng.randint(0, 2))),
        duplicate_ids=("desk:001",) if rng.random() < 0.5 else (),
        merged_ids=("desk:002",) if rng.random() < 0.5 else (),
        status=TicketStatus.RESOLVED if is_resolved else TicketStatus.OPEN,
        resolution=Resolution(text=text_of(rng, 3)) if is_resolved else None,
        created_at=MOMENT,
        n_reopenings=rng.choice([None, 1]),
    )
