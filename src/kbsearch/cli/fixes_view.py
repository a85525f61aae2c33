"""How what fixed similar tickets looks: the fix, its record, where it stands, who may read it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from kbsearch.cli.screen import one_line
from kbsearch.cli.tables import CUSTOMERS, STAFF, hits_view, plain_table
from kbsearch.models import Audience, Fix, SearchResult

_N_SHOWN = 3
_CHARACTERS = 300


def similar_view(result: SearchResult) -> Iterator[RenderableType]:
    """The best fixes, if there are any, above the hits."""
    if result.fixes:
        table = plain_table("what fixed it", "", leading=1)
        for rank, fix in enumerate(result.fixes[:_N_SHOWN], start=1):
            table.add_row(Text(str(rank)), _cell(fix))
        yield table
        if len(result.fixes) > _N_SHOWN:
            yield Text(f"{len(result.fixes) - _N_SHOWN} more with --json", style="dim")
        yield ""
    yield from hits_view(result)


def _cell(fix: Fix) -> Text:
    text = one_line(fix.text)
    if len(text) > _CHARACTERS:
        text = text[: _CHARACTERS - 1].rstrip() + "\u2026"
    is_outdated = fix.superseded_by is not None or fix.is_expired
    record = Text(one_line(fix.summary), style="red" if is_outdated else "green")
    return Text("\n").join([Text(text), record, _source(fix)])


def _source(fix: Fix) -> Text:
    line = Text(one_line(fix.ticket_id), style="blue")
    if fix.message_id:
        line.append(f" ({one_line(fix.message_id)})", style="not blue dim")
    readers, style = ("public", CUSTOMERS) if fix.public else ("staff only", STAFF)
    line.append(f" \u00b7 {readers}", style=style)
    if fix.shelf not in {audience.value for audience in Audience}:
        line.append(f" \u00b7 {one_line(fix.shelf)}", style=STAFF)
    for article_id in fix.article_ids:
        line.append(f" \u00b7 {one_line(article_id)}", style="not blue dim")
    return line
