"""How far two judges agree beyond chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from kbsearch.errors import ConfigError
from kbsearch.evaluation.judgements import Judgement
from kbsearch.models.base import FrozenModel


class Agreement(FrozenModel):
    """
    What two judges say of the same documents for the same questions.

    Attributes:
        n_both: Both have graded; what either skipped does not count.
        n_equal: Both gave the same grade.
        kappa: Cohen's, grades as names: 1 always, 0 as often as by chance; None where
            both gave one and the same grade throughout, so that chance says as much.
        weighted_kappa: With quadratic weights: a grade beside is hardly a disagreement.
    """

    n_both: int
    n_equal: int
    kappa: float | None
    weighted_kappa: float | None


def compare_judges(first: Iterable[Judgement], second: Iterable[Judgement]) -> Agreement:
    """
    Compare two judges on what both have graded.

    Raises:
        ConfigError: If one of the two is several judges, or there is nothing that both
            have graded.
    """
    grades, others = _grades(first), _grades(second)
    both = sorted(grades.keys() & others.keys())
    if not both:
        raise ConfigError(
            f"The first judge has graded {len(grades)} documents, the second {len(others)}, and "
            "none for the same question: nothing can be compared. Let both judge one file of "
            "questions on one desk."
        )
    pairs = [grades[one] for one in both], [others[one] for one in both]
    return Agreement(
        n_both=len(both),
        n_equal=sum(a == b for a, b in zip(*pairs, strict=True)),
        kappa=cohens_kappa(*pairs),
        weighted_kappa=cohens_kappa(*pairs, is_weighted=True),
    )


def cohens_kappa(
    first: Sequence[int], second: Sequence[int], *, is_weighted: bool = False
) -> float | None:
    """
    Agreement beyond chance, 1 at most.

    Args:
        first: Grades by one judge.
        second: By another, of the same things in the same order.
        is_weighted: Whether a disagreement counts by the square of how far apart it is.

    Returns:
        None if chance would agree throughout.

    Raises:
        ConfigError: If there are no grades, or not as many by both.

    Source:
        Cohen, Educational and Psychological Measurement 1960; Psychological Bulletin 1968.
    """
    n = len(first)
    if not n or n != len(second):
        raise ConfigError(
            f"One judge gave {n} grades, the other {len(second)}. Give one or more grades of "
            "the same things by both."
        )
    rows, columns = Counter(first), Counter(second)

    def disagreement(a: int, b: int) -> float:
        return float((a - b) ** 2) if is_weighted else float(a != b)

    observed = sum(disagreement(a, b) for a, b in zip(first, second, strict=True)) / n
    expected = sum(rows[a] * columns[b] * disagreement(a, b) for a in rows for b in columns) / n**2
    return 1 - observed / expected if expected else None


def _grades(judgements: Iterable[Judgement]) -> dict[tuple[str, str], int]:
    """By question and document, by one judge."""
    listed = list(judgements)
    judges = sorted({one.by for one in listed})
    if len(judges) > 1:
        raise ConfigError(
            f"{len(judges)} judges are given as one, such as {judges[0]!r} and {judges[1]!r}: it "
            "would not be told whose grade counts. Give each judge's own judgements."
        )
    return {
        (one.question.id, one.document_id): one.grade for one in listed if one.grade is not None
    }
