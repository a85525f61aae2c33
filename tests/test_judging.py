"""Judging by hand: pools, one document after the other, and how far two judges agree."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sklearn.metrics import cohen_kappa_score  # type: ignore[import-untyped]

from kbsearch.errors import ConfigError, StoreReadOnlyError
from kbsearch.evaluation import (
    Judgement,
    Judging,
    LabelFileError,
    LabelSource,
    Question,
    Shown,
    cohens_kappa,
    compare_judges,
    judged_labels,
    pool,
    read_judgements,
)
from tests.library import INTERNAL

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TAPE, FAX = Question(id="tape", text="tape is stuck"), Question(id="fax", text="fax <b>hums</b>")
POOLED = {"tape": ["kb:1", "kb:2"], "fax": ["kb:3"]}


def show(question: Question, document_id: str) -> Shown:
    return Shown(question.text or "", document_id, f"Title of {document_id}", "Text & more")


def judging(
    path: Path, *, by: str = "anna", questions: tuple[Question, ...] = (TAPE, FAX)
) -> Judging:
    return Judging(path, questions, POOLED, by=by, show=show, clock=lambda: NOON)


def asked(judge: Judging) -> str | None:
    shown = judge.current
    return shown and shown.document_id


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "anna.jsonl"


class TestPools:
    """What several rankings find, without what would sway a judge."""

    RUNS = (
        {"q": {"a": 3.0, "b": 2.0, "c": 1.0}, "p": {"x": 1.0}},
        {"q": {"d": 9.0, "a": 8.0, "e": 7.0}},
    )

    def test_hold_the_best_of_each_ranking_once(self) -> None:
        """By hand: a and b of one, d and a of the other."""
        found = pool(self.RUNS, k=2)

        assert {name: sorted(ids) for name, ids in found.items()} == {
            "q": ["a", "b", "d"],
            "p": ["x"],
        }

    def test_tell_nothing_of_ranks(self) -> None:
        """The order is the same whoever ranked what where; a judge who knows it is swayed."""
        swapped = ({"q": {"c": 3.0, "b": 2.0, "a": 1.0}}, {"q": {"e": 9.0, "a": 8.0, "d": 7.0}})

        assert pool(self.RUNS)["q"] == pool(swapped)["q"]
        orders = {tuple(pool(self.RUNS, seed=seed)["q"]) for seed in range(50)}
        firsts = {order[0] for order in orders}
        assert len(orders) > 20
        assert firsts == set("abcde")

    def test_are_the_same_for_the_same_seed(self) -> None:
        """Two judges must see the same documents."""
        assert pool(self.RUNS, seed=7) == pool(self.RUNS, seed=7)
        assert pool(self.RUNS, seed=7) != pool(self.RUNS, seed=8)


class TestOneJudge:
    """Documents one after the other, each on disk before the next is shown."""

    def test_goes_through_all_of_them(self, path: Path) -> None:
        """Question by question."""
        judge = judging(path)
        seen = []
        for grade in (3, 0, 1):
            seen.append(asked(judge))
            judge.grade(grade)

        assert seen == ["kb:1", "kb:2", "kb:3"]
        assert judge.current is None
        assert (len(judge), judge.n_done, judge.n_left) == (3, 3, 0)
        assert judge.labels().qrels() == {"tape": {"kb:1": 3, "kb:2": 0}, "fax": {"kb:3": 1}}

    def test_goes_on_where_it_stopped(self, path: Path) -> None:
        """Whatever ended it: each judgement was written at once."""
        judging(path).grade(2)

        again = judging(path)

        assert asked(again) == "kb:2"
        assert again.n_done == 1

    def test_writes_a_line_each_with_who_and_when(self, path: Path) -> None:
        """Each line can be read by itself; the file is for its owner alone."""
        judging(path).grade(2).skip()

        first, second = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        assert (first["document_id"], first["grade"], first["by"]) == ("kb:1", 2, "anna")
        assert first["question"]["text"] == "tape is stuck"
        assert first["at"] == "2026-03-02T12:00:00Z"
        assert second["grade"] is None
        assert path.stat().st_mode & 0o777 == 0o600

    def test_may_skip_what_it_cannot_tell(self, path: Path) -> None:
        """It is not asked again, and no label is made of it."""
        judge = judging(path).skip()

        assert asked(judging(path)) == "kb:2"
        assert judge.labels().labels == ()

    def test_can_take_judgements_back(self, path: Path) -> None:
        """The last first, also those of an earlier day."""
        judging(path).grade(2).grade(3)

        judge = judging(path).undo()
        assert asked(judge) == "kb:2"
        assert asked(judge.undo()) == "kb:1"
        with pytest.raises(ConfigError, match="judged nothing here"):
            judge.undo()
        assert path.read_bytes() == b""

    def test_takes_back_its_own_alone(self, path: Path) -> None:
        """Of these questions: others may be in the file, and other judges."""
        judging(path, by="bert").grade(1)
        judging(path, questions=(FAX,)).grade(1)

        with pytest.raises(ConfigError, match="'anna' has judged nothing here"):
            judging(path, questions=(TAPE,)).undo()
        assert len(read_judgements(path)) == 2

    def test_has_its_own_judgements_beside_another(self, path: Path) -> None:
        """One file may hold several; each is shown all documents."""
        judging(path, by="bert").grade(1)
        judge = judging(path)

        assert judge.n_done == 0
        assert [one.by for one in judge.judgements()] == []
        judge.grade(2)
        assert [one.by for one in read_judgements(path)] == ["bert", "anna"]

    @pytest.mark.parametrize("grade", [-1, 4, True, 1.5, "2", None])
    def test_gives_no_other_grades(self, path: Path, grade: int) -> None:
        """Nothing is written then."""
        with pytest.raises(ConfigError, match=r"is no grade\. Give one of: 0 not about it"):
            judging(path).grade(grade)
        assert not path.exists()

    def test_cannot_judge_more_than_there_is(self, path: Path) -> None:
        """A key pressed once too often."""
        judge = judging(path, questions=(FAX,)).grade(1)

        with pytest.raises(ConfigError, match="All is judged already"):
            judge.grade(1)

    def test_does_not_write_over_another(self, path: Path) -> None:
        """Two windows with one file: neither loses what it has said, the later is told."""
        first, second = judging(path), judging(path, by="bert")
        first.grade(2)

        with pytest.raises(ConfigError, match="changed by somebody else meanwhile"):
            second.grade(1)
        assert [one.by for one in read_judgements(path)] == ["anna"]
        assert second.n_done == 0

    def test_has_judged_nothing_if_it_could_not_be_written(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What is shown as done is on disk."""

        def refuse(_: object, __: object) -> None:
            raise StoreReadOnlyError(path, "no right")

        judge = judging(path)
        monkeypatch.setattr("kbsearch.evaluation.judging.replace_file", refuse)

        with pytest.raises(StoreReadOnlyError, match="no right"):
            judge.grade(2)
        assert asked(judge) == "kb:1"

    def test_needs_a_name(self, path: Path) -> None:
        """Two judges could not be told apart."""
        with pytest.raises(ConfigError, match="needs a name"):
            judging(path, by=" ")

    def test_refuses_a_question_that_reads_otherwise_than_it_was_judged(self, path: Path) -> None:
        """Its grades are of another question."""
        judging(path).grade(2)

        with pytest.raises(ConfigError, match="'tape' had another text, date or audience when it"):
            judging(path, questions=(Question(id="tape", text="tape is torn"),))

    def test_without_questions_has_nothing_to_do(self, path: Path) -> None:
        """No file is made of nothing."""
        judge = judging(path, questions=())

        assert judge.current is None
        assert not path.exists()


