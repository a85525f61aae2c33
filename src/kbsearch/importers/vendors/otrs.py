"""OTRS, Znuny and OTOBO: what the generic interface gives, or the tables of the database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import ClassVar, NamedTuple

from kbsearch.errors import ConfigError
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
from kbsearch.visibility import Marker, Verdict, marker_from

_ROLES = {
    **dict.fromkeys(("agent", "1"), AuthorRole.AGENT),
    **dict.fromkeys(("system", "2"), AuthorRole.SYSTEM),
    **dict.fromkeys(("customer", "3"), AuthorRole.CUSTOMER),
}
_STATUSES = {
    "new": TicketStatus.NEW,
    "pending reminder": TicketStatus.PENDING,
    "pending auto": TicketStatus.PENDING,
    "closed": TicketStatus.CLOSED,
    "merged": TicketStatus.CLOSED,
}
_READERS = {
    "internal": Verdict.INTERNAL,
    "external": Verdict.PUBLIC,  # customers
    "public": Verdict.PUBLIC,  # everybody
}
_STATES = _READERS | {
    "internal (agent)": Verdict.INTERNAL,
    "external (customer)": Verdict.PUBLIC,
    "public (all)": Verdict.PUBLIC,
}
_APPROVED = {"1": Verdict.PUBLIC, "0": Verdict.HIDDEN}
_VALID = {"1": Verdict.PUBLIC, "2": Verdict.HIDDEN, "3": Verdict.HIDDEN}
_FAQ_FIELDS = {
    "Symptom": ("Symptom", "Field1", "f_field1"),
    "Problem": ("Problem", "Field2", "f_field2"),
    "Solution": ("Solution", "Field3", "f_field3"),
    "Field4": ("Field4", "f_field4"),
    "Field5": ("Field5", "f_field5"),
    "Comment": ("Comment", "Field6", "f_field6"),
}
_ALWAYS_INTERNAL = "Comment"
_FAQ_LINK = re.compile(r"FAQZoom(?:;|&amp;|&)ItemID=(\d{1,10})")
_KEYWORDS_APART = re.compile(r"[\s,;]+")


class _Lookups(NamedTuple):
    """What tickets and FAQ items refer to by id, where the export is of tables."""

    customers: dict[str, Person]
    agents: dict[str, Person]
    states: dict[str, str]
    queues: dict[str, str]
    services: dict[str, str]
    link_objects: dict[str, str]
    link_types: dict[str, str]
    faq_states: dict[str, str]
    faq_languages: dict[str, str]
    faq_categories: dict[str, str]


class _Children(NamedTuple):
    """What belongs to tickets and their articles, where the export is of tables."""

    articles: Group
    contents: Group
    attachments: Group
    links_from: Group
    links_to: Group


class OtrsImporter(Importer):
    """
    Reads tickets and FAQ items.

    The comment of an FAQ item is always the agents'; of its other fields, customers
    get those that the option names.
    """

    name = "otrs"
    title = "OTRS / Znuny / OTOBO"
    reads = (
        "Ticket with Article and FAQItem of the generic interface; or the tables ticket, article, "
        "article_data_mime, faq_item, faq_state, link_relation and others"
    )
    verified = (
        "states, sender types, visibility, links, FAQ fields, state types and defaults: Znuny's "
        "schema and FAQ package; attachment columns, the address of an FAQ page, ParentChild as "
        "the link of merged tickets: general knowledge"
    )
    signs: ClassVar = {
        "Ticket": frozenset({"TicketID", "TicketNumber", "Article"}),
        "article": frozenset({"is_visible_for_customer", "article_sender_type_id"}),
        "FAQItem": frozenset({"Field1", "StateTypeName"}),
        "faq_item": frozenset({"f_subject", "f_field1"}),
    }
    OPTIONS = (
        Option(
            "public-fields",
            "fields of an FAQ item that customers see, of "
            + ", ".join(field for field in _FAQ_FIELDS if field != _ALWAYS_INTERNAL),
            "Symptom,Problem,Solution",
        ),
    )

    def _read(self, source: Source) -> Iterator[ImportItem]:
        public_fields = self._public_fields()
        problems: list[ImportProblem] = []
        lookups = _lookups(source, problems)
        yield from problems
        children = _Children(
            articles=source.group("article", by="ticket_id"),
            contents=source.group("article_data_mime", by="article_id"),
            attachments=source.group("article_data_mime_attachment", by="article_id"),
            links_from=source.group("link_relation", by="source_key"),
            links_to=source.group("link_relation", by="target_key"),
        )
        for group in children[:4]:  # the fifth has the fourth's rows
            yield from group.problems
        yield from self._each(
            source.table("Ticket", "ticket", main=True),
            lambda row: self._ticket(row, lookups, children),
        )
        for row in source.table("FAQItem", "faq_item", "FAQ"):
            made = list(self._each([row], lambda row: self._faq(row, lookups, public_fields)))
            yield from made
            if isinstance(row, Fields) and isinstance(made[0], Imported):
                yield from self._each([row], lambda row: self._note(row, lookups, public_fields))
        yield from children.articles.unclaimed()
        yield from children.contents.unclaimed()

    def _public_fields(self) -> frozenset[str]:
        names = frozenset(name.strip() for name in self.options["public-fields"].split(","))
        offered = [field for field in _FAQ_FIELDS if field != _ALWAYS_INTERNAL]
        if not names <= {*offered, ""}:
            raise ConfigError(
                f"The option public-fields of {self.name!r} is {self.options['public-fields']!r}; "
                f"it takes names out of {', '.join(offered)}, parted by commas."
            )
        return names

    def _ticket(self, row: Fields, lookups: _Lookups, children: _Children) -> Imported | Skipped:
        number = row.identifier("TicketID", "id")
        articles = [*row.children("Article"), *children.articles.of(number)]
        parts = [_Article(article, children) for article in articles]
        state = row.text("StateType") or lookups.states.get(row.text("ticket_state_id"), "")
        queue = row.text("Queue") or lookups.queues.get(row.text("queue_id"), "")
        if state == "removed" or queue == "Junk":
            reason = "it is removed" if state == "removed" else "it is junk"
            return Skipped(row.place, reason, self.ticket_id(number))
        draft = TicketDraft(row.place)
        for part in parts:
            part.add_to(draft)
        people = _people_of(row, lookups)
        for part in parts:
            for header in (part.text("From", "a_from"), part.text("Cc", "a_cc")):
                people.add_addresses(header)
        product = row.text("Service") or lookups.services.get(row.text("service_id"))
        faq_numbers = linked_ids(_FAQ_LINK, (part.text("Body", "a_body") for part in parts))
        return draft.build(
            id=self.ticket_id(number),
            subject=row.text("Title", "title"),
            status=_STATUSES.get(state, TicketStatus.OPEN),
            product=product or None,
            tags=(queue,) if queue.strip() else (),
            people=people.found,
            created_at=row.time("Created", "create_time"),
            updated_at=row.time("Changed", "change_time"),
            resolved_at=row.time("Closed"),
            **self._links(number, state, lookups, children, faq_numbers),
        )

    def _links(
        self,
        number: str,
        state: str,
        lookups: _Lookups,
        children: _Children,
        faq_numbers: tuple[str, ...],
    ) -> dict[str, tuple[str, ...]]:
        """What is linked; the parent of a merged ticket is what it was merged into."""
        related, merged = dict[str, None](), dict[str, None]()
        faqs = dict.fromkeys(faq_numbers)
        ends = [("source", "target", row) for row in children.links_from.of(number)]
        ends += [("target", "source", row) for row in children.links_to.of(number)]
        for near, far, row in ends:
            far_kind = lookups.link_objects.get(row.text(f"{far}_object_id"))
            if lookups.link_objects.get(row.text(f"{near}_object_id")) != "Ticket":
                continue
            link_type = lookups.link_types.get(row.text("type_id"))
            is_merge = state == "merged" and link_type == "ParentChild" and far == "source"
            if far_kind == "Ticket":
                (merged if is_merge else related)[row.identifier(f"{far}_key")] = None
            elif far_kind == "FAQ":
                faqs[row.identifier(f"{far}_key")] = None
        return {
            "related_ids": tuple(map(self.ticket_id, related)),
            "merged_ids": tuple(map(self.ticket_id, merged)),
            "article_ids": tuple(map(self.article_id, faqs)),
        }

    def _faq(self, row: Fields, lookups: _Lookups, public_fields: frozenset[str]) -> Imported:
        category = row.text("CategoryName", "CategoryShortName")
        category = category or lookups.faq_categories.get(row.text("category_id"), "")
        keywords = _KEYWORDS_APART.split(row.text("Keywords", "Keyword", "f_keywords"))
        markers = [
            _state_marker(row, lookups),
            row.marker("FAQ", _name_in(row, "Approved", "approved"), _APPROVED),
            row.marker("FAQ", _name_in(row, "ValidID", "valid_id"), _VALID),
        ]
        return make_article(
            row.place,
            markers=markers,
            id=self.article_id(_faq_number(row)),
            body=_joined(row, public_fields),
            status=_status_of(markers),
            tags=tuple(dict.fromkeys(tag for tag in (category, *keywords) if tag.strip())),
            **_shared(row, lookups),
        )

    def _note(
        self, row: Fields, lookups: _Lookups, public_fields: frozenset[str]
    ) -> Imported | None:
        """The fields of an FAQ item that customers never see."""
        body = _joined(row, _FAQ_FIELDS.keys() - public_fields)
        if not body.strip():
            return None
        number = _faq_number(row)
        only_agents = Marker(
            level="note", field="Comment", value="for agents only", verdict=Verdict.INTERNAL
        )
        return make_article(
            row.place,
            markers=[only_agents],
            id=self.article_id(f"{number}-note"),
            body=body,
            twin_id=self.article_id(number),
            **_shared(row, lookups),
        )


class _Article:
    """One article of a ticket: its own row, and its content where that is another table's."""

    def __init__(self, row: Fields, children: _Children) -> None:
        self._row = row
        self._id = row.identifier("ArticleID", "id")
        self._contents = children.contents.of(self._id)
        self._attachments = [*row.children("Attachment"), *children.attachments.of(self._id)]

    def text(self, *names: str) -> str:
        """From the article or its content."""
        rows = (self._row, *self._contents)
        return next((text for row in rows if (text := row.text(*names))), "")

    def add_to(self, draft: TicketDraft) -> None:
        """Add it as a message, with the marker of its own."""
        field = _name_in(self._row, "IsVisibleForCustomer", "is_visible_for_customer")
        sender = self._row.text("SenderType", "article_sender_type_id")
        mime_type = self.text("MimeType", "ContentType", "a_content_type")
        inline = [a.text("Disposition", "disposition") == "inline" for a in self._attachments]
        shown = [a.text("Filename", "filename") for a in self._attachments]
        draft.add(
            self.text("Body", "a_body"),
            author_role=_ROLES.get(sender, AuthorRole.SYSTEM),
            markers=[self._row.flag_marker("article", field, public=True)],
            id=self._id,
            format=TextFormat.HTML if mime_type.startswith("text/html") else TextFormat.PLAIN,
            created_at=self._row.time("CreateTime", "create_time"),
            attachments=[
                name for name, part in zip(shown, inline, strict=True) if name and not part
            ],
        )


