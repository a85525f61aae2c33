"""What a rebuild must not make worse before it may publish."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from kbsearch.errors import KbSearchError
from kbsearch.evaluation import LabelSet
from kbsearch.models import RebuildReport
from kbsearch.models.base import FrozenModel


class Gate(FrozenModel):
    """
    By what new indexes are compared with the live ones, and what is tolerated.

    A shelf is not published, or with changed settings none is, if for its readers

    - a golden query whose document is among the first k now has none there any more;
    - the mean nDCG@k of golden queries, or of labels, drops by more than `tolerance`, and the
      95 % interval of the paired difference lies below zero (never by a single question);
    - that of the self-check, by all signals, by vectors or by words alone, drops by more than
      `self_check_tolerance` likewise;
    - a document of the shelf is not in its new index;
    - the shelf has fewer documents than its live snapshot: by more than `max_gone` of them
      and more than 20, or none at all;
    - what is live cannot be asked any more (its model is gone), and a golden query does not
      find its document among the first k, or fewer than half of the documents are found
      there by their own words;

    or if the embedding model is another one and fewer than `min_evidence` golden queries and
    labels of the whole desk tell whether it understands as well: a self-check sees what is
    broken, not what is understood.

    Attributes:
        labels: Which documents answer which questions, beside the golden queries; left out,
            those that are mined from the desk.
        k: Places that count.
        tolerance: So much the mean may drop: less is not felt by anybody who searches.
        self_check_tolerance: Likewise for questions that nobody asked: a better model may
            find a document by its own words a little later.
        max_gone: Share of the live snapshot's documents that the shelf may have less.
        min_evidence: Golden queries and labels that another model needs.
        max_labels: At most so many labelled questions of each audience are asked, and
            always the same ones.
        n_self_check: So many documents of each shelf are asked for by their own words.
        n_shown: Winners and losers that are listed.
        force: Publish all the same; the manifest says so.
    """

    labels: LabelSet | None = None
    k: int = Field(default=10, ge=1, le=100)
    tolerance: float = Field(default=0.01, ge=0, le=1)
    self_check_tolerance: float = Field(default=0.05, ge=0, le=1)
    max_gone: float = Field(default=0.2, ge=0, le=1)
    min_evidence: int = Field(default=10, ge=0)
    max_labels: int = Field(default=500, ge=0)
    n_self_check: int = Field(default=100, ge=0)
    n_shown: int = Field(default=10, ge=0)
    force: bool = False

    @property
    def measure(self) -> str:
        """What is compared, as ir-measures writes it."""
        return f"nDCG@{self.k}"


class GateRefusedError(KbSearchError):
    """
    New indexes would answer worse than the live ones, or cannot be compared with them.

    Attributes:
        reasons: Why, by shelf.
        published: Shelves whose readers lose nothing, and which depend on no other's.
    """

    def __init__(self, reasons: Sequence[str], published: Sequence[RebuildReport] = ()) -> None:
        self.reasons, self.published = tuple(reasons), tuple(published)
        shelves = ", ".join(each.shelf for each in self.published)
        done = f"Only {shelves} was published, other" if shelves else "Nothing was published, the"
        super().__init__(
            f"{done} live indexes stay: {'; '.join(self.reasons)}. "
            "Take back what has changed, or publish all the same with `--force` (from Python: "
            "Gate(force=True)); what was embedded is kept for that."
        )
