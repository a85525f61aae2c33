"""Running the command line in tests, on desks that need no model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from kbsearch import Article, Ticket
from kbsearch.cli.app import app

_RUNNER = CliRunner()
_ENVIRONMENT = {
    "COLUMNS": "120",
    "KBSEARCH_DESK": None,
    "NO_COLOR": None,
    "FORCE_COLOR": None,
    "TTY_COMPATIBLE": None,
    "TERM": "dumb",
}


def run(
    *arguments: object, stdin: bytes | None = None, environment: Mapping[str, str] | None = None
) -> Result:
    """The command's result; a bug in it is raised, not turned into exit code 1."""
    return _RUNNER.invoke(
        app,
        [str(argument) for argument in arguments],
        input=stdin,
        env={**_ENVIRONMENT, **(environment or {})},
        prog_name="kbsearch",
        catch_exceptions=False,
    )


def run_json(*arguments: object, stdin: bytes | None = None) -> Any:
    """What the command answers with --json; fails if stdout holds anything else."""
    return json.loads(run(*arguments, "--json", stdin=stdin).stdout)


def lines_of(*documents: Article | Ticket) -> bytes:
    """Documents as JSON lines."""
    return b"".join(document.model_dump_json().encode() + b"\n" for document in documents)


def make_desk(path: Path, *documents: Article | Ticket) -> Path:
    """A desk with the hashing embedder that holds these documents."""
    assert run("init", path, "--embedder", "hashing").exit_code == 0
    if documents:
        assert run("add", "-", "--into", path, stdin=lines_of(*documents)).exit_code == 0
    return path
