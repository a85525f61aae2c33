"""
A writer that is killed at any moment leaves all it had acknowledged, and nothing broken.

300 kills with every change, 10,000 with `pytest -m nightly tests/crash/test_kills.py`;
see `tests.crash.kills` for what is done and what is looked at.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.source_rules import REPOSITORY


def outcome_of(n_kills: int, seed: int, disk: str) -> dict[str, Any]:
    """Of a program of its own, with one thread: it forks."""
    program = [sys.executable, "-m", "tests.crash.kills", str(n_kills), str(seed), disk]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    printed = subprocess.run(
        program,
        cwd=REPOSITORY,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=60 + 2 * n_kills,
    ).stdout
    outcome: dict[str, Any] = json.loads(printed)
    return outcome


def test_a_kill_at_any_moment_loses_nothing_that_was_acknowledged() -> None:
    """Upserts, deletions, rebuilds with their removal of old snapshots, and forgetting."""
    outcome = outcome_of(300, 20, "as-it-is")

    assert outcome["faults"] == []
    assert outcome["n_kills"] == 300
    assert outcome["n_acknowledged"] > 100  # how many there are depends on the machine
    assert {"upsert", "rebuild", "forget"} <= set(outcome["killed_in"])


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(1, 21))
def test_thousands_of_kills_lose_nothing_that_was_acknowledged(seed: int) -> None:
    """10,000 together, in twenty that fail apart."""
    outcome = outcome_of(500, seed, "as-it-is")

    assert outcome["faults"] == []


def test_writing_in_place_is_caught() -> None:
    """Control: files are written over instead of replaced; a kill leaves half of one."""
    outcome = outcome_of(40, 1, "in-place")

    assert any("CURRENT" in fault or "FORGETTING" in fault for fault in outcome["faults"])
