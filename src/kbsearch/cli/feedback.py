"""The command feedback: noting whether a document helped, and looking at what was said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from kbsearch import KnowledgeBase
from kbsearch.cli.exits import ExitCode
from kbsearch.cli.options import AudienceOption, ByOption, DeskOption, GroupOption, JsonOption, who
from kbsearch.cli.screen import Screen, one_line
from kbsearch.cli.tables import plain_table
from kbsearch.models import Audience, DocumentFeedback, FeedbackKind


def feedback(
    desk: DeskOption,
    audience: AudienceOption,
    *,
    query: Annotated[
        str | None, typer.Argument(metavar="QUERY", help="As it was asked.", show_default=False)
    ] = None,
    document: Annotated[
        str | None,
        typer.Argument(metavar="DOCUMENT", help="Its id, as zendesk:4711.", show_default=False),
    ] = None,
    not_helpful: Annotated[bool, typer.Option("--not-helpful", help="It did not help.")] = False,
    click: Annotated[
        bool, typer.Option("--click", help="It was opened; nobody said whether it helped.")
    ] = False,
    position: Annotated[
        int | None, typer.Option("--position", metavar="PLACE", min=1, help="Where it stood.")
    ] = None,
    listing: Annotated[
        bool, typer.Option("--list", help="Show what was said of each document; for staff.")
    ] = False,
    group: GroupOption = None,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """
    Note whether a document helped who asked; with --list, show what was said of each.

    Each person counts once for a query and a document, the newest time. No ranking
    changes by it: it becomes labels, for measuring, tuning and the gate of rebuild.
    """
    screen = Screen(as_json=as_json)
    if listing:
        _list(screen, desk, audience, group or (), is_alone=query is None)
        return
    if query is None or document is None:
        raise typer.BadParameter("give a QUERY and a DOCUMENT, or --list.", param_hint="QUERY")
    with KnowledgeBase.open(desk) as kb:
        is_kept = kb.feedback(
            query,
            document,
            audience=audience,
            groups=group or (),
            helpful=not not_helpful,
            by=who(by),
            kind=FeedbackKind.CLICK if click else FeedbackKind.VOTE,
            position=position,
        )
    said = "Noted." if is_kept else "Not noted: this person has said 1,000 things in a day."
    screen.answer({"is_kept": is_kept}, Text(said))
    if not is_kept:
        raise typer.Exit(ExitCode.FOUND_WRONG)


def _list(
    screen: Screen, desk: DeskOption, audience: Audience, groups: Sequence[str], *, is_alone: bool
) -> None:
    if audience is not Audience.INTERNAL or not is_alone:
        raise typer.BadParameter(
            "what people said is for staff: give --audience internal, and no query.",
            param_hint="--list",
        )
    with KnowledgeBase.open(desk) as kb:
        found = kb.document_feedback(groups=groups)
    fields = {"documents": [one.model_dump(mode="json") for one in found]}
    screen.answer(fields, _table(found) if found else Text("Nobody has said anything yet."))


def _table(found: Sequence[DocumentFeedback]) -> RenderableType:
    table = plain_table("document", "helpful", "not helpful", "opened", "shown")
    for column in table.columns[1:]:
        column.justify = "right"
    for one in found:
        counts = (one.n_helpful, one.n_not_helpful, one.n_clicks, one.n_shown)
        table.add_row(one_line(one.document_id), *map(str, counts))
    return table
