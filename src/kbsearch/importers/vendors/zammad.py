"""Zammad: tickets with their articles, and answers of the knowledge base."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, NamedTuple

from kbsearch.importers.base import Importer, ImportItem
from kbsearch.importers.building import Imported, TicketDraft, make_article
from kbsearch.importers.fields import Fields
from kbsearch.importers.places import ImportProblem, Skipped
from kbsearch.importers.reading.source import Group, Source
from kbsearch.importers.shared.languages import language_code
from kbsearch.importers.shared.people import People
from kbsearch.importers.shared.rows import in_time, index_rows
from kbsearch.importers.vendors.zammad_answers import (
    answer_rows,
    answer_status,
    is_bundle,
    published_markers,
)
from kbsearch.models import AuthorRole, Person, TextFormat, TicketStatus
from kbsearch.visibility import Marker, Verdict

_SENDERS = {"Agent": Verdict.PUBLIC, "Customer": Verdict.PUBLIC, "System": Verdict.INTERNAL}
_SENDER_IDS = dict(zip("123", _SENDERS.values(), strict=True))
_ROLES = {
    **dict.fromkeys(("Agent", "1"), AuthorRole.AGENT),
    **dict.fromkeys(("Customer", "2"), AuthorRole.CUSTOMER),
}
_STATUS_OF_TYPE = {
    "1": TicketStatus.NEW,
    "2": TicketStatus.OPEN,
    "3": TicketStatus.PENDING,
    "4": TicketStatus.PENDING,
    "5": TicketStatus.CLOSED,
    "6": TicketStatus.CLOSED,
}
_STATUS_OF_NAME = {
    "new": TicketStatus.NEW,
    "pending reminder": TicketStatus.PENDING,
    "pending close": TicketStatus.PENDING,
    "closed": TicketStatus.CLOSED,
    "merged": TicketStatus.CLOSED,
}
_FIRST_STATES = {"1": "new", "2": "open", "3": "pending reminder", "4": "closed", "5": "merged"}
_ANSWER_LINKS = (
    re.compile(r"/help/([a-z]{2,3}(?:-[a-z]{2,4})?)/[^/\s\"'<>]{1,300}/(\d{1,18})"),
    re.compile(r"/locale/([a-z]{2,3}(?:-[a-z]{2,4})?)/answer/(\d{1,18})"),
)


class _State(NamedTuple):
    """A state of tickets; an admin may have named it."""

    name: str
    type_id: str = ""

    @property
    def status(self) -> TicketStatus:
        """By its type; where that is not known, by its name; open if by neither."""
        by_name = _STATUS_OF_NAME.get(self.name, TicketStatus.OPEN)
        return _STATUS_OF_TYPE.get(self.type_id, by_name)


class _Lookups(NamedTuple):
    """What tickets refer to by id; states by name, too."""

    users: dict[str, Person]
    states: dict[str, _State]
    articles: Group
    links: Group


class ZammadImporter(Importer):
    """
    Reads tickets and the knowledge base.

    An article is public if it is not internal and an agent or a customer sent
    it. An answer is public from `published_at` until `archived_at`; its internal
    note stays with the staff.
    """

    name = "zammad"
    title = "Zammad"
    reads = (
        "tables tickets, ticket_articles (or nested), ticket_states, users, links, "
        "knowledge_base_answers and their translations, contents and locales, "
        "or the assets of the API"
    )
    verified = (
        "articles, states and their types, links, answers, assets, dates and category "
        "permissions: Zammad's documentation and source; ids of senders, addresses of answers, "
        "links of merged tickets: general knowledge"
    )
    signs: ClassVar = {
        "tickets": frozenset({"customer_id", "state_id", "article_count", "owner_id"}),
        "ticket_articles": frozenset({"sender_id", "internal", "content_type", "ticket_id"}),
        "knowledge_base_answers": frozenset({"internal_note", "internal_at", "archived_at"}),
    }

    def _read(self, source: Source) -> Iterator[ImportItem]:
        problems: list[ImportProblem] = []
        states = index_rows(source.table("ticket_states"), _state, problems=problems)
        lookups = _Lookups(
            users=index_rows(source.table("users"), _user, problems=problems),
            states=states | {state.name: state for state in states.values()},
            articles=source.group("ticket_articles", by="ticket_id"),
            links=source.group("ticket_links", "links", by="ticket_id"),
        )
        yield from (*problems, *lookups.articles.problems, *lookups.links.problems)
        bundles: list[Fields] = []

        def ticket_of(row: Fields) -> Imported | Skipped | None:
            if not is_bundle(row):
                return self._ticket(row, lookups)
            bundles.append(row)
            return None

        yield from self._each(source.table("tickets", main=True), ticket_of)
        yield from lookups.articles.unclaimed()
        yield from self._each(answer_rows(source, bundles), self._answer)

    def _ticket(self, row: Fields, lookups: _Lookups) -> Imported | Skipped:
        number = row.identifier("id")
        nested = row.children("articles")
        articles = in_time((*nested, *lookups.articles.of(number)), "created_at")
        links = [*row.children("links"), *lookups.links.of(number)]
        state = _state_of(row, lookups.states)
        if state.name == "removed":
            return Skipped(row.place, "it is removed", self.ticket_id(number))
        draft = TicketDraft(row.place)
        people = People()
        people.add_person(lookups.users.get(row.text("customer_id")))
        people.add_addresses(row.text("customer"))
        people.add_person(lookups.users.get(row.text("owner_id")))
        for article in articles:
            _add(draft, article)
            people.add_addresses(article.text("from"))
            people.add_addresses(article.text("cc"))
        is_closed = state.status is TicketStatus.CLOSED
        merged, related = self._linked_tickets(links, is_merged=state.name == "merged")
        return draft.build(
            id=self.ticket_id(number),
            subject=row.text("title"),
            status=state.status,
            tags=row.texts("tags"),
            people=people.found,
            article_ids=self._linked_answers(articles),
            merged_ids=merged,
            related_ids=related,
            created_at=row.time("created_at"),
            updated_at=row.time("updated_at"),
            resolved_at=row.time("last_close_at", "close_at") if is_closed else None,
        )

    def _linked_tickets(
        self, links: Iterable[Fields], *, is_merged: bool
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Merged and related ones: merging leaves a parent-child link, as an agent may, too."""
        merged: dict[str, None] = {}
        related: dict[str, None] = {}
        for link in links:
            if link.text("link_object") == "Ticket":
                is_merger = is_merged and link.text("link_type") != "normal"
                found = merged if is_merger else related
                found[self.ticket_id(link.identifier("link_object_value"))] = None
        return tuple(merged), tuple(related)

    def _linked_answers(self, articles: Iterable[Fields]) -> tuple[str, ...]:
        found = (
            self.article_id(f"{number}-{locale}")
            for article in articles
            for pattern in _ANSWER_LINKS
            for locale, number in pattern.findall(article.text("body"))
        )
        return tuple(dict.fromkeys(found))

    def _answer(self, row: Fields) -> Imported:
        """An article of a translation or of an internal note; see `answer_rows`."""
        if "answer" not in row:
            return self._note(row)
        answer = row.child("answer")
        return make_article(
            row.place,
            markers=published_markers(row),
            id=self._answer_id(answer, locale=row.text("locale"), translation=row.text("id")),
            title=row.text("title"),
            body=row.text("body"),
            format=TextFormat.HTML,
            status=answer_status(answer),
            tags=answer.texts("tags"),
            language=language_code(row.text("locale")),
            valid_from=answer.time("published_at"),
            valid_until=answer.time("archived_at"),
            created_at=row.time("created_at") or answer.time("created_at"),
            updated_at=row.time("updated_at") or answer.time("updated_at"),
        )

    def _note(self, row: Fields) -> Imported:
        locale, translation = row.text("locale"), row.text("translation_id")
        says = Marker(
            level="note", field="internal_note", value="for agents only", verdict=Verdict.INTERNAL
        )
        twin_id = self._answer_id(row, locale=locale, translation=translation)
        return make_article(
            row.place,
            markers=[says],
            id=self.article_id(f"{row.identifier('id')}-note"),
            title=row.text("title"),
            body=row.text("internal_note"),
            language=language_code(locale),
            twin_id=twin_id if translation else None,
            created_at=row.time("created_at"),
            updated_at=row.time("updated_at"),
        )

    def _answer_id(self, answer: Fields, *, locale: str, translation: str) -> str:
        """By number and locale, as in addresses of the help centre."""
        return self.article_id(f"{answer.identifier('id')}-{locale or translation}")


