"""The only place that builds paths: where everything of a desk lies on disk."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from kbsearch.models.base import Audience

SETTINGS_FILE = "kbsearch.toml"
MODELS_DIRECTORY = "models"
BUNDLE_FILE = "BUNDLE"
GLOSSARY_FILE = "glossary.toml"
SYNONYMS_FILE = "synonyms.toml"
GOLDEN_FILE = "golden.toml"
_OF_AUDIENCES = frozenset({SYNONYMS_FILE, GOLDEN_FILE})
_SNAPSHOT_NAME = re.compile(r"snapshot-([0-9]{10})")
_OWN_DIRECTORY = re.compile(r"snapshot-[0-9]{10}|building-.*")
_OWN_FILES = frozenset(
    {
        *("records.sqlite", "records.sqlite-journal", "LOCK", "CURRENT", "CURRENT.new"),
        *("REBUILD", "FORGETTING", "FORGETTING.new"),
    }
)


@dataclass(frozen=True)
class ShelfLayout:
    """Paths inside the directory of one shelf."""

    root: Path

    @property
    def records(self) -> Path:
        """The database of documents, passages and vectors: the truth."""
        return self.root / "records.sqlite"

    @property
    def lock(self) -> Path:
        """Held by the shelf's one writer."""
        return self.root / "LOCK"

    @property
    def current(self) -> Path:
        """Names the live snapshot."""
        return self.root / "CURRENT"

    @property
    def current_draft(self) -> Path:
        """What becomes CURRENT in one rename."""
        return self.root / "CURRENT.new"

    @property
    def forgetting(self) -> Path:
        """What is being forgotten; stands here until nothing of it is left."""
        return self.root / "FORGETTING"

    @property
    def forgetting_draft(self) -> Path:
        """What becomes FORGETTING in one rename."""
        return self.root / "FORGETTING.new"

    @property
    def synonyms(self) -> Path:
        """Other words for what is searched for: written by hand, for those who read this shelf."""
        return self.root / SYNONYMS_FILE

    @property
    def golden(self) -> Path:
        """Questions whose documents a gated rebuild must still find: written by hand."""
        return self.root / GOLDEN_FILE

    def snapshot(self, number: int) -> Path:
        """The directory of a published snapshot."""
        return self.root / f"snapshot-{number:010d}"

    def snapshot_draft(self, number: int) -> Path:
        """Where a snapshot is written before it gets its name; no reader looks there."""
        return self.root / f"building-{number:010d}"

    def snapshots(self) -> list[int]:
        """Numbers of the snapshot directories that stand here, ascending."""
        if not self.root.is_dir():
            return []
        found = (_SNAPSHOT_NAME.fullmatch(entry.name) for entry in self.root.iterdir())
        return sorted(int(match[1]) for match in found if match)

    def entries(self, number: int) -> list[Path]:
        """What stands in the directory of a snapshot; nothing once that is removed."""
        try:
            return sorted(self.snapshot(number).iterdir())
        except FileNotFoundError:
            return []

    def drafts(self) -> list[Path]:
        """Snapshots that were begun and never published."""
        return sorted(self.root.glob("building-*"))

    def strangers(self) -> list[Path]:
        """What stands in the directory and is no part of a shelf."""
        if not self.root.is_dir():
            return []
        return sorted(
            entry
            for entry in self.root.iterdir()
            if not (entry.name in _OWN_FILES or _OWN_DIRECTORY.fullmatch(entry.name))
            if not (entry.name == GLOSSARY_FILE and self.root.name == Audience.INTERNAL.value)
            if not (entry.name in _OF_AUDIENCES and self.root.name in tuple(Audience))
        )


@dataclass(frozen=True)
class DraftLayout(ShelfLayout):
    """A shelf as if the snapshot that is written there had been published."""

    def snapshot(self, number: int) -> Path:
        """Where it is written: no reader of the shelf looks there."""
        return self.snapshot_draft(number)


