"""Words that match, and words that are spelt alike. The only place that imports bm25s."""

from kbsearch.lexical.base import LexicalIndex, Statistics
from kbsearch.lexical.bm25 import Bm25Index
from kbsearch.lexical.exact import ExactIndex
from kbsearch.lexical.query import Alternative, AnyOf, QueryTerm, all_terms
from kbsearch.lexical.recent import RecentDocuments
from kbsearch.lexical.vocabulary import (
    GrowingVocabulary,
    NearWord,
    Vocabulary,
    WrittenWord,
    written_words,
)

__all__ = [
    "Alternative",
    "AnyOf",
    "Bm25Index",
    "ExactIndex",
    "GrowingVocabulary",
    "LexicalIndex",
    "NearWord",
    "QueryTerm",
    "RecentDocuments",
    "Statistics",
    "Vocabulary",
    "WrittenWord",
    "all_terms",
    "written_words",
]
