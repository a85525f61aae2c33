"""
The walls that are tested: who stands before each, and what is put beyond it.

Everything else in this package speaks of "the watcher" and "the insider" only,
so that another wall, say between departments, is one more `Wall`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from kbsearch import (
    Article,
    ArticleStatus,
    KnowledgeBase,
    Message,
    Person,
    Resolution,
    Satisfaction,
    Searcher,
    TextFormat,
    Ticket,
    TicketStatus,
)
from kbsearch.models import Document
from tests.builders import agent_says, article, customer_says, ticket
from tests.library import EXTERNAL, INTERNAL

NOON = datetime(2024, 5, 17, 12, tzinfo=UTC)
_UNFINISHED = (TicketStatus.NEW, TicketStatus.OPEN, TicketStatus.PENDING)
_FINISHED = (TicketStatus.RESOLVED, TicketStatus.CLOSED)
_PEOPLE = ("Zadie Quillfeather", "Ottoline Marchbanks", "Percival Underhay")
_MARKUP = {
    TextFormat.MARKDOWN: "{0}\n\n![{0} map](maps/{1}.png) and [all about {0}](https://kb.example/{1})",
    TextFormat.HTML: '<p>{0}</p><img alt="{0} map" src="{1}.png"><a href="/kb/{1}">about {0}</a>',
    TextFormat.PLAIN: "{0}\nAsk help{1}@brightwater.example or +1 202 555 01{1}7.",
}


class Seen(NamedTuple):
    """A document that the watcher may see: its number, its text, and which extras it has."""

    number: int
    text: str
    variety: int = 0

    @property
    def id(self) -> str:
        """Even numbers are articles, odd ones tickets."""
        return f"desk:e{self.number}" if self.number % 2 else f"kb:e{self.number}"


class Secret(NamedTuple):
    """Something that only insiders know, and which of their fields tell it."""

    text: str
    variety: int = 0


NO_SECRET = Secret("")


@dataclass(frozen=True)
class Wall:
    """
    One wall, and how to put something on either side of it.

    Attributes:
        name: In test ids.
        watcher: Keyword arguments by which all reads are asked for who stands before it.
        insider: The same for somebody who may see both sides.
        cli: Options of the command line for the watcher.
        shelves: Directories of the desk that the watcher may read in full.
        beyond: Directories that the watcher must not be able to tell anything of.
        seen: The document that the watcher sees, its private parts made of the secret.
        hidden: Documents beyond the wall made of a secret, by a number for their ids.
        concealed: A seen document moved beyond the wall, with its secret.
        of_the_desk: Files in the watcher's directories that are the whole desk's: its
            locks, whose times say when anybody last wrote.
        forgets: Whether anything is forgotten in its stories. The list of what was, with
            a random salt, is the whole desk's too, and stands on the shelf of all staff.
    """

    name: str
    watcher: Mapping[str, Any]
    insider: Mapping[str, Any]
    cli: tuple[str, ...]
    shelves: tuple[str, ...]
    beyond: tuple[str, ...]
    seen: Callable[[Seen, Secret], Document]
    hidden: Callable[[int, Secret], list[Document]]
    concealed: Callable[[Seen, Secret], Document]
    of_the_desk: tuple[str, ...] = ()
    forgets: bool = True

    def __str__(self) -> str:
        return self.name

    def open_watcher(self, kb: KnowledgeBase) -> Searcher:
        """A searcher for who stands before the wall."""
        return kb.searcher(**self.watcher, clock=lambda: NOON)

    def open_insider(self, kb: KnowledgeBase) -> Searcher:
        """A searcher for who may see both sides."""
        return kb.searcher(**self.insider, clock=lambda: NOON)

    def place_secret(self, kb: KnowledgeBase, n: int, secret: Secret) -> list[str]:
        """Write documents beyond the wall; returns their ids."""
        documents = self.hidden(n, secret)
        kb.upsert(documents)
        return [document.id for document in documents]


def _seen_by_customers(seen: Seen, secret: Secret) -> Document:
    return _public_ticket(seen, secret) if seen.number % 2 else _public_article(seen, secret)


def _public_article(seen: Seen, secret: Secret) -> Article:
    """The same for customers whatever the secret, which only its twin's id tells."""
    n = seen.variety
    markup = tuple(_MARKUP)[n % 3]
    return article(
        f"e{seen.number}",
        _MARKUP[markup].format(seen.text, n),
        EXTERNAL,
        title=seen.text,
        format=markup,
        tags=("vpn", seen.text.split()[0])[: n % 3],
        language=(None, "en", "de", "pt-BR")[n % 4],
        product=(None, "Gateway")[n % 2],
        supersedes=("kb:h0", "kb:never")[: n % 3],
        valid_from=(None, NOON - timedelta(days=1), NOON + timedelta(days=1))[n % 3],
        valid_until=(None, NOON + timedelta(days=n), None, NOON - timedelta(days=n))[n % 4],
        twin_id=f"kb:twin{len(secret.text)}" if secret.text else None,
        created_at=NOON - timedelta(days=n),
    )


