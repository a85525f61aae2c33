"""The command rebuild, with or without a gate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.text import Text

from kbsearch import KnowledgeBase
from kbsearch.cli.exits import InterruptedWorkError, exit_code
from kbsearch.cli.gate_view import gate_view
from kbsearch.cli.options import DeskOption, JsonOption
from kbsearch.cli.progress import Bars
from kbsearch.cli.screen import Screen
from kbsearch.cli.tables import rebuilt_table
from kbsearch.gating import Gate, GateRefusedError
from kbsearch.models import GateReport, RebuildReport


def rebuild(
    desk: DeskOption,
    *,
    gate: Annotated[
        bool,
        typer.Option("--gate", help="Publish only what answers no worse than what is live."),
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Compare, show, and publish all the same.")
    ] = False,
    tolerance: Annotated[
        float,
        typer.Option(
            "--tolerance",
            metavar="NUMBER",
            min=0.0,
            max=1.0,
            help="So much mean nDCG@10 of golden queries and labels may drop.",
        ),
    ] = Gate().tolerance,
    as_json: JsonOption = False,
) -> None:
    """
    Bring the indexes up to the settings and fold all changes into them.

    Embeds only what changed. Searches go on meanwhile.

    With --gate the new indexes are first asked the same as the live ones: the golden
    queries in golden.toml of each shelf, labels of the desk's own history, and documents
    by their own words. A shelf whose readers would lose stays as it is, and the exit code
    is 5; if settings have changed, all do. Searches and writes go on meanwhile.
    """
    screen, told = Screen(as_json=as_json), list[GateReport]()
    failure: GateRefusedError | None = None
    wanted = Gate(tolerance=tolerance, force=force) if gate or force else None
    with KnowledgeBase.open(desk) as kb, screen.bars() as bars:
        try:
            reports = _rebuilt(kb, wanted, told, bars)
        except GateRefusedError as refused:
            failure, reports = refused, refused.published
        except KeyboardInterrupt:
            raise InterruptedWorkError(
                f"Interrupted. {bars.kept()} Searches use the indexes from before. "
                "Run `kbsearch rebuild` again: it goes on from there."
            ) from None
    compared = told[0] if told else None
    _answer(screen, reports, compared, failure)
    if failure is not None:
        screen.complain(str(failure))
        raise typer.Exit(exit_code(failure))


def _rebuilt(
    kb: KnowledgeBase, gate: Gate | None, told: list[GateReport], bars: Bars
) -> tuple[RebuildReport, ...]:
    return kb.rebuild(gate=gate, told=told.append, progress=bars)


def _answer(
    screen: Screen,
    reports: Sequence[RebuildReport],
    compared: GateReport | None,
    failure: GateRefusedError | None,
) -> None:
    fields: dict[str, object] = {"shelves": [each.model_dump(mode="json") for each in reports]}
    views = [] if compared is None else list(gate_view(compared))
    if compared is not None:
        fields["gate"] = compared.model_dump(mode="json")
    if failure is not None:
        code = exit_code(failure).value
        fields["error"] = {
            "type": type(failure).__name__,
            "message": str(failure),
            "exit_code": code,
        }
    published = [rebuilt_table(reports)] if reports else [Text("Nothing was published.")]
    screen.answer(fields, *views, *published)
