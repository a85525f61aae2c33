"""GLPI: its tables, or what its REST API gives for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from html import unescape
from typing import ClassVar, NamedTuple

from kbsearch.importers.base import Importer, ImportItem
from kbsearch.importers.building import Imported, TicketDraft, make_article
from kbsearch.importers.fields import Fields
from kbsearch.importers.places import ImportProblem, Skipped
from kbsearch.importers.reading.source import Group, Source
from kbsearch.importers.shared.languages import language_code
from kbsearch.importers.shared.parts import hiding_marker, linked_ids
from kbsearch.importers.shared.people import People
from kbsearch.importers.shared.rows import Made, index_rows
from kbsearch.models import (
    AuthorRole,
    Person,
    Resolution,
    Satisfaction,
    TextFormat,
    TicketStatus,
)
from kbsearch.visibility import Marker, Verdict

_API_NAMES = {
    "tickets": "Ticket",
    "itilfollowups": "ITILFollowup",
    "tickettasks": "TicketTask",
    "itilsolutions": "ITILSolution",
    "tickets_users": "Ticket_User",
    "users": "User",
    "knowbaseitems": "KnowbaseItem",
}
_STATUSES = {
    "1": TicketStatus.NEW,
    "4": TicketStatus.PENDING,
    "5": TicketStatus.RESOLVED,
    "6": TicketStatus.CLOSED,
}
_REQUESTER, _OBSERVER = "1", "3"
_REFUSED = "4"
_SOLUTIONS = dict.fromkeys(("1", "2", "3"), Verdict.PUBLIC)  # none, waiting, accepted
_DUPLICATE = "2"
_ARTICLE_LINK = re.compile(r"(?:knowbaseitem\.form|helpdesk\.faq)\.php\?id=(\d{1,10})")
_TARGETS = (
    "entities_knowbaseitems",
    "groups_knowbaseitems",
    "knowbaseitems_profiles",
    "knowbaseitems_users",
)


class _Lookups(NamedTuple):
    """What tickets and articles refer to by id."""

    users: dict[str, Person]
    categories: dict[str, str]
    attached: dict[tuple[str, str], list[str]]


class _Original(NamedTuple):
    """What an article hands on to its translations."""

    markers: tuple[Marker, ...]
    valid_from: datetime | None = None
    valid_until: datetime | None = None


_MISSING = _Original(
    (Marker(level="article", field="is_faq", value="missing", verdict=Verdict.UNKNOWN),)
)


class _TicketParts(NamedTuple):
    """What belongs to tickets."""

    followups: Group
    tasks: Group
    solutions: Group
    actors: Group
    satisfactions: Group
    articles: Group
    problems: Group
    links_from: Group
    links_to: Group


class GlpiImporter(Importer):
    """
    Reads tickets, and the knowledge base with its translations.

    An article of the FAQ is public, unless it is shown to some users, groups, profiles
    or entities alone. Solutions that the asker refused are left out, and count as
    reopenings.
    """

    name = "glpi"
    title = "GLPI"
    reads = (
        "tables glpi_tickets, glpi_itilfollowups, glpi_tickettasks, glpi_itilsolutions, "
        "glpi_users, glpi_knowbaseitems and others, with or without glpi_, or called as in the API"
    )
    verified = (
        "solutions and their states, visibility and targets of articles, links of tickets: "
        "GLPI's source; other columns and states of tickets, encoding of texts: general knowledge"
    )
    signs: ClassVar = {
        "glpi_tickets": frozenset({"users_id_recipient", "itilcategories_id"}),
        "tickets": frozenset({"users_id_recipient", "itilcategories_id"}),
        "Ticket": frozenset({"users_id_recipient", "itilcategories_id"}),
        "glpi_knowbaseitems": frozenset({"is_faq"}),
        "knowbaseitems": frozenset({"is_faq"}),
    }

    def _read(self, source: Source) -> Iterator[ImportItem]:
        problems: list[ImportProblem] = []
        lookups = _lookups(source, problems)
        yield from problems
        parts = _TicketParts(
            followups=_group(source, "itilfollowups", by="items_id"),
            tasks=_group(source, "tickettasks", by="tickets_id"),
            solutions=_group(source, "itilsolutions", by="items_id"),
            actors=_group(source, "tickets_users", by="tickets_id"),
            satisfactions=_group(source, "ticketsatisfactions", by="tickets_id"),
            articles=_group(source, "knowbaseitems_items", by="items_id"),
            problems=_group(source, "problems_tickets", by="tickets_id"),
            links_from=_group(source, "tickets_tickets", by="tickets_id_1"),
            links_to=_group(source, "tickets_tickets", by="tickets_id_2"),
        )
        whole_entities, *limits = (
            _group(source, table, by="knowbaseitems_id") for table in _TARGETS
        )
        for group in (*parts[:-1], whole_entities, *limits):  # links_to has the rows of links_from
            yield from group.problems
        yield from self._each(
            source.table(*_named("tickets"), main=True),
            lambda row: self._ticket(row, lookups, parts),
        )
        originals: dict[str, _Original] = {}
        yield from self._each(
            source.table(*_named("knowbaseitems")),
            lambda row: self._article(row, whole_entities, limits, originals),
        )
        yield from self._each(
            source.table(*_named("knowbaseitemtranslations")),
            lambda row: self._translation(row, originals),
        )
        for group in (parts.followups, parts.tasks, parts.solutions):
            yield from group.unclaimed()

    def _ticket(self, row: Fields, lookups: _Lookups, parts: _TicketParts) -> Imported | Skipped:
        number = row.identifier("id")
        followups, solutions, articles = (
            [each for each in group.of(number) if each.text("itemtype") in ("", "Ticket")]
            for group in (parts.followups, parts.solutions, parts.articles)
        )
        tasks = parts.tasks.of(number)
        actors = parts.actors.of(number)
        if row.flag("is_deleted"):
            return Skipped(row.place, "it is deleted", self.ticket_id(number))
        draft = TicketDraft(row.place, markers=[hiding_marker(row, "ticket", "is_deleted")])
        draft.add(
            _html(row.text("content")),
            author_role=AuthorRole.CUSTOMER,
            markers=(),
            id="description",
            format=TextFormat.HTML,
            created_at=row.time("date", "date_creation"),
            attachments=lookups.attached.get(("Ticket", number), ()),
        )
        askers = {a.text("users_id") for a in actors if a.text("type") in (_REQUESTER, _OBSERVER)}
        askers = askers or {row.text("users_id_recipient")}  # who wrote it down
        timeline = [("ITILFollowup", each) for each in followups]
        timeline += [("TicketTask", each) for each in tasks]
        for kind, each in sorted(timeline, key=lambda entry: _written(entry[1])):
            attached = lookups.attached.get((kind, each.text("id")), ())
            _add(draft, each, kind, askers, attached)
        texts = (_html(part.text("content")) for part in (*followups, *tasks, *solutions))
        article_numbers = (*(a.identifier("knowbaseitems_id") for a in articles),)
        article_numbers += linked_ids(_ARTICLE_LINK, texts)
        category = lookups.categories.get(row.text("itilcategories_id"), "")
        return draft.build(
            id=self.ticket_id(number),
            subject=unescape(row.text("name")),
            status=_STATUSES.get(row.text("status"), TicketStatus.OPEN),
            resolution=_resolution(draft, solutions),
            tags=(category,) if category.strip() else (),
            article_ids=tuple(dict.fromkeys(map(self.article_id, article_numbers))),
            satisfaction=_satisfaction(parts.satisfactions.of(number)),
            n_reopenings=_n_refused(solutions),
            people=_people(row, actors, (*followups, *tasks, *solutions), lookups),
            created_at=row.time("date", "date_creation"),
            updated_at=row.time("date_mod"),
            resolved_at=row.time("solvedate", "closedate"),
            **self._links(number, parts),
        )

    def _links(self, number: str, parts: _TicketParts) -> dict[str, tuple[str, ...]]:
        duplicates, related = dict[str, None](), dict[str, None]()
        ends = [("tickets_id_2", row) for row in parts.links_from.of(number)]
        ends += [("tickets_id_1", row) for row in parts.links_to.of(number)]
        for far, row in ends:
            is_duplicate = row.text("link") == _DUPLICATE
            (duplicates if is_duplicate else related)[row.identifier(far)] = None
        problems = (row.identifier("problems_id") for row in parts.problems.of(number))
        return {
            "duplicate_ids": tuple(map(self.ticket_id, duplicates)),
            "related_ids": tuple(map(self.ticket_id, related)),
            "problem_ids": tuple(self.ticket_id(f"problem-{problem}") for problem in problems),
        }

    def _article(
        self,
        row: Fields,
        whole_entities: Group,
        limits: Sequence[Group],
        originals: dict[str, _Original],
    ) -> Imported:
        number = row.identifier("id")
        entities = whole_entities.of(number)
        others = [row for group in limits for row in group.of(number)]
        original = originals[number] = _Original(
            markers=(
                row.flag_marker("article", "is_faq", public=True),
                *([_targets_marker(entities)] if entities or others else []),
            ),
            valid_from=row.time("begin_date"),
            valid_until=row.time("end_date"),
        )
        return make_article(
            row.place,
            markers=original.markers,
            id=self.article_id(number),
            title=unescape(row.text("name", "question")),
            body=_html(row.text("answer")),
            format=TextFormat.HTML,
            valid_from=original.valid_from,
            valid_until=original.valid_until,
            created_at=row.time("date_creation", "date"),
            updated_at=row.time("date_mod"),
        )

    def _translation(self, row: Fields, originals: dict[str, _Original]) -> Imported:
        """Who may read a translation is what its original says."""
        number, language = row.identifier("knowbaseitems_id"), row.identifier("language")
        original = originals.get(number, _MISSING)
        return make_article(
            row.place,
            markers=original.markers,
            id=self.article_id(f"{number}-{language}"),
            title=unescape(row.text("name")),
            body=_html(row.text("answer")),
            format=TextFormat.HTML,
            language=language_code(language),
            valid_from=original.valid_from,
            valid_until=original.valid_until,
            created_at=row.time("date_creation"),
            updated_at=row.time("date_mod"),
        )


def _named(table: str) -> tuple[str, ...]:
    return (f"glpi_{table}", table, *([_API_NAMES[table]] if table in _API_NAMES else []))


def _group(source: Source, table: str, *, by: str) -> Group:
    return source.group(*_named(table), by=by)


def _lookups(source: Source, problems: list[ImportProblem]) -> _Lookups:
    def index(table: str, make: Callable[[Fields], Made], *, by: str = "id") -> dict[str, Made]:
        return index_rows(source.table(*_named(table)), make, problems=problems, by=by)

    emails = index("useremails", lambda row: row.text("email"), by="users_id")
    file_names = index("documents", lambda row: row.text("filename", "name"))
    attached: dict[tuple[str, str], list[str]] = {}
    for kind, number, document in index("documents_items", _attachment).values():
        if name := file_names.get(document):
            attached.setdefault((kind, number), []).append(name)
    return _Lookups(
        users=index("users", lambda row: _person(row, emails)),
        categories=index("itilcategories", lambda row: row.text("completename", "name")),
        attached=attached,
    )


def _attachment(row: Fields) -> tuple[str, str, str]:
    return row.text("itemtype"), row.text("items_id"), row.text("documents_id")


def _person(row: Fields, emails: dict[str, str]) -> Person:
    number = row.text("id")
    name = f"{row.text('firstname')} {row.text('realname')}".strip()
    return Person(
        id=number,
        name=name or row.text("name") or None,
        email=emails.get(number),
        phone=row.text("phone", "mobile") or None,
    )


def _people(
    row: Fields, actors: Sequence[Fields], written: Sequence[Fields], lookups: _Lookups
) -> tuple[Person, ...]:
    """The askers, then who else takes part, then who wrote."""
    people = People()
    if all(actor.text("type") != _REQUESTER for actor in actors):
        people.add_person(lookups.users.get(row.text("users_id_recipient")))
    for actor in sorted(actors, key=lambda row: row.text("type") != _REQUESTER):
        people.add_person(lookups.users.get(actor.text("users_id")))
        people.add(email=actor.text("alternative_email"))
    for each in written:
        people.add_person(lookups.users.get(each.text("users_id")))
    return people.found


def _html(text: str) -> str:
    """HTML as GLPI stores it: until version 10 with its own markup as character references."""
    is_encoded = "<" not in text and any(mark in text for mark in ("&lt;", "&#60;", "&#38;"))
    return unescape(text) if is_encoded else text


def _written(row: Fields) -> str:
    return row.text("date", "date_creation")


def _add(
    draft: TicketDraft, row: Fields, kind: str, askers: set[str], attachments: Sequence[str]
) -> None:
    level = "task" if kind == "TicketTask" else "followup"
    is_asker = row.text("users_id") in askers
    draft.add(
        _html(row.text("content")),
        author_role=AuthorRole.CUSTOMER if is_asker else AuthorRole.AGENT,
        markers=[row.flag_marker(level, "is_private", public=False)],
        id=f"{level}-{row.identifier('id')}",
        format=TextFormat.HTML,
        created_at=row.time("date", "date_creation"),
        attachments=attachments,
    )


def _resolution(draft: TicketDraft, solutions: Sequence[Fields]) -> Resolution | None:
    """The last solution that was not refused."""
    kept = [row for row in solutions if row.text("status") != _REFUSED]
    if not kept:
        return None
    return draft.resolution(
        _html(kept[-1].text("content")),
        markers=[kept[-1].marker("solution", "status", _SOLUTIONS)],
        format=TextFormat.HTML,
    )


def _n_refused(solutions: Sequence[Fields]) -> int | None:
    """How often the asker said that it was no solution; None where nothing was offered."""
    return sum(row.text("status") == _REFUSED for row in solutions) if solutions else None


def _satisfaction(rows: Sequence[Fields]) -> Satisfaction | None:
    """Of one to five stars, four and more are good, two and fewer bad."""
    stars = rows[-1].number("satisfaction") if rows else None
    if stars is None or stars == 3:
        return None
    return Satisfaction.GOOD if stars > 3 else Satisfaction.BAD


def _targets_marker(entities: Sequence[Fields]) -> Marker:
    """An article with targets is for all only if one is the root entity and all below it."""
    is_for_all = any(
        row.text("entities_id") == "0" and row.flag("is_recursive") is True for row in entities
    )
    return Marker(
        level="article",
        field="targets",
        value="root entity" if is_for_all else "limited",
        verdict=Verdict.PUBLIC if is_for_all else Verdict.UNKNOWN,
    )
