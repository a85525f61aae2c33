"""Measures of rankings, against values worked by hand."""

from __future__ import annotations

import sys
from math import log2

import pytest

from kbsearch.errors import ConfigError, MissingExtraError
from kbsearch.evaluation import DEFAULT_MEASURES, Measured, compare, measure

QRELS = {"q": {"good": 2, "fair": 1, "bad": 0}}


def ranked(*documents: str) -> dict[str, dict[str, float]]:
    return {"q": {one: float(-rank) for rank, one in enumerate(documents)}}


def measured(**values: float) -> Measured:
    return Measured(names=("AP",), by_question={name: {"AP": v} for name, v in values.items()})


class TestByHand:
    """One question: good has grade 2, fair grade 1, bad 0; nobody judged other."""

    def test_ndcg_is_the_gain_by_rank_over_the_best_possible(self) -> None:
        """By hand: fair 1/log2(2), good 2/log2(4) = 2; best 2/log2(2) + 1/log2(3)."""
        found = measure(QRELS, ranked("fair", "bad", "good"), ["nDCG@10"])

        assert found.mean("nDCG@10") == pytest.approx((1 + 2 / 2) / (2 + 1 / log2(3)))

    def test_ndcg_counts_down_to_its_depth(self) -> None:
        """By hand: within 2 ranks only fair is found; the best two are 2 and 1/log2(3)."""
        found = measure(QRELS, ranked("fair", "bad", "good"), ["nDCG@2"])

        assert found.mean("nDCG@2") == pytest.approx(1 / (2 + 1 / log2(3)))

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("R@2", 1 / 2),  # good of good and fair
            ("R@3", 1.0),
            ("P@2", 1 / 2),
            ("Success@1", 0.0),
            ("Success@2", 1.0),
            ("RR", 1 / 2),
            ("RR@1", 0.0),
            ("AP", (1 / 2 + 2 / 3) / 2),
            ("R(rel=2)@2", 1.0),
            ("Judged@3", 2 / 3),  # nobody judged other
        ],
    )
    def test_other_measures(self, name: str, value: float) -> None:
        """The ranking is other, good, fair."""
        assert measure(QRELS, ranked("other", "good", "fair"), [name]).mean(name) == pytest.approx(
            value
        )

    def test_the_best_ranking_has_one_and_the_wrong_one_less(self) -> None:
        """Control: a measure that cannot tell them apart measures nothing."""
        best, wrong = ranked("good", "fair", "bad"), ranked("bad", "fair", "good")

        for name in ("nDCG@10", "AP", "RR", "Success@1"):
            assert measure(QRELS, best, [name]).mean(name) == pytest.approx(1)
            assert measure(QRELS, wrong, [name]).mean(name) < 0.9


class TestQuestions:
    """Which of them count, and that it is told."""

    def test_that_the_run_lacks_count_zero(self) -> None:
        """A search that fails on half of the questions must not look as good as the other half."""
        qrels = QRELS | {"lost": {"good": 1}, "empty": {"good": 1}}

        found = measure(qrels, ranked("good", "fair") | {"empty": {}})

        assert found.by_question["lost"] == dict.fromkeys(DEFAULT_MEASURES, 0.0)
        assert found.by_question["empty"] == dict.fromkeys(DEFAULT_MEASURES, 0.0)
        assert found.mean("Success@1") == pytest.approx(1 / 3)
        assert found.n_lacking == 2

    def test_without_a_relevant_document_are_left_out_and_counted(self) -> None:
        """No ranking could do better than zero there."""
        qrels = QRELS | {"nothing": {"bad": 0}, "spam": {"bad": -2}, "none": {}}

        found = measure(qrels, ranked("good", "fair"))

        assert list(found.by_question) == ["q"]
        assert found.n_without_relevant == 3
        assert found.n_lacking == 0

    def test_that_nobody_judged_are_not_used(self) -> None:
        """Nothing is known of them; their scores are not even looked at."""
        run = ranked("good", "fair") | {"other": {"bad": float("nan")}}

        assert list(measure(QRELS, run).by_question) == ["q"]

    def test_are_measured_in_the_order_of_the_labels(self) -> None:
        """The same labels always give the same bytes."""
        qrels = {name: {"a": 1} for name in ("z", "b", "y", "a")}

        found = measure(qrels, {name: {"a": 1.0} for name in qrels})

        assert list(found.by_question) == ["z", "b", "y", "a"]

    def test_can_be_looked_at_in_part(self) -> None:
        """By product, by language; of none there is no mean."""
        found = measured(a=1.0, b=0.0, c=0.5)

        assert found.of(["a", "c", "never"]).mean("AP") == pytest.approx(0.75)
        with pytest.raises(ConfigError, match="None of these questions"):
            found.of(["never"])


