"""What tuning found: every candidate with what it is worth, and what became of it."""

from __future__ import annotations

from kbsearch.evaluation import Difference, Interval
from kbsearch.models import Audience
from kbsearch.models.base import FrozenModel
from kbsearch.tuning.rates import AnsweredAt


class Candidate(FrozenModel):
    """
    Settings, and nDCG@10 on questions that had no say in choosing them.

    Attributes:
        name: What may differ from the desk's own settings.
        changes: What does, fitted to all questions; by name of the setting.
        ndcg: Cross-validated.
        gain: Over the desk's own settings; None for those.
    """

    name: str
    changes: dict[str, int | float]
    ndcg: Interval
    gain: Difference | None = None


class TuningReport(FrozenModel):
    """
    What tuning one audience's ranking came to.

    Attributes:
        audience: Whose ranking it is.
        n_questions: That could be asked.
        n_labels: Documents that answer them.
        left_out: Questions that could not be asked, by reason.
        candidates: The desk's own settings first; the last decides.
        changes: Settings to write: the last candidate's if it is better, else none; of
            another size of passages this alone.
        sizes: Sizes of passages that were asked for, the desk's own first; the last decides.
        size_reason: What became of them.
        reason: Why they are written, or not.
        section: Of kbsearch.toml, where they belong.
        is_written: Whether they have been.
        kept_as: Name of the file that holds the settings as they were before.
        rates: What rates of false suggestions come to; none is written. Empty if the desk
            is not calibrated or waits for a rebuild, or nobody gave a label.
        needs_rebuild: Whether some of them count only after `kbsearch rebuild`.
    """

    audience: Audience
    n_questions: int
    n_labels: int
    left_out: dict[str, int]
    candidates: tuple[Candidate, ...]
    changes: dict[str, int | float]
    reason: str
    section: str
    is_written: bool = False
    kept_as: str | None = None
    rates: tuple[AnsweredAt, ...] = ()
    sizes: tuple[Candidate, ...] = ()
    size_reason: str | None = None
    needs_rebuild: bool = False

    @property
    def is_better(self) -> bool:
        """Whether other settings are better with 95 % confidence."""
        return bool(self.changes)
