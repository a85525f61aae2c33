"""FreeScout: conversations with their threads, from its API or from its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, NamedTuple

from kbsearch.importers.base import Importer, ImportItem
from kbsearch.importers.building import Imported, TicketDraft
from kbsearch.importers.fields import Fields
from kbsearch.importers.places import ImportProblem, Skipped
from kbsearch.importers.reading.source import Group, Source
from kbsearch.importers.shared.people import People
from kbsearch.importers.shared.rows import (
    Row,
    in_time,
    index_rows,
    json_child,
    json_texts,
    rows_within,
    spread,
)
from kbsearch.models import AuthorRole, Person, TextFormat, TicketStatus
from kbsearch.visibility import Marker, Verdict

_TYPES = {
    **dict.fromkeys(("1", "customer", "2", "message"), Verdict.PUBLIC),
    **dict.fromkeys(("3", "note", "4", "lineitem"), Verdict.INTERNAL),
}
_SUBTYPES = {
    **dict.fromkeys(("1", "forward"), Verdict.INTERNAL),
    **dict.fromkeys(("2", "phone"), Verdict.PUBLIC),
}
_STATES = {
    **dict.fromkeys(("1", "draft", "3", "hidden", "4", "review"), Verdict.HIDDEN),
    **dict.fromkeys(("2", "published"), Verdict.PUBLIC),
}
_CONVERSATION_STATES = {
    **dict.fromkeys(("1", "draft", "3", "deleted"), Verdict.HIDDEN),
    **dict.fromkeys(("2", "published"), Verdict.PUBLIC),
}
_STATUSES = {
    **dict.fromkeys(("2", "pending"), TicketStatus.PENDING),
    **dict.fromkeys(("3", "closed"), TicketStatus.CLOSED),
}
_DRAFT, _LINEITEM = ("1", "draft"), ("4", "lineitem")
_UNSENT, _DELETED, _SPAM = ("1", "draft"), ("3", "deleted"), ("4", "spam")
_MERGED_IN_META = ("mwc", "mic")  # merged with and merged into: ids of conversations
_FORWARDED_IN_META = (
    *("fw_pci", "forward_parent_conversation_id"),
    *("fw_cci", "forward_child_conversation_id"),
)


class _Lookups(NamedTuple):
    """What conversations refer to by id."""

    customers: dict[str, Person]
    users: dict[str, Person]
    threads: Group
    attachments: Group


class FreeScoutImporter(Importer):
    """
    Reads conversations.

    A thread is public if a customer or an agent sent it: type customer or message,
    published, not forwarded. What was written before an edit (`body_original`)
    is never read.
    """

    name = "freescout"
    title = "FreeScout"
    reads = "tables conversations, threads (or nested), customers, emails, users, attachments"
    verified = (
        "codes of types, subtypes, states and statuses, metas of merged and forwarded "
        "conversations: FreeScout's source; names in replies of the API: a client of it"
    )
    signs: ClassVar = {
        "conversations": frozenset({"threads_count", "folder_id", "mailbox_id", "source_via"}),
        "threads": frozenset({"body_original", "source_via", "send_status", "conversation_id"}),
    }

    def _read(self, source: Source) -> Iterator[ImportItem]:
        problems: list[ImportProblem] = []
        emails = index_rows(
            source.table("emails"),
            lambda row: row.text("email"),
            problems=problems,
            by="customer_id",
        )
        lookups = _Lookups(
            customers=index_rows(
                source.table("customers"), lambda row: _person(row, emails), problems=problems
            ),
            users=index_rows(
                source.table("users"), lambda row: _person(row, {}), problems=problems
            ),
            threads=source.group("threads", by="conversation_id"),
            attachments=source.group("attachments", by="thread_id"),
        )
        yield from (*problems, *lookups.threads.problems, *lookups.attachments.problems)
        yield from self._each(
            spread(source.table("conversations", main=True), _conversations),
            lambda row: self._ticket(row, lookups),
        )
        yield from lookups.threads.unclaimed()

    def _ticket(self, row: Fields, lookups: _Lookups) -> Imported | Skipped:
        number = row.identifier("id")
        embedded = row.child("_embedded")
        nested = (*embedded.children("threads"), *row.children("threads"))
        apart = lookups.threads.of(number)
        # the API gives the newest first
        threads = in_time((*nested, *apart), "createdAt", "created_at")
        left_out = _left_out(row)
        if left_out:
            return Skipped(row.place, left_out, self.ticket_id(number))
        draft = TicketDraft(
            row.place, markers=[row.marker("conversation", "state", _CONVERSATION_STATES)]
        )
        for thread in threads:
            if thread.text("type") not in _LINEITEM and thread.text("state") not in _DRAFT:
                _add(draft, thread, lookups.attachments)
        is_closed = row.text("status") in ("3", "closed")
        tags = [tag.text("name") for tag in embedded.children("tags")]
        return draft.build(
            id=self.ticket_id(number),
            subject=row.text("subject"),
            status=_STATUSES.get(row.text("status"), TicketStatus.OPEN),
            tags=tuple(dict.fromkeys(tag for tag in tags if tag.strip())),
            people=_people(row, threads, lookups),
            merged_ids=self._in_meta([row, *threads], _MERGED_IN_META),
            related_ids=self._in_meta([row, *threads], _FORWARDED_IN_META),
            created_at=row.time("createdAt", "created_at"),
            updated_at=row.time("updatedAt", "updated_at"),
            resolved_at=row.time("closedAt", "closed_at") if is_closed else None,
        )

    def _in_meta(self, rows: Iterable[Fields], names: Iterable[str]) -> tuple[str, ...]:
        metas = [json_child(row, "meta") for row in rows]
        found = (meta.text(name) for meta in metas for name in names)
        return tuple(dict.fromkeys(self.ticket_id(each) for each in found if each))


def _conversations(row: Fields) -> Iterator[Row]:
    """The row itself, or those of a page of the API."""
    page = row.child("_embedded")
    if "conversations" in page:
        return rows_within(page, "conversations")
    return iter([row])


def _left_out(row: Fields) -> str:
    """Why a conversation is left out; "" if it is not."""
    if row.text("state") in _DELETED:
        return "it is deleted"
    if row.text("state") in _UNSENT:
        return "it was never sent"
    return "it is spam" if row.text("status") in _SPAM else ""


def _add(draft: TicketDraft, thread: Fields, attachments: Group) -> None:
    number = thread.identifier("id")
    nested = (*thread.child("_embedded").children("attachments"), *thread.children("attachments"))
    files = [*nested, *attachments.of(number)]
    names = (f.text("fileName", "file_name") for f in files if not f.flag("embedded"))
    draft.add(
        thread.text("body"),
        author_role=AuthorRole.CUSTOMER if _is_customers(thread) else AuthorRole.AGENT,
        markers=_markers(thread),
        id=number,
        format=TextFormat.HTML,
        created_at=thread.time("createdAt", "created_at"),
        attachments=[name for name in names if name],
    )


def _markers(thread: Fields) -> list[Marker]:
    markers = [
        thread.marker("thread", "type", _TYPES),
        thread.marker("thread", "state", _STATES),
    ]
    if thread.raw("subtype") is not None:  # only forwards and phone calls have one
        markers.append(thread.marker("thread", "subtype", _SUBTYPES))
    return markers


def _is_customers(thread: Fields) -> bool:
    return thread.text("type") in ("1", "customer")


def _people(row: Fields, threads: Iterable[Fields], lookups: _Lookups) -> tuple[Person, ...]:
    people = People()
    people.add_person(_named(row.child("customer")))
    people.add_person(lookups.customers.get(row.text("customer_id")))
    people.add_addresses(row.text("customer_email"))
    for name in ("cc", "bcc"):
        for address in json_texts(row, name):
            people.add_addresses(address)
    people.add_person(_named(row.child("assignee")))
    people.add_person(lookups.users.get(row.text("user_id")))
    for thread in threads:
        people.add_person(_named(thread.child("createdBy")))
        people.add_person(lookups.customers.get(thread.text("created_by_customer_id")))
        people.add_person(lookups.users.get(thread.text("created_by_user_id")))
        people.add_addresses(thread.text("from"))
        for address in json_texts(thread, "cc"):
            people.add_addresses(address)
    return people.found


def _named(row: Fields) -> Person | None:
    return _person(row, {}) if row.values else None


def _person(row: Fields, emails: dict[str, str]) -> Person:
    number = row.text("id")
    name = f"{row.text('firstName', 'first_name')} {row.text('lastName', 'last_name')}"
    return Person(
        id=number or None,
        name=name.strip() or None,
        email=row.text("email") or emails.get(number),
        phone=row.text("phone") or None,
    )
