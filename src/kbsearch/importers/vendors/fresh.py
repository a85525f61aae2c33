"""What Freshdesk and Freshservice have in common: tables and fields, but not the codes in them."""

from __future__ import annotations

import re
from abc import abstractmethod
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
from kbsearch.importers.shared.people import People
from kbsearch.importers.shared.rows import Made, index_rows
from kbsearch.models import (
    ArticleStatus,
    AuthorRole,
    Person,
    Resolution,
    Satisfaction,
    TextFormat,
    TicketStatus,
)
from kbsearch.visibility import Marker, Verdict

_ARTICLE_LINK = re.compile(r"/solutions?/articles/(\d{1,20})")
_ARTICLE_STATUSES = {"1": Verdict.HIDDEN, "2": Verdict.PUBLIC}
_DRAFT = "1"
_STATUSES = {
    "2": TicketStatus.OPEN,
    "3": TicketStatus.PENDING,
    "4": TicketStatus.RESOLVED,
    "5": TicketStatus.CLOSED,
}
_HIDING = ("deleted", "spam")
_RATINGS = {  # 100 is neutral
    **dict.fromkeys(("101", "102", "103"), Satisfaction.GOOD),
    **dict.fromkeys(("-101", "-102", "-103"), Satisfaction.BAD),
}
_NOTES = Marker(
    level="resolution",
    field="resolution_notes",
    value="for agents only",
    verdict=Verdict.INTERNAL,
)


class FreshLookups(NamedTuple):
    """What tickets and articles refer to by id."""

    people: dict[str, Person]
    products: dict[str, str]
    folders: dict[str, Fields]
    categories: dict[str, str]


class FreshChildren(NamedTuple):
    """What belongs to tickets and stands in tables of its own."""

    conversations: Group
    ratings: Group


class FreshImporter(Importer):
    """
    Reads tickets and solution articles.

    An article is public only if it is published, in a folder for everybody, as
    are all folders above that one.

    Attributes:
        asks: Ticket `source` → who wrote its description. The asker may read it if
            the source is one of these.
        conversation_sources: Who may read, by the `source` of a part that is not private.
        restricted: The codes of a folder's `visibility` that are for some readers only.
    """

    asks: ClassVar[Mapping[str, AuthorRole]]
    conversation_sources: ClassVar[Mapping[str, Verdict]]
    restricted: ClassVar[tuple[str, ...]]
    OPTIONS = (LOGGED_IN_USERS,)

    def _read(self, source: Source) -> Iterator[ImportItem]:
        visibility = dict.fromkeys(self.restricted, Verdict.INTERNAL)
        visibility |= {"1": Verdict.PUBLIC, "2": logged_in_verdict(self.options)}
        problems: list[ImportProblem] = []
        lookups = _lookups(source, problems)
        yield from problems
        children = FreshChildren(
            conversations=source.group("conversations", "ticket_conversations", by="ticket_id"),
            ratings=source.group("satisfaction_ratings", by="ticket_id"),
        )
        for group in children:
            yield from group.problems
        yield from self._each(
            source.table("tickets", "ticket", main=True),
            lambda row: self._ticket(row, lookups, children),
        )
        yield from self._each(
            source.table("solution_articles", "articles"),
            lambda row: self._article(row, lookups, visibility),
        )
        yield from children.conversations.unclaimed()

    @abstractmethod
    def _links(self, row: Fields) -> dict[str, tuple[str, ...]]:
        """The ids of other tickets, by fields of `Ticket`."""

    def _ticket(
        self, row: Fields, lookups: FreshLookups, children: FreshChildren
    ) -> Imported | Skipped:
        number = row.identifier("id")
        nested, apart = list(row.children("conversations")), children.conversations.of(number)
        ratings = children.ratings.of(number)
        for field in _HIDING:
            if row.flag(field):
                return Skipped(row.place, f"it is {field}", self.ticket_id(number))
        hiding = [hiding_marker(row, "ticket", f) for f in _HIDING if row.raw(f) is not None]
        draft = TicketDraft(row.place, markers=hiding)
        self._add_description(draft, row)
        parts = nested or apart
        for part in parts:
            self._add_part(draft, part)
        product = lookups.products.get(row.text("product_id")) or row.text("category")
        replies = (part.text("body", "body_text") for part in parts if not part.flag("incoming"))
        return draft.build(
            id=self.ticket_id(number),
            subject=row.text("subject"),
            status=_STATUSES.get(row.text("status"), TicketStatus.OPEN),
            resolution=_resolution(row, draft),
            product=product or None,
            tags=row.texts("tags"),
            article_ids=tuple(map(self.article_id, linked_ids(_ARTICLE_LINK, replies))),
            satisfaction=_satisfaction(ratings),
            people=_people(row, parts, lookups.people),
            created_at=row.time("created_at"),
            updated_at=row.time("updated_at"),
            resolved_at=row.child("stats").time("resolved_at", "closed_at"),
            **self._links(row),
        )

    def _add_description(self, draft: TicketDraft, row: Fields) -> None:
        html = row.text("description")
        draft.add(
            html or row.text("description_text"),
            id="description",
            author_role=self.asks.get(row.text("source"), AuthorRole.CUSTOMER),
            format=TextFormat.HTML if html else TextFormat.PLAIN,
            created_at=row.time("created_at"),
            attachments=attachment_names(row),
            markers=[row.marker("ticket", "source", dict.fromkeys(self.asks, Verdict.PUBLIC))],
        )

    def _add_part(self, draft: TicketDraft, part: Fields) -> None:
        html = part.text("body")
        draft.add(
            html or part.text("body_text"),
            id=part.text("id") or None,
            author_role=AuthorRole.CUSTOMER if part.flag("incoming") else AuthorRole.AGENT,
            format=TextFormat.HTML if html else TextFormat.PLAIN,
            created_at=part.time("created_at"),
            attachments=attachment_names(part),
            markers=[
                part.flag_marker("conversation", "private", public=False),
                part.marker("conversation", "source", self.conversation_sources),
            ],
        )

    def _article(
        self, row: Fields, lookups: FreshLookups, visibility: Mapping[str, Verdict]
    ) -> Imported:
        status = row.marker("article", "status", _ARTICLE_STATUSES)
        html = row.text("description")
        return make_article(
            row.place,
            markers=[status, *_folder_markers(row, lookups.folders, visibility)],
            id=self.article_id(row.identifier("id")),
            title=row.text("title"),
            body=html or row.text("description_text"),
            format=TextFormat.HTML if html else TextFormat.PLAIN,
            status=ArticleStatus.DRAFT if status.value == _DRAFT else ArticleStatus.PUBLISHED,
            product=lookups.categories.get(row.text("category_id")) or None,
            tags=tuple(dict.fromkeys((*row.texts("tags"), *row.texts("keywords")))),
            language=language_code(row.text("language")),
            n_helpful=row.number("thumbs_up"),
            n_unhelpful=row.number("thumbs_down"),
            created_at=row.time("created_at"),
            updated_at=row.time("updated_at"),
        )

    def _ids(self, numbers: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.ticket_id(number) for number in numbers if number))


