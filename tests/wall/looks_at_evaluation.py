"""Looks at what is known to be right on a desk, and at what it would have answered."""

from __future__ import annotations

from functools import partial

from kbsearch import Audience
from kbsearch.evaluation import (
    Judging,
    Label,
    LabelSet,
    LabelSource,
    Question,
    ReplayReport,
    text_question,
)
from tests.pasts import bytes_of as bytes_of_case
from tests.wall.looks import IDS, Watched, look, told
from tests.wall.walls import NOON


@look
def _labels(watched: Watched) -> object:
    return [watched.asked("labels", imitate=imitate) for imitate in (False, True)]


@look
def _feedback_labels(watched: Watched) -> object:
    return watched.asked("feedback_labels")


@look
def _replay(watched: Watched) -> object:
    """Questions of today and tickets of their day, and what was found for each."""
    report = watched.asked("replay", labels=_judged(watched), clock=lambda: NOON)
    assert isinstance(report, ReplayReport)
    return [report, report.run, watched.asked("replay", clock=lambda: NOON)]


@look
def _history(watched: Watched) -> object:
    """Every bit of what is known of each question's candidates."""
    history, asked = (
        watched.kb.history(**watched.wall.watcher, clock=lambda: NOON),
        _judged(watched),
    )
    qrels = asked.qrels()
    return [bytes_of_case(history.case(one, qrels[one.id])).hex() for one in asked.questions]


def _judged(watched: Watched) -> LabelSet:
    """As if every document that there may be were right."""
    audience = Audience(watched.wall.watcher["audience"])
    asked = [text_question(query, audience) for query in watched.queries]
    asked += [Question(id=i, ticket_id=i, audience=audience) for i in IDS[-6:]]
    labels = [
        Label(question_id=one.id, document_id=i, source=LabelSource.JUDGED)
        for one in {each.id: each for each in asked}.values()
        for i in IDS
    ]
    return LabelSet(questions=tuple({one.id: one for one in asked}.values()), labels=tuple(labels))


@look
def _judging(watched: Watched) -> object:
    """What is judged, in its order, and what is shown of it."""
    audience = Audience(watched.wall.watcher["audience"])
    asked = [text_question(query, audience) for query in watched.queries]
    asked += [Question(id=i, ticket_id=i, audience=audience) for i in IDS[-4:]]
    seen: list[object] = []
    for question in asked:
        work = told(
            partial(
                watched.asked,
                "judging",
                path=watched.kb.path / "never-written.jsonl",
                questions=[question],
                by="watcher",
                k=100,
            )
        )
        if isinstance(work, Judging):
            seen.append([work._show(*task) for task in work._tasks])
        else:
            seen.append(work)
    return seen
