"""ServiceNow: incidents with their journal, and knowledge articles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from kbsearch.importers.base import Importer, ImportItem, Option
from kbsearch.importers.building import Imported, TicketDraft, make_article
from kbsearch.importers.fields import Fields
from kbsearch.importers.places import ImportProblem
from kbsearch.importers.reading.source import Group, Source
from kbsearch.importers.shared.languages import language_code
from kbsearch.importers.shared.parts import linked_ids
from kbsearch.importers.shared.people import People
from kbsearch.importers.shared.rows import Row, index_rows, rows_within, spread
from kbsearch.models import ArticleStatus, AuthorRole, Person, TextFormat, TicketStatus
from kbsearch.visibility import Marker, Verdict

_BASES, _CRITERIA, _HARMLESS = "public-knowledge-bases", "public-criteria", "harmless-criteria"

_STATES = {
    **dict.fromkeys(("1", "New"), TicketStatus.NEW),
    **dict.fromkeys(("2", "In Progress"), TicketStatus.OPEN),
    **dict.fromkeys(("3", "On Hold"), TicketStatus.PENDING),
    **dict.fromkeys(("6", "Resolved"), TicketStatus.RESOLVED),
    **dict.fromkeys(("7", "Closed", "8", "Canceled"), TicketStatus.CLOSED),
}
_ELEMENTS = {"comments": Verdict.PUBLIC, "work_notes": Verdict.INTERNAL}
_WORKFLOW = {
    "published": Verdict.PUBLIC,
    **dict.fromkeys(("draft", "review", "retired", "outdated"), Verdict.HIDDEN),
}
_ARTICLE_STATUSES = {
    "published": ArticleStatus.PUBLISHED,
    **dict.fromkeys(("retired", "outdated"), ArticleStatus.ARCHIVED),
}
_LANGUAGES = {"pb": "pt-BR", "fq": "fr-CA", "zt": "zh-TW"}  # ServiceNow's own codes
_STAFFS = Marker(
    level="incident", field="close_notes", value="for agents only", verdict=Verdict.INTERNAL
)
_SYSTEM = "system"  # the user under whose name ServiceNow writes
_SYS_ID = re.compile(r"[0-9a-f]{32}")
_ARTICLE_LINK = re.compile(r"sysparm_article=(KB\d{1,12})")


class _Lookups(NamedTuple):
    """People by sys_id, and the sys_id of published articles by number."""

    users: dict[str, Person]
    articles: dict[str, str]


class ServiceNowImporter(Importer):
    """
    Reads incidents and knowledge articles.

    A value may be a text, or an object of `value` and `display_value`. Nothing in an
    incident says that its description is public, so only comments are. Close notes are
    the staff's. Which knowledge bases and user criteria mean everybody, ServiceNow does
    not say: the options do.
    """

    name = "servicenow"
    title = "ServiceNow"
    reads = "tables incident, sys_journal_field, sys_user, kb_knowledge"
    verified = (
        "journal fields, order of criteria: ServiceNow's documentation and a sample; fields of "
        "incidents and articles, states, codes of languages: general knowledge"
    )
    signs: ClassVar = {
        "incident": frozenset({"sys_id", "number", "short_description"}),
        "sys_journal_field": frozenset({"element_id", "element", "value"}),
        "kb_knowledge": frozenset({"sys_id", "workflow_state", "kb_knowledge_base"}),
    }
    OPTIONS = (
        Option(_BASES, "knowledge bases, by sys_id or title, whose articles customers may read"),
        Option(_CRITERIA, "user criteria, by sys_id or name, that every customer meets"),
        Option(_HARMLESS, "user criteria that may be barred without barring customers"),
    )

    def _read(self, source: Source) -> Iterator[ImportItem]:
        problems: list[ImportProblem] = []
        lookups = _Lookups(
            users=index_rows(_rows(source, "sys_user"), _person, problems=problems, by="sys_id"),
            articles=index_rows(_published(source), _article_key, problems=[], by="number"),
        )
        yield from problems
        journal = source.group("sys_journal_field", by="element_id")
        yield from journal.problems
        yield from self._each(
            _rows(source, "incident", main=True),
            lambda row: self._incident(row, lookups, journal),
        )
        yield from self._each(_rows(source, "kb_knowledge"), self._article)
        yield from journal.unclaimed()

    def _incident(self, row: Fields, lookups: _Lookups, journal: Group) -> Imported:
        number = row.identifier("sys_id", "number")
        entries = [_flat(entry) for entry in journal.of(number)]
        caller = lookups.users.get(row.text("caller_id"))
        caller_name = caller.id if caller is not None else None
        draft = TicketDraft(row.place)
        draft.add(
            row.text("description"),
            author_role=AuthorRole.CUSTOMER,
            markers=(),
            id="description",
            created_at=row.time("opened_at", "sys_created_on"),
        )
        for entry in entries:
            author = entry.text("sys_created_by")
            draft.add(
                entry.text("value"),
                author_role=_role_of(author, caller_name),
                markers=[entry.marker("journal", "element", _ELEMENTS)],
                id=entry.text("sys_id") or None,
                created_at=entry.time("sys_created_on"),
            )
        resolution = draft.resolution(
            row.text("close_notes") or row.text("close_code"),
            markers=[_STAFFS],
        )
        texts = (entry.text("value") for entry in entries)
        linked = (lookups.articles.get(name, name) for name in linked_ids(_ARTICLE_LINK, texts))
        shown = (_shown(row, name) for name in ("category", "subcategory", "close_code"))
        return draft.build(
            id=self.ticket_id(number),
            subject=row.text("short_description"),
            status=_STATES.get(row.text("state", "incident_state"), TicketStatus.OPEN),
            resolution=resolution,
            product=_shown(row, "cmdb_ci") or _shown(row, "business_service") or None,
            tags=tuple(dict.fromkeys(name for name in shown if name)),
            article_ids=tuple(self.article_id(name) for name in linked),
            n_reopenings=row.number("reopen_count"),
            people=_people(row, entries, lookups),
            created_at=row.time("opened_at", "sys_created_on"),
            updated_at=row.time("sys_updated_on"),
            resolved_at=row.time("resolved_at", "closed_at"),
            **self._links(row),
        )

    def _links(self, row: Fields) -> dict[str, tuple[str, ...]]:
        """The problem, and the parent: the original, if it was closed as a duplicate."""
        links: dict[str, tuple[str, ...]] = {}
        if problem := row.text("problem_id"):
            links["problem_ids"] = (self.ticket_id(problem),)
        if parent := row.text("parent_incident"):
            is_duplicate = "duplicate" in row.text("close_code").casefold()
            links["duplicate_ids" if is_duplicate else "related_ids"] = (self.ticket_id(parent),)
        return links

    def _article(self, row: Fields) -> Imported:
        code = row.text("language")
        category = _shown(row, "kb_category")
        return make_article(
            row.place,
            markers=self._markers(row),
            id=self.article_id(_article_key(row)),
            title=row.text("short_description"),
            body=row.text("text"),
            format=TextFormat.HTML,
            status=_ARTICLE_STATUSES.get(row.text("workflow_state"), ArticleStatus.DRAFT),
            language=_LANGUAGES.get(code) or language_code(code),
            tags=(category,) if category else (),
            valid_until=row.time("valid_to"),
            created_at=row.time("published", "sys_created_on"),
            updated_at=row.time("sys_updated_on"),
        )

    def _markers(self, row: Fields) -> Iterator[Marker]:
        """Of an article: its state, its base and every criterion, those that bar included."""
        yield row.marker("article", "workflow_state", _WORKFLOW)
        if "active" in row:
            hides = {"true": Verdict.PUBLIC, "false": Verdict.HIDDEN}
            yield row.marker("article", "active", hides)
        yield self._mapped("knowledge base", row, "kb_knowledge_base", _BASES)
        for field, option in (
            ("can_read_user_criteria", _CRITERIA),
            ("cannot_read_user_criteria", _HARMLESS),
        ):
            if row.values.get(field) != "":  # a list that is empty bars nobody; a missing one might
                yield self._mapped("article", row, field, option)

    def _mapped(self, level: str, row: Fields, field: str, option: str) -> Marker:
        """A field whose every value an option has to name, as it is or as it is shown."""
        named = {name.strip() for name in self.options[option].split(",")} - {""}
        values, shown = row.texts(field), row.texts(f"dv_{field}")
        is_mapped = any(names and named.issuperset(names) for names in (values, shown))
        return Marker(
            level=level,
            field=field,
            value=", ".join(shown or values)[:80] or "missing",
            verdict=Verdict.PUBLIC if is_mapped else Verdict.UNKNOWN,
        )


def _rows(source: Source, table: str, *, main: bool = False) -> Iterator[Row]:
    """The rows of a table, also of a whole answer of the Table API, with plain values."""
    return spread(source.table(table, main=main), _unwrapped)


def _unwrapped(row: Fields) -> Iterator[Row]:
    wrapper = next((name for name in ("result", "records") if name in row), None)
    for each in (row,) if wrapper is None else rows_within(row, wrapper):
        yield _flat(each) if isinstance(each, Fields) else each


def _published(source: Source) -> Iterator[Row]:
    for row in _rows(source, "kb_knowledge"):
        if isinstance(row, Fields) and row.values.get("workflow_state") == "published":
            yield row


def _article_key(row: Fields) -> str:
    return row.identifier("sys_id", "number")


def _flat(row: Fields) -> Fields:
    """A row with plain values; what is shown for `x` is `dv_x`, as in ServiceNow's own exports."""
    values: dict[str, Any] = {}
    for name, value in row.values.items():
        if isinstance(value, Mapping) and ("value" in value or "display_value" in value):
            values[name] = value.get("value", value.get("display_value"))
            values.setdefault(f"dv_{name}", value.get("display_value"))
        else:
            values[name] = value
    return Fields(row.place, values)


def _shown(row: Fields, name: str) -> str:
    """What is shown for a field; a bare sys_id tells nobody anything."""
    text = (row.text(f"dv_{name}") or row.text(name)).strip()
    return "" if _SYS_ID.fullmatch(text) else text


def _role_of(author: str, caller_name: str | None) -> AuthorRole:
    if author == _SYSTEM:
        return AuthorRole.SYSTEM
    return AuthorRole.CUSTOMER if author and author == caller_name else AuthorRole.AGENT


def _person(user: Fields) -> Person:
    return Person(
        id=user.text("user_name") or None,
        name=user.text("name") or None,
        email=user.text("email") or None,
        phone=user.text("phone", "mobile_phone") or None,
    )


def _people(row: Fields, entries: Sequence[Fields], lookups: _Lookups) -> tuple[Person, ...]:
    people = People()
    for name in ("caller_id", "opened_by", "assigned_to"):
        people.add_person(lookups.users.get(row.text(name)))
        people.add(name=_shown(row, name))
    for entry in entries:
        author = entry.text("sys_created_by")
        people.add(id=author if author != _SYSTEM else "")
    return people.found
