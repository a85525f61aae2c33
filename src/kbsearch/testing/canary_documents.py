"""The documents of the two canary worlds; every word of them is invented."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import NamedTuple

from kbsearch.models import (
    Article,
    ArticleStatus,
    Audience,
    AuthorRole,
    Message,
    Person,
    Resolution,
    Satisfaction,
    TextFormat,
    Ticket,
    TicketStatus,
)
from kbsearch.models.parsing import Document

PUBLIC_QUESTIONS = (
    "the tunnel drops when the lid is closed",
    "the scanner cannot reach the shared folder",
    "how do I sign in with a new phone",
)
STAFF_QUESTIONS = (
    "reset the tunnel gateway root password",
    "recall of the scanner firmware",
    "old phone codes of the board",
    "contract price of the scanner supplier",
    "half-open sessions on the tunnel gateway",
    "why was the customer refunded",
    "after the",
    "",
)

_CONSONANTS, _VOWELS = "bdfghjklmnprstvz", "aiou"
_SYLLABLES = 22  # of 6 bits each

_LONG_AGO = datetime(2001, 3, 4, 5, 6, 7, tzinfo=UTC)
_FAR_AHEAD = datetime(2199, 3, 4, 5, 6, 7, tzinfo=UTC)
_MORNING = datetime(2024, 5, 17, 8, tzinfo=UTC)
_EVENING = datetime(2024, 5, 17, 19, tzinfo=UTC)
_NIGHT = datetime(2024, 5, 18, 1, tzinfo=UTC)


class Minted:
    """
    Tokens of one world, each for one place.

    A token is a word that can be spoken: neither a redactor nor a stemmer takes it for
    something else.

    Args:
        seed: Of what only staff know.
        public_seed: Of articles that are customers' own but for their dates.
    """

    def __init__(self, seed: str, public_seed: str) -> None:
        self._seed, self._public_seed = seed, public_seed
        self.places: dict[str, tuple[str, str, bool]] = {}

    def token(self, document: str, field: str, *, is_dated: bool = False) -> str:
        """The token of one field of a document; the same each time."""
        seed = self._public_seed if is_dated else self._seed
        digest = hashlib.sha256(f"{seed}/{document}/{field}".encode()).digest()
        bits = int.from_bytes(digest, "big")
        letters: list[str] = []
        for _ in range(_SYLLABLES):
            letters += (_CONSONANTS[bits & 15], _VOWELS[bits >> 4 & 3])
            bits >>= 6
        token = "".join(letters)
        self.places[token] = document, field, is_dated
        return token


class World(NamedTuple):
    """Documents, ids of the public ones, and what shows in an answer that one was found."""

    documents: tuple[Document, ...]
    public_ids: tuple[str, ...]
    public_marks: tuple[str, ...]


def full_world(mint: Minted) -> World:
    """Internal documents of every kind between the public ones."""
    lid, scanner, phone = _public_articles(mint)
    return _world(
        lid,
        _internal_article(mint),
        _restricted_article(mint),
        _draft(mint),
        scanner,
        _published_ticket(mint),
        _archived(mint),
        phone,
        _expired(mint),
        _pending(mint),
        _unpublished_ticket(mint),
        _resolved_by_a_note(mint),
    )


def sparse_world(mint: Minted) -> World:
    """The same for customers; for staff one long article, and other fields of the ticket."""
    lid, scanner, phone = _public_articles(mint)
    return _world(
        lid, _long_article(mint), scanner, _bare_ticket(mint), phone, _expired(mint), _pending(mint)
    )


def _world(*documents: Document) -> World:
    faces = [face for document in documents if (face := document.public_face()) is not None]
    always = [
        face
        for face in faces
        if isinstance(face, Ticket) or not (face.valid_from or face.valid_until)
    ]
    articles = [face for face in always if isinstance(face, Article)]
    sentences = [article.body.partition(".")[0].removeprefix("<p>") for article in articles]
    public_ids = tuple(face.id for face in always)
    return World(documents, public_ids, (*public_ids, *(a.title for a in articles), *sentences))


def _public_articles(mint: Minted) -> tuple[Article, Article, Article]:
    lid = Article(
        id="kb:lid-and-tunnel",
        title="Tunnel drops when the lid is closed",
        body="Set the network adapter to stay awake. Then update the tunnel client to 4.6.",
        audience=Audience.EXTERNAL,
        product="Tunnel",
        tags=("network", "laptop"),
        twin_id=f"kb:{mint.token('the article on the lid', 'twin_id')}",
    )
    scanner = Article(
        id="kb:scanner-folder",
        title="Scanner cannot reach the shared folder",
        body="<p>Type the name of the folder anew.</p><p>Scanners forget it after an update.</p>",
        audience=Audience.EXTERNAL,
        format=TextFormat.HTML,
        tags=("scanner",),
    )
    phone = Article(
        id="kb:new-phone",
        title="Sign in with a new phone",
        body="Ask for a new code on the sign-in page. The old phone keeps working for *one* day.",
        audience=Audience.EXTERNAL,
        format=TextFormat.MARKDOWN,
        updated_at=_MORNING,
    )
    return lid, scanner, phone


def _internal_article(mint: Minted) -> Article:
    def at(field: str) -> str:
        return mint.token("the internal article", field)

    return Article(
        id=f"kb:{at('id')}",
        title=f"Tunnel drops when the lid is closed: cause {at('title')}",
        body=f"Half-open sessions on the tunnel gateway. Reset it with {at('body')} as root.",
        audience=Audience.INTERNAL,
        product=at("product"),
        tags=(at("tags[0]"), "network"),
        supersedes=(f"kb:{at('supersedes[0]')}",),
        twin_id="kb:lid-and-tunnel",
    )


def _restricted_article(mint: Minted) -> Article:
    def at(field: str) -> str:
        return mint.token("the article for one group of staff", field)

    return Article(
        id=f"kb:{at('id')}",
        title=f"Contract price of the scanner supplier {at('title')}",
        body=f"Legal settled on {at('body')}; staff of other groups do not know it.",
        audience=Audience.INTERNAL,
        groups=(at("groups[0]"),),
    )


def _draft(mint: Minted) -> Article:
    def at(field: str) -> str:
        return mint.token("the draft article", field)

    return Article(
        id=f"kb:{at('id')}",
        title=f"Recall of the scanner firmware {at('title')}",
        body=f"The supplier recalls the scanner firmware: {at('body')}. Not to be told yet.",
        audience=Audience.EXTERNAL,
        status=ArticleStatus.DRAFT,
        tags=(at("tags[0]"),),
    )


def _archived(mint: Minted) -> Article:
    def at(field: str) -> str:
        return mint.token("the archived article", field)

    return Article(
        id=f"kb:{at('id')}",
        title=f"Old phone codes of the board {at('title')}",
        body=f"# Codes\n\nThe board signs in with an old phone and {at('body')}.",
        audience=Audience.EXTERNAL,
        format=TextFormat.MARKDOWN,
        status=ArticleStatus.ARCHIVED,
        tags=(at("tags[0]"),),
    )


def _dated(
    mint: Minted, document: str, *, begins: datetime | None, ends: datetime | None
) -> Article:
    def at(field: str) -> str:
        return mint.token(document, field, is_dated=True)

    return Article(
        id=f"kb:{at('id')}",
        title=f"Scanner offer of the season {at('title')}",
        body=f"Order the new scanner with {at('body')} on the form.",
        audience=Audience.EXTERNAL,
        tags=(at("tags[0]"),),
        valid_from=begins,
        valid_until=ends,
    )


def _expired(mint: Minted) -> Article:
    return _dated(mint, "the expired article", begins=None, ends=_LONG_AGO)


def _pending(mint: Minted) -> Article:
    return _dated(mint, "the article that is still to come", begins=_FAR_AHEAD, ends=None)


def _asked_and_answered() -> tuple[Message, Message]:
    asked = Message(
        id="m1",
        author_role=AuthorRole.CUSTOMER,
        text="The scanner in the hall beeps twice and stops.",
        public=True,
        created_at=_MORNING,
    )
    answered = Message(
        id="m2",
        author_role=AuthorRole.AGENT,
        text="Please open the rear flap and close it again.",
        public=True,
        created_at=_EVENING,
    )
    return asked, answered


def _published_ticket(mint: Minted) -> Ticket:
    def at(field: str) -> str:
        return mint.token("the published ticket", field)

    asked, answered = _asked_and_answered()
    note = Message(
        id=at("messages[1].id"),
        author_role=AuthorRole.AGENT,
        text=f"The scanner supplier charges {at('messages[1].text')} by contract.",
        attachments=(f"{at('messages[1].attachments[0]')}.pdf",),
        created_at=_NIGHT,
    )
    of_the_customer = Message(
        id=at("messages[2].id"),
        author_role=AuthorRole.CUSTOMER,
        text=f"Between us: the lid code is {at('messages[2].text')}.",
    )
    return Ticket(
        id="desk:scanner-beeps",
        subject=f"Scanner beeps, contract price unclear {at('subject')}",
        messages=(asked, note, of_the_customer, answered),
        status=TicketStatus.RESOLVED,
        resolution=Resolution(
            text=f"Refunded the customer: {at('resolution.text')}.",
            message_id=at("messages[1].id"),
        ),
        tags=(at("tags[0]"),),
        published=True,
        article_ids=(f"kb:{at('article_ids[0]')}",),
        duplicate_ids=(f"desk:{at('duplicate_ids[0]')}",),
        merged_ids=(f"desk:{at('merged_ids[0]')}",),
        problem_ids=(f"desk:{at('problem_ids[0]')}",),
        followup_ids=(f"desk:{at('followup_ids[0]')}",),
        related_ids=(f"desk:{at('related_ids[0]')}",),
        satisfaction=Satisfaction.BAD,
        n_reopenings=3,
        people=(_person(mint, "the published ticket"),),
        created_at=_LONG_AGO,
        updated_at=_NIGHT,
        resolved_at=_NIGHT,
    )


def _bare_ticket(mint: Minted) -> Ticket:
    """The published ticket of the sparse world: the same public face, all else differs."""
    asked, answered = _asked_and_answered()
    return Ticket(
        id="desk:scanner-beeps",
        subject=f"Beeps {mint.token('the published ticket', 'subject')}",
        messages=(asked, answered),
        status=TicketStatus.CLOSED,
        published=True,
    )


def _person(mint: Minted, document: str) -> Person:
    def at(field: str) -> str:
        return mint.token(document, f"people[0].{field}")

    return Person(
        id=at("id"), name=at("name"), email=f"{at('email')}@staff.example", phone=at("phone")
    )


def _unpublished_ticket(mint: Minted) -> Ticket:
    def at(field: str) -> str:
        return mint.token("the unpublished ticket", field)

    return Ticket(
        id=f"desk:{at('id')}",
        subject=f"Tunnel drops on the phone of the board {at('subject')}",
        messages=(
            Message(
                id=at("messages[0].id"),
                author_role=AuthorRole.CUSTOMER,
                text=f"The tunnel drops when the lid is closed, since {at('messages[0].text')}.",
                public=True,
                attachments=(f"{at('messages[0].attachments[0]')}.png",),
            ),
        ),
        product=at("product"),
        tags=(at("tags[0]"), "network"),
        public_subject=at("public_subject"),
        people=(_person(mint, "the unpublished ticket"),),
        created_at=_MORNING,
    )


def _resolved_by_a_note(mint: Minted) -> Ticket:
    def at(field: str) -> str:
        return mint.token("the unpublished ticket that a note resolved", field)

    return Ticket(
        id=f"desk:{at('id')}",
        subject=f"Scanner beeps twice and stops {at('subject')}",
        messages=(
            Message(author_role=AuthorRole.CUSTOMER, text="The scanner beeps twice.", public=True),
            Message(
                author_role=AuthorRole.AGENT,
                text=f"<p>Swapped its board, see {at('messages[1].text')}.</p>",
                format=TextFormat.HTML,
            ),
        ),
        status=TicketStatus.CLOSED,
        related_ids=("desk:scanner-beeps",),
    )


def _long_article(mint: Minted) -> Article:
    def at(field: str) -> str:
        return mint.token("the long internal article", field)

    common = "The tunnel drops, the scanner beeps, the lid is closed, the phone is new. " * 40
    return Article(
        id=f"kb:{at('id')}",
        title=f"Everything on tunnel and scanner {at('title')}",
        body=f"{common}{at('body')}",
        audience=Audience.INTERNAL,
        tags=(at("tags[0]"), "network", "scanner"),
    )
