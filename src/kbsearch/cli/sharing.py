"""The command that looks at a draft before customers read it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from kbsearch import KnowledgeBase
from kbsearch.cli.exits import ExitCode
from kbsearch.cli.options import DeskOption, GroupOption, JsonOption
from kbsearch.cli.screen import Screen, one_line
from kbsearch.cli.tables import STAFF, plain_table
from kbsearch.models import OutgoingReport, TextFinding, TextFormat

_STDIN = Path("-")


def check_outgoing(
    file: Annotated[
        Path,
        typer.Argument(metavar="[FILE|-]", help="The draft; - or nothing reads it from a pipe."),
    ] = _STDIN,
    *,
    desk: DeskOption,
    ticket: Annotated[
        str | None,
        typer.Option("--ticket", metavar="ID", help="The ticket that it answers."),
    ] = None,
    draft_of: Annotated[
        str | None,
        typer.Option("--draft-of", metavar="ID", help="The article that it is a new version of."),
    ] = None,
    text_format: Annotated[
        TextFormat, typer.Option("--format", help="How the draft is marked up.")
    ] = TextFormat.PLAIN,
    group: GroupOption = None,
    as_json: JsonOption = False,
) -> None:
    """
    Find what only staff know in a draft, and where it comes from. Exit code 1 if there is any.

    Copies and paraphrases of internal texts, of private notes and of other customers'
    tickets, secrets, personal data, internal hosts and links. The answer quotes internal
    documents: it is for staff. That nothing was found is no proof.
    """
    screen = Screen(as_json=as_json)
    draft = _read(file)
    with KnowledgeBase.open(desk) as kb, screen.busy("Comparing"):
        report = kb.check_outgoing(
            draft, format=text_format, ticket=ticket, draft_of=draft_of, groups=group or ()
        )
    fields = report.model_dump(mode="json") | {"is_clear": report.is_clear}
    if report.is_clear:
        clear = f"{report.n_sentences} sentences: nothing was found that only staff know."
        screen.answer(fields, Text(clear, style="green"))
        return
    n = len(report.findings)
    summary = f"{report.n_sentences} sentences; {n} {'finding' if n == 1 else 'findings'}."
    screen.answer(fields, _table(report), Text(summary, style="bold red"))
    raise typer.Exit(ExitCode.FOUND_WRONG)


def _read(file: Path) -> str:
    try:
        content = sys.stdin.buffer.read() if file == _STDIN else file.read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
    except UnicodeDecodeError:
        reason = "it is not UTF-8"
    raise typer.BadParameter(f"{str(file)!r} cannot be read: {reason}.", param_hint="FILE")


def _table(report: OutgoingReport) -> Table:
    table = plain_table("sentence", "why", "source", leading=1)
    for finding in report.findings:
        table.add_row(
            Text(one_line(finding.sentence)),
            Text(f"{finding.kind.value.replace('_', ' ')}\n", style="red").append(
                one_line(finding.why), style="default"
            ),
            _source(finding),
        )
    return table


def _source(finding: TextFinding) -> Text:
    if finding.source_id is None:
        return Text("")
    shown = Text(one_line(finding.source_id), style=STAFF)
    if finding.source_sentence:
        shown.append(f"\n{one_line(finding.source_sentence)}", style="default not bold")
    return shown
