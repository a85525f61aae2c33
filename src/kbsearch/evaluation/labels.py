"""What is known to answer what: questions, and which documents are right for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum

from pydantic import Field, model_validator

from kbsearch.errors import ConfigError
from kbsearch.models import Audience
from kbsearch.models.base import FrozenModel, Time
from kbsearch.models.characters import Text


class LabelSource(StrEnum):
    """From what a label was made; the last three are imitations, for desks without history."""

    JUDGED = "judged"
    FEEDBACK = "feedback"
    DUPLICATE = "duplicate"
    MERGED = "merged"
    PROBLEM = "problem"
    FOLLOWUP = "followup"
    ARTICLE = "article"
    TITLE_TO_BODY = "title_to_body"
    PROBLEM_TO_RESOLUTION = "problem_to_resolution"
    SECTION_TO_ARTICLE = "section_to_article"

    @property
    def is_imitated(self) -> bool:
        """Whether nobody ever said so: made of a document's own parts."""
        return self in _IMITATED


_IMITATED = frozenset(
    {
        LabelSource.TITLE_TO_BODY,
        LabelSource.PROBLEM_TO_RESOLUTION,
        LabelSource.SECTION_TO_ARTICLE,
    }
)


class Question(FrozenModel):
    """
    One question, as a text or as a ticket of the desk.

    Attributes:
        id: Of the question; that of the ticket if it is one.
        text: As a person would type it; None if the ticket itself is the question.
        ticket_id: The ticket that is asked, or that the text is taken from: it is
            never an answer to its own question.
        audience: Who asks.
        asked_at: When; for a ticket when it was created. None if nobody knows.
    """

    id: Text
    text: Text | None = None
    ticket_id: str | None = None
    audience: Audience = Audience.INTERNAL
    asked_at: Time | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> Question:
        if self.text is None and self.ticket_id is None:
            raise ConfigError(
                f"Question {self.id!r} has neither a text nor a ticket. Give one of them."
            )
        return self


class Label(FrozenModel):
    """
    How well one document answers one question.

    Attributes:
        question_id: Of the question.
        document_id: Of the document.
        relevance: 0 for not at all; the more, the better.
        source: Who or what said so.
    """

    question_id: Text
    document_id: Text
    relevance: int = Field(default=1, ge=0, le=3)
    source: LabelSource


class LabelSet(FrozenModel):
    """Questions and their labels; a label of a question that is not among them is an error."""

    questions: tuple[Question, ...] = ()
    labels: tuple[Label, ...] = ()

    @model_validator(mode="after")
    def _belongs_together(self) -> LabelSet:
        asked = [one.id for one in self.questions]
        if len(asked) != len(set(asked)):
            raise ConfigError("Two questions have the same id; ids of questions must differ.")
        for lost in sorted({one.question_id for one in self.labels} - set(asked)):
            raise ConfigError(f"A label names question {lost!r}, which is not among the questions.")
        return self

    def qrels(self) -> dict[str, dict[str, int]]:
        """By question, the relevance of each judged document; the best judgement counts."""
        found: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for one in self.labels:
            own = found[one.question_id]
            own[one.document_id] = max(one.relevance, own.get(one.document_id, 0))
        return dict(found)

    def of_sources(self, sources: Iterable[LabelSource]) -> LabelSet:
        """The labels of these sources alone, and the questions that still have one."""
        wanted = set(sources)
        labels = tuple(one for one in self.labels if one.source in wanted)
        asked = {one.question_id for one in labels}
        return LabelSet(
            questions=tuple(one for one in self.questions if one.id in asked), labels=labels
        )

    def of_questions(self, ids: Iterable[str]) -> LabelSet:
        """The questions of these ids, those that are known, and their labels."""
        wanted = set(ids)
        return LabelSet(
            questions=tuple(one for one in self.questions if one.id in wanted),
            labels=tuple(one for one in self.labels if one.question_id in wanted),
        )

    @classmethod
    def joined(cls, sets: Iterable[LabelSet]) -> LabelSet:
        """
        Several sets as one, each question once.

        Raises:
            ConfigError: If two different questions have one id.
        """
        questions: dict[str, Question] = {}
        labels: list[Label] = []
        for each in sets:
            for one in each.questions:
                if questions.setdefault(one.id, one) != one:
                    raise ConfigError(
                        f"Two different questions have the id {one.id!r}, so that their labels "
                        "cannot be told apart. Give one of them another id."
                    )
            labels.extend(each.labels)
        return cls(questions=tuple(questions.values()), labels=tuple(labels))
