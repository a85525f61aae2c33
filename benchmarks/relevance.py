"""
How well kbsearch finds, on every data set in a folder.

    python benchmarks/relevance.py DATA [--only SET ...] [--work FOLDER] [--dtype bfloat16]
                                        [--ablation]

Indexes each set through the public API and prints nDCG@10, recall@10 and MRR@10
of BM25 alone, dense alone, RRF and a fixed min-max fusion of the two, and
kbsearch's default, per set and on average (every set counts the same), with
intervals of 95 % of kbsearch's gain over the others (bootstrap over queries within
each set). ir-measures computes them; a judged query without a hit counts as zero.
Sets of labelled questions get the accuracy of the first hit and of a vote of ten.
With --ablation, kbsearch without each stage of its fusion. Vectors are kept in the
work folder: a second run takes minutes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import ir_measures
import numpy as np
from ir_measures import RR, R, nDCG
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.arguments import data_parser, make_embedder, parsed
from benchmarks.caching import CachingEmbedder
from benchmarks.retrieval_sets import DataSet, find_sets, load_set
from kbsearch import Audience, Filters, KnowledgeBase, RankingSettings
from kbsearch.rank import reciprocal_rank_fusion
from kbsearch.search import Ranked, Searcher

MEASURES = (nDCG @ 10, R @ 10, RR @ 10)
SYSTEMS = ("BM25", "dense", "RRF", "min-max", "kbsearch")
STAGES = {
    "passages": {"passage_weight": 0.0},
    "titles": {"title_weight": 0.0},
    "bm25": {"bm25_weight": 0.0},
    "coverage": {"coverage_weight": 0.0},
    "title words": {"title_words_weight": 0.0},
}
N_DRAWS = 2000
DEPTH = 100

Run = dict[str, dict[str, float]]
Float64 = NDArray[np.float64]


def main() -> int:
    arguments = _parse()
    embedder = make_embedder(arguments)
    tables: dict[str, dict[str, Any]] = {}
    gains: dict[str, dict[str, Float64]] = {}
    for folder in find_sets(arguments.data):
        if arguments.only and folder.name not in arguments.only:
            continue
        print(f"{folder.name} …", file=sys.stderr, flush=True)
        data = load_set(folder)
        tables[folder.name], gains[folder.name] = measure(
            data, embedder, has_ablation=arguments.ablation
        )
        if folder.name.startswith("scifact"):
            check_against_published(data, embedder)
    if not tables:
        print(f"No data set in {arguments.data}.", file=sys.stderr)
        return 2
    print_tables(tables)
    print_intervals(gains)
    if arguments.ablation:
        print_ablation(tables)
    if arguments.json:
        arguments.json.write_text(json.dumps(tables, indent=1))
    return 0


def measure(
    data: DataSet, embedder: CachingEmbedder, *, has_ablation: bool
) -> tuple[dict[str, Any], dict[str, Float64]]:
    """Index one set and measure every system on it; and nDCG@10 by query of each system."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        kb = KnowledgeBase.create(Path(folder) / "bench.kb", embedder=embedder)
        report = kb.upsert(data.documents)
        kb.rebuild()
        indexed_s = time.perf_counter() - started
        embedder.embed_queries([query.text for query in data.queries])
        runs, n_wrong = _runs(data, {a: kb.searcher(a) for a in Audience})
        if has_ablation:
            for stage, weights in STAGES.items():
                ranking = RankingSettings(**weights)
                searchers = {a: kb.searcher(a, ranking=ranking) for a in Audience}
                runs[f"without {stage}"] = _run(data, searchers)
        n_passages = sum(shelf.n_passages for shelf in kb.stats(Audience.INTERNAL))
        kb.close()
        shutil.rmtree(Path(folder) / "bench.kb")
    print(
        f"  {len(data.documents)} documents ({len(report.rejected)} rejected), {n_passages} "
        f"passages, {len(data.queries)} queries; indexed in {indexed_s:.0f} s; "
        f"{n_wrong} internal documents shown to customers",
        file=sys.stderr,
    )
    if data.labels:
        print_accuracy(data, runs)
    by_query = {system: _by_query(runs[system], data) for system in SYSTEMS}
    return {system: _measures(run, data) for system, run in runs.items()}, by_query


