"""From settings to an embedder."""

from __future__ import annotations

from kbsearch.config import EmbedderKind, EmbedderSettings, RerankerSettings, Settings
from kbsearch.embed.base import Embedder
from kbsearch.embed.fingerprint import Fingerprint
from kbsearch.embed.reranking import Reranker
from kbsearch.errors import ConfigError
from kbsearch.text.clean import CLEANER_VERSION
from kbsearch.text.passages import PASSAGES_VERSION
from kbsearch.text.words import Analyzer


def make_embedder(settings: EmbedderSettings) -> Embedder:
    """
    The embedder that a desk's settings name.

    Raises:
        EmbedderError: If its model is missing, damaged or unsafe.
        MissingExtraError: If a package for this kind is not installed.
    """
    if settings.kind is EmbedderKind.HASHING:
        from kbsearch.embed.hashing import HashingEmbedder

        return HashingEmbedder(settings.dim)
    if settings.kind is EmbedderKind.STATIC:
        from kbsearch.embed.static import StaticEmbedder

        return StaticEmbedder(
            settings.model,
            revision=settings.revision,
            allow_download=settings.allow_download,
            max_tokens=settings.max_tokens,
        )
    from kbsearch.embed.sentence_transformers import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(
        settings.model,
        revision=settings.revision,
        allow_download=settings.allow_download,
        dtype=settings.dtype.value,
        max_tokens=settings.max_tokens,
        query_prompt=settings.query_prompt,
        passage_prompt=settings.passage_prompt,
    )


def make_reranker(settings: RerankerSettings) -> Reranker | None:
    """
    The reranker that a desk's settings name; None if they name none.

    Raises:
        RerankerError: If its model is missing, damaged or unsafe.
    """
    if not settings.model:
        return None
    from kbsearch.embed.cross_encoder import CrossEncoderReranker

    return CrossEncoderReranker(
        settings.model, revision=settings.revision, allow_download=settings.allow_download
    )


def shelf_fingerprint(embedder: Embedder, settings: Settings, redaction: str = "") -> Fingerprint:
    """
    What an index made now, with these settings and this embedder, depends on.

    Args:
        embedder: Makes the vectors.
        settings: Of the desk.
        redaction: Names what is replaced before documents are stored.
    """
    readable = embedder.fingerprint.max_tokens
    wanted = settings.passages.max_tokens or readable
    if wanted > readable:
        raise ConfigError(
            f"max_tokens = {wanted} under [passages] is more than the {readable} tokens that "
            f"{embedder.fingerprint.model!r} reads: the rest of each passage would not be "
            f"searched. Set it to {readable} or less, or leave it out."
        )
    return Fingerprint(
        embedder=embedder.fingerprint,
        cleaner_version=CLEANER_VERSION,
        cleaning="mail" if settings.cleaning.mail else "plain",
        redaction=redaction,
        analyzer=Analyzer(settings.words.language, settings.words.languages).fingerprint,
        passages_version=PASSAGES_VERSION,
        passage_tokens=wanted,
        title_tokens=settings.passages.title_max_tokens,
    )
