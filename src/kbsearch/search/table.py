"""Which documents a filter lets through, exactly, for any number of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

import numpy as np

from kbsearch.arrays import Bool, Int64
from kbsearch.locks import taking_turns
from kbsearch.models import ArticleStatus, Filters, Kind
from kbsearch.rank import Circumstances
from kbsearch.store import Attributes, to_us

_Value = TypeVar("_Value")
_NEVER_US = np.iinfo(np.int64).max
_UNKNOWN_US = np.iinfo(np.int64).min
_US_PER_DAY = 86_400_000_000
_HIDDEN_STATUSES = (ArticleStatus.DRAFT.value, ArticleStatus.ARCHIVED.value)


class DocumentTable:
    """
    The attributes of documents by row, in columns.

    Args:
        attributes: One per document, in row order; None where a row has gone.

    Attributes:
        ids: Document id by row, empty where a row has gone.
        is_resolved: By row, (len(self),); False for articles.
    """

    def __init__(self, attributes: Sequence[Attributes | None]) -> None:
        self._size = len(attributes)

        def each(of: Callable[[Attributes], _Value], missing: _Value) -> Iterator[_Value]:
            return (missing if row is None else of(row) for row in taking_turns(attributes))

        self.ids = list(each(lambda row: row.document_id, ""))
        self._exists = np.array([row is not None for row in attributes], dtype=np.bool_)
        self._columns: dict[str, dict[str, Int64]] = {
            "kind": _rows_by_value(each(lambda row: row.kind, None)),
            "product": _rows_by_value(each(lambda row: row.product, None)),
            "language": _rows_by_value(each(lambda row: row.language, None)),
            "status": _rows_by_value(each(lambda row: row.status, None)),
        }
        self._row_of = {i: row for row, i in enumerate(taking_turns(self.ids)) if i}
        self._tags = _rows_by_member(each(lambda row: row.tags, ()))
        self._merging = _rows_by_member(each(lambda row: row.merged_ids, ()))
        self.is_resolved = np.fromiter(each(lambda row: row.is_resolved, False), dtype=np.bool_)
        is_article = each(lambda row: row.kind == Kind.ARTICLE.value, False)
        self._is_article = np.fromiter(is_article, dtype=np.bool_)
        has_bad_outcome = each(lambda row: row.has_bad_outcome, False)
        self._has_bad_outcome = np.fromiter(has_bad_outcome, dtype=np.bool_)
        self._created_us = _times(each(lambda row: row.created_us, None), _UNKNOWN_US)
        self._valid_from_us = _times(each(lambda row: row.valid_from_us, None), _UNKNOWN_US)
        self._valid_until_us = _times(each(lambda row: row.valid_until_us, None), _NEVER_US)

    def __len__(self) -> int:
        return self._size

    def mask(self, filters: Filters, *, now_us: int, only_valid: bool) -> Bool:
        """
        True for every row that a search with these filters may return, (len(self),).

        Args:
            filters: The caller's; without a status, drafts and archived articles are hidden.
            now_us: Microseconds since 1970 UTC.
            only_valid: Hide documents before their `valid_from` and from their `valid_until` on.
        """
        kept = self._exists.copy()
        if only_valid:
            kept &= self._is_valid(now_us)
        if filters.status:
            kept &= self._any_of("status", filters.status)
        else:
            kept &= ~self._any_of("status", _HIDDEN_STATUSES)
        if filters.kind is not None:
            kept &= self._any_of("kind", (filters.kind.value,))
        if filters.product:
            kept &= self._any_of("product", filters.product)
        if filters.language:
            kept &= self._any_of("language", self._languages(filters.language))
        for tag in filters.tags:
            kept &= self._rows_to_mask([self._tags.get(tag)])
        if filters.resolved is not None:
            kept &= self._any_of("kind", (Kind.TICKET.value,))
            kept &= self.is_resolved == filters.resolved
        if (start := to_us(filters.created_from)) is not None:
            kept &= self._created_us >= start
        if (end := to_us(filters.created_before)) is not None:
            kept &= (self._created_us < end) & (self._created_us != _UNKNOWN_US)
        if filters.exclude_ids:
            kept[[row for i in filters.exclude_ids if (row := self.row_of(i)) is not None]] = False
            kept &= ~self._rows_to_mask([self._merging.get(i) for i in filters.exclude_ids])
        return kept

    def circumstances(self, rows: Int64, *, now_us: int, spoken: str | None) -> Circumstances:
        """
        What the ranking's prior looks at.

        Args:
            rows: (n,).
            now_us: Microseconds since 1970 UTC.
            spoken: Language of the query, if it is known.
        """
        created = self._created_us[rows]
        age = np.where(created == _UNKNOWN_US, np.nan, (now_us - created) / _US_PER_DAY)
        return Circumstances(
            is_open_ticket=~(self._is_article | self.is_resolved)[rows],
            has_bad_outcome=self._has_bad_outcome[rows],
            is_out_of_date=(self._is_article & ~self._is_valid(now_us))[rows],
            speaks_other=self._speaks_other(spoken)[rows],
            age_days=age.astype(np.float32),
        )

    def languages(self, is_live: Bool) -> Counter[str | None]:
        """Number of rows of a mask (len(self),) by language, None for an unknown one."""
        found: Counter[str | None] = Counter()
        for code, rows in self._columns["language"].items():
            found[code] = int(is_live[rows].sum())
        found[None] = int(is_live.sum()) - found.total()
        return +found

    def row_of(self, document_id: str) -> int | None:
        """Where a document stands, or stood; None if it never did."""
        return self._row_of.get(document_id)

    def merging(self, document_id: str) -> list[int]:
        """Rows of the tickets that name this one as merged, ascending."""
        rows = self._merging.get(document_id)
        return [] if rows is None else rows.tolist()

    def is_article(self, row: int) -> bool:
        """Whether the row's document is an article."""
        return bool(self._is_article[row])

    def _is_valid(self, now_us: int) -> Bool:
        found: Bool = (self._valid_from_us <= now_us) & (now_us < self._valid_until_us)
        return found

    def _speaks_other(self, spoken: str | None) -> Bool:
        if spoken is None:
            return np.zeros(self._size, dtype=np.bool_)
        known = self._columns["language"]
        return self._any_of("language", [t for t in known if t.partition("-")[0] != spoken])

    def _any_of(self, column: str, values: Sequence[str]) -> Bool:
        return self._rows_to_mask([self._columns[column].get(value) for value in values])

    def _languages(self, wanted: Sequence[str]) -> list[str]:
        """Wanted tags and the more special ones: `pt` also means `pt-BR`."""
        known = self._columns["language"]
        return [tag for tag in known for w in wanted if tag == w or tag.startswith(f"{w}-")]

    def _rows_to_mask(self, parts: Sequence[Int64 | None]) -> Bool:
        mask = np.zeros(self._size, dtype=np.bool_)
        for rows in parts:
            if rows is not None:
                mask[rows] = True
        return mask