class TestNotebooks:
    """A cell that ends with the judge shows the next document."""

    def test_show_what_is_to_be_judged_and_neither_rank_nor_score(self, path: Path) -> None:
        """Texts are shown as texts, whatever they hold; the repr in a traceback has none."""
        judge = judging(path, questions=(FAX,))

        page = judge._repr_html_()
        assert "fax &lt;b&gt;hums&lt;/b&gt;" in page
        assert "Text &amp; more" in page
        assert "<b>hums" not in page
        assert "fax <b>hums</b>\n\nTitle of kb:3\nText & more" in str(judge)
        assert repr(judge) == "<Judging by 'anna': 0 of 1 done>"

    def test_show_the_next_after_a_grade(self, path: Path) -> None:
        """`judge.grade(2)` at the end of a cell."""
        assert "Title of kb:2" in judging(path).grade(2)._repr_html_()

    def test_say_when_all_is_done(self, path: Path) -> None:
        """And where it stands."""
        judge = judging(path, questions=(FAX,)).grade(0)

        assert "All 1 are judged" in judge._repr_html_()
        assert str(path) in str(judge)

    def test_cut_long_texts(self, path: Path) -> None:
        """A page of log lines would hide the question."""
        judge = Judging(
            path,
            (FAX,),
            POOLED,
            by="anna",
            show=lambda q, d: Shown("q", d, "t", "word " * 1000),
        )

        assert len(str(judge)) < 2000
        assert "word …" in str(judge)


def judgement(document_id: str, grade: int | None, by: str = "anna", **fields: object) -> Judgement:
    return Judgement(
        question=fields.pop("question", TAPE), document_id=document_id, grade=grade, by=by, at=NOON
    )


class TestFiles:
    """Strict: half a file of judgements would be measured as if it were all."""

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("nonsense", "line 2: it is no judgement"),
            ('{"grade": 2}', "line 2: it is no judgement"),
            (
                judgement("kb:2", 2).model_dump_json().replace(":2,", ":7,"),
                "line 2: it is no judge",
            ),
            (judgement("kb:1", 3).model_dump_json(), "line 2: 'anna' has judged 'kb:1' twice"),
        ],
    )
    def test_that_are_wrong_are_refused_with_the_line(
        self, path: Path, line: str, reason: str
    ) -> None:
        """The message does not repeat the line: it holds customers' words."""
        path.write_text(f"{judgement('kb:1', 2).model_dump_json()}\n{line}\n", encoding="utf-8")

        with pytest.raises(LabelFileError, match=reason) as raised:
            read_judgements(path)
        assert "tape is stuck" not in str(raised.value)
        assert raised.value.__cause__ is None

    def test_that_are_not_there_hold_nothing(self, path: Path) -> None:
        """The first judgement makes the file."""
        assert read_judgements(path) == []


