"""Texts that should lie close together, and near ones that should not: what training reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32
from kbsearch.evaluation import LabelSource
from kbsearch.models import SectionKind
from kbsearch.text import CleanDocument

_MOST_CHARACTERS = 2000
"""Of one text: more would not be read in training."""
_FEWEST_CHARACTERS = 20
_SECTIONS_PER_DOCUMENT = 4
"""Of a long article; else a handbook of a thousand sections would be all that is learnt."""
_FIRST_RANK, _LAST_RANK = 10, 50
"""Nearer neighbours are too often duplicates, farther ones teach nothing."""
_SAME_STORY = 0.9
"""Documents whose vectors are closer than this may well say the same."""
_ROWS_AT_A_TIME = 512


class TrainingDocument(NamedTuple):
    """
    A document as training reads it.

    Attributes:
        id: Of the document.
        cleaned: Its text as it is searched.
        vector: Of its first passage by the desk's own model, (dim,).
    """

    id: str
    cleaned: CleanDocument
    vector: Float32


class Pair(NamedTuple):
    """
    Two texts that belong together.

    Attributes:
        anchor: As a person would ask.
        positive: What answers it.
        document: Id of the document that the positive is of.
        source: What says that they belong together.
        negatives: Texts of near documents that do not answer it.
    """

    anchor: str
    positive: str
    document: str
    source: LabelSource
    negatives: tuple[str, ...] = ()


class LabelledText(NamedTuple):
    """A question's text, and the id of a document that answers it."""

    question: str
    document: str
    source: LabelSource


def make_pairs(
    documents: Sequence[TrainingDocument],
    labels: Iterable[LabelledText] = (),
    *,
    held_out: Iterable[str] = (),
    n_negatives: int,
    seed: int,
) -> list[Pair]:
    """
    All pairs that documents and labels give, each with as many negatives.

    Without labels a document's own parts are used: its title and each section, and a
    ticket's problem and what resolved it. The same documents give the same pairs.

    Args:
        documents: Of the shelves that are trained on.
        labels: Questions and what answers them; of documents that are not here, unused.
        held_out: Ids of documents that are questions to measure with: no pair is made of them.
        n_negatives: Hard negatives of each pair.
        seed: Of their choice.
    """
    out = set(held_out)
    texts = {one.id: _whole(one.cleaned) for one in documents}
    pairs = [
        pair for one in documents if one.id not in out for pair in _of_parts(one.id, one.cleaned)
    ]
    for label in labels:
        if label.document in texts and label.document not in out:
            answer = texts[label.document]
            pairs.append(_pair(label.question, answer, label.document, label.source))
    pairs = [pair for pair in dict.fromkeys(pairs) if _is_worth_it(pair)]
    if not n_negatives or not pairs:
        return pairs
    near = _neighbours([one for one in documents if one.id not in out])
    return [_with_negatives(pair, near, texts, n=n_negatives, seed=seed) for pair in pairs]


def in_batches(pairs: Sequence[Pair], batch_size: int, *, seed: int, epoch: int) -> list[Pair]:
    """
    The pairs in the order in which one epoch reads them, whole batches alone.

    In a batch each pair's positive is a negative of all others: so no batch holds one
    document, or one text, twice. What finds no place waits for the next epoch.
    """
    order = np.random.default_rng([seed, epoch]).permutation(len(pairs))
    rest = [pairs[place] for place in order.tolist()]
    ordered: list[Pair] = []
    while len(rest) >= batch_size:
        batch: list[Pair] = []
        passed: list[Pair] = []
        seen: set[str] = set()
        for place, pair in enumerate(rest):
            own = {f"id:{pair.document}", pair.anchor, pair.positive}
            if own & seen:
                passed.append(pair)
                continue
            seen |= own
            batch.append(pair)
            if len(batch) == batch_size:
                passed += rest[place + 1 :]
                break
        if len(batch) < batch_size:
            break
        ordered += batch
        rest = passed
    return ordered


