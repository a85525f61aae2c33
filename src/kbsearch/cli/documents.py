"""Commands that write: init, add."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from rich.text import Text

from kbsearch import KnowledgeBase
from kbsearch.cli.exits import ExitCode, InterruptedWorkError
from kbsearch.cli.options import (
    INTO,
    ByOption,
    JsonOption,
    PublishOption,
    RestrictOption,
    who,
)
from kbsearch.cli.screen import Screen, one_line
from kbsearch.cli.tables import held_back_lines
from kbsearch.config import EmbedderKind, EmbedderSettings, Settings
from kbsearch.embed import make_embedder
from kbsearch.errors import InvalidDocumentError
from kbsearch.intake import brake_publication, newly_external, publish_limit
from kbsearch.models import Audience, Document, UpsertReport, parse_document, parse_groups

_STDIN = Path("-")
_N_SHOWN = 20


def init(
    desk: Annotated[Path, typer.Argument(metavar="DESK", help="The directory to make.")],
    embedder: Annotated[
        EmbedderKind, typer.Option("--embedder", help="What turns text into vectors.")
    ] = EmbedderKind.SENTENCE_TRANSFORMERS,
    model: Annotated[
        str, typer.Option("--model", metavar="NAME", help="Name of a model, or its directory.")
    ] = EmbedderSettings().model,
    allow_download: Annotated[
        bool, typer.Option("--allow-download", help="Fetch the model if it is not here.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make an empty desk, a directory. Its settings are in its kbsearch.toml."""
    screen = Screen(as_json=as_json)
    chosen = EmbedderSettings(kind=embedder, model=model, allow_download=allow_download)
    with screen.busy("Looking for the model"):
        found = make_embedder(chosen)  # a missing model is an error before anything is made
    settings = Settings(embedder=chosen)
    with KnowledgeBase.create(desk, settings=settings, embedder=found) as kb:
        screen.answer(
            {"desk": str(kb.path), "embedder": chosen.model_dump(mode="json")},
            Text(
                f"{one_line(str(kb.path))} is ready, with a shelf for staff and one for customers."
            ),
            Text(f"Fill it: kbsearch add FILE --into {one_line(str(kb.path))}", style="dim"),
        )


class _Rejected(NamedTuple):
    """A document that was not taken, where it stood, and why."""

    file: str
    line: int
    document_id: str | None
    reason: str


class _Batch(NamedTuple):
    documents: list[Document]
    places: list[tuple[str, int]]
    rejected: list[_Rejected]


def add(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="JSON lines, an article or a ticket each; - is standard input.",
        ),
    ],
    desk: Annotated[Path, INTO],
    *,
    group: RestrictOption = None,
    publish_at_most: PublishOption = None,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """
    Add articles and tickets, or change those that are there.

    A line that cannot be read is reported and passed over; the others are
    searchable at once. What is unchanged costs nothing, so repeat it freely.
    """
    screen = Screen(as_json=as_json)
    with KnowledgeBase.open(desk) as kb:
        with screen.busy("Reading"):
            batch = _read(files, parse_groups(group or (), Audience.INTERNAL))
        closed = [each.id for each in batch.documents if each.public_face() is None]
        left = kb.withdraw(closed, by=who(by), how="add")
        newly = newly_external(kb, batch.documents)
        brake_publication(newly, publish_limit(kb), at_most=publish_at_most)
        report = UpsertReport()
        if batch.documents:
            report = _upsert(kb, batch.documents, screen, who(by))
            report = report.model_copy(update={"withdrawn": (*left, *report.withdrawn)})
    for rejection in report.rejected:
        file, line = batch.places[rejection.position]
        batch.rejected.append(_Rejected(file, line, rejection.document_id, rejection.reason))
    _report(screen, report, batch.rejected)
    if batch.rejected:
        raise typer.Exit(ExitCode.FOUND_WRONG)


def _upsert(
    kb: KnowledgeBase, documents: list[Document], screen: Screen, by: str | None
) -> UpsertReport:
    with screen.bars() as bars:
        try:
            return kb.upsert(documents, by=by, how="add", progress=bars)
        except KeyboardInterrupt:
            raise InterruptedWorkError(
                f"Interrupted. {bars.kept()} Run the same command again: it goes on from there."
            ) from None


def _read(files: list[Path], groups: tuple[str, ...]) -> _Batch:
    """The documents of all files, where each stood, and the lines that hold none."""
    batch = _Batch([], [], [])
    for path in files:
        name = one_line("standard input" if path == _STDIN else str(path))
        for number, line in enumerate(_lines(path), start=1):
            if not line.strip():
                continue
            try:
                document = parse_document(line)
                batch.documents.append(document.restricted_to(groups) if groups else document)
                batch.places.append((name, number))
            except InvalidDocumentError as error:
                batch.rejected.append(_Rejected(name, number, None, error.reason))
    return batch


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with nullcontext(sys.stdin.buffer) if path == _STDIN else path.open("rb") as file:
            first = file.readline()
            yield first.removeprefix(codecs.BOM_UTF8)
            yield from file
    except OSError as error:
        raise typer.BadParameter(
            f"{str(path)!r} cannot be read: {error.strerror}. Nothing was added.",
            param_hint="FILE",
        ) from None


def _report(screen: Screen, report: UpsertReport, rejected: list[_Rejected]) -> None:
    for one in rejected[:_N_SHOWN]:
        named = f"{one.document_id}: " if one.document_id else ""
        screen.complain(f"{one.file}:{one.line}: {named}{one.reason}")
    if len(rejected) > _N_SHOWN:
        screen.complain(f"and {len(rejected) - _N_SHOWN} more; --json lists all")
    counted = report.model_copy(update={"rejected": tuple(rejected)})
    screen.answer(
        report.model_dump(mode="json") | {"rejected": [one._asdict() for one in rejected]},
        Text(f"{counted}.", style="bold"),
        *held_back_lines(report),
    )
