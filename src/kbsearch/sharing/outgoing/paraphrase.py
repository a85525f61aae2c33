"""Sentences that say in other words what only staff know, by their embeddings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32
from kbsearch.embed import Embedder
from kbsearch.models import FindingKind, TextFinding
from kbsearch.sharing.outgoing.draft import Unit
from kbsearch.sharing.outgoing.line_vectors import LineVectors
from kbsearch.sharing.outgoing.shingles import Weights, has_other_number
from kbsearch.sharing.outgoing.sources import Line, LineIndex, Origin

_STAFFS = frozenset({Origin.ARTICLE, Origin.HIDDEN, Origin.NOTE})
_SAID = frozenset({Origin.CUSTOMER, Origin.REPLY})
"""What somebody was told or has said is no phrase of the staff's own."""
_PUBLIC = frozenset({Origin.FREE})
_WITHOUT_MEANING = frozenset({"hashing"})
"""Kinds of embedders that see words only: what shares words is found as a copy anyway."""
_LEAST_TERMS = 5
_N_LIKELY = 24
_N_STAFFS, _N_OTHERS = 3, 6
_LEAST_SHARED = 4.0
_LEAST_PROOF = 7.0
_SURPRISE = 3.2
"""In standard deviations of how alike sentences of different documents are on this desk."""
_LEAST_COSINE = 0.45
_MARGIN = 0.5
"""Likewise: so much nearer to what staff know than to what customers can read."""
_N_PAIRS = 10


class Echo(NamedTuple):
    """A sentence of a draft and the staff's line that is nearest to it in meaning."""

    unit: Unit
    vector: Float32
    line: Line
    cosine: float
    spread: float


def suspects(
    units: Sequence[Unit], index: LineIndex, weights: Weights, vectors: LineVectors
) -> list[Echo]:
    """
    Sentences that are nearer to a line of the staff's than other documents are to each other.

    The scale is that of the desk's own sentences, so it holds for any embedder. Lines
    are embedded only if they could prove something, what others were told only for
    sentences that are near to one of them.
    """
    near = _Near(index, weights, _STAFFS, least=_LEAST_PROOF, n=_N_STAFFS)
    lines_of = {
        unit: lines
        for unit in units
        if len(unit.words.terms) >= _LEAST_TERMS
        if (lines := near.lines(unit))
    }
    if not lines_of:
        return []
    lines = list(dict.fromkeys(line for own in lines_of.values() for line in own))
    made = vectors.of(
        [*(unit.text for unit in lines_of), *(line.text for line in lines)], is_free=False
    )
    of_units, of_lines = made[: len(lines_of)], made[len(lines_of) :]
    mean, spread = _scale(lines, of_lines)
    row_of = {line: row for row, line in enumerate(lines)}
    found = []
    for (unit, own), vector in zip(lines_of.items(), of_units, strict=True):
        cosines = of_lines[[row_of[line] for line in own]] @ vector
        best = int(np.argmax(cosines))
        cosine = float(cosines[best])
        if (cosine - mean) / spread >= _SURPRISE and cosine >= _LEAST_COSINE:
            found.append(Echo(unit, vector, own[best], cosine, spread))
    said = _Near(index, weights, _SAID, least=_LEAST_SHARED, n=_N_OTHERS)
    others = _highest(found, said, vectors, is_free=False)
    return [echo for echo, other in zip(found, others, strict=True) if echo.cosine > other]


def paraphrases(
    echoes: Sequence[Echo], told: LineIndex, weights: Weights, vectors: LineVectors
) -> Iterator[TextFinding]:
    """Those of the suspects that are clearly nearer to the staff's line than to public ones."""
    near = _Near(told, weights, _PUBLIC, least=_LEAST_SHARED, n=_N_OTHERS)
    for echo, public in zip(echoes, _highest(echoes, near, vectors, is_free=True), strict=True):
        if echo.cosine - public >= _MARGIN * echo.spread:
            yield _finding(echo)


class _Near(NamedTuple):
    """Which lines could say what a sentence says: they share words that prove something."""

    among: LineIndex
    weights: Weights
    origins: frozenset[Origin]
    least: float
    n: int

    def lines(self, unit: Unit) -> list[Line]:
        """The n that share most, those left out that hold other numbers."""
        return list(islice(self._lines(unit), self.n))

    def _lines(self, unit: Unit) -> Iterator[Line]:
        for place in self.among.likely(unit.words, _N_LIKELY):
            line = self.among.line(place)
            shared = set(line.words.terms).intersection(unit.words.terms)
            if (
                line.origin in self.origins
                and self.weights.total(shared) >= self.least
                and len(line.words.terms) >= _LEAST_TERMS - 1
                and not has_other_number(unit.words, line.words)
            ):
                yield line


def _highest(
    echoes: Sequence[Echo], near: _Near, vectors: LineVectors, *, is_free: bool
) -> list[float]:
    """For each sentence the cosine of the line nearest to it; -1 if there is none."""
    lines_of = [near.lines(echo.unit) for echo in echoes]
    lines = list(dict.fromkeys(line for own in lines_of for line in own))
    made = vectors.of([line.text for line in lines], is_free=is_free)
    row_of = {line: row for row, line in enumerate(lines)}
    return [
        float(np.max(made[[row_of[line] for line in own]] @ echo.vector)) if own else -1.0
        for echo, own in zip(echoes, lines_of, strict=True)
    ]


def sees_meaning(embedder: Embedder) -> bool:
    """Whether an embedder can tell a paraphrase from other sentences with the same words."""
    return embedder.fingerprint.kind not in _WITHOUT_MEANING


def _scale(lines: Sequence[Line], vectors: Float32) -> tuple[float, float]:
    """Mean and standard deviation of the cosines of lines of different documents."""
    ids = np.unique([line.document_id for line in lines], return_inverse=True)[1]
    pairs = (vectors @ vectors.T)[np.triu(ids[:, None] != ids[None, :])]
    if len(pairs) < _N_PAIRS:
        return 0.2, 0.13
    return float(pairs.mean()), max(float(pairs.std()), 0.05)


def _finding(echo: Echo) -> TextFinding:
    unit, line = echo.unit, echo.line
    return TextFinding(
        kind=FindingKind.PARAPHRASE,
        sentence=unit.text,
        start=unit.start,
        end=unit.end,
        why=f"It seems to say what {line.origin.value} says, {line.document_id}.",
        source_id=line.document_id,
        source_sentence=line.text,
        score=round(min(1.0, max(0.0, echo.cosine)), 3),
    )