def _public_ticket(seen: Seen, secret: Secret) -> Ticket:
    """The same for customers whatever the secret; different in every private field."""
    n, is_resolved = seen.variety, seen.variety % 2 == 1
    states = _FINISHED if is_resolved else _UNFINISHED
    public = (
        customer_says(
            f"{seen.text}\nMy mail is asker{n}@kettle.example",
            id="m1",
            created_at=NOON - timedelta(days=2),
            attachments=(f"{seen.text}.png",)[: n % 2],
        ),
        agent_says(f"Try {seen.text}", public=True, id="m2", created_at=NOON - timedelta(days=1)),
    )
    fix = Resolution(
        text=f"Fixed by {seen.text}", public=True, message_id="n1" if secret.text else None
    )
    private_fix = Resolution(text=secret.text, message_id="n1") if secret.text else None
    return ticket(
        f"e{seen.number}",
        seen.text,
        subject=secret.text or "none",
        messages=_with_notes(public, secret),
        status=states[(len(secret.text) + secret.variety) % len(states)],
        resolution=fix if n % 3 == 0 else private_fix,
        product=(None, "Gateway")[n % 2],
        language=(None, "en", "fr")[n % 3],
        public_subject=(None, f"About {seen.text}")[n % 2],
        published=True,
        updated_at=NOON + timedelta(hours=len(secret.text)),
        **_private_fields(secret),
    )


def _with_notes(public: tuple[Message, ...], secret: Secret) -> tuple[Message, ...]:
    """Private messages before, between or after the public ones."""
    if not secret.text:
        return public
    note = agent_says(
        f"{secret.text}\nAsk root{secret.variety}@kettle.example",
        public=False,
        id="n1",
        created_at=NOON,
        attachments=(f"{secret.text}.pdf",),
    )
    place = secret.variety % (len(public) + 1)
    whisper = customer_says(f"{secret.text} {secret.text}", public=False, id="n2")
    return (*public[:place], note, *public[place:], whisper)


def _private_fields(secret: Secret) -> dict[str, Any]:
    if not secret.text:
        return {}
    n, name = secret.variety, _PEOPLE[secret.variety % 3]
    address = f"{name.split()[0].lower()}@kettle.example"
    return {
        "tags": (secret.text[:20].strip(),),
        "people": (Person(name=name, email=address, phone=f"+44 20 7946 09{n % 10}5"),),
        "article_ids": (f"kb:h{n}",),
        "duplicate_ids": (f"desk:h{n}",),
        "merged_ids": (f"desk:e{1 + 2 * (n % 2)}",),
        "problem_ids": (f"desk:p{n}",),
        "followup_ids": (f"desk:f{n}",),
        "related_ids": (f"desk:r{n}",),
        "satisfaction": (None, Satisfaction.GOOD, Satisfaction.BAD)[n % 3],
        "n_reopenings": n,
    }


