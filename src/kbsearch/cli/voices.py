"""Commands on wording: check-voice, and twins."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from kbsearch import KnowledgeBase
from kbsearch.cli.exits import ExitCode
from kbsearch.cli.options import DeskOption, JsonOption
from kbsearch.cli.screen import Screen, one_line
from kbsearch.cli.tables import CUSTOMERS, STAFF, plain_table
from kbsearch.config import VoiceKind
from kbsearch.errors import DocumentNotFoundError
from kbsearch.models import Audience, TextFormat
from kbsearch.sharing.twins import TwinPair, TwinState
from kbsearch.sharing.voice.checking import VoiceReport

_STDIN = "-"
_FORMATS = {".md": TextFormat.MARKDOWN, ".html": TextFormat.HTML, ".htm": TextFormat.HTML}
_STATES = {
    TwinState.IN_STEP: ("in step", "green"),
    TwinState.INTERNAL_CHANGED: ("internal changed", STAFF),
    TwinState.EXTERNAL_CHANGED: ("external changed", CUSTOMERS),
    TwinState.BOTH_CHANGED: ("both changed", "bold red"),
    TwinState.UNMARKED: ("never compared", "yellow"),
    TwinState.GONE: ("one is gone", "bold red"),
    TwinState.SUGGESTED: ("suggested", "dim"),
}


def check_voice(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID|FILE|-]",
            help="A document, a draft in a file (.md, .html, else plain), or standard input.",
            show_default="all that this audience reads",
        ),
    ] = None,
    *,
    desk: DeskOption,
    audience: Annotated[
        Audience, typer.Option("--audience", "-a", help="Who is to read it.")
    ] = Audience.EXTERNAL,
    as_json: JsonOption = False,
) -> None:
    """
    Find what readers should not meet: staff's words, blame, abbreviations, hard sentences.

    These are warnings, sentence by sentence; nothing is changed or held back. Words
    for staff stand in internal/glossary.toml of the desk, one on each line:
    "internal word" = "what to write instead". Exit code 1 if anything was found.
    """
    screen = Screen(as_json=as_json)
    with KnowledgeBase.open(desk) as kb, screen.busy("Reading"):
        reports = (
            kb.check_voices(audience=audience)
            if what is None
            else [_check_one(kb, what, audience=audience)]
        )
    fields = {"reports": [report.model_dump(mode="json") for report in reports]}
    views = _shelf_view(reports) if what is None else _report_view(reports[0])
    screen.answer(fields, *views)
    if any(report.findings for report in reports):
        raise typer.Exit(ExitCode.FOUND_WRONG)


def _check_one(kb: KnowledgeBase, what: str, *, audience: Audience) -> VoiceReport:
    if what == _STDIN:
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
        return kb.check_voice(text, audience=audience)
    try:
        document = kb.searcher(Audience.INTERNAL).get(what)
    except DocumentNotFoundError:
        path = Path(what)
        if not path.is_file():
            raise
        text_format = _FORMATS.get(path.suffix.lower(), TextFormat.PLAIN)
        return kb.check_voice(_text_of(path), audience=audience, text_format=text_format)
    return kb.check_voice(document, audience=audience)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise typer.BadParameter(
            f"{str(path)!r} cannot be read: {error.strerror}.", param_hint="FILE"
        ) from None


def _shelf_view(reports: list[VoiceReport]) -> Iterator[RenderableType]:
    table = plain_table("document", *(kind.value.replace("_", " ") for kind in VoiceKind), "grade")
    table.columns[0].no_wrap = True
    for column in table.columns[1:]:
        column.justify = "right"
    for report in reports:
        counts = Counter(finding.kind.value for finding in report.findings)
        if report.findings:
            cells = (str(counts[kind.value] or "") for kind in VoiceKind)
            grade = report.readability.grade
            table.add_row(
                one_line(report.document_id or ""), *cells, "" if grade is None else f"{grade:g}"
            )
    if table.row_count:
        yield table
    n_findings = sum(len(report.findings) + report.n_more for report in reports)
    yield Text(
        f"{n_findings} findings in {table.row_count} of {len(reports)} documents.",
        style="bold yellow" if n_findings else "green",
    )


def _report_view(report: VoiceReport) -> Iterator[RenderableType]:
    for finding in report.findings:
        yield Text(one_line(finding.sentence))
        yield Text(f"  {finding.kind.value.replace('_', ' ')}: {one_line(finding.why)}", "yellow")
    measured = report.readability
    grade = "" if measured.grade is None else f", grade {measured.grade:g}"
    summary = (
        f"{len(report.findings) + report.n_more} findings in {report.n_sentences} sentences; "
        f"{measured.words_per_sentence:g} words in each{grade}."
    )
    yield Text(summary, style="bold yellow" if report.findings else "green")


def twins(
    *,
    desk: DeskOption,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Look for further pairs by likeness.")
    ] = False,
    in_step: Annotated[
        tuple[str, str] | None,
        typer.Option("--in-step", metavar="INTERNAL EXTERNAL", help="Say that these two are."),
    ] = None,
    drop: Annotated[
        tuple[str, str] | None,
        typer.Option("--drop", metavar="INTERNAL EXTERNAL", help="Forget what was said of these."),
    ] = None,
    by: Annotated[str, typer.Option("--by", metavar="WHO", help="At whose word.")] = "",
    as_json: JsonOption = False,
) -> None:
    """
    List pairs of an internal and an external article, and which are out of step.

    A pair is stated by `twin_id`, or by --in-step; from then on later changes of
    either are shown, sentence by sentence, with the sentence of the other that may
    need the same. Exit code 1 if a pair is out of step.
    """
    screen = Screen(as_json=as_json)
    if in_step and drop:
        raise typer.BadParameter("give one of them.", param_hint="--in-step, --drop")
    with KnowledgeBase.open(desk) as kb:
        if in_step:
            kb.mark_in_step(*in_step, by=by)
            screen.answer({"in_step": in_step, "by": by}, Text("Noted as in step.", "green"))
            return
        if drop:
            was_noted = kb.unmark_twins(*drop)
            said = "Dropped." if was_noted else "Nothing was noted of these two."
            screen.answer({"dropped": was_noted}, Text(said, "green" if was_noted else "yellow"))
            return
        with screen.busy("Comparing"):
            report = kb.twins(suggest=suggest)
    fields = [
        pair.model_dump(mode="json") | {"is_out_of_step": pair.is_out_of_step}
        for pair in report.pairs
    ]
    screen.answer({"pairs": fields}, *_twins_view(report.pairs))
    if report.out_of_step:
        raise typer.Exit(ExitCode.FOUND_WRONG)


def _twins_view(pairs: tuple[TwinPair, ...]) -> Iterator[RenderableType]:
    for pair in pairs:
        name, style = _STATES[pair.state]
        yield Text.assemble(
            (one_line(pair.internal_id), STAFF),
            " and ",
            (one_line(pair.external_id), CUSTOMERS),
            ": ",
            (name, style),
        )
        yield from (Text(f"  {line}") for line in _details(pair))
    n_out = sum(pair.is_out_of_step for pair in pairs)
    yield Text(
        f"{n_out} of {len(pairs)} pairs are out of step.", style="bold yellow" if n_out else "green"
    )


def _details(pair: TwinPair) -> Iterator[str]:
    if pair.at is not None:
        yield f"in step on {pair.at:%Y-%m-%d} by {one_line(pair.by or '')}"
    if pair.newer is not None:
        yield f"the {pair.newer.value} one is newer"
    if pair.likeness is not None:
        yield f"cosine {pair.likeness:.2f}"
    yield from pair.remarks
    for change in pair.changes:
        gone = f", {change.n_gone} gone" if change.n_gone else ""
        yield f"{change.side.value}: {len(change.new)} new{gone}"
        for each in change.new:
            yield f"  + {one_line(each.sentence)}"
            if each.nearest is not None:
                yield f"    beside: {one_line(each.nearest)}"
