"""
Labels from votes and clicks, corrected for where a document stood and for who said how much.

People open what stands high because it stands high. A click on place p is therefore
weighed by one over the chance that anybody looks there, 1 / p ** eta, stated and not
learned: with eta = 1 place 4 is looked at a quarter as often as place 1. The chance is
clipped from below, so that one click far down cannot outweigh ten above: beyond that
place the estimate is too low, never too high. Documents that were shown and not opened
only lower the share of clicks: nobody said that they are wrong.

One person has one vote for a question and a document, the newest; says one page of a
question; and has all together no more weight than so many votes in a day and overall.
All who are unknown are one person. Nothing of this changes a ranking by itself: labels
are for measuring, tuning and the gate, which look whether a change helps.

Source:
    Joachims, Swaminathan & Schnabel, WSDM 2017 (inverse propensity scoring of clicks;
    examination 1 / rank ** eta).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pydantic import Field

from kbsearch.evaluation.labels import Label, LabelSet, LabelSource, Question
from kbsearch.evaluation.questions import text_question
from kbsearch.models import Audience, DocumentFeedback, Feedback, FeedbackKind
from kbsearch.models.base import FrozenModel

_HELPS, _IS_OPENED = 2, 1
_UNKNOWN = ""


class Examination(FrozenModel):
    """
    What is assumed of who looks and clicks, and what it takes to become a label.

    Attributes:
        eta: How fast attention falls with the place; 0 for not at all.
        least: The chance of being looked at is taken to be at least this.
        most_a_day: Votes, or pages, of one person and day that count in full.
        most_of_one: Likewise of one person overall.
        least_weight: Votes that a label needs, so weighed.
        least_people: Different people who must have clicked for a label.
        least_share: Corrected share of clicks that makes one.
    """

    eta: float = Field(default=1.0, ge=0, le=3)
    least: float = Field(default=0.1, gt=0, le=1)
    most_a_day: int = Field(default=20, ge=1)
    most_of_one: int = Field(default=200, ge=1)
    least_weight: float = Field(default=0.5, ge=0)
    least_people: int = Field(default=2, ge=1)
    least_share: float = Field(default=0.3, ge=0, le=1)

    def chance(self, place: int) -> float:
        """That somebody looks at a place, counted from 1."""
        return max(float(place**-self.eta), self.least)


class ClickShare(NamedTuple):
    """
    How often a document is opened for a question.

    Attributes:
        raw: Share of the pages with it on which it was opened.
        corrected: The same, each click weighed by one over the chance of a look; at most 1.
        n_people: Different people who opened it.
    """

    raw: float
    corrected: float
    n_people: int


Pair = tuple[str, str]
"""A question, case-folded, and the id of a document."""


def click_shares(
    feedback: Iterable[Feedback], examination: Examination | None = None
) -> dict[Pair, ClickShare]:
    """
    Of every document that was on a page, how often it is opened, with and without correction.

    Args:
        feedback: Of one audience.
        examination: What is assumed; left out, its defaults.
    """
    assumed = examination or Examination()
    pages, clicks = _pages(feedback)
    weights = _weights(pages.values(), assumed)
    total: defaultdict[Pair, float] = defaultdict(float)
    raw: defaultdict[Pair, float] = defaultdict(float)
    corrected: defaultdict[Pair, float] = defaultdict(float)
    people: defaultdict[Pair, set[str]] = defaultdict(set)
    for (who, question), page in pages.items():
        weight = weights[_day_of(page)]
        for place, document_id in page.shown.items():
            pair = question, document_id
            total[pair] += weight
            if document_id in clicks[who, question]:
                raw[pair] += weight
                corrected[pair] += weight / assumed.chance(place)
                people[pair].add(who)
    return {
        pair: ClickShare(raw[pair] / n, min(1.0, corrected[pair] / n), len(people[pair]))
        for pair, n in total.items()
        if n
    }


def feedback_labels(
    feedback: Iterable[Feedback], audience: Audience, examination: Examination | None = None
) -> LabelSet:
    """
    What votes and clicks say as labels, the same whatever their order of arrival is.

    Votes go before clicks: mostly helpful is worth 2, mostly not helpful 0, as many of
    both nothing. A document that is opened often enough, by enough people, is worth 1;
    one that is not, is no label.

    Args:
        feedback: Of one audience.
        audience: Who asked.
        examination: What is assumed; left out, its defaults.
    """
    assumed, everything = examination or Examination(), list(feedback)
    relevance = {
        pair: _IS_OPENED
        for pair, share in click_shares(everything, assumed).items()
        if share.n_people >= assumed.least_people and share.corrected >= assumed.least_share
    }
    relevance |= _voted(everything, assumed)
    questions: dict[str, Question] = {}
    for one in sorted(everything, key=lambda each: each.question):
        if one.question.strip():
            questions.setdefault(
                one.question.casefold(), text_question(one.question.casefold(), audience)
            )
    labels = tuple(
        Label(
            question_id=questions[question].id,
            document_id=document_id,
            relevance=grade,
            source=LabelSource.FEEDBACK,
        )
        for (question, document_id), grade in sorted(relevance.items())
        if question in questions
    )
    asked = dict.fromkeys(label.question_id for label in labels)
    by_id = {each.id: each for each in questions.values()}
    return LabelSet(questions=tuple(by_id[name] for name in asked), labels=labels)


def document_feedback(feedback: Iterable[Feedback]) -> list[DocumentFeedback]:
    """What became of each document, the most helpful first; people and questions are counted."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    everything = list(feedback)
    for one in everything:
        if one.document_id is None:
            continue
        is_click = one.kind is FeedbackKind.CLICK
        said = "n_helpful" if one.is_helpful else "n_not_helpful"
        counts[one.document_id]["n_clicks" if is_click else said] += 1
    for page in _pages(everything)[0].values():
        for document_id in page.shown.values():
            counts[document_id]["n_shown"] += 1
    found = [DocumentFeedback(document_id=name, **own) for name, own in counts.items()]
    return sorted(found, key=lambda one: (one.n_not_helpful - one.n_helpful, one.document_id))