def _hidden_from_customers(n: int, secret: Secret) -> list[Document]:
    if not secret.text:
        return []
    status = (ArticleStatus.DRAFT, ArticleStatus.ARCHIVED)[secret.variety % 2]
    return [
        article(
            f"h{n}",
            f"{secret.text}\nAsk root{n}@kettle.example",
            INTERNAL,
            tags=(secret.text[:20].strip(),),
            language=(None, "en", "de")[secret.variety % 3],
            product=(None, "Gateway", secret.text[:20])[secret.variety % 3],
            twin_id=f"kb:e{2 * (n % 2)}",
            supersedes=(f"kb:e{2 * (n % 2)}",),
        ),
        ticket(f"h{n}", f"{secret.text} {n}", **_private_fields(secret)),
        article(f"unfinished{n}", secret.text, EXTERNAL, status=status),
    ]


def _concealed_from_customers(seen: Seen, secret: Secret) -> Document:
    text = secret.text or "none"
    if seen.number % 2:
        return ticket(f"e{seen.number}", text)
    return article(f"e{seen.number}", text, INTERNAL)


CUSTOMERS = Wall(
    name="customers",
    watcher={"audience": "external"},
    insider={"audience": "internal"},
    cli=("--audience", "external"),
    shelves=("external",),
    beyond=("internal",),
    seen=_seen_by_customers,
    hidden=_hidden_from_customers,
    concealed=_concealed_from_customers,
)


def _seen_by_staff(groups: tuple[str, ...]) -> Callable[[Seen, Secret], Document]:
    """Documents that never were for customers: what leaves them is noted in the trail at random."""

    def seen_by_staff(seen: Seen, _: Secret) -> Document:
        n = seen.variety
        text = _MARKUP[TextFormat.PLAIN].format(seen.text, n % 10)
        if seen.number % 2:
            return ticket(
                f"e{seen.number}",
                text,
                subject=seen.text,
                messages=(customer_says(text, id="m1"), agent_says(seen.text, public=False)),
                product=(None, "Gateway")[n % 2],
                language=(None, "en", "de")[n % 3],
                status=(*_FINISHED, *_UNFINISHED)[n % 5],
                groups=groups,
            )
        return article(
            f"e{seen.number}",
            text,
            INTERNAL,
            title=seen.text,
            tags=("vpn", seen.text.split()[0])[: n % 3],
            product=(None, "Gateway")[n % 2],
            supersedes=("kb:h0", "kb:never")[: n % 3],
            groups=groups,
        )

    return seen_by_staff


def _hidden_in(group: str) -> Callable[[int, Secret], list[Document]]:
    def hidden(n: int, secret: Secret) -> list[Document]:
        documents = _hidden_from_customers(n, secret)
        return [document.restricted_to([group]) for document in documents]

    return hidden


def _concealed_in(group: str) -> Callable[[Seen, Secret], Document]:
    def concealed(seen: Seen, secret: Secret) -> Document:
        return _concealed_from_customers(seen, secret).restricted_to([group])

    return concealed


def _within_the_staff(name: str, mine: tuple[str, ...], theirs: str) -> Wall:
    """Who stands before it is of the staff, in these groups, and not in that one."""
    return Wall(
        name=name,
        watcher={"audience": "internal", "groups": mine},
        insider={"audience": "internal", "groups": (*mine, theirs)},
        cli=("--audience", "internal", *(f"--group={group}" for group in mine)),
        shelves=("external", "internal", *(f"internal.{group}" for group in mine)),
        beyond=(f"internal.{theirs}",),
        seen=_seen_by_staff(mine),
        hidden=_hidden_in(theirs),
        concealed=_concealed_in(theirs),
        of_the_desk=("internal/LOCK", "internal/REBUILD"),
        forgets=False,
    )


STAFF = _within_the_staff("staff", (), "hr")
HR = _within_the_staff("hr", ("hr",), "legal")

WALLS = (CUSTOMERS, STAFF, HR)
"""Every test of this package that can be asked of any wall is asked of these."""