class TestNames:
    """One measure may have several names."""

    @pytest.mark.parametrize("names", [("RR", "RR(rel=1)"), ("AP(rel=1)", "AP"), ("P@2", "P@2")])
    def test_of_one_measure_have_one_value(self, names: tuple[str, str]) -> None:
        """ir-measures takes them for one and tells it once: the other would be zero in silence."""
        found = measure(QRELS, ranked("good", "fair"), names)

        assert [found.mean(name) for name in names] == [1.0, 1.0]


class TestTies:
    """Equal scores are in no order but that of the ids."""

    def test_are_taken_by_id_and_counted(self) -> None:
        """trec_eval takes them the other way round; by hand: fair at 1, good at 2."""
        run = {"q": {"good": 1.0, "fair": 1.0}}

        found = measure(QRELS, run, ["nDCG@10"])

        assert found.n_tied == 1
        assert found.mean("nDCG@10") == pytest.approx((1 + 2 / log2(3)) / (2 + 1 / log2(3)))

    def test_are_none_where_64_bits_tell_scores_apart(self) -> None:
        """trec_eval has 32: there good would be as far up as fair."""
        run = {"q": {"fair": 1.0, "good": 1.0 + 1e-12}}

        found = measure(QRELS, run, ["nDCG@10"])

        assert found.n_tied == 0
        assert found.mean("nDCG@10") == pytest.approx(1.0)


