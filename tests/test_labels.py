"""Labels: what is known to answer what."""

from __future__ import annotations

import pytest

from kbsearch.errors import ConfigError
from kbsearch.evaluation import Label, LabelSet, LabelSource, Question


def question(name: str = "q1") -> Question:
    return Question(id=name, text="printer is offline")


def label(document_id: str, *, relevance: int = 1, source: LabelSource) -> Label:
    return Label(question_id="q1", document_id=document_id, relevance=relevance, source=source)


def test_of_several_judgements_of_one_document_the_best_counts() -> None:
    """Two people and a link may speak of the same document; no one of them takes away."""
    labels = LabelSet(
        questions=(question(),),
        labels=(
            label("kb:1", relevance=2, source=LabelSource.JUDGED),
            label("kb:1", relevance=1, source=LabelSource.ARTICLE),
            label("kb:2", relevance=0, source=LabelSource.JUDGED),
        ),
    )

    assert labels.qrels() == {"q1": {"kb:1": 2, "kb:2": 0}}


def test_choosing_sources_leaves_out_questions_without_a_label() -> None:
    """A question that nobody judged would count as one that was answered wrong."""
    labels = LabelSet(
        questions=(question(), question("q2")),
        labels=(label("kb:1", source=LabelSource.DUPLICATE),),
    )

    chosen = labels.of_sources([LabelSource.DUPLICATE])

    assert [one.id for one in chosen.questions] == ["q1"]
    assert labels.of_sources([LabelSource.JUDGED]) == LabelSet()


def test_choosing_questions_keeps_their_labels_alone() -> None:
    """What was asked of the past is fewer than what is labelled; a stranger's id adds nothing."""
    labels = LabelSet(
        questions=(question(), question("q2")),
        labels=(label("kb:1", source=LabelSource.DUPLICATE),),
    )

    assert labels.of_questions(["q1", "q9"]).qrels() == {"q1": {"kb:1": 1}}
    assert labels.of_questions(["q2"]) == LabelSet(questions=(question("q2"),))
    assert labels.of_questions([]) == LabelSet()


def test_a_question_that_asks_nothing_is_refused() -> None:
    """Neither a text nor a ticket: nothing could be searched for."""
    with pytest.raises(ConfigError, match="'q9' has neither a text nor a ticket"):
        Question(id="q9")


def test_labels_and_questions_belong_together() -> None:
    """A label that no question has, and two questions of one id, would be lost in silence."""
    with pytest.raises(ConfigError, match="names question 'q1'"):
        LabelSet(labels=(label("kb:1", source=LabelSource.JUDGED),))
    with pytest.raises(ConfigError, match="same id"):
        LabelSet(questions=(question(), question()))


def test_only_what_nobody_said_is_imitated() -> None:
    """Whoever reads a figure must know whether people stand behind it."""
    imitated = {one.value for one in LabelSource if one.is_imitated}

    assert imitated == {"title_to_body", "problem_to_resolution", "section_to_article"}


def test_sets_are_joined_question_by_question() -> None:
    """What was judged and what was linked speak of the same questions."""
    judged = LabelSet(
        questions=(question(), question("q2")),
        labels=(label("kb:1", relevance=3, source=LabelSource.JUDGED),),
    )
    linked = LabelSet(questions=(question(),), labels=(label("kb:2", source=LabelSource.ARTICLE),))

    joined = LabelSet.joined([judged, linked])

    assert [one.id for one in joined.questions] == ["q1", "q2"]
    assert joined.qrels() == {"q1": {"kb:1": 3, "kb:2": 1}}
    assert LabelSet.joined([]) == LabelSet()


def test_sets_with_two_questions_of_one_id_are_not_joined() -> None:
    """Answers of one would count for the other."""
    other = LabelSet(questions=(Question(id="q1", text="fax hums"),))

    with pytest.raises(ConfigError, match="Two different questions have the id 'q1'"):
        LabelSet.joined([LabelSet(questions=(question(),)), other])
