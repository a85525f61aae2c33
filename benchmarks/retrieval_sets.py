"""Retrieval sets in folders: corpus.jsonl.gz, queries.jsonl.gz and qrels.tsv or labels."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from kbsearch import (
    Article,
    Audience,
    AuthorRole,
    Message,
    TextFormat,
    Ticket,
    TicketStatus,
)

Qrels = dict[str, dict[str, int]]


class Query(NamedTuple):
    """A question, the document it must not find (itself), and who asks."""

    id: str
    text: str
    own_document: str | None
    audience: Audience


class DataSet(NamedTuple):
    """Documents as kbsearch takes them, queries, and which documents answer which."""

    name: str
    documents: list[Article | Ticket]
    queries: list[Query]
    qrels: Qrels
    audiences: dict[str, Audience]
    labels: dict[str, str]


def find_sets(folder: Path) -> list[Path]:
    """Folders below `folder` that hold a corpus and queries, by name."""
    return sorted(p.parent for p in folder.glob("*/corpus.jsonl.gz") if _queries(p.parent).exists())


def load_set(folder: Path) -> DataSet:
    """Read one set; documents are numbered, because ids of data sets may hold anything."""
    rows = list(_lines(folder / "corpus.jsonl.gz"))
    ids = {str(row["id"]): f"{folder.name}:{number}" for number, row in enumerate(rows)}
    has_resolutions = any("resolution" in row or "component" in row for row in rows[:50])
    make = _ticket if has_resolutions else _article
    documents = [make(ids[str(row["id"])], row) for row in rows]
    asked = list(_lines(_queries(folder)))
    qrels = _read_qrels(folder / "qrels.tsv", ids) or _label_qrels(rows, asked, ids)
    queries = [
        Query(
            id=str(row["id"]),
            text=row["text"],
            own_document=ids.get(str(row["id"])) if has_resolutions else None,
            audience=Audience(row.get("audience", "internal")),
        )
        for row in asked
        if qrels.get(str(row["id"]))
    ]
    audiences = {ids[str(row["id"])]: Audience(row.get("audience", "internal")) for row in rows}
    labels = {ids[str(row["id"])]: str(row["label"]) for row in rows if "label" in row}
    return DataSet(folder.name, documents, queries, qrels, audiences, labels)


def dated_tickets(folder: Path) -> tuple[list[Ticket], list[tuple[str, str]]]:
    """Issues of a tracker with their dates, and pairs of linked duplicates, each either way."""
    rows = list(_lines(folder / "corpus.jsonl.gz"))
    ids = {str(row["id"]): f"{folder.name}:{number}" for number, row in enumerate(rows)}
    tickets = [_dated(_ticket(ids[str(row["id"])], row), row) for row in rows]
    qrels = _read_qrels(folder / "qrels.tsv", ids)
    pairs = {(ids[one], other) for one, own in qrels.items() if one in ids for other in own}
    return tickets, sorted(pairs | {(other, one) for one, other in pairs})


def load_tracker(folder: Path) -> list[Ticket]:
    """Issues of a tracker with their dates, each naming its duplicates."""
    tickets, pairs = dated_tickets(folder)
    duplicates: defaultdict[str, list[str]] = defaultdict(list)
    for one, other in pairs:
        duplicates[one].append(other)
    return [
        ticket.model_copy(update={"duplicate_ids": tuple(duplicates[ticket.id])})
        for ticket in tickets
    ]


def _dated(ticket: Ticket, row: dict[str, Any]) -> Ticket:
    created, resolved = (_time(row.get(name) or "") for name in ("created", "resolved"))
    (message,) = ticket.messages
    messages = (message.model_copy(update={"created_at": created}),)
    return ticket.model_copy(
        update={"messages": messages, "created_at": created, "resolved_at": resolved}
    )


def _time(text: str) -> datetime | None:
    """As Jira exports it, or Bugzilla."""
    if "/" in text:
        return datetime.strptime(text, "%d/%b/%y %H:%M").replace(tzinfo=UTC)
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S %z") if text else None


def _article(document_id: str, row: dict[str, Any]) -> Article:
    return Article(
        id=document_id,
        title=row.get("title") or "",
        body=row.get("text") or "",
        format=TextFormat.MARKDOWN if "path" in row else TextFormat.PLAIN,
        audience=Audience(row.get("audience", "internal")),
    )


def _ticket(document_id: str, row: dict[str, Any]) -> Ticket:
    status = str(row.get("status", "")).casefold()
    message = Message(author_role=AuthorRole.CUSTOMER, text=row.get("text") or "", public=True)
    return Ticket(
        id=document_id,
        subject=row.get("title") or "",
        messages=(message,),
        status=TicketStatus.RESOLVED if status in {"resolved", "closed"} else TicketStatus.OPEN,
        n_reopenings=1 if status == "reopened" else None,  # at least once
        product=row.get("product"),
    )


def _queries(folder: Path) -> Path:
    return folder / "queries.jsonl.gz"


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _read_qrels(path: Path, ids: dict[str, str]) -> Qrels:
    qrels: defaultdict[str, dict[str, int]] = defaultdict(dict)
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            query_id, document_id, grade = line.split("\t")
            if document_id in ids and int(grade) > 0:
                qrels[query_id][ids[document_id]] = int(grade)
    return dict(qrels)


def _label_qrels(
    rows: list[dict[str, Any]], asked: list[dict[str, Any]], ids: dict[str, str]
) -> Qrels:
    """Where there are labels instead of judgements: the same label is relevant."""
    by_label: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        by_label[str(row.get("label"))][ids[str(row["id"])]] = 1
    return {str(q["id"]): by_label[str(q["label"])] for q in asked if "label" in q}
