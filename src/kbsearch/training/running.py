"""A training from beginning to end: pairs, a model, its figures, and whether it is offered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from kbsearch import files
from kbsearch.embed import Embedder, SentenceTransformerEmbedder, TrainingCard
from kbsearch.errors import ConfigError
from kbsearch.evaluation import LabelSet, LabelSource, Question
from kbsearch.layout import DeskLayout
from kbsearch.progress import Progress
from kbsearch.training.adapting import Adapted, Budget, Prompts, adapt
from kbsearch.training.checkpoints import drop_checkpoint
from kbsearch.training.judging import FEWEST_QUESTIONS, Labelled, Verdict, judge
from kbsearch.training.pairs import LabelledText, Pair, count_sources, make_pairs
from kbsearch.training.pools import Asked
from kbsearch.training.reading import read_documents
from kbsearch.training.recipe import Recipe
from kbsearch.training.reports import TrainingReport, readme_of, reason_of
from kbsearch.training.saving import name_model, write_model
from kbsearch.training.splitting import Split, split

_SHARE_OF_TRAINING = 0.6
"""Of the time; the rest is for measuring."""


class Workplace(NamedTuple):
    """
    What a training needs of a desk.

    Attributes:
        asked: Its shelves of one audience; nothing else is read.
        layout: Where models stand.
        base: What is adapted.
        prompts: Of the settings.
        open_model: An embedder with the desk's settings and the model of a directory.
        text_of: A ticket's problem, by its id; None if it is not there.
        labels: All that is known.
    """

    asked: Asked
    layout: DeskLayout
    base: SentenceTransformerEmbedder
    prompts: Prompts
    open_model: Callable[[Path], Embedder]
    text_of: Callable[[str], str | None]
    labels: LabelSet


def run_training(
    place: Workplace,
    recipe: Recipe,
    budget: Budget,
    *,
    now: datetime,
    resume: bool,
    progress: Progress,
) -> TrainingReport:
    """
    Adapt a model, measure it, and keep it if it is better with 95 % confidence.

    The budget is for all of it; `now` is noted in the model's card.

    Raises:
        ConfigError: If there are too few pairs to train on, or labels to measure with.
        MissingExtraError: If a package for training is missing.
        StoreError: If a shelf cannot be read, or the model not be written.
    """
    began = budget.clock()
    texts = _read(place, recipe)
    done = adapt(
        place.base,
        texts.pairs,
        recipe=recipe,
        budget=Budget(budget.seconds * _SHARE_OF_TRAINING, budget.clock),
        unfinished=place.layout.unfinished_training,
        resume=resume,
        prompts=place.prompts,
        progress=progress,
    )
    card = TrainingCard(
        audience=place.asked.audience,
        base=str(place.base.fingerprint),
        method=recipe.method.value,
        trained_at=now,
        n_documents=texts.n_documents,
        n_pairs=done.n_batches * recipe.batch_size,
        seed=recipe.seed,
    )
    draft = place.layout.model_draft
    try:
        write_model(done.model, card, draft)
        verdict = judge(
            texts.held_out,
            place.asked,
            place.open_model(draft),
            seconds_left=lambda: budget.seconds - (budget.clock() - began),
            seed=recipe.seed,
            progress=progress,
        )
        report = _report(card, texts, done, verdict, seconds=budget.clock() - began)
        if verdict is not None and verdict.gain.is_better:
            report = _kept(report, place)
    finally:
        files.remove_tree(draft)
    if report.is_whole and verdict is not None:
        drop_checkpoint(place.layout.unfinished_training)
    return report


class _Texts(NamedTuple):
    """What is trained on, and what is held out to measure with."""

    pairs: list[Pair]
    n_documents: int
    n_trained_on: int
    held_out: list[Labelled]


def _read(place: Workplace, recipe: Recipe) -> _Texts:
    labels = _measurable(place.labels)
    parts = split(labels, seed=recipe.seed)
    _require_enough(len(parts.measured))
    pairs, n_documents = _pairs(place, labels, parts, recipe)
    return _Texts(pairs, n_documents, len(parts.trained), _labelled(labels, parts.measured))


def _report(
    card: TrainingCard, texts: _Texts, done: Adapted, verdict: Verdict | None, *, seconds: float
) -> TrainingReport:
    n_of_a_batch = card.n_pairs // done.n_batches
    return TrainingReport(
        audience=card.audience,
        base=card.base,
        method=card.method,
        n_documents=card.n_documents,
        pairs=count_sources(texts.pairs),
        n_pairs_read=card.n_pairs,
        n_pairs_wanted=done.n_batches_wanted * n_of_a_batch,
        is_resumed=done.n_batches_before > 0,
        n_questions_trained_on=texts.n_trained_on,
        n_questions_held_out=len(texts.held_out),
        verdict=verdict,
        reason=reason_of(verdict),
        seconds=seconds,
        training_seconds=done.seconds,
    )


def _kept(report: TrainingReport, place: Workplace) -> TrainingReport:
    """The model with its name, where the settings can name it."""
    base = place.base.fingerprint.model
    if place.base.training is not None:
        base = base.rpartition("-")[0] or base  # without the hash of the model before
    named = name_model(place.layout.model_draft, place.layout.models, base, readme_of(report))
    fingerprint = str(place.open_model(named).fingerprint)
    model = named.relative_to(place.layout.root).as_posix()
    return report.model_copy(update={"model": model, "fingerprint": fingerprint})


def _measurable(labels: LabelSet) -> LabelSet:
    """What somebody said: a document's own parts are what training reads anyway."""
    return labels.of_sources(source for source in LabelSource if not source.is_imitated)


def _require_enough(n_questions: int) -> None:
    if n_questions < FEWEST_QUESTIONS:
        raise ConfigError(
            f"{n_questions} questions with known answers are held out, and with fewer than "
            f"{FEWEST_QUESTIONS} nobody can tell whether an adapted model is better. Link "
            "duplicates and articles in the helpdesk and import them, judge some questions, "
            "or pass labels=."
        )


def _pairs(
    place: Workplace, labels: LabelSet, parts: Split, recipe: Recipe
) -> tuple[list[Pair], int]:
    """Pairs of all documents but measured tickets and of the labels to train on."""
    documents = read_documents(place.asked.records, place.asked.fingerprint)
    questions = {one.id: one for one in labels.questions}
    texts = {one: _text(questions[one], place) for one in parts.trained}
    labelled = [
        LabelledText(text, label.document_id, label.source)
        for label in labels.labels
        if label.relevance and (text := texts.get(label.question_id))
    ]
    measured = [questions[one].ticket_id for one in parts.measured]
    held_out = {one for one in measured if one is not None}
    pairs = make_pairs(
        documents, labelled, held_out=held_out, n_negatives=recipe.n_negatives, seed=recipe.seed
    )
    return pairs, sum(1 for one in documents if one.id not in held_out)


def _text(question: Question, place: Workplace) -> str | None:
    if question.text is not None:
        return question.text
    return place.text_of(question.ticket_id or "")


def _labelled(labels: LabelSet, chosen: Iterable[str]) -> list[Labelled]:
    questions, qrels = {one.id: one for one in labels.questions}, labels.qrels()
    return [Labelled(questions[one], qrels[one]) for one in chosen]
