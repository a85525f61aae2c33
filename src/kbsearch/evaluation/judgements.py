"""What people say of results: as JSON lines, one judgement each, with who said it and when."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pydantic import Field, ValidationError

from kbsearch import files
from kbsearch.errors import ConfigError
from kbsearch.evaluation.label_files import LabelFileError, lines_of
from kbsearch.evaluation.labels import Label, LabelSet, LabelSource, Question
from kbsearch.models.base import FrozenModel, Time
from kbsearch.models.characters import Text

GRADES = {
    0: "not about it",
    1: "the same matter",
    2: "helps",
    3: "answers it fully",
}


class Judgement(FrozenModel):
    """
    What one judge says of one document for one question.

    Attributes:
        question: In whole, customers' words included: each line can be read by itself.
        document_id: Of the document.
        grade: 0 to 3; None if the judge could not tell.
        by: Who judged.
        at: When.
    """

    question: Question
    document_id: Text
    grade: int | None = Field(ge=0, le=3)
    by: Text = Field(min_length=1)
    at: Time

    @property
    def key(self) -> tuple[str, str, str]:
        """Who judged what for what; no file holds it twice."""
        return self.by, self.question.id, self.document_id


def read_judgements(path: Path | str) -> list[Judgement]:
    """
    Read a file of judgements; a file that is not there holds none.

    Raises:
        LabelFileError: If a line is no judgement, or somebody judged a document twice for
            one question.
        StoreUnavailableError: If the file cannot be read.
    """
    path = Path(path)
    if not path.exists():
        return []
    found: dict[tuple[str, str, str], Judgement] = {}
    for line, text in lines_of(path):
        try:
            one = Judgement.model_validate_json(text)
        except (ValidationError, ConfigError):
            raise LabelFileError(path, line, "it is no judgement") from None
        if one.key in found:
            reason = f"{one.by!r} has judged {one.document_id!r} twice for {one.question.id!r}"
            raise LabelFileError(path, line, reason)
        found[one.key] = one
    return list(found.values())


def judgement_lines(judgements: Iterable[Judgement]) -> bytes:
    """The content of a file of judgements."""
    return b"".join(one.model_dump_json().encode() + b"\n" for one in judgements)


def content_of(path: Path) -> bytes:
    """What a file holds now; nothing if it is not there."""
    return files.read_bytes(path) if path.exists() else b""


def judged_labels(judgements: Iterable[Judgement]) -> LabelSet:
    """
    Judgements as labels; what was skipped is none.

    Of several judges' grades of one document the best counts, as for all labels.

    Raises:
        ConfigError: If two questions have one id.
    """
    graded = [one for one in judgements if one.grade is not None]
    questions: dict[str, Question] = {}
    for one in graded:
        if questions.setdefault(one.question.id, one.question) != one.question:
            raise ConfigError(
                f"Two questions that were judged have the id {one.question.id!r}. Give one of "
                "them another id, and judge it anew."
            )
    return LabelSet(
        questions=tuple(questions.values()),
        labels=tuple(
            Label(
                question_id=one.question.id,
                document_id=one.document_id,
                relevance=one.grade or 0,
                source=LabelSource.JUDGED,
            )
            for one in graded
        ),
    )
