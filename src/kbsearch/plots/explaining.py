"""Why a document stands where it does, as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kbsearch.models import Explanation, Stage
from kbsearch.plots.canvas import axes_or_new, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def explain(explanation: Explanation, *, ax: Axes | None = None) -> Axes:
    """
    Draw the shares of a document's score as a stacked bar, the best hit's below it.

    What the prior takes away is hatched, at the end of what was given.

    Args:
        explanation: Of `Searcher.explain`.
        ax: Where to draw; left out, a new figure.

    Returns:
        The axes: one container of bars per stage, left to right in the order of the
        ranking.

    Raises:
        MissingExtraError: If matplotlib is not installed.
    """
    ax = axes_or_new(ax, width=8, height=2.2)
    best = explanation.best
    bars = [(explanation.id, {one.stage: one.share for one in explanation.stages})]
    if best is not None and best.id != explanation.id:
        bars.append((best.id, best.shares))
    labels = [
        label(f"{place}{name}")
        for name, place in zip((bar[0] for bar in bars), ("", "best: "), strict=False)
    ]
    lefts = [0.0] * len(bars)
    for stage in Stage:
        widths = [shares[stage] for _, shares in bars]
        ax.barh(labels, widths, left=lefts, label=stage.value.replace("_", " "), **_look(stage))
        lefts = [left + width for left, width in zip(lefts, widths, strict=True)]
    ax.invert_yaxis()
    ax.set_xlim(0, 1)
    ax.set_xlabel("score")
    ax.legend(ncols=len(Stage), loc="lower center", bbox_to_anchor=(0.5, 1.0), fontsize="x-small")
    return ax


def _look(stage: Stage) -> dict[str, Any]:
    """What is taken away is crossed out; everything else is filled."""
    if stage is not Stage.PRIOR:
        return {}
    return {"facecolor": "white", "edgecolor": "dimgray", "hatch": "////"}
