"""
How long an import takes, and what it loads.

    python benchmarks/import_time.py [--runs N]

Each run is a fresh interpreter; the figure is the sum of what `python -X importtime`
prints as the self time of all modules that the statement loads.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys

STATEMENTS = (
    "import kbsearch",
    "from kbsearch import Article, Ticket",
    "from kbsearch import KnowledgeBase",
)
HEAVY = ("torch", "faiss", "numba", "sentence_transformers", "bm25s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    print(f"{'statement':<40}{'median s':>10}{'max s':>10}  heavy packages loaded")
    empty_s = statistics.median(_import_s("pass") for _ in range(runs))
    for statement in STATEMENTS:
        times = [_import_s(statement) - empty_s for _ in range(runs)]
        loaded = _loaded(statement) or "none"
        print(f"{statement:<40}{statistics.median(times):>10.3f}{max(times):>10.3f}  {loaded}")
    return 0


def _import_s(statement: str) -> float:
    """Seconds that all imports of a fresh interpreter take, its own start included."""
    result = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", statement],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = (line.removeprefix("import time:") for line in result.stderr.splitlines()[1:])
    return sum(int(line.split("|")[0]) for line in lines if "|" in line) / 1e6


def _loaded(statement: str) -> str:
    program = f"{statement}\nimport sys\nprint(*[m for m in {HEAVY!r} if m in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return result.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
