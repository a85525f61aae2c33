"""Sentences that say in other words what only staff know, by their embeddings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32
from kbsearch.embed import Embedder, checked_vectors
from kbsearch.models import FindingKind, TextFinding
from kbsearch.sharing.draft import Unit
from kbsearch.sharing.shingles import Weights, has_other_number
from kbsearch.sharing.sources import Line, LineIndex, Origin

_STAFFS = frozenset({Origin.ARTICLE, Origin.NOTE})
_LEAST_TERMS = 5
_N_LINES = 6
_SAID = frozenset({Origin.CUSTOMER, Origin.REPLY})
"""What somebody was told or has said is no phrase of the staff's own."""
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
    units: Sequence[Unit], index: LineIndex, weights: Weights, embedder: Embedder
) -> list[Echo]:
    """
    Sentences that are nearer to a line of the staff's than other documents are to each other.

    The scale is that of the desk's own sentences, so it holds for any embedder.
    """
    asked = [unit for unit in units if len(unit.words.terms) >= _LEAST_TERMS]
    near = [_near(unit, index, weights, _STAFFS) for unit in asked]
    said = [_near(unit, index, weights, _SAID) for unit in asked]
    lines = list(dict.fromkeys(line for own in [*near, *said] for line in own))
    if not any(near):
        return []
    texts = [unit.text for unit in asked] + [line.text for line in lines]
    vectors = _embedded(texts, embedder)
    of_units, of_lines = vectors[: len(asked)], vectors[len(asked) :]
    mean, spread = _scale(lines, of_lines)
    row_of = {line: row for row, line in enumerate(lines)}
    found = []
    for unit, vector, own, others in zip(asked, of_units, near, said, strict=True):
        if not own:
            continue
        cosines = of_lines[[row_of[line] for line in own]] @ vector
        best = int(np.argmax(cosines))
        cosine, line = float(cosines[best]), own[best]
        elsewhere = of_lines[[row_of[other] for other in others]] @ vector if others else [-1.0]
        is_near = (cosine - mean) / spread >= _SURPRISE and cosine >= _LEAST_COSINE
        proof = weights.total(set(line.words.terms).intersection(unit.words.terms))
        if is_near and proof >= _LEAST_PROOF and cosine > max(elsewhere):
            found.append(Echo(unit, vector, line, cosine, spread))
    return found


def paraphrases(
    echoes: Sequence[Echo], told: LineIndex, weights: Weights, embedder: Embedder
) -> Iterator[TextFinding]:
    """Those of the suspects that are clearly nearer to the staff's line than to public ones."""
    near = [_near(echo.unit, told, weights, {Origin.FREE}) for echo in echoes]
    lines = list(dict.fromkeys(line for own in near for line in own))
    vectors = _embedded([line.text for line in lines], embedder)
    row_of = {line: row for row, line in enumerate(lines)}
    for echo, own in zip(echoes, near, strict=True):
        rows = [row_of[line] for line in own]
        public = float(np.max(vectors[rows] @ echo.vector)) if rows else -1.0
        if echo.cosine - public >= _MARGIN * echo.spread:
            yield _finding(echo)


def _near(unit: Unit, index: LineIndex, weights: Weights, origins: Iterable[Origin]) -> list[Line]:
    """Lines that share words that prove something, and no other numbers."""
    found = []
    for place in index.likely(unit.words, 4 * _N_LINES):
        line = index.line(place)
        shared = set(line.words.terms).intersection(unit.words.terms)
        if (
            line.origin in origins
            and weights.total(shared) >= _LEAST_SHARED
            and len(line.words.terms) >= _LEAST_TERMS - 1
            and not has_other_number(unit.words, line.words)
        ):
            found.append(line)
    return found[:_N_LINES]


def _embedded(texts: list[str], embedder: Embedder) -> Float32:
    if not texts:
        return np.zeros((0, embedder.fingerprint.dim), dtype=np.float32)
    return checked_vectors(embedder.embed_passages(texts), len(texts), embedder.fingerprint)


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
