"""Cutting a cleaned document into passages that a model can read whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Int64
from kbsearch.models.base import FrozenModel
from kbsearch.models.hit import SectionKind

PASSAGES_VERSION = 2
"""Part of every fingerprint: raise it when the same text is cut otherwise."""

TokenOffsets = Callable[[str], Int64]

_SENTENCE_END = re.compile(
    r"[.!?][\"')\u201d\u2019]?\s+|[\u3002\uff01\uff1f][\"')\u201d\u2019\u300d\u300f]?\s*"
)
_LINE_END = re.compile(r"\n")
_PARAGRAPH_END = re.compile(r"\n\s*\n")
_CUTS = ((_SENTENCE_END, 1), (_LINE_END, 2), (_PARAGRAPH_END, 3))


class Section(FrozenModel):
    """
    A part of a cleaned document: its kind, offsets in the text, and message, if any.

    `logs` are offsets in the text of its log lines and stack traces.
    """

    kind: SectionKind
    start: int
    end: int
    message_id: str | None = None
    logs: tuple[tuple[int, int], ...] = ()


class CleanDocument(FrozenModel):
    """
    A document as it is searched: a title and one text, cut into sections.

    Attributes:
        title: Plain text, one line; empty if the document came without one.
        text: All sections, parted by blank lines; offsets everywhere refer to it.
        sections: In order, without overlap, none of them blank.
    """

    title: str
    text: str
    sections: tuple[Section, ...]


class Passage(NamedTuple):
    """
    A span of one section, embedded as one vector.

    `start` and `end` are character offsets in the cleaned text; `n_tokens`
    counts the tokens of that span; `n_unseen_tokens` those that the model does
    not see (of a title too long to stand before every passage).
    """

    ordinal: int
    section: SectionKind
    message_id: str | None
    start: int
    end: int
    n_tokens: int
    n_unseen_tokens: int


def split_document(
    document: CleanDocument, token_offsets: TokenOffsets, *, max_tokens: int, title_max_tokens: int
) -> list[Passage]:
    """
    Cut each section into passages of at most `max_tokens`, title included.

    A passage ends, in this order of preference, at a paragraph, a line, a
    sentence or a word in the second half of the room it has. Every token of
    the text is in exactly one passage. A document without text gives one empty
    passage, so that its title is found.

    Args:
        document: The cleaned document.
        token_offsets: The embedder's tokenizer: text → (n_tokens, 2) offsets.
        max_tokens: What the model reads.
        title_max_tokens: So much of the title is put before each passage.

    Returns:
        Passages in order of their offsets.
    """
    context = title_context(
        document.title, token_offsets, max_tokens=max_tokens, title_max_tokens=title_max_tokens
    )
    room = max_tokens - context.n_tokens
    passages: list[Passage] = []
    for section in document.sections:
        text = document.text[section.start : section.end]
        offsets = token_offsets(text)
        for first, last in _token_ranges(text, offsets, room):
            start = int(offsets[first, 0]) if first else 0
            end = int(offsets[last, 0]) if last < len(offsets) else len(text)
            end = start + len(text[start:end].rstrip())
            passages.append(
                Passage(
                    ordinal=len(passages),
                    section=section.kind,
                    message_id=section.message_id,
                    start=section.start + start,
                    end=section.start + end,
                    n_tokens=last - first,
                    n_unseen_tokens=0 if passages else context.n_unseen_tokens,
                )
            )
    if not passages:
        passages.append(Passage(0, SectionKind.BODY, None, 0, 0, 0, context.n_unseen_tokens))
    return passages


def title_passage(
    document: CleanDocument, token_offsets: TokenOffsets, *, ordinal: int, max_tokens: int
) -> Passage | None:
    """
    The title alone as one more passage, with an empty span; None for a document without one.

    Nor for one without text, whose only passage is its title.
    """
    if not document.title or not document.text:
        return None
    n_unseen = max(0, len(token_offsets(document.title)) - max_tokens)
    return Passage(ordinal, SectionKind.TITLE, None, 0, 0, 0, n_unseen)


class TitleContext(NamedTuple):
    """What stands before every passage: text, its tokens, and the title's tokens left out."""

    text: str
    n_tokens: int
    n_unseen_tokens: int


def title_context(
    title: str, token_offsets: TokenOffsets, *, max_tokens: int, title_max_tokens: int
) -> TitleContext:
    """The title as far as there is room: at most half of what the model reads."""
    offsets = token_offsets(title)
    n_seen = min(len(offsets), title_max_tokens, max_tokens // 2)
    if n_seen < len(offsets):
        title = title[: int(offsets[n_seen - 1, 1])] if n_seen else ""
    return TitleContext(title, n_seen, len(offsets) - n_seen)


def passage_input(document: CleanDocument, passage: Passage, context: TitleContext) -> str:
    """What is embedded for a passage: the title's context and the span, or the title alone."""
    if passage.section is SectionKind.TITLE:
        return document.title
    body = document.text[passage.start : passage.end]
    return "\n".join(part for part in (context.text, body) if part)


def _token_ranges(text: str, offsets: Int64, room: int) -> Sequence[tuple[int, int]]:
    """Half-open ranges of tokens, each at most `room` long, cut where a reader would."""
    n_tokens = len(offsets)
    if n_tokens <= room:
        return [(0, n_tokens)] if n_tokens else []
    strength = _cut_strengths(text, offsets)
    ranges: list[tuple[int, int]] = []
    first = 0
    while n_tokens - first > room:
        earliest = first + max(1, room // 2)
        window = strength[earliest : first + room + 1]
        cut = earliest + int(np.flatnonzero(window == window.max())[-1])
        ranges.append((first, cut))
        first = cut
    ranges.append((first, n_tokens))
    return ranges


def _cut_strengths(text: str, offsets: Int64) -> Int64:
    """How good a place each token is for a passage to begin at, (n_tokens,)."""
    strength = np.zeros(len(offsets), dtype=np.int64)
    starts = offsets[:, 0]
    ends_before = np.r_[-1, offsets[:-1, 1]]
    strength[starts <= ends_before] = -1  # within a word
    for pattern, value in _CUTS:
        places = np.fromiter((m.end() for m in pattern.finditer(text)), dtype=np.int64)
        tokens = np.searchsorted(starts, places)
        strength[tokens[tokens < len(starts)]] = value
    return strength
