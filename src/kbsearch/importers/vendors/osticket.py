"""osTicket: its tables as JSON, CSV or a dump of the database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import ClassVar, NamedTuple

from kbsearch.importers.base import Importer, ImportItem, Option
from kbsearch.importers.building import Imported, TicketDraft, make_article
from kbsearch.importers.fields import Fields
from kbsearch.importers.places import ImportProblem, Skipped
from kbsearch.importers.reading.source import Group, Source
from kbsearch.importers.shared.languages import language_code
from kbsearch.importers.shared.parts import linked_ids
from kbsearch.importers.shared.people import People
from kbsearch.importers.shared.rows import Made, index_rows
from kbsearch.models import ArticleStatus, AuthorRole, Person, TextFormat, TicketStatus
from kbsearch.visibility import Marker, Verdict

_HIDDEN, _SYSTEM = 0x4, 0x80  # flags of a thread entry: an old wording; written by osTicket
_READABLE = 0x77B  # all other flags that are known
_LINKED = 0x8  # flag of a ticket: it belongs to its parent without being merged into it

_TYPES = {"M": Verdict.PUBLIC, "R": Verdict.PUBLIC, "N": Verdict.INTERNAL}
_ROLES = {"M": AuthorRole.CUSTOMER, "R": AuthorRole.AGENT, "N": AuthorRole.AGENT}
_LISTED = {"0": Verdict.INTERNAL, "1": Verdict.PUBLIC, "2": Verdict.PUBLIC}  # 2: featured
_STATES = {"closed": TicketStatus.CLOSED, "archived": TicketStatus.CLOSED}
_FAQ_LINK = re.compile(r"/kb/faq\.php\?id=(\d{1,10})")


class _Topic(NamedTuple):
    """A help topic; the name of one that is not public is not for customers."""

    name: str
    is_public: bool


class _Lookups(NamedTuple):
    """What tickets and articles refer to by id."""

    users: dict[str, Person]
    staff: dict[str, Person]
    states: dict[str, str]
    files: dict[str, str]
    categories: dict[str, Fields]
    topics: dict[str, _Topic]


class _Children(NamedTuple):
    """What belongs to tickets, FAQs and thread entries."""

    details: Group
    threads: Group
    entries: Group
    collaborators: Group
    attachments: Group
    topics: Group


class OsTicketImporter(Importer):
    """
    Reads tickets, FAQs and canned responses.

    An FAQ is public only if it and its categories are. Hidden thread entries are
    the wording before an edit; they and osTicket's own notes are left out.
    """

    name = "osticket"
    title = "osTicket"
    reads = (
        "tables ticket, ticket__cdata, thread, thread_entry, user, user_email, staff, "
        "ticket_status, faq, faq_category, canned_response and others, with or without prefix"
    )
    verified = (
        "tables, columns, types and flags of thread entries, states, FAQ and category "
        "visibility: osTicket's source; attachment.type H of a thread entry, the address of "
        "an FAQ page: general knowledge"
    )
    signs: ClassVar = {
        "thread_entry": frozenset({"thread_id", "poster", "staff_id"}),
        "ost_thread_entry": frozenset({"thread_id", "poster", "staff_id"}),
        "faq": frozenset({"ispublished", "question", "keywords"}),
        "ost_faq": frozenset({"ispublished", "question", "keywords"}),
    }
    OPTIONS = (Option("table-prefix", "what the names of the tables begin with", "ost_"),)

    def _read(self, source: Source) -> Iterator[ImportItem]:
        problems: list[ImportProblem] = []
        lookups = self._lookups(source, problems)
        yield from problems
        children = self._children(source)
        for group in children:
            yield from group.problems
        yield from self._each(
            source.table(*self._named("ticket"), main=True),
            lambda row: self._ticket(row, lookups, children),
        )
        for row in source.table(*self._named("faq")):
            made = list(self._each([row], lambda row: self._faq(row, lookups, children)))
            yield from made
            if isinstance(row, Fields) and isinstance(made[0], Imported):
                yield from self._each([row], self._note)
        yield from self._each(source.table(*self._named("canned_response")), self._canned)
        yield from children.entries.unclaimed()
        yield from children.details.unclaimed()

    def _named(self, table: str) -> tuple[str, str]:
        return table, self.options["table-prefix"] + table

    def _lookups(self, source: Source, problems: list[ImportProblem]) -> _Lookups:
        def index(table: str, make: Callable[[Fields], Made], *, by: str) -> dict[str, Made]:
            rows = source.table(*self._named(table))
            return index_rows(rows, make, problems=problems, by=by)

        emails = index("user_email", lambda row: row.text("address"), by="user_id")
        return _Lookups(
            users=index("user", lambda row: _user(row, emails), by="id"),
            staff=index("staff", _staff, by="staff_id"),
            states=index("ticket_status", lambda row: row.text("state"), by="id"),
            files=index("file", lambda row: row.text("name"), by="id"),
            categories=index("faq_category", lambda row: row, by="category_id"),
            topics=index("help_topic", _topic, by="topic_id"),
        )

    def _children(self, source: Source) -> _Children:
        return _Children(
            details=source.group(*self._named("ticket__cdata"), by="ticket_id"),
            threads=source.group(*self._named("thread"), by="object_id"),
            entries=source.group(*self._named("thread_entry"), by="thread_id"),
            collaborators=source.group(*self._named("thread_collaborator"), by="thread_id"),
            attachments=source.group(*self._named("attachment"), by="object_id"),
            topics=source.group(*self._named("faq_topic"), by="faq_id"),
        )

    def _ticket(self, row: Fields, lookups: _Lookups, children: _Children) -> Imported | Skipped:
        number = row.identifier("ticket_id")
        details = children.details.of(number)
        threads = [t for t in children.threads.of(number) if t.text("object_type") == "T"]
        entries = [e for t in threads for e in children.entries.of(t.identifier("id"))]
        others = [c for t in threads for c in children.collaborators.of(t.identifier("id"))]
        state = lookups.states.get(row.text("status_id"), "")
        if state == "deleted":
            return Skipped(row.place, "it is deleted", self.ticket_id(number))
        draft = TicketDraft(row.place)
        kept = [e for e in entries if not (e.number("flags") or 0) & (_HIDDEN | _SYSTEM)]
        for entry in kept:
            attached = children.attachments.of(entry.identifier("id"))
            _add(draft, entry, _names_of(attached, lookups.files))
        people = People()
        people.add_person(lookups.users.get(row.text("user_id")))
        for other in others:
            people.add_person(lookups.users.get(other.text("user_id")))
        people.add_person(lookups.staff.get(row.text("staff_id")))
        for entry in kept:
            people.add_person(_author(entry, lookups))
        topic = lookups.topics.get(row.text("topic_id"))
        closed_at = row.time("closed")
        status = TicketStatus.CLOSED if closed_at else TicketStatus.OPEN
        texts = (entry.text("body") for entry in kept)
        first_title = kept[0].text("title") if kept else ""
        return draft.build(
            id=self.ticket_id(number),
            subject=next((d.text("subject") for d in details if d.text("subject")), first_title),
            status=_STATES.get(state, TicketStatus.OPEN if state else status),
            tags=(topic.name,) if topic is not None and topic.name.strip() else (),
            people=people.found,
            article_ids=tuple(map(self.article_id, linked_ids(_FAQ_LINK, texts))),
            created_at=row.time("created"),
            updated_at=row.time("lastupdate", "updated"),
            resolved_at=closed_at,
            **self._parent(row),
        )

    def _parent(self, row: Fields) -> dict[str, tuple[str, ...]]:
        """The ticket that this one was merged into, or is linked to."""
        parent = row.text("ticket_pid")
        if parent in ("", "0"):
            return {}
        is_linked = (row.number("flags") or 0) & _LINKED
        return {"related_ids" if is_linked else "merged_ids": (self.ticket_id(parent),)}

    def _faq(self, row: Fields, lookups: _Lookups, children: _Children) -> Imported:
        number = row.identifier("faq_id")
        category = row.text("category_id")
        topics = (lookups.topics.get(t.text("topic_id")) for t in children.topics.of(number))
        names = [topic.name for topic in topics if topic is not None and topic.is_public]
        if category in lookups.categories:
            names.insert(0, lookups.categories[category].text("name"))
        return make_article(
            row.place,
            markers=[
                row.marker("FAQ", "ispublished", _LISTED),
                *_category_markers(category, lookups.categories),
            ],
            id=self.article_id(number),
            title=row.text("question"),
            body=row.text("answer"),
            format=TextFormat.HTML,
            tags=tuple(dict.fromkeys(name for name in names if name.strip())),
            created_at=row.time("created"),
            updated_at=row.time("updated"),
        )

    def _note(self, row: Fields) -> Imported | None:
        """The agents' notes and keywords of an FAQ: theirs, whatever the FAQ is."""
        notes, keywords = row.text("notes"), row.texts("keywords")
        if not (notes.strip() or keywords):
            return None
        number = row.identifier("faq_id")
        return make_article(
            row.place,
            markers=[_always_internal("notes", "notes, keywords")],
            id=self.article_id(f"{number}-note"),
            title=row.text("question"),
            body=notes,
            format=TextFormat.HTML,
            tags=keywords,
            twin_id=self.article_id(number),
            created_at=row.time("created"),
            updated_at=row.time("updated"),
        )

    def _canned(self, row: Fields) -> Imported:
        is_enabled = row.flag("isenabled") is not False
        return make_article(
            row.place,
            markers=[_always_internal("canned response", "canned_response")],
            id=self.article_id(f"canned-{row.identifier('canned_id')}"),
            title=row.text("title"),
            body=row.text("response"),
            format=TextFormat.HTML,
            status=ArticleStatus.PUBLISHED if is_enabled else ArticleStatus.ARCHIVED,
            language=language_code(row.text("lang")),
            created_at=row.time("created"),
            updated_at=row.time("updated"),
        )


