"""`kbsearch labels` and `kbsearch judge` at the terminal."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kbsearch import Article, Ticket
from kbsearch.cli.exits import ExitCode
from kbsearch.evaluation import read_judgements, read_qrels, read_questions
from tests.builders import article, resolved_ticket, ticket
from tests.cli_runner import make_desk, run, run_json
from tests.library import EXTERNAL, INTERNAL

DOCUMENTS: list[Article | Ticket] = [
    article("scan", "Hold the green key for two seconds to wake the scanner.", EXTERNAL),
    article("fuse", "Scanners of floor two need their fuse changed.", INTERNAL),
    ticket("1", "Scanner does not wake", article_ids=("kb:scan",), duplicate_ids=("desk:2",)),
    resolved_ticket("2", "Scanner sleeps all day", "Hold the green key", published=True),
]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return make_desk(tmp_path / "support.kb", *DOCUMENTS)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "asked.txt"
    path.write_text("scanner does not wake\nfuse of floor two\n", encoding="utf-8")
    return path


def judge(desk: Path, questions: Path, keys: str, *more: object, audience: str = "internal") -> Any:
    asked = ("judge", questions, "--desk", desk, "--audience", audience, "--by", "anna")
    return run(*asked, *more, stdin="".join(f"{key}\n" for key in keys).encode())


class TestLabels:
    """A table of sources, and files for other tools."""

    def test_are_counted_by_source(self, desk: Path) -> None:
        """By hand: one article, and two tickets each way, one of them fixed."""
        told = run_json("labels", "--desk", desk, "--audience", "internal")

        assert told["sources"] == {
            "duplicate": {"questions": 2, "labels": 2, "documents": 2, "confirmed": 1},
            "article": {"questions": 1, "labels": 1, "documents": 1, "confirmed": 0},
        }
        assert told["total"] == {"questions": 2, "labels": 3, "documents": 3, "confirmed": 1}

    def test_are_shown_as_a_table(self, desk: Path) -> None:
        """With a word on how few there are."""
        shown = run("labels", "--desk", desk, "--audience", "internal").stdout

        assert "duplicate" in shown
        assert "Fewer than 50 questions" in shown

    def test_that_are_imitated_say_so(self, desk: Path) -> None:
        """Nobody may take their figures for real ones."""
        shown = run("labels", "--desk", desk, "--audience", "internal", "--imitate").stdout

        assert "imitated: flatters" in shown

    def test_of_customers_hold_staffs_links_only_where_staff_ask(self, desk: Path) -> None:
        """desk:1 is not published, so that nothing is left of its links here."""
        assert run_json("labels", "-d", desk, "-a", "external")["total"]["labels"] == 0
        assert run_json("labels", "-d", desk, "-a", "external", "--published")["sources"] == {}
        refused = run("labels", "-d", desk, "-a", "internal", "--published")
        assert refused.exit_code == ExitCode.WRONG_USE
        assert "give --audience external" in refused.stderr

    def test_are_written_for_other_tools(self, desk: Path, tmp_path: Path) -> None:
        """Both files are read back by the library."""
        folder = tmp_path / "new" / "labels"

        run("labels", "-d", desk, "-a", "internal", "--trec", folder)

        assert read_qrels(folder / "qrels.txt") == {
            "desk:1": {"desk:2": 2, "kb:scan": 1},
            "desk:2": {"desk:1": 1},
        }
        asked = read_questions(folder / "questions.jsonl", INTERNAL)
        assert [one.ticket_id for one in asked] == ["desk:1", "desk:2"]

    def test_are_written_into_directories_alone(self, desk: Path, tmp_path: Path) -> None:
        """Told as wrong use, or as what the system says; never as a bug."""
        (tmp_path / "file").touch()
        for where, code in (
            (tmp_path / "file", ExitCode.WRONG_USE),
            (tmp_path / "file" / "below", ExitCode.UNAVAILABLE),
        ):
            result = run("labels", "-d", desk, "-a", "internal", "--trec", where)

            assert result.exit_code == code

    def test_may_hold_what_was_judged(self, desk: Path, questions: Path) -> None:
        """By hand: of three grades one is more than 1."""
        judge(desk, questions, "301q")
        kept = questions.with_name("asked.anna.jsonl")

        told = run_json("labels", "-d", desk, "-a", "internal", "--judged", kept)
        others = run_json("labels", "-d", desk, "-a", "external", "--judged", kept)
        missing = run("labels", "-d", desk, "-a", "internal", "--judged", "gone.jsonl")

        assert told["sources"]["judged"]["labels"] == 3
        assert told["sources"]["judged"]["confirmed"] == 1
        assert others["sources"] == {}
        assert "'gone.jsonl' is not there" in missing.stderr


class TestJudging:
    """Keys are lines here, as there is no terminal."""

    def test_keeps_each_grade_and_goes_on_where_it_stopped(
        self, desk: Path, questions: Path
    ) -> None:
        """`q` stops, and so does the end of input."""
        first = judge(desk, questions, "3q")
        second = judge(desk, questions, "0")

        assert first.exit_code == second.exit_code == 0
        assert "1 of " in first.stdout
        assert "2 of " in second.stdout
        kept = read_judgements(questions.with_name("asked.anna.jsonl"))
        assert [one.grade for one in kept] == [3, 0]
        assert {one.by for one in kept} == {"anna"}

    def test_skips_takes_back_and_passes_over_other_keys(self, desk: Path, questions: Path) -> None:
        """Capital letters count; what is no key is told."""
        result = judge(desk, questions, "usxU2q")

        kept = read_judgements(questions.with_name("asked.anna.jsonl"))
        assert [one.grade for one in kept] == [2]
        assert "judged nothing here that could be taken back" in " ".join(result.stderr.split())
        assert "'x' is none of 0, 1, 2, 3" in result.stderr

    def test_shows_the_question_once_and_neither_rank_nor_score(
        self, desk: Path, questions: Path
    ) -> None:
        """All that is shown is on stderr; the answer is the summary."""
        result = judge(desk, questions, "0000000000")

        assert result.stderr.count("fuse of floor two") == 1
        assert "0." not in result.stderr
        assert "green key" not in result.stdout

    def test_shows_what_the_audience_sees(self, desk: Path, questions: Path) -> None:
        """Of floor two customers know nothing but the question itself."""
        result = judge(desk, questions, "0" * 10, audience="external")

        assert "Hold the green key" in result.stderr
        assert "need their fuse changed" not in result.stderr

    def test_shows_the_full_text_when_asked(self, tmp_path: Path, questions: Path) -> None:
        """A long page is cut at first."""
        body = "scanner " * 400 + "the very end"
        desk = make_desk(tmp_path / "long.kb", article("long", body, INTERNAL, title="Scanner"))

        assert "the very end" not in judge(desk, questions, "q").stderr
        assert "the very end" in judge(desk, questions, "fq").stderr

    def test_obeys_no_escape_sequence_of_a_document(self, tmp_path: Path, questions: Path) -> None:
        """A ticket must not paint the terminal."""
        page = article("1", "scanner \x1b[31mred\x1b[0m", INTERNAL, title="Scanner")
        desk = make_desk(tmp_path / "red.kb", page)

        assert "\x1b" not in judge(desk, questions, "q").stderr

    def test_answers_in_json(self, desk: Path, questions: Path) -> None:
        """What is done, what is left, and where it is."""
        told = json.loads(judge(desk, questions, "3q", "--json").stdout)

        assert (told["done"], told["by"]) == (1, "anna")
        assert told["left"] > 0
        assert told["file"] == str(questions.with_name("asked.anna.jsonl"))

    def test_needs_a_file_for_a_name_that_can_be_no_file(
        self, desk: Path, questions: Path, tmp_path: Path
    ) -> None:
        """`../anna` would be written elsewhere."""
        asked = ("judge", questions, "-d", desk, "-a", "internal", "--by", "../anna")

        refused = run(*asked, stdin=b"3\n")
        done = run(*asked, "--file", tmp_path / "a.jsonl", stdin=b"3\n")

        assert refused.exit_code == ExitCode.WRONG_USE
        assert "--file" in refused.stderr
        assert done.exit_code == 0
        assert [one.by for one in read_judgements(tmp_path / "a.jsonl")] == ["../anna"]

    def test_needs_questions_and_an_audience(self, desk: Path, questions: Path) -> None:
        """Nothing is assumed."""
        for given in ((questions, "-d", desk), (questions, "-a", "internal"), ("-d", desk)):
            result = run("judge", *given)

            assert result.exit_code == ExitCode.WRONG_USE
            assert "give QUESTIONS, --desk and --audience" in result.stderr

    def test_needs_files(self, desk: Path, questions: Path) -> None:
        """A directory, or a slip in a name."""
        gone = questions.with_name("gone.txt")
        for given in ((questions.parent,), (gone,), (questions, "--file", questions.parent)):
            result = run("judge", *given, "-d", desk, "-a", "internal", "--by", "anna")

            assert result.exit_code == ExitCode.WRONG_USE

    def test_says_that_nothing_is_found(self, desk: Path, questions: Path) -> None:
        """Rather than that none of none is judged."""
        questions.write_text("... !!!\n", encoding="utf-8")

        result = judge(desk, questions, "")

        assert result.exit_code == ExitCode.OK
        assert "nothing to judge: no question finds anything" in result.stderr

    def test_keeps_what_was_judged_when_it_is_interrupted(
        self, desk: Path, questions: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Ctrl-C is a way to stop."""
        keys = iter(["3\n"])

        class Stdin:
            def isatty(self) -> bool:
                return False

            def readline(self) -> str:
                for key in keys:
                    return key
                raise KeyboardInterrupt

        monkeypatch.setattr("kbsearch.cli.judging.sys", type("Sys", (), {"stdin": Stdin()}))
        result = judge(desk, questions, "")

        assert result.exit_code == ExitCode.INTERRUPTED
        assert "Interrupted. 1 of " in result.stderr
        assert "to go on" in " ".join(result.stderr.split())
        assert len(read_judgements(questions.with_name("asked.anna.jsonl"))) == 1


