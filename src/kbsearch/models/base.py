"""What all documents share: ids, audiences, formats, time."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
)

from kbsearch.errors import AudienceError
from kbsearch.models.characters import CLEANED, clean_characters


class FrozenModel(BaseModel):
    """Immutable; unknown fields are refused; errors never repeat what was sent."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Audience(StrEnum):
    """Who reads. There is no default anywhere: the caller always says it."""

    INTERNAL = "internal"
    EXTERNAL = "external"

    @classmethod
    def parse(cls, value: str | None) -> Audience:
        """
        Read an audience as strictly as it deserves.

        Raises:
            AudienceError: For anything but the two exact lower-case names.
        """
        try:
            return cls(value or "")
        except ValueError:
            raise AudienceError(value) from None


def _name_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


EXACT = BeforeValidator(_name_or_none)
"""For names that decide who reads: left alone, pydantic takes bytes for one."""


class Kind(StrEnum):
    """What a document is."""

    ARTICLE = "article"
    TICKET = "ticket"


class TextFormat(StrEnum):
    """How a text is marked up when it arrives; it is stored as it came."""

    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"


def _visible(document_id: str) -> str:
    """An id composed to NFC; two ids that look alike must not differ in what nobody sees."""
    composed = unicodedata.normalize("NFC", document_id)
    if clean_characters(composed) != composed:
        raise ValueError("an id must not hold control, zero-width or bidi characters")
    return composed


DocumentId = Annotated[
    str,
    StringConstraints(min_length=3, max_length=300, pattern=r"^[A-Za-z0-9_.-]+:[^\s\x00-\x1f]+$"),
    AfterValidator(_visible),
]
"""`source:external_id`, e.g. `zendesk:4711`; stable across imports."""

GROUP_PATTERN = r"^[a-z][a-z0-9-]{0,63}$"

Group = Annotated[str, StringConstraints(pattern=GROUP_PATTERN)]
"""A group of staff, as `hr`; also a part of a directory's name."""

CONTRADICTS_GROUPS = (
    "it is for customers and restricted to groups of staff at once; leave out one of the two."
)

Tag = Annotated[
    str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True), CLEANED
]
"""Never blank; blanks around it are dropped."""

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
"""BCP 47 with a lower-case primary tag, e.g. `en`, `pt-BR`."""

Time = AwareDatetime
"""A moment with its offset; a time without one is refused, never guessed."""
