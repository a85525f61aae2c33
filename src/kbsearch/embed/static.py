"""Static models of model2vec: a table of token vectors, hundreds of times faster, no torch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kbsearch.arrays import Float32, Int64, unit_rows
from kbsearch.embed.fingerprint import EmbedderFingerprint
from kbsearch.embed.model_files import find_model, hash_model
from kbsearch.embed.tokens import offsets_of_tokens, whole_text_tokenizer
from kbsearch.errors import EmbedderNotFoundError, MissingExtraError
from kbsearch.locks import ForkSafeLock

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
        except Exception as error:  # safetensors and tokenizers raise classes of their own
            raise EmbedderNotFoundError(str(directory), f"model2vec refused it: {error}") from error
        self._tokenizer = whole_text_tokenizer(self._model.tokenizer)
        self._lock = ForkSafeLock()  # encode() sets its tokenizer's truncation
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
        return offsets_of_tokens(self._tokenizer, text)

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        """Unit vectors; a text without a known token gives a zero row."""
        if not texts:
            return np.zeros((0, self.fingerprint.dim), dtype=np.float32)
        read = [self._part_that_is_read(text) for text in texts]
        with self._lock:
            vectors = self._model.encode(read, max_length=None, show_progress_bar=False)
        return unit_rows(np.asarray(vectors, dtype=np.float32))

    def embed_queries(self, texts: Sequence[str]) -> Float32:
        """The same as for passages: a static model has no prompts."""
        return self.embed_passages(texts)

    def _part_that_is_read(self, text: str) -> str:
        """Cut here, as model2vec's own limit also drops characters that it deems too many."""
        offsets, limit = self.token_offsets(text), self.fingerprint.max_tokens
        return text if len(offsets) <= limit else text[: int(offsets[limit - 1, 1])]
