"""Zendesk: tickets of Support, articles of the Help Center."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import ClassVar, NamedTuple

from kbsearch.importers.base import Importer, ImportItem
from kbsearch.importers.building import Imported, TicketDraft, make_article
from kbsearch.importers.fields import Fields
from kbsearch.importers.places import ImportProblem, Skipped
from kbsearch.importers.reading.source import Group, Source
from kbsearch.importers.shared.languages import language_code
from kbsearch.importers.shared.parts import (
    LOGGED_IN_USERS,
    attachment_names,
    hiding_marker,
    linked_ids,
    logged_in_verdict,
)
from kbsearch.importers.shared.people import People, person_of
from kbsearch.importers.shared.rows import Made, index_rows
from kbsearch.models import (
    ArticleStatus,
    AuthorRole,
    Message,
    Person,
    Satisfaction,
    TextFormat,
    TicketStatus,
)
from kbsearch.visibility import Marker, Verdict

_ARTICLE_LINK = re.compile(r"/hc/(?:[\w-]{2,20}/)?articles/(\d{1,20})")
_LEFT_OUT = ("deleted", "suspended")
_SYSTEM_USER = "-1"

_STATUSES = {
    "new": TicketStatus.NEW,
    "open": TicketStatus.OPEN,
    "pending": TicketStatus.PENDING,
    "hold": TicketStatus.PENDING,
    "solved": TicketStatus.RESOLVED,
    "closed": TicketStatus.CLOSED,
}
_ROLES = {
    "end-user": AuthorRole.CUSTOMER,
    "agent": AuthorRole.AGENT,
    "admin": AuthorRole.AGENT,
}
_SCORES = {
    **dict.fromkeys(("good", "good_with_comment", "goodwithcomment"), Satisfaction.GOOD),
    **dict.fromkeys(("bad", "bad_with_comment", "badwithcomment"), Satisfaction.BAD),
}


class _User(NamedTuple):
    """Somebody, and what they write as: None if the export does not say."""

    person: Person
    role: AuthorRole | None


class _Lookups(NamedTuple):
    """What tickets and articles refer to by id."""

    users: dict[str, _User]
    brands: dict[str, str]
    categories: dict[str, str]
    sections: dict[str, Fields]
    segments: dict[str, Fields]


class _Children(NamedTuple):
    """What belongs to tickets and stands in tables of its own."""

    comments: Group
    audits: Group
    metrics: Group


class ZendeskImporter(Importer):
    """
    Reads tickets and articles.

    An article is public only if it is no draft and has no user segment, or if
    all its segments are open to every logged-in user and the option says that
    these are customers.
    """

    name = "zendesk"
    title = "Zendesk"
    reads = (
        "tickets with comments in them, in ticket_comments or in ticket_audits; ticket_metrics; "
        "users; brands; articles; sections; categories; user_segments"
    )
    verified = (
        "tickets, comments, articles and sections: schemas of tap-zendesk; user segments and "
        "events of audits: Zendesk's API reference; links of merged tickets (via.source.rel): "
        "general knowledge. Translations of articles are not read, and no export tells whether a "
        "help center as a whole is closed"
    )
    signs: ClassVar[Mapping[str, frozenset[str]]] = {
        "tickets": frozenset({"raw_subject", "has_incidents", "allow_channelback", "brand_id"}),
        "ticket_comments": frozenset({"html_body", "plain_body", "audit_id"}),
        "articles": frozenset({"user_segment_id", "permission_group_id", "label_names"}),
    }
    OPTIONS = (LOGGED_IN_USERS,)

    def _read(self, source: Source) -> Iterator[ImportItem]:
        logged_in = logged_in_verdict(self.options)
        problems: list[ImportProblem] = []
        lookups = _lookups(source, problems)
        yield from problems
        children = _Children(
            comments=source.group("ticket_comments", "comments", by="ticket_id"),
            audits=source.group("ticket_audits", "audits", by="ticket_id"),
            metrics=source.group("ticket_metrics", by="ticket_id"),
        )
        for group in children:
            yield from group.problems
        yield from self._each(
            source.table("tickets", "ticket", main=True),
            lambda row: self._ticket(row, lookups, children),
        )
        yield from self._each(
            source.table("articles"), lambda row: self._article(row, lookups, logged_in)
        )
        yield from children.comments.unclaimed()
        yield from children.audits.unclaimed()

    def _ticket(self, row: Fields, lookups: _Lookups, children: _Children) -> Imported | Skipped:
        number = row.identifier("id")
        comments = _comments(row, number, children)
        metrics = next(iter(children.metrics.of(number)), row.child("metric_set"))
        status = row.text("status").lower()
        if status in _LEFT_OUT:
            return Skipped(row.place, f"its status is {status}", self.ticket_id(number))
        # `is_public` sums up the comments: where it is missing, each speaks for itself
        is_public = row.flag_marker("ticket", "is_public", public=True)
        draft = TicketDraft(row.place, markers=[is_public] if "is_public" in row else [])
        messages = _add_messages(draft, row, comments, lookups.users)
        replies = (m.text for m in messages if m.author_role is AuthorRole.AGENT)
        return draft.build(
            id=self.ticket_id(number),
            subject=row.text("subject", "raw_subject"),
            status=_STATUSES.get(status, TicketStatus.OPEN),
            product=lookups.brands.get(row.text("brand_id")) or None,
            tags=row.texts("tags"),
            article_ids=tuple(map(self.article_id, linked_ids(_ARTICLE_LINK, replies))),
            merged_ids=self._ids(_origins(comments, "merge")),
            problem_ids=self._ids([row.text("problem_id")]),
            followup_ids=self._ids(row.texts("followup_ids")),
            related_ids=self._ids(_origins([row], "follow_up")),
            satisfaction=_satisfaction(row),
            n_reopenings=metrics.number("reopens"),
            people=_people(row, comments, lookups.users),
            created_at=row.time("created_at"),
            updated_at=row.time("updated_at"),
            resolved_at=metrics.time("solved_at"),
        )

    def _ids(self, numbers: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.ticket_id(number) for number in numbers if number))

    def _article(self, row: Fields, lookups: _Lookups, logged_in: Verdict) -> Imported:
        sections = list(_sections(row, lookups.sections))
        markers = [
            hiding_marker(row, "article", "draft"),
            *_readers(row, "article", lookups.segments, logged_in),
        ]
        for section in sections:
            if "user_segment_id" in section:  # on older plans the section says who may read
                markers += _readers(section, "section", lookups.segments, logged_in)
        category = next((c for s in sections if (c := s.text("category_id"))), "")
        n_helpful, n_unhelpful = _votes(row)
        return make_article(
            row.place,
            markers=markers,
            id=self.article_id(row.identifier("id")),
            title=row.text("title", "name"),
            body=row.text("body"),
            format=TextFormat.HTML,
            status=ArticleStatus.DRAFT if row.flag("draft") else ArticleStatus.PUBLISHED,
            product=lookups.categories.get(category) or None,
            tags=row.texts("label_names"),
            language=language_code(row.text("locale")),
            n_helpful=n_helpful,
            n_unhelpful=n_unhelpful,
            created_at=row.time("created_at"),
            updated_at=row.time("edited_at", "updated_at"),
        )


def _lookups(source: Source, problems: list[ImportProblem]) -> _Lookups:
    def index(table: str, make: Callable[[Fields], Made]) -> dict[str, Made]:
        return index_rows(source.table(table), make, problems=problems)

    return _Lookups(
        users=index("users", lambda row: _User(person_of(row), _ROLES.get(row.text("role")))),
        brands=index("brands", lambda row: row.text("name")),
        categories=index("categories", lambda row: row.text("name")),
        sections=index("sections", lambda row: row),
        segments=index("user_segments", lambda row: row),
    )


def _comments(row: Fields, number: str, children: _Children) -> list[Fields]:
    """The comments of a ticket, wherever the export has them; claims all that are its own."""
    nested, apart = list(row.children("comments")), children.comments.of(number)
    audits = [*row.children("audits"), *children.audits.of(number)]
    return nested or apart or list(_from_audits(audits))


def _from_audits(audits: Iterable[Fields]) -> Iterator[Fields]:
    """The comments among the events of a ticket; one that was made private later is private."""
    events = [(audit, event) for audit in audits for event in audit.children("events")]
    changes = (e for _, e in events if e.text("type") == "CommentPrivacyChange")
    made_private = {e.text("comment_id") for e in changes if e.flag("public") is not True}
    for audit, event in events:
        if event.text("type") in ("Comment", "VoiceComment"):
            values = {name: audit.raw(name) for name in ("author_id", "created_at")}
            values |= event.values
            if event.text("id") in made_private:
                values["public"] = False
            yield Fields(event.place, values)


def _add_messages(
    draft: TicketDraft, row: Fields, comments: list[Fields], users: dict[str, _User]
) -> list[Message]:
    added = []
    for comment in comments:
        html = comment.text("html_body")
        message = draft.add(
            html or comment.text("plain_body", "body"),
            id=comment.text("id") or None,
            author_role=_role(comment.text("author_id"), row.text("requester_id"), users),
            format=TextFormat.HTML if html else TextFormat.PLAIN,
            created_at=comment.time("created_at"),
            attachments=attachment_names(comment),
            markers=[comment.flag_marker("comment", "public", public=True)],
        )
        added += [message] if message is not None else []
    if not comments:  # the description repeats the first comment, whose marker is not here
        draft.add(
            row.text("description"),
            author_role=AuthorRole.CUSTOMER,
            created_at=row.time("created_at"),
            markers=[row.marker("first comment", "public", {})],
        )
    return added


def _role(author: str, requester: str, users: dict[str, _User]) -> AuthorRole:
    if author == _SYSTEM_USER:
        return AuthorRole.SYSTEM
    if author == requester:
        return AuthorRole.CUSTOMER
    user = users.get(author)
    return (user and user.role) or AuthorRole.AGENT


def _people(row: Fields, comments: Iterable[Fields], users: dict[str, _User]) -> tuple[Person, ...]:
    """The requester, whoever works on it or reads along, the authors."""
    people = People()

    def add(user_id: str) -> None:
        if user_id in users:
            people.add_person(users[user_id].person)
        else:
            people.add(id=user_id)

    for part in ("requester", "submitter", "assignee"):
        if part in row:  # as the JSON export nests them
            people.add_person(person_of(row.child(part)))
        add(row.text(f"{part}_id"))
    for names in ("collaborator_ids", "email_cc_ids", "follower_ids"):
        for user_id in row.texts(names):
            add(user_id)
    for comment in comments:
        if comment.text("author_id") != _SYSTEM_USER:
            add(comment.text("author_id"))
    return people.found


def _origins(rows: Iterable[Fields], relation: str) -> Iterator[str]:
    """Numbers of the tickets that something came from, by the relation that `via` names."""
    for row in rows:
        source = row.child("via").child("source")
        if source.text("rel") == relation:
            origin = source.child("from")
            yield from (origin.text("ticket_id"), *origin.texts("ticket_ids"))


def _satisfaction(row: Fields) -> Satisfaction | None:
    """A score, which some exports write alone and some with its comment."""
    if isinstance(row.raw("satisfaction_rating"), str):
        return _SCORES.get(row.text("satisfaction_rating"))
    return _SCORES.get(row.child("satisfaction_rating").text("score"))


def _sections(article: Fields, sections: dict[str, Fields]) -> Iterator[Fields]:
    """The section of an article and those above it, as far as the export holds them."""
    key, seen = article.text("section_id"), set[str]()
    while key in sections and key not in seen:
        seen.add(key)
        yield sections[key]
        key = sections[key].text("parent_section_id")


def _readers(
    row: Fields, level: str, segments: dict[str, Fields], logged_in: Verdict
) -> list[Marker]:
    """Who may read: everybody where the segment is null, else those in all its segments."""
    field = "user_segment_id"
    named = row.text(field)
    if named:
        markers = []
    elif row.values.get(field, "") is None:  # not merely missing: null is what opens
        markers = [Marker(level=level, field=field, value="null", verdict=Verdict.PUBLIC)]
    else:
        markers = [row.marker(level, field, {})]
    for key in (*([named] if named else []), *row.texts("user_segment_ids")):
        markers += _segment_markers(key, segments, logged_in)
    return markers


def _segment_markers(
    key: str, segments: dict[str, Fields], logged_in: Verdict
) -> tuple[Marker, ...]:
    level = f"user segment {key}"
    if key not in segments:
        return (Marker(level=level, field="id", value="missing", verdict=Verdict.UNKNOWN),)
    says = {"staff": Verdict.INTERNAL, "signed_in_users": logged_in}
    # one that is not built in has conditions: organizations, groups, tags, single users
    return (
        segments[key].marker(level, "user_type", says),
        segments[key].flag_marker(level, "built_in", public=True),
    )


def _votes(row: Fields) -> tuple[int | None, int | None]:
    """Votes for and against: Zendesk gives their sum (each +1 or -1) and their count."""
    total, count = row.number("vote_sum"), row.number("vote_count")
    if total is None or count is None or abs(total) > count or (count + total) % 2:
        return None, None
    return (count + total) // 2, (count - total) // 2