def check_against_published(data: DataSet, embedder: CachingEmbedder) -> None:
    """Dense search as it was published: one vector for a document, cut at 256 tokens."""
    texts = [f"{d.title} {d.body}" for d in data.documents if d.kind == "article"]
    documents = embedder.embed_passages(texts)
    queries = embedder.embed_queries([query.text for query in data.queries])
    run: Run = {}
    for query, cosines in zip(data.queries, queries @ documents.T, strict=True):
        best = np.argsort(-cosines, kind="stable")[:DEPTH]
        run[query.id] = {data.documents[row].id: float(cosines[row]) for row in best}
    found = _measures(run, data)["nDCG@10"]
    print(f"{data.name}: one vector a document, cut at 256 tokens: nDCG@10 {found:.4f}")


def _runs(data: DataSet, searchers: dict[Audience, Searcher]) -> tuple[dict[str, Run], int]:
    runs: dict[str, Run] = defaultdict(dict)
    n_wrong = 0
    for query in data.queries:
        own = (query.own_document,) if query.own_document else ()
        found = searchers[query.audience].rank(
            query.text, k=10 * DEPTH, filters=Filters(exclude_ids=own)
        )
        if query.audience is Audience.EXTERNAL:
            n_wrong += sum(data.audiences[one.id] is not Audience.EXTERNAL for one in found)
        dense = _best(found, "cosine")
        lexical = _best(found, "bm25_score")
        runs["dense"][query.id] = dense
        runs["BM25"][query.id] = lexical
        runs["RRF"][query.id] = dict(reciprocal_rank_fusion([list(dense), list(lexical)])[:DEPTH])
        runs["min-max"][query.id] = _min_max(dense, lexical)
        runs["kbsearch"][query.id] = {one.id: one.score for one in found[:DEPTH]}
    return runs, n_wrong


def _run(data: DataSet, searchers: dict[Audience, Searcher]) -> Run:
    """Of one configuration of kbsearch."""
    run: Run = {}
    for query in data.queries:
        own = (query.own_document,) if query.own_document else ()
        found = searchers[query.audience].rank(
            query.text, k=DEPTH, filters=Filters(exclude_ids=own)
        )
        run[query.id] = {one.id: one.score for one in found}
    return run


def _best(found: list[Ranked], score: str) -> dict[str, float]:
    scores = [(getattr(one.scores, score), one.id) for one in found]
    ordered = sorted((s for s in scores if s[0] > 0), key=lambda pair: (-pair[0], pair[1]))
    return {document_id: value for value, document_id in ordered[:DEPTH]}


def _min_max(dense: dict[str, float], lexical: dict[str, float]) -> dict[str, float]:
    """The fixed fusion to compare with: 0.7 of the cosine and 0.3 of BM25, each from 0 to 1."""
    fused: defaultdict[str, float] = defaultdict(float)
    for weight, scores in ((0.7, dense), (0.3, lexical)):
        low, high = min(scores.values(), default=0.0), max(scores.values(), default=0.0)
        for document_id, score in scores.items():
            fused[document_id] += weight * (score - low) / ((high - low) or 1.0)
    return dict(sorted(fused.items(), key=lambda pair: (-pair[1], pair[0]))[:DEPTH])


def _measures(run: Run, data: DataSet) -> dict[str, float]:
    whole = {query.id: run.get(query.id) or {"(no hit)": 0.0} for query in data.queries}
    asked = {query.id: data.qrels[query.id] for query in data.queries}
    return {str(m): v for m, v in ir_measures.calc_aggregate(MEASURES, asked, whole).items()}


