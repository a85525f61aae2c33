"""Judgements and rankings in TREC's formats."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from kbsearch.errors import ConfigError
from kbsearch.evaluation import LabelFileError, read_qrels, read_run, write_qrels, write_run


def file(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "given.txt"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    return path


class TestQrels:
    """Four columns: question, unused, document, grade."""

    def test_come_back_as_they_were_written(self, tmp_path: Path) -> None:
        """Also with letters outside ASCII and in the order given."""
        qrels = {"ticket:9": {"kb:zurück": 2, "kb:1": 0}, "ticket:1": {"kb:1": 1}}

        write_qrels(tmp_path / "qrels.txt", qrels)

        assert (tmp_path / "qrels.txt").read_text(encoding="utf-8") == (
            "ticket:9 0 kb:zurück 2\nticket:9 0 kb:1 0\nticket:1 0 kb:1 1\n"
        )
        assert read_qrels(tmp_path / "qrels.txt") == qrels

    def test_of_other_tools_are_read(self, tmp_path: Path) -> None:
        """Tabs, blank lines, Windows' line ends and mark, and -2 for spam, as in TREC's tracks."""
        path = file(tmp_path, "\ufeff1\t0\ta\t1\r\n\r\n  1 Q0 b -2")

        assert read_qrels(path) == {"1": {"a": 1, "b": -2}}

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            ("1 0 a 1\n1 0 b", "line 2: it has 3 columns and not the 4"),
            ("1 0 a 1 x", "line 1: it has 5 columns"),
            ("1 0 a 1\n\n1 0 b 1.0", "line 3: the grade '1.0' is no whole number"),
            ("1 0 a 1_0", "line 1: the grade '1_0'"),
            ("1 0 a \u0661", "line 1: the grade"),
            ("1 0 a 1\n2 0 a 1\n1 0 a 0", "line 3: 'a' is judged twice for '1'"),
            ("1 0 a 1\n1 0 \udcff 1", "line 2: it is not UTF-8"),
        ],
    )
    def test_that_are_wrong_are_refused_with_the_line(
        self, tmp_path: Path, content: str, reason: str
    ) -> None:
        """Half a file of judgements would give a figure that nobody can explain."""
        with pytest.raises(LabelFileError, match=reason):
            read_qrels(file(tmp_path, content))

    @pytest.mark.parametrize("name", ["", "a b", " a", "a\u00a0b", "a\tb", "a\n", "\udcff"])
    def test_with_ids_that_a_column_cannot_hold_are_refused(
        self, tmp_path: Path, name: str
    ) -> None:
        """A blank in an id would make two columns of it; the old file stays."""
        write_qrels(tmp_path / "qrels.txt", {"1": {"a": 1}})

        for qrels in ({name: {"a": 1}}, {"1": {name: 1}}):
            with pytest.raises(ConfigError, match="a blank ends a column"):
                write_qrels(tmp_path / "qrels.txt", qrels)

        assert read_qrels(tmp_path / "qrels.txt") == {"1": {"a": 1}}
        assert [one.name for one in tmp_path.iterdir()] == ["qrels.txt"]

    def test_hold_whole_numbers(self, tmp_path: Path) -> None:
        """Any that Python takes for one, and nothing that no tool could read."""
        write_qrels(tmp_path / "qrels.txt", {"1": {"a": True, "b": np.int64(2)}})  # type: ignore[dict-item]

        assert read_qrels(tmp_path / "qrels.txt") == {"1": {"a": 1, "b": 2}}
        with pytest.raises(ConfigError, match=r"grade 1\.5 is no whole number"):
            write_qrels(tmp_path / "qrels.txt", {"1": {"a": 1.5}})  # type: ignore[dict-item]

    def test_are_for_their_owner_alone(self, tmp_path: Path) -> None:
        """Ids may be customers' addresses."""
        write_qrels(tmp_path / "qrels.txt", {"1": {"a": 1}})

        assert (tmp_path / "qrels.txt").stat().st_mode & 0o777 == 0o600


class TestRuns:
    """Six columns: question, unused, document, rank, score, name."""

    def test_come_back_best_first(self, tmp_path: Path) -> None:
        """Scores to the last bit; the ranks are made from them."""
        run = {"1": {"low": 0.1, "high": 1 / 3, "least": -2e-9}}

        n_tied = write_run(tmp_path / "run.txt", run, name="default")

        assert n_tied == 0
        assert (tmp_path / "run.txt").read_text() == (
            f"1 Q0 high 1 {1 / 3!r} default\n1 Q0 low 2 0.1 default\n1 Q0 least 3 -2e-09 default\n"
        )
        back = read_run(tmp_path / "run.txt")
        assert back == run
        assert list(back["1"]) == ["high", "low", "least"]

    def test_with_equal_scores_are_ordered_by_id_and_counted(self, tmp_path: Path) -> None:
        """Whoever reads the file elsewhere is told that its order may differ there."""
        run = {"1": {"b": 1.0, "a": 1.0}, "2": {"b": 2.0, "a": 1.0}}

        assert write_run(tmp_path / "run.txt", run, name="x") == 1
        assert list(read_run(tmp_path / "run.txt")["1"]) == ["a", "b"]

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            ("1 Q0 a 1 0.5", "line 1: it has 5 columns and not the 6"),
            ("1 Q0 a 1 0.5 x\n1 Q0 b 2 high x", "line 2: the score 'high' is no finite number"),
            ("1 Q0 a 1 nan x", "line 1: the score 'nan'"),
            ("1 Q0 a 1 1_0 x", "line 1: the score '1_0'"),
            ("1 Q0 a 1 1e999 x", "line 1: the score '1e999'"),
            ("1 Q0 a 1 - x", "line 1: the score '-'"),
            ("1 Q0 a 1 0.5 x\n1 Q0 a 2 0.4 x", "line 2: 'a' is found twice for '1'"),
        ],
    )
    def test_that_are_wrong_are_refused_with_the_line(
        self, tmp_path: Path, content: str, reason: str
    ) -> None:
        """A score that is no number has no place in an order."""
        with pytest.raises(LabelFileError, match=reason):
            read_run(file(tmp_path, content))

    def test_with_scores_that_are_no_numbers_are_not_written(self, tmp_path: Path) -> None:
        """Nothing can be ordered by them."""
        with pytest.raises(ConfigError, match="The score of 'a' for question '1' is nan"):
            write_run(tmp_path / "run.txt", {"1": {"a": float("nan")}}, name="x")

    def test_hold_scores_of_numpy(self, tmp_path: Path) -> None:
        """Whose own text is no number that other tools read."""
        write_run(tmp_path / "own.run", {"1": {"a": np.float32(0.5)}}, name="own")  # type: ignore[dict-item]

        assert (tmp_path / "own.run").read_text() == "1 Q0 a 1 0.5 own\n"

    def test_without_a_name_are_not_written(self, tmp_path: Path) -> None:
        """An empty last column would make five of six."""
        with pytest.raises(ConfigError, match="a blank ends a column"):
            write_run(tmp_path / "run.txt", {"1": {"a": 1.0}}, name="my run")


def test_the_error_crosses_process_borders() -> None:
    """Whoever measures in several processes sees what one of them found."""
    error = LabelFileError("qrels.txt", 7, "it has 3 columns")

    again = pickle.loads(pickle.dumps(error))

    assert str(again) == str(error)
    assert (again.path, again.line, again.reason) == ("qrels.txt", 7, "it has 3 columns")
