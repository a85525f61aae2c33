"""The command that finds tickets of one problem."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from kbsearch import KnowledgeBase, Ticket
from kbsearch.cli.options import AudienceOption, DeskOption, GroupOption, JsonOption
from kbsearch.cli.screen import Screen, one_line
from kbsearch.cli.tables import plain_table
from kbsearch.models import ClusterMember, DuplicateCluster, DuplicateReport, DuplicateResult

_N_MEMBERS = 6


def duplicates(
    desk: DeskOption,
    audience: AudienceOption,
    *,
    ticket: Annotated[
        str | None, typer.Argument(metavar="[TICKET]", help="Only of this one, by its id.")
    ] = None,
    text: Annotated[
        str | None,
        typer.Option("--text", metavar="TEXT", help="Only of a ticket that is not created yet."),
    ] = None,
    group: GroupOption = None,
    precision: Annotated[
        float | None,
        typer.Option(
            "--precision",
            min=0.01,
            max=0.99,
            metavar="SHARE",
            help="So many of the links should be right; more finds less. For one ticket: "
            "leave out what is less probable.",
            show_default="0.9; 0.5 for one ticket",
        ),
    ] = None,
    show: Annotated[
        int, typer.Option("--show", metavar="N", min=1, help="At most so many clusters.")
    ] = 20,
    as_json: JsonOption = False,
) -> None:
    """
    Find tickets that tell of one problem: all of a desk, or those like one ticket.

    Clusters come with the ticket to point the others to: the oldest with an answer.
    Links of the desk (duplicates, merges) set the threshold where there are enough.
    Nothing is changed.
    """
    screen = Screen(as_json=as_json)
    if ticket is not None and text is not None:
        raise typer.BadParameter("give a ticket's id or --text, not both.", param_hint="--text")
    asked = ticket if text is None else _draft(text)
    groups = group or ()
    with KnowledgeBase.open(desk) as kb:
        if asked is not None:
            with screen.busy("look for duplicates"):
                result = kb.duplicates(
                    asked, audience=audience, groups=groups, min_probability=precision or 0.5
                )
            screen.answer(result.model_dump(mode="json"), *_result_view(result))
            return
        with screen.bars() as bars:
            report = kb.find_duplicates(
                audience=audience, groups=groups, precision=precision or 0.9, progress=bars
            )
    screen.answer(report.model_dump(mode="json"), *_report_view(report, show))


def _draft(text: str) -> Ticket:
    if not text.strip():
        raise typer.BadParameter("it is blank; describe the problem.", param_hint="--text")
    return Ticket.draft(text)


def _result_view(result: DuplicateResult) -> Iterator[RenderableType]:
    table = plain_table("ticket", "chance", "status", "why", "title")
    table.columns[0].no_wrap = True
    for each in result.candidates:
        why = [f"meaning {each.cosine:.2f}"]
        why += [f"words {', '.join(each.words)}"] if each.words else []
        why += [f"both hold {', '.join(each.identifiers)}"] if each.identifiers else []
        why += ["same product"] if each.is_same_product else []
        table.add_row(
            Text(one_line(each.id), "bold"),
            f"{each.probability:.2f}",
            each.status,
            Text(one_line("; ".join(why)), "dim italic"),
            Text(one_line(each.title)),
        )
    if result.candidates:
        yield table
    if result.note:
        yield Text(one_line(result.note), style="yellow")


def _report_view(report: DuplicateReport, n_shown: int) -> Iterator[RenderableType]:
    for cluster in report.clusters[:n_shown]:
        yield from _cluster_view(cluster)
    n_more = len(report.clusters) - n_shown
    if n_more > 0:
        yield Text(f"and {n_more} more clusters; --json lists all", style="dim")
    origin = "links of this desk" if report.is_from_labels else "the default; too few links here"
    yield Text(
        f"{report.n_tickets} tickets, {len(report.clusters)} new clusters, "
        f"{report.n_known_clusters} known. A link needs {report.threshold:.2f} "
        f"for a precision of {report.precision:.2f}, by {origin}.",
        style="bold",
    )
    if report.n_labelled_pairs:
        yield Text(
            f"Of {report.n_labelled_pairs} pairs that links say, "
            f"{report.n_labelled_found} were found.",
            style="dim",
        )


def _cluster_view(cluster: DuplicateCluster) -> Iterator[RenderableType]:
    first, *others = cluster.members
    yield Text(f"{one_line(first.id)}  {one_line(first.title)}", style="bold")
    table = plain_table("", "chance", "like", "status", "")
    table.show_header = False
    for member in others[:_N_MEMBERS]:
        table.add_row(*_member_row(member))
    yield table
    if len(others) > _N_MEMBERS:
        yield Text(f"  and {len(others) - _N_MEMBERS} more", style="dim")


def _member_row(member: ClusterMember) -> tuple[Text, ...]:
    known = " (linked)" if member.is_known else ""
    return (
        Text(f"  {one_line(member.id)}"),
        Text(f"{member.probability:.2f}{known}"),
        Text(one_line(member.like), style="dim"),
        Text(member.status, style="dim"),
        Text(one_line(member.title)),
    )
