"""Which documents of a shelf hold what a query names exactly, and where a hit holds it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kbsearch.arrays import Bool, Int64
from kbsearch.lexical import ExactIndex
from kbsearch.models import Document, ExactMatch
from kbsearch.rank import Holding
from kbsearch.text import Asked, CleanDocument, IdentifierKind, Named, named_in

MOST_HOLDERS = 10
"""An identifier names documents if a page of hits has room for all that hold it."""

_DOCUMENT_ID = "document_id"
_SHOWN_KINDS = {IdentifierKind.SKU: "model", IdentifierKind.UUID: "UUID"}
_MATCHES_SHOWN = 3
_CHARACTERS_SHOWN = 60

Holdings = dict[int, tuple[Holding, ...]]
"""By row, what a document holds of the query."""


def rare_holders(
    asked: Iterable[Asked], parts: Sequence[tuple[ExactIndex, Bool]]
) -> list[Holdings]:
    """
    What documents of one shelf hold of a query, of that which is rare there.

    Args:
        asked: Identifiers of the query.
        parts: Indexes of the shelf, each with which of its rows stand (n_rows,).

    Returns:
        The holdings in each part. Nothing of an identifier that more than ten
        documents hold: it describes them, as the product that all are about.
    """
    found: list[defaultdict[int, list[Holding]]] = [defaultdict(list) for _ in parts]
    for one in asked:
        own = [_rows(index, one.own, is_live) for index, is_live in parts]
        mentioning = [_rows(index, one.key, is_live) for index, is_live in parts]
        is_own = [dict.fromkeys(o, True) for o in own]
        held = [dict.fromkeys(m, False) | o for m, o in zip(mentioning, is_own, strict=True)]
        if sum(map(len, held)) <= MOST_HOLDERS:
            for holdings, rows in zip(found, held, strict=True):
                for row, is_its_own in rows.items():
                    holdings[row].append(Holding(one.name, is_its_own))
    return [{row: tuple(held) for row, held in holdings.items()} for holdings in found]


def _rows(index: ExactIndex, key: str, is_live: Bool) -> list[int]:
    if not key:
        return []
    rows: Int64 = index.rows(key)
    live: list[int] = rows[is_live[rows]].tolist()
    return live


class Places(NamedTuple):
    """Identifiers that a hit holds, and where they stand in its title and in its text."""

    matches: tuple[ExactMatch, ...]
    in_title: list[Named]
    in_text: list[Named]

    def within(self, start: int, end: int) -> list[Named]:
        """Those that begin in a part of the text, with offsets in that part."""
        return [
            one._replace(start=one.start - start, end=min(one.end, end) - start)
            for one in self.in_text
            if start <= one.start < end
        ]


NO_PLACES = Places((), [], [])


def places_of(holdings: Sequence[Holding], document: Document, cleaned: CleanDocument) -> Places:
    """Where a document holds what it is said to hold; its texts are read for that."""
    if not holdings:
        return NO_PLACES
    names = {holding.name for holding in holdings}
    in_title, in_text = _named(names, cleaned.title), _named(names, cleaned.text)
    spelled: dict[str, ExactMatch] = {}
    places = [(cleaned.title, in_title), (cleaned.text, in_text)]
    fields = (document.product or "", *document.tags)
    places += [(field, _named(names, field)) for field in fields]
    for text, named in places:
        for one in named:
            shown = ExactMatch(kind=one.kind.value, text=text[one.start : one.end])
            spelled.setdefault(one.key, shown)
    return Places(tuple(_matches(holdings, document.id, spelled)), in_title, in_text)


def _named(names: set[str], text: str) -> list[Named]:
    """The longest of those that begin at one place."""
    found = {one.start: one for one in reversed(named_in(text)) if one.key in names}
    return [found[start] for start in sorted(found)]


def _matches(
    holdings: Sequence[Holding], document_id: str, spelled: Mapping[str, ExactMatch]
) -> Iterator[ExactMatch]:
    if any(holding.is_own for holding in holdings):
        yield ExactMatch(kind=_DOCUMENT_ID, text=document_id)
    for holding in holdings:
        if holding.name in spelled:
            yield spelled[holding.name]


def told(matches: Sequence[ExactMatch]) -> str:
    """The matches as a reason: "holds error code 1603"; empty for none."""
    held = [match for match in matches if match.kind != _DOCUMENT_ID]
    parts = ["has the id asked for"] if len(held) < len(matches) else []
    if held:
        shown = ", ".join(
            f"{_kind(one.kind)} {_clipped(one.text)}" for one in held[:_MATCHES_SHOWN]
        )
        more = len(held) - _MATCHES_SHOWN
        parts.append(f"holds {shown}" + (f" and {more} more" if more > 0 else ""))
    return "; ".join(parts)


def _kind(kind: str) -> str:
    return _SHOWN_KINDS.get(IdentifierKind(kind), kind.replace("_", " "))


def _clipped(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _CHARACTERS_SHOWN else line[: _CHARACTERS_SHOWN - 1] + "…"
