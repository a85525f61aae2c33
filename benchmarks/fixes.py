"""
How well the first fix of `similar` answers, against the first hit's resolution.

    python benchmarks/fixes.py DATA [--every N] [--work FOLDER] [--dtype bfloat16]

DATA is a folder with cases.jsonl.gz: rows with `problem` and `resolution`. Each
becomes a resolved ticket; each n-th is asked for, itself left out, and what is
answered is compared with its own resolution: the cosine of their vectors, and how
often it exceeds a bar; and the words that they share, which no embedding model
judges. The resolution that is nearest to all others is the control: an answer that
suits everything.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.arguments import data_parser, make_embedder, parsed
from benchmarks.caching import CachingEmbedder
from kbsearch import (
    Audience,
    AuthorRole,
    KnowledgeBase,
    Message,
    Resolution,
    Ticket,
    TicketStatus,
)
from kbsearch.text import Analyzer

BARS = (0.5, 0.6, 0.7)


class Asked(NamedTuple):
    """A case's own resolution, and what was answered in its place."""

    own: str
    first_hit: str
    first_fix: str


def main() -> int:
    arguments = _parse()
    embedder = make_embedder(arguments)
    tickets = load_cases(arguments.data / "cases.jsonl.gz")
    with tempfile.TemporaryDirectory() as folder:
        kb = KnowledgeBase.create(Path(folder) / "bench.kb", embedder=embedder)
        kb.upsert(tickets)
        kb.rebuild()
        asked, n_tried = ask(kb, tickets[:: arguments.every])
        kb.close()
    print(f"{len(tickets)} cases, {len(asked)} asked for; the first fix rests on {n_tried:.1f}")
    control = _central([one.own for one in asked], embedder)
    own = [one.own for one in asked]
    print("  ".join([f"{'':28}", "cosine", *(f"> {bar} " for bar in BARS), "words"]))
    print_row("first hit's resolution", own, [one.first_hit for one in asked], embedder)
    print_row("first fix", own, [one.first_fix for one in asked], embedder)
    print_row("control: the most central", own, [control for _ in asked], embedder)
    return 0


def load_cases(path: Path) -> list[Ticket]:
    """Resolved tickets; cases without a problem or a resolution are left out."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [
        _ticket(f"case:{number}", row["title"], row["problem"], row["resolution"])
        for number, row in enumerate(rows)
        if row["problem"].strip() and row["resolution"].strip()
    ]


def _ticket(ticket_id: str, subject: str, problem: str, fix: str) -> Ticket:
    return Ticket(
        id=ticket_id,
        subject=subject,
        messages=(
            Message(author_role=AuthorRole.CUSTOMER, text=problem, public=True),
            Message(author_role=AuthorRole.AGENT, text=fix, public=True, id=f"{ticket_id}#2"),
        ),
        status=TicketStatus.RESOLVED,
        resolution=Resolution(text=fix, public=True, message_id=f"{ticket_id}#2"),
    )


def ask(kb: KnowledgeBase, tickets: Sequence[Ticket]) -> tuple[list[Asked], float]:
    """What is answered for each, and how many tickets the first fix rests on, on average."""
    agents = kb.searcher(Audience.INTERNAL)
    asked, n_tried = [], []
    for ticket in tickets:
        found = agents.similar(ticket.id)
        own, hit = ticket.resolution, found.hits[0].resolution if found.hits else None
        if own is None or hit is None:
            continue
        first = found.fixes[0] if found.fixes else None
        asked.append(Asked(own.text, hit.text, first.text if first else hit.text))
        n_tried.append(first.n_tried if first else 0)
    return asked, float(np.mean(n_tried))


def print_row(
    name: str, own: Sequence[str], answers: Sequence[str], embedder: CachingEmbedder
) -> None:
    """Mean cosine, shares above the bars, and mean share of common words."""
    cosines = np.einsum("ij,ij->i", embedder.embed_passages(own), embedder.embed_passages(answers))
    bars = "  ".join(f"{(cosines > bar).mean():.3f}" for bar in BARS)
    words = np.mean([_common(a, b) for a, b in zip(own, answers, strict=True)])
    print(f"{name:28}  {cosines.mean():.4f}  {bars}  {words:.4f}")


def _common(first: str, second: str, *, analyzer: Analyzer = Analyzer()) -> float:  # noqa: B008
    a, b = set(analyzer.terms(first)), set(analyzer.terms(second))
    return len(a & b) / max(1.0, sqrt(len(a) * len(b)))


def _central(texts: Sequence[str], embedder: CachingEmbedder) -> str:
    vectors = embedder.embed_passages(texts)
    return texts[int((vectors @ vectors.mean(axis=0)).argmax())]


def _parse() -> argparse.Namespace:
    parser = data_parser(__doc__, is_one_set=True)
    parser.add_argument("--every", type=int, default=1, help="ask for each n-th case")
    return parsed(parser)


if __name__ == "__main__":
    raise SystemExit(main())
