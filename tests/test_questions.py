"""Files of questions."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kbsearch.errors import ConfigError
from kbsearch.evaluation import (
    LabelFileError,
    Question,
    read_questions,
    text_question,
    write_questions,
)
from tests.library import EXTERNAL, INTERNAL


def file(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "questions.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_are_lines_as_somebody_typed_them(tmp_path: Path) -> None:
    """Blank lines are nothing, and a question that comes again is one."""
    path = file(tmp_path, "tape is stuck", "", "  fax   hums ", "tape is stuck")

    found = read_questions(path, EXTERNAL)

    assert [one.text for one in found] == ["tape is stuck", "fax hums"]
    assert {one.audience for one in found} == {EXTERNAL}
    assert found[0].id == text_question("tape is stuck", INTERNAL).id


def test_keep_their_ids_when_others_come_before_them(tmp_path: Path) -> None:
    """Judgements name them; a number of lines would shift."""
    (last,) = read_questions(file(tmp_path, "tape is stuck"), INTERNAL)

    assert read_questions(file(tmp_path, "fax hums", "tape is stuck"), INTERNAL)[1] == last


def test_may_begin_with_the_mark_that_some_editors_write(tmp_path: Path) -> None:
    """Taken for a part of the first line, it would make an object a typed question."""
    path = file(tmp_path, '\ufeff{"text": "tape is stuck"}', "fax hums")

    assert [one.text for one in read_questions(path, INTERNAL)] == ["tape is stuck", "fax hums"]


def test_pass_the_door_of_all_texts(tmp_path: Path) -> None:
    """Half a character, which JSON can spell, could neither be searched nor written again."""
    path = file(tmp_path, r'{"id": "q\ud8001", "text": "tape \u202eis\ud800 stuck"}')

    (one,) = read_questions(path, INTERNAL)
    write_questions(path, [one])

    assert (one.id, one.text) == ("q1", "tape is stuck")
    assert read_questions(path, INTERNAL) == [one]


def test_are_objects_with_a_text_or_a_ticket(tmp_path: Path) -> None:
    """A ticket without an id of its own is asked by the ticket's."""
    path = file(
        tmp_path,
        '{"id": "q1", "text": "tape is stuck"}',
        '{"ticket_id": "desk:7"}',
        '{"text": "fax hums", "audience": "external"}',
    )

    one, two, three = read_questions(path, INTERNAL)

    assert (one.id, one.text, one.audience) == ("q1", "tape is stuck", INTERNAL)
    assert (two.id, two.ticket_id, two.text) == ("desk:7", "desk:7", None)
    assert (three.id, three.audience) == (text_question("fax hums", INTERNAL).id, EXTERNAL)


def test_come_back_as_they_were_written(tmp_path: Path) -> None:
    """For their owner alone: they hold customers' words."""
    path = tmp_path / "questions.jsonl"
    at = datetime(2026, 3, 2, tzinfo=UTC)
    asked = [
        Question(id="q1", text="Rückgabe?", audience=EXTERNAL),
        Question(id="desk:7", ticket_id="desk:7", asked_at=at),
    ]

    write_questions(path, asked)

    assert read_questions(path, EXTERNAL) == asked
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "{}",
        '{"id": "q"}',
        '{"text": "tape", "audience": "all"}',
        '{"text": 5}',
        '{"text": " "}',
        '{"id": "q", "text": " "}',
        '{"text": "tape", "stranger": 1}',
        '{"a": ' * 20_000,
        "\u200b",
    ],
)
def test_that_are_none_are_refused_with_the_line(tmp_path: Path, line: str) -> None:
    """And without the line's words."""
    with pytest.raises(LabelFileError, match="line 2: it "):
        read_questions(file(tmp_path, "fax hums", line), INTERNAL)


def test_of_one_id_must_be_one_question(tmp_path: Path) -> None:
    """Their judgements would be mixed."""
    path = file(tmp_path, '{"id": "q", "text": "tape"}', '{"id": "q", "text": "fax"}')

    with pytest.raises(LabelFileError, match="line 2: another question has the id 'q'"):
        read_questions(path, INTERNAL)


def test_that_are_blank_ask_nothing() -> None:
    """Nothing could be searched for."""
    with pytest.raises(ConfigError, match="A question is blank"):
        text_question(" \u200b", INTERNAL)
