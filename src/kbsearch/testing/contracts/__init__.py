"""
Contracts as test classes: subclass one, name what is yours, and pytest runs it.

They assert values, so an embedder, an index, an importer, a redactor or a reranker that
passes can take the place of a shipped one.
"""

from kbsearch.testing.contracts.embedder import EmbedderContract
from kbsearch.testing.contracts.importer import ImporterContract
from kbsearch.testing.contracts.lexical_index import LexicalIndexContract
from kbsearch.testing.contracts.redactor import RedactorContract
from kbsearch.testing.contracts.reranker import RerankerContract
from kbsearch.testing.contracts.vector_index import VectorIndexContract

__all__ = [
    "EmbedderContract",
    "ImporterContract",
    "LexicalIndexContract",
    "RedactorContract",
    "RerankerContract",
    "VectorIndexContract",
]
