"""Where texts stand to each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kbsearch.arrays import Float32
from kbsearch.errors import ConfigError
from kbsearch.evaluation import plane
from kbsearch.plots.canvas import axes_or_new, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_N_COLOURS = 8


def embedding_map(vectors: Float32, groups: Sequence[str], *, ax: Axes | None = None) -> Axes:
    """
    Draw vectors as points on the plane on which they differ most.

    What is near on the map may be far in truth: two of several hundred dimensions are
    shown. What is far on the map is far.

    Args:
        vectors: (n, dim).
        groups: What each belongs to, as its product, (n,); the eight largest get a
            colour, all others are grey.
        ax: Where to draw; left out, a new figure.

    Raises:
        ConfigError: If there is not one group for each of at least two vectors.
        MissingExtraError: If matplotlib is not installed.
    """
    if len(groups) != len(vectors):
        raise ConfigError(
            f"{len(vectors)} vectors have {len(groups)} groups. Give one group for each."
        )
    points = plane(vectors)
    ax = axes_or_new(ax, width=7, height=5)
    largest = [name for name, _ in Counter(groups).most_common(_N_COLOURS)]
    rest = [row for row, name in enumerate(groups) if name not in largest]
    if rest:
        ax.scatter(points[rest, 0], points[rest, 1], s=12, color="lightgray", label="others")
    for name in largest:
        rows = [row for row, own in enumerate(groups) if own == name]
        ax.scatter(
            points[rows, 0], points[rows, 1], s=12, alpha=0.8, label=f"{label(name)} ({len(rows)})"
        )
    ax.set_xticks([])
    ax.set_yticks([])
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize="small")
    return ax
