"""
Servers load an application, answer with it, and fork: OpenMP's threads stay in the parent.

A spawned child and `asyncio.to_thread` are in `test_concurrency`, locks that
another thread holds in `test_search_states`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reliability import preload_server

_KINDS = ["hashing", pytest.param("minilm", marks=(pytest.mark.model, pytest.mark.nightly))]


def outcomes(path: Path, kind: str, hooks: str) -> dict[str, int]:
    """Of the workers of a server with two OpenMP threads."""
    printed = subprocess.run(
        [sys.executable, preload_server.__file__, str(path), kind, hooks],
        env=os.environ | {"OMP_NUM_THREADS": "2"},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    ).stdout
    found: dict[str, int] = json.loads(printed)
    return found


@pytest.mark.parametrize("kind", _KINDS)
def test_eight_forked_workers_answer_as_their_parent_did(tmp_path: Path, kind: str) -> None:
    """A hundred queries each, with the parent's searcher, model and index, within 30 seconds."""
    found = outcomes(tmp_path / "desk.kb", kind, "hooks")

    assert found == {"right": preload_server.N_WORKERS}


@pytest.mark.parametrize("kind", _KINDS)
def test_without_the_hooks_at_fork_the_workers_hang(tmp_path: Path, kind: str) -> None:
    """Control: they wait for threads that were not forked with them."""
    found = outcomes(tmp_path / "desk.kb", kind, "no-hooks")

    assert found == {"hung": preload_server.N_WORKERS}