class TestAgreement:
    """Two judges' files, compared."""

    @pytest.fixture
    def files(self, desk: Path, questions: Path) -> list[Path]:
        for by, keys in (("anna", "3010"), ("bert", "3110")):
            judge(desk, questions, keys, "--by", by)
        return [questions.with_name(f"asked.{by}.jsonl") for by in ("anna", "bert")]

    def test_is_told(self, files: list[Path]) -> None:
        """By hand: 3 of 4 alike; chance (1·1 + 1·2 + 2·1)/16 = 5/16, so (.75 - .3125)/.6875."""
        told = run_json("judge", "--agreement", *files)

        assert (told["n_both"], told["n_equal"]) == (4, 3)
        assert told["kappa"] == pytest.approx((0.75 - 0.3125) / 0.6875)
        shown = run("judge", "--agreement", *files).stdout
        assert "4 documents were graded by both, 3 alike" in shown
        assert "kappa: 0.64" in shown

    def test_of_one_grade_throughout_is_unknown(
        self, desk: Path, questions: Path, files: list[Path]
    ) -> None:
        """Not 0, and not 1."""
        for by in ("carl", "dora"):
            judge(desk, questions, "22", "--by", by)
        same = [questions.with_name(f"asked.{by}.jsonl") for by in ("carl", "dora")]

        assert "kappa: unknown" in run("judge", "--agreement", *same).stdout

    def test_of_a_file_that_is_not_there_is_refused(self, files: list[Path]) -> None:
        """A slip in a name is no judge without judgements."""
        result = run("judge", "--agreement", files[0], "gone.jsonl")

        assert result.exit_code == ExitCode.WRONG_USE
        assert "'gone.jsonl' is not there" in result.stderr


def test_a_terminal_gives_single_keys(desk: Path, questions: Path) -> None:
    """No Enter is needed; Ctrl-C stops, and what was judged is kept."""
    controller, terminal = pty.openpty()
    command = [sys.executable, "-m", "kbsearch.cli", "judge", str(questions)]
    options = ["--desk", str(desk), "--audience", "internal", "--by", "anna"]
    process = subprocess.Popen(
        [*command, *options],
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    kept = questions.with_name("asked.anna.jsonl")

    def press(key: bytes, until: Callable[[], object]) -> None:
        """Again and again: what is typed before the command listens is dropped."""
        deadline = time.monotonic() + 60
        while not until() and time.monotonic() < deadline:
            os.write(controller, key)
            time.sleep(0.2)

    try:
        press(b"2", lambda: read_judgements(kept))
        press(b"\x03", lambda: process.poll() is not None)
        _, told = process.communicate(timeout=60)
    finally:
        process.kill()
        os.close(controller)
        os.close(terminal)

    grades = [one.grade for one in read_judgements(kept)]
    assert process.returncode == ExitCode.INTERRUPTED
    assert f"Interrupted. {len(grades)} of" in told.decode()
    assert set(grades) == {2}
