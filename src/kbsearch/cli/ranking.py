"""The command that explains a hit: explain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from kbsearch import KnowledgeBase
from kbsearch.cli.options import (
    AcceptFalseOption,
    AudienceOption,
    CreatedBeforeOption,
    CreatedFromOption,
    DeskOption,
    GroupOption,
    JsonOption,
    KindOption,
    KOption,
    LanguageOption,
    ProductOption,
    ResolvedOption,
    StatusOption,
    TagOption,
    make_filters,
)
from kbsearch.cli.screen import Screen, one_line
from kbsearch.cli.tables import plain_table, rewording_line, votes_line
from kbsearch.models import Absence, ExplainedStage, Explanation, Votes

_WHY_ABSENT = {
    Absence.FILTERED_OUT: "the filters leave it out (drafts and archived articles always)",
    Absence.NOT_PROPOSED: "no retriever proposed it: so many others are nearer",
    Absence.NOTHING_IN_COMMON: "it has nothing in common with the query",
    Absence.HELD_BACK: "it is held back as hardly useful",
}
_TERMS_SHOWN = 12


def explain(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="As you would search for it.")],
    document_id: Annotated[str, typer.Argument(metavar="ID", help="Of an article or a ticket.")],
    desk: DeskOption,
    audience: AudienceOption,
    *,
    group: GroupOption = None,
    k: KOption = 5,
    accept_false: AcceptFalseOption = None,
    kind: KindOption = None,
    product: ProductOption = None,
    tag: TagOption = None,
    status: StatusOption = None,
    language: LanguageOption = None,
    resolved: ResolvedOption = None,
    created_from: CreatedFromOption = None,
    created_before: CreatedBeforeOption = None,
    as_json: JsonOption = False,
) -> None:
    """
    Show why a search puts a document where it does, or leaves it out.

    Each stage of the ranking with what it says of the document, the best of its kind
    that this is compared with, and its share of the score: shares add up to it.
    """
    screen = Screen(as_json=as_json)
    filters = make_filters(
        kind=kind,
        product=product,
        tags=tag,
        status=status,
        language=language,
        resolved=resolved,
        created_from=created_from,
        created_before=created_before,
    )
    with KnowledgeBase.open(desk) as kb:
        with screen.busy("Searching"):
            told = kb.searcher(audience, groups=group or ()).explain(
                query, document_id, k=k, filters=filters, accept_false=accept_false
            )
        screen.answer(told.model_dump(mode="json"), *_view(told))


def _view(told: Explanation) -> Iterator[RenderableType]:
    where = f"hit {told.rank}" if told.rank is not None else "no hit"
    head = f" is {where}, score {told.score:.3f}, on shelf {one_line(told.shelf)}"
    yield Text.assemble((one_line(told.id), "bold"), head)
    if told.near_copy_of is not None:
        original = one_line(told.near_copy_of)
        yield Text(
            f"not shown itself: nearly the same as {original}, and counted with it", "yellow"
        )
    elif told.absence is not None:
        yield Text(f"not among the hits: {_WHY_ABSENT[told.absence]}", style="yellow")
    table = plain_table("stage", "signal", "best", "weight", "share", "rank alone", "best hit")
    for column in table.columns[1:]:
        column.justify = "right"
    shares = told.best.shares if told.best else {}
    for stage in told.stages:
        table.add_row(*_cells(stage), f"{shares.get(stage.stage, 0.0):.3f}")
    best_score = f"{told.best.score:.3f}" if told.best else ""
    table.add_row("score", "", "", "", f"{told.score:.3f}", "", best_score, style="bold")
    yield table
    yield from _lines(told)


def _cells(stage: ExplainedStage) -> tuple[str, ...]:
    return (
        stage.stage.value.replace("_", " "),
        "" if stage.signal is None else f"{stage.signal:.3f}",
        "" if stage.best is None else f"{stage.best:.3f}",
        f"{stage.weight:.3f}",
        f"{stage.share:.3f}",
        "" if stage.rank is None else str(stage.rank),
    )


def _lines(told: Explanation) -> Iterator[Text]:
    in_order = sorted(told.terms.items(), key=lambda pair: -pair[1])
    terms = ", ".join(f"{one_line(term)} {score:.2f}" for term, score in in_order[:_TERMS_SHOWN])
    more = f" and {len(in_order) - _TERMS_SHOWN} more" if len(in_order) > _TERMS_SHOWN else ""
    yield Text(f"bm25 by term: {terms or 'none'}{more}")
    if told.exact_matches:
        held = ", ".join(one_line(match.text) for match in told.exact_matches)
        yield Text(f"identifiers it holds: {held}")
    for rewording in told.rewordings:
        yield Text(rewording_line(rewording), style="dim")
    if told.best is not None and told.best.id != told.id:
        yield Text(f"best hit: {one_line(told.best.id)}", style="dim")
    if told.probability is not None:
        needed = told.needed_probability
        least = "" if needed is None else f", {needed:.2f} needed"
        yield Text(f"useful with probability {told.probability:.2f}{least}", style="dim")
    if told.votes is not None and told.votes != Votes():
        yield Text(f"{votes_line(told.votes)}; no part of the score", style="dim")
    if told.reranker is not None:
        yield Text(f"reranker: {one_line(told.reranker)}", style="dim")
    if told.note:
        yield Text(one_line(told.note), style="yellow")
    yield Text(f"of {told.n_candidates} candidates; plain cosine {told.cosine:.3f}", style="dim")
