"""How well a desk would have answered its labelled questions on the day they were asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

from pydantic import Field

from kbsearch.config import RankingSettings
from kbsearch.evaluation.cases import Case
from kbsearch.evaluation.history import History
from kbsearch.evaluation.labels import LabelSet, Question
from kbsearch.evaluation.measures import Interval, Measured, measure
from kbsearch.evaluation.ranking import ranked
from kbsearch.evaluation.unasked import Unasked
from kbsearch.models import Audience, Kind, Ticket
from kbsearch.models.base import FrozenModel
from kbsearch.progress import Progress, silent

_MEASURES = ("nDCG@{k}", "R@{k}", "Success@1", "RR")
_ANSWERED = "answered@{k}"
_UNKNOWN = "(unknown)"


class ReplayFigures(FrozenModel):
    """
    What some questions came to.

    Attributes:
        n_questions: That were asked.
        measures: By name; `answered@10` is the share of questions for which an article, or
            a ticket that was resolved by then, was among the first ten and right.
    """

    n_questions: int
    measures: dict[str, Interval]


class ReplayReport(FrozenModel):
    """
    Labelled questions asked of a desk as it stood when they were asked.

    Attributes:
        audience: Who asked.
        k: Hits that were looked at.
        n_questions: With a label, for this audience.
        n_unanswerable: All that answers them is newer than they are: no failure.
        left_out: Others that could not be asked, by reason.
        overall: Of all that were asked of the past; None if none was.
        undated: Of those that nobody knows when to ask: of the desk as it is now,
            so that later knowledge may have helped.
        by_product: As `overall`, by the product of the ticket that asks.
        by_language: Likewise by its language.
        n_documents: On the shelves that were asked.
        n_versions: Of these.
        n_undated_documents: Of which nobody knows since when they stand: they are seen by
            no question of the past.
        n_changed_articles: That were changed after they were created: what they said
            before is not known, so they are seen from their last change on.
        n_embedded: Texts of earlier versions that had no vector yet.
        measured: By question, for comparisons; not a part of the JSON.
        run: Ids and scores of what was found, by question; likewise.
    """

    audience: Audience
    k: int
    n_questions: int
    n_unanswerable: int
    left_out: dict[str, int]
    overall: ReplayFigures | None
    undated: ReplayFigures | None
    by_product: dict[str, ReplayFigures]
    by_language: dict[str, ReplayFigures]
    n_documents: int
    n_versions: int
    n_undated_documents: int
    n_changed_articles: int
    n_embedded: int
    measured: Measured | None = Field(default=None, exclude=True, repr=False)
    run: dict[str, dict[str, float]] = Field(default_factory=dict, exclude=True, repr=False)

    @property
    def n_asked(self) -> int:
        """Of the past and of today together."""
        return sum(one.n_questions for one in (self.overall, self.undated) if one)


def replay(
    history: History,
    labels: LabelSet,
    ranking: RankingSettings,
    *,
    since_us: int | None = None,
    k: int = 10,
    kind: Kind | None = None,
    progress: Progress = silent,
) -> ReplayReport:
    """
    Ask every labelled question of its audience and measure what was found.

    Args:
        history: Of the shelves that are asked.
        labels: Of any audience; what is not for that of the history is not asked.
        ranking: Weights and priors; BM25's parameters are the history's.
        since_us: Only questions asked then or later, microseconds since 1970 UTC.
        k: Hits that are looked at.
        kind: Only such documents may be found; left out, all.
        progress: Told how many questions were asked.

    Raises:
        MissingExtraError: If ir-measures is not installed.
    """
    own = [one for one in labels.questions if one.audience is history.audience]
    moments = {one.id: history.asked_us(one) for one in own}
    if since_us is not None:
        own = [one for one in own if (us := moments[one.id]) is not None and us >= since_us]
    own.sort(key=lambda one: (moments[one.id] is None, moments[one.id] or 0, one.id))
    qrels, found = labels.qrels(), _Found(ranking, k)
    asked = ((one, qrels.get(one.id, {})) for one in own)
    for number, (question, case) in enumerate(history.cases(asked, kind=kind), start=1):
        found.take(question, case)
        progress("questions asked", number, len(own))
    measured = found.measured()
    past = {one for one, us in moments.items() if us is not None}
    left_out = found.left_out.copy()
    n_unanswerable = left_out.pop(Unasked.NEWER, 0)
    return ReplayReport(
        audience=history.audience,
        k=k,
        n_questions=len(own),
        n_unanswerable=n_unanswerable,
        left_out={reason.value: n for reason, n in sorted(left_out.items())},
        overall=_figures(measured, past),
        undated=_figures(measured, moments.keys() - past),
        by_product=_by(own, history, measured, past, lambda ticket: ticket.product),
        by_language=_by(own, history, measured, past, lambda ticket: ticket.language),
        **history.counts()._asdict(),
        measured=measured,
        run=found.run,
    )


class _Found:
    """What was found question by question; of a case no more is kept than its ranking."""

    def __init__(self, ranking: RankingSettings, k: int) -> None:
        self._ranking, self._k = ranking, k
        self.left_out: Counter[Unasked] = Counter()
        self.run: dict[str, dict[str, float]] = {}
        self._relevance: dict[str, Mapping[str, int]] = {}
        self._answered: dict[str, float] = {}

    def take(self, question: Question, case: Case | Unasked) -> None:
        """Note what one question came to."""
        if isinstance(case, Unasked):
            self.left_out[case] += 1
            return
        order = ranked(case, self._ranking, k=self._k)
        self.run[question.id] = {case.document_ids[row]: score for row, score in order}
        self._relevance[question.id] = case.relevance
        answers = (
            case.relevance.get(case.document_ids[row], 0) > 0 and not case.is_open_ticket[row]
            for row, _ in order[: self._k]
        )
        self._answered[question.id] = float(any(answers))

    def measured(self) -> Measured | None:
        """By question; None if none was asked."""
        if not self.run:
            return None
        names = tuple(name.format(k=self._k) for name in _MEASURES)
        found = measure(self._relevance, self.run, names)
        answered = _ANSWERED.format(k=self._k)
        by_question = {
            one: {**values, answered: self._answered[one]}
            for one, values in found.by_question.items()
        }
        return found.model_copy(update={"names": (*names, answered), "by_question": by_question})


def _figures(measured: Measured | None, questions: Collection[str]) -> ReplayFigures | None:
    """Of those of the questions that were asked; None if none was."""
    if measured is None or measured.by_question.keys().isdisjoint(questions):
        return None
    own = measured.of(questions)
    return ReplayFigures(
        n_questions=len(own.by_question),
        measures={name: own.interval(name) for name in own.names},
    )


def _by(
    questions: Iterable[Question],
    history: History,
    measured: Measured | None,
    past: Collection[str],
    value_of: Callable[[Ticket], str | None],
) -> dict[str, ReplayFigures]:
    """By what the tickets of the questions have in common, the most frequent first."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for one in questions:
        if one.id in past and measured is not None and one.id in measured.by_question:
            ticket = history.ticket_of(one.ticket_id) if one.ticket_id else None
            groups[(ticket and value_of(ticket)) or _UNKNOWN].append(one.id)
    found = {name: _figures(measured, ids) for name, ids in groups.items()}
    known = {name: figures for name, figures in found.items() if figures is not None}
    return dict(sorted(known.items(), key=lambda pair: (-pair[1].n_questions, pair[0])))
