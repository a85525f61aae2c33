"""
A server that loads and searches, forks its workers and lets each of them search: a program.

Arguments: the desk's directory (made here), "hashing" or "minilm", and "hooks"
or "no-hooks". Prints how many workers answered rightly, wrongly and never.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
from collections import Counter
from collections.abc import Callable

N_WORKERS = 8
N_QUERIES = 100
TIMEOUT_S = 30.0
_TIMEOUT_WITHOUT_HOOKS_S = 6.0


Worker = Callable[[Callable[[], object]], bool]
"""Told what to call after each query; returns whether all answers were right."""


def serve(path: str, kind: str) -> Worker:
    """A desk on which FAISS and the model have used threads; returns what a worker does."""
    import numpy as np

    from kbsearch import Article, Audience, KnowledgeBase
    from kbsearch.embed import HashingEmbedder, SentenceTransformerEmbedder
    from kbsearch.vector import FlatIndex

    embedder = HashingEmbedder(64) if kind == "hashing" else SentenceTransformerEmbedder()
    kb = KnowledgeBase.create(path, embedder=embedder)
    texts = [f"The adapter {n} of the VPN drops after sleep" for n in range(20)]
    kb.upsert(
        Article(id=f"kb:{n}", title=f"VPN {n}", body=text, audience=Audience.EXTERNAL)
        for n, text in enumerate(texts)
    )
    kb.rebuild()
    searcher = kb.searcher(Audience.EXTERNAL)
    index = FlatIndex(np.random.default_rng(1).standard_normal((3000, 64)).astype(np.float32))
    many = np.random.default_rng(2).standard_normal((64, 64)).astype(np.float32)

    rows = np.arange(3000, dtype=np.int64)

    def answer(is_alive: Callable[[], object] = bool) -> object:
        found = []
        for n in range(N_QUERIES):
            found.append(searcher.search(f"adapter {n} sleeps", k=3))
            is_alive()
        nearest = [hits.rows.tolist() for hits in index.search(many, 10)]
        best = float(index.cosines(many[0], rows).max())  # more than 1000 rows: in threads
        return [[hit.id for hit in one] for one in found], nearest, best

    expected = answer()
    return lambda is_alive: answer(is_alive) == expected


def fork_workers(work: Worker, timeout_s: float) -> Counter[str]:
    """Eight children at once; when none has answered a query for so long, the rest hangs."""
    answered, answers = os.pipe()
    children = set()
    for _ in range(N_WORKERS):
        pid = os.fork()
        if pid == 0:
            is_right = False
            try:
                is_right = work(lambda: os.write(answers, b"."))
            finally:
                os._exit(0 if is_right else 1)
        children.add(pid)
    os.close(answers)
    while select.select([answered], [], [], timeout_s)[0] and os.read(answered, 4096):
        continue  # until all have ended, or for too long nothing has come
    outcomes: Counter[str] = Counter()
    for pid in children:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            outcomes["right" if status == 0 else "wrong"] += 1
            continue
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        outcomes["hung" if os.WIFSIGNALED(status) else "right" if status == 0 else "wrong"] += 1
    return outcomes


def main() -> None:
    """Load, search, fork, count."""
    path, kind, hooks = sys.argv[1:]
    if hooks == "no-hooks":
        os.register_at_fork = lambda **_: None
    timeout_s = TIMEOUT_S if hooks == "hooks" else _TIMEOUT_WITHOUT_HOOKS_S
    sys.stdout.write(json.dumps(fork_workers(serve(path, kind), timeout_s)))


if __name__ == "__main__":
    main()
