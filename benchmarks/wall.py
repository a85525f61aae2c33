"""
Whether customers could tell anything of what staff know: by time, and on real documents.

    python benchmarks/wall.py [DATA] [--pairs 5000] [--internal 0 10000 100000] [--model NAME]

Existence: ids of internal tickets and ids that never were, asked for in turn by
`get`, `similar` and `removed` of a searcher for customers; asked: medians at most
5 % apart, and a Mann-Whitney test that cannot tell them apart (p > 0.01).
Size: the same external shelf beside internal ones of several sizes, searched in
turn; asked: medians at most 5 % apart. DATA is a folder with `kb-audience-mix`:
every probe is asked for customers at several k; asked: no internal document,
where one BM25 over all shows one in more than half of the external probes.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import mannwhitneyu  # type: ignore[import-untyped]

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.caching import CachingEmbedder
from benchmarks.datasets import DataSet, load_set
from benchmarks.scale import TicketMaker
from kbsearch import Article, Audience, KnowledgeBase, Searcher
from kbsearch.embed import Embedder, HashingEmbedder, SentenceTransformerEmbedder
from kbsearch.errors import DocumentNotFoundError
from kbsearch.lexical import Bm25Index
from kbsearch.text import Analyzer

N_EXTERNAL = 2_000
DEPTHS = (1, 10, 100, 1000)
TOP = 10
SET = "kb-audience-mix"


def main() -> int:
    arguments = _parse()
    with tempfile.TemporaryDirectory(dir=arguments.work) as folder:
        if arguments.pairs:
            time_oracles(Path(folder), arguments.pairs)
        if arguments.internal:
            time_sizes(Path(folder), arguments.internal, arguments.searches)
        if arguments.data is not None:
            probe(Path(folder), load_set(arguments.data / SET), _embedder(arguments))
    return 0


def time_oracles(folder: Path, n_pairs: int) -> None:
    """Time the refusal of ids that stand on the internal shelf, and of ids that never were."""
    kb = _desk(folder / "oracle.kb", n_internal=N_EXTERNAL)
    customers = kb.searcher(Audience.EXTERNAL)
    chance = random.Random(7)
    print(f"| call, {n_pairs} pairs | internal id, us | no such id, us | difference | p |")
    print("|---|---|---|---|---|")
    for ask in (customers.get, customers.similar, customers.removed):
        there, nowhere = _refusals(ask, n_pairs, chance)
        p = mannwhitneyu(there, nowhere).pvalue
        a, b = statistics.median(there), statistics.median(nowhere)
        print(f"| {ask.__name__} | {a:.1f} | {b:.1f} | {(a - b) / b:+.2%} | {p:.3f} |")
    kb.close()


def _refusals(
    ask: Callable[[str], object], n_pairs: int, chance: random.Random
) -> tuple[list[float], list[float]]:
    """Microseconds of each refusal; ids of both kinds have the same form and length."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for n in range(n_pairs + 50):
        number = chance.randrange(N_EXTERNAL)
        pair = [(True, f"desk:{number + 100_000}"), (False, f"desk:{number + 500_000}")]
        chance.shuffle(pair)
        for is_there, document_id in pair:
            began = time.perf_counter()
            try:
                ask(document_id)
            except DocumentNotFoundError:
                took = time.perf_counter() - began
            else:
                raise SystemExit(f"{document_id} was shown to customers")
            if n >= 50:  # the first ones warm up
                times[is_there].append(1e6 * took)
    return times[True], times[False]


def time_sizes(folder: Path, sizes: Sequence[int], n_searches: int) -> None:
    """Time customers' searches beside internal shelves of several sizes, one after the other."""
    desks = [_desk(folder / f"{size}.kb", n_internal=size) for size in sizes]
    searchers = [kb.searcher(Audience.EXTERNAL) for kb in desks]
    make, chance = TicketMaker(seed=3), random.Random(3)
    queries = [make(n).messages[0].text[:120] for n in range(n_searches)]
    times: list[list[float]] = [[] for _ in sizes]
    for searcher in searchers:
        for query in queries[:20]:
            searcher.search(query)
    for query in queries:
        order = list(range(len(sizes)))
        chance.shuffle(order)
        for i in order:
            began = time.perf_counter()
            searchers[i].search(query)
            times[i].append(1e3 * (time.perf_counter() - began))
    first = statistics.median(times[0])
    print(f"\n| internal documents, {n_searches} searches of customers | p50 ms | difference |")
    print("|---|---|---|")
    for size, each in zip(sizes, times, strict=True):
        p50 = statistics.median(each)
        print(f"| {size:,} | {p50:.3f} | {(p50 - first) / first:+.2%} |")
    for kb in desks:
        kb.close()


