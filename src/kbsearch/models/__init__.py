"""The data that goes in and comes out. Frozen; validated at the door."""

from kbsearch.models.article import Article, ArticleStatus, Confidence
from kbsearch.models.audit import AuditAction, AuditEntry, in_one_line
from kbsearch.models.base import Audience, Kind, TextFormat
from kbsearch.models.bundle import BundleCheck, BundleReport
from kbsearch.models.characters import clean_characters
from kbsearch.models.duplicates import (
    Burst,
    ClusterMember,
    DuplicateCandidate,
    DuplicateCluster,
    DuplicateReport,
    DuplicateResult,
)
from kbsearch.models.explanation import Absence, BestHit, ExplainedStage, Explanation
from kbsearch.models.feedback import DocumentFeedback, Feedback, FeedbackKind
from kbsearch.models.filters import Filters
from kbsearch.models.findings import FindingKind, OutgoingReport, TextFinding
from kbsearch.models.fix import Fix
from kbsearch.models.gate import (
    GateDecision,
    GateFigure,
    GateMove,
    GateQuestions,
    GateReport,
    ShelfGate,
)
from kbsearch.models.hit import (
    ExactMatch,
    Hit,
    HitPassage,
    HitResolution,
    RemovedText,
    Rewording,
    RewordingCause,
    ScoreParts,
    SearchResult,
    SectionKind,
    Span,
    Stage,
)
from kbsearch.models.parsing import Document, parse_document
from kbsearch.models.promotion import Demand, Overlap, Promotion, PromotionReport
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
from kbsearch.models.shelves import (
    audience_of,
    group_of,
    group_shelf,
    parse_groups,
    parse_shelf,
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
    "Absence",
    "Article",
    "ArticleStatus",
    "Audience",
    "AuditAction",
    "AuditEntry",
    "AuthorRole",
    "BestHit",
    "BundleCheck",
    "BundleReport",
    "Burst",
    "CheckFinding",
    "CheckReport",
    "ClusterMember",
    "Confidence",
    "Demand",
    "Document",
    "DocumentFeedback",
    "DuplicateCandidate",
    "DuplicateCluster",
    "DuplicateReport",
    "DuplicateResult",
    "ExactMatch",
    "ExplainedStage",
    "Explanation",
    "Feedback",
    "FeedbackKind",
    "Filters",
    "FindingKind",
    "Fix",
    "ForgetReceipt",
    "GateDecision",
    "GateFigure",
    "GateMove",
    "GateQuestions",
    "GateReport",
    "Hit",
    "HitPassage",
    "HitResolution",
    "Kind",
    "Message",
    "OutgoingReport",
    "Overlap",
    "Person",
    "Promotion",
    "PromotionReport",
    "RebuildReport",
    "Redaction",
    "Rejection",
    "RemovedText",
    "Resolution",
    "Rewording",
    "RewordingCause",
    "Satisfaction",
    "ScoreParts",
    "SearchResult",
    "SectionKind",
    "ShelfGate",
    "ShelfStats",
    "SnapshotInfo",
    "Span",
    "Stage",
    "TextFinding",
    "TextFormat",
    "Ticket",
    "TicketStatus",
    "UpsertReport",
    "audience_of",
    "clean_characters",
    "group_of",
    "group_shelf",
    "in_one_line",
    "parse_document",
    "parse_groups",
    "parse_shelf",
]
