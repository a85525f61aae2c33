"""What fixed similar tickets: grouped by what was done, ranked by how well it has worked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32
from kbsearch.models import Fix
from kbsearch.rank import average_linkage, success_lower_bound
from kbsearch.search.cases import Case, Told
from kbsearch.search.outdated import Outdated, superseded_by_newer

SAME_FIX = 0.38
"""Two groups of resolutions whose average likeness reaches this say the same."""
WORDS_COUNT = 0.35
"""Share of the words in the likeness of two resolutions, the rest is the vectors'."""
SHARPNESS = 4
"""A case counts as its score, relative to the best, to this power."""
_CENTRAL, _COMPLETE = 0.5, 0.1
_MONTH, _YEAR = 30, 365
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class _Record(NamedTuple):
    n_tried: int
    n_worked: int | None
    n_reopened: int | None
    last_at: datetime | None
    superseded_by: str | None
    is_expired: bool


class _Group(NamedTuple):
    cases: tuple[Case, ...]
    evidence: float
    best: Case


def find_fixes(cases: Sequence[Case], articles: Outdated, now: datetime) -> tuple[Fix, ...]:
    """
    The fixes that similar tickets tell of, the best supported first.

    Cases whose resolutions say the same, or link the same article, are one fix.
    It is ranked by its evidence: the lower bound of the share of its cases in which
    it worked, each case weighted by how alike it is. Evidence that differs by less
    than a hundredth is ordered by the last case, newest first. What is superseded
    or expired comes after everything else.

    Args:
        cases: Best first, a story that was told in several merged tickets once.
        articles: What is known of the articles that they link.
        now: Says how long ago a fix worked.
    """
    if not cases:
        return ()
    likeness = _likeness([case.told for case in cases])
    best_score = max(case.score for case in cases)
    groups = [
        _group([cases[n] for n in members], likeness[np.ix_(members, members)], best_score)
        for members in average_linkage(
            likeness, threshold=SAME_FIX, together=_linking_the_same(cases)
        )
    ]
    newer = superseded_by_newer([group.cases for group in groups])
    fixes = [_fix(group, articles, newer.get(n), now) for n, group in enumerate(groups)]
    return tuple(sorted(fixes, key=_order))


def evidence_of(cases: Iterable[Case], best_score: float) -> float:
    """
    How well a fix is shown to work, in [0, 1); higher is better.

    Wilson's lower bound on weighted counts: a case weighs (score / best score) to
    the power of `SHARPNESS`, so that two half-alike cases do not outvote the one
    that is the same. Of public faces it is known only that they are resolved; they
    count as worked.
    """
    tried = worked = 0.0
    for case in cases:
        weight = (case.score / best_score) ** SHARPNESS
        tried += weight
        worked += weight if case.has_worked is not False else 0.0
    return success_lower_bound(worked, tried)


def _likeness(told: Sequence[Told]) -> Float32:
    """How alike each two resolutions are, (n, n): cosine of their vectors, and words in common."""
    vectors = np.stack([one.vector for one in told])
    cosines: Float32 = vectors @ vectors.T
    words = np.zeros_like(cosines)
    for (row, first), (column, second) in combinations(enumerate(told), 2):
        n_common = len(first.terms & second.terms)
        if n_common:
            value = n_common / (len(first.terms) * len(second.terms)) ** 0.5
            words[row, column] = words[column, row] = value
    return np.float32(1 - WORDS_COUNT) * cosines + np.float32(WORDS_COUNT) * words


def _linking_the_same(cases: Sequence[Case]) -> Iterator[tuple[int, int]]:
    """Pairs of cases that link the same article, or tell the same words."""
    first_with: dict[str, int] = {}
    for number, case in enumerate(cases):
        words = " ".join(case.told.text.casefold().split())
        for key in (*case.ticket.article_ids, f"words {words}"):
            yield first_with.setdefault(key, number), number


def _group(cases: Sequence[Case], likeness: Float32, best_score: float) -> _Group:
    evidence = evidence_of(cases, best_score)
    return _Group(tuple(cases), evidence, cases[_best_told(cases, likeness)])


def _best_told(cases: Sequence[Case], likeness: Float32) -> int:
    """
    Which case tells the fix best: alike, central, complete, and of equals the newest.

    One in which it worked, if there is any. Complete is what holds the words that
    at least half of the cases use.
    """
    n = len(cases)
    central = (likeness.sum(axis=1) - likeness.diagonal()) / max(1, n - 1)
    terms = [case.told.terms for case in cases]
    shared = {t for own in terms for t in own if 2 * sum(t in other for other in terms) >= n}
    best_score = max(case.score for case in cases)

    def worth(row: int) -> tuple[bool, float, datetime, float]:
        case = cases[row]
        complete = len(shared & terms[row]) / max(1, len(shared))
        told = case.score / best_score + _CENTRAL * float(central[row]) + _COMPLETE * complete
        return (
            case.has_worked is not False,
            round(told, 2),
            case.last_at or _LONG_AGO,
            -row,
        )

    return max(range(n), key=worth)


def _fix(group: _Group, articles: Outdated, newer: str | None, now: datetime) -> Fix:
    cases, best = group.cases, group.best
    replacing, is_expired = articles.standing_of(best.ticket.article_ids)
    known = [case for case in cases if case.has_worked is not None]
    worked = [case for case in cases if case.has_worked is not False]
    record = _Record(
        n_tried=len(cases),
        n_worked=sum(case.has_worked is True for case in known) if known else None,
        n_reopened=sum(case.was_reopened for case in known) if known else None,
        last_at=max((case.last_at for case in worked if case.last_at), default=None),
        superseded_by=replacing or newer,
        is_expired=is_expired,
    )
    return Fix(
        text=best.told.text,
        public=best.told.public,
        shelf=best.shelf,
        ticket_id=best.ticket.id,
        message_id=best.told.message_id,
        article_ids=tuple(dict.fromkeys(i for case in cases for i in case.ticket.article_ids)),
        ticket_ids=tuple(case.ticket.id for case in cases),
        evidence=group.evidence,
        summary=_summary(record, now),
        **record._asdict(),
    )


def _summary(record: _Record, now: datetime) -> str:
    """The record in a line: only what is known is said."""
    if record.n_worked is None:
        parts = [f"told in {record.n_tried} resolved {_tickets(record.n_tried)}"]
    else:
        parts = [f"worked in {record.n_worked} of {record.n_tried} {_tickets(record.n_tried)}"]
    if record.last_at is not None:
        parts.append(f"last {_ago(now - record.last_at)}")
    if record.n_reopened:
        parts.append(f"reopened {_TIMES.get(record.n_reopened, f'{record.n_reopened} times')}")
    if record.superseded_by is not None:
        parts.append(f"superseded by {record.superseded_by}")
    if record.is_expired:
        parts.append("its article has expired")
    return ", ".join(parts)


_TIMES = {1: "once", 2: "twice"}


def _tickets(n: int) -> str:
    return "ticket" if n == 1 else "tickets"


def _ago(age: timedelta) -> str:
    days = max(0, age.days)
    if days < 2 * _MONTH:
        return ("today", "yesterday")[days] if days < 2 else f"{days} days ago"
    if days < 2 * _YEAR:
        return f"{days // _MONTH} months ago"
    return f"{days // _YEAR} years ago"


def _order(fix: Fix) -> tuple[bool, float, float, str]:
    last = fix.last_at or _LONG_AGO
    is_outdated = fix.superseded_by is not None or fix.is_expired
    return is_outdated, -round(fix.evidence, 2), -last.timestamp(), fix.ticket_id
