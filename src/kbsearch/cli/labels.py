"""The command that tells what a desk's history says is right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from kbsearch import KnowledgeBase, files
from kbsearch.cli.options import AudienceOption, DeskOption, GroupOption, JsonOption, JudgedOption
from kbsearch.cli.screen import Screen
from kbsearch.cli.tables import plain_table
from kbsearch.evaluation import (
    LabelSet,
    LabelSource,
    judged_labels,
    read_judgements,
    write_qrels,
    write_questions,
)
from kbsearch.models import Audience

_QRELS, _QUESTIONS = "qrels.txt", "questions.jsonl"
_FEW = 50


def labels(
    desk: DeskOption,
    audience: AudienceOption,
    *,
    group: GroupOption = None,
    imitate: Annotated[
        bool,
        typer.Option(
            "--imitate", help="Also ask documents for their own parts; such figures flatter."
        ),
    ] = False,
    judged: JudgedOption = None,
    published: Annotated[
        bool,
        typer.Option(
            "--published",
            help="For customers: also what staff have linked between what customers may read. "
            "For the eyes of staff.",
        ),
    ] = False,
    trec: Annotated[
        Path | None,
        typer.Option(
            "--trec",
            metavar="DIR",
            file_okay=False,
            help=f"Write {_QRELS} (TREC's format) and {_QUESTIONS} there; both may hold customers' "
            "words.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """
    Show which labels a desk's history holds: questions whose right documents are known.

    They come from what people linked when they closed tickets: duplicates, merges,
    problems, follow-ups and articles, and from what they said of results. With them
    rankings are measured and tuned.
    """
    screen = Screen(as_json=as_json)
    if published and audience is not Audience.EXTERNAL:
        raise typer.BadParameter(
            "it is about customers: give --audience external.", param_hint="--published"
        )
    with KnowledgeBase.open(desk) as kb, screen.busy("Reading"):
        sets = [kb.labels(audience, groups=group or (), imitate=imitate)]
        sets += [kb.feedback_labels(audience, groups=group or ())]
        sets += [kb.published_labels()] if published else []
    sets += [judged_by(path, audience) for path in judged or ()]
    found = LabelSet.joined(sets)
    if trec is not None:
        with files.reporting(trec):
            trec.mkdir(parents=True, exist_ok=True)
        write_qrels(trec / _QRELS, found.qrels())
        write_questions(trec / _QUESTIONS, found.questions)
    counts = {source: _counts(found.of_sources([source])) for source in LabelSource}
    total = _counts(found)
    fields = {source.value: own for source, own in counts.items() if own["labels"]}
    screen.answer({"sources": fields, "total": total}, *_view(counts, total, imitate=imitate))


def judged_by(path: Path, audience: Audience) -> LabelSet:
    """What a judge's file says of questions that this audience asks."""
    if not path.exists():
        raise typer.BadParameter(f"{str(path)!r} is not there.", param_hint="--judged")
    return judged_labels(one for one in read_judgements(path) if one.question.audience is audience)


def _counts(found: LabelSet) -> dict[str, int]:
    return {
        "questions": len(found.questions),
        "labels": len(found.labels),
        "documents": len({one.document_id for one in found.labels}),
        "confirmed": sum(one.relevance > 1 for one in found.labels),
    }


def _view(
    counts: dict[LabelSource, dict[str, int]], total: dict[str, int], *, imitate: bool
) -> Iterator[RenderableType]:
    table = plain_table("source", "questions", "labels", "documents", "confirmed", "")
    for column in table.columns[1:5]:
        column.justify = "right"
    for source, own in counts.items():
        if own["labels"]:
            remark = "imitated: flatters" if source.is_imitated else ""
            table.add_row(source.value.replace("_", " "), *map(str, own.values()), remark)
    table.add_row("all", *map(str, total.values()), "", style="bold")
    yield table
    if total["questions"] < _FEW and not imitate:
        yield Text(
            f"Fewer than {_FEW} questions hardly tell two rankings apart. `kbsearch judge` makes "
            "more, --imitate shows what documents' own parts give.",
            style="yellow",
        )
