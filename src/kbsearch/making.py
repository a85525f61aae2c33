"""Making an empty desk, or a shelf of one: whole or not at all."""

from __future__ import annotations

from pathlib import Path

from kbsearch import files
from kbsearch.config import Settings, settings_to_toml
from kbsearch.errors import DeskExistsError, GroupError, StoreDamagedError
from kbsearch.layout import DeskLayout, ShelfLayout, desk_draft
from kbsearch.models import Audience, group_shelf, parse_groups
from kbsearch.store import create as create_records


def make_desk(root: Path, settings: Settings) -> DeskLayout:
    """
    An empty desk, on disk when this returns, whatever interrupts it.

    Raises:
        DeskExistsError: If something stands there already.
        StoreUnavailableError: If it cannot be written.
    """
    with files.reporting(root):
        if root.exists() and (not root.is_dir() or any(root.iterdir())):
            raise DeskExistsError(root)
    draft = DeskLayout(desk_draft(root))
    files.make_parents(root)
    files.remove_tree(draft.root)  # of a process that had our number and was killed
    try:
        _write(draft, settings)
        files.replace(draft.root, root)
    finally:
        files.remove_tree(draft.root)
    files.sync_directory(root.parent)
    return DeskLayout(root)


def make_shelf(layout: DeskLayout, group: str) -> ShelfLayout:
    """
    An empty shelf of a group, whole or not at all, and listed; the caller holds the lock.

    Raises:
        StoreUnavailableError: If it cannot be written.
    """
    name, listed = group_shelf(group), groups_of(layout)
    shelf, draft = layout.shelf(name), ShelfLayout(layout.shelf_draft(name))
    if group in listed:
        return shelf  # if it is missing, that is damage, and nothing new takes its place
    if not shelf.root.exists():
        files.remove_tree(draft.root)  # of a process that was killed
        try:
            _write_shelf(draft, name)
            files.replace(draft.root, shelf.root)
        finally:
            files.remove_tree(draft.root)
        files.sync_directory(layout.root)
    files.write_durably(layout.groups_draft, "\n".join(sorted({*listed, group})).encode())
    files.replace(layout.groups_draft, layout.groups)
    files.sync_directory(layout.root)
    return shelf


def groups_of(layout: DeskLayout) -> tuple[str, ...]:
    """
    Groups that have a shelf on a desk, ascending.

    What the desk's list says, not what directories there are: a shelf that is missing
    is damage, and must not open what stood on it. The list is no shelf's, so that none
    changes when a group comes.

    Raises:
        StoreDamagedError: If the list is not what was written.
        StoreUnavailableError: If it may not be read.
    """
    with files.reporting(layout.groups):
        if not layout.groups.exists():
            return ()
        listed = files.read_bytes(layout.groups).decode("ascii", "replace").split("\n")
    try:
        return parse_groups(listed, Audience.INTERNAL)
    except GroupError:
        raise StoreDamagedError(layout.groups, "it is no list of groups") from None


def _write(layout: DeskLayout, settings: Settings) -> None:
    files.make_directory(layout.root)
    for audience in Audience:
        _write_shelf(layout.shelf(audience), audience.value)
    files.write_durably(layout.settings, settings_to_toml(settings).encode())
    files.sync_directory(layout.root)


def _write_shelf(shelf: ShelfLayout, name: str) -> None:
    files.make_directory(shelf.root)
    create_records(shelf.records, name)
    files.sync_directory(shelf.root)