class TestWrongUse:
    """Nothing is measured by halves."""

    @pytest.mark.parametrize("name", ["ndcg@10", "nDCG@0", "R", "P", "F1", "", "nDCG(rel=2)@5"])
    def test_unknown_names_are_refused_with_those_that_are_valid(self, name: str) -> None:
        """Names are ir-measures', to the letter."""
        with pytest.raises(ConfigError, match=r"no measure .* Valid are, such as nDCG@10"):
            measure(QRELS, ranked("good"), [name])

    def test_a_single_string_is_no_list_of_names(self) -> None:
        """A string would be taken letter by letter."""
        with pytest.raises(ConfigError, match="Give a list"):
            measure(QRELS, ranked("good"), "AP")
        with pytest.raises(ConfigError, match="no measure 10"):
            measure(QRELS, ranked("good"), [10])  # type: ignore[list-item]

    def test_labels_of_which_none_is_relevant_are_refused(self) -> None:
        """The mean of nothing is no number, and a gate that compares it lets all pass."""
        with pytest.raises(ConfigError, match="None of the 1 judged questions"):
            measure({"q": {"bad": 0}}, ranked("bad"))
        with pytest.raises(ConfigError, match="None of the 0 judged questions"):
            measure({}, {})

    def test_scores_that_are_no_numbers_are_refused(self) -> None:
        """They have no place in an order."""
        with pytest.raises(ConfigError, match="is nan"):
            measure(QRELS, {"q": {"good": float("nan")}})

    def test_what_was_not_measured_cannot_be_asked(self) -> None:
        """Nor is another measure taken for it."""
        with pytest.raises(ConfigError, match="'P@5' was not measured, only AP"):
            measured(a=1.0).mean("P@5")

    def test_the_package_is_asked_for_by_the_name_of_its_extra(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """kbsearch works without it."""
        monkeypatch.setitem(sys.modules, "ir_measures", None)

        with pytest.raises(MissingExtraError, match=r'pip install "kbsearch\[evaluation\]"'):
            measure(QRELS, ranked("good"))


class TestIntervals:
    """95 % bootstrap over questions."""

    def test_are_as_wide_as_the_normal_approximation_says(self) -> None:
        """By hand: 200 of 400 questions, so 0.5 ± 1.96 · 0.5 / 20 = 0.451 to 0.549."""
        found = measured(**{f"q{i}": float(i % 2) for i in range(400)}).interval("AP")

        assert found.mean == 0.5
        assert found.low == pytest.approx(0.451, abs=0.006)
        assert found.high == pytest.approx(0.549, abs=0.006)

    def test_are_the_same_on_every_call(self) -> None:
        """A report that changes when it is read again is none."""
        values = measured(**{f"q{i}": i / 30 for i in range(30)})

        assert values.interval("AP") == values.interval("AP")

    def test_of_one_question_say_nothing(self) -> None:
        """It cannot be drawn otherwise; a width of zero would claim certainty."""
        found = measured(a=0.7).interval("AP")

        assert (found.mean, found.low, found.high) == (0.7, 0.0, 1.0)

    def test_of_equal_values_have_no_width(self) -> None:
        """As stated: the interval speaks of chance among questions alone."""
        found = measured(a=0.5, b=0.5, c=0.5).interval("AP")

        assert (found.low, found.high) == (0.5, 0.5)


class TestComparing:
    """Paired, question by question."""

    def test_of_few_questions_counts_every_way_to_swap_them(self) -> None:
        """By hand: gains 0.1, 0.2, 0.3; of 8 ways only all or none are as far: 2/8."""
        old = measured(a=0.1, b=0.2, c=0.3, d=0.5)

        found = compare(measured(a=0.2, b=0.4, c=0.6, d=0.5), old, "AP")

        assert found.mean == pytest.approx(0.15)
        assert (found.n_better, found.n_worse, found.n_questions) == (3, 0, 4)
        assert found.p_value == pytest.approx(2 / 8)

    def test_of_many_questions_draws_from_the_ways(self) -> None:
        """By hand: 60 gains and 40 losses of one size; P(|B(100, ½) - 50| ≥ 10) = 0.0569."""
        new = measured(**{f"q{i}": 0.6 if i < 60 else 0.4 for i in range(100)})
        old = measured(**{f"q{i}": 0.5 for i in range(100)})

        found = compare(new, old, "AP")

        assert found.p_value == pytest.approx(0.0569, abs=0.008)
        assert found.mean == pytest.approx(0.02)
        assert not found.is_better

    def test_is_paired(self) -> None:
        """A gain of 0.01 on each of 50 questions is sure, though they range over 0 to 0.98."""
        old = measured(**{f"q{i}": i / 50 for i in range(50)})
        new = measured(**{f"q{i}": i / 50 + 0.01 for i in range(50)})

        found = compare(new, old, "AP")

        assert found.low == pytest.approx(0.01)
        assert found.p_value < 0.001
        assert found.is_better
        assert new.interval("AP").low < old.interval("AP").high  # unpaired they overlap

    def test_of_equal_rankings_finds_nothing(self) -> None:
        """Control: noise in the last bit is no gain."""
        old = measured(a=0.3, b=0.7)

        found = compare(measured(a=0.1 + 0.2, b=0.7), old, "AP")

        assert (found.mean, found.n_better, found.n_worse, found.p_value) == (0.0, 0, 0, 1.0)
        assert not found.is_better

    def test_of_one_question_says_nothing(self) -> None:
        """However large the gain: 1 of 2 ways is no less than chance."""
        found = compare(measured(a=1.0), measured(a=0.0), "AP")

        assert (found.low, found.high, found.p_value) == (-1.0, 1.0, 1.0)
        assert not found.is_better

    def test_goes_by_question_and_not_by_order(self) -> None:
        """By hand: as long as each question meets itself, nothing has changed."""
        found = compare(measured(a=0.0, b=1.0), measured(b=1.0, a=0.0), "AP")

        assert found.n_better == found.n_worse == 0

    def test_of_other_questions_is_refused(self) -> None:
        """A question that one of the two lacks would be a gain or a loss of its own."""
        with pytest.raises(ConfigError, match=r"1 questions were measured in one .* such as 'b'"):
            compare(measured(a=0.0, b=1.0), measured(a=0.0), "AP")
