"""Where a command writes: its answer on stdout, everything else on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext

from rich.console import Console, RenderableType
from rich.text import Text

from kbsearch.cli.progress import Bars
from kbsearch.models import clean_characters


def printable(text: str) -> str:
    """
    Text that a terminal shows and does not obey.

    Escape sequences lose their ESC, controls and characters that hide or
    reorder text are dropped; newlines and tabs stay.
    """
    return clean_characters(text)


def one_line(text: str) -> str:
    """The same in one line, for a cell or an error."""
    return " ".join(printable(text).split())


class Screen:
    """
    The two streams of a command.

    Colours, bars and spinners are drawn on terminals only; NO_COLOR is obeyed.
    Nothing that is printed is read as markup.

    Args:
        as_json: Answer with one JSON object instead of tables.
    """

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self.out = Console(markup=False, highlight=False, emoji=False)
        self.err = Console(stderr=True, markup=False, highlight=False, emoji=False)

    def answer(self, fields: Mapping[str, object], *views: RenderableType) -> None:
        """Write the answer once: as JSON (ASCII, so that any pipe takes it), or as views."""
        if self.as_json:
            sys.stdout.write(json.dumps(fields, indent=2) + "\n")
            return
        for view in views:
            self.out.print(view)

    def bars(self) -> Bars:
        """Progress bars of one piece of work, to be entered."""
        return Bars(self.err)

    def busy(self, what: str) -> AbstractContextManager[object]:
        """A spinner while something takes a moment."""
        return self.err.status(f"{what} …") if self.err.is_terminal else nullcontext()

    def complain(self, message: str) -> None:
        """One red line on stderr, however long."""
        self.err.print(Text(one_line(message), style="red"), soft_wrap=True)

    def warn(self, message: str) -> None:
        """One yellow line on stderr."""
        self.err.print(Text(one_line(message), style="yellow"), soft_wrap=True)
