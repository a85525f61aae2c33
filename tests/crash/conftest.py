"""Fixtures of the tests of crashes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.places import memory_directory


@pytest.fixture
def memory_path() -> Iterator[Path]:
    """A directory in memory, where there is one."""
    with memory_directory() as directory:
        yield directory
