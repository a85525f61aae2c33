"""How much there is of what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kbsearch.errors import ConfigError
from kbsearch.plots.canvas import axes_or_new, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_SHOWN = 15


def counts(values: Iterable[str | None], name: str, *, ax: Axes | None = None) -> Axes:
    """
    Draw how often each value stands there, the most frequent on top.

    Args:
        values: One for each document; None for unknown. Of more than 15 different ones
            the rest is one bar.
        name: Of what is counted.
        ax: Where to draw; left out, a new figure.

    Raises:
        ConfigError: If there is none.
        MissingExtraError: If matplotlib is not installed.
    """
    counted = Counter("unknown" if value is None else value for value in values)
    if not counted:
        raise ConfigError(f"There is no {name} to count.")
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    shown, rest = ordered[:_MOST_SHOWN], ordered[_MOST_SHOWN:]
    if rest:
        shown.append((f"{len(rest)} others", sum(n for _, n in rest)))
    ax = axes_or_new(ax, width=7, height=0.8 + 0.28 * len(shown))
    bars = ax.barh([label(value) for value, _ in shown], [n for _, n in shown])
    ax.bar_label(bars, padding=3)
    ax.invert_yaxis()
    ax.margins(x=0.1)
    ax.set_xlabel(f"number by {name}")
    return ax
