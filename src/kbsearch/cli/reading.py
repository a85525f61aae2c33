"""Commands that read documents: search, similar, show."""

from __future__ import annotations

from typing import Annotated

import typer

from kbsearch import KnowledgeBase
from kbsearch.cli.document_view import document_view, removed_view
from kbsearch.cli.fixes_view import similar_view
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
from kbsearch.cli.screen import Screen
from kbsearch.cli.tables import hits_view
from kbsearch.models import Ticket


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="As you would ask a colleague.")],
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
    """Find the articles and tickets that answer a question."""
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
            result = kb.searcher(audience, groups=group or ()).search(
                query, k=k, filters=filters, accept_false=accept_false
            )
        screen.answer(result.model_dump(mode="json"), *hits_view(result))


def similar(
    ticket_id: Annotated[
        str | None, typer.Argument(metavar="TICKET_ID", help="A ticket of this desk.")
    ] = None,
    *,
    text: Annotated[
        str | None,
        typer.Option("--text", metavar="TEXT", help="A problem in words instead; not saved."),
    ] = None,
    desk: DeskOption,
    audience: AudienceOption,
    group: GroupOption = None,
    k: KOption = 5,
    accept_false: AcceptFalseOption = None,
    product: ProductOption = None,
    tag: TagOption = None,
    language: LanguageOption = None,
    resolved: ResolvedOption = None,
    with_open: Annotated[
        bool, typer.Option("--with-open", help="Open tickets, too, after the resolved ones.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Find what fixed past tickets like this one, and the tickets; resolved ones alone."""
    screen = Screen(as_json=as_json)
    filters = make_filters(product=product, tags=tag, language=language, resolved=resolved)
    asked = Ticket.draft(text) if text is not None else ticket_id
    if asked is None or (text is not None and ticket_id is not None):
        raise typer.BadParameter(
            "give either the id of a ticket or the problem in words.",
            param_hint="TICKET_ID or --text",
        )
    with KnowledgeBase.open(desk) as kb:
        with screen.busy("Searching"):
            result = kb.searcher(audience, groups=group or ()).similar(
                asked,
                k=k,
                filters=filters,
                resolved_only=not with_open,
                accept_false=accept_false,
            )
        screen.answer(result.model_dump(mode="json"), *similar_view(result))


def show(
    document_id: Annotated[str, typer.Argument(metavar="ID", help="Of an article or a ticket.")],
    desk: DeskOption,
    audience: AudienceOption,
    *,
    group: GroupOption = None,
    removed: Annotated[
        bool, typer.Option("--removed", help="Show what is left out of what is searched instead.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show one article or ticket, as far as this audience may read it."""
    screen = Screen(as_json=as_json)
    with KnowledgeBase.open(desk) as kb:
        with screen.busy("Opening"):
            searcher = kb.searcher(audience, groups=group or ())
            document = searcher.get(document_id)
            cuts = searcher.removed(document_id) if removed else ()
        if removed:
            fields = {"id": document.id, "removed": [cut.model_dump(mode="json") for cut in cuts]}
            screen.answer(fields, *removed_view(cuts))
        else:
            screen.answer(document.model_dump(mode="json"), *document_view(document))
