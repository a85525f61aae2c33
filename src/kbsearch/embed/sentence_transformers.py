"""Embedders from sentence-transformers, any model of it: torch loads at first use."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kbsearch.arrays import Float32, Int64, unit_rows
from kbsearch.embed.fingerprint import EmbedderFingerprint
from kbsearch.embed.model_files import DEFAULT_MODEL, find_model, hash_model
from kbsearch.errors import EmbedderNotFoundError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_NO_LIMIT = 512
"""Tokens read by models that state no limit (static ones average any number)."""


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
        self._lock = threading.Lock()  # torch and the tokenizer's settings are shared state
        self._model_sha256 = hash_model(self._directory)

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

    def token_offsets(self, text: str) -> Int64:
        """Offsets by the model's own tokenizer, special tokens left out."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        spans = [span for span in encoding.offsets if span[1] > span[0]]
        return np.array(spans, dtype=np.int64).reshape(-1, 2)

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
        """A copy that neither truncates nor pads, whatever encode() sets on the original."""
        from tokenizers import Tokenizer

        original = self._model.tokenizer
        tokenizer = Tokenizer.from_str(getattr(original, "backend_tokenizer", original).to_str())
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _model(self) -> SentenceTransformer:
        import torch
        from sentence_transformers import SentenceTransformer

        try:
            model = SentenceTransformer(
                str(self._directory),
                device="cpu",
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs={"dtype": getattr(torch, self._dtype), "use_safetensors": True},
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EmbedderNotFoundError(
                str(self._directory), f"sentence-transformers refused it: {error}"
            ) from error
        if self._max_tokens is not None:
            model.max_seq_length = self._max_tokens
        return model

    def _tokens_read(self, model: SentenceTransformer) -> int:
        """Tokens of a text that are read, the model's special tokens and prompt taken off."""
        limit = model.max_seq_length
        if limit is None or limit > 1_000_000:
            return self._max_tokens or _NO_LIMIT
        n_special = int(model.tokenizer.num_special_tokens_to_add(pair=False))
        prompts = (self._passage_prompt, self._query_prompt)
        return int(limit) - n_special - max(len(self.token_offsets(p)) for p in prompts)
