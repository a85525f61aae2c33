"""Options that several commands share, so that each is learnt once."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from kbsearch.models import Audience, Filters, Kind
from kbsearch.models.base import Language

AS_JSON = "kbsearch.as_json"
"""Key in a context's `meta`: whether the command was asked for JSON."""


class Status(StrEnum):
    """Every status that a document can have: those of articles, then those of tickets."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    RESOLVED = "resolved"
    CLOSED = "closed"


def _remember_json(context: typer.Context, value: bool) -> bool:
    context.meta[AS_JSON] = value
    return value


DeskOption = Annotated[
    Path,
    typer.Option(
        "--desk",
        "-d",
        envvar="KBSEARCH_DESK",
        metavar="DESK",
        help="The desk's directory.",
    ),
]
AudienceOption = Annotated[
    Audience,
    typer.Option(
        "--audience",
        "-a",
        help="Who will read the answer: staff, or customers. Nothing is assumed.",
    ),
]
JudgedOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--judged", metavar="FILE", help="Also what `kbsearch judge` kept. May be repeated."
    ),
]
GroupOption = Annotated[
    list[str] | None,
    typer.Option(
        "--group",
        "-g",
        metavar="NAME",
        help="A group of staff that the reader is in, as hr. May be repeated.",
    ),
]
EveryGroupOption = Annotated[
    bool,
    typer.Option("--every-group", help="Also the shelves of all groups of staff."),
]
RestrictOption = Annotated[
    list[str] | None,
    typer.Option(
        "--group",
        "-g",
        metavar="NAME",
        help="Only for this group of staff: nothing of it reaches others, or customers.",
    ),
]
JsonOption = Annotated[
    bool,
    typer.Option(
        "--json",
        callback=_remember_json,
        is_eager=True,
        help="Answer with one JSON object.",
    ),
]
INTO = typer.Option(
    "--into",
    "--desk",
    "-d",
    envvar="KBSEARCH_DESK",
    metavar="DESK",
    help="The desk's directory.",
    show_default=False,
)
PublishOption = Annotated[
    int | None,
    typer.Option(
        "--publish-at-most",
        metavar="N",
        min=0,
        help="So many documents may newly come to customers.",
        show_default="20 or 5 %",
    ),
]
ByOption = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="WHO",
        help="Who does it; kept in the audit trail.",
        show_default="the name of the system's user",
    ),
]
KOption = Annotated[int, typer.Option("-k", metavar="K", help="Hits wanted.")]

AcceptFalseOption = Annotated[
    float | None,
    typer.Option(
        "--accept-false",
        metavar="RATE",
        help="Hold back what is hardly useful: of the questions that nothing answers, "
        "this share may get a hit all the same, as 0.1. 1 shows all.",
    ),
]

_PANEL = "Filters"
_LANGUAGE: TypeAdapter[str] = TypeAdapter(Language)
ProductOption = Annotated[
    list[str] | None,
    typer.Option(
        "--product", metavar="NAME", help="Any of these products.", rich_help_panel=_PANEL
    ),
]
TagOption = Annotated[
    list[str] | None,
    typer.Option("--tag", metavar="TAG", help="All of these tags.", rich_help_panel=_PANEL),
]


def _require_codes(codes: list[str] | None) -> list[str] | None:
    for code in codes or ():
        try:
            _LANGUAGE.validate_python(code)
        except ValidationError:
            raise typer.BadParameter(
                f"{code!r} is no language code; write en, de or pt-BR."
            ) from None
    return codes


LanguageOption = Annotated[
    list[str] | None,
    typer.Option(
        "--language",
        callback=_require_codes,
        metavar="CODE",
        help="Any of these, as en or de.",
        rich_help_panel=_PANEL,
    ),
]
ResolvedOption = Annotated[
    bool | None,
    typer.Option(
        "--resolved/--unresolved",
        show_default=False,
        help="Only tickets that are, or are not, resolved.",
        rich_help_panel=_PANEL,
    ),
]
KindOption = Annotated[
    Kind | None,
    typer.Option("--kind", help="Only articles, or only tickets.", rich_help_panel=_PANEL),
]
StatusOption = Annotated[
    list[Status] | None,
    typer.Option(
        "--status", metavar="STATUS", help=f"Any of {', '.join(Status)}.", rich_help_panel=_PANEL
    ),
]


def parse_moment(text: str) -> datetime:
    """A date or a time as people write it, UTC unless it has an offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no date; write 2026-03-31 or 2026-03-31T09:00+01:00."
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


CreatedFromOption = Annotated[
    datetime | None,
    typer.Option(
        "--created-from",
        parser=parse_moment,
        metavar="DATE",
        help="Created then or later. UTC unless it has an offset.",
        rich_help_panel=_PANEL,
    ),
]
SinceOption = Annotated[
    datetime | None,
    typer.Option("--since", parser=parse_moment, metavar="DATE", help="Then or later; UTC."),
]
CreatedBeforeOption = Annotated[
    datetime | None,
    typer.Option(
        "--created-before",
        parser=parse_moment,
        metavar="DATE",
        help="Created before then.",
        rich_help_panel=_PANEL,
    ),
]


def who(by: str | None) -> str | None:
    """Who was named, or the operating system's user; None where it has no name for them."""
    if by is not None:
        return by
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):  # a container may run as a number alone
        return None


def make_filters(**conditions: object) -> Filters:
    """The filters that were asked for; what was left out does not restrict."""
    given = {name: value for name, value in conditions.items() if value not in (None, [])}
    return Filters.model_validate(given)