def _voted(feedback: Iterable[Feedback], assumed: Examination) -> dict[Pair, int]:
    newest: dict[tuple[str, str, str], Feedback] = {}
    for one in feedback:
        if one.kind is FeedbackKind.VOTE and one.document_id is not None:
            key = (one.by or _UNKNOWN, one.question.casefold(), one.document_id)
            if key not in newest or newest[key].at <= one.at:
                newest[key] = one
    weights = _weights(newest.values(), assumed)
    total: defaultdict[Pair, float] = defaultdict(float)
    net: defaultdict[Pair, float] = defaultdict(float)
    for (_, question, document_id), vote in newest.items():
        weight = weights[_day_of(vote)]
        total[question, document_id] += weight
        net[question, document_id] += weight if vote.is_helpful else -weight
    return {
        pair: _HELPS if net[pair] > 0 else 0
        for pair, weight in total.items()
        if weight >= assumed.least_weight and net[pair]
    }


def _pages(
    feedback: Iterable[Feedback],
) -> tuple[dict[tuple[str, str], Feedback], defaultdict[tuple[str, str], set[str]]]:
    """By person and question the newest page, and what was opened of it."""
    pages: dict[tuple[str, str], Feedback] = {}
    clicks: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for one in feedback:
        key = one.by or _UNKNOWN, one.question.casefold()
        if one.kind is FeedbackKind.CLICK and one.document_id is not None:
            clicks[key].add(one.document_id)
        if one.shown and (key not in pages or pages[key].at <= one.at):
            pages[key] = one
    return pages, clicks


def _weights(feedback: Iterable[Feedback], assumed: Examination) -> Mapping[tuple[str, str], float]:
    """By person and day what each of their votes, or pages, counts."""
    n_a_day = Counter(_day_of(one) for one in feedback)
    n_in_full: Counter[str] = Counter()
    for (who, _), n in n_a_day.items():
        n_in_full[who] += min(n, assumed.most_a_day)
    return {
        (who, day): min(1.0, assumed.most_a_day / n)
        * min(1.0, assumed.most_of_one / n_in_full[who])
        for (who, day), n in n_a_day.items()
    }


def _day_of(one: Feedback) -> tuple[str, str]:
    return one.by or _UNKNOWN, one.at.date().isoformat()
