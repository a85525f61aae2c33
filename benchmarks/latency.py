"""
How long searches take while a rebuild runs and its snapshot is loaded.

    python benchmarks/latency.py [--tickets 50000] [--seconds 20]

One process searches, first with nothing else going on, then while another
process, with one thread, embeds and publishes all anew, and until the new
snapshot has been loaded. Asked: p99 at most twice the idle one, and no search
above 100 ms because of a reload.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.scale import TicketMaker
from kbsearch import Audience, KnowledgeBase, Searcher
from kbsearch.embed import HashingEmbedder

REBUILD = """
import sys
from kbsearch import KnowledgeBase
from kbsearch.embed import HashingEmbedder
from benchmarks.scale import TicketMaker
make = TicketMaker(seed=9)
with KnowledgeBase.open(sys.argv[1], embedder=HashingEmbedder(384)) as kb:
    for start in range(0, int(sys.argv[2]), 64):
        kb.upsert([make(1_000_000 + start + n) for n in range(64)])
    print("written", flush=True)
    sys.stdin.readline()
    kb.rebuild()
"""


def main() -> int:
    arguments = _parse()
    make = TicketMaker(seed=5)
    tickets = [make(number) for number in range(arguments.tickets)]
    queries = [ticket.messages[0].text for ticket in tickets[:200]]
    with tempfile.TemporaryDirectory() as folder:
        kb = KnowledgeBase.create(Path(folder) / "busy.kb", embedder=HashingEmbedder(384))
        kb.upsert(tickets)
        kb.rebuild()
        searcher = kb.searcher(Audience.INTERNAL)
        timed(searcher, queries, lambda: False, 3)  # loads the snapshot
        rows = {"idle": timed(searcher, queries, lambda: False, arguments.seconds)}
        worker = _rebuild(kb.path, arguments.tickets // 20)
        assert worker.stdin is not None
        assert worker.stdout is not None
        has_written = threading.Thread(target=worker.stdout.readline)
        has_written.start()
        rows["while it writes"] = timed(searcher, queries, lambda: not has_written.is_alive(), 3600)
        rows["idle, with what was written"] = timed(
            searcher, queries, lambda: False, arguments.seconds
        )
        worker.stdin.write(b"\n")
        worker.stdin.close()
        rows["while it rebuilds"] = timed(
            searcher, queries, lambda: worker.poll() is not None, 3600
        )
        rows["while its snapshot is loaded"] = timed(
            searcher, queries, lambda: not _is_loading(), 3600, at_least=20
        )
        rows["idle again"] = timed(searcher, queries, lambda: False, arguments.seconds)
    print("| searches | n | p50 ms | p99 ms | max ms |\n|---|---|---|---|---|")
    for name, times in rows.items():
        ordered = sorted(times)
        p50, p99 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
        print(f"| {name} | {len(times)} | {p50:.1f} | {p99:.1f} | {ordered[-1]:.1f} |")
    return 0


def timed(
    searcher: Searcher,
    queries: list[str],
    is_over: object,
    seconds: float,
    at_least: int = 1,
) -> list[float]:
    """Milliseconds of one search after another, until it is over."""
    assert callable(is_over)
    times: list[float] = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until and (len(times) < at_least or not is_over()):
        query = queries[len(times) % len(queries)]
        began = time.perf_counter()
        searcher.search(query)
        times.append(1e3 * (time.perf_counter() - began))
        time.sleep(0.005)
    return times


def _is_loading() -> bool:
    return any(thread.name.startswith("reload") for thread in threading.enumerate())


def _rebuild(path: Path, n_new: int) -> subprocess.Popen[bytes]:
    one_thread = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    paths = {"PYTHONPATH": os.pathsep.join(filter(None, [str(Path.cwd()), *sys.path]))}
    return subprocess.Popen(
        [sys.executable, "-c", REBUILD, str(path), str(n_new)],
        env=os.environ | one_thread | paths,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=20)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
