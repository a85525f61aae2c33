"""What people said of results: votes, clicks, and what they were shown."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from kbsearch.models.base import FrozenModel, Time


class FeedbackKind(StrEnum):
    """Somebody said whether a document helped, opened it, or was shown some and opened none."""

    VOTE = "vote"
    CLICK = "click"
    SHOWN = "shown"


class Feedback(FrozenModel):
    """
    What one person did with the results of one question; for the eyes of staff.

    Attributes:
        at: When.
        kind: What was done.
        question: What was asked, redacted as documents of its shelf are.
        document_id: Of the document; None if nothing was opened.
        by: Who; None for somebody unknown. All of those count as one person.
        is_helpful: Of a vote; a click is no word on that.
        shown: The documents that stood on the page, by their places from 1.
        shelf: Where it is kept: that of its audience, or of the group that reads the document.
    """

    at: Time
    kind: FeedbackKind
    question: str
    document_id: str | None = None
    by: str | None = None
    is_helpful: bool = True
    shown: dict[int, str] = Field(default_factory=dict)
    shelf: str


class Votes(FrozenModel):
    """
    How often people said that a document helped; each person once for a question.

    Attributes:
        n_helpful: That it did.
        n_not_helpful: That it did not.
    """

    n_helpful: int = 0
    n_not_helpful: int = 0


class DocumentFeedback(FrozenModel):
    """
    What became of one document: an outcome signal for staff, which no ranking uses by itself.

    Attributes:
        document_id: Of the document.
        n_helpful: People and questions that it helped.
        n_not_helpful: Those that it did not help.
        n_clicks: Those that opened it.
        n_shown: Pages that it stood on.
    """

    document_id: str
    n_helpful: int = 0
    n_not_helpful: int = 0
    n_clicks: int = 0
    n_shown: int = 0
