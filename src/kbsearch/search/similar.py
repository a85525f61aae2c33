"""Parts of looking for similar tickets: which are alike, which are the same story, what to say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from kbsearch.errors import DocumentNotFoundError
from kbsearch.models import Article, Document, Fix, Ticket
from kbsearch.search.cases import Case, is_tried, told_by
from kbsearch.search.fixes import find_fixes
from kbsearch.search.hits import Found
from kbsearch.search.likeness import likenesses
from kbsearch.search.outdated import Outdated, outdated_articles
from kbsearch.search.shelf_reader import ShelfReader
from kbsearch.text import Analyzer

MAX_CASES = 200
"""So many similar tickets at most are read and grouped for what fixed them."""
LIKENESS = 0.6
"""Share of the best likeness from which a ticket is alike; below, it has no answer to offer."""
LIKE_COSINE = 0.4
"""
Least cosine of a ticket that is alike, for all-MiniLM-L6-v2.

Nine in ten pairs of unrelated texts of one IT forum stay below .41, and of the best
matches of its problems one in thirty.
"""
_MAX_STORY = 1000
_IDS_SHOWN = 3


def like_enough(found: Sequence[Found]) -> list[Found]:
    """
    The candidates that are alike enough to learn from, in their order.

    Relative to the best, so that a good match is not drowned in poor ones; and
    absolute, because a best match is found for any text.
    """
    return [one for one, _ in _likest(found) if one.cosine >= LIKE_COSINE]


class KnowsMerges(Protocol):
    """What tells which tickets were merged."""

    def merging(self, document_id: str) -> Iterable[str]:
        """Ids of the tickets that name this one as merged."""
        ...

    def get(self, document_id: str) -> Document | None:
        """A document; None if it does not stand here."""
        ...


def same_story(asked: Ticket, shelves: Iterable[KnowsMerges]) -> tuple[str, ...]:
    """Ids of the ticket and of all that were merged with it, either way, in any number of steps."""
    readers = list(shelves)
    waiting = [asked.id, *asked.merged_ids]
    seen: dict[str, None] = {}
    while waiting and len(seen) < _MAX_STORY:
        document_id = waiting.pop()
        if document_id not in seen:
            seen[document_id] = None
            for reader in readers:
                waiting += sorted(reader.merging(document_id))
                if isinstance(found := reader.get(document_id), Ticket):
                    waiting += found.merged_ids
    return tuple(seen)


def fixes_of(
    found: Sequence[Found],
    shelves: Mapping[str, ShelfReader],
    get: Callable[[str], Document],
    analyzer: Analyzer,
    now: datetime,
) -> tuple[Fix, ...]:
    """
    What fixed the tickets that are alike, the best supported fix first.

    Args:
        found: Tickets, the best first.
        shelves: Those that are open, by name.
        get: Reads a document as this audience may.
        analyzer: Of the shelves.
        now: The moment of the search.
    """
    alike = [(one, likeness) for one, likeness in _likest(found) if one.cosine >= LIKE_COSINE]
    compared = {one: likeness or 1.0 for one, likeness in alike[:MAX_CASES]}
    cases = _one_per_story(_cases(compared, shelves, analyzer))
    linked = sorted({i for case in cases for i in case.ticket.article_ids})
    outdated = _outdated(linked, shelves.values(), get, now) if linked else Outdated()
    return find_fixes(cases, outdated, now)


def nothing_resolved_note(found: Sequence[Found], *, shows_open: bool) -> str | None:
    """What to say if none of the tickets that are most alike is resolved; None if one is."""
    like = [one for one, _ in _likest(found)]
    if not like or any(one.is_resolved for one in like):
        return None
    if shows_open:
        return "No similar ticket has been resolved yet."
    shown = ", ".join(one.document_id for one in like[:_IDS_SHOWN])
    more = f" and {len(like) - _IDS_SHOWN} more" if len(like) > _IDS_SHOWN else ""
    return (
        f"{len(like)} similar {'ticket' if len(like) == 1 else 'tickets'}, none is resolved yet: "
        f"{shown}{more}. Ask with resolved_only=False (--with-open) to see what is open."
    )


def _likest(found: Sequence[Found]) -> list[tuple[Found, float]]:
    """Those near the best in likeness, with it, in their order."""
    each = list(zip(found, likenesses(found), strict=True))
    best = max((likeness for _, likeness in each), default=0.0)
    return [(one, likeness) for one, likeness in each if likeness >= LIKENESS * best]


def _cases(
    found: Mapping[Found, float], shelves: Mapping[str, ShelfReader], analyzer: Analyzer
) -> list[Case]:
    """Of these tickets, with how alike they are, those in which something was tried."""
    made: dict[Found, Case] = {}
    for shelf, reader in shelves.items():
        own = [one for one in found if one.shelf == shelf]
        details = reader.details([one.document_key for one in own])
        tried = {
            key: one
            for key, one in details.items()
            if isinstance(one.document, Ticket) and is_tried(one.document)
        }
        vectors = reader.vectors_of(tried.values())
        for one in own:
            known = tried.get(one.document_key)
            if known is None or not isinstance(known.document, Ticket):
                continue
            told = told_by(known, vectors, analyzer)
            if told is not None:
                made[one] = Case(known.document, shelf, found[one], told)
    return [made[one] for one in found if one in made]


def _one_per_story(cases: Sequence[Case]) -> list[Case]:
    """Of tickets that were merged with each other the one that is most alike: they are one case."""
    story_of: dict[str, set[str]] = {}
    for case in cases:
        own = {case.ticket.id, *case.ticket.merged_ids}
        story = own.union(*(story_of.get(one, ()) for one in own))
        story_of |= dict.fromkeys(story, story)
    kept: list[Case] = []
    told: set[str] = set()
    for case in cases:
        if case.ticket.id not in told:
            kept.append(case)
            told |= story_of[case.ticket.id]
    return kept


def _outdated(
    ids: Sequence[str],
    shelves: Iterable[ShelfReader],
    get: Callable[[str], Document],
    now: datetime,
) -> Outdated:
    linked = []
    for document_id in ids:
        try:
            document = get(document_id)
        except DocumentNotFoundError:  # deleted, or it stands on a shelf that is not open
            continue
        if isinstance(document, Article):
            linked.append(document)
    newer = [article for reader in shelves for article in reader.superseding(ids)]
    return outdated_articles(linked, newer, now)
