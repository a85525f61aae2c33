"""Which texts training brings together, which it parts, and which it never sees."""

from __future__ import annotations

import numpy as np
import pytest

from kbsearch.evaluation import Label, LabelSet, LabelSource, Question
from kbsearch.models import SectionKind
from kbsearch.text import CleanDocument
from kbsearch.text.passages import Section
from kbsearch.training.pairs import (
    LabelledText,
    Pair,
    TrainingDocument,
    count_sources,
    in_batches,
    make_pairs,
)
from kbsearch.training.splitting import FEWEST_TO_TRAIN_ON, Split, split

BODY, PROBLEM, RESOLUTION = SectionKind.BODY, SectionKind.PROBLEM, SectionKind.RESOLUTION


def document(
    number: int, title: str, *sections: tuple[SectionKind, str], angle: float = 0.0
) -> TrainingDocument:
    """A document whose vector stands at an angle, in degrees."""
    text, found = "", []
    for kind, part in sections:
        text += "\n\n" if text else ""
        found.append(Section(kind=kind, start=len(text), end=len(text) + len(part)))
        text += part
    cleaned = CleanDocument(title=title, text=text, sections=tuple(found))
    radians = np.deg2rad(angle)
    vector = np.array([np.cos(radians), np.sin(radians)], dtype=np.float32)
    return TrainingDocument(f"kb:{number}", cleaned, vector)


def many(n: int = 100) -> list[TrainingDocument]:
    """Documents on a circle, 3.6 degrees apart if there are a hundred."""
    return [
        document(i, f"Title {i}", (BODY, f"The text of document number {i}."), angle=i * 360 / n)
        for i in range(n)
    ]


class TestPairs:
    """What belongs together."""

    def test_are_a_title_and_what_stands_under_it(self) -> None:
        """The title is the shortest question that a document answers."""
        (pair,) = make_pairs(
            [document(1, "VPN drops", (BODY, "Update the client to 4.6."))], n_negatives=0, seed=1
        )

        assert pair[:3] == ("VPN drops", "Update the client to 4.6.", "kb:1")
        assert pair.source is LabelSource.TITLE_TO_BODY

    def test_are_a_tickets_problem_and_what_resolved_it(self) -> None:
        """The problem with its subject, as a new ticket would be asked."""
        told = document(
            1, "Lid", (PROBLEM, "The tunnel is gone each morning."), (RESOLUTION, "Set it to stay.")
        )

        pairs = make_pairs([told], n_negatives=0, seed=1)

        assert [(pair.anchor, pair.positive) for pair in pairs] == [
            ("Lid", "The tunnel is gone each morning."),
        ]
        longer = document(
            1, "Lid", (PROBLEM, "It is gone."), (RESOLUTION, "Set the adapter to stay awake.")
        )
        (pair,) = make_pairs([longer], n_negatives=0, seed=1)
        assert (pair.anchor, pair.positive) == (
            "Lid\nIt is gone.",
            "Set the adapter to stay awake.",
        )

    def test_are_at_most_four_of_a_long_document_spread_over_it(self) -> None:
        """A handbook of a thousand sections would be all that is learnt."""
        parts = [(BODY, f"Section number {n} of the handbook.") for n in range(8)]

        pairs = make_pairs([document(1, "Handbook", *parts)], n_negatives=0, seed=1)

        numbers = [pair.positive.split()[2] for pair in pairs]
        assert numbers == ["0", "2", "4", "6"]

    def test_are_questions_and_the_documents_that_answer_them(self) -> None:
        """What people said counts beside what documents say of themselves."""
        known = document(1, "", (BODY, "Update the client to 4.6."))
        label = LabelledText("why is vpn gone", "kb:1", LabelSource.JUDGED)
        lost = LabelledText("anything", "kb:9", LabelSource.JUDGED)

        pairs = make_pairs([known], [label, lost], n_negatives=0, seed=1)

        assert [(p.anchor, p.positive) for p in pairs] == [
            ("why is vpn gone", "Update the client to 4.6.")
        ]
        assert count_sources(pairs) == {"judged": 1}

    def test_are_not_made_of_documents_that_are_measured_with(self) -> None:
        """A model that has read the question would answer it from memory."""
        pairs = make_pairs(many(3), held_out=["kb:1"], n_negatives=0, seed=1)

        assert {pair.document for pair in pairs} == {"kb:0", "kb:2"}

    def test_need_words_and_a_text_that_says_something(self) -> None:
        """Blank, too short, or the title again: nothing is to be learnt from it."""
        empty = [
            document(1, "???", (BODY, "A text that is long enough to say something.")),
            document(2, "Scanner", (BODY, "See above.")),
            document(3, "The same long title again", (BODY, "The same long title again")),
            document(4, "No text at all"),
        ]

        assert make_pairs(empty, n_negatives=0, seed=1) == []

    def test_are_the_same_for_the_same_documents(self) -> None:
        """Else an interrupted training would begin anew."""
        once, again = (make_pairs(many(), n_negatives=2, seed=3) for _ in range(2))

        assert once == again
        assert once != make_pairs(many(), n_negatives=2, seed=4)


