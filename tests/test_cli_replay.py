"""`kbsearch replay` at the terminal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kbsearch.cli.exits import ExitCode
from kbsearch.evaluation import read_run
from tests.builders import article, customer_says, resolved_ticket, ticket
from tests.cli_runner import make_desk, run, run_json
from tests.library import EXTERNAL

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Two tickets of one product ask for one article, which was there for one of them."""
    links = {"article_ids": ("kb:lamp",), "product": "lamps"}
    told = (customer_says("lamp blinks red", created_at=TUESDAY),)
    return make_desk(
        tmp_path / "support.kb",
        article("lamp", "lamp blinks red", EXTERNAL, created_at=MONDAY),
        ticket("old", "lamp flickers", created_at=MONDAY - timedelta(days=9), **links),
        ticket("new", "lamp blinks red", messages=told, created_at=TUESDAY, **links),
        resolved_ticket("none", "fax hums", "Turn it off", article_ids=("kb:lamp",)),
    )


def test_measures_what_could_be_answered(desk: Path) -> None:
    """By hand: one finds the article first, one is older, and of one nobody knows when."""
    told = run_json("replay", "--desk", desk, "--audience", "internal")

    assert (told["n_questions"], told["n_unanswerable"], told["left_out"]) == (3, 1, {})
    assert told["overall"]["n_questions"] == told["undated"]["n_questions"] == 1
    assert told["overall"]["measures"]["nDCG@10"] == {"mean": 1.0, "low": 0.0, "high": 1.0}
    assert told["by_product"]["lamps"]["measures"]["answered@10"]["mean"] == 1.0
    assert "run" not in told
    assert "measured" not in told


def test_shows_tables_and_what_they_are_worth(desk: Path) -> None:
    """Intervals, what was left out, and that today's questions are no past."""
    shown = run("replay", "--desk", desk, "--audience", "internal").stdout

    assert "3 questions with a label, 2 asked, 1 unanswerable then" in shown
    assert "answered@10 1.000 0.000 to 1.000" in " ".join(shown.split())
    assert "1 of which nobody knows when" in shown
    assert "Fewer than 50 questions" in shown


def test_says_which_kind_was_asked_for(desk: Path) -> None:
    """The articles are there as they were: a kind of its own is the reason."""
    shown = run("replay", "--desk", desk, "--audience", "internal", "--kind", "ticket").stdout

    assert "3 left out: what answers it is of another kind than was asked for" in shown
    assert "Nothing to measure" in shown


def test_writes_what_was_found(desk: Path, tmp_path: Path) -> None:
    """For other tools."""
    path = tmp_path / "past.run"

    assert run("replay", "-d", desk, "-a", "internal", "--run", path).exit_code == ExitCode.OK

    assert next(iter(read_run(path)["desk:new"])) == "kb:lamp"


@pytest.mark.parametrize("where", [".", "gone/past.run"])
def test_tells_before_the_work_that_it_cannot_be_written(desk: Path, where: str) -> None:
    """After it, minutes of work would be lost."""
    result = run("replay", "-d", desk, "-a", "internal", "--run", where)

    assert result.exit_code == ExitCode.WRONG_USE
    assert "--run" in result.stderr
    assert not result.stdout


def test_asks_what_was_judged(desk: Path, tmp_path: Path) -> None:
    """Beside what was linked: one more question, which has no day."""
    asked = tmp_path / "asked.txt"
    asked.write_text("lamp blinks red\n", encoding="utf-8")
    by = ("-d", desk, "-a", "internal", "--by", "anna", "-k", 3)
    assert run("judge", asked, *by, stdin=b"3\n3\n3\n").exit_code == ExitCode.OK

    told = run_json(
        "replay", "-d", desk, "-a", "internal", "--judged", tmp_path / "asked.anna.jsonl"
    )

    assert (told["n_questions"], told["undated"]["n_questions"]) == (4, 2)


def test_of_customers_says_nothing_of_what_staff_linked(desk: Path) -> None:
    """Unless staff ask to look at it."""
    own = run_json("replay", "-d", desk, "-a", "external")
    refused = run("replay", "-d", desk, "-a", "internal", "--published")

    assert own["n_questions"] == 0
    assert refused.exit_code == ExitCode.WRONG_USE
    assert "give --audience external" in " ".join(refused.stderr.split())


def test_of_an_empty_desk_measures_nothing(tmp_path: Path) -> None:
    """And fails at nothing."""
    empty = make_desk(tmp_path / "empty.kb")

    result = run("replay", "-d", empty, "-a", "internal")

    assert result.exit_code == ExitCode.OK
    assert "Nothing to measure" in result.stdout
