"""Unique words for everything private, and a search for them in whatever comes out."""

from __future__ import annotations

import hashlib

from kbsearch import ArticleStatus, Person, Resolution, TicketStatus
from kbsearch.models import Document
from tests.builders import agent_says, article, customer_says, ticket
from tests.library import EXTERNAL, INTERNAL

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_N_COMPARED = 28  # 26 ** 28 > 2 ** 131; what follows may be cut off by a stemmer
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")

CANARIES: dict[str, str] = {}
"""Each by what it was made for; making one adds it."""


def canary(name: str) -> str:
    """A word of 32 letters that stands nowhere else; the same for the same name."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest(), "big")
    letters = []
    for _ in range(_N_COMPARED + 4):
        number, place = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[place])
    return CANARIES.setdefault(name, "".join(letters))


def canaries_in(content: bytes | str) -> list[str]:
    """Names of those that stand anywhere in it, in any case and encoding."""
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    lowered = raw.lower()
    return [
        name
        for name, word in CANARIES.items()
        if any(word[:_N_COMPARED].encode(encoding) in lowered for encoding in _ENCODINGS)
    ]


PUBLISHED = ticket(
    "public",
    "",
    subject=f"Printer {canary('subject')}",
    messages=(
        customer_says("Printer jams on page two", id="m1"),
        agent_says(
            f"The {canary('note')} was wrong",
            public=False,
            id=canary("note id"),
            attachments=(f"{canary('attachment')}.pdf",),
        ),
        customer_says(f"My {canary('whisper')} is on the lid", public=False, id=canary("its id")),
        agent_says("Open tray two", public=True, id="m2"),
    ),
    status=TicketStatus.RESOLVED,
    resolution=Resolution(
        text=f"Replaced {canary('part')} under warranty", message_id=canary("note id")
    ),
    published=True,
    tags=(canary("tag"),),
    article_ids=(f"kb:{canary('used article')}",),
    duplicate_ids=(f"desk:{canary('duplicate')}",),
    merged_ids=(f"desk:{canary('merged')}",),
    problem_ids=(f"desk:{canary('problem')}",),
    followup_ids=(f"desk:{canary('follow-up')}",),
    related_ids=(f"desk:{canary('related')}",),
    people=(
        Person(
            id=canary("person"),
            name=f"{canary('first name')} {canary('last name')}",
            email=f"{canary('address')}@kettle.example",
        ),
    ),
)
"""Customers may read its two public messages, and nothing else of it."""

UNPUBLISHED = ticket(
    canary("unpublished"),
    f"The {canary('complaint')} of a customer",
    subject=canary("other subject"),
    product=canary("product"),
    tags=(canary("label"),),
)
STAFF_ARTICLE = article(
    canary("staff"),
    f"Printer shelf holds {canary('body')}, see ![{canary('alt')}]({canary('image')}.png)",
    INTERNAL,
    title=f"Printer {canary('title')}",
    format="markdown",
    product=canary("model"),
    tags=(canary("keyword"),),
    supersedes=(f"kb:{canary('older')}",),
)
DRAFT = article(
    canary("draft"),
    f"Printer recall of {canary('recall')}",
    EXTERNAL,
    status=ArticleStatus.DRAFT,
    title="Recall",
)
MANUAL = article(
    "manual",
    "Printer jams are cured by opening tray two",
    EXTERNAL,
    twin_id=f"kb:{canary('twin')}",
)
"""Customers may read all of it but the id of its twin."""

NEVER_STORED = ("twin",)
"""What is taken off before anything is stored: an external article stands on one shelf alone."""

DOCUMENTS: list[Document] = [STAFF_ARTICLE, PUBLISHED, MANUAL, DRAFT, UNPUBLISHED]
