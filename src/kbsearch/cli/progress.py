"""The library's progress as bars on stderr."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


class Bars:
    """
    Draws what a write tells of its progress; a terminal sees it, a file does not.

    Also remembers how far each task came, for who interrupts it.
    """

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(compact=True),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}
        self._waiting: TaskID | None = None
        self.reached: dict[str, tuple[int, int]] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        self._waiting = self._progress.add_task("load the model", total=None)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def __call__(self, task: str, n_done: int, n_total: int) -> None:
        """Fulfils `kbsearch.progress.Progress`."""
        if self._waiting is not None:
            self._progress.remove_task(self._waiting)
            self._waiting = None
        if n_total:
            self.reached[task] = (n_done, n_total)
        if task not in self._tasks:
            self._tasks[task] = self._progress.add_task(task, total=n_total or None)
        self._progress.update(self._tasks[task], completed=n_done)

    def kept(self) -> str:
        """What is durable of the work so far, in words."""
        done = [f"{n} of {n_total} ({task})" for task, (n, n_total) in self.reached.items() if n]
        return f"Kept so far: {', '.join(done) or 'nothing'}."
