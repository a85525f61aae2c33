"""The command duplicates."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest

from kbsearch import KnowledgeBase
from kbsearch.models.ticket import DRAFT_ID
from tests.builders import ticket
from tests.cli_runner import make_desk, run, run_json
from tests.test_duplicates import DESK, VPN

ASKED = ("--audience", "internal")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Three tickets of one problem among others."""
    return make_desk(tmp_path / "a.kb", *DESK)


def test_a_whole_desk_is_shown_in_clusters(desk: Path) -> None:
    """The one to point to first, then what should be pointed to it, and the threshold."""
    result = run("duplicates", "-d", desk, *ASKED, "--precision", "0.8")

    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("desk:fixed")
    assert "desk:first" in result.stdout
    assert "7 tickets, 1 new clusters, 0 known." in result.stdout
    assert "by the default" in " ".join(result.stdout.split())


def test_json_holds_all_of_it(desk: Path) -> None:
    """For a script that links them."""
    answer = run_json("duplicates", "-d", desk, *ASKED, "--precision", "0.8")

    (cluster,) = answer["clusters"]
    assert cluster["representative"] == "desk:fixed"
    assert {each["id"] for each in cluster["members"]} == {"desk:fixed", "desk:first", "desk:later"}
    assert answer["threshold"] == answer["precision"] == 0.8


def test_a_problem_in_words_is_asked_before_it_is_created(desk: Path) -> None:
    """With the reasons; nothing of it stays."""
    result = run("duplicates", "-d", desk, *ASKED, "--text", VPN, "--precision", "0.1")

    assert result.exit_code == 0
    assert "desk:first" in result.stdout
    assert "0x80072ee2" in result.stdout
    assert run("show", DRAFT_ID, "-d", desk, *ASKED).exit_code == 1


def test_one_ticket_is_asked_by_its_id(desk: Path) -> None:
    """Without itself."""
    answer = run_json("duplicates", "desk:first", "-d", desk, *ASKED)

    assert {each["id"] for each in answer["candidates"]} == {"desk:fixed", "desk:later"}


def test_a_ticket_that_is_not_there_is_told(desk: Path) -> None:
    """As by the other commands."""
    result = run("duplicates", "desk:never", "-d", desk, *ASKED)

    assert result.exit_code == 1
    assert "desk:never" in result.stderr


@pytest.mark.parametrize(
    "wrong",
    [("desk:first", "--text", "vpn"), ("--text", " "), ("--precision", "1.5"), ("--show", "0")],
)
def test_wrong_use_is_told(desk: Path, wrong: tuple[str, ...]) -> None:
    """Before anything is read."""
    assert run("duplicates", "-d", desk, *ASKED, *wrong).exit_code == 2


def test_ctrl_c_says_that_nothing_was_changed(desk: Path) -> None:
    """It only reads."""
    with patch.object(KnowledgeBase, "find_duplicates", side_effect=KeyboardInterrupt):
        result = run("duplicates", "-d", desk, *ASKED)

    assert result.exit_code == 130
    assert "Nothing was changed" in result.stderr


def test_text_of_a_ticket_cannot_drive_the_terminal(tmp_path: Path) -> None:
    """A title with an escape sequence is shown without it."""
    evil = [ticket(name, f"\x1b[31mRed screen {name} of the kiosk") for name in ("a", "b")]
    desk = make_desk(tmp_path / "a.kb", *evil)

    result = run("duplicates", "-d", desk, *ASKED, "--precision", "0.01")

    assert "\x1b" not in result.stdout
    assert "Red screen" in result.stdout
