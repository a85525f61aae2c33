"""The command that tells which problems come more often than they used to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from kbsearch import KnowledgeBase
from kbsearch.cli.options import (
    AudienceOption,
    DeskOption,
    GroupOption,
    JsonOption,
    SinceOption,
    parse_moment,
)
from kbsearch.cli.screen import Screen, one_line
from kbsearch.clock import utc_now
from kbsearch.duplicates.bursts import BurstSettings
from kbsearch.models import Burst

_A_DAY = timedelta(days=1)
_N_SHOWN = 5


def bursts(
    desk: DeskOption,
    audience: AudienceOption,
    *,
    group: GroupOption = None,
    since: SinceOption = None,
    now: Annotated[
        datetime | None,
        typer.Option(
            "--now",
            parser=parse_moment,
            metavar="DATE",
            help="As if it were then; later tickets are left out.",
            show_default="the time",
        ),
    ] = None,
    window: Annotated[
        int, typer.Option("--window", metavar="MINUTES", min=1, help="Counted within so many.")
    ] = 60,
    at_least: Annotated[
        int, typer.Option("--at-least", metavar="N", min=2, help="Fewer senders are no burst.")
    ] = 5,
    as_json: JsonOption = False,
) -> None:
    """
    Tell which problems come in bursts: more often than their history explains.

    Looks at tickets from --since (the last day) to --now. What always comes often, or
    every morning, is none; one sender counts once. Each burst comes with the problem or
    the ticket that it looks like. Nothing is changed.
    """
    screen = Screen(as_json=as_json)
    moment = now or utc_now()
    settings = BurstSettings(window=timedelta(minutes=window), min_tickets=at_least)
    with KnowledgeBase.open(desk) as kb:
        with screen.bars() as bars:
            watch = kb.bursts(
                audience=audience,
                groups=group or (),
                settings=settings,
                clock=lambda: moment,
                progress=bars,
            )
        found = watch.since(since or moment - _A_DAY)
    screen.answer({"bursts": [each.model_dump(mode="json") for each in found]}, *_view(found))


def _view(found: Sequence[Burst]) -> Iterator[RenderableType]:
    if not found:
        yield Text("No problem comes more often than it used to.", style="bold")
    for burst in found:
        minutes = max(1, round((burst.latest_at - burst.started_at).total_seconds() / 60))
        looks = f" look like {one_line(burst.like)}" if burst.like else ""
        title = f"  {one_line(burst.like_title)}" if burst.like_title else ""
        yield Text(
            f"{burst.n_tickets} tickets in {minutes} minutes{looks}{title}", style="bold yellow"
        )
        ids = ", ".join(one_line(each) for each in burst.ticket_ids[:_N_SHOWN])
        more = ", …" if len(burst.ticket_ids) > _N_SHOWN else ""
        yield Text(
            f"  since {burst.started_at:%Y-%m-%d %H:%M} UTC, {burst.expected:.1f} expected: "
            f"{ids}{more}",
            style="dim",
        )
