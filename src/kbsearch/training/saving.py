"""An adapted model as a directory: safetensors, the settings of its base, and what made it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kbsearch import files
from kbsearch.embed import CARD_FILE, TrainingCard
from kbsearch.embed.loading import no_loading_bar
from kbsearch.embed.model_files import hash_model
from kbsearch.errors import EmbedderNotFoundError, StoreError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_LIBRARYS = "as-saved"
_README = "README.md"


def write_model(model: SentenceTransformer, card: TrainingCard, draft: Path) -> None:
    """
    Write a model, durably, where it has no name yet.

    Args:
        model: With its final weights.
        card: What is to be known of its making.
        draft: A directory that is not there, or of a run that was interrupted.

    Raises:
        StoreUnavailableError: If it cannot be written.
    """
    files.remove_tree(draft)
    files.make_parents(draft)
    files.make_directory(draft)
    librarys = draft / _LIBRARYS
    with files.reporting(librarys), no_loading_bar():
        model.save_pretrained(str(librarys), create_model_card=False, safe_serialization=True)
    for source in sorted(files.files_below(librarys)):
        target = draft / source.relative_to(librarys)
        _make_directories(target.parent)
        files.write_durably(target, files.read_bytes(source))
    files.remove_tree(librarys)
    files.write_durably(draft / CARD_FILE, (card.model_dump_json(indent=2) + "\n").encode())
    _sync(draft)


def name_model(draft: Path, models: Path, base: str, readme: str) -> Path:
    """
    Give a model that was written its name: its base's, and the beginning of its hash.

    Args:
        draft: Where it was written.
        models: Where models of the desk stand.
        base: Name of the base.
        readme: For people; no part of the hash.
    """
    digest = hash_model(draft)
    target = models / f"{base}-{digest[:8]}"
    if _is_model(target, digest):
        return target  # which the desk may be using
    files.write_durably(draft / _README, readme.encode())
    files.sync_directory(draft)
    files.remove_tree(target)  # what is left of it is damaged
    files.replace(draft, target)
    files.sync_directory(models)
    return target


def _is_model(directory: Path, digest: str) -> bool:
    try:
        return directory.is_dir() and hash_model(directory) == digest
    except (EmbedderNotFoundError, StoreError):
        return False


def _make_directories(path: Path) -> None:
    if not path.is_dir():
        _make_directories(path.parent)
        files.make_directory(path)


def _sync(directory: Path) -> None:
    for path in sorted(directory.rglob("*")):
        if path.is_dir():
            files.sync_directory(path)
    files.sync_directory(directory)
