"""`kbsearch similar`: what fixed it above the hits, and open tickets on request."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import resolved_ticket, ticket
from tests.cli_runner import make_desk, run, run_json

PROBLEM = "The VPN drops after sleep"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A desk with two tickets that were fixed alike, and an open one."""
    fixed = [resolved_ticket(n, PROBLEM, "Keep the adapter awake") for n in ("1", "2")]
    return make_desk(tmp_path / "support.kb", *fixed, ticket("3", PROBLEM))


def asked(path: Path, *more: str) -> tuple[object, ...]:
    return ("similar", "--text", PROBLEM, "--desk", path, "--audience", "internal", *more)


def test_shows_the_fix_with_its_record_and_source_above_the_hits(path: Path) -> None:
    """The answer first, what it was learned from below."""
    shown = run(*asked(path)).stdout

    assert "worked in 2 of 2 tickets" in shown
    assert "desk:1 (desk:1#2) \u00b7 public" in shown
    assert shown.index("what fixed it") < shown.index("score")
    assert "desk:3" not in shown


def test_carries_every_field_of_the_fixes_for_machines(path: Path) -> None:
    """Under `fixes`, as the library returns them."""
    (fix,) = run_json(*asked(path))["fixes"]

    assert (fix["text"], fix["n_worked"], fix["n_tried"]) == ("Keep the adapter awake", 2, 2)
    assert fix["ticket_ids"] == ["desk:1", "desk:2"]


def test_shows_open_tickets_on_request(path: Path) -> None:
    """After the resolved ones."""
    hits = run_json(*asked(path, "--with-open"))["hits"]

    assert [hit["id"] for hit in hits] == ["desk:1", "desk:2", "desk:3"]


def test_says_why_there_is_no_fix(tmp_path: Path) -> None:
    """None is resolved, and how to see what is open."""
    path = make_desk(tmp_path / "support.kb", ticket("3", PROBLEM))

    result = run(*asked(path))

    assert result.exit_code == 0
    assert "1 similar ticket, none is resolved yet: desk:3." in " ".join(result.stdout.split())
