"""Making an empty desk: whole or not at all."""

from __future__ import annotations

from pathlib import Path

from kbsearch import files
from kbsearch.config import Settings, settings_to_toml
from kbsearch.errors import DeskExistsError
from kbsearch.layout import DeskLayout, desk_draft
from kbsearch.models import Audience
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


def _write(layout: DeskLayout, settings: Settings) -> None:
    files.make_directory(layout.root)
    for audience in Audience:
        shelf = layout.shelf(audience)
        files.make_directory(shelf.root)
        create_records(shelf.records, audience.value)
        files.sync_directory(shelf.root)
    files.write_durably(layout.settings, settings_to_toml(settings).encode())
    files.sync_directory(layout.root)
