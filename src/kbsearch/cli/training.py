"""The command that adapts the embedding model to a desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from kbsearch import KnowledgeBase
from kbsearch.cli.exits import ExitCode, InterruptedWorkError
from kbsearch.cli.options import AudienceOption, DeskOption, JsonOption
from kbsearch.cli.screen import Screen, one_line
from kbsearch.cli.tables import plain_table
from kbsearch.evaluation import (
    Difference,
    Interval,
    LabelSet,
    judged_labels,
    read_judgements,
)
from kbsearch.training import Method, TrainingReport


def train(
    desk: DeskOption,
    *,
    audience: AudienceOption,
    minutes: Annotated[
        float,
        typer.Option("--minutes", metavar="N", min=0.01, help="For all of it, measuring too."),
    ] = 10.0,
    judged: Annotated[
        list[Path] | None,
        typer.Option(
            "--judged",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="What `kbsearch judge` wrote: measured with, beside the desk's own history.",
        ),
    ] = None,
    lora: Annotated[
        bool, typer.Option("--lora", help="Train small matrices beside the model's own.")
    ] = False,
    anew: Annotated[
        bool, typer.Option("--anew", help="Do not go on from a training that was interrupted.")
    ] = False,
    use: Annotated[
        bool, typer.Option("--use", help="Write the model into kbsearch.toml if it is offered.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """
    Adapt the embedding model to the desk, and offer it if it measurably ranks better.

    --audience says whose texts are read. A model made of what customers may read can serve
    everybody; one made of what only staff may read is refused wherever customers are
    served. The desk goes on with its model until you change kbsearch.toml and rebuild.
    Exit code 1 says that the model is not better, and was not kept.
    """
    screen = Screen(as_json=as_json)
    judgements = [one for path in judged or () for one in read_judgements(path)]
    with KnowledgeBase.open(desk) as kb:
        known = LabelSet.joined([kb.known_labels(audience), judged_labels(judgements)])
        try:
            with screen.bars() as bars:
                report = kb.train(
                    audience,
                    budget_s=60 * minutes,
                    labels=known,
                    method=Method.LORA if lora else Method.FULL,
                    resume=not anew,
                    progress=bars,
                )
        except KeyboardInterrupt:
            raise InterruptedWorkError(
                "Interrupted. What was learnt is kept: run the command again to go on from there."
            ) from None
        if use and report.model is not None:
            kb.use_model(report.model)
    screen.answer(report.model_dump(mode="json"), *_view(report, desk, is_used=use))
    if not report.is_offered:
        raise typer.Exit(ExitCode.FOUND_WRONG)


def _view(report: TrainingReport, desk: Path, *, is_used: bool) -> Iterator[RenderableType]:
    pairs = ", ".join(f"{n:,} {source.replace('_', ' ')}" for source, n in report.pairs.items())
    went_on = ", going on from an interrupted run" if report.is_resumed else ""
    yield Text(f"Pairs of {report.n_documents:,} documents: {pairs}.")
    yield Text(
        f"{report.n_pairs_read:,} of {report.n_pairs_wanted:,} were read in "
        f"{report.training_seconds:.0f} s{went_on}; {report.seconds:.0f} s in all.",
        style="dim",
    )
    if report.verdict is not None:
        table = plain_table("nDCG@10", "mean", "95 %")
        for name, figure in (
            ("with the base", report.verdict.base),
            ("adapted", report.verdict.adapted),
            ("gain", report.verdict.gain),
            ("gain of vectors alone", report.verdict.gain_of_vectors),
        ):
            table.add_row(name, *_figures(figure))
        yield table
    style = "bold green" if report.is_offered else "bold yellow"
    yield Text(report.reason, style=style)
    if not report.is_whole:
        yield Text("The next training goes on from here: run it again.", style="dim")
    if report.model is None:
        yield Text("Refused: it was not kept, and the desk goes on as it is.")
    elif is_used:
        yield Text(f"kbsearch.toml names it now. Run `kbsearch rebuild --desk {desk}`.")
    else:
        yield Text("To use it, put into kbsearch.toml:")
        yield Text(f'  [embedder]\n  model = "{one_line(report.model)}"', style="bold")
        yield Text(f"then run `kbsearch rebuild --desk {desk}`.")


def _figures(figure: Interval | Difference) -> tuple[str, str]:
    sign = "+" if isinstance(figure, Difference) else ""
    low, high = f"{figure.low:{sign}.4f}", f"{figure.high:{sign}.4f}"
    return f"{figure.mean:{sign}.4f}", f"{low} to {high}"
