"""The command that explains a hit."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbsearch import Explanation
from kbsearch.models import Stage
from tests.builders import article
from tests.cli_runner import make_desk, run, run_json
from tests.library import EXTERNAL, INTERNAL

QUERY = "tunnel drops"
TUNNEL = article("tunnel", "The tunnel drops after sleep, see 0x800F0922.", EXTERNAL)
OTHER = article("other", "Quit the tunnel and start it again.", EXTERNAL)
STAFF = article("staff", "The tunnel drops on edge-03.", INTERNAL)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk that these tests only read."""
    return make_desk(tmp_path_factory.mktemp("desk") / "a.kb", TUNNEL, OTHER, STAFF)


def test_shows_every_stage_the_terms_and_the_best_hit(filled: Path) -> None:
    """Each in a line of its own."""
    result = run("explain", QUERY, "kb:other", "--desk", filled, "--audience", "external")

    assert result.exit_code == 0
    assert result.stdout.startswith("kb:other is hit 2, score ")
    for stage in Stage:
        assert f"\n{stage.value.replace('_', ' ')} " in result.stdout
    assert "bm25 by term: tunnel " in result.stdout
    assert "best hit: kb:tunnel" in result.stdout


def test_shows_identifiers_and_corrections(filled: Path) -> None:
    """As the search does."""
    result = run("explain", "tunel 0x800f0922", "kb:tunnel", "-d", filled, "-a", "external")

    assert "identifiers it holds: 0x800F0922" in result.stdout
    assert "searched also for: tunnel" in result.stdout


def test_says_why_a_document_is_no_hit(filled: Path) -> None:
    """And what it would have."""
    result = run("explain", QUERY, "kb:tunnel", "-d", filled, "-a", "external", "--tag", "printer")

    assert result.exit_code == 0
    assert result.stdout.startswith("kb:tunnel is no hit, score ")
    assert "not among the hits: the filters leave it out" in result.stdout


def test_names_the_hit_that_a_near_copy_is_counted_with(tmp_path: Path) -> None:
    """In the table and as JSON."""
    steps = " ".join(f"step{n} of the tunnel's reset" for n in range(12))
    desk = make_desk(
        tmp_path / "b.kb", *(article(name, f"{steps} {name}", INTERNAL) for name in "ab")
    )
    (shown,) = run_json("search", "tunnel reset", "-d", desk, "-a", "internal")["hits"]
    (copy,) = shown["near_copies"]

    told = run_json("explain", "tunnel reset", copy, "-d", desk, "-a", "internal")
    printed = run("explain", "tunnel reset", copy, "-d", desk, "-a", "internal").stdout

    assert (told["absence"], told["near_copy_of"]) == ("near_copy", shown["id"])
    assert printed.startswith(f"{copy} is no hit, score ")
    assert f"not shown itself: nearly the same as {shown['id']}, and counted with it" in printed


def test_json_is_the_explanation(filled: Path) -> None:
    """All of its fields, and nothing beside it."""
    told = run_json("explain", QUERY, "kb:tunnel", "-d", filled, "-a", "internal")

    assert Explanation.model_validate(told).rank in (1, 2)


def test_customers_are_not_told_of_what_staff_read(filled: Path) -> None:
    """The exit code and the words of `show`."""
    common = ("kb:staff", "--desk", filled, "--audience", "external")

    result, shown = run("explain", QUERY, *common), run("show", *common)

    assert (result.exit_code, result.stdout) == (shown.exit_code, shown.stdout) == (1, "")
    assert result.stderr == shown.stderr
