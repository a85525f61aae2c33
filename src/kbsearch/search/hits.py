"""From a candidate to the hit that people see, with its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from kbsearch.models import (
    Article,
    Hit,
    HitPassage,
    HitResolution,
    Kind,
    Resolution,
    ScoreParts,
    SectionKind,
    Span,
    Stage,
    Ticket,
)
from kbsearch.rank import Holding, matched_spans, merged_spans
from kbsearch.search.exact import Places, places_of, told
from kbsearch.search.shelf_records import Details
from kbsearch.text import Analyzer, Passage, Section, first_line, to_plain_text

_WORDS_SHOWN = 6
_FEW_TOKENS = 12
_NEAREST_IS_WORTH = 7
"""In quarters of a matched word: another passage is shown if it holds two more."""
_FEW_IS_WORTH = 3


class Found(NamedTuple):
    """
    One candidate with its scores; which document it is, is read later.

    `fused` is what the stages before the reranker made of it, `shares` what of that is
    left beside it: nothing, if the reranker alone decides.
    """

    shelf: str
    document_id: str
    document_key: int
    passage_key: int
    is_resolved: bool
    cosine: float
    bm25_score: float
    coverage: float
    fused: tuple[float, ...]
    exact: tuple[Holding, ...] = ()
    reranker_weight: float = 0.0
    reranker_share: float = 0.0
    exact_share: float = 0.0
    probability: float | None = None

    @property
    def shares(self) -> tuple[float, ...]:
        """Of the score, by the stages before the reranker."""
        return tuple((1 - self.reranker_weight) * share for share in self.fused)

    @property
    def score(self) -> float:
        """What the stages made of it, in [0, 1], higher is better."""
        made = sum(self.shares) + self.reranker_share
        fused = min(1.0, max(0.0, made))  # float32 shares can exceed it
        return min(1.0, fused + self.exact_share)

    @property
    def parts(self) -> ScoreParts:
        """What each retriever said."""
        return ScoreParts(
            cosine=self.cosine,
            bm25_score=self.bm25_score,
            coverage=self.coverage,
            shares=dict(
                zip(Stage, (*self.shares, self.reranker_share, self.exact_share), strict=True)
            ),
        )


def make_hit(
    found: Found, details: Details, query_terms: list[str], analyzer: Analyzer, now: datetime
) -> Hit:
    """Put a hit together from a candidate and its records."""
    document, cleaned = details.document, details.cleaned
    analyzer = analyzer.in_language(details.language)
    places = places_of(found.exact, document, cleaned)
    span, text, matches = _passage_to_show(found, details, query_terms, analyzer, places)
    title = cleaned.title or first_line(cleaned.text)
    title_matches = matched_spans(title, query_terms, analyzer)
    words = [title[m.start : m.end] for m in title_matches]
    words += [text[m.start : m.end] for m in matches]
    here = places.within(span.start, span.end)
    ticket = document if isinstance(document, Ticket) else None
    article = document if isinstance(document, Article) else None
    return Hit(
        id=document.id,
        kind=Kind(document.kind),
        shelf=found.shelf,
        title=title,
        title_matches=merged_spans(title_matches, places.in_title),
        score=found.score,
        scores=found.parts,
        probability=found.probability,
        reason=_reason(found, words, places),
        exact_matches=places.matches,
        passage=HitPassage(
            text=text,
            section=span.section,
            message_id=span.message_id,
            start=span.start,
            end=span.end,
            matches=merged_spans(matches, here),
            logs=tuple(_logs_within(cleaned.sections, span)),
        ),
        status=document.status.value,
        is_resolved=ticket is not None and ticket.is_resolved,
        is_pending=article is not None and article.is_pending(now),
        is_expired=article is not None and article.is_expired(now),
        resolution=_plain(ticket.public_resolution if ticket else None),
        private_resolution=_plain(ticket.private_resolution if ticket else None),
        product=document.product,
        tags=document.tags,
        language=details.language,
        confidence=article.confidence if article else None,
        created_at=document.created_at,
        updated_at=document.updated_at,
    )


def _logs_within(sections: Iterable[Section], span: Passage) -> Iterator[Span]:
    """Log lines within a passage, with offsets in its text."""
    for section in sections:
        for start, end in section.logs:
            first, last = max(start, span.start), min(end, span.end)
            if first < last:
                yield Span(start=first - span.start, end=last - span.start)


def _passage_to_show(
    found: Found, details: Details, query_terms: list[str], analyzer: Analyzer, places: Places
) -> tuple[Passage, str, tuple[Span, ...]]:
    """
    The passage whose vector is nearest, unless another holds clearly more of the query's words.

    One that holds more identifiers of the query goes before both. A passage of a few
    words is near because of the title that is embedded with it, so it is shown only
    if no other holds a word of the query.
    """
    best: tuple[Passage, str, tuple[Span, ...]] | None = None
    best_worth = (-1, -1)
    texts = [p for p in details.passages if p.passage.section is not SectionKind.TITLE]
    for stored in texts:
        passage = stored.passage
        text = details.cleaned.text[passage.start : passage.end]
        matches = matched_spans(text, query_terms, analyzer)
        n_words = len(set(analyzer.terms(text)).intersection(query_terms))
        is_nearest = stored.passage_key == found.passage_key
        bonus = _NEAREST_IS_WORTH if passage.n_tokens >= _FEW_TOKENS else _FEW_IS_WORTH
        n_exact = len({one.key for one in places.within(passage.start, passage.end)})
        worth = n_exact, 4 * n_words + (bonus if is_nearest else 0)
        if worth > best_worth:
            best, best_worth = (passage, text, matches), worth
    if best is None:
        raise ValueError("details without passages")  # details() leaves such documents out
    return best


def _plain(resolution: Resolution | None) -> HitResolution | None:
    if resolution is None:
        return None
    return HitResolution(
        text=to_plain_text(resolution.text, resolution.format),
        public=resolution.public,
        message_id=resolution.message_id,
    )


def _reason(found: Found, matched: list[str], places: Places) -> str:
    """Why it was found, in a line: identifiers, closeness of meaning, and words in common."""
    meaning = "; ".join(filter(None, [told(places.matches), f"meaning {found.cosine:.2f}"]))
    shown = list(dict.fromkeys(word.casefold() for word in matched))
    if not shown:
        return meaning if not found.bm25_score else f"{meaning}; words elsewhere in the document"
    more = f" and {len(shown) - _WORDS_SHOWN} more" if len(shown) > _WORDS_SHOWN else ""
    return f"{meaning}; words {', '.join(shown[:_WORDS_SHOWN])}{more}"
