"""Which labels are trained on and which are measured with: never one of each of one story."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import NamedTuple

from kbsearch.evaluation import LabelSet

FEWEST_TO_TRAIN_ON = 400
"""With fewer questions all are measured with: they would teach less than they can tell."""


class Split(NamedTuple):
    """Ids of the questions to train on, and of those to measure with, ascending."""

    trained: tuple[str, ...]
    measured: tuple[str, ...]


def split(labels: LabelSet, *, seed: int) -> Split:
    """
    Half of the questions to train on if there are many, the others to measure with.

    Questions that share a document, as a ticket and its duplicates do, stay together.

    Args:
        labels: All that is known, imitated labels left out.
        seed: Of the draw, which does not depend on the other questions.
    """
    qrels = labels.qrels()
    asked = {one.id: one for one in labels.questions if any(qrels.get(one.id, {}).values())}
    if len(asked) < FEWEST_TO_TRAIN_ON:
        return Split((), tuple(sorted(asked)))
    groups: defaultdict[str, list[str]] = defaultdict(list)
    parents: dict[str, str] = {}
    for question_id, question in asked.items():
        names = [f"q:{question_id}", *(f"d:{one}" for one in qrels[question_id])]
        names += [f"d:{question.ticket_id}"] if question.ticket_id else []
        for name in names[1:]:
            parents[_root(parents, name)] = _root(parents, names[0])
    for question_id in sorted(asked):
        groups[_root(parents, f"q:{question_id}")].append(question_id)
    trained = {one for story in groups.values() if _is_trained_on(story, seed) for one in story}
    return Split(tuple(sorted(trained)), tuple(sorted(asked.keys() - trained)))


def _is_trained_on(story: list[str], seed: int) -> bool:
    """By the story's own name: what was trained on last year is not measured with today."""
    return hashlib.sha256(f"{seed}:{min(story)}".encode()).digest()[0] % 2 == 0


def _root(parents: dict[str, str], name: str) -> str:
    """Of the story that a name belongs to; paths are halved on the way."""
    while (parent := parents.get(name, name)) != name:
        parents[name] = parents.get(parent, parent)
        name = parent
    return name
