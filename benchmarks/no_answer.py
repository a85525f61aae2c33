"""
How well kbsearch knows that it has no answer, on every data set in a folder.

    python benchmarks/no_answer.py DATA [--only SET ...] [--work FOLDER] [--accept-false RATE ...]

For each set: which share of its own questions gets a suggestion (answered), and which
share of the questions of every other set, of the set's own questions without an answer
(`queries_oos`), and of its questions after their relevant documents were taken away
(left out; similar ones often remain, so that only sets of intents should be near the
rate). All thresholds come from the shelf alone. AUROC is of own questions against all
others. Then, where there are questions without an answer, the same after learning from
100 of them, for many random draws.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.arguments import data_parser, make_embedder, parsed
from benchmarks.retrieval_sets import DataSet, Query, find_sets, load_set
from kbsearch import Audience, Filters, KnowledgeBase
from kbsearch.layout import CALIBRATION_FILE
from kbsearch.rank import Calibration, Scored, fit_calibration

_SEED = 6
_N_OWN, _N_FOREIGN = 500, 100
_N_LABELS, _N_DRAWS = 100, 200
_SAME_TEXTS = "kb-"
"""Sets of this name are parts of one collection: their questions have answers in each other."""

Floats = NDArray[np.float64]


class Told(NamedTuple):
    """Log-odds of the best hit of each question, (n,); -inf without a hit."""

    own: Floats
    left_out: Floats
    foreign: dict[str, Floats]
    unanswered: Floats


def main() -> int:
    arguments = _parse()
    embedder = make_embedder(arguments)
    folders = find_sets(arguments.data)
    sets = {folder.name: load_set(folder) for folder in folders}
    if not sets:
        print(f"No data set in {arguments.data}.", file=sys.stderr)
        return 2
    header = "rate  needed  answered  foreign  worst foreign            unanswered  left out"
    for folder in folders:
        if arguments.only and folder.name not in arguments.only:
            continue
        print(f"{folder.name} …", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as work:
            kb = KnowledgeBase.create(Path(work) / "bench.kb", embedder=embedder)
            kb.upsert(sets[folder.name].documents)
            started = time.perf_counter()
            kb.rebuild()
            rebuilt_s = time.perf_counter() - started
            told = ask(kb, sets[folder.name], sets, _without_answer(folder))
            calibration = _calibration(kb)
            kb.close()
        print(f"\n{folder.name}: rebuilt in {rebuilt_s:.1f} s, {_areas(told)}\n  {header}")
        for rate in arguments.accept_false:
            print("  " + _row(told, calibration.needed(rate), rate))
        if len(told.unanswered):
            print_draws(told, calibration)
    return 0


def ask(kb: KnowledgeBase, data: DataSet, sets: dict[str, DataSet], without: Sequence[str]) -> Told:
    """Ask one desk its own questions and those of all others."""
    rng = np.random.default_rng(_SEED)
    own = _some(data.queries, _N_OWN if not without else len(data.queries), rng)
    relevant = {one.id: tuple(data.qrels.get(one.id, ())) for one in own}
    others = {
        name: _some(other.queries, _N_FOREIGN, rng)
        for name, other in sets.items()
        if name != data.name and (name + data.name).count(_SAME_TEXTS) != 2
    }
    return Told(
        own=np.array([_best(kb, one) for one in own]),
        left_out=np.array([_best(kb, one, relevant[one.id]) for one in own[:_N_OWN]]),
        foreign={name: np.array([_best(kb, q) for q in qs]) for name, qs in others.items()},
        unanswered=np.array(
            [_best(kb, Query(str(n), t, None, Audience.INTERNAL)) for n, t in enumerate(without)]
        ),
    )


def print_draws(told: Told, calibration: Calibration) -> None:
    """Learn from 100 of the questions without an answer; measure on the others."""
    rng = np.random.default_rng(_SEED)
    before = _of_percentiles(calibration)
    own = (told.own - calibration.intercept) / calibration.slope
    without = (told.unanswered - calibration.intercept) / calibration.slope
    seen, answered = [], []
    for _ in range(_N_DRAWS):
        drawn = rng.permutation(len(without))
        labels = [(float(without[row]), False) for row in drawn[:_N_LABELS]]
        learned = fit_calibration([Scored(own, np.ones(len(own)))], [before], labelled=labels)
        needed = learned.needed(0.1)
        least = (np.log(needed / (1 - needed)) - learned.intercept) / learned.slope
        seen.append(float(np.mean(without[drawn[_N_LABELS:]] >= least)))
        answered.append(float(np.mean(own >= least)))
    low, high = np.quantile(seen, (0.05, 0.95))
    is_near = np.mean([0.07 <= share <= 0.13 for share in seen])
    print(
        f"  {_N_LABELS} labels, {_N_DRAWS} draws, rate 0.1: observed {np.mean(seen):.3f} "
        f"(5-95 %: {low:.3f}-{high:.3f}; {is_near:.0%} of the draws within 0.07-0.13), "
        f"answered {np.mean(answered):.3f} (5 %: {np.quantile(answered, 0.05):.3f})"
    )


def _of_percentiles(calibration: Calibration) -> Scored:
    """Questions without an answer as the shelf imitated them: the middle of each percent."""
    steps = np.array(calibration.unanswered, dtype=np.float64)
    return Scored((steps[1:] + steps[:-1]) / 2, np.ones(len(steps) - 1))


def _best(kb: KnowledgeBase, query: Query, left_out: tuple[str, ...] = ()) -> float:
    own = (query.own_document,) if query.own_document else ()
    searcher = kb.searcher(query.audience)
    found = searcher.search(
        query.text[:100_000], k=1, filters=Filters(exclude_ids=(*own, *left_out))
    ).best_probability
    if not found:
        return -np.inf
    return float(np.log(found / max(1 - found, 1e-7)))


def _row(told: Told, needed: float, rate: float) -> str:
    least = np.log(needed / (1 - needed))
    by_set = {name: float(np.mean(values >= least)) for name, values in told.foreign.items()}
    worst = max(by_set, key=lambda name: by_set[name], default="")
    foreign = float(np.mean(list(by_set.values()))) if by_set else 0.0
    unanswered = f"{np.mean(told.unanswered >= least):.3f}" if len(told.unanswered) else "-"
    return (
        f"{rate:<5} {needed:<7.2f} {np.mean(told.own >= least):<9.3f} {foreign:<8.3f} "
        f"{by_set.get(worst, 0):.2f} {worst:<20} {unanswered:<11} "
        f"{np.mean(told.left_out >= least):.2f}"
    )


def _areas(told: Told) -> str:
    foreign = np.concatenate([*told.foreign.values(), np.zeros(0)])
    areas = [f"AUROC against other sets {_auroc(told.own, foreign):.3f}"] if len(foreign) else []
    if len(told.unanswered):
        areas.append(
            f"against its questions without an answer {_auroc(told.own, told.unanswered):.3f}"
        )
    return ", ".join(areas)


def _auroc(yes: Floats, no: Floats) -> float:
    """The share of pairs in which the answered question has the better hit; ties are halves."""
    no = np.sort(no)
    below, not_above = np.searchsorted(no, yes, "left"), np.searchsorted(no, yes, "right")
    return float(np.mean(below + not_above) / 2 / len(no))


def _calibration(kb: KnowledgeBase) -> Calibration:
    """The internal shelf's, or the external one's of a set that has no internal documents."""
    there = [kb.path / a.value for a in (Audience.INTERNAL, Audience.EXTERNAL)]
    files = [file for shelf in there for file in shelf.glob(f"snapshot-*/{CALIBRATION_FILE}")]
    return Calibration.from_bytes(files[0].read_bytes())


def _some(queries: Sequence[Query], n: int, rng: np.random.Generator) -> list[Query]:
    rows = rng.choice(len(queries), min(n, len(queries)), replace=False)
    return [queries[row] for row in rows]


def _without_answer(folder: Path) -> list[str]:
    path = folder / "queries_oos.jsonl.gz"
    if not path.exists():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line)["text"] for line in file]


def _parse() -> argparse.Namespace:
    parser = data_parser(__doc__)
    parser.add_argument("--accept-false", type=float, nargs="*", default=[0.05, 0.1, 0.2])
    return parsed(parser)


if __name__ == "__main__":
    sys.exit(main())
