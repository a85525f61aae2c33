"""Commands that explain: why-visible, boilerplate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from kbsearch import KnowledgeBase
from kbsearch.cli.options import AudienceOption, DeskOption, GroupOption, JsonOption
from kbsearch.cli.screen import Screen, one_line
from kbsearch.cli.tables import CUSTOMERS, STAFF, plain_table
from kbsearch.models import Audience
from kbsearch.standing import Standing
from kbsearch.text import Boilerplate
from kbsearch.visibility import Explanation, Verdict

_STYLES = {
    Verdict.PUBLIC: "cyan",
    Verdict.UNKNOWN: "red",
    Verdict.INTERNAL: "yellow",
    Verdict.HIDDEN: "yellow",
}


def why_visible(
    document_id: Annotated[str, typer.Argument(metavar="ID", help="Of an article or a ticket.")],
    desk: DeskOption,
    group: GroupOption = None,
    as_json: JsonOption = False,
) -> None:
    """
    Show by what marks customers can, or cannot, read a document.

    Every mark of its source and of all that contained it there, the rule that
    decided, and what holds now. For staff's eyes.
    """
    screen = Screen(as_json=as_json)
    with KnowledgeBase.open(desk) as kb:
        with screen.busy("Opening"):
            standing = kb.why_visible(document_id, groups=group or ())
        screen.answer(standing.model_dump(mode="json"), *_standing_view(standing))


def boilerplate(
    desk: DeskOption,
    audience: AudienceOption,
    group: GroupOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the lines that many documents share and that are left out of what is searched."""
    screen = Screen(as_json=as_json)
    with KnowledgeBase.open(desk) as kb, screen.busy("Opening"):
        learned = kb.searcher(audience, groups=group or ()).boilerplate()
    screen.answer(
        {"shelves": {shelf: each.model_dump(mode="json") for shelf, each in learned.items()}},
        *_boilerplate_view(learned),
    )


def _standing_view(standing: Standing) -> Iterator[RenderableType]:
    reads = "customers can read it" if standing.customers_read else "customers cannot read it"
    style = CUSTOMERS if standing.customers_read else STAFF
    yield Text.assemble((one_line(standing.document_id), "bold"), ": ", (reads, style))
    for fact in standing.because:
        yield Text(f"  {fact}")
    yield Text(f"  it stands on: {', '.join(standing.shelves)}", style="dim")
    origin = "its source" if standing.is_from_source else "its own fields: it was not imported"
    yield Text(f"by the marks of {origin}", style="dim")
    for explanation in standing.explanations:
        yield from _explanation_lines(explanation, is_everybodys=standing.customers_read)


def _explanation_lines(explanation: Explanation, *, is_everybodys: bool) -> Iterator[Text]:
    decision = explanation.decision
    is_public = decision.audience is Audience.EXTERNAL
    reads = "external" if is_public else "internal"
    if is_public and not is_everybodys and explanation.part not in ("article", "ticket"):
        reads = "public to its asker, not to other customers"
    style = CUSTOMERS if is_public else STAFF
    yield Text.assemble((one_line(explanation.part), "bold"), ": ", (reads, style))
    for marker in decision.markers:
        decides = "  ← decides" if marker == decision.deciding and not is_public else ""
        yield Text(f"    {one_line(str(marker))}{decides}", style=_STYLES[marker.verdict])
    yield Text(f"    {decision.rule}", style="dim")


def _boilerplate_view(learned: dict[str, Boilerplate]) -> Iterator[RenderableType]:
    table = plain_table("shelf", "documents", "line")
    table.columns[1].justify = "right"
    for shelf, each in learned.items():
        style = CUSTOMERS if shelf == Audience.EXTERNAL.value else STAFF
        for line in sorted(each.lines, key=lambda line: -line.n_documents):
            table.add_row(Text(shelf, style), f"{line.n_documents:,}", Text(one_line(line.text)))
    if table.row_count:
        yield table
    for shelf, each in learned.items():
        n = f"{len(each.lines):,} lines" if each.lines else "nothing"
        yield Text(f"{shelf}: {n} learned from {each.n_documents:,} documents", style="dim")