def _add(draft: TicketDraft, article: Fields) -> None:
    has_name = "sender" in article
    sender = article.text("sender") if has_name else article.text("sender_id")
    draft.add(
        article.text("body"),
        author_role=_ROLES.get(sender, AuthorRole.SYSTEM),
        markers=[
            article.marker("article", "sender", _SENDERS)
            if has_name
            else article.marker("article", "sender_id", _SENDER_IDS),
            article.flag_marker("article", "internal", public=False),
        ],
        id=article.identifier("id"),
        format=_format_of(article),
        created_at=article.time("created_at"),
        attachments=[a.text("filename") for a in article.children("attachments")],
    )


def _format_of(article: Fields) -> TextFormat:
    is_html = article.text("content_type").startswith("text/html")
    return TextFormat.HTML if is_html else TextFormat.PLAIN


def _state(row: Fields) -> _State:
    return _State(row.text("name"), row.text("state_type_id"))


def _state_of(row: Fields, states: dict[str, _State]) -> _State:
    name, number = row.text("state"), row.text("state_id")
    known = states.get(name or number)
    return known or _State(name or _FIRST_STATES.get(number, "open"))


def _user(row: Fields) -> Person:
    return Person(
        id=row.text("id"),
        name=f"{row.text('firstname')} {row.text('lastname')}".strip() or None,
        email=row.text("email") or None,
        phone=row.text("phone", "mobile") or None,
    )
