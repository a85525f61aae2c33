"""
What a bundle is: a desk with the customers' shelf alone, whose files are listed with their hashes.

Nothing in it tells when, where or from which desk it was made.
"""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import ValidationError

from kbsearch import files
from kbsearch.config import SECTIONS_FOR_SERVING, Settings, settings_to_toml
from kbsearch.errors import StoreDamagedError
from kbsearch.layout import DeskLayout
from kbsearch.models.base import FrozenModel
from kbsearch.snapshots.manifest import FileEntry

BUNDLE_FORMAT = 1


class BundleManifest(FrozenModel):
    """
    The content of BUNDLE, which stands for all other files.

    Attributes:
        shelf: Name of the one shelf in it.
        kbsearch: Version that wrote it.
        snapshot: Number of its one snapshot.
        n_documents: In it.
        n_passages: Of these.
        includes_pending: Whether articles that are not valid yet are in it.
        files: By path below the bundle.
    """

    format: int = BUNDLE_FORMAT
    shelf: str
    kbsearch: str
    snapshot: int
    n_documents: int
    n_passages: int
    includes_pending: bool
    files: dict[str, FileEntry]

    def to_bytes(self) -> bytes:
        """Canonical JSON: the same bundle gives the same bytes."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, indent=1).encode() + b"\n"


def read_bundle_manifest(layout: DeskLayout) -> BundleManifest:
    """
    What BUNDLE says.

    Raises:
        StoreDamagedError: If it cannot be read as such.
        StoreUnavailableError: If it is not there or may not be read.
    """
    try:
        return BundleManifest.model_validate_json(files.read_bytes(layout.bundle))
    except ValidationError:
        raise StoreDamagedError(layout.bundle, "it lists no bundle's files") from None


def entries_below(root: Path) -> dict[str, FileEntry]:
    """Size and hash of every file below a directory, by path; links are not followed."""
    return {
        str(path.relative_to(root)): FileEntry(
            size_bytes=path.stat().st_size, sha256=files.sha256_of_file(path)
        )
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def serving_settings(settings: Settings) -> bytes:
    """The kbsearch.toml of a bundle: what its searches depend on and nothing else."""
    return settings_to_toml(settings, SECTIONS_FOR_SERVING).encode()


def local_model(settings: Settings) -> str | None:
    """The model, if it is named by a path, which another host would have to have too."""
    model = settings.embedder.model
    is_path = Path(model).is_absolute() or model.startswith(".") or Path(model).exists()
    return model if is_path else None


def kbsearch_version() -> str:
    """Of this package as it is installed."""
    try:
        return version("kbsearch")
    except PackageNotFoundError:  # run from a checkout
        return "unknown"