class GrowingTable:
    """
    A table that is cheap to add rows to. Never changed: `with_rows` makes the next one.

    Of parts that get ever smaller: two are made one when the later has become
    as large as the earlier, so a row is moved once for each doubling.
    """

    def __init__(self, parts: Sequence[tuple[Sequence[Attributes], DocumentTable]] = ()) -> None:
        self._parts = tuple(parts)

    def with_rows(self, attributes: Sequence[Attributes]) -> GrowingTable:
        """This table and these rows after it."""
        rows, kept = attributes, list(self._parts)
        while kept and len(kept[-1][0]) <= len(rows):
            rows = [*kept.pop()[0], *rows]
        return GrowingTable([*kept, (rows, DocumentTable(rows))])

    def mask(self, filters: Filters, *, now_us: int, only_valid: bool) -> Bool:
        """As `DocumentTable.mask`."""
        masks = [
            table.mask(filters, now_us=now_us, only_valid=only_valid) for _, table in self._parts
        ]
        return np.concatenate([np.zeros(0, dtype=np.bool_), *masks])


def _rows_by_value(values: Iterable[str | None]) -> dict[str, Int64]:
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for row, value in enumerate(values):
        if value is not None:
            rows[value].append(row)
    return {value: np.array(found, dtype=np.int64) for value, found in rows.items()}


def _rows_by_member(members: Iterable[Sequence[str]]) -> dict[str, Int64]:
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for row, values in enumerate(members):
        for value in values:
            rows[value].append(row)
    return {value: np.array(found, dtype=np.int64) for value, found in rows.items()}


def _times(values: Iterable[int | None], missing: int) -> Int64:
    return np.fromiter((missing if v is None else v for v in values), dtype=np.int64)