def _desk(path: Path, *, n_internal: int) -> KnowledgeBase:
    """The same external articles always, and so many internal tickets from number 100,000 on."""
    print(f"  building {path.name} …", file=sys.stderr, flush=True)
    kb = KnowledgeBase.create(path, embedder=HashingEmbedder(384))
    make = TicketMaker(seed=1)
    kb.upsert([_article(make(n).messages[0].text, n) for n in range(N_EXTERNAL)])
    secret = TicketMaker(seed=2)
    for start in range(0, n_internal, 10_000):
        numbers = range(start, min(n_internal, start + 10_000))
        kb.upsert([secret(100_000 + n) for n in numbers])
    kb.rebuild()
    return kb


def _article(text: str, number: int) -> Article:
    return Article(id=f"kb:{number}", title=text[:60], body=text, audience=Audience.EXTERNAL)


def probe(folder: Path, data: DataSet, embedder: Embedder) -> None:
    """Ask every query of the set for customers, and one BM25 that knows no audience."""
    kb = KnowledgeBase.create(folder / "mix.kb", embedder=embedder)
    kb.upsert(data.documents)
    kb.rebuild()
    for audience in Audience:
        n = sum(each is audience for each in data.audiences.values())
        print(f"  {n} {audience.value} documents", file=sys.stderr)
    shared = _shared_top(data)
    print(
        f"\n| {SET}: probes, each the title of a document | of external ones | of internal ones |"
    )
    print("|---|---|---|")
    by_audience = {a: [q for q in data.queries if q.audience is a] for a in Audience}
    counts = [len(by_audience[a]) for a in (Audience.EXTERNAL, Audience.INTERNAL)]
    print(f"| probes | {counts[0]} | {counts[1]} |")
    customers = kb.searcher(Audience.EXTERNAL)
    for k in DEPTHS:
        found = [
            _count_shown(customers, data, [query.text for query in by_audience[a]], k)
            for a in (Audience.EXTERNAL, Audience.INTERNAL)
        ]
        cells = " | ".join(f"{wrong} of {hits:,}" for wrong, hits in found)
        print(f"| kbsearch for customers, k = {k}: internal among the hits | {cells} |")
    wrong = [
        sum(any(data.audiences[i] is not a for i in shared[q.id]) for q in by_audience[a])
        for a in (Audience.EXTERNAL, Audience.INTERNAL)
    ]
    cells = " | ".join(f"{n} ({n / of:.0%})" for n, of in zip(wrong, counts, strict=True))
    print(f"| one BM25 over all: probes with the other audience in the top {TOP} | {cells} |")
    kb.close()


def _count_shown(
    customers: Searcher, data: DataSet, queries: Sequence[str], k: int
) -> tuple[int, int]:
    """Hits that are not external, by the set's own word and by the hit's; and all hits."""
    n_wrong = n_hits = 0
    for query in queries:
        for hit in customers.search(query, k=k):
            is_external = data.audiences[hit.id] is Audience.EXTERNAL
            n_wrong += not (is_external and hit.shelf == Audience.EXTERNAL.value)
            n_hits += 1
    return n_wrong, n_hits


def _shared_top(data: DataSet) -> dict[str, list[str]]:
    """Ids of the best documents of each query, by one BM25 over both audiences."""
    analyzer = Analyzer()
    texts = [f"{d.title} {d.body}" for d in data.documents if isinstance(d, Article)]
    index = Bm25Index([analyzer.terms(text) for text in texts], k1=1.5, b=0.75)
    top = {}
    for query in data.queries:
        scores = index.scores(analyzer.terms(query.text))
        best = np.argsort(-scores, kind="stable")[:TOP]
        top[query.id] = [data.documents[row].id for row in best]
    return top


def _embedder(arguments: argparse.Namespace) -> Embedder:
    if arguments.model == "hashing":
        return HashingEmbedder()
    model: Any = SentenceTransformerEmbedder(arguments.model, dtype=arguments.dtype)
    return CachingEmbedder(
        model,
        arguments.work / "vectors.sqlite",
        tell=lambda message: print(f"  {message}", file=sys.stderr, flush=True),
    )


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, nargs="?", help=f"folder of data sets, for {SET}")
    parser.add_argument("--pairs", type=int, default=5_000, help="0 leaves them out")
    parser.add_argument("--internal", type=int, nargs="*", default=[0, 10_000, 100_000])
    parser.add_argument("--searches", type=int, default=1_000)
    parser.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    parser.add_argument("--model", default="hashing", help="name or path, or hashing")
    parser.add_argument("--dtype", default="float32", choices=("float32", "bfloat16"))
    arguments = parser.parse_args()
    if arguments.data is not None and not (arguments.data / SET).is_dir():
        parser.error(f"{arguments.data} holds no {SET}")
    arguments.work.mkdir(parents=True, exist_ok=True)
    return arguments


if __name__ == "__main__":
    sys.exit(main())