def _by_query(run: Run, data: DataSet) -> Float64:
    """nDCG@10 of each query, (n_queries,)."""
    whole = {query.id: run.get(query.id) or {"(no hit)": 0.0} for query in data.queries}
    asked = {query.id: data.qrels[query.id] for query in data.queries}
    found = {one.query_id: one.value for one in ir_measures.iter_calc([nDCG @ 10], asked, whole)}
    return np.array([found[query.id] for query in data.queries])


def print_intervals(gains: dict[str, dict[str, Float64]]) -> None:
    """How much better kbsearch is, with 95 % of the draws of other queries."""
    rng = np.random.default_rng(0)
    draws = {
        name: rng.integers(0, len(by["kbsearch"]), (N_DRAWS, len(by["kbsearch"])))
        for name, by in gains.items()
    }
    print(f"\n{'gain in nDCG@10 over':<22}" + "".join(f"{s:>28}" for s in SYSTEMS[:-1]))
    drawn = {
        name: {s: (by["kbsearch"] - by[s])[draws[name]].mean(axis=1) for s in SYSTEMS[:-1]}
        for name, by in gains.items()
    }
    drawn["average"] = {s: np.mean([drawn[n][s] for n in gains], axis=0) for s in SYSTEMS[:-1]}
    for name, by_system in drawn.items():
        cells = (
            f"{v.mean():>+10.4f} [{np.quantile(v, 0.025):+.4f}, {np.quantile(v, 0.975):+.4f}]"
            for v in by_system.values()
        )
        print(f"{name:<22}" + "".join(cells))


def print_ablation(tables: dict[str, dict[str, Any]]) -> None:
    """nDCG@10 that is lost without each stage."""
    measure_ = str(nDCG @ 10)
    print(f"\n{'worth in nDCG@10':<22}" + "".join(f"{stage:>14}" for stage in STAGES))
    worth = {
        name: [rows["kbsearch"][measure_] - rows[f"without {s}"][measure_] for s in STAGES]
        for name, rows in tables.items()
    }
    worth["average"] = list(np.mean(list(worth.values()), axis=0))
    for name, values in worth.items():
        print(f"{name:<22}" + "".join(f"{value:>+14.4f}" for value in values))


def print_accuracy(data: DataSet, runs: dict[str, Run]) -> None:
    """Whether the first hit has the question's label, and whether most of ten have."""
    for system in ("dense", "kbsearch"):
        n_first = n_vote = 0
        for query in data.queries:
            labels = [data.labels[one] for one in list(runs[system][query.id])[:10]]
            wanted = data.labels[next(iter(data.qrels[query.id]))]
            n_first += labels[:1] == [wanted]
            n_vote += bool(labels) and Counter(labels).most_common(1)[0][0] == wanted
        n = len(data.queries)
        print(f"{data.name}, {system}: first hit {n_first / n:.4f}, vote of ten {n_vote / n:.4f}")


def print_tables(tables: dict[str, dict[str, Any]]) -> None:
    """One table per measure: sets down, systems across, the average last."""
    for measure_ in map(str, MEASURES):
        print(f"\n{measure_:<22}" + "".join(f"{system:>10}" for system in SYSTEMS))
        for name, rows in tables.items():
            print(f"{name:<22}" + "".join(f"{rows[s][measure_]:>10.4f}" for s in SYSTEMS))
        means = {s: np.mean([rows[s][measure_] for rows in tables.values()]) for s in SYSTEMS}
        print(f"{'average':<22}" + "".join(f"{means[s]:>10.4f}" for s in SYSTEMS))
        print(f"{'kbsearch - RRF':<22}{means['kbsearch'] - means['RRF']:>+10.4f}")


def _parse() -> argparse.Namespace:
    parser = data_parser(__doc__)
    parser.add_argument("--ablation", action="store_true", help="leave out each stage once")
    parser.add_argument("--json", type=Path, help="write the tables here too")
    return parsed(parser)


if __name__ == "__main__":
    sys.exit(main())
