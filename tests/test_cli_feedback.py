"""The command feedback."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbsearch import Audience
from tests.builders import article
from tests.cli_runner import make_desk, run, run_json


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    return make_desk(
        tmp_path / "a.kb",
        article("vpn", "The VPN drops after sleep", Audience.EXTERNAL),
        article("fax", "The fax is in the cellar", Audience.INTERNAL),
    )


class TestFeedback:
    """`kbsearch feedback`."""

    def test_is_noted_and_listed(self, filled: Path) -> None:
        """By document, with what was said of it."""
        where = ("--desk", filled, "--audience")
        first = run("feedback", "vpn drops", "kb:vpn", *where, "external", "--by", "7")
        run("feedback", "vpn", "kb:vpn", *where, "internal", "--by", "m", "--not-helpful")
        run("feedback", "fax", "kb:fax", *where, "internal", "--by", "m", "--click")

        listed = run("feedback", "--list", *where, "internal")

        assert (first.exit_code, first.stdout) == (0, "Noted.\n")
        assert [line.split() for line in listed.stdout.splitlines()[-2:]] == [
            ["kb:fax", "0", "0", "1", "0"],
            ["kb:vpn", "1", "1", "0", "0"],
        ]

    def test_answers_as_json(self, filled: Path) -> None:
        """For scripts."""
        where = ("--desk", filled, "--audience", "internal")

        noted = run_json("feedback", "fax", "kb:fax", *where, "--by", "m", "--position", "2")
        listed = run_json("feedback", "--list", *where)

        assert noted == {"is_kept": True}
        assert listed["documents"] == [
            {
                "document_id": "kb:fax",
                "n_helpful": 1,
                "n_not_helpful": 0,
                "n_clicks": 0,
                "n_shown": 1,
            }
        ]

    def test_of_a_document_that_is_not_there_is_refused(self, filled: Path) -> None:
        """For who asks: staff's article is none of customers'."""
        result = run("feedback", "fax", "kb:fax", "--desk", filled, "--audience", "external")

        assert result.exit_code == 1

    @pytest.mark.parametrize(
        "arguments",
        [
            ("--audience", "external", "--list"),
            ("vpn", "--audience", "internal", "--list"),
            ("--audience", "internal"),
            ("vpn", "--audience", "internal"),
        ],
    )
    def test_wrong_use_is_told(self, filled: Path, arguments: tuple[str, ...]) -> None:
        """What people said is for staff; a vote needs a query and a document."""
        assert run("feedback", *arguments, "--desk", filled).exit_code == 2

    def test_an_empty_list_says_so(self, filled: Path) -> None:
        """Instead of a table of nothing."""
        result = run("feedback", "--list", "--desk", filled, "--audience", "internal")

        assert result.stdout == "Nobody has said anything yet.\n"
