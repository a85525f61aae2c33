"""Rerankers from sentence-transformers, any CrossEncoder of it: torch loads at first use."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kbsearch.arrays import Float32
from kbsearch.embed.loading import no_loading_bar, torch
from kbsearch.embed.model_files import find_model, hash_model
from kbsearch.errors import EmbedderNotFoundError, RerankerError
from kbsearch.locks import ForkSafeLock

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_HUB = "cross-encoder"
"""Whose models need no name of an owner on a hub."""
_HEAD = "ForSequenceClassification"
_QUERY_CHARACTERS = 2_000
"""So much of a query is read: a longer one would leave no room for the text."""


class CrossEncoderReranker:
    """
    A cross-encoder of sentence-transformers by name or path.

    As for embedders, the weights are safetensors from this machine; code that comes
    with a model is never run, and nothing is downloaded unless `allow_download` says so.

    Args:
        model: Name or directory; of a model that gives one score to a pair of texts.
        revision: Commit of a model from a hub.
        allow_download: Fetch the model if it is not here.
        max_tokens: Read at most so many tokens of query and text together; None for
            the model's own limit.

    Raises:
        RerankerError: If the model is not here, is not safe to load, or gives
            no single score. A head that is missing would be made up of random numbers.
    """

    def __init__(
        self,
        model: str,
        *,
        revision: str | None = None,
        allow_download: bool = False,
        max_tokens: int | None = None,
    ) -> None:
        is_path = bool(model) and Path(model).expanduser().is_dir()
        name = model if is_path or "/" in model or not model else f"{_HUB}/{model}"
        try:
            directory = find_model(name, revision=revision, allow_download=allow_download)
            self._sha256 = hash_model(directory)
        except EmbedderNotFoundError as error:
            raise RerankerError(model, error.reason) from None
        _require_single_score(model, directory)
        self._directory, self._max_tokens = directory, max_tokens
        self._model_name = directory.name if is_path else model
        self._lock = ForkSafeLock()  # a tokenizer's settings are shared state

    @property
    def name(self) -> str:
        """Of the model, and the hash of its files; where it lies is not part of it."""
        limit = f"/{self._max_tokens}" if self._max_tokens else ""
        return f"{self._model_name}@{self._sha256[:8]}{limit}"

    def scores(self, query: str, texts: Sequence[str]) -> Float32:
        """The model's logits, (len(texts),)."""
        with self._lock:
            model = self._model
            if not texts:
                return np.zeros(0, dtype=np.float32)
            logits: Float32 = model.predict(
                [(query[:_QUERY_CHARACTERS], text) for text in texts],
                batch_size=len(texts),
                activation_fn=torch().nn.Identity(),  # a model's own may squash the log-odds
                show_progress_bar=False,
            )
        return logits.astype(np.float32)

    @cached_property
    def _model(self) -> CrossEncoder:
        from sentence_transformers import CrossEncoder

        try:
            with no_loading_bar():
                model: CrossEncoder = CrossEncoder(
                    str(self._directory),
                    device="cpu",
                    trust_remote_code=False,
                    local_files_only=True,
                    max_length=self._max_tokens,
                    model_kwargs={"dtype": torch().float32, "use_safetensors": True},
                )
        except Exception as error:  # safetensors and tokenizers raise classes of their own
            reason = f"sentence-transformers refused it: {type(error).__name__}"
            raise RerankerError(self._model_name, reason) from error
        return model


def _require_single_score(model: str, directory: Path) -> None:
    """Refuse, before anything is loaded, what is no cross-encoder with one output."""
    try:
        config: Any = json.loads((directory / "config.json").read_text(encoding="utf-8"))
        kinds = [str(kind) for kind in config.get("architectures") or ()]
        n_outputs = len(config.get("id2label") or (0, 1))  # transformers' own default is two
    except (OSError, ValueError, AttributeError, TypeError) as error:
        reason = f"its config.json cannot be read: {type(error).__name__}"
        raise RerankerError(model, reason) from None
    if not any(kind.endswith(_HEAD) for kind in kinds):
        shown = ", ".join(kinds) or "unknown"
        raise RerankerError(model, f"it is no cross-encoder; its architecture is {shown}")
    if n_outputs != 1:
        raise RerankerError(model, f"it gives {n_outputs} scores to a text, not one")
