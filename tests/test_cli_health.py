"""The commands that look after a desk: stats, check."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbsearch import Audience
from tests.builders import article, resolved_ticket, ticket
from tests.cli_runner import make_desk, run, run_json

PUBLIC = article("a", "For everybody.", Audience.EXTERNAL)
PRIVATE = article("b", "For ourselves.", Audience.INTERNAL)
FIXED = resolved_ticket("1", "It broke.", "We mended it.")


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A desk with a snapshot and a newer change."""
    desk = make_desk(tmp_path / "a.kb", PUBLIC, PRIVATE, FIXED)
    run("rebuild", "--desk", desk)
    return make_desk_newer(desk)


def make_desk_newer(desk: Path) -> Path:
    """Add one more ticket after the snapshot."""
    newer = ticket("2", "It broke again.").model_dump_json().encode()
    assert run("add", "-", "--into", desk, stdin=newer).exit_code == 0
    return desk


class TestStats:
    """Counts of the shelves that the audience may see."""

    def test_counts_each_shelf(self, filled: Path) -> None:
        """Worked by hand from what was added."""
        shelves = run_json("stats", "-d", filled, "-a", "internal")["shelves"]

        internal, external = sorted(shelves, key=lambda one: one["shelf"], reverse=True)
        assert (internal["n_articles"], internal["n_tickets"]) == (1, 2)
        assert (internal["n_resolved_tickets"], internal["n_changes_since_snapshot"]) == (1, 1)
        assert (external["n_articles"], external["n_tickets"]) == (1, 0)

    def test_tells_customers_nothing_of_the_internal_shelf(self, filled: Path) -> None:
        """Counts are content."""
        result = run("stats", "-d", filled, "-a", "external")

        assert "external" in result.stdout
        assert "internal" not in result.stdout

    def test_an_empty_desk_has_zeros(self, tmp_path: Path) -> None:
        """Before anything is added there is neither snapshot nor embedder."""
        result = run("stats", "-d", make_desk(tmp_path / "a.kb"), "-a", "external")

        assert result.exit_code == 0
        assert "none" in result.stdout


class TestCheck:
    """Verifies, and its exit code says the result."""

    def test_a_sound_desk_is_exit_code_0(self, filled: Path) -> None:
        """With what was verified."""
        result = run("check", "-d", filled, "-a", "internal")

        assert result.exit_code == 0
        assert result.stdout.startswith("4 documents, ")
        assert "all sound" in result.stdout

    def test_damage_is_exit_code_1_with_what_to_do(self, filled: Path) -> None:
        """One byte of a snapshot's vectors."""
        (vectors,) = (filled / "external").glob("snapshot-*/vectors.faiss")
        content = bytearray(vectors.read_bytes())
        content[-1] ^= 1
        vectors.write_bytes(content)

        result = run("check", "-d", filled, "-a", "external")
        answer = run_json("check", "-d", filled, "-a", "external")

        assert result.exit_code == 1
        assert "kbsearch rebuild" in " ".join(result.stdout.split())
        assert answer["is_sound"] is False
        assert "vectors.faiss is damaged" in answer["findings"][0]["what"]

    def test_a_store_that_cannot_be_read_is_exit_code_4_elsewhere(self, filled: Path) -> None:
        """`check` reports it as a finding; a search cannot go on."""
        records = filled / "external" / "records.sqlite"
        records.write_bytes(b"no database" * 1000)

        searched = run("search", "everybody", "-d", filled, "-a", "external")
        checked = run("check", "-d", filled, "-a", "external")

        assert searched.exit_code == 4
        assert "cannot be read as a kbsearch database" in searched.stderr
        assert checked.exit_code == 1
