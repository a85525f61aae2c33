"""A desk whose model can be trained in seconds, and words that training can bring together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kbsearch import Article, Audience, KnowledgeBase
from kbsearch.config import EmbedderSettings, Settings
from kbsearch.evaluation import Label, LabelSet, LabelSource, Question
from kbsearch.training import Method, Recipe
from tests.tiny_models import save_bert

SYMPTOMS = [f"symptom{number}" for number in range(24)]
CURES = [f"cure{number}" for number in range(24)]
FILLING = ["the", "a", "please", "now", "again", "with", "some", "more"]


def tiny_bert(directory: Path) -> Path:
    """A model of two layers that knows these words, and nothing of which belong together."""
    return save_bert(directory, [*SYMPTOMS, *CURES, *FILLING])


def pair_of_words(number: int, audience: Audience, copy: int = 0) -> Article:
    """A title that names one symptom, and a text that names its cure alone."""
    filling = " ".join(FILLING[(number + copy + place) % len(FILLING)] for place in range(5))
    return Article(
        id=f"{audience.value[:2]}:{number}-{copy}",
        title=f"{SYMPTOMS[number]} {filling.split()[0]}",
        body=f"{CURES[number]} {filling} {CURES[number]}",
        audience=audience,
    )


def answers(audience: Audience, *, shuffled: bool = False) -> tuple[list[Article], LabelSet]:
    """Articles without titles that cure what is asked for by its symptom; or that cure another."""
    articles = [
        Article(
            id=f"cure:{number}", title="", body=f"{cure} please {cure} again now", audience=audience
        )
        for number, cure in enumerate(CURES)
    ]
    questions = tuple(
        Question(id=f"q{number}", text=f"{symptom} again", audience=audience)
        for number, symptom in enumerate(SYMPTOMS)
    )
    step = 7 if shuffled else 0
    labels = tuple(
        Label(
            question_id=f"q{number}",
            document_id=f"cure:{(number + step) % len(CURES)}",
            source=LabelSource.JUDGED,
        )
        for number in range(len(SYMPTOMS))
    )
    return articles, LabelSet(questions=questions, labels=labels)


def recipe(method: Method = Method.FULL, **changes: Any) -> Recipe:
    """Small batches, and no negatives but those in the batch."""
    fields: dict[str, Any] = {"method": method, "batch_size": 8, "n_negatives": 0, "n_epochs": 5}
    fields["learning_rate"] = 5e-3
    return Recipe(**{**fields, **changes})


def trainable_desk(path: Path, audience: Audience, model: Path) -> KnowledgeBase:
    """Four articles about each symptom and its cure, for one audience, and what answers."""
    settings = Settings(embedder=EmbedderSettings(model=str(model)))
    kb = KnowledgeBase.create(path, settings=settings)
    taught = [pair_of_words(n, audience, copy) for n in range(len(CURES)) for copy in range(4)]
    kb.upsert([*taught, *answers(audience)[0]])
    return kb