def _lookups(source: Source, problems: list[ImportProblem]) -> _Lookups:
    def index(table: str, make: Callable[[Fields], Made], *, by: str = "id") -> dict[str, Made]:
        return index_rows(source.table(table), make, problems=problems, by=by)

    def names(table: str) -> dict[str, str]:
        return index(table, lambda row: row.text("name"))

    def types(table: str, type_names: dict[str, str]) -> dict[str, str]:
        return index(table, lambda row: type_names.get(row.text("type_id"), ""))

    return _Lookups(
        customers=index("customer_user", _person, by="login"),
        agents=index("users", _person),
        states=types("ticket_state", names("ticket_state_type")),
        queues=names("queue"),
        services=names("service"),
        link_objects=names("link_object"),
        link_types=names("link_type"),
        faq_states=types("faq_state", names("faq_state_type")),
        faq_languages=names("faq_language"),
        faq_categories=names("faq_category"),
    )


def _person(row: Fields) -> Person:
    name = f"{row.text('first_name')} {row.text('last_name')}".strip()
    return Person(
        id=row.text("login") or None,
        name=name or None,
        email=row.text("email") or None,
        phone=row.text("phone") or None,
    )


def _people_of(row: Fields, lookups: _Lookups) -> People:
    people = People()
    login = row.text("CustomerUserID", "customer_user_id")
    people.add_person(lookups.customers.get(login))
    people.add(id=login, email=login if "@" in login else "")
    people.add_person(lookups.agents.get(row.text("OwnerID", "user_id")))
    people.add(id=row.text("Owner"))
    return people