class TestLabels:
    """Grades as labels."""

    def test_hold_all_grades_and_no_skips(self) -> None:
        """A grade of 0 is a label, too: it says that this is no answer."""
        labels = judged_labels(
            [judgement("kb:1", 0), judgement("kb:2", None), judgement("kb:1", 3, by="bert")]
        )

        assert {(one.document_id, one.relevance) for one in labels.labels} == {
            ("kb:1", 0),
            ("kb:1", 3),
        }
        assert {one.source for one in labels.labels} == {LabelSource.JUDGED}
        assert labels.questions == (TAPE,)
        assert labels.qrels() == {"tape": {"kb:1": 3}}

    def test_of_two_questions_with_one_id_are_refused(self) -> None:
        """Their grades would be mixed."""
        other = Question(id="tape", text="tape is torn", audience=INTERNAL)

        with pytest.raises(ConfigError, match="Two questions that were judged have the id 'tape'"):
            judged_labels([judgement("kb:1", 1), judgement("kb:1", 1, by="b", question=other)])


class TestKappa:
    """Agreement beyond chance."""

    def test_is_what_cohen_says(self) -> None:
        """By hand: 35 of 50 equal; by chance .5·.6 + .5·.4 = .5; (.7 - .5) / (1 - .5) = .4."""
        first = [1] * 25 + [0] * 25
        second = [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15

        assert cohens_kappa(first, second) == pytest.approx(0.4)

    def test_with_weights_counts_a_step_less_than_three(self) -> None:
        """By hand: (1²/4) / ((2·1 + 4·9 + 2·4 + 2·9)/16) and (3²/4) / ((6·9 + 2·9)/16)."""
        first = [0, 3, 0, 3]

        assert cohens_kappa(first, [1, 3, 0, 3], is_weighted=True) == pytest.approx(1 - 0.25 / 4)
        assert cohens_kappa(first, [3, 3, 0, 3], is_weighted=True) == pytest.approx(1 - 2.25 / 4.5)

    @pytest.mark.parametrize("weights", [None, "quadratic"])
    def test_is_what_scikit_learn_says(self, weights: str | None) -> None:
        """On grades of 0 to 3 that run through all pairs unevenly."""
        first = [(n * n) % 4 for n in range(60)] + [n % 3 for n in range(40)]
        second = [(n * n + n // 7) % 4 for n in range(60)] + [n % 4 for n in range(40)]

        found = cohens_kappa(first, second, is_weighted=weights is not None)

        assert found == pytest.approx(cohen_kappa_score(first, second, weights=weights))

    def test_of_judges_who_say_one_thing_throughout_is_unknown(self) -> None:
        """Chance would say the same: they agree, but nothing follows."""
        assert cohens_kappa([2, 2], [2, 2]) is None
        assert cohens_kappa([2, 2], [2, 1]) == 0

    def test_of_nothing_is_refused(self) -> None:
        """Nor of lists that do not belong together."""
        for first, second in (([], []), ([1], [1, 2])):
            with pytest.raises(ConfigError, match="one or more grades of the same things"):
                cohens_kappa(first, second)

    def test_is_of_one_judge_against_one(self) -> None:
        """A file of two judges, compared with itself, would agree wherever the last one judged."""
        both = [judgement("kb:1", 2), judgement("kb:1", 0, by="bert")]

        with pytest.raises(ConfigError, match="2 judges are given as one, such as 'anna' and 'b"):
            compare_judges(both, both)

    def test_is_of_what_both_have_graded(self) -> None:
        """By hand: kb:1 and kb:2 by both; kb:3 was skipped by one, kb:4 seen by one."""
        anna = [judgement("kb:1", 2), judgement("kb:2", 0), judgement("kb:3", None)]
        bert = [judgement(f"kb:{n}", 2 if n < 2 else 1, by="bert") for n in range(1, 5)]

        found = compare_judges(anna, bert)

        assert (found.n_both, found.n_equal) == (2, 1)
        assert found.kappa == pytest.approx(1 - (1 / 2) / (3 / 4))

    def test_needs_something_that_both_have_graded(self) -> None:
        """Two files of different questions."""
        other = [judgement("kb:1", 1, question=FAX)]

        with pytest.raises(ConfigError, match="has graded 1 documents, the second 1, and none"):
            compare_judges([judgement("kb:1", 1)], other)


def test_the_time_of_a_judgement_is_when_it_was_made(path: Path) -> None:
    """Two judgements of one sitting have their own times."""
    times = iter([NOON, NOON + timedelta(minutes=1)])
    judge = Judging(path, (TAPE,), POOLED, by="anna", show=show, clock=lambda: next(times))

    judge.grade(1).grade(2)

    assert [one.at for one in judge.judgements()] == [NOON, NOON + timedelta(minutes=1)]
