"""What a gated rebuild compared, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from kbsearch.cli.screen import one_line
from kbsearch.cli.tables import plain_table
from kbsearch.models import GateFigure, GateMove, GateReport, ShelfGate

_NAMES = {
    "golden": "golden queries",
    "labels": "labels",
    "self_check": "self-check",
    "self_check_by_vectors": "self-check, vectors alone",
    "self_check_by_words": "self-check, words alone",
}
_QUESTION_CHARACTERS = 60


def gate_view(report: GateReport) -> Iterator[RenderableType]:
    """Figures of every shelf, who wins and loses most, and what is decided."""
    if not report.shelves:
        yield Text("Nothing has changed: there is nothing to compare.", style="dim")
        return
    yield _figures_table(report.shelves)
    for shelf in report.shelves:
        for remark in shelf.remarks:
            yield Text(f"{shelf.shelf}: {remark}", style="dim")
    moves = [
        (shelf.shelf, move) for shelf in report.shelves for move in (*shelf.losers, *shelf.winners)
    ]
    if moves:
        yield _moves_table(moves)
    yield from _verdict(report)


def _verdict(report: GateReport) -> Iterator[Text]:
    if report.is_passed:
        yield Text("The new indexes answer no worse: they are published.", style="green")
        return
    for reason in report.reasons:
        yield Text(one_line(reason), style="red")
    if report.is_forced:
        yield Text("Published all the same: --force.", style="yellow")


def _figures_table(shelves: Sequence[ShelfGate]) -> RenderableType:
    table = plain_table(
        "shelf", "asked", "questions", "measure", "live", "new", "difference (95 %)"
    )
    for column in table.columns[2:]:
        column.justify = "right"
    for shelf in shelves:
        for figure in shelf.decision.figures:
            table.add_row(
                one_line(shelf.shelf),
                _NAMES[figure.questions],
                str(figure.n_questions),
                figure.measure,
                "unknown" if figure.live is None else f"{figure.live:.3f}",
                f"{figure.new:.3f}",
                _difference(figure),
            )
    return table


def _difference(figure: GateFigure) -> str:
    if figure.difference is None or figure.low is None or figure.high is None:
        return ""
    return f"{figure.difference:+.3f} ({figure.low:+.3f} to {figure.high:+.3f})"


def _moves_table(moves: Sequence[tuple[str, GateMove]]) -> RenderableType:
    table = plain_table("shelf", "asked", "question", "document", "was", "is", "change")
    for column in table.columns[4:]:
        column.justify = "right"
    for shelf, move in moves:
        question = one_line(move.question)
        is_long = len(question) > _QUESTION_CHARACTERS
        table.add_row(
            one_line(shelf),
            _NAMES[move.questions],
            f"{question[:_QUESTION_CHARACTERS]}…" if is_long else question,
            one_line(move.document_id),
            _place(move.live_place),
            _place(move.new_place),
            f"{move.change:+.3f}",
        )
    return table


def _place(place: int | None) -> str:
    return "-" if place is None else str(place)
