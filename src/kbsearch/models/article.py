"""Knowledge-base articles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from kbsearch.errors import InvalidDocumentError
from kbsearch.models.base import (
    CONTRADICTS_GROUPS,
    EXACT,
    Audience,
    DocumentId,
    FrozenModel,
    Group,
    Language,
    Tag,
    TextFormat,
    Time,
)
from kbsearch.models.characters import Text


class ArticleStatus(StrEnum):
    """Life cycle. Only a published article can reach customers."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Confidence(StrEnum):
    """How far an article has been checked, in the terms of Knowledge-Centered Service."""

    WORK_IN_PROGRESS = "work_in_progress"
    NOT_VALIDATED = "not_validated"
    VALIDATED = "validated"


class Article(FrozenModel):
    """
    One article, written for one audience.

    `audience` has no default. An external article is customers' text as a
    whole: its id, tags and `supersedes` travel with it. `twin_id` names the
    article on the same subject for the other audience; customers never see it.
    Before `valid_from` and from `valid_until` on customers do not find it. An
    internal one with `groups` is for these groups of staff alone.

    Raises:
        InvalidDocumentError: If title and body are both blank, or an external article
            is restricted to groups.
        pydantic.ValidationError: For wrong types or unknown fields.
    """

    kind: Literal["article"] = "article"
    id: DocumentId
    title: Text
    body: Text
    audience: Annotated[Audience, EXACT]
    groups: tuple[Group, ...] = ()
    format: TextFormat = TextFormat.PLAIN
    status: Annotated[ArticleStatus, EXACT] = ArticleStatus.PUBLISHED
    confidence: Confidence = Confidence.NOT_VALIDATED
    product: Text | None = None
    tags: tuple[Tag, ...] = ()
    language: Language | None = None
    valid_from: Time | None = None
    valid_until: Time | None = None
    supersedes: tuple[DocumentId, ...] = ()
    twin_id: DocumentId | None = None
    n_helpful: int | None = Field(default=None, ge=0)
    n_unhelpful: int | None = Field(default=None, ge=0)
    created_at: Time | None = None
    updated_at: Time | None = None

    @model_validator(mode="after")
    def _has_text(self) -> Article:
        if not (self.title.strip() or self.body.strip()):
            raise InvalidDocumentError(
                self.id, "it has neither title nor body; give it text to be found by."
            )
        return self

    @model_validator(mode="after")
    def _is_of_one_audience(self) -> Article:
        if self.groups and self.audience is Audience.EXTERNAL:
            raise InvalidDocumentError(self.id, CONTRADICTS_GROUPS)
        return self

    @property
    def shelf(self) -> Audience:
        """The shelf it stands on: external only if written for customers *and* published."""
        if self.audience is Audience.EXTERNAL and self.status is ArticleStatus.PUBLISHED:
            return Audience.EXTERNAL
        return Audience.INTERNAL

    def public_face(self) -> Article | None:
        """The article as customers may read it, or None if it is not for them."""
        if self.shelf is not Audience.EXTERNAL:
            return None
        return self if self.twin_id is None else self.model_copy(update={"twin_id": None})

    def restricted_to(self, groups: Iterable[str]) -> Article:
        """The article for these groups of staff alone."""
        return self.model_copy(update={"audience": Audience.INTERNAL, "groups": tuple(groups)})

    def is_pending(self, now: datetime) -> bool:
        """Whether `valid_from` is still to come at `now`."""
        return self.valid_from is not None and self.valid_from > now

    def is_expired(self, now: datetime) -> bool:
        """Whether `valid_until` has passed at `now`."""
        return self.valid_until is not None and self.valid_until <= now
