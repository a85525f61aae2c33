"""Files of questions: a line each, or JSON lines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from kbsearch.errors import ConfigError
from kbsearch.evaluation.label_files import LabelFileError, lines_of, replace_file
from kbsearch.evaluation.labels import Question
from kbsearch.models import Audience, clean_characters

_ID_DIGITS = 12


def text_question(text: str, audience: Audience) -> Question:
    """
    A question as somebody typed it; its id is made of its words, so that it is always the same.

    Raises:
        ConfigError: If it is blank.
    """
    told = " ".join(clean_characters(text).split())
    if not told:
        raise ConfigError("A question is blank: nothing can be searched for. Leave it out.")
    digest = hashlib.sha256(told.encode()).hexdigest()[:_ID_DIGITS]
    return Question(id=f"q-{digest}", text=told, audience=audience)


def read_questions(path: Path | str, audience: Audience) -> list[Question]:
    """
    Read questions: each line as somebody typed it, or a JSON object as `write_questions` makes.

    An object needs `text` or `ticket_id`; it is asked by `audience` unless it says who asks.
    A question that comes again is passed over.

    Raises:
        LabelFileError: If an object is no question, or another question has its id.
        StoreUnavailableError: If the file cannot be read.
    """
    path = Path(path)
    found: dict[str, Question] = {}
    for line, text in lines_of(path):
        question = _parse(text, audience, path, line)
        if found.setdefault(question.id, question) != question:
            raise LabelFileError(path, line, f"another question has the id {question.id!r}")
    return list(found.values())


def write_questions(path: Path | str, questions: Iterable[Question]) -> None:
    """Write questions as JSON lines, for their owner alone: they hold customers' words."""
    lines = (one.model_dump_json(exclude_none=True) for one in questions)
    replace_file(Path(path), "".join(f"{line}\n" for line in lines).encode())


def _parse(text: str, audience: Audience, path: Path, line: int) -> Question:
    if not text.startswith("{"):
        try:
            return text_question(text, audience)
        except ConfigError:
            raise LabelFileError(path, line, "it holds nothing that can be read") from None
    try:
        fields = json.loads(text)
        if "id" not in fields and isinstance(fields.get("text"), str):
            fields["id"] = text_question(fields["text"], audience).id
        elif "id" not in fields:
            fields["id"] = fields.get("ticket_id")
        question = Question.model_validate({"audience": audience, **fields})
        if question.text is not None:
            text_question(question.text, audience)  # refuses a blank one
        return question
    except (ValueError, RecursionError, ConfigError):  # pydantic's and json's are ValueErrors
        raise LabelFileError(path, line, "it is no question with `text` or `ticket_id`") from None
