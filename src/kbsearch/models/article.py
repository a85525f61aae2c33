"""Knowledge-base articles."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import model_validator

from kbsearch.errors import InvalidDocumentError
from kbsearch.models.base import (
    Audience,
    DocumentId,
    FrozenModel,
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
    whole: its id, tags and `supersedes` travel with it.

    Raises:
        InvalidDocumentError: If title and body are both blank.
        pydantic.ValidationError: For wrong types or unknown fields.
    """

    kind: Literal["article"] = "article"
    id: DocumentId
    title: Text
    body: Text
    audience: Audience
    format: TextFormat = TextFormat.PLAIN
    status: ArticleStatus = ArticleStatus.PUBLISHED
    confidence: Confidence = Confidence.NOT_VALIDATED
    product: Text | None = None
    tags: tuple[Tag, ...] = ()
    language: Language | None = None
    valid_until: Time | None = None
    supersedes: tuple[DocumentId, ...] = ()
    created_at: Time | None = None
    updated_at: Time | None = None

    @model_validator(mode="after")
    def _has_text(self) -> Article:
        if not (self.title.strip() or self.body.strip()):
            raise InvalidDocumentError(
                self.id, "it has neither title nor body; give it text to be found by."
            )
        return self

    @property
    def shelf(self) -> Audience:
        """The shelf it stands on: external only if written for customers *and* published."""
        if self.audience is Audience.EXTERNAL and self.status is ArticleStatus.PUBLISHED:
            return Audience.EXTERNAL
        return Audience.INTERNAL

    def is_expired(self, now: datetime) -> bool:
        """Whether `valid_until` has passed at `now`."""
        return self.valid_until is not None and self.valid_until <= now