def _faq_number(row: Fields) -> str:
    return row.identifier("ItemID", "FAQID", "ID", "id")


def _state_marker(row: Fields, lookups: _Lookups) -> Marker:
    """Who may read an FAQ item: its state's type, or the state's usual name."""
    for field in ("StateTypeName", "StateType"):
        if field in row:
            return row.marker("FAQ", field, _READERS)
    if "state_id" in row:
        kind = lookups.faq_states.get(row.text("state_id")) or None
        return marker_from("FAQ", "faq_state_type.name", kind, says=_READERS)
    return row.marker("FAQ", "State", _STATES)


def _name_in(row: Fields, *names: str) -> str:
    """The name that the interface or the table gives a field: the one that is there."""
    return next((name for name in names if name in row), names[0])


def _status_of(markers: list[Marker]) -> ArticleStatus:
    _, approved, valid = (marker.verdict is not Verdict.HIDDEN for marker in markers)
    if not valid:
        return ArticleStatus.ARCHIVED
    return ArticleStatus.PUBLISHED if approved else ArticleStatus.DRAFT


def _joined(row: Fields, fields: frozenset[str] | set[str]) -> str:
    """The text of some fields of an FAQ item, in the order in which they are shown."""
    texts = [row.text(*names) for field, names in _FAQ_FIELDS.items() if field in fields]
    return "\n\n".join(text for text in texts if text.strip())


def _shared(row: Fields, lookups: _Lookups) -> dict[str, object]:
    """What an FAQ item and the note to it have in common."""
    language = row.text("Language") or lookups.faq_languages.get(row.text("f_language_id"), "")
    kind = row.text("ContentType", "content_type") or "text/html"  # the column's default
    return {
        "title": row.text("Title", "f_subject"),
        "format": TextFormat.HTML if kind.startswith("text/html") else TextFormat.PLAIN,
        "language": language_code(language),
        "created_at": row.time("Created", "created"),
        "updated_at": row.time("Changed", "changed"),
    }
