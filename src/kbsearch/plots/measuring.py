"""How good rankings are, and how far their scores can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kbsearch.errors import ConfigError
from kbsearch.evaluation import (
    Interval,
    Measured,
    Qrels,
    Run,
    answered_curve,
    split_scores,
)
from kbsearch.plots.canvas import axes_or_new, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_N_BINS = 30


def measures(
    measured: Mapping[str, Measured], name: str = "nDCG@10", *, ax: Axes | None = None
) -> Axes:
    """
    Draw one measure of several rankings with its 95 % intervals, the first on top.

    Intervals of rankings on the same questions may overlap though one is better on most:
    `kbsearch.evaluation.compare` says whether it is.

    Args:
        measured: By what each ranking is called.
        name: Of the measure.
        ax: Where to draw; left out, a new figure.

    Raises:
        ConfigError: If there is no ranking, or one was not measured by it.
        MissingExtraError: If matplotlib is not installed.
    """
    return intervals(
        {called: each.interval(name) for called, each in measured.items()}, name, ax=ax
    )


def intervals(means: Mapping[str, Interval], name: str, *, ax: Axes | None = None) -> Axes:
    """
    Draw means with their 95 % intervals, the first on top.

    Args:
        means: By what each is called.
        name: Of what was measured.
        ax: Where to draw; left out, a new figure.

    Raises:
        ConfigError: If there is none.
        MissingExtraError: If matplotlib is not installed.
    """
    if not means:
        raise ConfigError("There is no ranking to draw. Give at least one that was measured.")
    ax = axes_or_new(ax, width=7, height=0.9 + 0.45 * len(means))
    for row, one in enumerate(means.values()):
        reach = [[one.mean - one.low], [one.high - one.mean]]
        ax.errorbar(one.mean, row, xerr=reach, fmt="o", capsize=4, color=f"C{row}")
        ax.annotate(
            f"{one.mean:.3f}", (one.mean, row), (0, 7), textcoords="offset points", ha="center"
        )
    ax.set_yticks(range(len(means)), [label(called) for called in means])
    ax.set_ylim(len(means) - 0.4, -0.7)
    ax.set_xlabel(f"{name} with 95 % interval")
    ax.grid(axis="x", alpha=0.3)
    return ax


def scores(qrels: Qrels, run: Run, *, ax: Axes | None = None) -> Axes:
    """
    Draw how scores of relevant documents and of all others are distributed, each to 100 %.

    Args:
        qrels: By question, the relevance of each judged document.
        run: By question, the score of each document that was found.
        ax: Where to draw; left out, a new figure.

    Raises:
        ConfigError: If nothing that was judged was found.
        MissingExtraError: If matplotlib is not installed.
    """
    split = split_scores(qrels, run)
    if not len(split.relevant) + len(split.others):
        raise ConfigError("No judged question has a hit: there is nothing to draw.")
    ax = axes_or_new(ax, width=7, height=3)
    lowest = min(0.0, *(float(part.min(initial=0.0)) for part in split))
    highest = max(1.0, *(float(part.max(initial=0.0)) for part in split))
    named = (("relevant", split.relevant), ("others", split.others))
    for called, values in named:
        if len(values):
            shares = [1 / len(values)] * len(values)
            ax.hist(
                values,
                bins=_N_BINS,
                range=(lowest, highest),
                weights=shares,
                alpha=0.6,
                label=f"{called} ({len(values)})",
            )
    ax.set_xlabel("score")
    ax.set_ylabel("share")
    ax.legend()
    return ax


def answered(qrels: Qrels, run: Run, *, ax: Axes | None = None) -> Axes:
    """
    Draw the precision of first hits against the share of questions that are answered.

    Left, only the surest are shown; right, all. A curve that falls from left to right
    has scores that know when they are wrong.

    Args:
        qrels: By question, the relevance of each judged document; questions for which
            nothing is relevant belong to them.
        run: By question, the score of each document that was found.
        ax: Where to draw; left out, a new figure.

    Raises:
        ConfigError: If no judged question has a hit.
        MissingExtraError: If matplotlib is not installed.
    """
    curve = answered_curve(qrels, run)
    ax = axes_or_new(ax, width=7, height=3)
    ax.step(curve.answered, curve.precision, where="post")
    ax.set_xlim(0, 1.02)
    ax.set_ylim(0, 1.05)
    ax.set_xlabel("share of questions that are answered")
    ax.set_ylabel("first hit is relevant")
    ax.grid(alpha=0.3)
    return ax
