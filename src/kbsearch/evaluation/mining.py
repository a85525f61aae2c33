"""
Labels that a desk's history holds: what its people have linked when they closed tickets.

Each label reads: whoever asks what this ticket asks is helped by that document.

- `duplicate_ids`: the others of the group, each way, also over several links: a group
  tells of one problem, whichever of them was called the duplicate.
- `merged_ids`: likewise. Of the past they are asked like duplicates, as a merge came when
  both tickets were there. Of today `Searcher.similar` leaves merged tickets out: measure
  these by `Searcher.rank`, or leave them out with `LabelSet.of_sources`; a replay does.
- `problem_ids`: the problem answers its incident. The problem is not asked: an incident
  does not say how it was solved.
- `followup_ids`: the earlier ticket answers the one that was opened after it.
- `article_ids`: the article answers the ticket.

`related_ids` make no labels: trackers say "relates to" of causes, of parts and of what
was found at the same time, and an answer is none of them.

A resolution that somebody has confirmed makes a label worth 2 instead of 1: what is
found tells what to do, and not only that others have had it. A ticket's own resolution
is no label by itself, as nobody can find it who asks that ticket.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from kbsearch.evaluation.labels import Label, LabelSet, LabelSource, Question
from kbsearch.models import Article, ArticleStatus, Audience, Document, Satisfaction, Ticket

_MOST_IN_GROUP = 100
"""In a larger group only what was linked itself is a label, as all pairs are its square."""

_SAME_MATTER, _CONFIRMED_FIX = 1, 2
_GROUPED = (LabelSource.DUPLICATE, LabelSource.MERGED)


class _Known(NamedTuple):
    """What is kept of a document while the links are read: none of its words."""

    is_ticket: bool
    has_confirmed_fix: bool
    created_at: datetime | None


class _Link(NamedTuple):
    """One document said to answer one ticket."""

    asked: str
    answer: str
    source: LabelSource


def mine_labels(
    documents: Iterable[Document],
    audience: Audience,
    *,
    shown: Iterable[str] | None = None,
) -> LabelSet:
    """
    Read the links of all tickets as labels.

    Kept of a document are its links, its date and whether its fix is confirmed, so that a
    desk of any size can be streamed.

    Args:
        documents: Of several faces of one the first is what is asked and found; links of
            all of them count.
        audience: Who asks.
        shown: Ids that may be asked and found; left out, those of `documents`.

    Returns:
        A question for each ticket with a label, by id; labels by question, source and
        document. What links name but nobody can find here is left out, as drafts and
        archived articles are.
    """
    known: dict[str, _Known] = {}
    links: set[_Link] = set()
    for document in documents:
        if isinstance(document, Article) and document.status is not ArticleStatus.PUBLISHED:
            continue
        if document.id not in known:
            known[document.id] = _known(document)
        if isinstance(document, Ticket):
            links.update(_links_of(document))
    if shown is not None:
        there = set(shown)
        known = {name: one for name, one in known.items() if name in there}
    found = {link for link in links if link.source not in _GROUPED} | {
        link for source in _GROUPED for link in _within_groups(links, source, known)
    }
    labels = sorted(
        (_label(link, known) for link in found if _can_be_asked(link, known)),
        key=lambda one: (one.question_id, one.source, one.document_id),
    )
    asked = dict.fromkeys(label.question_id for label in labels)
    questions = tuple(
        Question(id=name, ticket_id=name, audience=audience, asked_at=known[name].created_at)
        for name in asked
    )
    return LabelSet(questions=questions, labels=tuple(labels))


def has_confirmed_fix(ticket: Ticket) -> bool:
    """
    Whether somebody says that what stands in this ticket has solved it.

    It is resolved, was never reopened, its asker was not dissatisfied, and either a
    resolution is stated (an accepted answer, a solution field) or the asker was content
    with what was replied.
    """
    if not ticket.is_resolved or ticket.n_reopenings or ticket.satisfaction is Satisfaction.BAD:
        return False
    if ticket.resolution is not None and ticket.resolution.text.strip():
        return True
    has_reply = bool(ticket.public_resolution or ticket.private_resolution)
    return has_reply and ticket.satisfaction is Satisfaction.GOOD


def _known(document: Document) -> _Known:
    if isinstance(document, Article):
        return _Known(is_ticket=False, has_confirmed_fix=False, created_at=document.created_at)
    return _Known(
        is_ticket=True,
        has_confirmed_fix=has_confirmed_fix(document),
        created_at=document.created_at,
    )


def _links_of(ticket: Ticket) -> Iterator[_Link]:
    for source, ids in (
        (LabelSource.DUPLICATE, ticket.duplicate_ids),
        (LabelSource.MERGED, ticket.merged_ids),
        (LabelSource.PROBLEM, ticket.problem_ids),
        (LabelSource.ARTICLE, ticket.article_ids),
    ):
        yield from (_Link(ticket.id, one, source) for one in ids)
    for later in ticket.followup_ids:
        yield _Link(later, ticket.id, LabelSource.FOLLOWUP)


def _can_be_asked(link: _Link, known: Mapping[str, _Known]) -> bool:
    asked = known.get(link.asked)
    answer = known.get(link.answer)
    if asked is None or answer is None or not asked.is_ticket or link.asked == link.answer:
        return False
    return answer.is_ticket is (link.source is not LabelSource.ARTICLE)


def _label(link: _Link, known: Mapping[str, _Known]) -> Label:
    """Of an article, the ticket that it was given to says whether it helped."""
    teller = link.asked if link.source is LabelSource.ARTICLE else link.answer
    is_confirmed = known[teller].has_confirmed_fix
    return Label(
        question_id=link.asked,
        document_id=link.answer,
        relevance=_CONFIRMED_FIX if is_confirmed else _SAME_MATTER,
        source=link.source,
    )


def _within_groups(
    links: Iterable[_Link], source: LabelSource, known: Mapping[str, _Known]
) -> Iterator[_Link]:
    """
    Each ticket of a group with each other; in a large group with those it is linked to.

    A ticket that is not here joins two others all the same: both were called its duplicates.
    """
    neighbours: defaultdict[str, set[str]] = defaultdict(set)
    for link in links:
        if link.source is source:
            neighbours[link.asked].add(link.answer)
            neighbours[link.answer].add(link.asked)
    for group in _groups(neighbours):
        here = [one for one in group if one in known]
        for one in here:
            others = here if len(here) <= _MOST_IN_GROUP else neighbours[one]
            yield from (_Link(one, other, source) for other in others if other != one)


def _groups(neighbours: Mapping[str, set[str]]) -> Iterator[list[str]]:
    seen: set[str] = set()
    for start in neighbours:
        if start in seen:
            continue
        seen.add(start)
        group = [start]
        for one in group:  # grows while it is walked
            new = neighbours[one] - seen
            seen |= new
            group.extend(new)
        yield group
