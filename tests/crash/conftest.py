"""Fixtures of the tests of crashes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_IN_MEMORY = Path("/dev/shm")


@pytest.fixture
def memory_path(tmp_path: Path) -> Iterator[Path]:
    """
    A directory whose fsync costs nothing, where the system has one.

    No test here relies on a real fsync: power cuts are simulated, and a kill
    leaves the page cache as it is.
    """
    if not _IN_MEMORY.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=_IN_MEMORY) as directory:
        yield Path(directory)
