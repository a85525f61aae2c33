"""Where desks are made to be broken."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_IN_MEMORY = Path("/dev/shm")


@contextmanager
def memory_directory() -> Iterator[Path]:
    """
    A directory whose fsync costs nothing, where the system has one.

    No test of crashes relies on a real fsync: power cuts are simulated, and a
    kill leaves the page cache as it is.
    """
    parent = _IN_MEMORY if _IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=parent) as directory:
        yield Path(directory)
