"""
Whether customers could tell anything of what staff know: by time, and on real documents.

    python benchmarks/wall.py [DATA] [--pairs 5000] [--internal 0 10000 100000] [--model NAME]

Existence: ids of internal tickets and ids that never were, asked for in turn by
`get`, `similar` and `removed` of a searcher for customers; asked: medians at most
5 % apart, and a Mann-Whitney test that cannot tell them apart (p > 0.01).
Size: the same external shelf beside internal ones of several sizes, searched in
turn; asked: medians at most 5 % apart. DATA is a folder with `kb-audience-mix`:
250 titles of each audience are asked for customers at several k; asked: no internal document,
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
from benchmarks.retrieval_sets import DataSet, load_set
from benchmarks.scale import TicketMaker
from kbsearch import Article, Audience, Hit, KnowledgeBase, Searcher
from kbsearch.embed import Embedder, HashingEmbedder, SentenceTransformerEmbedder
from kbsearch.errors import DocumentNotFoundError
from kbsearch.lexical import Bm25Index
from kbsearch.search import Ranked
from kbsearch.text import Analyzer

N_EXTERNAL = 2_000
DEPTHS = (1, 10, 100, 1000)
TOP = 10
MOST_READ = 100
"""More hits than these are ranked, and not read."""
N_PROBES = 250
SET = "kb-audience-mix"
EXTERNAL, INTERNAL = Audience.EXTERNAL, Audience.INTERNAL


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
    """Ask titles of documents of both audiences for customers, and of one BM25 over all."""
    kb = KnowledgeBase.create(folder / "mix.kb", embedder=embedder)
    kb.upsert(data.documents)
    kb.rebuild()
    probes = {audience: _probes(data, audience) for audience in (EXTERNAL, INTERNAL)}
    print(f"\n| {SET}: probes are titles | of external documents | of internal ones |")
    print("|---|---|---|")
    print(f"| probes | {' | '.join(str(len(each)) for each in probes.values())} |")
    customers = kb.searcher(EXTERNAL)
    for k in DEPTHS:
        found = [_count_shown(customers, data, each, k) for each in probes.values()]
        cells = " | ".join(f"{wrong} of {hits:,}" for wrong, hits in found)
        print(f"| kbsearch for customers, k = {k}: internal among the hits | {cells} |", flush=True)
    shared = _SharedBm25(data)
    wrong = [shared.count_mixed(each, audience) for audience, each in probes.items()]
    cells = " | ".join(
        f"{n} ({n / len(each):.0%})" for n, each in zip(wrong, probes.values(), strict=True)
    )
    print(f"| one BM25 over all: probes with the other audience in the top {TOP} | {cells} |")
    kb.close()


def _probes(data: DataSet, audience: Audience) -> list[str]:
    """The set's own queries, and titles of other documents up to the number that is wanted."""
    own = [query.text for query in data.queries if query.audience is audience]
    titles = [
        document.title
        for document in data.documents
        if isinstance(document, Article) and data.audiences[document.id] is audience
    ]
    others = sorted({title for title in titles if title.strip()} - set(own))
    random.Random(11).shuffle(others)
    return [*own, *others][:N_PROBES]


def _count_shown(
    customers: Searcher, data: DataSet, probes: Sequence[str], k: int
) -> tuple[int, int]:
    """Hits that are not external, by the set's own word or by the hit's; and all hits."""
    n_wrong = n_hits = 0
    for query in probes:
        found: Sequence[Hit | Ranked]
        found = customers.rank(query, k=k) if k > MOST_READ else customers.search(query, k=k).hits
        for hit in found:
            is_external = data.audiences[hit.id] is EXTERNAL and hit.shelf == EXTERNAL.value
            n_wrong += not is_external
            n_hits += 1
    return n_wrong, n_hits


class _SharedBm25:
    """One index over both audiences: what a desk without a wall would search."""

    def __init__(self, data: DataSet) -> None:
        self._data, self._analyzer = data, Analyzer()
        articles = [each for each in data.documents if isinstance(each, Article)]
        self._ids = [each.id for each in articles]
        terms = [self._analyzer.terms(f"{each.title} {each.body}") for each in articles]
        self._index = Bm25Index(terms, k1=1.5, b=0.75)

    def count_mixed(self, probes: Sequence[str], audience: Audience) -> int:
        """Number of probes with a document of another audience among the best."""
        n_mixed = 0
        for query in probes:
            scores = self._index.scores(self._analyzer.terms(query))
            top = np.argsort(-scores, kind="stable")[:TOP]
            n_mixed += any(self._data.audiences[self._ids[row]] is not audience for row in top)
        return n_mixed


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
