"""
kbsearch: find the resolved ticket and the article that answer a question.

Importing it loads neither torch nor faiss nor sqlite; that happens when a desk
is used. Start with `KnowledgeBase`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kbsearch.config import RankingSettings, Settings
    from kbsearch.desk import KnowledgeBase
    from kbsearch.errors import KbSearchError
    from kbsearch.models import (
        Article,
        ArticleStatus,
        Audience,
        AuthorRole,
        Confidence,
        Explanation,
        Filters,
        Fix,
        Hit,
        Kind,
        Message,
        Person,
        Resolution,
        Satisfaction,
        SearchResult,
        TextFormat,
        Ticket,
        TicketStatus,
        UpsertReport,
        parse_document,
    )
    from kbsearch.rank import highlight_html
    from kbsearch.search import Searcher

__version__ = "0.1.0"

_HOME = {
    "Article": "kbsearch.models",
    "ArticleStatus": "kbsearch.models",
    "Audience": "kbsearch.models",
    "AuthorRole": "kbsearch.models",
    "Confidence": "kbsearch.models",
    "Explanation": "kbsearch.models",
    "Filters": "kbsearch.models",
    "Fix": "kbsearch.models",
    "Hit": "kbsearch.models",
    "KbSearchError": "kbsearch.errors",
    "Kind": "kbsearch.models",
    "KnowledgeBase": "kbsearch.desk",
    "Message": "kbsearch.models",
    "Person": "kbsearch.models",
    "RankingSettings": "kbsearch.config",
    "Resolution": "kbsearch.models",
    "Satisfaction": "kbsearch.models",
    "SearchResult": "kbsearch.models",
    "Searcher": "kbsearch.search",
    "Settings": "kbsearch.config",
    "TextFormat": "kbsearch.models",
    "Ticket": "kbsearch.models",
    "TicketStatus": "kbsearch.models",
    "UpsertReport": "kbsearch.models",
    "highlight_html": "kbsearch.rank",
    "parse_document": "kbsearch.models",
}

__all__ = [
    "Article",
    "ArticleStatus",
    "Audience",
    "AuthorRole",
    "Confidence",
    "Explanation",
    "Filters",
    "Fix",
    "Hit",
    "KbSearchError",
    "Kind",
    "KnowledgeBase",
    "Message",
    "Person",
    "RankingSettings",
    "Resolution",
    "Satisfaction",
    "SearchResult",
    "Searcher",
    "Settings",
    "TextFormat",
    "Ticket",
    "TicketStatus",
    "UpsertReport",
    "highlight_html",
    "parse_document",
]


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'kbsearch' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
