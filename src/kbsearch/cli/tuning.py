"""The command that fits the ranking to a desk's labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from kbsearch import KnowledgeBase
from kbsearch.cli.labels import judged_by
from kbsearch.cli.options import AudienceOption, DeskOption, JsonOption, JudgedOption
from kbsearch.cli.screen import Screen
from kbsearch.cli.tables import plain_table
from kbsearch.evaluation import LabelSet
from kbsearch.tuning import AnsweredAt, Candidate, TuningReport


def tune(
    desk: DeskOption,
    audience: AudienceOption,
    *,
    judged: JudgedOption = None,
    bm25: Annotated[
        bool,
        typer.Option(
            "--bm25",
            help="Fit BM25's k1, b and weight of titles, too: they count after a rebuild.",
        ),
    ] = False,
    passage_tokens: Annotated[
        list[int] | None,
        typer.Option(
            "--passage-tokens",
            min=16,
            help="Compare passages of so many tokens, too; give it again for another size. "
            "Embeds all texts anew, in memory.",
        ),
    ] = None,
    trials: Annotated[
        int, typer.Option("--trials", min=1, max=10_000, help="Settings that are tried.")
    ] = 600,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show, and write nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """
    Fit how hits are ordered to what people have linked and judged on this desk.

    Every candidate is measured on questions that had no say in choosing it. Only if all
    fitted settings together are better with 95 % confidence, they are written to
    kbsearch.toml: for staff under section staff_ranking, which customers' hits do not depend on,
    for customers under section ranking. The file as it was is kept beside it.
    """
    screen = Screen(as_json=as_json)
    with KnowledgeBase.open(desk) as kb, screen.bars() as bars:
        sets = [judged_by(path, audience) for path in judged or ()]
        report = kb.tune(
            audience,
            labels=LabelSet.joined([kb.known_labels(audience), *sets]),
            bm25=bm25,
            passage_tokens=passage_tokens or (),
            n_trials=trials,
            dry_run=dry_run,
            progress=bars,
        )
    screen.answer(report.model_dump(mode="json"), *_view(report))


def _view(report: TuningReport) -> Iterator[RenderableType]:
    yield Text(f"{report.n_questions} questions with {report.n_labels} answers", style="bold")
    for reason, n in report.left_out.items():
        yield Text(f"{n} left out: {reason.replace('_', ' ')}", style="dim")
    for candidates in (report.candidates, report.sizes):
        if candidates:
            yield _measured(candidates)
    if report.size_reason is not None and report.size_reason not in report.reason:
        yield Text(report.size_reason, style="yellow")
    yield Text(report.reason, style="green" if report.is_better else "yellow")
    for name, value in report.changes.items():
        yield Text(f"  {name} = {value:g}")
    yield Text(_outcome(report), style="dim")
    if report.rates:
        yield _rates(report.rates)
        yield Text("What is shown is yours to choose: [ranking] accept_false.", style="dim")


def _measured(candidates: Sequence[Candidate]) -> Table:
    table = plain_table("settings", "nDCG@10", "95 % interval", "gain", "95 % interval")
    for column in table.columns[1:]:
        column.justify = "right"
    for one in candidates:
        table.add_row(*_cells(one))
    return table


def _rates(rates: Sequence[AnsweredAt]) -> Table:
    has_negatives = any(one.n_unanswerable for one in rates)
    names = ("accept_false", "answered", "first hit right", "nothing answers, shown")
    table = plain_table(*names[: 3 + has_negatives])
    for one in rates:
        cells = [
            f"{one.accept_false:g}",
            _share(one.n_answered, one.n_questions),
            _share(one.n_right, one.n_answered),
            _share(one.n_deceived, one.n_unanswerable),
        ]
        table.add_row(*cells[: 3 + has_negatives])
    return table


def _share(n: int, of: int) -> str:
    return f"{n} of {of}" + (f" ({n / of:.0%})" if of else "")


def _cells(one: Candidate) -> tuple[str, ...]:
    ndcg = f"{one.ndcg.mean:.4f}", f"{one.ndcg.low:.4f} to {one.ndcg.high:.4f}"
    if one.gain is None:
        return (one.name, *ndcg, "", "")
    gain = f"{one.gain.mean:+.4f}", f"{one.gain.low:+.4f} to {one.gain.high:+.4f}"
    return (one.name, *ndcg, *gain)


def _outcome(report: TuningReport) -> str:
    if report.is_written:
        rebuild = " Run `kbsearch rebuild`: it is built into the index." * report.needs_rebuild
        return (
            f"Written to kbsearch.toml under [{report.section}]; the file as it was is "
            f"{report.kept_as}.{rebuild}"
        )
    if report.is_better:
        return f"Nothing was written; it belongs under [{report.section}] of kbsearch.toml."
    return "Nothing was written."