def _lookups(source: Source, problems: list[ImportProblem]) -> FreshLookups:
    def index(*tables: str, make: Callable[[Fields], Made]) -> dict[str, Made]:
        return index_rows(source.table(*tables), make, problems=problems)

    asking = index("contacts", "requesters", make=_person)
    return FreshLookups(
        people=asking | index("agents", make=_agent),
        products=index("products", make=lambda row: row.text("name")),
        folders=index("solution_folders", "folders", make=lambda row: row),
        categories=index("solution_categories", "categories", make=lambda row: row.text("name")),
    )


def _person(row: Fields) -> Person:
    full_name = f"{row.text('first_name')} {row.text('last_name')}".strip()
    return Person(
        id=row.text("id") or None,
        name=row.text("name") or full_name or None,
        email=row.text("email", "primary_email") or None,
        phone=row.text("phone", "mobile", "work_phone_number", "mobile_phone_number") or None,
    )


def _agent(row: Fields) -> Person:
    """An agent of Freshservice, or of Freshdesk, which keeps the name within `contact`."""
    nested = _person(row.child("contact"))
    return nested.model_copy(update={"id": row.text("id")}) if "contact" in row else _person(row)


def _people(
    row: Fields, parts: Iterable[Fields], known: Mapping[str, Person]
) -> tuple[Person, ...]:
    """The requester, whoever gets copies or works on it, the authors."""
    people = People()

    def add(person_id: str) -> None:
        people.add_person(known.get(person_id, Person(id=person_id)))

    for role in ("requester", "requested_for"):
        people.add_person(_person(row.child(role)))
        add(row.text(f"{role}_id"))
    people.add(name=row.text("name"), email=row.text("email"), phone=row.text("phone"))
    for addresses in ("cc_emails", "reply_cc_emails", "fwd_emails"):
        people.add_addresses(", ".join(row.texts(addresses)))
    add(row.text("responder_id"))
    for part in parts:
        add(part.text("user_id"))
    return people.found


def _resolution(row: Fields, draft: TicketDraft) -> Resolution | None:
    html = row.text("resolution_notes_html")
    return draft.resolution(
        html or row.text("resolution_notes"),
        format=TextFormat.HTML if html else TextFormat.PLAIN,
        markers=[_NOTES],
    )


def _satisfaction(ratings: list[Fields]) -> Satisfaction | None:
    """What the asker said last."""
    given = (rating.child("ratings").text("default_question") for rating in ratings)
    return next((_RATINGS.get(score) for score in reversed(list(given)) if score), None)


def _folder_markers(
    article: Fields, folders: Mapping[str, Fields], visibility: Mapping[str, Verdict]
) -> Iterator[Marker]:
    """Of an article's folder and all above it; one that the export does not have is unknown."""
    key, seen = article.text("folder_id"), set[str]()
    while key not in seen:
        seen.add(key)
        level = f"folder {key}".rstrip()
        if key not in folders:
            yield Marker(level=level, field="visibility", value="missing", verdict=Verdict.UNKNOWN)
            return
        yield folders[key].marker(level, "visibility", visibility)
        key = folders[key].text("parent_folder_id", "parent_id") or key
