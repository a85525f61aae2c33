"""
What a desk of N tickets costs: building, searching, one more ticket.

    python benchmarks/scale.py [--tickets 10000 100000]

Texts are made of random words with a natural distribution and embedded by the
hashing embedder (384 dimensions), so that the figures are the store's and the
indexes', not a model's.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from kbsearch import (
    Audience,
    AuthorRole,
    Filters,
    KnowledgeBase,
    Message,
    Ticket,
    TicketStatus,
)
from kbsearch.embed import HashingEmbedder

WORDS_PER_MESSAGE = 60
N_WORDS = 20_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, nargs="+", default=[10_000, 100_000])
    sizes = parser.parse_args().tickets
    rows = [measure(n) for n in sizes]
    for name in rows[0]:
        print(f"{name:<34}" + "".join(f"{row[name]:>14,.1f}" for row in rows))
    return 0


def measure(n_tickets: int) -> dict[str, float]:
    """One column of the table."""
    make = TicketMaker(seed=n_tickets)
    tickets = [make(number) for number in range(n_tickets)]
    with tempfile.TemporaryDirectory() as folder:
        kb = KnowledgeBase.create(Path(folder) / "big.kb", embedder=HashingEmbedder(384))
        build_s = _seconds(lambda: kb.upsert(tickets))
        rebuild_s = _seconds(kb.rebuild)
        agents = kb.searcher(Audience.INTERNAL)
        query = tickets[5].messages[0].text
        first_s = _seconds(lambda: agents.search(query))
        narrow = Filters(product=("p1",), tags=("t13",))
        numbers = iter(range(n_tickets, 10 * n_tickets))

        def add_one() -> None:
            kb.upsert([make(next(numbers))])

        def add_one_and_search() -> None:
            add_one()
            agents.search(query)

        row = {
            "tickets": n_tickets,
            "passages": sum(shelf.n_passages for shelf in kb.stats(Audience.INTERNAL)),
            "build, s": build_s,
            "rebuild (nothing changed), s": rebuild_s,
            "open and first search, s": first_s,
            "search, ms": _median_ms(lambda: agents.search(query)),
            "search with filters, ms": _median_ms(lambda: agents.search(query, filters=narrow)),
            "similar, ms": _median_ms(lambda: agents.similar(tickets[7])),
            "upsert of one, ms": _median_ms(add_one),
            "upsert of one, then search, ms": _median_ms(add_one_and_search),
            "check, s": _seconds(lambda: kb.check(Audience.INTERNAL)),
            "on disk, MB": sum(s.size_bytes for s in kb.stats(Audience.INTERNAL)) / 1e6,
            "peak memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
        kb.close()
    return row


class TicketMaker:
    """Makes tickets of random words, half of them resolved."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def __call__(self, number: int) -> Ticket:
        """Ticket `desk:number`."""
        problem, reply = self._text(WORDS_PER_MESSAGE), self._text(20)
        return Ticket(
            id=f"desk:{number}",
            subject=problem[:60],
            messages=(
                Message(author_role=AuthorRole.CUSTOMER, text=problem, public=True),
                Message(author_role=AuthorRole.AGENT, text=reply, public=True),
            ),
            status=TicketStatus.RESOLVED if number % 2 else TicketStatus.OPEN,
            product=f"p{number % 7}",
            tags=(f"t{number % 50}",),
        )

    def _text(self, n_words: int) -> str:
        ranks = (min(int(self._random.paretovariate(0.6)), N_WORDS) for _ in range(n_words))
        return " ".join(f"word{rank}" for rank in ranks)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _median_ms(work: Callable[[], object], runs: int = 15) -> float:
    return 1000 * statistics.median(_seconds(work) for _ in range(runs))


if __name__ == "__main__":
    sys.exit(main())
