"""Groups of staff on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbsearch import Audience
from tests.builders import article
from tests.cli_runner import lines_of, make_desk, run, run_json

LEAVE = article("leave", "Salary is paid during leave", Audience.INTERNAL)
MANUAL = article("manual", "Salary slips are in the portal", Audience.EXTERNAL)


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A desk with an article for all staff and two that were added for HR."""
    desk = make_desk(tmp_path / "a.kb", LEAVE)
    pay = article("pay", "Salary bands", Audience.INTERNAL)
    added = run("add", "-", "--into", desk, "--group", "hr", stdin=lines_of(pay, MANUAL))
    assert added.exit_code == 0
    return desk


def found(desk: Path, *options: str) -> set[str]:
    """Ids that a search for salary shows."""
    return {hit["id"] for hit in run_json("search", "salary", "-d", desk, *options)["hits"]}


def test_what_is_added_for_a_group_is_found_by_it_alone(filled: Path) -> None:
    """Also what the file calls external: the option says who may read."""
    assert found(filled, "-a", "internal") == {"kb:leave"}
    assert found(filled, "-a", "internal", "--group", "hr") == {"kb:leave", "kb:pay", "kb:manual"}
    assert found(filled, "-a", "external") == set()


@pytest.mark.parametrize(
    ("command", "what"), [(("show", "kb:pay"), "Salary bands"), (("similar", "--text", "x"), "")]
)
def test_other_commands_take_the_group_too(
    filled: Path, command: tuple[str, ...], what: str
) -> None:
    """Whoever may search may read."""
    shown = run(*command, "-d", filled, "-a", "internal", "-g", "hr")

    assert shown.exit_code == 0
    assert what in shown.stdout


def test_the_shelves_of_groups_are_counted_and_checked_when_asked_for(filled: Path) -> None:
    """An administrator need not know their names."""
    stats = run_json("stats", "-d", filled, "-a", "internal", "--every-group")["shelves"]
    check = run_json("check", "-d", filled, "-a", "internal", "--every-group")

    assert [shelf["shelf"] for shelf in stats] == ["internal", "internal.hr", "external"]
    assert check["n_documents"] == 3
    assert run_json("check", "-d", filled, "-a", "internal")["n_documents"] == 1


@pytest.mark.parametrize("command", ["stats", "check", "snapshots"])
def test_customers_are_not_told_whether_there_are_groups(
    filled: Path, tmp_path: Path, command: str
) -> None:
    """Asked for all of them they hear the same on a desk that has none, and no name."""
    desks = (filled, make_desk(tmp_path / "b.kb"))

    told = [run(command, "-d", desk, "-a", "external", "--every-group") for desk in desks]

    assert [result.exit_code for result in told] == [2, 2]
    assert told[0].output == told[1].output
    assert "customers are in none" in " ".join(told[0].stderr.split())


def test_a_wrong_group_is_wrong_use(filled: Path) -> None:
    """With what a name looks like."""
    result = run("search", "salary", "-d", filled, "-a", "internal", "-g", "H R")

    assert result.exit_code == 2
    assert "small letters, digits and hyphens" in result.stderr


def test_an_export_may_be_imported_for_a_group(tmp_path: Path) -> None:
    """What is for others is not its business: `sync` deletes what the group has, and no more."""
    desk, export = make_desk(tmp_path / "a.kb"), tmp_path / "hr"
    export.mkdir()
    (export / "bands.md").write_text("# Salary bands\n\nIn the vault.\n")
    (export / "slips.md").write_text("---\naudience: external\n---\n# Salary slips\n\nPortal.\n")

    others = tmp_path / "others"
    others.mkdir()
    (others / "leave.md").write_text("# Leave\n\nSalary goes on.\n")

    run_json("import", "markdown", others, "--into", desk)
    first = run_json("import", "markdown", export, "--into", desk, "--group", "hr")
    (export / "slips.md").unlink()
    second = run_json("sync", "markdown", export, "--into", desk, "--group", "hr")
    third = run_json("sync", "markdown", others, "--into", desk)

    assert {each["shelf"] for each in first["destinations"]} == {"internal.hr"}
    assert (first["newly_external"], first["n_added"]) == ([], 2)
    assert (second["n_unchanged"], second["n_deleted"]) == (1, 1)
    assert (third["n_unchanged"], third["n_deleted"], third["to_delete"]) == (1, 0, [])
    assert len(found(desk, "-a", "internal")) == 1
    assert len(found(desk, "-a", "internal", "-g", "hr")) == 2
