"""The commands snapshots, rollback, check --repair and forget."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kbsearch import Audience
from tests.builders import article, ticket
from tests.cli_runner import lines_of, make_desk, run, run_json
from tests.disk import flip_a_bit

LAMP = article("lamp", "The zirkonleuchte flickers.", Audience.EXTERNAL)
NOTE = ticket("7", "It is as in kb:lamp.")


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A desk whose internal shelf has two snapshots."""
    desk = make_desk(tmp_path / "a.kb", LAMP)
    run("rebuild", "--desk", desk)
    assert run("add", "-", "--into", desk, stdin=lines_of(NOTE)).exit_code == 0
    run("rebuild", "--desk", desk)
    return desk


class TestSnapshotsAndRollback:
    """Looking at the indexes, and going back."""

    def test_lists_and_goes_back(self, filled: Path) -> None:
        """The live one is marked."""
        before = run_json("snapshots", "-d", filled, "-a", "internal")["snapshots"]

        back = run("rollback", "-d", filled, "--shelf", "internal")
        table = run("snapshots", "-d", filled, "-a", "internal").stdout

        assert [(s["shelf"], s["number"], s["is_live"]) for s in before] == [
            ("internal", 1, False),
            ("internal", 2, True),
            ("external", 1, True),
        ]
        assert (back.exit_code, back.stdout) == (0, "Snapshot 1 of shelf internal is live.\n")
        assert "live" in table

    def test_says_where_there_is_nothing_to_go_back_to(self, filled: Path) -> None:
        """With what there is."""
        result = run("rollback", "-d", filled, "--shelf", "external")

        assert result.exit_code == 4
        assert "there are [1]" in result.stderr

    def test_an_empty_desk_has_none(self, tmp_path: Path) -> None:
        """And the answer says how to get one."""
        desk = make_desk(tmp_path / "a.kb")

        assert "kbsearch rebuild" in run("snapshots", "-d", desk, "-a", "internal").stdout


class TestRepair:
    """What is derived is made anew from the records."""

    def test_makes_a_damaged_snapshot_anew(self, filled: Path) -> None:
        """And a check is content afterwards."""
        flip_a_bit(filled / "internal" / "snapshot-0000000002" / "vectors.faiss")
        before = run("check", "-d", filled, "-a", "internal")

        repaired = run("check", "-d", filled, "-a", "internal", "--repair")

        assert (before.exit_code, repaired.exit_code) == (1, 0)
        assert "all sound" in repaired.stdout
        assert run("check", "-d", filled, "-a", "internal").exit_code == 0

    def test_removes_what_an_interrupted_rebuild_left(self, filled: Path) -> None:
        """No reader looks at it, but it takes room."""
        (filled / "internal" / "building-0000000009").mkdir()

        repaired = run("check", "-d", filled, "-a", "internal", "--repair")

        assert repaired.exit_code == 0
        assert not (filled / "internal" / "building-0000000009").exists()

    def test_refuses_another_embedder(self, filled: Path) -> None:
        """It would change one shelf alone; a rebuild changes both."""
        settings = filled / "kbsearch.toml"
        settings.write_text(settings.read_text().replace("dim = 512", "dim = 64"))
        (filled / "external" / "CURRENT").write_text("x")

        repaired = run("check", "-d", filled, "-a", "external", "--repair")

        assert repaired.exit_code == 4
        assert "kbsearch rebuild" in " ".join(repaired.stderr.split())
        assert (filled / "external" / "CURRENT").read_text() == "x"

    def test_says_what_it_cannot_repair(self, filled: Path) -> None:
        """A file of somebody else's is not removed."""
        (filled / "internal" / "notes.txt").write_text("x")

        repaired = run("check", "-d", filled, "-a", "internal", "--repair")

        assert repaired.exit_code == 1
        assert "'notes.txt' is no file of this desk" in repaired.stdout


class TestForget:
    """There is no way back, so it asks."""

    def test_says_first_what_it_would_remove(self, filled: Path) -> None:
        """And removes nothing."""
        result = run("forget", "kb:lamp", "-d", filled, "--dry-run")

        assert result.exit_code == 0
        assert "1 documents would be removed, 1 others would be rewritten." in result.stdout
        assert run("show", "kb:lamp", "-d", filled, "-a", "external").exit_code == 0

    def test_does_nothing_where_nobody_can_be_asked(self, filled: Path) -> None:
        """A script says --yes."""
        result = run("forget", "kb:lamp", "-d", filled)

        assert result.exit_code == 2
        assert "repeat with --yes" in result.stderr
        assert run("show", "kb:lamp", "-d", filled, "-a", "external").exit_code == 0

    def test_removes_and_writes_a_receipt(self, filled: Path, tmp_path: Path) -> None:
        """For whoever asked for it."""
        receipt = tmp_path / "receipt.json"

        result = run(
            *("forget", "kb:lamp", "-d", filled, "--by", "privacy", "--yes", "--receipt", receipt)
        )

        assert result.exit_code == 0
        assert "none is left" in result.stdout
        written = json.loads(receipt.read_text())
        assert (written["by"], written["document_ids"]) == ("privacy", ["kb:lamp"])
        assert run("show", "kb:lamp", "-d", filled, "-a", "internal").exit_code == 1
        again = run("add", "-", "--into", filled, stdin=lines_of(LAMP))
        assert again.exit_code == 0  # the same export comes every night
        assert "1 forgotten before and not taken" in again.stdout

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [((), "Give ids, or a person"), (("--name", "Mira"), "would match many people")],
    )
    def test_refuses_what_is_not_clear(
        self, filled: Path, arguments: tuple[str, ...], message: str
    ) -> None:
        """Wrong use, and nothing changed."""
        result = run("forget", *arguments, "-d", filled, "--yes")

        assert result.exit_code == 2
        assert message in result.stderr
