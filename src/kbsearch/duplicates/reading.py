"""Tickets of a shelf as reports: the asker's problem, its passages and their vectors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32
from kbsearch.duplicates.reports import MAX_PASSAGES, Report
from kbsearch.embed import Embedder, Fingerprint, checked_vectors
from kbsearch.errors import EmbedderMismatchError
from kbsearch.models import SectionKind, Ticket
from kbsearch.progress import Progress, silent
from kbsearch.store import RecordReader, StoredPassage, to_us
from kbsearch.text import (
    Analyzer,
    CleanDocument,
    Cleaner,
    Section,
    first_line,
    passage_input,
    split_document,
    title_context,
)

_TICKETS_AT_ONCE = 512


class Facts(NamedTuple):
    """
    What is shown of a ticket, and what links say of it.

    Attributes:
        id: Of the ticket.
        shelf: Where it stands.
        title: Its subject, or how it begins.
        problem: Its subject and what its asker wrote, as plain text.
        status: Of the ticket.
        is_resolved: Whether it is resolved or closed.
        has_answer: Whether something says what fixed it.
        created_at: When it was created.
        linked: Ids that are duplicates of it, or were merged with it.
        problem_ids: Problems that it is an incident of.
        sender: Who asked, as far as the ticket's own fields say so.
    """

    id: str
    shelf: str
    title: str
    problem: str
    status: str
    is_resolved: bool
    has_answer: bool
    created_at: datetime | None
    linked: tuple[str, ...]
    problem_ids: tuple[str, ...]
    sender: str | None


class ReadTicket(NamedTuple):
    """One ticket to compare, what is shown of it, and its key on its shelf; 0 for a draft."""

    key: int
    facts: Facts
    report: Report


def read_tickets(
    records: RecordReader,
    shelf: str,
    fingerprint: Fingerprint,
    analyzer: Analyzer,
    *,
    keys: Iterable[int] | None = None,
    progress: Progress = silent,
) -> Iterator[ReadTicket]:
    """
    Every ticket that stands on a shelf, or those with these keys, as far as they are derived.

    Raises:
        EmbedderMismatchError: If the shelf was built with another embedder.
        StoreError: If the shelf cannot be read.
    """
    _require_fingerprint(records, shelf, fingerprint)
    wanted = records.keys() if keys is None else list(dict.fromkeys(keys))
    for start in range(0, len(wanted), _TICKETS_AT_ONCE):
        progress(f"read {shelf}", start, len(wanted))
        yield from _read(records, shelf, fingerprint, analyzer, wanted[start:][:_TICKETS_AT_ONCE])
    progress(f"read {shelf}", len(wanted), len(wanted))


def read_draft(
    ticket: Ticket,
    cleaner: Cleaner,
    embedder: Embedder,
    fingerprint: Fingerprint,
    analyzer: Analyzer,
) -> ReadTicket:
    """
    A ticket that may not stand anywhere yet, cut and embedded as it would be on its shelf.

    Raises:
        InvalidDocumentError: If it has no readable text.
    """
    cleaned = cleaner.document(ticket)
    room = {
        "max_tokens": fingerprint.passage_tokens,
        "title_max_tokens": fingerprint.title_tokens,
    }
    sections = problem_sections(cleaned)
    all_passages = split_document(cleaned, embedder.token_offsets, **room)
    within = [each for each in all_passages if _is_within(each.start, sections)] or all_passages
    context = title_context(cleaned.title, embedder.token_offsets, **room)
    inputs = [passage_input(cleaned, passage, context) for passage in within[:MAX_PASSAGES]]
    vectors = checked_vectors(embedder.embed_passages(inputs), len(inputs), embedder.fingerprint)
    return _ticket(0, ticket, "", _Problem(cleaned, sections, vectors), analyzer)


def problem_sections(cleaned: CleanDocument) -> list[Section]:
    """
    Sections that tell the problem: the asker's, up to the first reply after them.

    What an asker writes later is of thanks, or of another problem. A ticket that
    begins with an agent gives its first section.
    """
    found: list[Section] = []
    for section in cleaned.sections:
        if section.kind is SectionKind.PROBLEM:
            found.append(section)
        elif section.kind is SectionKind.REPLY and found:
            break
    return found or list(cleaned.sections[:1])


def _read(
    records: RecordReader,
    shelf: str,
    fingerprint: Fingerprint,
    analyzer: Analyzer,
    keys: Sequence[int],
) -> Iterator[ReadTicket]:
    with records.reading():
        documents = records.documents(keys)
        tickets = {key: d for key, d in documents.items() if isinstance(d, Ticket)}
        cleaned = records.cleaned(tickets, fingerprint.key)
        sections = {key: problem_sections(each) for key, each in cleaned.items()}
        passages: dict[int, list[StoredPassage]] = {key: [] for key in cleaned}
        for stored in records.passages(cleaned, fingerprint.key):
            passages[stored.document_key].append(stored)
        for key, own in passages.items():
            within = [p for p in own if _is_within(p.passage.start, sections[key])]
            passages[key] = (within or own)[:MAX_PASSAGES]
        needed = [stored for own in passages.values() for stored in own]
        vectors = records.vectors_of(needed, fingerprint.embedder.key)
    for key, own in sorted(passages.items()):
        if own:
            rows = np.stack([vectors[stored.input_hash] for stored in own])
            problem = _Problem(cleaned[key], sections[key], rows)
            yield _ticket(key, tickets[key], shelf, problem, analyzer)


class _Problem(NamedTuple):
    cleaned: CleanDocument
    sections: Sequence[Section]
    vectors: Float32


def _ticket(
    key: int, ticket: Ticket, shelf: str, problem: _Problem, analyzer: Analyzer
) -> ReadTicket:
    cleaned = problem.cleaned
    parts = (cleaned.text[each.start : each.end] for each in problem.sections)
    text = "\n".join([cleaned.title, *parts]).strip()
    title = cleaned.title or first_line(cleaned.text)
    facts = Facts(
        id=ticket.id,
        shelf=shelf,
        title=title,
        problem=text,
        status=ticket.status.value,
        is_resolved=ticket.is_resolved,
        has_answer=bool(ticket.public_resolution or ticket.private_resolution),
        created_at=ticket.created_at,
        linked=(*ticket.duplicate_ids, *ticket.merged_ids),
        problem_ids=ticket.problem_ids,
        sender=_sender(ticket),
    )
    report = Report(
        id=ticket.id,
        title_terms=analyzer.terms(title),
        terms=analyzer.terms(text),
        vectors=problem.vectors,
        product=ticket.product,
        created_us=to_us(ticket.created_at),
    )
    return ReadTicket(key, facts, report)


def _sender(ticket: Ticket) -> str | None:
    """The requester, who is the first that a ticket names."""
    if not ticket.people:
        return None
    first = ticket.people[0]
    return first.id or first.email or first.phone or first.name


def _is_within(start: int, sections: Iterable[Section]) -> bool:
    return any(section.start <= start < max(section.end, section.start + 1) for section in sections)


def _require_fingerprint(records: RecordReader, shelf: str, fingerprint: Fingerprint) -> None:
    key = records.fingerprint_key()
    if key is not None and key != fingerprint.key:
        raise EmbedderMismatchError(shelf, records.fingerprint_name() or key, str(fingerprint))
