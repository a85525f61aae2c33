"""Tickets and articles from a table of one's own: CSV, TSV, JSON, JSON lines, Parquet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from kbsearch.errors import ConfigError
from kbsearch.importers.base import Importer, ImportItem, Option
from kbsearch.importers.building import Imported, TicketDraft, make_article
from kbsearch.importers.fields import Fields
from kbsearch.importers.files.mapped_tables import MappedTable
from kbsearch.importers.files.table_mapping import (
    AUDIENCES,
    FLAGS,
    MESSAGE_FIELDS,
    ROW_FIELDS,
    FieldMapping,
    TableMapping,
    read_mapping,
)
from kbsearch.importers.places import RecordError
from kbsearch.importers.reading.source import Group, Source
from kbsearch.importers.shared.languages import language_code
from kbsearch.importers.shared.people import People
from kbsearch.importers.shared.rows import Row
from kbsearch.models import (
    ArticleStatus,
    AuthorRole,
    Confidence,
    Satisfaction,
    TextFormat,
    TicketStatus,
)
from kbsearch.visibility import Verdict

_N_LOOKED_AT = 1_000
_FORMATS = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".sql")
_TABLES = ("documents", "articles", "tickets")
_ARTICLE_STATUSES = {
    "published": Verdict.PUBLIC,
    "draft": Verdict.HIDDEN,
    "archived": Verdict.HIDDEN,
}
_DAY = re.compile(r"[12]\d{3}[01]\d[0-3]\d")


class _Replies(NamedTuple):
    """How messages are read, and those that have a table of their own."""

    table: MappedTable
    group: Group | None


class TableImporter(Importer):
    """
    Tickets and articles from a person's own table.

    Columns with the names of kbsearch's fields are taken as they are; for others a
    mapping file says which is which, and what their values mean. An article is for
    customers if `audience` says "external", a message is public if `public` says
    "true", a ticket is published if `published` says "true"; whatever else stands
    there, and nothing at all, is internal.
    """

    name = "table"
    title = "A table of your own (CSV, TSV, JSON, JSON lines, Parquet)"
    reads = "one table, or the one that the mapping names; messages in it or in a table beside it"
    verified = "kbsearch's own field names; the mapping says what the columns mean"
    OPTIONS = (
        Option("mapping", "a TOML, YAML or JSON file: [columns], [constants], [values.FIELD]"),
    )

    def __init__(
        self, options: Mapping[str, str] | None = None, *, encoding: str = "utf-8"
    ) -> None:
        super().__init__(options, encoding=encoding)
        path = self.options["mapping"]
        self._mapping = read_mapping(Path(path)) if path else TableMapping()

    def _read(self, source: Source) -> Iterator[ImportItem]:
        mapping = self._mapping
        names = (_without_format(mapping.table),) if mapping.table else _TABLES
        rows = source.table(*names, main=not mapping.table)
        first = list(islice(rows, _N_LOOKED_AT))
        if not first:
            raise _no_rows(source, names)
        table = MappedTable(mapping.rows, ROW_FIELDS, _readable(first))
        table.require("id")
        replies = self._replies(source)
        yield from self._each(chain(first, rows), partial(self._document, table, replies))
        if replies.group is not None:
            yield from replies.group.problems
            yield from replies.group.unclaimed()

    def _replies(self, source: Source) -> _Replies:
        mapping = self._mapping
        name, parent = _without_format(mapping.message_table), mapping.message_parent
        if not name:
            return _Replies(MappedTable(mapping.messages, MESSAGE_FIELDS, ()), None)
        first = list(islice(source.table(name), _N_LOOKED_AT))
        if not first:
            raise _no_rows(source, (name,))
        table = MappedTable(mapping.messages, MESSAGE_FIELDS, _readable(first))
        MappedTable(FieldMapping(columns={"parent": parent}), {"parent"}, _readable(first))
        return _Replies(table, source.group(name, by=parent))

    def _document(self, table: MappedTable, replies: _Replies, row: Fields) -> Imported:
        fields = table.row(row)
        kind = fields.text("kind") or "ticket"
        if kind == "article":
            return self._article(table, row, fields)
        if kind != "ticket":
            raise RecordError(row.place, "its kind is neither 'article' nor 'ticket'")
        return self._ticket(table, replies, row, fields)

    def _article(self, table: MappedTable, row: Fields, fields: Fields) -> Imported:
        markers = [table.marker(row, "audience", AUDIENCES)]
        markers += table.given_marker(row, "public", FLAGS)
        markers += table.given_marker(row, "published", FLAGS)
        markers += table.given_marker(row, "status", _ARTICLE_STATUSES)
        status = fields.text("status") or ArticleStatus.PUBLISHED
        confidence = fields.text("confidence")
        return make_article(
            row.place,
            markers=markers,
            id=self.article_id(fields.identifier("id")),
            title=fields.text("title", "subject"),
            body=fields.text("body"),
            format=_format(fields),
            status=status if status in _ARTICLE_STATUSES else ArticleStatus.DRAFT,
            confidence=confidence if confidence in list(Confidence) else Confidence.NOT_VALIDATED,
            product=fields.text("product") or None,
            tags=fields.texts("tags"),
            language=language_code(fields.text("language")),
            valid_from=_time(fields, "valid_from"),
            valid_until=_time(fields, "valid_until"),
            supersedes=tuple(map(self.article_id, _links(fields, "supersedes"))),
            twin_id=next(map(self.article_id, _links(fields, "twin")), None),
            n_helpful=fields.number("n_helpful"),
            n_unhelpful=fields.number("n_unhelpful"),
            created_at=_time(fields, "created_at"),
            updated_at=_time(fields, "updated_at"),
        )

    def _ticket(
        self, table: MappedTable, replies: _Replies, row: Fields, fields: Fields
    ) -> Imported:
        external_id = fields.identifier("id")
        above = table.given_marker(row, "audience", AUDIENCES)
        published = table.marker(row, "published", FLAGS)
        draft = TicketDraft(row.place, markers=above, publication=(*above, published))
        people = People()
        _add_person(people, fields, "requester")
        draft.add(
            fields.text("body"),
            author_role=AuthorRole.CUSTOMER,
            markers=[table.marker(row, "public", FLAGS)],
            format=_format(fields),
            created_at=_time(fields, "created_at"),
            attachments=fields.texts("attachments"),
        )
        of_its_own = replies.group.of(external_id) if replies.group is not None else []
        for message in (*_messages_within(fields), *of_its_own):
            _add_message(draft, people, replies.table, message)
        _add_person(people, fields, "assignee")
        status, satisfaction = fields.text("status"), fields.text("satisfaction")
        related = (*_links(fields, "parent"), *_links(fields, "related"))
        return draft.build(
            id=self.ticket_id(external_id),
            subject=fields.text("title", "subject"),
            public_subject=fields.text("public_title") or None,
            status=status if status in list(TicketStatus) else TicketStatus.OPEN,
            resolution=draft.resolution(
                fields.text("resolution"),
                markers=[table.marker(row, "resolution_public", FLAGS)],
                format=_format(fields),
            ),
            product=fields.text("product") or None,
            tags=fields.texts("tags"),
            language=language_code(fields.text("language")),
            article_ids=tuple(map(self.article_id, _links(fields, "kb_links"))),
            duplicate_ids=tuple(map(self.ticket_id, _links(fields, "duplicate_of"))),
            merged_ids=tuple(map(self.ticket_id, _links(fields, "merged_with"))),
            problem_ids=tuple(map(self.ticket_id, _links(fields, "problem"))),
            followup_ids=tuple(map(self.ticket_id, _links(fields, "followups"))),
            related_ids=tuple(dict.fromkeys(map(self.ticket_id, related))),
            satisfaction=satisfaction if satisfaction in list(Satisfaction) else None,
            n_reopenings=fields.number("n_reopenings"),
            people=people.found,
            created_at=_time(fields, "created_at"),
            updated_at=_time(fields, "updated_at"),
            resolved_at=_time(fields, "closed_at"),
        )


def _messages_within(fields: Fields) -> Iterator[Fields]:
    """The messages in a row: a list of records, also as JSON in one cell."""
    value = fields.raw("messages")
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise RecordError(fields.place, "'messages' is text, but not JSON") from None
    yield from Fields(fields.place, {"messages": value}).children("messages")


def _add_message(draft: TicketDraft, people: People, table: MappedTable, row: Fields) -> None:
    fields = table.row(row)
    role = fields.text("author_role")
    draft.add(
        fields.text("body"),
        author_role=AuthorRole(role) if role in list(AuthorRole) else AuthorRole.CUSTOMER,
        markers=[table.marker(row, "public", FLAGS, level="message")],
        id=fields.text("id") or None,
        format=_format(fields),
        created_at=_time(fields, "created_at"),
        attachments=fields.texts("attachments"),
    )
    _add_person(people, fields, "author")


def _add_person(people: People, fields: Fields, name: str) -> None:
    """Somebody named by an id, a name, an address, or both."""
    written = fields.text(name)
    if written.isdecimal():
        people.add(id=written)
    else:
        people.add_addresses(written)


def _format(fields: Fields) -> TextFormat:
    written = fields.text("format")
    return TextFormat(written) if written in list(TextFormat) else TextFormat.PLAIN


def _links(fields: Fields, name: str) -> tuple[str, ...]:
    """Ids: a list, several parted by commas, or a single number."""
    is_number = isinstance(fields.raw(name), int)
    return (fields.text(name),) if is_number else fields.texts(name)


def _time(fields: Fields, name: str) -> datetime | None:
    """As `Fields.time`; but eight digits are a day, and not a moment in 1970."""
    written = fields.text(name).strip() if name in fields else ""
    if _DAY.fullmatch(written):
        day = f"{written[:4]}-{written[4:6]}-{written[6:]}"
        return Fields(fields.place, {name: day}).time(name)
    return fields.time(name)


def _without_format(table: str) -> str:
    """A table's name, where a file was named."""
    path = PurePosixPath(table)
    return path.stem if path.suffix.lower() in _FORMATS else table


def _readable(rows: Iterable[Row]) -> list[Fields]:
    return [row for row in rows if isinstance(row, Fields)]


def _no_rows(source: Source, names: Sequence[str]) -> ConfigError:
    tables = ", ".join(sorted(source.outline())[:40]) or "none"
    return ConfigError(
        f"No rows were found in a table called {' or '.join(names)}. The export has the tables "
        f'{tables}. Name the one that you mean in the mapping: table = "…".'
    )
