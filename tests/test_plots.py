"""What a notebook shows: bars that add up, and no picture of nothing."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

from kbsearch import KnowledgeBase, plots
from kbsearch.errors import ConfigError, MissingExtraError
from kbsearch.evaluation import measure
from kbsearch.models import Stage
from tests.library import INTERNAL, LIBRARY, index

QUERY = "vpn drops after sleep"


@pytest.fixture
def agg() -> Any:
    """matplotlib without a screen; figures are closed afterwards."""
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from matplotlib import pyplot

    yield pyplot
    pyplot.close("all")


def ends(axes: Any) -> list[float]:
    """Where each bar of the last stage ends."""
    return [bar.get_x() + bar.get_width() for bar in axes.containers[-1]]


def test_bars_add_up_to_the_scores(desk: KnowledgeBase, agg: Any) -> None:
    """The document's and, below it, the best hit's; one colour per stage."""
    index(desk, LIBRARY, "both")
    told = desk.searcher(INTERNAL).explain(QUERY, "kb:dns")
    assert told.best is not None

    axes = plots.explain(told)

    assert ends(axes) == pytest.approx([told.score, told.best.score], abs=1e-6)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["kb:dns", "best: kb:vpn"]
    assert axes.get_legend_handles_labels()[1] == [one.replace("_", " ") for one in Stage]


def test_the_best_hit_has_one_bar(desk: KnowledgeBase, agg: Any) -> None:
    """Beside itself there is nothing to compare with; it draws where it is told to."""
    index(desk, LIBRARY, "both")
    told = desk.searcher(INTERNAL).explain(QUERY, "kb:vpn")
    _, given = agg.subplots()

    axes = plots.explain(told, ax=given)

    assert axes is given
    assert ends(axes) == pytest.approx([told.score], abs=1e-6)


def test_an_id_is_no_formula(desk: KnowledgeBase, agg: Any) -> None:
    """matplotlib reads what stands between two dollar signs as mathematics."""
    index(desk, LIBRARY, "both")
    told = desk.searcher(INTERNAL).explain(QUERY, "kb:vpn").model_copy(update={"id": r"kb:$\x$"})

    axes = plots.explain(told)
    axes.figure.canvas.draw()

    assert axes.get_yticklabels()[0].get_text() == r"kb:\$\x\$"


def test_without_matplotlib_it_is_named(
    desk: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the extra that brings it."""
    index(desk, LIBRARY, "both")
    told = desk.searcher(INTERNAL).explain(QUERY, "kb:vpn")
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    with pytest.raises(MissingExtraError, match=r"kbsearch\[plots\]"):
        plots.explain(told)


RUN = {"q1": {"a": 0.9, "b": 0.5}, "q2": {"c": 0.6}}
QRELS = {"q1": {"a": 1}, "q2": {"b": 1}}


class TestMeasures:
    """One row for each ranking, with its interval."""

    def test_each_ranking_has_a_row_from_the_top(self, agg: Any) -> None:
        """In the order in which they are given; the mean stands at the point."""
        measured = {"default": measure(QRELS, RUN), "tuned": measure(QRELS, {"q1": {"a": 1.0}})}

        axes: Any = plots.measures(measured, "Success@1")

        assert [one.get_text() for one in axes.get_yticklabels()] == ["default", "tuned"]
        assert [one.get_text() for one in axes.texts] == ["0.500", "0.500"]
        bottom, top = axes.get_ylim()
        assert bottom > top

    def test_no_ranking_is_an_error(self, agg: Any) -> None:
        """And no empty picture."""
        with pytest.raises(ConfigError, match="no ranking to draw"):
            plots.measures({})


class TestScores:
    """Two histograms."""

    def test_each_adds_up_to_one(self, agg: Any) -> None:
        """Few relevant documents stand beside many others."""
        axes: Any = plots.scores(QRELS, RUN)

        heights = [sum(bar.get_height() for bar in bars) for bars in axes.containers]
        assert heights == pytest.approx([1, 1])
        assert axes.get_legend_handles_labels()[1] == ["relevant (1)", "others (2)"]

    def test_scores_below_zero_are_drawn_too(self, agg: Any) -> None:
        """Cosines and rerankers have such; left out, a heap would have no height."""
        axes: Any = plots.scores(QRELS, {"q1": {"a": -0.5, "b": -2.0}})

        heights = [sum(bar.get_height() for bar in bars) for bars in axes.containers]
        assert heights == pytest.approx([1, 1])

    def test_nothing_judged_is_an_error(self, agg: Any) -> None:
        """And no empty picture."""
        with pytest.raises(ConfigError, match="nothing to draw"):
            plots.scores(QRELS, {})


def test_the_answered_curve_is_drawn_as_it_was_counted(agg: Any) -> None:
    """One of one right at half of the questions, one of two at all."""
    axes: Any = plots.answered(QRELS, RUN)
    (line,) = axes.get_lines()

    assert line.get_xdata().tolist() == [0.5, 1.0]
    assert line.get_ydata().tolist() == [1.0, 0.5]


class TestEmbeddingMap:
    """Points in colours of their groups."""

    def test_large_groups_have_colours_and_the_rest_is_grey(self, agg: Any) -> None:
        """Nine groups: the smallest has no colour of its own."""
        groups = [name for name in "abcdefgh" for _ in range(2)] + ["i$"]
        vectors = np.eye(len(groups), dtype=np.float32)

        axes: Any = plots.embedding_map(vectors, groups)

        labels = axes.get_legend_handles_labels()[1]
        assert labels == ["others", *(f"{name} (2)" for name in "abcdefgh")]
        assert sum(len(points.get_offsets()) for points in axes.collections) == len(groups)

    def test_every_vector_has_a_group(self, agg: Any) -> None:
        """Else colours would lie."""
        with pytest.raises(ConfigError, match="3 vectors have 2 groups"):
            plots.embedding_map(np.eye(3, dtype=np.float32), ["a", "b"])


class TestCounts:
    """Bars, the longest on top."""

    def test_the_most_frequent_comes_first(self, agg: Any) -> None:
        """Ties by name; what is unknown is a value too."""
        axes: Any = plots.counts(["b", "a", None, "b"], "product")

        assert [one.get_text() for one in axes.get_yticklabels()] == ["b", "a", "unknown"]
        assert [bar.get_width() for bar in axes.patches] == [2, 1, 1]

    def test_rare_values_share_a_bar(self, agg: Any) -> None:
        """Seventeen products: fifteen and the rest."""
        values = [f"p{n:02}" for n in range(17) for _ in range(2 if n < 15 else 1)]

        axes: Any = plots.counts(values, "product")

        assert axes.get_yticklabels()[-1].get_text() == "2 others"
        assert [bar.get_width() for bar in axes.patches] == [2] * 16

    def test_nothing_is_an_error(self, agg: Any) -> None:
        """And no empty picture."""
        with pytest.raises(ConfigError, match="no product to count"):
            plots.counts([], "product")
