"""Text to vectors and scores; only here are sentence-transformers, torch, model2vec imported."""

from kbsearch.embed.base import Embedder, checked_vectors
from kbsearch.embed.cross_encoder import CrossEncoderReranker
from kbsearch.embed.factory import make_embedder, make_reranker, shelf_fingerprint
from kbsearch.embed.fingerprint import EmbedderFingerprint, Fingerprint
from kbsearch.embed.hashing import HashingEmbedder
from kbsearch.embed.provenance import (
    CARD_FILE,
    ModelAudienceError,
    TrainingCard,
    require_as_named,
    require_may_serve,
)
from kbsearch.embed.reranking import Reranker, checked_scores
from kbsearch.embed.sentence_transformers import SentenceTransformerEmbedder
from kbsearch.embed.static import StaticEmbedder

__all__ = [
    "CARD_FILE",
    "CrossEncoderReranker",
    "Embedder",
    "EmbedderFingerprint",
    "Fingerprint",
    "HashingEmbedder",
    "ModelAudienceError",
    "Reranker",
    "SentenceTransformerEmbedder",
    "StaticEmbedder",
    "TrainingCard",
    "checked_scores",
    "checked_vectors",
    "make_embedder",
    "make_reranker",
    "require_as_named",
    "require_may_serve",
    "shelf_fingerprint",
]
