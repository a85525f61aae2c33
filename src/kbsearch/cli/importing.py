"""Commands that bring in exports: import, sync."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NamedTuple, TextIO

import typer
from rich.text import Text

from kbsearch import KnowledgeBase
from kbsearch.cli.exits import ExitCode, InterruptedWorkError
from kbsearch.cli.import_tables import detected_table, importers_view, report_view
from kbsearch.cli.options import INTO, ByOption, JsonOption, PublishOption, RestrictOption, who
from kbsearch.cli.screen import Screen, one_line
from kbsearch.errors import ConfigError, MassDeletionError, MassPublicationError
from kbsearch.importers import IMPORTERS, Importer, detect, find_importer
from kbsearch.intake import ImportNote, ImportReport, NoteKind, import_export, preview_export
from kbsearch.intake.report import NoteSink

_N_SHOWN = 20

_SourceArgument = Annotated[
    str | None,
    typer.Argument(metavar="SOURCE", help="Whose export it is; see --list.", show_default=False),
]
_PathArgument = Annotated[
    Path | None,
    typer.Argument(metavar="PATH", help="A file, a folder or an archive.", show_default=False),
]
_IntoOption = Annotated[Path | None, INTO]
_OptionOption = Annotated[
    list[str] | None,
    typer.Option("--option", "-o", metavar="NAME=VALUE", help="Of the importer; see --list."),
]
_EncodingOption = Annotated[
    str, typer.Option("--encoding", metavar="NAME", help="Of text files that do not tell theirs.")
]
_DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Only say what would go where, and why.")
]
_DeleteOption = Annotated[
    int | None,
    typer.Option(
        "--delete-at-most",
        metavar="N",
        min=0,
        help="So many documents may be deleted.",
        show_default="20 or 5 %",
    ),
]
_ReportOption = Annotated[
    Path | None,
    typer.Option(
        "--report", metavar="FILE", help="Write every note of the run there, as JSON lines."
    ),
]


def import_(
    source: _SourceArgument = None,
    path: _PathArgument = None,
    *,
    desk: _IntoOption = None,
    option: _OptionOption = None,
    encoding: _EncodingOption = "utf-8",
    group: RestrictOption = None,
    dry_run: _DryRunOption = False,
    publish_at_most: PublishOption = None,
    by: ByOption = None,
    report: _ReportOption = None,
    list_all: Annotated[
        bool, typer.Option("--list", help="Show the importers and their options.")
    ] = False,
    detect_at: Annotated[
        Path | None,
        typer.Option("--detect", metavar="PATH", help="Name the importers that PATH looks like."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """
    Bring in a part of a helpdesk: what the export lacks stays as it is.

    Unknown or missing marks of visibility count as internal. A record that
    cannot be read is reported and passed over. Repeat it freely.
    """
    screen = Screen(as_json=as_json)
    if list_all:
        screen.answer({"importers": [_described(each) for each in IMPORTERS]}, *importers_view())
        return
    if detect_at is not None:
        _detect(screen, detect_at, encoding)
        return
    importer = _importer(source, option, encoding)
    run = _Run(screen, importer, _required(path), _required(desk, "--into"), group, report, by)
    run.carry_out(dry_run=dry_run, publish_at_most=publish_at_most)


def sync(
    source: _SourceArgument = None,
    path: _PathArgument = None,
    *,
    desk: _IntoOption = None,
    option: _OptionOption = None,
    encoding: _EncodingOption = "utf-8",
    group: RestrictOption = None,
    dry_run: _DryRunOption = False,
    publish_at_most: PublishOption = None,
    delete_at_most: _DeleteOption = None,
    by: ByOption = None,
    report: _ReportOption = None,
    as_json: JsonOption = False,
) -> None:
    """
    Bring in all of a helpdesk: what the export lacks is deleted from the desk.

    Only documents of this source are deleted, and none at all if a record of
    the export cannot be read.
    """
    screen = Screen(as_json=as_json)
    importer = _importer(source, option, encoding)
    run = _Run(screen, importer, _required(path), _required(desk, "--into"), group, report, by)
    run.carry_out(
        is_everything=True,
        dry_run=dry_run,
        publish_at_most=publish_at_most,
        delete_at_most=delete_at_most,
    )


class _Run(NamedTuple):
    """One run with what was asked for on the command line."""

    screen: Screen
    importer: Importer
    path: Path
    desk: Path
    groups: list[str] | None
    report: Path | None
    by: str | None

    def carry_out(
        self,
        *,
        dry_run: bool,
        publish_at_most: int | None,
        delete_at_most: int | None = None,
        is_everything: bool = False,
    ) -> None:
        """Run it, show its report, and exit with 1 if something could not be taken."""
        with (
            KnowledgeBase.open(self.desk) as kb,
            _note_file(self.report, self.path) as on_note,
            self.screen.bars() as bars,
        ):
            try:
                if dry_run:
                    found = preview_export(
                        kb,
                        self.importer,
                        self.path,
                        is_everything=is_everything,
                        groups=self.groups or (),
                        on_note=on_note,
                        progress=bars,
                    )
                else:
                    found = import_export(
                        kb,
                        self.importer,
                        self.path,
                        is_everything=is_everything,
                        groups=self.groups or (),
                        publish_at_most=publish_at_most,
                        delete_at_most=delete_at_most,
                        by=who(self.by),
                        on_note=on_note,
                        progress=bars,
                    )
            except (MassPublicationError, MassDeletionError) as error:
                for document_id in error.ids:
                    self.screen.err.print(Text(one_line(document_id)), soft_wrap=True)
                raise
            except KeyboardInterrupt:
                kept = "Nothing was written." if dry_run else bars.kept()
                raise InterruptedWorkError(
                    f"Interrupted. {kept} Run the same command again: what is there "
                    "already costs little."
                ) from None
        _show(self.screen, found)
        if not found.n_read and not found.n_notes:
            self.screen.complain(
                f"Nothing of {self.importer.name} was found in {str(self.path)!r}; "
                "`kbsearch import --detect PATH` names the likely source."
            )
            raise typer.Exit(ExitCode.FOUND_WRONG)
        if not found.is_sound:
            raise typer.Exit(ExitCode.FOUND_WRONG)


def _importer(source: str | None, options: list[str] | None, encoding: str) -> Importer:
    if source is None:
        raise typer.BadParameter(
            "Name the source, as in `kbsearch import zendesk export/ --into support.kb`; "
            "--list shows all of them, --detect PATH guesses.",
            param_hint="SOURCE",
        )
    return find_importer(source)(_pairs(options or []), encoding=encoding)


def _required(path: Path | None, name: str = "PATH") -> Path:
    if path is None:
        raise typer.BadParameter("It is missing.", param_hint=name)
    return path


def _show(screen: Screen, report: ImportReport) -> None:
    shown = (NoteKind.PROBLEM, NoteKind.REJECTED, NoteKind.WARNING)
    important = [note for note in report.notes if note.kind in shown]
    for note in important[:_N_SHOWN]:
        screen.complain(f"{note.subject}: {note.what}")
    n_more = sum(report.n_notes.get(kind.value, 0) for kind in shown) - min(
        len(important), _N_SHOWN
    )
    if n_more > 0:
        screen.complain(f"and {n_more} more; --report FILE lists all")
    screen.answer(report.model_dump(mode="json"), *report_view(report))


def _detect(screen: Screen, path: Path, encoding: str) -> None:
    found = detect(path, encoding=encoding)
    screen.answer(
        {"importers": [{"name": each.name, "likeness": share} for each, share in found]},
        detected_table(found) if found else Text("None of the importers knows this."),
    )
    if not found:
        raise typer.Exit(ExitCode.FOUND_WRONG)


def _described(importer: type[Importer]) -> dict[str, object]:
    return {
        "name": importer.name,
        "title": importer.title,
        "reads": importer.reads,
        "verified": importer.verified,
        "options": [option._asdict() for option in importer.options_known()],
    }


def _pairs(options: list[str]) -> dict[str, str]:
    pairs = {}
    for option in options:
        name, parted, value = option.partition("=")
        if not parted or not name:
            raise ConfigError(f"--option {option!r} is not NAME=VALUE. See --list for the names.")
        pairs[name] = value
    return pairs


@contextmanager
def _note_file(path: Path | None, export: Path) -> Iterator[NoteSink | None]:
    """Somewhere to write all notes to, if that was asked for; readable by its owner alone."""
    if path is None:
        yield None
        return
    if path.resolve().is_relative_to(export.resolve()):
        raise ConfigError(
            f"The report {str(path)!r} would be a part of the export. Choose a file outside of it."
        )
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            yield _writing_to(file)
    except OSError as error:
        raise ConfigError(
            f"The report {str(path)!r} cannot be written: {error.strerror}. Choose another file."
        ) from None


def _writing_to(file: TextIO) -> NoteSink:
    def write(note: ImportNote) -> None:
        file.write(note.model_dump_json() + "\n")

    return write