def count_sources(pairs: Iterable[Pair]) -> dict[str, int]:
    """How many pairs each source gave, by its name."""
    return dict(sorted(Counter(pair.source.value for pair in pairs).items()))


def _of_parts(document_id: str, cleaned: CleanDocument) -> list[Pair]:
    parts = [(one.kind, cleaned.text[one.start : one.end]) for one in cleaned.sections]
    by_kind = dict(reversed(parts))  # of several the first
    pairs = []
    if cleaned.title:
        wanted = [text for kind, text in parts if kind in (SectionKind.BODY, SectionKind.PROBLEM)]
        for text in _spread(_pieces(wanted), _SECTIONS_PER_DOCUMENT):
            pairs.append(_pair(cleaned.title, text, document_id, LabelSource.TITLE_TO_BODY))
    problem = by_kind.get(SectionKind.PROBLEM)
    if problem:
        asked = "\n".join(part for part in (cleaned.title, problem) if part)
        for kind in (SectionKind.RESOLUTION, SectionKind.PRIVATE_RESOLUTION):
            if fix := by_kind.get(kind):
                pairs.append(_pair(asked, fix, document_id, LabelSource.PROBLEM_TO_RESOLUTION))
    return pairs


def _pieces(texts: Iterable[str]) -> list[str]:
    """Long texts in pieces of what training can read, cut at blanks."""
    pieces = []
    for text in texts:
        start = 0
        while start < len(text):
            end = min(start + _MOST_CHARACTERS, len(text))
            blank = text.rfind(" ", start + _MOST_CHARACTERS // 2, end) if end < len(text) else -1
            end = blank if blank > 0 else end
            pieces.append(text[start:end].strip())
            start = end
    return pieces


def _spread(texts: Sequence[str], n: int) -> list[str]:
    """At most n of them, the first one and others at even distances."""
    if len(texts) <= n:
        return list(texts)
    return [texts[place * len(texts) // n] for place in range(n)]


def _whole(cleaned: CleanDocument) -> str:
    return "\n".join(part for part in (cleaned.title, cleaned.text) if part)


def _pair(anchor: str, positive: str, document: str, source: LabelSource) -> Pair:
    cut = _MOST_CHARACTERS
    return Pair(anchor[:cut].strip(), positive[:cut].strip(), document, source)


def _is_worth_it(pair: Pair) -> bool:
    has_words = any(each.isalnum() for each in pair.anchor)
    return has_words and len(pair.positive) >= _FEWEST_CHARACTERS and pair.anchor != pair.positive


def _neighbours(documents: Sequence[TrainingDocument]) -> Mapping[str, list[str]]:
    """By document, others at the ranks that negatives are taken from, nearest first."""
    if len(documents) <= _FIRST_RANK:
        return {}
    vectors = np.stack([one.vector for one in documents])
    ids = [one.id for one in documents]
    found: dict[str, list[str]] = {}
    last = min(_LAST_RANK, len(ids) - 1)
    for start in range(0, len(ids), _ROWS_AT_A_TIME):
        rows = np.arange(start, min(start + _ROWS_AT_A_TIME, len(ids)))
        cosines = vectors[rows] @ vectors.T
        cosines[np.arange(len(rows)), rows] = np.inf  # itself comes first
        nearest = np.argsort(-cosines, axis=1, kind="stable")[:, _FIRST_RANK : last + 1]
        for place, row in enumerate(rows):
            found[ids[row]] = [
                ids[other] for other in nearest[place] if cosines[place, other] < _SAME_STORY
            ]
    return found


def _with_negatives(
    pair: Pair, near: Mapping[str, list[str]], texts: Mapping[str, str], *, n: int, seed: int
) -> Pair:
    others = near.get(pair.document) or sorted(set(near) - {pair.document})
    if not others:
        return pair
    drawn = np.random.default_rng([seed, *pair.document.encode(), len(pair.anchor)])
    chosen = drawn.choice(len(others), size=n, replace=len(others) < n)
    texts_of = (texts[others[place]] for place in chosen.tolist())
    return pair._replace(negatives=tuple(text[:_MOST_CHARACTERS] for text in texts_of))
