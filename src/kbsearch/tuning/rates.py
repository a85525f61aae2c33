"""How many labelled questions get an answer at rates of false suggestions: for people to choose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from kbsearch.evaluation import Question
from kbsearch.models.base import FrozenModel
from kbsearch.progress import Progress, silent

ACCEPTED = (0.05, 0.1, 0.2)
MOST_LOOKED_UP = 200
"""So many questions tell a share by some hundredths; each is a search at every rate."""


class LookedUp(NamedTuple):
    """
    What a desk shows for a question.

    Attributes:
        first: Id of the first hit; None if there is none.
        is_judged: Whether anything would have been held back.
    """

    first: str | None
    is_judged: bool


LookUp = Callable[[Question, float], LookedUp]
"""What the desk shows for a question if this share of the unanswerable ones may deceive."""


class AnsweredAt(FrozenModel):
    """
    What a rate of false suggestions comes to on labelled questions, asked of the desk today.

    Attributes:
        accept_false: The rate; see `RankingSettings.accept_false`.
        n_questions: That something answers.
        n_answered: Of these, those that get any hit.
        n_right: Of these, those whose first hit answers.
        n_unanswerable: Questions of which was judged that nothing answers them.
        n_deceived: Of these, those that get a hit all the same.
    """

    accept_false: float
    n_questions: int
    n_answered: int
    n_right: int
    n_unanswerable: int = 0
    n_deceived: int = 0


def rates_of(
    questions: Sequence[Question],
    qrels: Mapping[str, Mapping[str, int]],
    look_up: LookUp,
    *,
    progress: Progress = silent,
) -> tuple[AnsweredAt, ...]:
    """
    What each of some rates comes to, ascending.

    Args:
        questions: Each of them judged; the last ones are looked up.
        qrels: By question, the relevance of each judged document; a question without a
            relevant one counts as one that nothing answers.
        look_up: Without what the question was taken from.
        progress: Told how far it is.

    Returns:
        None of them if the desk cannot hold anything back: it is not calibrated.
    """
    asked = questions[-MOST_LOOKED_UP:]
    found: dict[float, list[LookedUp]] = {rate: [] for rate in ACCEPTED}
    for number, question in enumerate(asked, start=1):
        for rate, results in found.items():
            results.append(look_up(question, rate))
        progress("look up", number, len(asked))
    if not any(one.is_judged for results in found.values() for one in results):
        return ()
    return tuple(_counted(rate, asked, qrels, results) for rate, results in found.items())


def _counted(
    rate: float,
    asked: Sequence[Question],
    qrels: Mapping[str, Mapping[str, int]],
    results: Sequence[LookedUp],
) -> AnsweredAt:
    answers = [{i for i, grade in qrels[one.id].items() if grade > 0} for one in asked]
    pairs = [(right, one.first) for right, one in zip(answers, results, strict=True)]
    return AnsweredAt(
        accept_false=rate,
        n_questions=sum(bool(right) for right, _ in pairs),
        n_answered=sum(bool(right) and first is not None for right, first in pairs),
        n_right=sum(first in right for right, first in pairs),
        n_unanswerable=sum(not right for right, _ in pairs),
        n_deceived=sum(not right and first is not None for right, first in pairs),
    )
