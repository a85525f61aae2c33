"""The command that forgets documents and people."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from kbsearch import KnowledgeBase, Person
from kbsearch.cli.exits import ExitCode, InterruptedWorkError
from kbsearch.cli.options import DeskOption, JsonOption
from kbsearch.cli.screen import Screen, one_line
from kbsearch.models import ForgetReceipt

_N_SHOWN = 20
_PANEL = "A person"

_EmailOption = Annotated[
    str | None,
    typer.Option("--email", metavar="ADDRESS", help="In any case.", rich_help_panel=_PANEL),
]
_RequesterOption = Annotated[
    str | None,
    typer.Option(
        "--requester-id",
        metavar="ID",
        help="As the helpdesk's tickets name who asked.",
        rich_help_panel=_PANEL,
    ),
]
_NameOption = Annotated[
    str | None,
    typer.Option("--name", metavar="NAME", help="The whole name.", rich_help_panel=_PANEL),
]


def forget(
    desk: DeskOption,
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID...", help="Documents, as zendesk:4711.")
    ] = None,
    *,
    email: _EmailOption = None,
    requester_id: _RequesterOption = None,
    name: _NameOption = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="WHO", help="At whose word; kept.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be removed.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    receipt_file: Annotated[
        Path | None, typer.Option("--receipt", metavar="FILE", help="Write the receipt there.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """
    Remove documents, or a person, from every file of the desk, for good.

    Of a person, the tickets they asked are removed, and no other document names
    them any more. Older snapshots go too. Then every byte is read to see that
    nothing is left. The next import does not bring it back. Backups are not reached.
    """
    screen = Screen(as_json=as_json)
    if receipt_file is not None and not dry_run:
        _require_writable(receipt_file)
    person = Person(id=requester_id, name=name, email=email)
    wanted = person if person != Person() else None
    with KnowledgeBase.open(desk) as kb:
        with screen.bars() as bars:
            plan = kb.forget(ids or (), person=wanted, by=by, dry_run=True, progress=bars)
        if dry_run:
            _report(screen, plan)
            return
        if not yes:
            _ask(screen, plan)
        try:
            with screen.bars() as bars:
                receipt = kb.forget(ids or (), person=wanted, by=by, progress=bars)
        except KeyboardInterrupt:
            raise InterruptedWorkError(
                "Interrupted. What was begun is finished when the desk is opened next."
            ) from None
    _report(screen, receipt)
    if receipt_file is not None:
        _write(receipt_file, receipt)


def _ask(screen: Screen, plan: ForgetReceipt) -> None:
    if not sys.stdin.isatty():
        raise typer.BadParameter(
            "nobody can be asked here. Look at --dry-run, then repeat with --yes.",
            param_hint="--yes",
        )
    for line in _lines(plan):
        screen.err.print(line)
    if not typer.confirm("There is no way back. Go on?", err=True):
        raise typer.Exit(ExitCode.FOUND_WRONG)


def _report(screen: Screen, receipt: ForgetReceipt) -> None:
    screen.answer(receipt.model_dump(mode="json"), *_lines(receipt))


def _lines(receipt: ForgetReceipt) -> list[Text]:
    would = "would be " if receipt.is_dry_run else ""
    lines = [
        Text(
            f"{len(receipt.document_ids)} documents {would}removed, "
            f"{len(receipt.rewritten_ids)} others {would}rewritten.",
            style="bold",
        )
    ]
    for label, ids in (("removed", receipt.document_ids), ("rewritten", receipt.rewritten_ids)):
        lines += [Text(f"  {label}: {one_line(each)}", style="dim") for each in ids[:_N_SHOWN]]
        if len(ids) > _N_SHOWN:
            lines.append(Text(f"  and {len(ids) - _N_SHOWN} more; --json lists all", style="dim"))
    if receipt.n_unreadable:
        n = receipt.n_unreadable
        lines.append(Text(f"{n} documents cannot be read: see `kbsearch check`.", style="red"))
    if receipt.models:
        names = ", ".join(map(one_line, receipt.models))
        told = f"Trained before, perhaps on it: {names}. Remove them, and `kbsearch train` anew."
        lines.append(Text(told, style="yellow"))
    if not receipt.is_dry_run:
        lines.append(
            Text(
                f"{receipt.n_traces} words, ids and vectors of theirs were looked for in "
                f"{receipt.n_files} files ({receipt.n_bytes:,} bytes): none is left.",
                style="green",
            )
        )
    return lines


def _require_writable(path: Path) -> None:
    """A receipt that cannot be written is an error before anything is forgotten."""
    try:
        with path.open("a", encoding="utf-8"):
            return
    except OSError as error:
        raise typer.BadParameter(
            f"{str(path)!r} cannot be written: {error.strerror}. Nothing was forgotten.",
            param_hint="--receipt",
        ) from None


def _write(path: Path, receipt: ForgetReceipt) -> None:
    try:
        path.write_text(receipt.model_dump_json(indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise typer.BadParameter(
            f"{str(path)!r} cannot be written: {error.strerror}. All was forgotten; the "
            "receipt is what was printed.",
            param_hint="--receipt",
        ) from None
