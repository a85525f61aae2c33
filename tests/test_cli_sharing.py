"""`kbsearch check-outgoing`: what an agent sees of a draft."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import agent_says, article, customer_says, ticket
from tests.cli_runner import make_desk, run, run_json
from tests.library import INTERNAL

SECRET = "The reaper on the edge servers skips half-open sessions since build 1.18."
NOTE = "The session hung on the third edge machine because Pavel drained it too early."


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    messages = (customer_says("It is amber.", id="1"), agent_says(NOTE, public=False, id="2"))
    return make_desk(
        tmp_path / "a.kb", article("s", SECRET, INTERNAL), ticket("7", "x", messages=messages)
    )


def test_it_shows_sentence_reason_and_source_and_exits_with_1(desk: Path, tmp_path: Path) -> None:
    """A hook before sending looks at the exit code, a person at the table."""
    draft = tmp_path / "reply.txt"
    draft.write_text(f"Hello. {SECRET}", encoding="utf-8")

    result = run("check-outgoing", draft, "--desk", desk)

    assert result.exit_code == 1
    assert "kb:s" in result.stdout
    assert "an internal article" in " ".join(result.stdout.split())
    assert "2 sentences; 1 finding." in result.stdout


def test_a_clear_draft_exits_with_0(desk: Path) -> None:
    """Read from a pipe."""
    result = run("check-outgoing", "-", "--desk", desk, stdin=b"Thank you, Mira. Kind regards")

    assert result.exit_code == 0
    assert "nothing was found" in result.stdout


def test_json_holds_offsets_and_the_ticket_is_named(desk: Path) -> None:
    """For helpdesks that mark the sentence in their own window."""
    answer = run_json("check-outgoing", "-d", desk, "--ticket", "desk:7", stdin=NOTE.encode())

    (finding,) = answer["findings"]
    assert (finding["kind"], finding["start"], finding["end"]) == ("copy", 0, len(NOTE))
    assert (finding["source_id"], answer["is_clear"]) == ("desk:7", False)


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        (["none.txt"], b"", "cannot be read"),
        (["-"], b"\xff\xfe\xff", "is not UTF-8"),
        (["-", "--ticket", "kb:s"], b"text", "is an article"),
    ],
)
def test_what_cannot_be_checked_is_wrong_use(
    desk: Path, arguments: list[str], stdin: bytes, message: str
) -> None:
    """Never exit code 0: a hook would send it."""
    result = run("check-outgoing", *arguments, "--desk", desk, stdin=stdin)

    assert result.exit_code == 2
    assert message in " ".join(result.stderr.replace("│", " ").split())


def test_escape_sequences_in_a_draft_do_not_reach_the_terminal(desk: Path) -> None:
    """A customer's words are quoted in it."""
    result = run("check-outgoing", "-", "-d", desk, stdin=f"\x1b[31m{SECRET}".encode())

    assert result.exit_code == 1
    assert "\x1b" not in result.stdout
