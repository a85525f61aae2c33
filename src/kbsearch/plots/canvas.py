"""What all plots share: where they are drawn, and how names are written there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kbsearch.errors import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LABEL_CHARACTERS = 40


def axes_or_new(ax: Axes | None, *, width: float, height: float) -> Axes:
    """
    The given axes, or those of a new figure of so many inches.

    Raises:
        MissingExtraError: If matplotlib is not installed.
    """
    try:
        from matplotlib import pyplot
    except ImportError:
        raise MissingExtraError("Plotting", "matplotlib", "plots") from None
    if ax is None:
        _, ax = pyplot.subplots(figsize=(width, height), layout="constrained")
    return ax


def label(name: str) -> str:
    """A name is data: a dollar sign in it begins no formula, and a long one is cut."""
    shown = name
    if len(shown) > _LABEL_CHARACTERS:
        shown = f"{shown[: _LABEL_CHARACTERS - 1]}…"
    return shown.replace("$", r"\$")
