"""Where the `kbsearch` command starts: it must answer well even without typer and rich."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from io import TextIOWrapper

from kbsearch.cli.exits import ExitCode
from kbsearch.errors import MissingExtraError

_NEEDED = frozenset({"typer", "rich"})


def main() -> None:
    """Run the command line; without its packages, say how to get them."""
    # The libraries of models draw bars of their own, terminal or not; ours is enough.
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without UTF-8 gets "?", no traceback
    try:
        app = import_module("kbsearch.cli.app").app
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in _NEEDED:
            raise
        sys.stderr.write(f"{MissingExtraError('The command line', package, 'cli')}\n")
        raise SystemExit(ExitCode.WRONG_USE) from None
    except KeyboardInterrupt:
        raise SystemExit(ExitCode.INTERRUPTED) from None
    app(prog_name="kbsearch")


if __name__ == "__main__":
    main()