@dataclass(frozen=True)
class DeskLayout:
    """Paths of a whole desk."""

    root: Path

    @property
    def rebuild_lock(self) -> Path:
        """Held by whoever rebuilds the desk, beside the locks of its commits."""
        return self.root / Audience.INTERNAL.value / "REBUILD"

    @property
    def groups(self) -> Path:
        """Lists the groups of staff that have a shelf, a line each."""
        return self.root / "GROUPS"

    @property
    def groups_draft(self) -> Path:
        """What becomes GROUPS in one rename."""
        return self.root / "GROUPS.new"

    @property
    def settings(self) -> Path:
        """The desk's settings."""
        return self.root / SETTINGS_FILE

    @property
    def settings_draft(self) -> Path:
        """What becomes the settings in one rename."""
        return self.root / f"{SETTINGS_FILE}.new"

    @property
    def settings_lock(self) -> Path:
        """Held by whoever changes the settings."""
        return self.root / f".{SETTINGS_FILE}.LOCK"

    @property
    def settings_before_tune(self) -> Path:
        """The settings as they were before they were last tuned."""
        return self.root / f"{SETTINGS_FILE}.before-tune"

    @property
    def bundle(self) -> Path:
        """Lists the files of a bundle; on a whole desk there is none."""
        return self.root / BUNDLE_FILE

    @property
    def glossary(self) -> Path:
        """Words that customers should not meet: written by hand, on the staff's shelf."""
        return self.root / Audience.INTERNAL.value / GLOSSARY_FILE

    @property
    def models(self) -> Path:
        """Embedding models that were adapted to this desk, a directory each."""
        return self.root / MODELS_DIRECTORY

    @property
    def model_draft(self) -> Path:
        """Where an adapted model is written before it gets its name."""
        return self.models / ".new"

    @property
    def unfinished_training(self) -> Path:
        """What an interrupted training goes on from."""
        return self.models / ".unfinished"

    @property
    def training_lock(self) -> Path:
        """Held by the desk's one training."""
        return self.models / ".LOCK"

    def adapted_models(self) -> list[Path]:
        """Adapted models that stand here, by name."""
        if not self.models.is_dir():
            return []
        return sorted(each for each in self.models.iterdir() if not each.name.startswith("."))

    @property
    def forgetting(self) -> Path:
        """What is being forgotten; stands on the staff's shelf until nothing of it is left."""
        return self.shelf(Audience.INTERNAL).forgetting

    @property
    def forgetting_draft(self) -> Path:
        """What becomes FORGETTING in one rename."""
        return self.shelf(Audience.INTERNAL).forgetting_draft

    def shelf(self, name: str) -> ShelfLayout:
        """The directory of a shelf: `external`, `internal`, `internal.hr`."""
        return ShelfLayout(self.root / name)

    def shelf_draft(self, name: str) -> Path:
        """Where a shelf is made before it gets its name."""
        return self.root / f".{name}.new"


def desk_draft(root: Path) -> Path:
    """Where a desk is made before it gets its name."""
    return root.with_name(f".{root.name}.new-{os.getpid()}")


MANIFEST_FILE = "manifest.json"
VECTORS_FILE = "vectors.faiss"
PASSAGES_FILE = "passages.npy"
WHITENING_FILE = "whitening.npy"
LENGTHS_FILE = "lengths.npy"
DOCUMENTS_FILE = "documents.npy"
EXACT_FILE = "exact.npy"
LEXICAL_PREFIX = "lexical-"
TITLES_PREFIX = "titles-"
VOCABULARY_PREFIX = "vocabulary-"
CALIBRATION_FILE = "calibration.json"
FOREIGN_FILE = "foreign.npy"
"""Vectors of the questions that a calibration was made with, for the next one."""


def demo_desk() -> Path:
    """The demo desk's documents: beside this package when installed, else in the checkout."""
    package = Path(__file__).parent
    installed = package / "demo_desk"
    return installed if installed.is_dir() else package.parents[1] / "examples" / "demo_desk"
