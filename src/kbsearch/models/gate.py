"""What a gated rebuild compared, what it decided, and what stays of that with a snapshot."""

from __future__ import annotations

from enum import StrEnum

from kbsearch.models.base import FrozenModel


class GateQuestions(StrEnum):
    """What was asked: golden queries, labels, or the shelf itself, by all signals or by one."""

    GOLDEN = "golden"
    LABELS = "labels"
    SELF_CHECK = "self_check"
    SELF_CHECK_BY_VECTORS = "self_check_by_vectors"
    SELF_CHECK_BY_WORDS = "self_check_by_words"

    @property
    def is_self_check(self) -> bool:
        """Whether documents were asked for by their own words, which nobody ever asked."""
        return self not in (GateQuestions.GOLDEN, GateQuestions.LABELS)


class GateFigure(FrozenModel):
    """
    How well the new and the live indexes answer one kind of questions.

    Attributes:
        questions: Which.
        measure: Its name as ir-measures writes it, as nDCG@10.
        n_questions: How many could be answered: some judged document stands there.
        new: Mean of the new indexes.
        live: Mean of what is searched now; None if that cannot be asked any more.
        difference: Mean of new less live, question by question; None likewise.
        low: Where its 95 % interval begins.
        high: Where it ends.
    """

    questions: GateQuestions
    measure: str
    n_questions: int
    new: float
    live: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None


class GateDecision(FrozenModel):
    """
    Why a gated rebuild published a snapshot: numbers alone, of its own readers' questions.

    Attributes:
        is_passed: Whether the shelf's readers lose nothing; else it was forced.
        is_forced: Whether it was published all the same.
        k: Places that count.
        tolerance: So much the mean of golden queries or labels may drop.
        self_check_tolerance: Likewise of the self-check.
        n_golden_lost: Golden queries whose documents are no longer among the first k.
        n_without_answer: Questions that do not count: no document of theirs stands there.
        figures: What was measured.
    """

    is_passed: bool
    is_forced: bool
    k: int
    tolerance: float
    self_check_tolerance: float
    n_golden_lost: int = 0
    n_without_answer: int = 0
    figures: tuple[GateFigure, ...] = ()


class GateMove(FrozenModel):
    """
    How one question fares; for the eyes of its audience alone.

    Attributes:
        questions: Of which kind it is.
        question: What was asked.
        document_id: The judged document that stood best on either side.
        live_place: Its place now, counted from 1; None if it is not among the first ones.
        new_place: Its place in the new indexes, likewise.
        change: Of the measure.
    """

    questions: GateQuestions
    question: str
    document_id: str
    live_place: int | None
    new_place: int | None
    change: float


class ShelfGate(FrozenModel):
    """
    The comparison for the readers of one shelf.

    Attributes:
        shelf: Its name.
        decision: In numbers.
        reasons: Why it is refused; empty if it is not.
        remarks: What could not be compared, and what does not count.
        winners: Questions that gain most, the most first.
        losers: Those that lose most, likewise.
    """

    shelf: str
    decision: GateDecision
    reasons: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    winners: tuple[GateMove, ...] = ()
    losers: tuple[GateMove, ...] = ()


class GateReport(FrozenModel):
    """
    What a gated rebuild found; holds questions, so it is for whoever runs the desk.

    Attributes:
        shelves: Of every shelf whose readers would notice, customers' first.
        reasons: Why nothing is published, of the whole desk; empty if all passed.
        is_forced: Whether it is published all the same.
    """

    shelves: tuple[ShelfGate, ...] = ()
    reasons: tuple[str, ...] = ()
    is_forced: bool = False

    @property
    def is_passed(self) -> bool:
        """Whether nothing was found that speaks against publishing."""
        return not self.reasons
