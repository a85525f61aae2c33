"""
Two worlds that differ only in what staff know, and what customers see of each.

The tests of the wall between audiences play one story, of everything that is
done to customers' documents, in two worlds, and compare what a customer sees.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from kbsearch import Audience, KnowledgeBase, Settings, Ticket, TicketStatus
from kbsearch.config import SnapshotSettings
from kbsearch.embed import Embedder
from kbsearch.errors import DocumentNotFoundError
from kbsearch.models import Document
from tests.builders import agent_says, article, customer_says, ticket
from tests.disk import bytes_of
from tests.library import EXTERNAL, INTERNAL

NOON = datetime(2024, 5, 17, 12, tzinfo=UTC)
SMALL = Settings(snapshots=SnapshotSettings(fold_at_passages=3))
_UNFINISHED = (TicketStatus.NEW, TicketStatus.OPEN, TicketStatus.PENDING)


class Step(NamedTuple):
    """One thing that is done to customers' documents: put, withdraw, delete or rebuild."""

    action: str
    number: int
    text: str


class World(NamedTuple):
    """What only staff know; empty for a desk that has no internal document at all."""

    secrets: tuple[str, ...]

    def secret(self, n: int) -> str:
        """One of them, or nothing."""
        return self.secrets[n % len(self.secrets)] if self.secrets else ""


def published_ticket(external_id: str, text: str, secret: str) -> Ticket:
    """The same for customers, whatever the secret; different in every private field."""
    private = [agent_says(secret, public=False, id="n1", created_at=NOON)] if secret else []
    return ticket(
        external_id,
        text,
        subject=secret or "none",
        messages=(
            customer_says(text, id="m1", created_at=NOON - timedelta(days=2)),
            *private,
            agent_says(f"Try {text}", public=True, id="m2", created_at=NOON - timedelta(days=1)),
        ),
        status=_UNFINISHED[len(secret) % 3],
        tags=(secret[:20],) if secret.strip() else (),
        article_ids=(f"kb:{len(secret)}",),
        updated_at=NOON + timedelta(hours=len(secret)),
        published=True,
    )


def _for_customers(number: int, text: str, secret: str) -> Document:
    if number % 2:
        return published_ticket(f"e{number}", text, secret)
    return article(f"e{number}", text, EXTERNAL)


def _withdrawn(number: int, secret: str) -> Document:
    text = secret or "none"
    return ticket(f"e{number}", text) if number % 2 else article(f"e{number}", text, INTERNAL)


def play(root: Path, story: Sequence[Step], world: World, embedder: Embedder) -> KnowledgeBase:
    """
    Make a desk and tell the story on it, staff's own work all between.

    Internal documents stand before, between and after customers' in the same
    batches, and come and go in batches of their own.
    """
    kb = KnowledgeBase.create(root, settings=SMALL, embedder=embedder)
    with patch("kbsearch.indexing.shelf_writer.DOCUMENTS_PER_COMMIT", 2):
        for n, step in enumerate(story):
            _work_of_staff(kb, n, world.secret(n))
            _tell(kb, n, step, world.secret(n))
        _work_of_staff(kb, len(story), world.secret(len(story)))
    return kb


def _work_of_staff(kb: KnowledgeBase, n: int, secret: str) -> None:
    if secret:
        kb.upsert([article(f"i{n}", secret, INTERNAL), ticket(f"i{n}", f"{secret} {n}")])
        kb.delete([f"kb:i{n - 1}", "kb:none"])


def _tell(kb: KnowledgeBase, n: int, step: Step, secret: str) -> None:
    public_id = f"desk:e{step.number}" if step.number % 2 else f"kb:e{step.number}"
    if step.action == "rebuild":
        kb.rebuild()
    elif step.action == "delete":
        kb.delete([public_id, *([f"desk:i{n}"] if secret else [])])
    elif step.action == "withdraw":
        kb.upsert([_withdrawn(step.number, secret)])
    else:
        between: list[Document] = []
        if secret:
            between = [article(f"b{n}", secret, INTERNAL), ticket(f"b{n}", secret)]
        first = _for_customers(step.number, step.text, secret)
        second = _for_customers(step.number + 1, f"{step.text} again", secret)
        kb.upsert([*between[:1], first, *between[1:], second])


class View(NamedTuple):
    """All that a customer, or a thief of the external directory, can tell apart."""

    files: dict[str, str]
    answers: tuple[str, ...]


def view_of_customers(kb: KnowledgeBase, queries: Sequence[str]) -> View:
    """Hash of every external file, and every answer of the library in full."""
    customers = kb.searcher(EXTERNAL, clock=lambda: NOON)
    answers = [_answer_about(kb, document_id) for document_id in _some_ids()]
    for query in queries:
        answers.append(customers.search(query, k=5).model_dump_json())
        answers.append(customers.similar(ticket("draft", query), k=5).model_dump_json())
    answers += [stats.model_dump_json() for stats in kb.stats(EXTERNAL)]
    answers.append(kb.check(EXTERNAL).model_dump_json())
    answers.append(str(customers.count()))
    files = bytes_of(kb.path / "external")
    return View(
        {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        tuple(answers),
    )


def _some_ids() -> list[str]:
    numbers = [f"{kind}{n}" for kind in "eib" for n in range(6)]
    return [f"{source}:{number}" for source in ("kb", "desk") for number in numbers]


def _answer_about(kb: KnowledgeBase, document_id: str) -> str:
    """The document, or the error about it, told without its id."""
    customers = kb.searcher(EXTERNAL)
    try:
        return customers.get(document_id).model_dump_json()
    except DocumentNotFoundError as error:
        return f"{type(error).__name__} {str(error).replace(document_id, 'ID')}"


def audiences_of(kb: KnowledgeBase) -> dict[str, int]:
    """Number of documents on each shelf."""
    counts = {stats.shelf: stats.n_articles + stats.n_tickets for stats in kb.stats(INTERNAL)}
    assert set(counts) == {audience.value for audience in Audience}
    return counts