class TestNegatives:
    """Near, but not too near."""

    def test_are_of_neighbours_at_ranks_10_to_50_that_are_no_near_copies(self) -> None:
        """On a circle of 100: ranks 10 to 50 are 18 to 90 degrees away; cosine .9 is 25.8."""
        pairs = make_pairs(many(), n_negatives=1, seed=1)

        distances = []
        for pair in pairs:
            other = int(pair.negatives[0].rpartition("number ")[2].rstrip("."))
            own = int(pair.document.partition(":")[2])
            distances.append(min((own - other) % 100, (other - own) % 100) * 3.6)
        assert min(distances) >= 25.8
        assert max(distances) <= 93

    def test_are_left_out_where_there_are_not_enough_documents(self) -> None:
        """Among ten documents nobody is far enough to be no duplicate."""
        assert {pair.negatives for pair in make_pairs(many(10), n_negatives=1, seed=1)} == {()}


class TestBatches:
    """Every other positive of a batch is a negative."""

    def test_never_hold_a_document_or_a_text_twice(self) -> None:
        """A pair would be told apart from itself."""
        twice = [
            Pair(f"q{n % 20}", f"text {n}", f"kb:{n % 30}", LabelSource.JUDGED) for n in range(60)
        ]

        ordered = in_batches(twice, 8, seed=1, epoch=0)

        assert len(ordered) % 8 == 0
        assert len(ordered) >= 40
        for start in range(0, len(ordered), 8):
            batch = ordered[start : start + 8]
            assert len({pair.document for pair in batch}) == 8
            assert len({pair.anchor for pair in batch}) == 8

    def test_are_in_another_order_each_epoch_and_the_same_each_time(self) -> None:
        """So a training can go on where it was."""
        pairs = make_pairs(many(), n_negatives=0, seed=1)

        first = in_batches(pairs, 10, seed=1, epoch=0)

        assert first == in_batches(pairs, 10, seed=1, epoch=0)
        assert first != in_batches(pairs, 10, seed=1, epoch=1)
        assert sorted(first) == sorted(pairs)

    @pytest.mark.parametrize("n", [0, 7])
    def test_are_none_of_too_few_pairs(self, n: int) -> None:
        """Half a batch would have half as many negatives."""
        assert in_batches(make_pairs(many(n), n_negatives=0, seed=1), 8, seed=1, epoch=0) == []


def labels_in_threes(n_stories: int) -> LabelSet:
    """Three tickets of each story, each asked and answered by the next."""
    asked = [f"desk:{story}-{n}" for story in range(n_stories) for n in range(3)]
    nexts = [f"desk:{story}-{(n + 1) % 3}" for story in range(n_stories) for n in range(3)]
    return LabelSet(
        questions=tuple(Question(id=one, ticket_id=one) for one in asked),
        labels=tuple(
            Label(question_id=one, document_id=other, source=LabelSource.DUPLICATE)
            for one, other in zip(asked, nexts, strict=True)
        ),
    )


class TestSplit:
    """What is measured with was not trained on."""

    def test_keeps_the_tickets_of_one_story_together(self) -> None:
        """A duplicate of what was trained on is known already."""
        parts = split(labels_in_threes(200), seed=1)

        trained = {one.split("-")[0] for one in parts.trained}
        measured = {one.split("-")[0] for one in parts.measured}
        assert trained & measured == set()
        assert len(parts.trained) + len(parts.measured) == 600
        assert 200 < len(parts.trained) < 400

    def test_measures_with_all_where_there_are_few(self) -> None:
        """They would teach less than they can tell."""
        few = labels_in_threes(FEWEST_TO_TRAIN_ON // 3)

        assert split(few, seed=1) == Split((), tuple(sorted(one.id for one in few.questions)))

    def test_stays_as_it_was_when_more_stories_come(self) -> None:
        """What the model in use was trained on must not measure the next one."""
        before, after = (split(labels_in_threes(n), seed=1) for n in (200, 300))

        assert set(before.trained) <= set(after.trained)
        assert set(before.measured) <= set(after.measured)

    def test_leaves_out_questions_without_an_answer(self) -> None:
        """Nothing can be measured with them."""
        question = Question(id="q", text="anything")
        none = Label(question_id="q", document_id="kb:1", relevance=0, source=LabelSource.JUDGED)

        assert split(LabelSet(questions=(question,), labels=(none,)), seed=1) == Split((), ())
