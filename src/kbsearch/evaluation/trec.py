"""Judgements and rankings in the two text formats that TREC's tools share."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kbsearch.errors import ConfigError
from kbsearch.evaluation.label_files import LabelFileError, lines_of, replace_file

Qrels = Mapping[str, Mapping[str, int]]
"""By question, the relevance of each judged document; below 1 is not relevant."""

Run = Mapping[str, Mapping[str, float]]
"""By question, the score of each document that was found; the higher, the better."""

_GRADE = re.compile(r"-?[0-9]{1,6}")
_DIGITS_AND_SIGNS = frozenset("0123456789.+-eE")


def read_qrels(path: Path | str) -> dict[str, dict[str, int]]:
    """
    Read judgements: `question 0 document grade` on each line.

    Returns:
        In the file's order. The second column is not used, as in TREC's own tools.

    Raises:
        LabelFileError: If a line has other than four columns, a grade is no whole number,
            or a document is judged twice for one question.
        StoreUnavailableError: If the file cannot be read.
    """
    path = Path(path)
    found: dict[str, dict[str, int]] = {}
    for line, (question, _, document, grade) in _rows(path, "question 0 document grade"):
        if not _GRADE.fullmatch(grade):
            raise LabelFileError(path, line, f"the grade {grade[:40]!r} is no whole number")
        own = found.setdefault(question, {})
        if document in own:
            raise LabelFileError(path, line, f"{document!r} is judged twice for {question!r}")
        own[document] = int(grade)
    return found


def write_qrels(path: Path | str, qrels: Qrels) -> None:
    """
    Write judgements for TREC's tools; a file that is there is replaced in one step.

    Raises:
        ConfigError: If an id is empty or holds a blank, which ends a column; if a grade is
            no whole number.
    """
    lines = (
        f"{_column(question)} 0 {_column(document)} {_whole(grade)}"
        for question, own in qrels.items()
        for document, grade in own.items()
    )
    _write(Path(path), lines)


def read_run(path: Path | str) -> dict[str, dict[str, float]]:
    """
    Read rankings: `question Q0 document rank score name` on each line.

    Returns:
        The documents of each question best first, by score; equal scores by document id.
        The column of ranks is not used, as in TREC's own tools.

    Raises:
        LabelFileError: If a line has other than six columns, a score is no number, or a
            document is found twice for one question.
        StoreUnavailableError: If the file cannot be read.
    """
    path = Path(path)
    found: dict[str, dict[str, float]] = {}
    columns = "question Q0 document rank score name"
    for line, (question, _, document, _, score, _) in _rows(path, columns):
        own = found.setdefault(question, {})
        if document in own:
            raise LabelFileError(path, line, f"{document!r} is found twice for {question!r}")
        own[document] = _score(score, path, line)
    return {question: {one: own[one] for one in best_first(own)} for question, own in found.items()}


def write_run(path: Path | str, run: Run, *, name: str) -> int:
    """
    Write rankings for TREC's tools; a file that is there is replaced in one step.

    Args:
        path: Of the file.
        run: By question; documents with equal scores are ranked by their ids.
        name: Of whoever ranked, the last column of each line.

    Returns:
        In how many rankings scores are equal: other tools may order those otherwise,
        as they read the scores and not the ranks.

    Raises:
        ConfigError: If an id or the name is empty or holds a blank, which ends a column;
            if a score is no finite number.
    """
    require_finite(run)
    lines = (
        f"{_column(question)} Q0 {_column(one)} {rank} {float(own[one])!r} {_column(name)}"
        for question, own in run.items()
        for rank, one in enumerate(best_first(own), start=1)
    )
    _write(Path(path), lines)
    return n_tied(run)


def best_first(scores: Mapping[str, float]) -> list[str]:
    """Documents by falling score; equal scores by document id."""
    return sorted(scores, key=lambda one: (-scores[one], one))


def n_tied(run: Run) -> int:
    """In how many rankings at least two documents have the same score."""
    return sum(len(set(own.values())) < len(own) for own in run.values())


def require_finite(run: Run) -> None:
    """
    Refuse scores that nothing can be ordered by.

    Raises:
        ConfigError: If a score is infinite or not a number.
    """
    for question, own in run.items():
        for document, score in own.items():
            if not math.isfinite(score):
                raise ConfigError(
                    f"The score of {document!r} for question {question!r} is {score}: nothing "
                    "can be ordered by it. Give finite scores."
                )


def _rows(path: Path, columns: str) -> Iterator[tuple[int, list[str]]]:
    n_columns = len(columns.split())
    for line, text in lines_of(path):
        row = text.split()
        if len(row) != n_columns:
            reason = f"it has {len(row)} columns and not the {n_columns} of `{columns}`"
            raise LabelFileError(path, line, reason)
        yield line, row


def _score(text: str, path: Path, line: int) -> float:
    try:
        score = float(text) if _DIGITS_AND_SIGNS.issuperset(text) else math.nan
    except ValueError:
        score = math.nan
    if not math.isfinite(score):
        raise LabelFileError(path, line, f"the score {text[:40]!r} is no finite number")
    return score


def _column(name: str) -> str:
    if name.split() != [name] or not _is_text(name):
        raise ConfigError(
            f"The id {name[:80]!r} cannot be written in TREC's format, where a blank ends a "
            "column: it is empty, or holds a blank or half a character. Give another id."
        )
    return name


def _whole(grade: int) -> int:
    try:
        return int(operator.index(grade))  # numpy's integers too; True is 1
    except TypeError:
        raise ConfigError(f"The grade {grade!r:.40} is no whole number. Give an int.") from None


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _write(path: Path, lines: Iterable[str]) -> None:
    replace_file(path, "".join(f"{line}\n" for line in lines).encode())
