"""Where a query's words stand in a passage, and safe markup for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from html import escape
from typing import Protocol

from kbsearch.models import HitPassage, Span
from kbsearch.text import Analyzer


def matched_spans(text: str, query_terms: Collection[str], analyzer: Analyzer) -> tuple[Span, ...]:
    """
    Offsets of the words of `text` that are, or inflect, a word of the query.

    Args:
        text: A passage.
        query_terms: Terms of the query by the same analyzer.
        analyzer: Of the shelf.

    Returns:
        Spans in order, without overlap.
    """
    wanted = set(query_terms)
    spans: list[Span] = []
    for term, start, end in analyzer.terms_with_offsets(text):
        if term not in wanted:
            continue
        if spans and start < spans[-1].end:  # a part of it, or the next pair of characters
            if end > spans[-1].end:
                spans[-1] = Span(start=spans[-1].start, end=end)
        else:
            spans.append(Span(start=start, end=end))
    return tuple(spans)


class _Stretch(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def merged_spans(spans: Iterable[_Stretch], more: Iterable[_Stretch]) -> tuple[Span, ...]:
    """All of both in order; those that overlap are one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((one.start, one.end) for one in (*spans, *more)):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return tuple(Span(start=start, end=end) for start, end in merged)


def highlight_html(passage: HitPassage) -> str:
    """
    A passage as HTML: all text escaped, matched words within `<mark>`.

    The only tag in the result is `<mark>`, whatever the passage holds; line
    ends stay as they are (show it with `white-space: pre-wrap`).
    """
    parts: list[str] = []
    position = 0
    for span in passage.matches:
        parts.append(escape(passage.text[position : span.start]))
        parts.append(f"<mark>{escape(passage.text[span.start : span.end])}</mark>")
        position = span.end
    parts.append(escape(passage.text[position:]))
    return "".join(parts)