def _add(draft: TicketDraft, entry: Fields, attachments: Sequence[str]) -> None:
    kind = entry.text("type")
    is_staff = entry.text("staff_id") not in ("", "0")
    draft.add(
        entry.text("body"),
        author_role=_ROLES.get(kind, AuthorRole.AGENT if is_staff else AuthorRole.SYSTEM),
        markers=[entry.marker("entry", "type", _TYPES), _flags_marker(entry)],
        id=entry.identifier("id"),
        format=TextFormat.HTML if entry.text("format") in ("", "html") else TextFormat.PLAIN,
        created_at=entry.time("created"),
        attachments=attachments,
    )


def _flags_marker(entry: Fields) -> Marker:
    flags = entry.number("flags")
    is_known = flags is not None and not flags & ~_READABLE
    return Marker(
        level="entry",
        field="flags",
        value="missing" if flags is None else str(flags),
        verdict=Verdict.PUBLIC if is_known else Verdict.UNKNOWN,
    )


def _category_markers(key: str, categories: dict[str, Fields]) -> Iterator[Marker]:
    """Of a category and all above it; one that the export does not have is unknown."""
    seen: set[str] = set()
    while key not in seen:
        seen.add(key)
        level = f"category {key}".rstrip()
        if key not in categories:
            yield Marker(level=level, field="ispublic", value="missing", verdict=Verdict.UNKNOWN)
            return
        yield categories[key].marker(level, "ispublic", _LISTED)
        parent = categories[key].text("category_pid")
        key = key if parent in ("", "0") else parent


