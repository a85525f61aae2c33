"""
The rule that decides which audience a document is for, from the markers of its source.

Importers only collect markers; nothing else in the library decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache

from kbsearch.models.base import Audience, FrozenModel
from kbsearch.models.characters import Text


class Verdict(StrEnum):
    """What one marker of a source says, most forbidding first."""

    HIDDEN = "hidden"
    INTERNAL = "internal"
    UNKNOWN = "unknown"
    PUBLIC = "public"


_ORDER = tuple(Verdict)
_RULES = {
    Verdict.HIDDEN: "a draft, hidden, spam or deleted part hides the whole from customers",
    Verdict.INTERNAL: "one internal marker outweighs every public one",
    Verdict.UNKNOWN: "a marker that is missing or not understood counts as internal",
    Verdict.PUBLIC: "all of its markers say that it is public",
}
_NO_MARKER = "it carries no marker, and what is not marked is internal"


class Marker(FrozenModel):
    """
    One fact of a source about who may read.

    Attributes:
        level: What carries it, e.g. "article", "section 12", "category"; a child's
            markers and those of all its parents stand in one list.
        field: The source's name for it, e.g. "draft", "folder.visibility".
        value: As the source gave it, e.g. "true", "3"; "missing" if it is not there.
        verdict: What it says.
    """

    level: Text
    field: Text
    value: Text
    verdict: Verdict

    def __str__(self) -> str:
        return f"{self.level}: {self.field} = {self.value} → {self.verdict.value}"


class Decision(FrozenModel):
    """
    Which audience a chain of markers leads to, and why.

    `deciding` is the marker that settled it: the most forbidding, the first of
    several; None if there was none. `rule` says in a sentence why.
    """

    audience: Audience
    verdict: Verdict
    rule: str
    deciding: Marker | None
    markers: tuple[Marker, ...]


class Explanation(FrozenModel):
    """Who may read one part of a document, and why: "ticket", "message 17", "article"."""

    part: Text
    decision: Decision


def decide(markers: Iterable[Marker]) -> Decision:
    """
    Decide over a document and all that contains it.

    Deny beats allow, and a child is never wider than its parents: external only
    if there is a marker, and every one of them says public.

    Args:
        markers: Of the document and of everything above it, in any order.

    Returns:
        Internal for no markers at all, for a hidden, internal or unknown one.
    """
    chain = tuple(markers)
    if not chain:
        return Decision(
            audience=Audience.INTERNAL,
            verdict=Verdict.UNKNOWN,
            rule=_NO_MARKER,
            deciding=None,
            markers=(),
        )
    deciding = min(chain, key=lambda marker: _ORDER.index(marker.verdict))
    is_public = deciding.verdict is Verdict.PUBLIC
    return Decision(
        audience=Audience.EXTERNAL if is_public else Audience.INTERNAL,
        verdict=deciding.verdict,
        rule=_RULES[deciding.verdict],
        deciding=deciding,
        markers=chain,
    )


_SHOWN_CHARACTERS = 80


def marker_from(
    level: str,
    field: str,
    value: object,
    *,
    says: Mapping[str, Verdict],
    missing: Verdict = Verdict.UNKNOWN,
) -> Marker:
    """
    Read one marker by a table of the values that are understood.

    Matching is exact: "Public" is not "public", and 1.0 is not "1". A number is
    compared as it is written, a bool as "true" or "false". Whatever is not in
    the table is unknown.

    Args:
        level: What carries it.
        field: The source's name for it.
        value: As the source gave it; None if it is missing.
        says: What each known value means.
        missing: What a missing value means, if the vendor defines it.
    """
    if value is None:
        return _marker(level, field, "missing", missing)
    if not isinstance(value, str | int | float):
        return _marker(level, field, "not a value", Verdict.UNKNOWN)
    written = str(value).lower() if isinstance(value, bool) else str(value)
    verdict = says.get(written, Verdict.UNKNOWN)
    return _marker(level, field, written[:_SHOWN_CHARACTERS], verdict)


@lru_cache(maxsize=256)  # a desk has few of them, and an export the same on every record
def _marker(level: str, field: str, value: str, verdict: Verdict) -> Marker:
    return Marker(level=level, field=field, value=value, verdict=verdict)
