"""Disks in the place of `kbsearch.files.disk`: one that writes down its steps, one that fails."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from kbsearch.files import Disk


class Step(NamedTuple):
    """One step as it was done: `content` of a write, `target` of a rename."""

    name: str
    path: Path
    content: bytes = b""
    target: Path = Path()

    def __str__(self) -> str:
        return f"{self.name} {self.path.name}"


class RecordingDisk(Disk):
    """Does all that is asked and writes it down, reads left out: they change nothing."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._paths: dict[int, Path] = {}

    def note_foreign_file(self, path: Path) -> None:
        """A file that SQLite made: written and synced by itself, named in its directory."""
        self.steps += [
            Step("create", path),
            Step("write", path, content=path.read_bytes()),
            Step("sync", path),
        ]

    def make_directory(self, path: Path) -> None:
        super().make_directory(path)
        self.steps.append(Step("make_directory", path))

    def make_parent(self, path: Path) -> None:
        super().make_parent(path)
        self.steps.append(Step("make_directory", path))

    def create(self, path: Path) -> int:
        descriptor = super().create(path)
        self._paths[descriptor] = path
        self.steps.append(Step("create", path))
        return descriptor

    def write(self, descriptor: int, content: memoryview) -> int:
        n_written = super().write(descriptor, content)
        written = bytes(content[:n_written])
        self.steps.append(Step("write", self._paths[descriptor], content=written))
        return n_written

    def sync(self, descriptor: int) -> None:
        self.steps.append(Step("sync", self._paths[descriptor]))

    def rename(self, source: Path, target: Path) -> None:
        super().rename(source, target)
        self.steps.append(Step("rename", source, target=target))

    def exchange(self, first: Path, second: Path) -> None:
        super().exchange(first, second)
        self.steps.append(Step("exchange", first, target=second))

    def sync_directory(self, path: Path) -> None:
        self.steps.append(Step("sync_directory", path))

    def remove_file(self, path: Path) -> None:
        super().remove_file(path)
        self.steps.append(Step("remove", path))

    def remove_directory(self, path: Path) -> None:
        super().remove_directory(path)
        self.steps.append(Step("remove", path))


class WatchedDisk(Disk):
    """Calls `before_step` before each step; a subclass makes it fail or die there."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def before_step(self, name: str, path: Path | None) -> None:
        """Note the step; `path` is None where only a descriptor is known."""
        self.names.append(f"{name} {path.name}" if path else name)

    def make_directory(self, path: Path) -> None:
        self.before_step("make_directory", path)
        super().make_directory(path)

    def make_parent(self, path: Path) -> None:
        self.before_step("make_parent", path)
        super().make_parent(path)

    def create(self, path: Path) -> int:
        self.before_step("create", path)
        return super().create(path)

    def write(self, descriptor: int, content: memoryview) -> int:
        self.before_step("write", None)
        return super().write(descriptor, content)

    def sync(self, descriptor: int) -> None:
        self.before_step("sync", None)
        super().sync(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        self.before_step("rename", target)
        super().rename(source, target)

    def exchange(self, first: Path, second: Path) -> None:
        self.before_step("exchange", second)
        super().exchange(first, second)

    def sync_directory(self, path: Path) -> None:
        self.before_step("sync_directory", path)
        super().sync_directory(path)

    def remove_file(self, path: Path) -> None:
        self.before_step("remove_file", path)
        super().remove_file(path)

    def remove_directory(self, path: Path) -> None:
        self.before_step("remove_directory", path)
        super().remove_directory(path)

    def read(self, path: Path) -> bytes:
        self.before_step("read", path)
        return super().read(path)


class FailingDisk(WatchedDisk):
    """
    Fails at one step, or at it and all later ones.

    Args:
        fail_at: Number of the step, from 0.
        number: What the system says; None: writes from then on take half of what they are given.
        is_sticky: Whether later steps fail, too.
    """

    def __init__(self, *, fail_at: int, number: int | None, is_sticky: bool) -> None:
        super().__init__()
        self._fail_at, self._number, self._is_sticky = fail_at, number, is_sticky

    @property
    def has_failed(self) -> bool:
        """Whether its step was reached."""
        return len(self.names) > self._fail_at

    def before_step(self, name: str, path: Path | None) -> None:
        super().before_step(name, path)
        if self._number is not None and self._is_spoiled:
            raise OSError(self._number, os.strerror(self._number))

    def write(self, descriptor: int, content: memoryview) -> int:
        n_taken = len(content)
        if self._number is None and len(self.names) >= self._fail_at:
            n_taken = max(1, n_taken // 2)
        return super().write(descriptor, content[:n_taken])

    @property
    def _is_spoiled(self) -> bool:
        step = len(self.names) - 1
        return step == self._fail_at or (self._is_sticky and step > self._fail_at)
