"""How alike candidates are to a problem, beside the best of them."""

from __future__ import annotations

from collections.abc import Sequence

from kbsearch.models import Stage
from kbsearch.rank import FUSED
from kbsearch.search.hits import Found

_MEANING_WEIGHT, _WORDS_WEIGHT = 0.7, 0.3
_MEANING, _WORDS = FUSED.index(Stage.PASSAGES), FUSED.index(Stage.BM25)


def likenesses(found: Sequence[Found]) -> list[float]:
    """
    Of each candidate, in [0, 1]; 1 for one that is nearest both in meaning and in words.

    Scores order hits, but their distances say less: one more rare word that a
    ticket shares with the query lifts it far above others that tell of the same
    problem. No weight of the ranking changes it, but 0: without the stage of passages or
    of BM25 there is nothing to compare by it.
    """
    best = [max((one.fused[row] for one in found), default=0.0) for row in (_MEANING, _WORDS)]
    meaning, words = (each if each > 0 else 1.0 for each in best)
    return [
        _MEANING_WEIGHT * one.fused[_MEANING] / meaning + _WORDS_WEIGHT * one.fused[_WORDS] / words
        for one in found
    ]
