"""`kbsearch train`: what it was trained on, what it gains, and what to do next."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kbsearch import KnowledgeBase
from kbsearch.evaluation import Difference, Interval, Judgement, Question
from kbsearch.models import Audience
from kbsearch.training import TrainingReport, Verdict
from tests.cli_runner import run


def report(*, is_better: bool) -> TrainingReport:
    """Figures as a training gives them."""
    low = 0.01 if is_better else -0.01
    gain = Difference(
        name="nDCG@10",
        n_questions=90,
        mean=0.03,
        low=low,
        high=0.05,
        n_better=30,
        n_worse=10,
        p_value=0.01,
    )
    return TrainingReport(
        audience=Audience.EXTERNAL,
        base="tiny@12345678/float32/62",
        method="full",
        n_documents=1200,
        pairs={"title_to_body": 2400},
        n_pairs_read=1280,
        n_pairs_wanted=2368,
        is_resumed=True,
        n_questions_trained_on=0,
        n_questions_held_out=90,
        verdict=Verdict(
            n_questions=90,
            base=Interval(mean=0.6, low=0.55, high=0.65),
            adapted=Interval(mean=0.63, low=0.58, high=0.68),
            gain=gain,
            gain_of_vectors=gain,
        ),
        reason="It is better." if is_better else "It is not surely better.",
        model="models/tiny-87654321" if is_better else None,
        seconds=590.0,
        training_seconds=360.0,
    )


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the desk was asked for; its answer stands under "answer"."""
    seen: dict[str, Any] = {"answer": report(is_better=True), "used": []}

    def train(self: KnowledgeBase, audience: Audience, **options: Any) -> TrainingReport:
        seen.update(options, audience=audience)
        answer: TrainingReport = seen["answer"]
        return answer

    monkeypatch.setattr(KnowledgeBase, "train", train)
    monkeypatch.setattr(KnowledgeBase, "use_model", lambda self, model: seen["used"].append(model))
    return seen


@pytest.fixture
def desk_path(desk: KnowledgeBase) -> Path:
    """An empty desk."""
    desk.close()
    return desk.path


def test_an_offered_model_comes_with_the_line_for_the_settings(
    desk_path: Path, asked: dict[str, Any]
) -> None:
    """Nothing is changed unless somebody writes it there."""
    result = run("train", "--desk", desk_path, "--audience", "external", "--minutes", "2")

    assert result.exit_code == 0
    assert "Pairs of 1,200 documents: 2,400 title to body." in result.stdout
    assert "1,280 of 2,368 were read in 360 s, going on from an interrupted run" in result.stdout
    assert "+0.0100 to +0.0500" in result.stdout
    assert 'model = "models/tiny-87654321"' in result.stdout
    assert "kbsearch rebuild" in result.stdout
    assert (asked["budget_s"], asked["method"], asked["resume"]) == (120.0, "full", True)
    assert asked["used"] == []


def test_use_writes_it_there(desk_path: Path, asked: dict[str, Any]) -> None:
    """For those who have decided before."""
    result = run("train", "-d", desk_path, "-a", "external", "--use", "--lora", "--anew")

    assert asked["used"] == ["models/tiny-87654321"]
    assert (asked["method"], asked["resume"]) == ("lora", False)
    assert "kbsearch.toml names it now" in result.stdout


def test_a_refused_model_is_told_by_the_exit_code(desk_path: Path, asked: dict[str, Any]) -> None:
    """So that a script does not rebuild for nothing; --use has nothing to write."""
    asked["answer"] = report(is_better=False)

    result = run("train", "-d", desk_path, "-a", "external", "--use")

    assert result.exit_code == 1
    assert "Refused: it was not kept" in result.stdout
    assert asked["used"] == []


def test_json_holds_all_figures(desk_path: Path, asked: dict[str, Any]) -> None:
    """For machines."""
    result = run("train", "-d", desk_path, "-a", "external", "--json")

    told = json.loads(result.stdout)
    assert told["verdict"]["gain"]["low"] == 0.01
    assert told["model"] == "models/tiny-87654321"
    assert told["pairs"] == {"title_to_body": 2400}


def test_judgements_count_as_labels(desk_path: Path, tmp_path: Path, asked: dict[str, Any]) -> None:
    """Customers' tickets have no links: what people judged is all that there is for them."""
    judgement = Judgement(
        question=Question(id="q1", text="vpn gone", audience=Audience.EXTERNAL),
        document_id="kb:1",
        grade=2,
        by="anna",
        at=datetime(2026, 3, 2, tzinfo=UTC),
    )
    file = tmp_path / "questions.anna.jsonl"
    file.write_text(judgement.model_dump_json() + "\n", encoding="utf-8")

    run("train", "-d", desk_path, "-a", "external", "--judged", file)

    assert asked["labels"].qrels() == {"q1": {"kb:1": 2}}


def test_an_interruption_says_that_nothing_is_lost(
    desk_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else nobody would dare to press Ctrl-C."""

    def interrupted(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(KnowledgeBase, "train", interrupted)

    result = run("train", "-d", desk_path, "-a", "external")

    assert result.exit_code == 130
    assert "run the command again to go on" in " ".join(result.stderr.split())


@pytest.mark.model
def test_a_desk_without_known_answers_is_an_error(desk_path: Path) -> None:
    """Told before any time is spent: nobody could say whether the model is better."""
    result = run("train", "-d", desk_path, "-a", "external")

    assert result.exit_code == 2
    assert "0 questions with known answers" in " ".join(result.stderr.split())


def test_the_audience_must_be_named(desk_path: Path) -> None:
    """Whose texts are read is never assumed."""
    assert run("train", "--desk", desk_path).exit_code == 2
