"""Commands that look after a desk: stats, check, snapshots, rollback."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from kbsearch import KnowledgeBase
from kbsearch.cli.bundles import check_bundle
from kbsearch.cli.exits import ExitCode
from kbsearch.cli.options import (
    AudienceOption,
    ByOption,
    DeskOption,
    EveryGroupOption,
    GroupOption,
    JsonOption,
    who,
)
from kbsearch.cli.screen import Screen
from kbsearch.cli.tables import findings_table, snapshots_table, stats_view
from kbsearch.models import Audience


def stats(
    desk: DeskOption,
    audience: AudienceOption,
    *,
    group: GroupOption = None,
    every_group: EveryGroupOption = False,
    as_json: JsonOption = False,
) -> None:
    """Count what stands on the shelves that this audience may see."""
    screen = Screen(as_json=as_json)
    with KnowledgeBase.open(desk) as kb:
        shelves = kb.stats(audience, groups=_groups(kb, audience, group, every=every_group))
    screen.answer(
        {"shelves": [shelf.model_dump(mode="json") for shelf in shelves]}, *stats_view(shelves)
    )


def check(
    desk: DeskOption,
    audience: AudienceOption,
    *,
    group: GroupOption = None,
    every_group: EveryGroupOption = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="First mend what can be made anew from the records.")
    ] = False,
    bundle: Annotated[
        Path | None,
        typer.Option("--bundle", metavar="PATH", help="Prove this bundle of the desk instead."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """
    Verify records, indexes and files of those shelves. Exit code 1 if something is wrong.

    Without --repair nothing is changed. With it, what can be made anew from the
    records is, where it is wrong, and what is left is shown.

    With --bundle an exported bundle is read for what stands with the staff alone, and for
    documents that were withdrawn since.
    """
    screen = Screen(as_json=as_json)
    if bundle is not None:
        if repair or audience is not Audience.INTERNAL:
            raise typer.BadParameter(
                "it is proved for staff and never repaired: give --audience internal alone.",
                param_hint="--bundle",
            )
        check_bundle(desk, bundle, screen)
        return
    with KnowledgeBase.open(desk) as kb:
        groups = _groups(kb, audience, group, every=every_group)
        if repair:
            with screen.bars() as bars:
                report = kb.repair(audience, groups=groups, progress=bars)
        else:
            with screen.busy("Verifying"):
                report = kb.check(audience, groups=groups)
    verified = (
        f"{report.n_documents} documents, {report.n_passages} passages and "
        f"{report.n_files} files verified"
    )
    fields = report.model_dump(mode="json") | {"is_sound": report.is_sound}
    of_list = [Text(f"sha256 of BUNDLE: {s}", style="dim")] if (s := report.bundle_sha256) else []
    if report.is_sound:
        screen.answer(fields, Text(f"{verified}: all sound.", style="green"), *of_list)
        return
    summary = Text(f"{verified}; {len(report.findings)} found wrong.", style="bold red")
    screen.answer(fields, findings_table(report.findings), summary)
    raise typer.Exit(ExitCode.FOUND_WRONG)


def snapshots(
    desk: DeskOption,
    audience: AudienceOption,
    *,
    group: GroupOption = None,
    every_group: EveryGroupOption = False,
    as_json: JsonOption = False,
) -> None:
    """List the snapshots of those shelves: which is live, and which can be rolled back to."""
    screen = Screen(as_json=as_json)
    with KnowledgeBase.open(desk) as kb:
        found = kb.snapshots(audience, groups=_groups(kb, audience, group, every=every_group))
    screen.answer(
        {"snapshots": [info.model_dump(mode="json") for info in found]}, snapshots_table(found)
    )


def rollback(
    desk: DeskOption,
    shelf: Annotated[
        str,
        typer.Option(
            "--shelf", metavar="SHELF", help="external, internal, or that of a group: internal.hr."
        ),
    ],
    *,
    to: Annotated[
        int | None,
        typer.Option("--to", metavar="NUMBER", help="A snapshot.", show_default="the one before"),
    ] = None,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """
    Make an older snapshot of a shelf live again; documents stay as they are.

    What was written since is found all the same. The next rebuild makes a new one.
    """
    screen = Screen(as_json=as_json)
    with KnowledgeBase.open(desk) as kb, screen.bars() as bars:
        info = kb.rollback(shelf, to=to, by=who(by), progress=bars)
    screen.answer(
        info.model_dump(mode="json"),
        Text(f"Snapshot {info.number} of shelf {info.shelf} is live.", style="green"),
    )


def _groups(
    kb: KnowledgeBase, audience: Audience, named: Sequence[str] | None, *, every: bool
) -> Sequence[str]:
    """Groups whose shelves are asked for; customers are not told whether there are any."""
    if not every:
        return named or ()
    if audience is Audience.EXTERNAL:
        raise typer.BadParameter(
            "groups are of staff; customers are in none. Leave it out.", param_hint="--every-group"
        )
    return kb.groups()
