"""Commands that look after a desk: stats, check."""

from __future__ import annotations

import typer
from rich.text import Text

from kbsearch import KnowledgeBase
from kbsearch.cli.exits import ExitCode
from kbsearch.cli.options import AudienceOption, DeskOption, JsonOption
from kbsearch.cli.screen import Screen
from kbsearch.cli.tables import findings_table, stats_view


def stats(desk: DeskOption, audience: AudienceOption, as_json: JsonOption = False) -> None:
    """Count what stands on the shelves that this audience may see."""
    screen = Screen(as_json=as_json)
    with KnowledgeBase.open(desk) as kb:
        shelves = kb.stats(audience)
    screen.answer(
        {"shelves": [shelf.model_dump(mode="json") for shelf in shelves]}, *stats_view(shelves)
    )


def check(desk: DeskOption, audience: AudienceOption, as_json: JsonOption = False) -> None:
    """Verify every byte of those shelves; changes nothing. Exit code 1 if something is wrong."""
    screen = Screen(as_json=as_json)
    with KnowledgeBase.open(desk) as kb, screen.busy("Verifying"):
        report = kb.check(audience)
    verified = (
        f"{report.n_documents} documents, {report.n_passages} passages and "
        f"{report.n_files} files verified"
    )
    fields = report.model_dump(mode="json") | {"is_sound": report.is_sound}
    if report.is_sound:
        screen.answer(fields, Text(f"{verified}: all sound.", style="green"))
        return
    summary = Text(f"{verified}; {len(report.findings)} found wrong.", style="bold red")
    screen.answer(fields, findings_table(report.findings), summary)
    raise typer.Exit(ExitCode.FOUND_WRONG)
