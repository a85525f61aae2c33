"""Why a document stands where it does for a query, or is not there at all."""

from __future__ import annotations

from enum import StrEnum

from kbsearch.models.base import FrozenModel
from kbsearch.models.feedback import Votes
from kbsearch.models.hit import ExactMatch, Rewording, Stage


class Absence(StrEnum):
    """Why a document that may be read is not among the hits of a query."""

    FILTERED_OUT = "filtered_out"
    NOT_PROPOSED = "not_proposed"
    NOTHING_IN_COMMON = "nothing_in_common"
    HELD_BACK = "held_back"
    NEAR_COPY = "near_copy"


class ExplainedStage(FrozenModel):
    """
    What one stage of the ranking makes of a document.

    Attributes:
        stage: Which one.
        signal: What it says of the document, before anything is made of it; None if it
            says nothing.
        best: The same of the best candidate, by which cosines and BM25 scores are
            divided; None for signals that stay as they are.
        weight: Its part of a perfect score; 0 for the prior, which only lowers one, and
            for exact matches, which only raise one.
        share: Its part of this document's score.
        rank: Where it alone would put the document among the candidates; 1 is best.
    """

    stage: Stage
    signal: float | None
    best: float | None
    weight: float
    share: float
    rank: int | None


class BestHit(FrozenModel):
    """The first hit of the same query, to compare with."""

    id: str
    score: float
    shares: dict[Stage, float]


class Explanation(FrozenModel):
    """
    Why a document stands where it does among the hits of a query.

    Attributes:
        query: As it was asked.
        id: Of the document.
        shelf: On which it stands.
        score: The sum of the stages' shares; of an absent document, what it would have.
        rank: Its place among all hits, 1 is best, each near-copy counted; None if it is
            not among them.
        absence: Why not; None if it is.
        near_copy_of: The hit that it says nearly the same as, and is counted with instead
            of being shown; None if it is no such copy.
        n_candidates: Documents that the retrievers proposed.
        cosine: Of its best passage and the query, before the shelf's own measure.
        stages: In the order of the ranking.
        terms: BM25 score by term of the query; they add up to that stage's signal.
        exact_matches: Identifiers of the query that it holds and few others do.
        rewordings: What was searched for beside what was typed.
        probability: That it answers; None if the shelf is not calibrated.
        needed_probability: What it takes to be shown; None if nothing is held back.
        reranker: Name of the model that read the best hits again, if there is one.
        note: Why they were not reranked, if they were not.
        best: The first hit; None if there is none.
        votes: For staff, what was said of the document on the shelves that they read; no
            part of the score. None for customers.
    """

    query: str
    id: str
    shelf: str
    score: float
    rank: int | None
    absence: Absence | None
    near_copy_of: str | None
    n_candidates: int
    cosine: float
    stages: tuple[ExplainedStage, ...]
    terms: dict[str, float]
    exact_matches: tuple[ExactMatch, ...]
    rewordings: tuple[Rewording, ...]
    probability: float | None
    needed_probability: float | None
    reranker: str | None
    note: str | None
    best: BestHit | None
    votes: Votes | None = None
