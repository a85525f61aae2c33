"""How long work tells what it has done; the command line draws bars from it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """
    Called with the work's name, steps done and steps in all; may raise to stop it.

    Steps in all are 0 where nobody knows them yet.
    """

    def __call__(self, task: str, n_done: int, n_total: int) -> None:
        """`n_done` grows up to `n_total`; a task whose name comes again has begun anew."""
        ...


def silent(task: str, n_done: int, n_total: int) -> None:
    """Tell nobody."""
