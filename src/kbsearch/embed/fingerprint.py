"""Which numbers may be compared with which: the identity of an index's making."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property

from kbsearch.models.base import FrozenModel


class EmbedderFingerprint(FrozenModel):
    """
    Everything about an embedder that changes its vectors.

    Attributes:
        kind: Family: "sentence-transformers", "static", "hashing" or the user's own.
        model: Name, never a path: where a model lies does not change its vectors.
        model_sha256: Hash over the files that define the model.
        revision: Commit of the model, if it has one.
        dim: Length of a vector.
        max_tokens: Tokens of a text that are read.
        dtype: Number format that it computes in.
        query_prompt: Put before queries.
        passage_prompt: Put before passages.
        normalised: Whether vectors have length 1.
    """

    kind: str
    model: str
    model_sha256: str
    revision: str | None = None
    dim: int
    max_tokens: int
    dtype: str = "float32"
    query_prompt: str = ""
    passage_prompt: str = ""
    normalised: bool = True

    @cached_property
    def key(self) -> str:
        """Under this key vectors are kept; 16 hex digits. The name is not part of it: hash is."""
        return _digest(self.model_dump(mode="json", exclude={"model", "revision"}))

    def __str__(self) -> str:
        return f"{self.model}@{self.model_sha256[:8]}/{self.dtype}/{self.max_tokens}"


class Fingerprint(FrozenModel):
    """
    Everything that a shelf's indexes depend on besides its documents.

    Attributes:
        embedder: The embedder's own fingerprint.
        cleaner_version: Version of markup reading and cleaning.
        cleaning: What is cut out of the text, by the desk's settings.
        redaction: What is replaced in documents before they are stored.
        analyzer: Version and language of the words that BM25 counts.
        passages_version: Version of how documents are cut into passages.
        passage_tokens: Longest passage, title included.
        title_tokens: Tokens of the title put before a passage.
    """

    embedder: EmbedderFingerprint
    cleaner_version: int
    cleaning: str
    redaction: str
    analyzer: str
    passages_version: int
    passage_tokens: int
    title_tokens: int

    @cached_property
    def key(self) -> str:
        """Equal keys mean comparable indexes; 16 hex digits."""
        return _digest(self.model_dump(mode="json") | {"embedder": self.embedder.key})

    def __str__(self) -> str:
        return (
            f"{self.embedder}+cleaner-{self.cleaner_version}-{self.cleaning}"
            f"+{self.redaction}+{self.analyzer}"
            f"+passages-{self.passages_version}-{self.passage_tokens}-{self.title_tokens} "
            f"[{self.key}]"
        )


def _digest(fields: object) -> str:
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()[:16]
