"""The data that goes in and comes out. Frozen; validated at the door."""

from kbsearch.models.article import Article, ArticleStatus, Confidence
from kbsearch.models.base import Audience, Kind, TextFormat
from kbsearch.models.characters import clean_characters
from kbsearch.models.filters import Filters
from kbsearch.models.findings import FindingKind, OutgoingReport, TextFinding
from kbsearch.models.hit import (
    Hit,
    HitPassage,
    HitResolution,
    RemovedText,
    ScoreParts,
    SearchResult,
    SectionKind,
    Span,
)
from kbsearch.models.parsing import Document, parse_document
from kbsearch.models.reports import (
    CheckFinding,
    CheckReport,
    ForgetReceipt,
    RebuildReport,
    Redaction,
    Rejection,
    ShelfStats,
    SnapshotInfo,
    UpsertReport,
)
from kbsearch.models.ticket import (
    AuthorRole,
    Message,
    Person,
    Resolution,
    Satisfaction,
    Ticket,
    TicketStatus,
)

__all__ = [
    "Article",
    "ArticleStatus",
    "Audience",
    "AuthorRole",
    "CheckFinding",
    "CheckReport",
    "Confidence",
    "Document",
    "Filters",
    "FindingKind",
    "ForgetReceipt",
    "Hit",
    "HitPassage",
    "HitResolution",
    "Kind",
    "Message",
    "OutgoingReport",
    "Person",
    "RebuildReport",
    "Redaction",
    "Rejection",
    "RemovedText",
    "Resolution",
    "Satisfaction",
    "ScoreParts",
    "SearchResult",
    "SectionKind",
    "ShelfStats",
    "SnapshotInfo",
    "Span",
    "TextFinding",
    "TextFormat",
    "Ticket",
    "TicketStatus",
    "UpsertReport",
    "clean_characters",
    "parse_document",
]
