"""
Many readers beside one writer, for a while: no error, no leak, no half a change.

    python benchmarks/soak.py [--seconds 600] [--tickets 2000] [--processes 4] [--threads 4]

Processes of several threads each search one desk; this process changes, deletes
and adds tickets and rebuilds all the time. Every version of a ticket names its
number in title and text, so that a mixed answer shows. Memory and open files of
the readers are compared between a warm-up and the end.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import sys
import tempfile
import threading
import time
from array import array
from dataclasses import asdict, dataclass, field
from multiprocessing.queues import Queue
from pathlib import Path

from kbsearch import Audience, AuthorRole, KnowledgeBase, Message, Ticket, TicketStatus
from kbsearch.embed import HashingEmbedder

WARM_UP_SHARE = 0.2
SUBJECTS = "printer badge invoice tunnel scanner kettle monitor licence projector calendar".split()


@dataclass
class Account:
    """What one reading process saw."""

    n_searches: int = 0
    errors: list[str] = field(default_factory=list)
    n_mixed: int = 0
    n_backwards: int = 0
    rss_warm_mb: float = 0.0
    rss_half_mb: float = 0.0
    rss_end_mb: float = 0.0
    n_files_warm: int = 0
    n_files_end: int = 0
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    max_ms: float = 0.0


def main() -> int:
    arguments = _parse()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "soak.kb"
        kb = KnowledgeBase.create(path, embedder=HashingEmbedder(384))
        rng = random.Random(1)
        kb.upsert([ticket(n, 0, rng) for n in range(arguments.tickets)])
        kb.rebuild()
        accounts, writes = run(kb, arguments, rng)
    answer = {"readers": [asdict(each) for each in accounts], "writer": writes}
    print(json.dumps(answer, indent=1) if arguments.json else table(accounts, writes))
    return 0 if is_sound(accounts) and not writes["errors"] else 1


def run(
    kb: KnowledgeBase, arguments: argparse.Namespace, rng: random.Random
) -> tuple[list[Account], dict[str, object]]:
    """Readers in processes of their own, writes here."""
    context = multiprocessing.get_context("spawn")
    answers: Queue[Account] = context.Queue()
    until = time.time() + arguments.seconds
    readers = [
        context.Process(target=read, args=(str(kb.path), until, arguments.threads, answers))
        for _ in range(arguments.processes)
    ]
    for reader in readers:
        reader.start()
    writes = write(kb, until, arguments.tickets, rng)
    accounts = [answers.get(timeout=120) for _ in readers]
    for reader in readers:
        reader.join(60)
    return accounts, writes


def write(kb: KnowledgeBase, until: float, n_tickets: int, rng: random.Random) -> dict[str, object]:
    """Change, delete, add and rebuild until the time is over."""
    counts: dict[str, int] = {"upserts": 0, "deletions": 0, "rebuilds": 0}
    errors: list[str] = []
    version = 0
    while time.time() < until:
        version += 1
        numbers = rng.sample(range(n_tickets), 5)
        try:
            kb.upsert([ticket(number, version, rng) for number in numbers])
            counts["upserts"] += 1
            if version % 3 == 0:
                kb.delete([f"soak:{numbers[0]}"])
                counts["deletions"] += 1
            if version % 20 == 0:
                kb.rebuild()
                counts["rebuilds"] += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, the soak counts it
            errors.append(f"{type(error).__name__}: {error}")
        time.sleep(0.02)
    return {**counts, "errors": errors[:10], "n_errors": len(errors)}


def read(path: str, until: float, n_threads: int, answers: Queue[Account]) -> None:
    """Search with several threads until the time is over."""
    account = Account()
    kb = KnowledgeBase.open(path, embedder=HashingEmbedder(384))
    searcher = kb.searcher(Audience.INTERNAL)
    latencies = array("f")
    newest: dict[str, int] = {}
    guard = threading.Lock()

    def search(seed: int) -> None:
        rng = random.Random(seed)
        while time.time() < until:
            began = time.perf_counter()
            try:
                with guard:
                    known = dict(newest) if rng.random() < 0.1 else {}
                hits = searcher.search(" ".join(rng.sample(SUBJECTS, 3)), k=10).hits
                seen = {
                    hit.id: (version_of(hit.title), version_of(hit.passage.text)) for hit in hits
                }
            except Exception as error:  # noqa: BLE001 - whatever it is, the soak counts it
                with guard:
                    account.errors.append(f"{type(error).__name__}: {error}")
                continue
            with guard:
                latencies.append(time.perf_counter() - began)
                account.n_searches += 1
                account.n_mixed += sum(title != text for title, text in seen.values())
                account.n_backwards += sum(
                    title < known[i] for i, (title, _) in seen.items() if i in known
                )
                for i, (title, _) in seen.items():
                    newest[i] = max(title, newest.get(i, 0))

    threads = [threading.Thread(target=search, args=(os.getpid() + n,)) for n in range(n_threads)]
    began = time.time()
    for thread in threads:
        thread.start()
    warm_at = began + (until - began) * WARM_UP_SHARE
    while time.time() < warm_at:
        time.sleep(0.2)
        account.n_files_warm = max(account.n_files_warm, n_open_files())
    account.rss_warm_mb = rss_mb()
    time.sleep(max(0.0, (until - time.time()) / 2))
    account.rss_half_mb = rss_mb()
    for thread in threads:
        thread.join()
    account.rss_end_mb, account.n_files_end = rss_mb(), n_open_files()
    ordered = sorted(latencies)
    if ordered:
        account.p50_ms = 1e3 * ordered[len(ordered) // 2]
        account.p99_ms = 1e3 * ordered[int(len(ordered) * 0.99)]
        account.max_ms = 1e3 * ordered[-1]
    answers.put(account)


def ticket(number: int, version: int, rng: random.Random) -> Ticket:
    """A version of a ticket that says so in its subject and its text."""
    words = rng.sample(SUBJECTS, 4)
    return Ticket(
        id=f"soak:{number}",
        subject=f"version{version}x {words[0]} {words[1]}",
        messages=(
            Message(
                author_role=AuthorRole.CUSTOMER,
                text=f"version{version}x my {words[2]} and {words[3]} fail on floor {number}",
                public=True,
            ),
        ),
        status=TicketStatus.RESOLVED,
    )


def version_of(text: str) -> int:
    """The number in the first word that names a version; -1 if there is none."""
    for word in text.split():
        if word.startswith("version") and word.endswith("x"):
            return int(word[7:-1])
    return -1


def rss_mb() -> float:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


def n_open_files() -> int:
    """Open file descriptors of this process."""
    return len(list(Path("/proc/self/fd").iterdir()))


def is_sound(accounts: list[Account]) -> bool:
    """No error, no mixed or older answer, ≤ 5 % more memory, no more open files."""
    return all(
        not each.errors
        and not each.n_mixed
        and not each.n_backwards
        and each.rss_end_mb <= 1.05 * each.rss_warm_mb
        and each.n_files_end <= each.n_files_warm
        for each in accounts
    )


def table(accounts: list[Account], writes: dict[str, object]) -> str:
    """A line per reader."""
    lines = [
        "| searches | errors | mixed | backwards | MB warm | MB half-way | MB end "
        "| files warm | files end | p50 ms | p99 ms | max ms |",
        "|" + "---|" * 12,
    ]
    for each in accounts:
        lines.append(
            f"| {each.n_searches:,} | {len(each.errors)} | {each.n_mixed} | {each.n_backwards} "
            f"| {each.rss_warm_mb:.0f} | {each.rss_half_mb:.0f} | {each.rss_end_mb:.0f} "
            f"| {each.n_files_warm} | {each.n_files_end} "
            f"| {each.p50_ms:.0f} | {each.p99_ms:.0f} | {each.max_ms:.0f} |"
        )
        lines += [f"  {error}" for error in each.errors[:3]]
    return "\n".join([*lines, f"writer: {writes}"])


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--tickets", type=int, default=2000)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
