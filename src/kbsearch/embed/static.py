"""Static models of model2vec: a table of token vectors, hundreds of times faster, no torch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kbsearch.arrays import Float32, Int64, unit_rows
from kbsearch.embed.fingerprint import EmbedderFingerprint
from kbsearch.embed.model_files import find_model, hash_model
from kbsearch.errors import EmbedderNotFoundError, MissingExtraError

_DEFAULT_MAX_TOKENS = 512


class StaticEmbedder:
    """
    A model2vec model by name or path: the mean of its tokens' vectors.

    A sentence-transformers StaticEmbedding folder is a sentence-transformers
    model: give it to `SentenceTransformerEmbedder`.

    Args:
        model: Directory, or a name on a hub.
        revision: Commit of a model from a hub.
        allow_download: Fetch the model if it is not here.
        max_tokens: Tokens of a text that are averaged.

    Raises:
        MissingExtraError: If model2vec is not installed.
        EmbedderNotFoundError: If the model is not here or cannot be read.
    """

    def __init__(
        self,
        model: str,
        *,
        revision: str | None = None,
        allow_download: bool = False,
        max_tokens: int | None = None,
    ) -> None:
        try:
            from model2vec import StaticModel
        except ImportError:
            raise MissingExtraError("A static embedder", "model2vec", "static") from None
        directory = find_model(model, revision=revision, allow_download=allow_download)
        model_sha256 = hash_model(directory)
        try:
            self._model = StaticModel.from_pretrained(directory)
        except (OSError, ValueError, KeyError) as error:
            raise EmbedderNotFoundError(str(directory), f"model2vec refused it: {error}") from error
        self.fingerprint = EmbedderFingerprint(
            kind="static",
            model=Path(model).name,
            model_sha256=model_sha256,
            revision=revision,
            dim=int(self._model.dim),
            max_tokens=max_tokens or _DEFAULT_MAX_TOKENS,
        )

    def token_offsets(self, text: str) -> Int64:
        """Offsets by the model's own tokenizer."""
        encoding = self._model.tokenizer.encode(text, add_special_tokens=False)
        spans = [span for span in encoding.offsets if span[1] > span[0]]
        return np.array(spans, dtype=np.int64).reshape(-1, 2)

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        """Unit vectors; a text without a known token gives a zero row."""
        dim, max_tokens = self.fingerprint.dim, self.fingerprint.max_tokens
        if not texts:
            return np.zeros((0, dim), dtype=np.float32)
        vectors = self._model.encode(list(texts), max_length=max_tokens, show_progress_bar=False)
        return unit_rows(np.asarray(vectors, dtype=np.float32))

    def embed_queries(self, texts: Sequence[str]) -> Float32:
        """The same as for passages: a static model has no prompts."""
        return self.embed_passages(texts)
