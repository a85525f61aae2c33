"""
What may stand on a disk after a power cut, at its worst.

A file that was not synced may be empty, cut off, zeros, torn by sectors or as it
was before. A change of names (create, rename, remove) in a directory that was not
synced since may be there or not, each for itself, whatever came before or after it.
A rename alone is all or nothing, which POSIX file systems promise. What was synced
stands. Lucene's MockDirectoryWrapper and SQLite's crash tests do the same.

SQLite's own files are SQLite's business, which it tests this way itself: they count
as synced once SQLite has made them, but for their names.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.crash.disks import Step

_SECTOR_BYTES = 512

Tree = dict[str, bytes | None]
"""Relative path to content; None for a directory."""


class _File:
    def __init__(self, content: bytes, *, is_synced: bool) -> None:
        self.content = content
        self.before = content if is_synced else b""
        self.is_synced = is_synced

    def after_a_cut(self, rng: random.Random) -> bytes:
        if self.is_synced:
            return self.content
        size = len(self.content)
        return rng.choice(
            (
                b"",
                self.before,
                self.content,
                bytes(size),
                self.content[: rng.randint(0, size)],
                _torn(self.content, rng),
            )
        )


class _Directory:
    def __init__(self) -> None:
        self.names: dict[str, _Node] = {}
        self.synced: dict[str, _Node] = {}
        self.changes: list[Mapping[str, _Node | None]] = []

    def change(self, names: Mapping[str, _Node | None]) -> None:
        self.changes.append(names)
        _apply(self.names, names)

    def sync(self) -> None:
        self.synced, self.changes = dict(self.names), []

    def after_a_cut(self, rng: random.Random) -> dict[str, _Node]:
        found = dict(self.synced)
        share = rng.choice((0.0, 0.5, 0.5, 1.0))
        for names in self.changes:
            if rng.random() < share:
                _apply(found, names)
        return found


_Node = _File | _Directory


def _apply(found: dict[str, _Node], names: Mapping[str, _Node | None]) -> None:
    for name, node in names.items():
        if node is None:
            found.pop(name, None)
        else:
            found[name] = node


def _torn(content: bytes, rng: random.Random) -> bytes:
    """Some sectors arrived and some did not."""
    pieces = []
    for start in range(0, len(content), _SECTOR_BYTES):
        sector = content[start : start + _SECTOR_BYTES]
        pieces.append(sector if rng.random() < 0.5 else bytes(len(sector)))
    return b"".join(pieces)


class SimulatedDisk:
    """
    A disk below `root`, as it stands after some steps.

    Args:
        root: Of all paths in the steps.
        before: What stood there, safely, before the first of them.
        steps: In the order in which they were done.
    """

    def __init__(self, root: Path, before: Tree, steps: Sequence[Step]) -> None:
        self._root, self._top = root, _Directory()
        for path, content in before.items():
            node = _Directory() if content is None else _File(content, is_synced=True)
            self._parent(root / path).change({Path(path).name: node})
        self._sync_all(self._top)
        for step in steps:
            self._do(step)

    def after_a_cut(self, rng: random.Random) -> Tree:
        """One of the trees that may be found when power is back."""
        tree: Tree = {}
        waiting: list[tuple[str, _Directory]] = [("", self._top)]
        for place, directory in waiting:
            for name, node in sorted(directory.after_a_cut(rng).items()):
                if isinstance(node, _Directory):
                    tree[place + name] = None
                    waiting.append((f"{place}{name}/", node))
                else:
                    tree[place + name] = node.after_a_cut(rng)
        return tree

    def _do(self, step: Step) -> None:
        parent, name = self._parent(step.path), step.path.name
        node = self._at(step.path) if step.name != "make_directory" else parent.names.get(name)
        if step.name == "make_directory" and node is None:
            parent.change({name: _Directory()})
        elif step.name == "create" and node is None:
            parent.change({name: _File(b"", is_synced=False)})
        elif step.name == "rename" and node is not None:
            parent.change({step.target.name: node, name: None})
        elif step.name == "remove":
            parent.change({name: None})
        elif isinstance(node, _File):
            _do_to_file(node, step)
        elif step.name == "sync_directory" and node is not None:
            node.sync()

    def _at(self, path: Path) -> _Node | None:
        if path == self._root:
            return self._top
        return self._parent(path).names.get(path.name)

    def _parent(self, path: Path) -> _Directory:
        directory = self._top
        for name in path.relative_to(self._root).parts[:-1]:
            below = directory.names[name]
            if not isinstance(below, _Directory):
                raise NotADirectoryError(str(path))
            directory = below
        return directory

    def _sync_all(self, directory: _Directory) -> None:
        directory.sync()
        for node in directory.names.values():
            if isinstance(node, _Directory):
                self._sync_all(node)


def _do_to_file(file: _File, step: Step) -> None:
    if step.name == "create":
        file.before, file.content, file.is_synced = file.content, b"", False
    elif step.name == "write":
        file.content += step.content
        file.is_synced = False
    elif step.name == "sync":
        file.before, file.is_synced = file.content, True


def tree_of(root: Path) -> Tree:
    """All that stands below a directory, parents first."""
    return {
        path.relative_to(root).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in sorted(root.rglob("*"))
    }


def write_tree(tree: Tree, root: Path) -> None:
    """Make the files of a tree below a new directory."""
    root.mkdir()
    for path, content in tree.items():
        if content is None:
            (root / path).mkdir()
        else:
            (root / path).write_bytes(content)
