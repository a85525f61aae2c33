"""What stands with staff alone and customers have asked for."""

from __future__ import annotations

from kbsearch.models.base import DocumentId, FrozenModel, Kind
from kbsearch.models.findings import TextFinding


class Demand(FrozenModel):
    """
    One question that customers' shelf does not answer as well as an internal document.

    Attributes:
        question: As it was asked; a ticket's is its problem.
        ticket_id: The ticket that asked it; None for a question from elsewhere.
        score: Of the internal document for it, in [0, 1]; see `Hit.score`.
        public_score: Of the best document that customers can read, in the same ranking.
    """

    question: str
    ticket_id: DocumentId | None
    score: float
    public_score: float


class Overlap(FrozenModel):
    """A document of customers on the same subject. `cosine` is that of its best passage."""

    document_id: DocumentId
    title: str
    cosine: float


class Promotion(FrozenModel):
    """
    An internal article, or the resolution of a ticket, that customers would have needed.

    Attributes:
        document_id: The article or the ticket.
        kind: Which of the two it is.
        title: What it is called.
        text: What would be published, as plain text: the article's, or the resolution.
        needs_writing: Whether only a private note says it, so that publishing the ticket
            would not show it.
        demand: Questions that it would have answered, the clearest first.
        obstacles: What stands in the way, sentence by sentence, in `text`.
        overlap: The public document nearest to it, if one is near.
    """

    document_id: DocumentId
    kind: Kind
    title: str
    text: str
    needs_writing: bool
    demand: tuple[Demand, ...]
    obstacles: tuple[TextFinding, ...] = ()
    overlap: Overlap | None = None


class PromotionReport(FrozenModel):
    """
    Promotions, the most wanted first, and what they were found from.

    `n_questions` were asked, `n_answered` of them find their answer on customers'
    shelf, `n_unknown` on neither.
    """

    n_questions: int
    n_answered: int
    n_unknown: int
    promotions: tuple[Promotion, ...]
