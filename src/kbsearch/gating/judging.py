"""Whether the readers of one shelf lose something by new indexes: figures, rules and reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kbsearch.config import RankingSettings
from kbsearch.evaluation import Measured, compare, measure
from kbsearch.gating.gate import Gate
from kbsearch.gating.questions import Asked, Questions
from kbsearch.models import (
    Filters,
    GateDecision,
    GateFigure,
    GateMove,
    GateQuestions,
    ShelfGate,
)
from kbsearch.search import Searcher

_DEPTH = 100
_FEWEST_FOUND = 0.5
_FEW_QUESTIONS = 10
_FEW_GONE = 20

_BY_VECTORS = {"passage_weight": 1.0}
_BY_WORDS = {"bm25_weight": 1.0}
_NAMES = {
    GateQuestions.GOLDEN: "golden queries",
    GateQuestions.LABELS: "labelled questions",
    GateQuestions.SELF_CHECK: "documents asked for by their own words",
    GateQuestions.SELF_CHECK_BY_VECTORS: "documents asked for by their own words, by vectors",
    GateQuestions.SELF_CHECK_BY_WORDS: "documents asked for by their own words, by words",
}

SearcherWith = Callable[[RankingSettings], Searcher]
"""Gives a searcher of one side with other weights."""

Rankings = Mapping[str, Sequence[str]]
"""By question, ids of what was found, best first."""


class Documents(NamedTuple):
    """
    How many documents a shelf has before and after.

    Attributes:
        n_live: Of the live snapshot.
        n_gone: How many fewer stand on the shelf now.
        n_missing: Documents that stand on the shelf and not in its new index.
    """

    n_live: int
    n_gone: int
    n_missing: int


def judge_shelf(
    shelf: str,
    questions: Questions,
    documents: Documents,
    *,
    new: SearcherWith,
    live: SearcherWith | None,
    ranking: RankingSettings,
    gate: Gate,
) -> ShelfGate:
    """
    Ask both sides the same and compare.

    Args:
        shelf: Whose readers ask.
        questions: Theirs.
        documents: Of the shelf.
        new: The new indexes.
        live: What is searched now; None if it cannot be asked any more.
        ranking: Of the desk.
        gate: What is tolerated.
    """
    reasons = list(_document_reasons(documents, gate))
    figures, moves, n_lost = [], list[GateMove](), 0
    for kind, asked in questions.asked.items():
        if not asked:
            continue
        weights = _weights(kind, ranking)
        found = _ask(new(weights), asked)
        before = _ask(live(weights), asked) if live else None
        figure = _figure(kind, asked, found, before, gate)
        figures.append(figure)
        reasons += _figure_reasons(figure, asked, found, gate)
        if kind is GateQuestions.GOLDEN:
            n_lost = sum(_is_lost(one, found, before, gate.k) for one in asked)
        moves += _moves(kind, asked, found, before, gate)
    if n_lost:
        lost = "query has its document" if n_lost == 1 else "queries have their document"
        change = "no longer" if live else "not"
        reasons.append(f"{n_lost} golden {lost} {change} among the first {gate.k}")
    decision = GateDecision(
        is_passed=not reasons,
        is_forced=gate.force and bool(reasons),
        k=gate.k,
        tolerance=gate.tolerance,
        self_check_tolerance=gate.self_check_tolerance,
        n_golden_lost=n_lost,
        n_without_answer=questions.n_without_answer,
        figures=tuple(figures),
    )
    moves.sort(key=lambda one: (-abs(one.change), one.questions, one.question))
    return ShelfGate(
        shelf=shelf,
        decision=decision,
        reasons=tuple(f"{shelf}: {reason}" for reason in reasons),
        remarks=tuple(_remarks(questions, is_comparable=live is not None)),
        winners=tuple(one for one in moves if one.change > 0)[: gate.n_shown],
        losers=tuple(one for one in moves if one.change < 0)[: gate.n_shown],
    )


def _document_reasons(documents: Documents, gate: Gate) -> Iterator[str]:
    if documents.n_missing:
        yield f"{documents.n_missing} documents of the shelf are not in its new index"
    gone, before = documents.n_gone, documents.n_live
    if before and (gone == before or gone > max(_FEW_GONE, gate.max_gone * before)):
        yield f"the shelf has {gone} documents less than the {before} of its live index"


def _weights(kind: GateQuestions, ranking: RankingSettings) -> RankingSettings:
    """By which signals: the desk's own, or one alone, which others could hide the faults of."""
    alone = {
        GateQuestions.SELF_CHECK_BY_VECTORS: _BY_VECTORS,
        GateQuestions.SELF_CHECK_BY_WORDS: _BY_WORDS,
    }.get(kind)
    if alone is None:
        return ranking
    names = [name for name in RankingSettings.model_fields if name.endswith("_weight")]
    return ranking.model_copy(update={**dict.fromkeys(names, 0.0), **alone})


