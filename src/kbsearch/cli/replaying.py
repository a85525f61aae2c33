"""The command that asks a desk's past questions on the day they were asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from kbsearch import KnowledgeBase
from kbsearch.cli.labels import judged_by
from kbsearch.cli.options import (
    AudienceOption,
    DeskOption,
    GroupOption,
    JsonOption,
    JudgedOption,
    SinceOption,
)
from kbsearch.cli.screen import Screen, one_line
from kbsearch.cli.tables import plain_table
from kbsearch.evaluation import LabelSet, ReplayFigures, ReplayReport, Unasked, write_run
from kbsearch.models import Audience, Kind

_GROUPS_SHOWN = 8
_FEW = 50


def replay(
    desk: DeskOption,
    audience: AudienceOption,
    *,
    group: GroupOption = None,
    since: SinceOption = None,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="Hits that are looked at.")] = 10,
    kind: Annotated[
        Kind | None, typer.Option("--kind", help="Only such documents may be found.")
    ] = None,
    published: Annotated[
        bool,
        typer.Option(
            "--published",
            help="For customers: by what staff have linked between what customers may read. "
            "For the eyes of staff.",
        ),
    ] = False,
    judged: JudgedOption = None,
    run: Annotated[
        Path | None,
        typer.Option(
            "--run",
            metavar="FILE",
            dir_okay=False,
            help="Write what was found there, in TREC's format.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """
    Ask what tickets asked of the desk as it stood on that day, and measure the answers.

    Nothing that came later is seen: no document, message, resolution or statistic. Right
    is what people linked since (see `kbsearch labels`), and what --judged files say: typed
    questions have no day, and are asked of the desk as it is now. Questions whose every answer is
    newer than they are could not be answered and count as no failure. Nothing is changed.
    """
    screen = Screen(as_json=as_json)
    if published and audience is not Audience.EXTERNAL:
        raise typer.BadParameter(
            "it is about customers: give --audience external.", param_hint="--published"
        )
    if run is not None and not run.parent.is_dir():  # before the work, not after it
        raise typer.BadParameter(f"there is no directory {str(run.parent)!r}.", param_hint="--run")
    sets = [judged_by(path, audience) for path in judged or ()]
    with KnowledgeBase.open(desk) as kb, screen.bars() as bars:
        linked = kb.published_labels() if published else kb.labels(audience, groups=group or ())
        report = kb.replay(
            audience,
            labels=LabelSet.joined([linked, *sets]),
            groups=group or (),
            since=since,
            k=k,
            kind=kind,
            progress=bars,
        )
    if run is not None:
        write_run(run, report.run, name="kbsearch")
    screen.answer(report.model_dump(mode="json"), *_view(report))


def _view(report: ReplayReport) -> Iterator[RenderableType]:
    yield Text(
        f"{report.n_questions} questions with a label, {report.n_asked} asked, "
        f"{report.n_unanswerable} unanswerable then: all that answers them is newer",
        style="bold",
    )
    for reason, n in report.left_out.items():
        yield Text(f"{n} left out: {Unasked(reason).told}", style="dim")
    if report.overall is not None:
        yield from _tables(report.overall, report)
    if report.undated is not None:
        yield Text(
            f"{report.undated.n_questions} of which nobody knows when, asked of the desk as it "
            "is now: later knowledge may have helped.",
            style="yellow",
        )
        yield _measures(report.undated)
    if not report.n_asked:
        yield Text(
            "Nothing to measure. `kbsearch labels` tells what is known to be right.",
            style="yellow",
        )
    elif report.n_asked < _FEW:
        yield Text(f"Fewer than {_FEW} questions: look at the intervals.", style="yellow")
    yield from _limits(report)


def _tables(overall: ReplayFigures, report: ReplayReport) -> Iterator[RenderableType]:
    yield _measures(overall)
    for name, groups in (("product", report.by_product), ("language", report.by_language)):
        if len(groups) > 1:
            table = plain_table(name, "questions", *overall.measures)
            for column in table.columns[1:]:
                column.justify = "right"
            for value, one in list(groups.items())[:_GROUPS_SHOWN]:
                cells = (f"{each.mean:.3f}" for each in one.measures.values())
                table.add_row(one_line(value), str(one.n_questions), *cells)
            yield table


def _measures(figures: ReplayFigures) -> RenderableType:
    table = plain_table("measure", "mean", "95 % interval")
    table.columns[1].justify = "right"
    for name, one in figures.measures.items():
        table.add_row(name, f"{one.mean:.3f}", f"{one.low:.3f} to {one.high:.3f}")
    return table


def _limits(report: ReplayReport) -> Iterator[Text]:
    if report.n_undated_documents:
        yield Text(
            f"{report.n_undated_documents} of {report.n_documents} documents have no date: no "
            "question of the past sees them.",
            style="dim",
        )
    if report.n_changed_articles:
        yield Text(
            f"{report.n_changed_articles} articles were changed after they were created: they are "
            "seen from their last change on.",
            style="dim",
        )
