"""Problems that came again: who had each first, when nothing could answer it, and who next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from kbsearch.evaluation.labels import LabelSet, LabelSource


class Repeat(NamedTuple):
    """
    Two tickets of one problem.

    Attributes:
        first: Id of its first ticket, for which nothing was there to be found.
        again: Id of the next one, which the first one answers.
    """

    first: str
    again: str


def repeats(labels: LabelSet) -> list[Repeat]:
    """
    The problems among duplicates, the newest first.

    Duplicates alone only say what is answered. That the first one of them was not, when it
    came, follows from their dates: people looked, linked all that is alike, and nothing is
    older. A problem is one pair however many have reported it, so that ninety tickets of
    one outage say no more than two of another.

    Args:
        labels: As mined. Left out are problems of which not all dates are known, or whose
            first two came at once, and those whose first ticket has another answer: an
            article, a problem, the ticket that it follows.
    """
    asked_at = {one.id: one.asked_at for one in labels.questions}
    neighbours: defaultdict[str, set[str]] = defaultdict(set)
    for one in labels.labels:
        if one.source is LabelSource.DUPLICATE:
            neighbours[one.question_id].add(one.document_id)
    others = {o.question_id for o in labels.labels if o.source is not LabelSource.DUPLICATE}
    found: list[tuple[datetime, Repeat]] = []
    for problem in _problems(neighbours):
        dated = [(moment, name) for name in problem if (moment := asked_at.get(name)) is not None]
        if len(dated) < len(problem):
            continue
        (since, first), (then, again), *_ = sorted(dated)
        if since < then and first not in others:
            found.append((since, Repeat(first, again)))
    return [repeat for _, repeat in sorted(found, reverse=True)]


def _problems(neighbours: Mapping[str, set[str]]) -> Iterator[list[str]]:
    seen: set[str] = set()
    for start in neighbours:
        if start in seen:
            continue
        seen.add(start)
        problem = [start]
        for one in problem:  # grows while it is walked
            new = neighbours.get(one, set()) - seen
            seen |= new
            problem.extend(sorted(new))
        yield problem
