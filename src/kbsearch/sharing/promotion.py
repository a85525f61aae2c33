"""Which internal documents customers would have needed: demand, obstacles, overlap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from kbsearch.errors import DocumentNotFoundError
from kbsearch.models import (
    Article,
    Audience,
    Demand,
    Document,
    Kind,
    Overlap,
    Promotion,
    PromotionReport,
    TextFinding,
    Ticket,
)
from kbsearch.progress import Progress, silent
from kbsearch.search import Ranked, Searcher
from kbsearch.text import to_plain_text

Obstacles = Callable[[str], Sequence[TextFinding]]
"""Gives what stands in the way of publishing a text."""

_K = 20
_LIKE_ENOUGH = 0.75
"""A public document that scores so much of the best internal one's answers the question too."""
_NEAR_COSINE = 0.6
_MIN_SCORE = 0.4
"""What scores less answers nothing; on the demo desk six of the seven above it are right."""
_N_CHARACTERS = 1000
"""So much of a document tells what it is about."""


class Question(NamedTuple):
    """What a customer asked, and in which ticket, if in one."""

    text: str
    ticket_id: str | None = None


def find_promotions(
    questions: Iterable[Question],
    *,
    staff: Searcher,
    customers: Searcher,
    obstacles: Obstacles,
    n_shown: int = 20,
    progress: Progress = silent,
) -> PromotionReport:
    """
    Ask the desk what customers asked, and see which of the best answers they cannot read.

    A document that customers cannot read now is in demand by a question if it is the best
    answer on the whole desk and no public one scores three quarters of it. Articles and
    resolved tickets count.

    Args:
        questions: Such as searches of customers that found nothing, or tickets.
        staff: A searcher over all that may be promoted.
        customers: One for customers.
        obstacles: Gives what stands in the way of publishing a text.
        n_shown: Promotions that are looked at closely, the most wanted first.
        progress: Told how far it is.
    """
    asked = list(dict.fromkeys(questions))
    wanted: dict[str, list[Demand]] = {}
    n_answered = n_unknown = 0
    for n, question in enumerate(asked):
        progress("ask what customers asked", n, len(asked))
        best, public_score = _best_answer(staff, customers, question)
        if best is None:
            n_unknown += 1
        elif best.is_public:
            n_answered += 1
        else:
            demand = _demand(question, best.ranked, public_score)
            wanted.setdefault(best.ranked.id, []).append(demand)
    progress("ask what customers asked", len(asked), len(asked))
    most = sorted(wanted, key=lambda i: (-len(wanted[i]), i))[:n_shown]
    found = (_promotion(staff.get(i), wanted[i], customers, obstacles) for i in most)
    return PromotionReport(
        n_questions=len(asked),
        n_answered=n_answered,
        n_unknown=n_unknown,
        promotions=tuple(found),
    )


def publishable_text(document: Document) -> str:
    """What of a document customers would read: an article's text, or what fixed a ticket."""
    if isinstance(document, Article):
        return to_plain_text(document.body, document.format)
    resolution = document.public_resolution or document.private_resolution
    return to_plain_text(resolution.text, resolution.format) if resolution else ""


class _Answer(NamedTuple):
    """A document that answers a question, and whether customers can read it."""

    ranked: Ranked
    is_public: bool


def _best_answer(
    staff: Searcher, customers: Searcher, question: Question
) -> tuple[_Answer | None, float]:
    """
    The best answer to a question, public if one is nearly as good, and the best public score.

    None if nothing on the desk answers it.
    """
    answers = list(_answers(staff, customers, question))
    if not answers:
        return None, 0.0
    public = next((one for one in answers if one.is_public), None)
    best = answers[0]
    if public is None:
        return best, 0.0
    is_nearly_as_good = public.ranked.score >= _LIKE_ENOUGH * best.ranked.score
    return (public if is_nearly_as_good else best), public.ranked.score


def _answers(staff: Searcher, customers: Searcher, question: Question) -> Iterator[_Answer]:
    for one in staff.rank(question.text, k=_K):
        if one.score < _MIN_SCORE or one.id == question.ticket_id:
            continue
        document = staff.get(one.id)
        if isinstance(document, Article):
            stands_there = one.shelf == Audience.EXTERNAL.value
        elif document.is_resolved and publishable_text(document):
            stands_there = document.published
        else:
            continue
        yield _Answer(one, stands_there and _is_answered_for(customers, one.id))


def _is_answered_for(customers: Searcher, document_id: str) -> bool:
    """Whether they can read the answer now: dates, and notes of staff, keep it from them."""
    try:
        document = customers.get(document_id)
    except DocumentNotFoundError:
        return False
    return isinstance(document, Article) or document.public_resolution is not None


def _demand(question: Question, best: Ranked, public_score: float) -> Demand:
    return Demand(
        question=question.text,
        ticket_id=question.ticket_id,
        score=best.score,
        public_score=public_score,
    )


def _promotion(
    document: Document, demand: list[Demand], customers: Searcher, obstacles: Obstacles
) -> Promotion:
    text = publishable_text(document)
    title = document.title if isinstance(document, Article) else document.subject
    return Promotion(
        document_id=document.id,
        kind=Kind(document.kind),
        title=title,
        text=text,
        needs_writing=isinstance(document, Ticket) and document.public_resolution is None,
        demand=tuple(sorted(demand, key=lambda d: (d.public_score - d.score, d.question))),
        obstacles=tuple(obstacles(text)),
        overlap=_overlap(f"{title}\n{text[:_N_CHARACTERS]}", customers),
    )


def _overlap(text: str, customers: Searcher) -> Overlap | None:
    nearest = max(customers.rank(text, k=_K), key=lambda one: one.scores.cosine, default=None)
    if nearest is None or nearest.scores.cosine < _NEAR_COSINE:
        return None
    document = customers.get(nearest.id)
    title = document.title if isinstance(document, Article) else document.subject
    return Overlap(document_id=nearest.id, title=title, cosine=nearest.scores.cosine)
