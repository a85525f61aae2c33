"""The command rebuild with a gate: what it shows, refuses and answers to scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbsearch import Audience
from tests.builders import article
from tests.cli_runner import lines_of, make_desk, run, run_json
from tests.gating.desks import plant, without_words_of_newest

LAMPS = [
    article(f"{n}", f"The lamp of room{n} flickers near door{n}.", Audience.EXTERNAL)
    for n in range(8)
]


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A desk with a live snapshot, whose customers' shelf was emptied since."""
    desk = make_desk(tmp_path / "a.kb", *LAMPS)
    run("rebuild", "--desk", desk)
    run("withdraw", *(each.id for each in LAMPS), "--desk", desk)
    return desk


class TestRebuildWithAGate:
    """`kbsearch rebuild --gate`."""

    def test_shows_what_was_asked_and_publishes(self, tmp_path: Path) -> None:
        """A line for each kind of questions on each shelf."""
        desk = make_desk(tmp_path / "a.kb", *LAMPS)

        result = run("rebuild", "--desk", desk, "--gate")
        listed = run("snapshots", "--desk", desk, "--audience", "external")

        assert result.exit_code == 0
        assert "self-check, vectors alone" in result.stdout
        assert "+0.000 (+0.000 to +0.000)" in result.stdout
        assert "they are published" in result.stdout
        assert "passed, 16 asked" in listed.stdout

    def test_refuses_with_an_exit_code_of_its_own(self, filled: Path) -> None:
        """A script tells a refusal from a failure."""
        result = run("rebuild", "--desk", filled, "--gate")

        assert result.exit_code == 5
        assert "Only internal was published" in result.stderr
        assert "8 documents less than the 8" in result.stderr
        assert run_json("snapshots", "-d", filled, "-a", "external")["snapshots"][0]["number"] == 1

    def test_answers_a_refusal_as_json(self, filled: Path) -> None:
        """With all that was compared, and the error."""
        answer = run_json("rebuild", "--desk", filled, "--gate")

        assert answer["error"]["exit_code"] == 5
        assert answer["error"]["type"] == "GateRefusedError"
        assert [each["shelf"] for each in answer["shelves"]] == ["internal"]
        assert [each["shelf"] for each in answer["gate"]["shelves"]] == ["external", "internal"]

    def test_publishes_what_is_forced_and_says_so(self, filled: Path) -> None:
        """The reasons are shown all the same."""
        result = run("rebuild", "--desk", filled, "--force")
        listed = run("snapshots", "--desk", filled, "--audience", "external")

        assert result.exit_code == 0
        assert "8 documents less than the 8" in result.stdout
        assert "--force" in result.stdout
        assert "forced" in listed.stdout

    def test_shows_no_gate_if_none_was_asked_for(self, filled: Path) -> None:
        """And publishes, as ever."""
        answer = run_json("rebuild", "--desk", filled)

        assert "gate" not in answer
        assert [each["snapshot"] for each in answer["shelves"]] == [2, 2]

    def test_lists_questions_that_win_and_lose(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The largest losers first, with the place before and after."""
        desk = make_desk(tmp_path / "a.kb", *LAMPS)
        run("rebuild", "--desk", desk)
        late = article("late", "The fountain is dry.", Audience.EXTERNAL)
        run("add", "-", "--into", desk, stdin=lines_of(late))
        (desk / "external" / "golden.toml").write_text('[golden]\n"fountain dry" = "kb:late"\n')
        plant(monkeypatch, without_words_of_newest)

        result = run("rebuild", "--desk", desk, "--gate")

        assert result.exit_code == 5
        (line,) = [line for line in result.stdout.splitlines() if "fountain dry" in line]
        assert line.split() == "external golden queries fountain dry kb:late 1 - -1.000".split()
