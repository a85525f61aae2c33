"""
Judging results by hand: what several rankings find, shuffled, one document after the other.

The judge sees neither ranks nor scores nor which ranking found a document. Each grade is
on disk before the next document is shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import NamedTuple

from kbsearch.clock import utc_now
from kbsearch.errors import ConfigError
from kbsearch.evaluation.judgements import (
    GRADES,
    Judgement,
    content_of,
    judged_labels,
    judgement_lines,
    read_judgements,
)
from kbsearch.evaluation.label_files import replace_file
from kbsearch.evaluation.labels import LabelSet, Question
from kbsearch.evaluation.trec import Run, best_first
from kbsearch.models import clean_characters

_SHOWN_CHARACTERS = 1500


class Shown(NamedTuple):
    """What a judge reads, as plain text."""

    question: str
    document_id: str
    title: str
    text: str


def pool(runs: Iterable[Run], *, k: int = 10, seed: int = 0) -> dict[str, list[str]]:
    """
    The k best documents of each ranking together, in an order that tells nothing.

    Args:
        runs: By question, the score of each document that was found.
        k: How deep each ranking is looked at.
        seed: Another one gives another order; the same always the same.

    Returns:
        By question, in the order of the first ranking that has it, its documents once each.
    """
    found: dict[str, set[str]] = {}
    for run in runs:
        for question, scores in run.items():
            found.setdefault(question, set()).update(best_first(scores)[:k])
    return {
        question: sorted(documents, key=lambda one: _place(seed, question, one))
        for question, documents in found.items()
    }


def _place(seed: int, question: str, document: str) -> bytes:
    return hashlib.sha256(f"{seed}\n{question}\n{document}".encode()).digest()


class Judging:
    """
    One judge's work on a file of judgements; it goes on where it stopped.

    In a notebook, a cell that ends with it, or with `judge.grade(2)`, shows the next
    document. The file holds customers' words and stays readable for its owner alone.

    Args:
        path: Of the file; made with the first judgement.
        questions: In the order in which they are judged.
        pooled: By question id, the documents to judge, as `pool` gives them.
        by: Who judges.
        show: What is shown of a document for a question.
        clock: What time it is.

    Raises:
        LabelFileError: If the file is there and holds something else.
        ConfigError: If the judge has no name, or a question was another one before.
    """

    def __init__(
        self,
        path: Path | str,
        questions: Sequence[Question],
        pooled: Mapping[str, Sequence[str]],
        *,
        by: str,
        show: Callable[[Question, str], Shown],
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        if not isinstance(by, str) or not clean_characters(by).strip():
            raise ConfigError("Whoever judges needs a name: two judges can be compared by it.")
        self.path, self.by = Path(path), clean_characters(by).strip()
        self._show, self._clock = show, clock
        self._tasks = [(one, name) for one in questions for name in pooled.get(one.id, ())]
        self._content = content_of(self.path)
        self._judgements = {one.key: one for one in read_judgements(self.path)}
        asked = {one.id: one for one in questions}
        for judged in self._judgements.values():
            if asked.get(judged.question.id, judged.question) != judged.question:
                raise ConfigError(
                    f"Question {judged.question.id!r} had another text, date or audience when it "
                    f"was judged in {str(self.path)!r}. Judge this one in another file, or give "
                    "it another id."
                )

    def __len__(self) -> int:
        """How many documents there are to judge, those that are done included."""
        return len(self._tasks)

    @property
    def n_left(self) -> int:
        """How many are not done."""
        return sum(self._key(task) not in self._judgements for task in self._tasks)

    @property
    def n_done(self) -> int:
        """How many are graded or skipped."""
        return len(self) - self.n_left

    @property
    def current(self) -> Shown | None:
        """What is to be judged next; None if all is done."""
        task = self._next()
        return None if task is None else self._show(*task)

    def grade(self, grade: int) -> Judging:
        """
        Judge what is shown: 0 not about it, 1 the same matter, 2 helps, 3 answers it fully.

        Raises:
            ConfigError: If this is no grade, nothing is left to judge, or another process
                has written to the file.
            StoreUnavailableError: If it cannot be written; nothing is judged then.
        """
        if not isinstance(grade, int) or isinstance(grade, bool) or grade not in GRADES:
            told = ", ".join(f"{number} {meaning}" for number, meaning in GRADES.items())
            raise ConfigError(f"{grade!r:.80} is no grade. Give one of: {told}.")
        return self._judge(grade)

    def skip(self) -> Judging:
        """Say that you cannot tell: it is not shown again, and makes no label."""
        return self._judge(None)

    def undo(self) -> Judging:
        """
        Take your last judgement back, also one of an earlier day; it is shown again.

        Raises:
            ConfigError: If there is none of these questions.
        """
        own = {self._key(task) for task in self._tasks}
        last = next((key for key in reversed(self._judgements) if key in own), None)
        if last is None:
            raise ConfigError(f"{self.by!r} has judged nothing here that could be taken back.")
        self._save({key: one for key, one in self._judgements.items() if key != last})
        return self

    def judgements(self) -> list[Judgement]:
        """This judge's, the oldest first."""
        return [one for one in self._judgements.values() if one.by == self.by]

    def labels(self) -> LabelSet:
        """This judge's grades as labels."""
        return judged_labels(self.judgements())

    def __repr__(self) -> str:
        return f"<Judging by {self.by!r}: {self.n_done} of {len(self)} done>"

    def __str__(self) -> str:
        """What is to be judged, for a terminal."""
        shown = self.current
        if shown is None:
            return f"All {len(self)} are judged; {self.path} holds them."
        head = f"{self.n_done + 1} of {len(self)}"
        return f"{head}\n\n{shown.question}\n\n{shown.title}\n{_cut(shown.text)}\n\n{_CHOICES}"

    def _repr_html_(self) -> str:
        """The same for a notebook."""
        shown = self.current
        if shown is None:
            return f"<p>All {len(self)} are judged; {escape(str(self.path))} holds them.</p>"
        return (
            f"<p>{self.n_done + 1} of {len(self)}</p><p><b>{escape(shown.question)}</b></p>"
            f"<blockquote><b>{escape(shown.title)}</b><br>"
            f"<span style='white-space:pre-wrap'>{escape(_cut(shown.text))}</span></blockquote>"
            f"<p><code>{escape(_CHOICES)}</code></p>"
        )

    def _judge(self, grade: int | None) -> Judging:
        task = self._next()
        if task is None:
            raise ConfigError("All is judged already. Take the last one back with undo().")
        question, document_id = task
        one = Judgement(
            question=question,
            document_id=document_id,
            grade=grade,
            by=self.by,
            at=self._clock(),
        )
        self._save({**self._judgements, one.key: one})
        return self

    def _save(self, judgements: dict[tuple[str, str, str], Judgement]) -> None:
        if content_of(self.path) != self._content:
            raise ConfigError(
                f"{str(self.path)!r} was changed by somebody else meanwhile; nothing was written. "
                "Open it again, and let each judge have a file."
            )
        content = judgement_lines(judgements.values())
        replace_file(self.path, content)
        self._judgements, self._content = judgements, content

    def _next(self) -> tuple[Question, str] | None:
        left = (task for task in self._tasks if self._key(task) not in self._judgements)
        return next(left, None)

    def _key(self, task: tuple[Question, str]) -> tuple[str, str, str]:
        question, document_id = task
        return self.by, question.id, document_id


_CHOICES = "grade: " + ", ".join(f"{number} {meaning}" for number, meaning in GRADES.items())


def _cut(text: str) -> str:
    if len(text) <= _SHOWN_CHARACTERS:
        return text
    return f"{text[:_SHOWN_CHARACTERS].rsplit(None, 1)[0]} …"