def _ask(searcher: Searcher, asked: Sequence[Asked]) -> Rankings:
    return {
        one.id: [
            hit.id
            for hit in searcher.rank(one.text, k=_DEPTH, filters=Filters(exclude_ids=one.without))
        ]
        for one in asked
    }


def _measured(asked: Sequence[Asked], found: Rankings, name: str) -> Measured:
    run = {
        question: {document: float(-place) for place, document in enumerate(ranked)}
        for question, ranked in found.items()
    }
    return measure({one.id: one.relevance for one in asked}, run, [name])


def _figure(
    kind: GateQuestions,
    asked: Sequence[Asked],
    found: Rankings,
    before: Rankings | None,
    gate: Gate,
) -> GateFigure:
    name = gate.measure
    new = _measured(asked, found, name)
    figure = GateFigure(
        questions=kind, measure=name, n_questions=len(asked), new=round(new.mean(name), 4)
    )
    if before is None:
        return figure
    live = _measured(asked, before, name)
    paired = compare(new, live, name)
    return figure.model_copy(
        update={
            "live": round(live.mean(name), 4),
            "difference": round(paired.mean, 4),
            "low": round(paired.low, 4),
            "high": round(paired.high, 4),
        }
    )


def _figure_reasons(
    figure: GateFigure, asked: Sequence[Asked], found: Rankings, gate: Gate
) -> Iterator[str]:
    is_self_check = figure.questions.is_self_check
    tolerance = gate.self_check_tolerance if is_self_check else gate.tolerance
    name, n = _NAMES[figure.questions], figure.n_questions
    if figure.difference is None or figure.low is None or figure.high is None:
        n_found = sum(_is_found(one, found, gate.k) for one in asked)
        if is_self_check and n >= _FEW_QUESTIONS and n_found < _FEWEST_FOUND * n:
            yield f"of {n} {name} only {n_found} are among the first {gate.k}"
    elif figure.difference < -tolerance and figure.high < 0:
        yield (
            f"{figure.measure} of {n} {name} drops by {-figure.difference:.4f} (95 %: "
            f"{-figure.high:.4f} to {-figure.low:.4f}), and {tolerance} is tolerated"
        )


def _is_found(one: Asked, found: Rankings, k: int) -> bool:
    return not set(one.relevance).isdisjoint(found[one.id][:k])


def _is_lost(one: Asked, found: Rankings, before: Rankings | None, k: int) -> bool:
    was_found = before is None or _is_found(one, before, k)
    return was_found and not _is_found(one, found, k)


def _moves(
    kind: GateQuestions,
    asked: Sequence[Asked],
    found: Rankings,
    before: Rankings | None,
    gate: Gate,
) -> Iterator[GateMove]:
    """Questions whose measure is another than before; a golden query that is lost is one."""
    if before is None:
        return
    name = gate.measure
    new, live = (_measured(asked, each, name).by_question for each in (found, before))
    for one in asked:
        change = round(new[one.id][name] - live[one.id][name], 4)
        if change:
            document, live_place, new_place = _best_placed(one, before[one.id], found[one.id])
            yield GateMove(
                questions=kind,
                question=one.text,
                document_id=document,
                live_place=live_place,
                new_place=new_place,
                change=change,
            )


def _best_placed(
    one: Asked, before: Sequence[str], found: Sequence[str]
) -> tuple[str, int | None, int | None]:
    """Of its documents the one that stands, or stood, before all others; and both places."""

    def place(ranked: Sequence[str], document: str) -> int | None:
        return ranked.index(document) + 1 if document in ranked else None

    places = [(each, place(before, each), place(found, each)) for each in sorted(one.relevance)]
    return min(places, key=lambda each: min(each[1] or _DEPTH + 1, each[2] or _DEPTH + 1))


def _remarks(questions: Questions, *, is_comparable: bool) -> Iterator[str]:
    if not is_comparable:
        yield (
            "what is live cannot be asked any more: its model or its words are not at hand; "
            "golden queries must be found, and nothing else is compared"
        )
    if questions.n_without_answer:
        yield f"{questions.n_without_answer} questions do not count: their documents are gone"
