"""Commands that publish and withdraw by name, and that show who did: publish, withdraw, audit."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from kbsearch import KnowledgeBase
from kbsearch.cli.document_view import document_view
from kbsearch.cli.exits import ExitCode
from kbsearch.cli.options import (
    ByOption,
    DeskOption,
    JsonOption,
    PublishOption,
    SinceOption,
    parse_moment,
    who,
)
from kbsearch.cli.screen import Screen, one_line
from kbsearch.cli.tables import CUSTOMERS, STAFF, held_back_lines, plain_table
from kbsearch.errors import ConfigError
from kbsearch.intake import brake_publication, newly_external, publish_limit
from kbsearch.models import Article, AuditAction, AuditEntry, Document

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = ("number", "at", "action", "document_id", "shelf", "by", "how", "note")

_IdsArgument = Annotated[
    list[str], typer.Argument(metavar="ID...", help="Documents, as zendesk:4711.")
]
_ReasonOption = Annotated[
    str | None, typer.Option("--reason", metavar="TEXT", help="Why; kept in the audit trail.")
]


def publish(
    ids: _IdsArgument,
    desk: DeskOption,
    *,
    by: Annotated[
        str, typer.Option("--by", metavar="WHO", help="At whose word; kept in the audit trail.")
    ],
    reason: _ReasonOption = None,
    public_subject: Annotated[
        str | None,
        typer.Option(
            "--public-subject", metavar="TEXT", help="What customers read as a ticket's subject."
        ),
    ] = None,
    publish_at_most: PublishOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """
    Show these documents to customers, at somebody's word.

    Shows what customers will read, redacted, and asks. An import whose source
    still says that they are internal takes them from customers again.
    """
    screen = Screen(as_json=as_json)
    if public_subject is not None and len(ids) != 1:
        raise typer.BadParameter("It is of one ticket alone.", param_hint="--public-subject")
    subjects = {} if public_subject is None else {ids[0]: public_subject}
    with KnowledgeBase.open(desk) as kb:
        faces = kb.preview_publishing(ids, public_subjects=subjects)
        shown = [face for face in faces.values() if face is not None]
        newly = newly_external(kb, shown)
        brake_publication(newly, publish_limit(kb), at_most=publish_at_most)
        if not yes and shown:
            _ask(screen, faces)
        with screen.bars() as bars:
            report = kb.publish(
                ids,
                by=by,
                reason=reason,
                public_subjects=subjects,
                expected=faces,
                progress=bars,
            )
    screen.answer(
        report.model_dump(mode="json"),
        Text(f"{report}.", style="bold"),
        *held_back_lines(report),
    )
    for rejection in report.rejected:
        screen.complain(f"{rejection.document_id}: {rejection.reason}")
    if report.held_back or report.rejected or report.forgotten:
        raise typer.Exit(ExitCode.FOUND_WRONG)


def withdraw(
    ids: _IdsArgument,
    desk: DeskOption,
    *,
    by: ByOption = None,
    reason: _ReasonOption = None,
    as_json: JsonOption = False,
) -> None:
    """
    Take documents from customers at once; staff keep them.

    The next import brings them back if their source still says that they are
    public: withdraw them there, too. Exit code 1 if none of them stood there.
    """
    screen = Screen(as_json=as_json)
    with KnowledgeBase.open(desk) as kb:
        gone = kb.withdraw(ids, by=who(by), reason=reason)
    screen.answer(
        {"withdrawn": list(gone)},
        Text(f"{len(gone)} withdrawn from customers.", style="bold"),
        *(Text(f"withdrawn from customers: {one_line(each)}", style="dim") for each in gone),
    )
    if not gone:
        raise typer.Exit(ExitCode.FOUND_WRONG)


def audit(
    desk: DeskOption,
    *,
    since: SinceOption = None,
    until: Annotated[
        datetime | None,
        typer.Option("--until", parser=parse_moment, metavar="DATE", help="Before then."),
    ] = None,
    document_id: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="Of this document alone.")
    ] = None,
    action: Annotated[
        AuditAction | None, typer.Option("--action", help="Of this kind alone.")
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="WHO", help="Of this person or role alone.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, help="At most so many.")
    ] = 100,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Answer with CSV, safe for spreadsheets.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """
    Show who published, withdrew, deleted or forgot what, newest first.

    For staff's eyes. `kbsearch check` verifies that no entry is missing or altered.
    """
    if as_csv and as_json:
        raise ConfigError("--csv and --json are two answers. Ask for one of them.")
    screen = Screen(as_json=as_json)
    with KnowledgeBase.open(desk) as kb:
        entries = kb.audit(
            since=since,
            until=until,
            document_id=document_id,
            action=action,
            by=by,
            limit=limit,
        )
    if as_csv:
        sys.stdout.write(csv_of(entries))
        return
    screen.answer({"entries": [entry.model_dump(mode="json") for entry in entries]}, _view(entries))


def csv_of(entries: Sequence[AuditEntry]) -> str:
    """
    Entries as CSV with a line of names.

    A cell that a spreadsheet would take for a formula begins with an apostrophe
    (OWASP ASVS 5.0, 1.2.10).
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for entry in entries:
        fields = entry.model_dump(mode="json")
        writer.writerow([_cell(fields[name]) for name in _COLUMNS])
    return out.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _view(entries: Sequence[AuditEntry]) -> RenderableType:
    if not entries:
        return Text("No entries.")
    table = plain_table("#", "at (UTC)", "action", "document", "by", "how", "note")
    table.columns[0].justify = "right"
    for entry in entries:
        table.add_row(
            str(entry.number),
            f"{entry.at:%Y-%m-%d %H:%M:%S}",
            entry.action.value,
            one_line(entry.document_id or ""),
            one_line(entry.by or "unknown"),
            one_line(entry.how),
            one_line(entry.note or ""),
        )
    return table


def _also_read(face: Document) -> str:
    """Fields that staff may have filled for themselves."""
    supersedes = face.supersedes if isinstance(face, Article) else ()
    fields = {"tags": face.tags, "supersedes": supersedes, "product": (face.product or "",)}
    told = {name: ", ".join(map(one_line, filter(None, each))) for name, each in fields.items()}
    return "; ".join(f"{name} {values}" for name, values in told.items() if values)


def _ask(screen: Screen, faces: Mapping[str, Document | None]) -> None:
    if not sys.stdin.isatty():
        raise typer.BadParameter(
            "nobody can be asked here. Look at what customers will read on a terminal, or "
            "repeat with --yes.",
            param_hint="--yes",
        )
    for document_id, face in faces.items():
        if face is None:
            nothing = f"{one_line(document_id)}: nothing of it is for customers"
            screen.err.print(Text(nothing, style=STAFF))
            continue
        screen.err.print(Text(f"Customers will read {one_line(document_id)}:", style="bold"))
        for part in document_view(face):
            screen.err.print(part)
        if also := _also_read(face):
            screen.err.print(Text(f"Customers will also read: {also}.", style=CUSTOMERS))
    if not typer.confirm("Publish?", err=True):
        raise typer.Exit(ExitCode.FOUND_WRONG)