def _always_internal(level: str, field: str) -> Marker:
    return Marker(level=level, field=field, value="for agents only", verdict=Verdict.INTERNAL)


def _names_of(attachments: Iterable[Fields], files: dict[str, str]) -> list[str]:
    """Names of files attached to a thread entry; pictures within its text are not."""
    shown = (
        row.text("name") or files.get(row.text("file_id"), "")
        for row in attachments
        if row.text("type") == "H" and row.flag("inline") is not True
    )
    return [name for name in shown if name]


def _author(entry: Fields, lookups: _Lookups) -> Person | None:
    known = lookups.staff.get(entry.text("staff_id")) or lookups.users.get(entry.text("user_id"))
    poster = entry.text("poster").strip()
    return known or (Person(name=poster) if poster else None)


def _user(row: Fields, emails: dict[str, str]) -> Person:
    number = row.text("id")
    return Person(id=number, name=row.text("name") or None, email=emails.get(number))


def _staff(row: Fields) -> Person:
    name = f"{row.text('firstname')} {row.text('lastname')}".strip()
    return Person(
        id=f"staff-{row.text('staff_id')}",
        name=name or row.text("username") or None,
        email=row.text("email") or None,
        phone=row.text("phone", "mobile") or None,
    )


def _topic(row: Fields) -> _Topic:
    return _Topic(row.text("topic"), row.text("ispublic") == "1")
