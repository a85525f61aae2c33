"""Chatwoot: conversations with their messages, articles of portals, canned responses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, NamedTuple
from urllib.parse import unquote

from kbsearch.importers.base import Importer, ImportItem
from kbsearch.importers.building import Imported, TicketDraft, make_article
from kbsearch.importers.fields import Fields
from kbsearch.importers.places import ImportProblem, Skipped
from kbsearch.importers.reading.source import Group, Source
from kbsearch.importers.shared.languages import language_code
from kbsearch.importers.shared.parts import linked_ids
from kbsearch.importers.shared.people import People
from kbsearch.importers.shared.rows import (
    Row,
    in_time,
    index_rows,
    json_child,
    rows_within,
    spread,
)
from kbsearch.models import (
    ArticleStatus,
    AuthorRole,
    Person,
    Satisfaction,
    TextFormat,
    TicketStatus,
)
from kbsearch.visibility import Marker, Verdict

_MESSAGE_TYPES = dict.fromkeys(("0", "incoming", "1", "outgoing"), Verdict.PUBLIC)
_MACHINE_MADE = ("2", "activity", "3", "template")
_STATUSES = {
    **dict.fromkeys(("1", "resolved"), TicketStatus.RESOLVED),
    **dict.fromkeys(("2", "pending", "3", "snoozed"), TicketStatus.PENDING),
}
_ARTICLE_STATUSES = {
    **dict.fromkeys(("1", "published"), Verdict.PUBLIC),
    **dict.fromkeys(("0", "draft", "2", "archived"), Verdict.HIDDEN),
}
_LIFE_CYCLE = {
    **dict.fromkeys(("0", "draft"), ArticleStatus.DRAFT),
    **dict.fromkeys(("2", "archived"), ArticleStatus.ARCHIVED),
}
_ARTICLE_LINK = re.compile(r"/hc/[^/\s\"'<>()]{1,200}/articles/([\w-]{1,300})")
_LEAST_GOOD, _MOST_BAD = 4, 2  # of five


class _Lookups(NamedTuple):
    """What conversations refer to."""

    contacts: dict[str, Person]
    users: dict[str, Person]
    slugs: dict[str, str]  # slug of an article → its number
    messages: Group
    ratings: Group


class ChatwootImporter(Importer):
    """
    Reads conversations, articles and canned responses.

    A message is public if it came in or went out and is not private; what
    Chatwoot wrote itself and deleted messages are left out. An article is
    public if it is published and its portal is not archived.
    """

    name = "chatwoot"
    title = "Chatwoot"
    reads = (
        "tables conversations, messages (or nested), contacts, users, articles, portals, "
        "canned_responses, csat_survey_responses, or replies of the API"
    )
    verified = (
        "codes of messages, conversations and articles, deleted messages, archived portals: "
        "Chatwoot's source; addresses of articles, scale of the survey: general knowledge"
    )
    signs: ClassVar = {
        "conversations": frozenset({"inbox_id", "contact_last_seen_at", "uuid"}),
        "messages": frozenset({"message_type", "private", "content_attributes"}),
        "articles": frozenset({"portal_id", "associated_article_id", "slug"}),
    }

    def _read(self, source: Source) -> Iterator[ImportItem]:
        problems: list[ImportProblem] = []
        portals = index_rows(source.table("portals"), lambda row: row, problems=problems)
        slugs: dict[str, str] = {}
        lookups = _Lookups(
            contacts=index_rows(source.table("contacts"), _person, problems=problems),
            users=index_rows(source.table("users", "agents"), _person, problems=problems),
            slugs=slugs,
            messages=source.group("messages", by="conversation_id"),
            ratings=source.group("csat_survey_responses", by="conversation_id"),
        )
        yield from (*problems, *lookups.messages.problems, *lookups.ratings.problems)
        yield from self._each(
            spread(source.table("articles"), _unwrapped),
            lambda row: self._article(row, portals, slugs),
        )
        yield from self._each(
            spread(source.table("canned_responses"), _unwrapped), self._canned_response
        )
        yield from self._each(
            spread(source.table("conversations", main=True), _unwrapped),
            lambda row: self._ticket(row, lookups),
        )
        yield from lookups.messages.unclaimed()

    def _ticket(self, row: Fields, lookups: _Lookups) -> Imported | Skipped:
        number = row.identifier("id")
        nested, apart = row.children("messages"), lookups.messages.of(number)
        ratings = [row.child("csat_survey_response"), *lookups.ratings.of(number)]
        messages = [m for m in in_time((*nested, *apart), "created_at") if not _is_left_out(m)]
        draft = TicketDraft(row.place)
        added = [_add(draft, message) for message in messages]
        attributes = json_child(row, "additional_attributes")
        subject = attributes.text("mail_subject")
        if not subject.strip() and not any(added):
            return Skipped(row.place, "nobody wrote anything in it", self.ticket_id(number))
        replies = (m.text("content") for m in messages if not _is_incoming(m))
        linked = [lookups.slugs.get(slug) for slug in linked_ids(_ARTICLE_LINK, replies)]
        return draft.build(
            id=self.ticket_id(number),
            subject=subject,
            status=_STATUSES.get(row.text("status"), TicketStatus.OPEN),
            tags=row.texts("labels", "cached_label_list"),
            language=language_code(attributes.text("conversation_language")),
            people=_people(row, messages, lookups),
            article_ids=tuple(self.article_id(number) for number in linked if number),
            satisfaction=_satisfaction(ratings),
            created_at=row.time("created_at"),
            updated_at=row.time("last_activity_at", "updated_at"),
        )

    def _article(self, row: Fields, portals: dict[str, Fields], slugs: dict[str, str]) -> Imported:
        number = row.identifier("id")
        locale = row.text("locale") or row.child("category").text("locale")
        if row.text("slug"):
            slugs[row.text("slug")] = number
        return make_article(
            row.place,
            markers=[
                row.marker("article", "status", _ARTICLE_STATUSES),
                *_portal_markers(row, portals),
            ],
            id=self.article_id(number),
            title=row.text("title"),
            body=row.text("content", "description"),
            format=TextFormat.MARKDOWN,
            status=_LIFE_CYCLE.get(row.text("status"), ArticleStatus.PUBLISHED),
            tags=json_child(row, "meta").texts("tags"),
            language=language_code(locale),
            created_at=row.time("created_at"),
            updated_at=row.time("updated_at"),
        )

    def _canned_response(self, row: Fields) -> Imported:
        says = Marker(
            level="canned response", field="kind", value="for agents", verdict=Verdict.INTERNAL
        )
        return make_article(
            row.place,
            markers=[says],
            id=self.article_id(f"canned-{row.identifier('id')}"),
            title=row.text("short_code"),
            body=row.text("content"),
            format=TextFormat.MARKDOWN,
            created_at=row.time("created_at"),
            updated_at=row.time("updated_at"),
        )


def _unwrapped(row: Fields) -> Iterator[Row]:
    """The row itself, or those of a reply of the API."""
    reply = row.child("data") if "data" in row else row
    return rows_within(reply, "payload") if "payload" in reply else iter([row])


def _is_incoming(message: Fields) -> bool:
    return message.text("message_type") in ("0", "incoming")


def _is_left_out(message: Fields) -> bool:
    is_deleted = json_child(message, "content_attributes").flag("deleted")
    return is_deleted is True or message.text("message_type") in _MACHINE_MADE


def _add(draft: TicketDraft, message: Fields) -> bool:
    """Whether the message has text."""
    markers = [
        message.marker("message", "message_type", _MESSAGE_TYPES),
        message.flag_marker("message", "private", public=False),
    ]
    attributes = json_child(message, "content_attributes")
    if "deleted" in attributes:
        markers.append(attributes.flag_marker("message", "deleted", public=False))
    role = _role(message)
    added = draft.add(
        message.text("content"),
        author_role=role,
        markers=markers,
        id=message.identifier("id"),
        format=TextFormat.PLAIN if role is AuthorRole.CUSTOMER else TextFormat.MARKDOWN,
        created_at=message.time("created_at"),
        attachments=[_file_name(each) for each in message.children("attachments")],
    )
    return added is not None


def _role(message: Fields) -> AuthorRole:
    kind = message.text("sender_type") or message.child("sender").text("type")
    if _is_incoming(message) or kind in ("Contact", "contact"):
        return AuthorRole.CUSTOMER
    return AuthorRole.AGENT if kind in ("User", "user", "") else AuthorRole.BOT


def _file_name(attachment: Fields) -> str:
    address = attachment.text("data_url").partition("?")[0]
    return attachment.text("fallback_title") or unquote(address.rpartition("/")[2])


def _portal_markers(row: Fields, portals: dict[str, Fields]) -> list[Marker]:
    """None if the export says nothing of portals; then the status of the article decides."""
    nested = row.child("portal")
    if "archived" in nested:
        return [nested.flag_marker("portal", "archived", public=False)]
    if not portals:
        return []
    portal = portals.get(row.text("portal_id"), Fields(row.place, {}))
    return [portal.flag_marker("portal", "archived", public=False)]


def _people(row: Fields, messages: Iterable[Fields], lookups: _Lookups) -> tuple[Person, ...]:
    people = People()
    meta = row.child("meta")
    people.add_person(_named(meta.child("sender")))
    people.add_person(lookups.contacts.get(row.text("contact_id")))
    people.add_person(_named(meta.child("assignee")))
    people.add_person(lookups.users.get(row.text("assignee_id")))
    for message in messages:
        people.add_person(_named(message.child("sender")))
        table = lookups.contacts if message.text("sender_type") == "Contact" else lookups.users
        people.add_person(table.get(message.text("sender_id")))
    return people.found


def _named(row: Fields) -> Person | None:
    return _person(row) if row.values else None


def _person(row: Fields) -> Person:
    return Person(
        id=row.text("id") or None,
        name=row.text("name", "available_name") or None,
        email=row.text("email") or None,
        phone=row.text("phone_number") or None,
    )


def _satisfaction(ratings: Iterable[Fields]) -> Satisfaction | None:
    given = [rating for rating in (each.number("rating") for each in ratings) if rating]
    if not given or _MOST_BAD < given[-1] < _LEAST_GOOD:
        return None
    return Satisfaction.GOOD if given[-1] >= _LEAST_GOOD else Satisfaction.BAD
