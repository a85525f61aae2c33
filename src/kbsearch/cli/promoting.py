"""The command that lists what should be published, for somebody to decide."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from kbsearch import KnowledgeBase
from kbsearch.cli.options import DeskOption, GroupOption, JsonOption, SinceOption
from kbsearch.cli.screen import Screen, one_line
from kbsearch.cli.tables import plain_table
from kbsearch.models import Promotion, PromotionReport

_STDIN = Path("-")
_N_QUESTIONS, _N_OBSTACLES = 3, 8


def promote(
    desk: DeskOption,
    *,
    questions: Annotated[
        Path | None,
        typer.Option(
            "--questions",
            metavar="FILE",
            help="Searches of customers that found nothing: a line each, or JSON lines with "
            "`query`; - is standard input.",
        ),
    ] = None,
    since: SinceOption = None,
    group: GroupOption = None,
    show: Annotated[int, typer.Option("--show", metavar="N", min=1, help="At most so many.")] = 10,
    as_json: JsonOption = False,
) -> None:
    """
    List what staff know and customers have asked for, and what stands in its way.

    Asked for are the questions of --questions and the problems of this desk's tickets.
    Nothing is published: read it, mend it, then `kbsearch publish ID --by WHO`.
    """
    screen = Screen(as_json=as_json)
    asked = _questions(questions) if questions is not None else []
    with KnowledgeBase.open(desk) as kb, screen.bars() as bars:
        report = kb.promotions(asked, groups=group or (), since=since, n_shown=show, progress=bars)
    screen.answer(report.model_dump(mode="json"), *_view(report))


def _view(report: PromotionReport) -> Iterator[RenderableType]:
    table = plain_table("document", "asked for", "in the way", "overlaps", "title")
    table.columns[0].no_wrap = True
    for each in report.promotions:
        near = each.overlap
        table.add_row(
            Text(one_line(each.document_id), "bold"),
            str(len(each.demand)),
            str(len(each.obstacles) or ""),
            Text(f"{one_line(near.document_id)} ({near.cosine:.2f})" if near else ""),
            Text(one_line(each.title)),
        )
    if report.promotions:
        yield table
    for each in report.promotions:
        yield from _details(each)
    n_wanting = report.n_questions - report.n_answered - report.n_unknown
    yield Text(
        f"{report.n_questions} questions: {report.n_answered} are answered for customers, "
        f"{n_wanting} for staff alone, {report.n_unknown} for nobody.",
        style="bold",
    )


def _details(promotion: Promotion) -> Iterator[Text]:
    yield Text()
    yield Text(f"{one_line(promotion.document_id)}  {one_line(promotion.title)}", style="bold")
    for demand in promotion.demand[:_N_QUESTIONS]:
        origin = f" ({demand.ticket_id})" if demand.ticket_id else ""
        yield Text(f"  asked: {one_line(demand.question)[:100]}{one_line(origin)}", style="dim")
    for finding in promotion.obstacles[:_N_OBSTACLES]:
        kind = finding.kind.value.replace("_", " ")
        yield Text(f"  {kind}: {one_line(finding.sentence)[:100]}", style="yellow")
    n_more = len(promotion.obstacles) - _N_OBSTACLES
    if n_more > 0:
        yield Text(f"  and {n_more} more; --json lists all", style="dim")
    if promotion.needs_writing:
        told = "  only a private note says it: write an article of it, then publish that"
        yield Text(told, style="cyan")
    else:
        command = f"  kbsearch publish {one_line(promotion.document_id)} --by WHO"
        yield Text(command, style="cyan")


def _questions(path: Path) -> list[str]:
    try:
        content = sys.stdin.buffer.read() if path == _STDIN else path.read_bytes()
        lines = content.decode("utf-8-sig").splitlines()
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
    except UnicodeDecodeError:
        reason = "it is not UTF-8"
    else:
        return [
            _question(line, number) for number, line in enumerate(lines, start=1) if line.strip()
        ]
    raise typer.BadParameter(f"{str(path)!r} cannot be read: {reason}.", param_hint="--questions")


def _question(line: str, number: int) -> str:
    if not line.lstrip().startswith("{"):
        return line.strip()
    try:
        query = json.loads(line).get("query")
    except json.JSONDecodeError:
        query = None
    if isinstance(query, str):
        return query
    raise typer.BadParameter(
        f"line {number} is neither a question nor JSON with a text `query`.",
        param_hint="--questions",
    )
