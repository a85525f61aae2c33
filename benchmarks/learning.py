"""
What a desk's labels are worth: weights that are tuned, a model that is adapted, and both.

    python benchmarks/learning.py DATA [--only SET ...] [--minutes 10] [--work FOLDER] [--lora]

Four sets: two trackers with the dates of their tickets, whose duplicates are asked for on the
day; a forum's cases, problem and accepted solution; runbooks. Of each desk a model is adapted
(see training.py) with its minutes counted in processor time over the number of cores, so that
other work on the machine takes nothing from it. Then the questions that it was not trained on
are asked four ways: of the base and of the adapted model, with the weights of the defaults and
with those that five-fold cross-validation chose. The whole desk is searched each time. What
`kbsearch train` says of the same model is told beside it: only what it offers would be used.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.arguments import data_parser, parsed, tell
from benchmarks.retrieval_sets import load_set, load_tracker
from benchmarks.training import SETS, Teller, labels_of, remembering, settings_of
from kbsearch import Audience, KnowledgeBase, RankingSettings
from kbsearch.embed import Embedder, make_embedder
from kbsearch.evaluation import Case, LabelSet, Measured, compare
from kbsearch.layout import DeskLayout
from kbsearch.training import Budget, Method, Recipe, TrainingReport
from kbsearch.training.splitting import split
from kbsearch.tuning import ask, cross_validated, groups_of, make_folds, run_trials

TRACKERS = ("bugs-gitbugs-hadoop", "bugs-openoffice")
NDCG = "nDCG@10"
WAYS = ("default", "tuned", "adapted", "both")
DEFAULTS = RankingSettings()


class KeepingTeller(Teller):
    """Keeps the model that is being measured, whether it will be offered or not."""

    def __init__(self, draft: Path, kept: Path) -> None:
        super().__init__()
        self._draft, self._kept = draft, kept

    def __call__(self, task: str, n_done: int, n_total: int) -> None:
        """While it is measured, it stands as a draft."""
        if self._draft.is_dir() and not self._kept.exists():
            shutil.copytree(self._draft, self._kept)
        super().__call__(task, n_done, n_total)


class Learnt(NamedTuple):
    """nDCG@10 by question of each way, and what the training said."""

    ways: dict[str, Measured]
    report: TrainingReport
    seconds: float


def main() -> int:
    arguments = _parse()
    gains: dict[str, list[float]] = {way: [] for way in WAYS[1:]}
    used: list[float] = []
    for name in arguments.only or SETS:
        tell(f"{name} …")
        learnt = measure(arguments.data / name, arguments)
        print_rows(name, learnt)
        for way, own in gains.items():
            own.append(compare(learnt.ways[way], learnt.ways["default"], NDCG).mean)
        used.append(gains["adapted"][-1] if learnt.report.is_offered else 0.0)
    told = ", ".join(f"{way} {np.mean(own):+.4f}" for way, own in gains.items())
    print(f"\naverage gain of {len(used)} sets: {told}; adapted where offered {np.mean(used):+.4f}")
    return 0


def measure(folder: Path, arguments: argparse.Namespace) -> Learnt:
    """Adapt a desk's model, and ask the questions that it did not see of both models."""
    base = remembering(arguments)
    settings = settings_of(arguments)
    recipe = Recipe(method=Method.LORA if arguments.lora else Method.FULL)
    with tempfile.TemporaryDirectory(dir=arguments.work) as work:
        path, kept = Path(work) / "bench.kb", Path(work) / "adapted"
        with KnowledgeBase.create(path, settings=settings, embedder=base) as kb:
            labels = _fill(kb, folder)
            started = time.process_time()
            report = kb.train(
                Audience.INTERNAL,
                budget_s=Budget(60 * arguments.minutes, processor_seconds),
                labels=labels,
                recipe=recipe,
                progress=KeepingTeller(DeskLayout(path).model_draft, kept),
            )
            seconds = (time.process_time() - started) / (os.cpu_count() or 1)
            held_out = labels.of_questions(split(labels, seed=recipe.seed).measured)
            cases = _asked(kb, held_out)
        adapted = make_embedder(settings.embedder.model_copy(update={"model": str(kept)}))
        cases_of_adapted = _asked_of(path, adapted, held_out)
    both = {one.question_id for one in cases} & {one.question_id for one in cases_of_adapted}
    ways: dict[str, Measured] = {}
    for way, asked in (("default", cases), ("adapted", cases_of_adapted)):
        told = [one for one in asked if one.question_id in both]
        plain, tuned = _plain_and_tuned(told)
        ways[way] = _measured(told, plain)
        ways["tuned" if way == "default" else "both"] = _measured(told, tuned)
    return Learnt(ways, report, seconds)


def processor_seconds() -> float:
    """As an idle machine with these cores would have needed."""
    return time.process_time() / (os.cpu_count() or 1)


def _fill(kb: KnowledgeBase, folder: Path) -> LabelSet:
    if folder.name in TRACKERS:
        kb.upsert(load_tracker(folder))
        kb.rebuild()
        return kb.labels(Audience.INTERNAL)
    data = load_set(folder)
    kb.upsert(data.documents)
    kb.rebuild()
    return labels_of(data, folder)


def _asked(kb: KnowledgeBase, labels: LabelSet) -> list[Case]:
    cases, left_out = ask(kb.history(Audience.INTERNAL), labels)
    tell(f"{len(cases)} questions, left out: {left_out}")
    return cases


def _asked_of(path: Path, embedder: Embedder, labels: LabelSet) -> list[Case]:
    """A desk that holds the same documents, with another model."""
    with KnowledgeBase.open(path, embedder=embedder) as kb:
        return _asked(kb, labels)


def _plain_and_tuned(cases: list[Case]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    groups = groups_of(cases)
    trials = run_trials(cases, DEFAULTS, groups, n_trials=600)
    return trials.values[0], cross_validated(trials, make_folds(cases), groups)


def _measured(cases: list[Case], values: NDArray[np.float64]) -> Measured:
    pairs = zip((one.question_id for one in cases), values.tolist(), strict=True)
    return Measured(names=(NDCG,), by_question={one: {NDCG: value} for one, value in pairs})


def print_rows(name: str, learnt: Learnt) -> None:
    """One row for each way; gains are paired with the default."""
    report = learnt.report
    n = len(learnt.ways["default"].by_question)
    said = "no verdict"
    if report.verdict is not None:
        own = report.verdict.gain
        said = f"{own.mean:+.4f} [{own.low:+.4f}, {own.high:+.4f}]"
        said += ", offered" if report.is_offered else ", refused"
    print(
        f"\n{name}: {n} questions; {report.n_pairs_read:,} of {report.n_pairs_wanted:,} pairs read"
        f" in {report.training_seconds:.0f} s of {learnt.seconds:.0f}; `train` says {said}"
    )
    for way in WAYS:
        measured = learnt.ways[way].interval(NDCG)
        gain = compare(learnt.ways[way], learnt.ways["default"], NDCG)
        print(
            f"| {way:8} | {measured.mean:.4f} [{measured.low:.4f}, {measured.high:.4f}] "
            f"| {gain.mean:+.4f} [{gain.low:+.4f}, {gain.high:+.4f}] |",
            flush=True,
        )


def _parse() -> argparse.Namespace:
    parser = data_parser(__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="for each training")
    parser.add_argument("--lora", action="store_true", help="small matrices beside the model")
    return parsed(parser)


if __name__ == "__main__":
    sys.exit(main())
