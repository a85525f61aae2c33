"""What a notebook shows: bars that add up."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from kbsearch import KnowledgeBase, plots
from kbsearch.errors import MissingExtraError
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
