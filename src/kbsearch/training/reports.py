"""What came of a training: for who decides whether the desk uses the model."""

from __future__ import annotations

from kbsearch.models import Audience
from kbsearch.models.base import FrozenModel
from kbsearch.training.judging import Verdict


class TrainingReport(FrozenModel):
    """
    What a model was trained on, what it gains, and whether it is offered.

    Attributes:
        audience: Whose texts were read, and so whom the model may serve.
        base: Fingerprint of the model that it was made of.
        method: "full" or "lora".
        n_documents: That pairs were made of.
        pairs: How many each source gave.
        n_pairs_read: Of them, in all runs that this one goes on from.
        n_pairs_wanted: So many would have been read with more time.
        is_resumed: Whether it went on from a run that was interrupted.
        n_questions_trained_on: Labelled questions among the pairs.
        n_questions_held_out: Others that could be measured with.
        verdict: What it gains on those that there was time for; None for too few.
        reason: Why it is offered or not, in a sentence.
        model: Where it stands, as `[embedder] model` wants it; None if it was refused.
        fingerprint: Of the adapted model, likewise.
        seconds: That all of it took; of these `training_seconds` to train.
        training_seconds: See `seconds`.
    """

    audience: Audience
    base: str
    method: str
    n_documents: int
    pairs: dict[str, int]
    n_pairs_read: int
    n_pairs_wanted: int
    is_resumed: bool
    n_questions_trained_on: int
    n_questions_held_out: int
    verdict: Verdict | None
    reason: str
    model: str | None = None
    fingerprint: str | None = None
    seconds: float
    training_seconds: float

    @property
    def is_offered(self) -> bool:
        """Whether it is better with 95 % confidence, and so was kept."""
        return self.model is not None

    @property
    def is_whole(self) -> bool:
        """Whether all pairs were read; if not, the next training goes on from here."""
        return self.n_pairs_read == self.n_pairs_wanted


def reason_of(verdict: Verdict | None) -> str:
    """Why a model with these figures is offered or refused."""
    if verdict is None:
        return (
            "It could not be measured: of too few questions the answer stood on the desk when they "
            "were asked, or there was no time for more. Give it more minutes, or judge questions."
        )
    gain = verdict.gain
    figures = (
        f"nDCG@10 {verdict.base.mean:.4f} with the base, {verdict.adapted.mean:.4f} adapted: "
        f"{gain.mean:+.4f}, with 95 % confidence from {gain.low:+.4f} to {gain.high:+.4f}, "
        f"on {verdict.n_questions} questions that it was not trained on."
    )
    return f"It is better. {figures}" if gain.is_better else f"It is not surely better. {figures}"


def readme_of(report: TrainingReport) -> str:
    """What stands beside the model, for people; no text of a document."""
    reader = "customers may read" if report.audience is Audience.EXTERNAL else "staff may read"
    serves = "everybody" if report.audience is Audience.EXTERNAL else "staff alone"
    pairs = ", ".join(f"{n} {source}" for source, n in report.pairs.items())
    return (
        f"# Adapted by kbsearch\n\nMade of {report.base} ({report.method}) with what {reader}, so "
        f"it may serve {serves}.\nPairs of {report.n_documents} documents: {pairs}; "
        f"{report.n_pairs_read} were read.\n{report.reason}\n"
    )
