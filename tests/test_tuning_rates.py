"""What rates of false suggestions come to: counted, and shown for people to choose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kbsearch import Article, Audience, KnowledgeBase
from kbsearch.embed import HashingEmbedder
from kbsearch.evaluation import Label, LabelSet, LabelSource, Question
from kbsearch.tuning import AnsweredAt, LookedUp, rates_of
from tests.builders import article
from tests.library import EXTERNAL, INTERNAL

QRELS = {"q1": {"a": 1, "b": 0}, "q2": {"b": 2}, "q3": {"a": 0}}
QUESTIONS = [Question(id=one, text=one) for one in QRELS]


class TestCounting:
    """Worked by hand."""

    def test_what_is_answered_rightly_and_what_deceives(self) -> None:
        """
        At .05 nothing but q1 is shown, rightly; at .1 q2 too, wrongly; at .2 all.

        Nothing answers q3: it counts among no answers.
        """
        firsts: dict[float, dict[str, str | None]] = {
            0.05: {"q1": "a", "q2": None, "q3": None},
            0.1: {"q1": "a", "q2": "a", "q3": None},
            0.2: {"q1": "b", "q2": "b", "q3": "a"},
        }

        found = rates_of(QUESTIONS, QRELS, lambda one, rate: LookedUp(firsts[rate][one.id], True))

        told = [(1, 1, 0), (2, 1, 0), (2, 1, 1)]
        assert found == tuple(
            AnsweredAt(
                accept_false=rate,
                n_questions=2,
                n_answered=n_answered,
                n_right=n_right,
                n_unanswerable=1,
                n_deceived=n_deceived,
            )
            for rate, (n_answered, n_right, n_deceived) in zip(firsts, told, strict=True)
        )

    def test_a_desk_that_holds_nothing_back_has_no_rates(self) -> None:
        """It is not calibrated: what it shows says nothing of any rate."""
        found = rates_of(QUESTIONS, QRELS, lambda one, rate: LookedUp("a", False))

        assert found == ()
        assert rates_of([], {}, lambda one, rate: LookedUp("a", True)) == ()


MACHINES = ["laser printer", "badge reader", "label scanner", "meeting screen", "telephone"]
FAULTS = [
    "shows a blinking orange lamp",
    "makes a grinding noise when it starts",
    "lost its network address again",
    "does not wake up after the weekend",
    "asks for a code that nobody knows",
    "answers only after several minutes",
    "shows every line twice",
]


def judged(audience: Audience) -> LabelSet:
    """A question for each article, and three that nothing answers."""
    titles = {f"kb:{m}-{f}": f"The {MACHINES[m]} {FAULTS[f]}" for m in range(5) for f in range(7)}
    strange = ("which wine goes with pheasant", "who won the cup in June", "sonnets about rain")
    return LabelSet(
        questions=(
            *(Question(id=f"q:{i}", text=text, audience=audience) for i, text in titles.items()),
            *(Question(id=text, text=text, audience=audience) for text in strange),
        ),
        labels=(
            *(
                Label(question_id=f"q:{i}", document_id=i, source=LabelSource.JUDGED)
                for i in titles
            ),
            *(
                Label(
                    question_id=text,
                    document_id="kb:0-0",
                    relevance=0,
                    source=LabelSource.JUDGED,
                )
                for text in strange
            ),
        ),
    )


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[KnowledgeBase]:
    """For customers, and something of staff's that answers what nothing answers customers."""
    desk = KnowledgeBase.create(tmp_path / "support.kb", embedder=HashingEmbedder(512))
    desk.upsert(
        [
            Article(
                id=f"kb:{m}-{f}",
                title=f"The {machine} {fault}",
                audience=EXTERNAL,
                body=f"If the {machine} {fault}, call the caretaker.",
            )
            for m, machine in enumerate(MACHINES)
            for f, fault in enumerate(FAULTS)
        ]
        + [article("wine", "which wine goes with pheasant", INTERNAL)]
    )
    desk.rebuild()
    yield desk
    desk.close()


class TestOfADesk:
    """Beside what was fitted, and of what this audience is shown."""

    def test_shows_what_would_be_answered(self, filled: KnowledgeBase) -> None:
        """More at higher rates, most of it rightly; nothing of it is written."""
        before = (filled.path / "kbsearch.toml").read_bytes()

        report = filled.tune(EXTERNAL, labels=judged(EXTERNAL), n_trials=5)

        assert [one.accept_false for one in report.rates] == [0.05, 0.1, 0.2]
        assert {(one.n_questions, one.n_unanswerable) for one in report.rates} == {(35, 3)}
        answered = [one.n_answered for one in report.rates]
        assert answered == sorted(answered)
        assert answered[-1] > 25
        assert report.rates[-1].n_right > 0.9 * answered[-1]
        assert report.rates[0].n_deceived == 0
        assert (filled.path / "kbsearch.toml").read_bytes() == before

    def test_nobody_s_labels_show_nothing(self, filled: KnowledgeBase) -> None:
        """A title that finds its own article is no question that somebody asked."""
        labels = judged(EXTERNAL)
        imitated = [
            one.model_copy(update={"source": LabelSource.TITLE_TO_BODY}) for one in labels.labels
        ]

        report = filled.tune(
            EXTERNAL, labels=labels.model_copy(update={"labels": tuple(imitated)}), n_trials=5
        )

        assert report.n_questions == 35
        assert report.rates == ()
