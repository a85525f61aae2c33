"""Why a document stands where it does: the ranking's own numbers, stage by stage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32
from kbsearch.config import RankingSettings
from kbsearch.errors import DocumentNotFoundError
from kbsearch.lexical import QueryTerm
from kbsearch.models import Absence, BestHit, ExplainedStage, Explanation, Stage
from kbsearch.rank import FUSED, Signals, prior_factors
from kbsearch.search.asking import Query
from kbsearch.search.candidates import Candidates
from kbsearch.search.exact import places_of
from kbsearch.search.hits import Found
from kbsearch.search.holding_back import Judged
from kbsearch.search.merging import merge_candidates, newest_copies
from kbsearch.search.reranking import Reranked, Reranking
from kbsearch.search.shelf_reader import ShelfReader
from kbsearch.search.shelf_records import Details

_DIVIDED_BY_BEST = (Stage.PASSAGES, Stage.TITLES, Stage.BM25)
_FOUND_ABOVE_ZERO = (Stage.BM25, Stage.COVERAGE, Stage.TITLE_WORDS)


class Ranking(NamedTuple):
    """
    What became of a query.

    Attributes:
        parts: What the shelves proposed.
        ordered: All hits, best first.
        reranked: What the reranker made of them.
        settings: Weights and priors.
        reranking: The stage that did it; None without one.
        judged: Likewise with those that were held back, and what it takes to be shown.
        shown_instead: The hit that the explained document is counted with, as its near-copy.
    """

    parts: list[Candidates]
    ordered: list[Found]
    reranked: Reranked
    settings: RankingSettings
    reranking: Reranking | None
    judged: Judged
    shown_instead: Found | None


class Subject(NamedTuple):
    """
    The document to explain.

    Attributes:
        alone: It as the only candidate of its shelf, whatever the filters.
        is_filtered_out: Whether the filters leave it out.
        details: Its records; None if it has just gone.
        terms: BM25 score of each term of the query.
    """

    alone: Candidates
    is_filtered_out: bool
    details: Details | None
    terms: Sequence[float]


def subject_of(
    alone: Sequence[Candidates],
    allowed: Sequence[Candidates],
    query: Query,
    document_id: str,
    shelves: Mapping[str, ShelfReader],
) -> Subject:
    """
    Look at one document by itself.

    Args:
        alone: It as the only candidate, without filters.
        allowed: The same with them.
        query: What was asked.
        document_id: Its id.
        shelves: By name, those that are open.

    Raises:
        DocumentNotFoundError: If it has gone meanwhile.
    """
    standing = next((part for part in newest_copies(alone) if part.document_ids), None)
    if standing is None:
        raise DocumentNotFoundError(document_id)
    reader, key = shelves[standing.shelf], int(standing.document_keys[0])
    return Subject(
        alone=standing,
        is_filtered_out=not any(part.document_ids for part in allowed),
        details=reader.details([key]).get(key),
        terms=reader.bm25_by_term(key, query.terms[standing.shelf]),
    )


def explained(query: Query, subject: Subject, ranking: Ranking) -> Explanation:
    """Of a document of this audience; it need not be a candidate."""
    shelf, document_id = subject.alone.shelf, subject.alone.document_ids[0]
    place = _place(ranking.ordered, shelf, document_id)
    is_proposed = any(p.shelf == shelf and document_id in p.document_ids for p in ranking.parts)
    parts = [*ranking.parts] if is_proposed else [*ranking.parts, subject.alone]
    is_used = ranking.reranking is not None and bool(ranking.reranked.log_odds)
    reranker_weight = ranking.reranking.weight if ranking.reranking and is_used else 0.0
    if place is not None:
        found = ranking.ordered[place]
    else:
        (found,) = (
            one
            for one in merge_candidates(parts, ranking.settings, with_strangers=True)
            if (one.shelf, one.document_id) == (shelf, document_id)
        )
        found = found._replace(reranker_weight=reranker_weight)
    stages = _stages(subject.alone, parts, ranking, found, reranker_weight)
    document = subject.details
    exact = () if document is None else places_of(found.exact, document.document, document.cleaned)
    original = ranking.shown_instead
    absence = None if place is not None else _absence(subject, found, is_proposed=is_proposed)
    return Explanation(
        query=query.text,
        id=document_id,
        shelf=shelf,
        score=found.score,
        rank=None if place is None or original else place + 1,
        absence=Absence.NEAR_COPY if original else absence,
        near_copy_of=original.document_id if original else None,
        n_candidates=sum(len(part.document_ids) for part in newest_copies(ranking.parts)),
        cosine=float(subject.alone.cosines[0]),
        stages=stages,
        terms=_by_term(query.terms[shelf], subject.terms),
        exact_matches=exact.matches if exact else (),
        rewordings=query.rewordings,
        probability=next((o.probability for o in ranking.judged.kept if _is(o, found)), None),
        needed_probability=ranking.judged.needed,
        reranker=ranking.reranking.name if ranking.reranking else None,
        note=ranking.reranked.note,
        best=_best(ranking.ordered),
    )


def _is(one: Found, other: Found) -> bool:
    return (one.shelf, one.document_id) == (other.shelf, other.document_id)


def _place(ordered: Sequence[Found], shelf: str, document_id: str) -> int | None:
    places = (
        place
        for place, one in enumerate(ordered)
        if (one.shelf, one.document_id) == (shelf, document_id)
    )
    return next(places, None)


def _absence(subject: Subject, found: Found, *, is_proposed: bool) -> Absence:
    if subject.is_filtered_out:
        return Absence.FILTERED_OUT
    if not is_proposed:
        return Absence.NOT_PROPOSED
    return Absence.HELD_BACK if found.score > 0 else Absence.NOTHING_IN_COMMON


def _stages(
    alone: Candidates,
    parts: Sequence[Candidates],
    ranking: Ranking,
    found: Found,
    reranker_weight: float,
) -> tuple[ExplainedStage, ...]:
    kept = newest_copies(parts)
    pool = Signals(*map(np.concatenate, zip(*(part.signals for part in kept), strict=True)))
    weights = ranking.settings.weights
    total = sum(weights[stage] for stage in FUSED) or 1.0
    shares = found.parts.shares
    stages = [
        _fused_stage(
            stage,
            float(own[0]),
            column,
            weight=(1 - reranker_weight) * weights[stage] / total,
            share=shares[stage],
        )
        for stage, own, column in zip(FUSED, alone.signals, pool, strict=True)
    ]
    log_odds = ranking.reranked.log_odds
    said = log_odds.get((found.shelf, found.document_id))
    return (
        *stages,
        ExplainedStage(
            stage=Stage.PRIOR,
            signal=float(prior_factors(alone.circumstances, ranking.settings)[0]),
            best=None,
            weight=0.0,
            share=shares[Stage.PRIOR],
            rank=None,
        ),
        ExplainedStage(
            stage=Stage.RERANKER,
            signal=said,
            best=max(log_odds.values(), default=None),
            weight=reranker_weight,
            share=shares[Stage.RERANKER],
            rank=None if said is None else 1 + sum(other > said for other in log_odds.values()),
        ),
        ExplainedStage(
            stage=Stage.EXACT,
            signal=float(len(found.exact)),
            best=None,
            weight=0.0,
            share=shares[Stage.EXACT],
            rank=None,
        ),
    )


def _fused_stage(
    stage: Stage, signal: float, pool: Float32, *, weight: float, share: float
) -> ExplainedStage:
    is_found = signal > 0 or stage not in _FOUND_ABOVE_ZERO
    return ExplainedStage(
        stage=stage,
        signal=signal,
        best=float(pool.max()) if stage in _DIVIDED_BY_BEST else None,
        weight=weight,
        share=share,
        rank=1 + int((pool > signal).sum()) if is_found else None,
    )


def _by_term(terms: Sequence[QueryTerm], scores: Sequence[float]) -> dict[str, float]:
    """A term given twice counts twice; words with alternatives are named as they were typed."""
    found: defaultdict[str, float] = defaultdict(float)
    for term, score in zip(terms, scores, strict=True):
        found[term if isinstance(term, str) else " ".join(term.typed)] += score
    return dict(found)


def _best(ordered: Sequence[Found]) -> BestHit | None:
    if not ordered:
        return None
    best = ordered[0]
    return BestHit(id=best.document_id, score=best.score, shares=best.parts.shares)
