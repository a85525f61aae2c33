"""The command promote."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbsearch import Audience
from tests.builders import article
from tests.cli_runner import make_desk, run, run_json

LID = article("lid", "The tunnel drops. Reset it on edge-03.kettle.internal.", Audience.INTERNAL)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """One article, and staff alone have it."""
    return make_desk(tmp_path / "a.kb", LID)


@pytest.mark.parametrize("line", ["the tunnel drops", '{"query": "the tunnel drops", "hits": []}'])
def test_questions_come_from_a_file_of_lines_or_of_answers(
    desk: Path, tmp_path: Path, line: str
) -> None:
    """As an application keeps them: words, or what `kbsearch search --json` printed."""
    questions = tmp_path / "unanswered.txt"
    questions.write_text(f"{line}\n\n")

    result = run("promote", "-d", desk, "--questions", questions)

    assert result.exit_code == 0
    assert "kb:lid" in result.stdout
    assert "asked: the tunnel drops" in result.stdout
    assert "hostname: edge-03.kettle.internal" in result.stdout
    assert "kbsearch publish kb:lid --by WHO" in result.stdout


def test_json_holds_all_of_it(desk: Path) -> None:
    """For a page of editors."""
    answer = run_json("promote", "-d", desk, "--questions", "-", stdin=b"the tunnel drops\n")

    (promotion,) = answer["promotions"]
    assert promotion["document_id"] == "kb:lid"
    assert promotion["obstacles"][0]["kind"] == "hostname"
    assert (answer["n_questions"], answer["n_answered"]) == (1, 0)


def test_nothing_asked_is_nothing_wanted(desk: Path) -> None:
    """No tickets, no questions: a sentence that says so."""
    result = run("promote", "-d", desk)

    assert result.exit_code == 0
    assert "0 questions" in result.stdout


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"query": 7}\n', "line 1 is neither"),
        (b"\xff\xfe\n", "it is not UTF-8"),
        (None, "cannot"),
    ],
)
def test_a_file_that_cannot_be_read_is_wrong_use(
    desk: Path, tmp_path: Path, content: bytes | None, said: str
) -> None:
    """With the line."""
    questions = tmp_path / "unanswered.txt"
    if content is not None:
        questions.write_bytes(content)

    result = run("promote", "-d", desk, "--questions", questions)

    assert result.exit_code == 2
    assert said in " ".join(result.stderr.replace("│", " ").split())  # folded by the path's length
