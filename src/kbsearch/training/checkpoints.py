"""What an interrupted training goes on from: numbers alone, in one file, whole or not there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kbsearch import files
from kbsearch.training.pairs import Pair
from kbsearch.training.recipe import Recipe

if TYPE_CHECKING:
    from torch import Tensor

_FILE, _DRAFT = "state.safetensors", "state.new"


class Progressed(NamedTuple):
    """
    How far a training has come.

    Attributes:
        n_batches: That were read, of all its runs.
        parameters: Of the model, as they were then, those that learn.
        momenta: Two of each parameter, as AdamW keeps them.
    """

    n_batches: int
    parameters: list[Tensor]
    momenta: list[tuple[Tensor, Tensor]]


def training_key(base: str, recipe: Recipe, pairs: Sequence[Pair]) -> str:
    """What a checkpoint belongs to: other texts, or another model, begin anew."""
    digest = hashlib.sha256(f"{base}\n{recipe.model_dump_json()}".encode())
    for pair in pairs:
        digest.update(json.dumps(pair, ensure_ascii=True).encode("ascii"))
    return digest.hexdigest()


def make_room(directory: Path) -> None:
    """The directory of states, which only its owner may enter."""
    files.make_parents(directory)
    if not directory.is_dir():
        files.make_directory(directory)


def save_checkpoint(directory: Path, key: str, state: Progressed) -> None:
    """
    Keep a state in the place of the one before, durably and in one step.

    Raises:
        StoreUnavailableError: If it cannot be written.
    """
    from safetensors.torch import save

    tensors = {f"parameter.{n}": each for n, each in enumerate(state.parameters)}
    for n, (first, second) in enumerate(state.momenta):
        tensors[f"first.{n}"], tensors[f"second.{n}"] = first, second
    tensors = {name: tensor.detach().contiguous().clone() for name, tensor in tensors.items()}
    notes = {"key": key, "n_batches": str(state.n_batches)}
    content = save(tensors, metadata={**notes, "sha256": _digest(notes, tensors)})
    make_room(directory)
    files.write_durably(directory / _DRAFT, content)
    files.replace(directory / _DRAFT, directory / _FILE)
    files.sync_directory(directory)


def load_checkpoint(directory: Path, key: str) -> Progressed | None:
    """The state that was kept under this key; None if there is none, or not as it was kept."""
    from safetensors import SafetensorError, safe_open

    path = directory / _FILE
    if not path.is_file():
        return None
    try:
        with safe_open(str(path), framework="pt") as opened:
            notes: dict[str, Any] = opened.metadata() or {}
            if notes.get("key") != key:
                return None
            tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
        if notes.pop("sha256", None) != _digest(notes, tensors):
            return None
        n = sum(1 for name in tensors if name.startswith("parameter."))
        return Progressed(
            n_batches=int(notes["n_batches"]),
            parameters=[tensors[f"parameter.{i}"] for i in range(n)],
            momenta=[
                (tensors[f"first.{i}"], tensors[f"second.{i}"])
                for i in range(n if "first.0" in tensors else 0)
            ],
        )
    except (SafetensorError, OSError, ValueError, KeyError):
        return None  # damaged: training begins anew, and says so by the batches it read


def _digest(notes: Mapping[str, str], tensors: Mapping[str, Tensor]) -> str:
    """Over every number: one that a bad disk changed would be learnt from."""
    import torch

    digest = hashlib.sha256(json.dumps(notes, sort_keys=True).encode())
    for name in sorted(tensors):
        tensor = tensors[name]
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.contiguous().reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


def drop_checkpoint(directory: Path) -> None:
    """Keep nothing of a training."""
    files.remove_tree(directory)
