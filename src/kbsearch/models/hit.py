"""What a search returns. Plain text and offsets; markup is the caller's choice."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from kbsearch.models.article import Confidence
from kbsearch.models.base import FrozenModel, Kind, Time
from kbsearch.models.fix import Fix


class SectionKind(StrEnum):
    """Which part of a document a passage comes from."""

    TITLE = "title"
    PROBLEM = "problem"
    REPLY = "reply"
    NOTE = "note"
    RESOLUTION = "resolution"
    PRIVATE_RESOLUTION = "private_resolution"
    BODY = "body"


class Stage(StrEnum):
    """What adds to a hit's score, in the order in which the ranking computes it."""

    PASSAGES = "passages"
    TITLES = "titles"
    BM25 = "bm25"
    COVERAGE = "coverage"
    TITLE_WORDS = "title_words"
    PRIOR = "prior"
    RERANKER = "reranker"
    EXACT = "exact"


class ScoreParts(FrozenModel):
    """
    What the retrievers said, and what each stage of the ranking made of it.

    `cosine` is that of the document's best passage and the query, in [-1, 1];
    `bm25_score` that of the whole document, at least 0; `coverage` the share of
    the query's words, by their rarity, that the document holds, in [0, 1].
    `shares` are the stages' parts of the hit's score: they add up to it. The prior's is
    at most 0: it takes from what the stages before it gave.
    """

    cosine: float
    bm25_score: float
    coverage: float
    shares: dict[Stage, float]


class ExactMatch(FrozenModel):
    """
    An identifier of the query that a document holds and few others do, as it stands there.

    `kind` is "error_code", "hex", "ticket_key", "version", "sku", "path", "hostname",
    "uuid" or "stack_frame"; "document_id" for the document's own id. The query may
    have spelled it otherwise.
    """

    kind: str
    text: str


class Span(FrozenModel):
    """Half-open character offsets [start, end)."""

    start: int
    end: int


class HitPassage(FrozenModel):
    """
    The passage of a document to show: nearest in meaning, or richest in the query's words.

    `start` and `end` are offsets of `text` in the document's cleaned text;
    `matches` are offsets *within `text`* of words and identifiers that the query
    holds too,
    `logs` those of log lines and stack traces.
    """

    text: str
    section: SectionKind
    message_id: str | None
    start: int
    end: int
    matches: tuple[Span, ...]
    logs: tuple[Span, ...] = ()


class RemovedText(FrozenModel):
    """
    A span that is left out of what is searched, and why.

    `kind` is "quote", "attribution", "forwarded_header", "signature",
    "disclaimer" or "boilerplate"; offsets are those of the plain text of the
    message, or of the article's body.
    """

    message_id: str | None
    kind: str
    start: int
    end: int
    text: str


class HitResolution(FrozenModel):
    """What fixed a ticket, as plain text, and the message that says so."""

    text: str
    public: bool
    message_id: str | None


class Hit(FrozenModel):
    """
    One document that was found, where it stands, and why.

    `shelf` names the audience whose shelf it stands on; `score` is in [0, 1],
    higher is better, comparable within one result only; `probability` is that of
    answering the query, None if the shelf is not calibrated; `title_matches` are
    offsets within `title` of words that the query holds too. `near_copies` are ids of
    documents that say nearly the same and are no hits of their own, of those that rank
    before the last hit. `resolution`
    is what was told to the asker, `private_resolution` what staff noted.
    """

    id: str
    kind: Kind
    shelf: str
    title: str
    title_matches: tuple[Span, ...]
    score: float
    scores: ScoreParts
    probability: float | None = None
    reason: str
    exact_matches: tuple[ExactMatch, ...] = ()
    near_copies: tuple[str, ...] = ()
    passage: HitPassage
    status: str
    is_resolved: bool
    is_pending: bool
    is_expired: bool
    resolution: HitResolution | None
    private_resolution: HitResolution | None
    product: str | None
    tags: tuple[str, ...]
    language: str | None
    confidence: Confidence | None
    created_at: Time | None
    updated_at: Time | None


class RewordingCause(StrEnum):
    """Why other words were searched for too."""

    SPELLING = "spelling"
    SYNONYM = "synonym"


class Rewording(FrozenModel):
    """
    Words of a query, and those that were searched for beside them.

    Corrections are words of documents that this audience may read, synonyms those of the
    desk's files for it.
    """

    typed: str
    used: tuple[str, ...]
    cause: RewordingCause


class SearchResult(FrozenModel):
    """
    Hits, best first, what fixed them, and what the caller should know about them.

    `fixes` are those of similar tickets, the best supported first; `search` has none.
    `note` says in a sentence or two that no more documents fit than came back,
    that no similar ticket has been resolved or tells its fix, that nothing is similar
    enough, or that the query was too long to be seen whole; None if there is nothing to
    say. `best_probability` is that of the best document, shown or held back;
    `needed_probability` what it takes to be shown, None if nothing is held back.
    `unseen_query_tokens` counts tokens of the query beyond what the embedding
    model could read; the lexical search reads them all. `rewordings` are words that
    were searched for too, in the order of the query.
    """

    query: str
    k: int
    hits: tuple[Hit, ...]
    fixes: tuple[Fix, ...] = ()
    unseen_query_tokens: int = 0
    note: str | None = None
    rewordings: tuple[Rewording, ...] = ()
    best_probability: float | None = None
    needed_probability: float | None = None

    @property
    def is_answered(self) -> bool:
        """Whether there is a hit that was not held back."""
        return bool(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:  # type: ignore[override]
        return iter(self.hits)

    def __getitem__(self, rank: int) -> Hit:
        return self.hits[rank]
