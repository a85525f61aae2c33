"""The command that gives the customers' shelf away, and the check of what was given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from kbsearch import KnowledgeBase
from kbsearch.cli.exits import ExitCode
from kbsearch.cli.options import ByOption, DeskOption, JsonOption, who
from kbsearch.cli.screen import Screen, one_line
from kbsearch.cli.tables import findings_table
from kbsearch.models import BundleCheck, BundleReport

_N_SHOWN = 20


def export_shelf(
    shelf: Annotated[str, typer.Argument(metavar="SHELF", help="external, and no other.")],
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The directory to make.")],
    desk: DeskOption,
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of an older bundle, in one step.")
    ] = False,
    include_pending: Annotated[
        bool,
        typer.Option("--include-pending", help="With articles that customers find later."),
    ] = False,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """
    Write the customers' shelf as a bundle: a directory that serves them on another host.

    It is read only and holds what stands there now: nothing of the staff's side, and nothing
    of documents that stood there before. Articles that are expired, or not valid yet, are left
    out. `kbsearch check --audience external` proves a bundle where it lies, and
    `kbsearch check --audience internal --bundle PATH` proves it from its desk.
    """
    screen = Screen(as_json=as_json)
    with KnowledgeBase.open(desk) as kb, screen.bars() as bars:
        report = kb.export_shelf(
            shelf,
            path,
            replace=replace,
            include_pending=include_pending,
            by=who(by),
            progress=bars,
        )
    screen.answer(report.model_dump(mode="json"), *_report_lines(report))
    if report.local_model is not None:
        screen.warn(
            f"Its kbsearch.toml names the model by a path, {report.local_model!r}: the other host "
            "needs the model there, or another path in that line of the desk's settings."
        )


def _report_lines(report: BundleReport) -> Iterator[Text]:
    yield Text(
        f"{report.n_articles} articles and {report.n_tickets} tickets were exported.", style="green"
    )
    size = f"{report.n_files} files, {report.size_bytes:,} bytes"
    yield Text(f"{one_line(report.path)}: {size}", style="dim")
    if report.n_pending:
        yield Text(f"{report.n_pending} articles that are not valid yet were left out.")
    if report.n_expired:
        yield Text(f"{report.n_expired} expired articles were left out.")
    if report.n_embedded:
        yield Text(f"{report.n_embedded} passages were embedded anew.", style="dim")
    yield Text(f"sha256 of BUNDLE: {report.sha256}", style="dim")


def check_bundle(desk: Path, bundle: Path, screen: Screen) -> None:
    """Prove a bundle from its desk; exit code 1 if something is wrong or was withdrawn since."""
    with KnowledgeBase.open(desk) as kb, screen.bars() as bars:
        report = kb.check_bundle(bundle, progress=bars)
    computed = {"is_sound": report.is_sound, "is_current": report.is_current}
    fields = report.model_dump(mode="json") | computed
    if report.is_sound:
        screen.answer(fields, *_proof_lines(report))
        return
    summary = Text(f"{len(report.findings)} found wrong.", style="bold red")
    screen.answer(fields, findings_table(report.findings), *_proof_lines(report), summary)
    raise typer.Exit(ExitCode.FOUND_WRONG)


def _proof_lines(report: BundleCheck) -> Iterator[Text]:
    share = ""
    if report.n_vectors < report.n_vectors_of_staff:
        share = f" of {report.n_vectors_of_staff}"
    yield Text(
        f"{report.n_words} words, {report.n_ids} ids and {report.n_vectors}{share} vectors that "
        "stand with the staff alone were looked for."
    )
    yield Text(f"{report.n_files} files with {report.n_bytes:,} bytes were read for it.")
    if report.is_current:
        yield Text(
            f"Its {report.n_documents} documents are those that this desk would export now.",
            style="green" if report.is_sound else "",
        )
        return
    yield from _since("are not for customers any more", report.withdrawn_ids, "bold red")
    yield from _since("were changed", report.changed_ids, "red")
    yield from _since("came to customers", report.added_ids, "yellow")


def _since(what: str, ids: Sequence[str], style: str) -> Iterator[Text]:
    if ids:
        shown = ", ".join(map(one_line, ids[:_N_SHOWN])) + (", …" if len(ids) > _N_SHOWN else "")
        yield Text(f"Since its export {len(ids)} {what}: {shown}", style=style)
