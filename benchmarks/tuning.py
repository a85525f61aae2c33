"""
What tuning the ranking gains, on questions that had no say in it.

    python benchmarks/tuning.py DATA [--only SET ...] [--work FOLDER] [--dtype bfloat16]

Indexes four sets through the public API: two trackers with the dates of their tickets, whose
duplicates are mined as labels and asked of the desk as it stood then; answers of a forum and
runbooks, asked for by their questions. Prints nDCG@10 of the defaults and of what
cross-validation chose, with intervals of 95 %; then, for 20 draws of 30 labels, what was
fitted to these alone is worth on all others: as it was fitted, and as `kbsearch tune` would
have written it. Vectors are kept in the work folder.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.arguments import data_parser, make_embedder, parsed
from benchmarks.caching import CachingEmbedder
from benchmarks.retrieval_sets import load_set, load_tracker
from kbsearch import Audience, KnowledgeBase, RankingSettings
from kbsearch.evaluation import Case, Label, LabelSet, LabelSource, Question
from kbsearch.evaluation.measures import bootstrapped
from kbsearch.tuning import (
    Candidate,
    ask,
    choose,
    groups_of,
    make_folds,
    run_trials,
)

TRACKERS = ("bugs-gitbugs-hadoop", "bugs-openoffice")
OTHERS = ("dellqa", "kb-internal")
N_DRAWS, N_LABELS = 20, 30
_JUDGED = LabelSource.JUDGED
DEFAULTS = RankingSettings()


class Draws(NamedTuple):
    """Gains on the other labels, by draw: as fitted to 30, and as written."""

    fitted: list[float]
    written: list[float]


def main() -> int:
    arguments = _parse()
    embedder = make_embedder(arguments)
    gains, lines = [], []
    for name in (*TRACKERS, *OTHERS):
        if arguments.only and name not in arguments.only:
            continue
        cases = load_cases(arguments.data / name, embedder)
        started = time.perf_counter()
        choice = choose(cases, DEFAULTS, n_trials=arguments.trials)
        seconds = time.perf_counter() - started
        with_bm25 = choose(cases, DEFAULTS, with_bm25=True, n_trials=arguments.trials)
        print(f"\n{name}: {len(cases)} questions, {seconds:.0f} s. {choice.reason}")
        for one in choice.candidates:
            print_row(one)
        print_row(with_bm25.candidates[-1].model_copy(update={"name": "with bm25"}))
        last = choice.candidates[-1].gain
        gains.append(last.mean if last else 0.0)
        lines.append((name, draw(cases)))
        lines.append(("  with bm25", draw(cases, with_bm25=True)))
    print(f"\naverage gain over {len(gains)} sets: {np.mean(gains):+.4f}, least {min(gains):+.4f}")
    print(f"\n{N_LABELS} labels, {N_DRAWS} draws: gain on the others")
    for name, draws in lines:
        print(f"{name:22}" + "".join(f"{w:>10} {_told(v)}" for w, v in draws._asdict().items()))
    return 0


def load_cases(folder: Path, embedder: CachingEmbedder) -> list[Case]:
    """Questions of a set, asked of a desk that holds it."""
    print(f"{folder.name} …", file=sys.stderr, flush=True)
    is_tracker = folder.name in TRACKERS
    with tempfile.TemporaryDirectory() as work:
        kb = KnowledgeBase.create(Path(work) / "bench.kb", embedder=embedder)
        if is_tracker:
            kb.upsert(load_tracker(folder))
            labels = kb.labels(Audience.INTERNAL)
        else:
            data = load_set(folder)
            kb.upsert(data.documents)
            labels = LabelSet(
                questions=tuple(Question(id=q.id, text=q.text) for q in data.queries),
                labels=tuple(
                    Label(question_id=q.id, document_id=one, relevance=grade, source=_JUDGED)
                    for q in data.queries
                    for one, grade in data.qrels[q.id].items()
                ),
            )
        cases, left_out = ask(kb.history(Audience.INTERNAL), labels)
        kb.close()
    print(f"  {len(cases)} cases, left out: {left_out}", file=sys.stderr, flush=True)
    return cases


def draw(cases: list[Case], *, with_bm25: bool = False) -> Draws:
    """Fit to 30 questions, again and again, and measure on all others."""
    groups = groups_of(cases, with_bm25=with_bm25)
    trials = run_trials(cases, DEFAULTS, groups, n_trials=600)
    folds, draws = make_folds(cases), Draws([], [])
    for seed in range(N_DRAWS):
        rows = np.random.default_rng(seed).permutation(len(cases))[:N_LABELS]
        is_known = np.zeros(len(cases), dtype=np.bool_)
        is_known[rows] = True
        settings = trials.fitted(is_known, groups)
        gain = float((trials.scorer.ndcg(settings) - trials.values[0])[~is_known].mean())
        held_out = np.zeros((len(folds), len(cases)))
        for own, numbers in zip(held_out, folds, strict=True):
            for fold in np.unique(numbers):
                chosen = trials.fitted(is_known & (numbers != fold), groups)
                own[numbers == fold] = trials.scorer.ndcg(chosen)[numbers == fold]
        few = (held_out.mean(axis=0) - trials.values[0])[is_known]
        draws.fitted.append(gain)
        draws.written.append(gain if bootstrapped(few)[0] > 0 else 0.0)
    return draws


def print_row(one: Candidate) -> None:
    """nDCG@10 and gain of one candidate with their intervals, and what is changed."""
    told = f"  {one.name:14}{one.ndcg.mean:.4f} [{one.ndcg.low:.4f}, {one.ndcg.high:.4f}]"
    if one.gain is not None:
        told += f"  {one.gain.mean:+.4f} [{one.gain.low:+.4f}, {one.gain.high:+.4f}]"
    print(told, one.changes or "")


def _told(gains: list[float]) -> str:
    n_changed = sum(gain != 0 for gain in gains)
    return f"{np.mean(gains):+.4f}, least {min(gains):+.4f}, {n_changed} changed"


def _parse() -> argparse.Namespace:
    parser = data_parser(__doc__)
    parser.add_argument("--trials", type=int, default=600)
    return parsed(parser)


if __name__ == "__main__":
    sys.exit(main())
