"""Whether an adapted model ranks better than its base, on questions that it was not trained on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32
from kbsearch.embed import Embedder, checked_vectors
from kbsearch.evaluation import Difference, Interval, Question, compare, measure
from kbsearch.models.base import FrozenModel
from kbsearch.progress import Progress, silent
from kbsearch.rank import fuse
from kbsearch.search.closeness import Passages, closeness
from kbsearch.training.pools import Asked, Inputs, Pool, make_pool
from kbsearch.vector import Whitening

MEASURE = "nDCG@10"
FEWEST_QUESTIONS = 20
"""Fewer say nothing: an interval over them is too narrow to be believed."""
_QUESTIONS_AT_A_TIME = 4
_TASK = "measuring the adapted model"


class Verdict(FrozenModel):
    """
    The desk's ranking with the base and with the adapted model, by nDCG@10.

    Attributes:
        n_questions: Measured with; neither they nor their duplicates were trained on.
        base: Of the whole ranking with the model as it was.
        adapted: Likewise with the adapted one.
        gain: Of the second over the first, question by question.
        gain_of_vectors: The same of cosines alone, without words.
    """

    n_questions: int
    base: Interval
    adapted: Interval
    gain: Difference
    gain_of_vectors: Difference


class Labelled(NamedTuple):
    """A question and the relevance of its judged documents."""

    question: Question
    relevance: Mapping[str, int]


class _Vectors(NamedTuple):
    """Of questions and of inputs, by one model; and what the inputs share."""

    questions: dict[str, Float32]
    inputs: Mapping[str, Float32]
    whitening: Whitening


def judge(
    labelled: Sequence[Labelled],
    asked: Asked,
    adapted: Embedder,
    *,
    seconds_left: Callable[[], float],
    seed: int,
    progress: Progress = silent,
) -> Verdict | None:
    """
    Ask as many of the questions as there is time for, in random order.

    What of the desk is the same for both models is computed once; only the passages
    of documents that are compared are embedded anew, those of one question together.

    Args:
        labelled: Questions that were held out.
        asked: The desk, with the base.
        adapted: Embeds as the desk does, with the other weights.
        seconds_left: When to stop.
        seed: Of the order.
        progress: Told how far it is.

    Returns:
        None if there were too few questions, or too little time for enough of them.
    """
    drawn = np.random.default_rng(seed).permutation(len(labelled)).tolist()
    by_id = sorted(labelled, key=lambda one: one.question.id)
    order = [by_id[place] for place in drawn]
    known, vectors = Inputs({}, {}), dict[str, Float32]()
    pools: list[Pool] = []
    questions: dict[str, Float32] = {}
    of_base, of_adapted = asked.maker(asked.embedder), asked.maker(adapted)
    for start in range(0, len(order), _QUESTIONS_AT_A_TIME):
        if seconds_left() <= 0:
            break
        for one in order[start : start + _QUESTIONS_AT_A_TIME]:
            pool = make_pool(one.question, one.relevance, asked, of_base, known)
            query = asked.query(one.question, of_adapted) if pool else None
            if pool and query:
                pools.append(pool)
                questions[one.question.id] = query.vector
        new = [each for each in known.texts if each not in vectors]
        vectors |= _embedded([known.texts[each] for each in new], new, adapted)
        progress(_TASK, min(start + _QUESTIONS_AT_A_TIME, len(order)), len(order))
    if len(pools) < FEWEST_QUESTIONS:
        return None
    base = _Vectors({p.question.id: p.base for p in pools}, known.vectors, _fit(known.vectors))
    return _verdict(pools, asked, base, _Vectors(questions, vectors, _fit(vectors)))


def _embedded(texts: list[str], hashes: list[str], embedder: Embedder) -> dict[str, Float32]:
    if not texts:
        return {}
    vectors = checked_vectors(embedder.embed_passages(texts), len(texts), embedder.fingerprint)
    return dict(zip(hashes, vectors, strict=True))


def _fit(vectors: Mapping[str, Float32]) -> Whitening:
    return Whitening.fit(np.stack([vectors[each] for each in sorted(vectors)]))


def _verdict(pools: Sequence[Pool], asked: Asked, base: _Vectors, adapted: _Vectors) -> Verdict:
    qrels = {pool.question.id: pool.relevance for pool in pools}
    whole, alone = [], []
    for vectors in (base, adapted):
        runs = {pool.question.id: _scores(pool, vectors, asked) for pool in pools}
        fused = {question: both[0] for question, both in runs.items()}
        cosines = {question: both[1] for question, both in runs.items()}
        whole.append(measure(qrels, fused, (MEASURE,)))
        alone.append(measure(qrels, cosines, (MEASURE,)))
    return Verdict(
        n_questions=len(pools),
        base=whole[0].interval(MEASURE),
        adapted=whole[1].interval(MEASURE),
        gain=compare(whole[1], whole[0], MEASURE),
        gain_of_vectors=compare(alone[1], alone[0], MEASURE),
    )


def _scores(pool: Pool, by: _Vectors, asked: Asked) -> tuple[dict[str, float], dict[str, float]]:
    """By document, the fused score and the cosine of its best passage."""
    rows: list[Float32] = []
    is_title: list[bool] = []
    starts: list[int] = []
    for one in pool.documents:
        starts.append(len(rows))
        rows += [by.inputs[each] for each in one.passages]
        is_title += [False] * len(one.passages)
        if one.title is not None:
            rows.append(by.inputs[one.title])
            is_title.append(True)
    vectors = np.stack(rows)
    passages = Passages(
        vectors=vectors,
        lengths=by.whitening.lengths(vectors),
        is_title=np.array(is_title, dtype=np.bool_),
        starts=np.array(starts, dtype=np.int64),
    )
    near = closeness(by.questions[pool.question.id], passages, by.whitening)
    signals = pool.words._replace(passages=near.whitened, titles=near.titles)
    fused = np.sum(list(fuse(signals, asked.ranking.weights).values()), axis=0) * pool.priors
    ids = [one.id for one in pool.documents]
    return dict(zip(ids, fused.tolist(), strict=True)), dict(
        zip(ids, near.cosines.tolist(), strict=True)
    )
