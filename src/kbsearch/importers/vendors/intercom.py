"""Intercom: conversations, articles of the help center, internal articles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import ClassVar, NamedTuple

from kbsearch.importers.base import Importer, ImportItem
from kbsearch.importers.building import Imported, TicketDraft, make_article
from kbsearch.importers.fields import Fields
from kbsearch.importers.places import ImportProblem
from kbsearch.importers.reading.source import Group, Source
from kbsearch.importers.shared.languages import language_code
from kbsearch.importers.shared.parts import attachment_names, hiding_marker, linked_ids
from kbsearch.importers.shared.people import People, person_of
from kbsearch.importers.shared.rows import index_rows
from kbsearch.models import (
    ArticleStatus,
    AuthorRole,
    Person,
    Satisfaction,
    TextFormat,
    TicketStatus,
)
from kbsearch.visibility import Marker, Verdict

_ARTICLE_LINK = re.compile(r"/articles/(\d{1,20})")

_PART_TYPES = {
    "comment": Verdict.PUBLIC,
    "note": Verdict.INTERNAL,
    "note_and_reopen": Verdict.INTERNAL,
    "assignment": Verdict.INTERNAL,
}
_DELIVERED_AS = dict.fromkeys(
    (
        "customer_initiated",
        "admin_initiated",
        "operator_initiated",
        "campaigns_initiated",
        "automated",
    ),
    Verdict.PUBLIC,
)
_ROLES = {
    **dict.fromkeys(("user", "lead", "contact"), AuthorRole.CUSTOMER),
    **dict.fromkeys(("admin", "team"), AuthorRole.AGENT),
    **dict.fromkeys(("bot", "operator"), AuthorRole.BOT),
}
_STATUSES = {
    "open": TicketStatus.OPEN,
    "snoozed": TicketStatus.PENDING,
    "closed": TicketStatus.CLOSED,
}
_RATINGS = {
    **dict.fromkeys(("1", "2"), Satisfaction.BAD),
    **dict.fromkeys(("4", "5"), Satisfaction.GOOD),
}
_TYPES = {"article": Verdict.PUBLIC, "internal_article": Verdict.INTERNAL}
_STATES = {"published": Verdict.PUBLIC, "draft": Verdict.HIDDEN}
_SOURCES = ("source", "conversation_message")  # the latter up to version 1.4 of the API
_RESTRICTIONS = ("content_segment_ids", "audience_ids")
_INTERNAL = Marker(
    level="article", field="type", value="internal_article", verdict=Verdict.INTERNAL
)


class _Message(NamedTuple):
    """A source or a part of a conversation, its id, its time and the marker of its kind."""

    id: str
    row: Fields
    marker: Marker
    created_at: datetime | None


class IntercomImporter(Importer):
    """
    Reads conversations, articles and internal articles.

    Only comments are what the customer saw; a part of another type that has a
    text is kept as private. Redacted messages are left out.
    """

    name = "intercom"
    title = "Intercom"
    reads = (
        "conversations with conversation_parts in them or in a table of that name; contacts; "
        "admins; articles; internal_articles"
    )
    verified = (
        "fields: Intercom's OpenAPI and schemas of Airbyte; part types other than comment and "
        "note, states of articles, ratings: general knowledge. Translations of articles are not "
        "read, and no export tells whether a help center as a whole is closed"
    )
    signs: ClassVar[Mapping[str, frozenset[str]]] = {
        "conversations": frozenset({"conversation_parts", "admin_assignee_id", "waiting_since"}),
        "conversation_parts": frozenset({"part_type", "conversation_id", "notified_at"}),
        "articles": frozenset({"workspace_id", "parent_type", "translated_content"}),
    }

    def _read(self, source: Source) -> Iterator[ImportItem]:
        problems: list[ImportProblem] = []
        people = index_rows(source.table("contacts"), person_of, problems=problems)
        people |= index_rows(source.table("admins"), person_of, problems=problems)
        yield from problems
        parts = source.group("conversation_parts", by="conversation_id")
        yield from parts.problems
        yield from self._each(
            source.table("conversations", "conversation", main=True),
            lambda row: self._conversation(row, parts, people),
        )
        yield from self._each(source.table("articles"), self._article)
        yield from self._each(source.table("internal_articles"), self._internal_article)
        yield from parts.unclaimed()

    def _conversation(self, row: Fields, parts: Group, people: Mapping[str, Person]) -> Imported:
        number = row.identifier("id")
        messages = _messages(row, parts.of(number))
        draft = TicketDraft(row.place)
        for message in messages:
            _add(draft, message)
        replies = (m.row.text("body") for m in messages if _role(m.row) is AuthorRole.AGENT)
        statistics = row.child("statistics")
        state = row.text("state")
        tags = (tag.text("name") for tag in _listed(row, "tags"))
        return draft.build(
            id=self.ticket_id(number),
            subject=row.text("title") or next((m.row.text("subject") for m in messages), ""),
            status=_STATUSES.get(state, TicketStatus.OPEN),
            tags=tuple(dict.fromkeys(tag for tag in tags if tag.strip())),
            article_ids=tuple(map(self.article_id, linked_ids(_ARTICLE_LINK, replies))),
            satisfaction=_RATINGS.get(row.child("conversation_rating").text("rating")),
            n_reopenings=statistics.number("count_reopens"),
            people=_people(row, messages, people),
            created_at=row.time("created_at"),
            updated_at=row.time("updated_at"),
            resolved_at=statistics.time("last_close_at") if state == "closed" else None,
        )

    def _article(self, row: Fields) -> Imported:
        if row.text("type") == "internal_article":
            return self._internal_article(row)
        markers = [row.marker("article", "state", _STATES)]
        if "type" in row:
            markers.append(row.marker("article", "type", _TYPES))
        markers += [
            Marker(level="article", field=field, value="some", verdict=Verdict.INTERNAL)
            for field in _RESTRICTIONS
            if row.raw(field) not in (None, [])
        ]
        return self._make(row, row.identifier("id"), markers)

    def _internal_article(self, row: Fields) -> Imported:
        return self._make(row, f"internal-{row.identifier('id')}", [_INTERNAL])

    def _make(self, row: Fields, number: str, markers: Iterable[Marker]) -> Imported:
        is_draft = row.text("state") == "draft"
        tags = (tag.text("name") for tag in _listed(row, "tags"))
        return make_article(
            row.place,
            markers=markers,
            id=self.article_id(number),
            title=row.text("title"),
            body=row.text("body"),
            format=TextFormat.HTML,
            status=ArticleStatus.DRAFT if is_draft else ArticleStatus.PUBLISHED,
            tags=tuple(dict.fromkeys(tag for tag in tags if tag.strip())),
            language=language_code(row.text("locale", "default_locale")),
            created_at=row.time("created_at"),
            updated_at=row.time("updated_at"),
        )


def _messages(row: Fields, apart: list[Fields]) -> list[_Message]:
    """What began the conversation, and its parts, wherever the export has them."""
    source = row.child(*_SOURCES)
    began = source.marker("source", "delivered_as", _DELIVERED_AS)
    found = [_Message("source", source, began, row.time("created_at"))]
    for part in list(_listed(row, "conversation_parts")) or apart:
        marker = part.marker("part", "part_type", _PART_TYPES)
        found.append(_Message(part.text("id"), part, marker, part.time("created_at")))
    return [message for message in found if not message.row.flag("redacted")]


def _add(draft: TicketDraft, message: _Message) -> None:
    row, markers = message.row, [message.marker]
    if row.raw("redacted") is not None:
        markers.append(hiding_marker(row, "part", "redacted"))
    draft.add(
        row.text("body"),
        id=message.id or None,
        author_role=_role(row),
        format=TextFormat.HTML,
        created_at=message.created_at,
        attachments=attachment_names(row),
        markers=markers,
    )


def _role(row: Fields) -> AuthorRole:
    return _ROLES.get(row.child("author").text("type"), AuthorRole.SYSTEM)


def _listed(row: Fields, name: str) -> Iterator[Fields]:
    """The records of a list, which Intercom wraps in an object: `{"tags": {"tags": […]}}`."""
    if isinstance(row.raw(name), list):
        return row.children(name)
    return row.child(name).children(name)


def _people(
    row: Fields, messages: Iterable[_Message], known: Mapping[str, Person]
) -> tuple[Person, ...]:
    """The contacts, the assignee, the authors; no bots."""
    people = People()
    authors = (message.row.child("author") for message in messages if not _is_bots(message.row))
    for person in (*_listed(row, "contacts"), row.child("assignee"), *authors):
        people.add_person(known.get(person.text("id")))
        people.add_person(person_of(person))
    people.add_person(known.get(row.text("admin_assignee_id")))
    return people.found


def _is_bots(row: Fields) -> bool:
    return _role(row) in (AuthorRole.BOT, AuthorRole.SYSTEM)
