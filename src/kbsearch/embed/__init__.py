"""Text to vectors. The only place that imports sentence-transformers, torch or model2vec."""

from kbsearch.embed.base import Embedder, checked_vectors
from kbsearch.embed.factory import make_embedder, shelf_fingerprint
from kbsearch.embed.fingerprint import EmbedderFingerprint, Fingerprint
from kbsearch.embed.hashing import HashingEmbedder
from kbsearch.embed.sentence_transformers import SentenceTransformerEmbedder
from kbsearch.embed.static import StaticEmbedder

__all__ = [
    "Embedder",
    "EmbedderFingerprint",
    "Fingerprint",
    "HashingEmbedder",
    "SentenceTransformerEmbedder",
    "StaticEmbedder",
    "checked_vectors",
    "make_embedder",
    "shelf_fingerprint",
]
