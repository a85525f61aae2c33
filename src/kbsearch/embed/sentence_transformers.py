"""Embedders from sentence-transformers, any model of it: torch loads at first use."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kbsearch.arrays import Float32, Int64, unit_rows
from kbsearch.embed.fingerprint import EmbedderFingerprint
from kbsearch.embed.loading import no_bar_wanted, no_loading_bar, torch
from kbsearch.embed.model_files import DEFAULT_MODEL, find_model, hash_model
from kbsearch.embed.provenance import TrainingCard, training_card
from kbsearch.embed.tokens import offsets_of_tokens, whole_text_tokenizer
from kbsearch.errors import ConfigError, EmbedderNotFoundError
from kbsearch.locks import ForkSafeLock

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_NO_LIMIT = 512
"""Tokens read by models that state no limit (static ones average any number)."""

_UNLIMITED = 1_000_000
"""A stated limit above this means none: transformers writes 10**30, static models infinity."""


class SentenceTransformerEmbedder:
    """
    A model of sentence-transformers by name or path.

    The weights are safetensors from this machine; code that comes with a model
    is never run, and nothing is downloaded unless `allow_download` says so.

    Args:
        model: Name or directory; the default comes from an installed package.
        revision: Commit of a model from a hub.
        allow_download: Fetch the model if it is not here.
        dtype: "float32", or "bfloat16" (about twice as fast where the processor has it;
            cosine to float32 0.9999 and better).
        max_tokens: Read at most so many tokens; None for the model's own limit.
        query_prompt: Put before queries.
        passage_prompt: Put before passages.
        batch_size: Texts per forward pass.

    Raises:
        EmbedderNotFoundError: If the model is not here or is not safe to load.
        ModelDamagedError: If the default model's weights are not the published ones.
    """

    def __init__(
        self,
        model: str = DEFAULT_MODEL,
        *,
        revision: str | None = None,
        allow_download: bool = False,
        dtype: str = "float32",
        max_tokens: int | None = None,
        query_prompt: str = "",
        passage_prompt: str = "",
        batch_size: int = 32,
    ) -> None:
        self._directory = find_model(model, revision=revision, allow_download=allow_download)
        self._name = Path(model).name
        self._revision = revision
        self._dtype = dtype
        self._max_tokens = max_tokens
        self._query_prompt, self._passage_prompt = query_prompt, passage_prompt
        self._batch_size = batch_size
        self._lock = ForkSafeLock()  # torch and the tokenizer's settings are shared state
        self._model_sha256 = hash_model(self._directory)
        self._training = training_card(self._directory)

    @cached_property
    def fingerprint(self) -> EmbedderFingerprint:
        """Known once the model is loaded, which the first call does."""
        model = self._model
        return EmbedderFingerprint(
            kind="sentence-transformers",
            model=self._name,
            model_sha256=self._model_sha256,
            revision=self._revision,
            dim=int(model.get_embedding_dimension() or 0),
            max_tokens=self._tokens_read(model),
            dtype=self._dtype,
            query_prompt=self._query_prompt,
            passage_prompt=self._passage_prompt,
        )

    @property
    def directory(self) -> Path:
        """Where the model lies."""
        return self._directory

    @property
    def training(self) -> TrainingCard | None:
        """Whose texts a desk adapted it to; None for a model as it was published."""
        return self._training

    def token_offsets(self, text: str) -> Int64:
        """Offsets by the model's own tokenizer, special tokens left out."""
        return offsets_of_tokens(self._tokenizer, text)

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        """Unit vectors, (len(texts), dim)."""
        return self._embed([self._passage_prompt + text for text in texts])

    def embed_queries(self, texts: Sequence[str]) -> Float32:
        """Unit vectors, (len(texts), dim)."""
        return self._embed([self._query_prompt + text for text in texts])

    def _embed(self, texts: list[str]) -> Float32:
        if not texts:
            return np.zeros((0, self.fingerprint.dim), dtype=np.float32)
        with self._lock:
            vectors = self._model.encode(
                texts,
                batch_size=self._batch_size,
                convert_to_tensor=True,  # numpy has no bfloat16
                show_progress_bar=False,
            )
        return unit_rows(vectors.float().cpu().numpy())

    @cached_property
    def _tokenizer(self) -> Any:
        return whole_text_tokenizer(self._model.tokenizer)

    @cached_property
    def _model(self) -> SentenceTransformer:
        with no_bar_wanted():
            from sentence_transformers import SentenceTransformer

        try:
            with no_loading_bar():
                model = SentenceTransformer(
                    str(self._directory),
                    device="cpu",
                    trust_remote_code=False,
                    local_files_only=True,
                    model_kwargs={"dtype": getattr(torch(), self._dtype), "use_safetensors": True},
                )
        except Exception as error:  # safetensors and tokenizers raise classes of their own
            raise EmbedderNotFoundError(
                str(self._directory), f"sentence-transformers refused it: {error}"
            ) from error
        model.default_prompt_name = None  # prompts are settings, counted and fingerprinted
        self._limit_tokens(model)
        return model

    def _limit_tokens(self, model: SentenceTransformer) -> None:
        """Make the model read as many tokens as were asked for, or as the fingerprint will say."""
        own = model.max_seq_length
        has_limit = own is not None and own <= _UNLIMITED
        wanted = self._max_tokens or (None if has_limit else _NO_LIMIT)
        if wanted is None:
            return
        positions = getattr(getattr(model[0], "config", None), "max_position_embeddings", None)
        if positions is not None and wanted > positions:
            raise ConfigError(
                f"max_tokens = {wanted} is more than the {positions} positions of model "
                f"{self._name!r}. Set it to {positions} or less, or leave it out."
            )
        if _is_static(model):
            model.tokenizer.enable_truncation(wanted)
        else:
            model.max_seq_length = wanted

    def _tokens_read(self, model: SentenceTransformer) -> int:
        """Tokens of a text that are read, the model's special tokens and prompt taken off."""
        if _is_static(model):
            limit, n_special = int(model.tokenizer.truncation["max_length"]), 0
        else:
            limit = int(model.max_seq_length or _NO_LIMIT)
            n_special = int(model.tokenizer.num_special_tokens_to_add(pair=False))
        prompts = (self._passage_prompt, self._query_prompt)
        n_prompt = max(len(self.token_offsets(prompt)) for prompt in prompts)
        if limit - n_special - n_prompt < 1:
            raise ConfigError(
                f"Model {self._name!r} reads {limit} tokens, and a prompt takes {n_prompt} of "
                "them: none are left for the text. Shorten the prompt or raise max_tokens."
            )
        return limit - n_special - n_prompt


def _is_static(model: SentenceTransformer) -> bool:
    """Whether its tokenizer truncates by its own setting, not by `max_seq_length`."""
    return hasattr(model.tokenizer, "enable_truncation")
