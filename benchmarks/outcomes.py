"""
What the prior of bad outcomes may cost, where how a ticket went says nothing of relevance.

    python benchmarks/outcomes.py DATA [--only SET ...] [--work FOLDER] [--dtype bfloat16]

Indexes two trackers and the cases of a forum through the public API and asks their
questions of them as they are now. Prints nDCG@10 without the prior; what each factor
changes, where a tracker says itself that some of its issues were reopened; and what each
changes if a share of all documents, drawn at random, had a bad outcome: the mean and the
worst of 20 draws. Vectors are kept in the work folder.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.caching import CachingEmbedder
from benchmarks.retrieval_sets import load_set
from kbsearch import Audience, KnowledgeBase, RankingSettings
from kbsearch.embed import SentenceTransformerEmbedder
from kbsearch.evaluation import Case, Label, LabelSet, LabelSource, Question
from kbsearch.tuning import Scorer, ask

SETS = ("bugs-gitbugs-hadoop", "bugs-openoffice", "dellqa")
FACTORS = (0.99, 0.97, 0.95, 0.9, 0.8)
SHARES = (0.05, 0.2)
N_DRAWS = 20
WITHOUT = RankingSettings(bad_outcome_prior=1.0)


def main() -> int:
    arguments = _parse()
    embedder = CachingEmbedder(
        SentenceTransformerEmbedder(arguments.model, dtype=arguments.dtype),
        arguments.work / "vectors.sqlite",
        tell=lambda message: print(f"  {message}", file=sys.stderr, flush=True),
    )
    for name in SETS:
        if arguments.only and name not in arguments.only:
            continue
        cases = load_cases(arguments.data / name, embedder)
        before = float(Scorer(cases, WITHOUT).ndcg(WITHOUT).mean())
        ids = sorted({one for case in cases for one in case.document_ids})
        told = {
            document_id
            for case in cases
            for document_id, is_bad in zip(case.document_ids, case.has_bad_outcome, strict=True)
            if is_bad
        }
        relevant = {one for case in cases for one, grade in case.relevance.items() if grade > 0}
        print(
            f"\n{name}: {len(cases)} questions, nDCG@10 {before:.4f} without the prior; "
            f"{len(told)} candidates were reopened, {len(told & relevant)} of them answer one"
        )
        print(f"{'bad outcomes':<26}" + "".join(f"{factor:>20}" for factor in FACTORS))
        if told:
            print_row("as the tracker says", [gains(cases)])
        for share in SHARES:
            drawn = [
                gains(marked(cases, set(np.random.default_rng(seed).permutation(ids)[:n])))
                for seed in range(N_DRAWS)
                for n in [round(share * len(ids))]
            ]
            print_row(f"{share:.0%} at random: mean, worst", drawn)
    return 0


def load_cases(folder: Path, embedder: CachingEmbedder) -> list[Case]:
    """Questions of a set, asked of a desk that holds it, as it is now."""
    print(f"{folder.name} …", file=sys.stderr, flush=True)
    data = load_set(folder)
    labels = LabelSet(
        questions=tuple(
            Question(id=q.id, text=q.text, ticket_id=q.own_document) for q in data.queries
        ),
        labels=tuple(
            Label(question_id=q.id, document_id=one, relevance=grade, source=LabelSource.JUDGED)
            for q in data.queries
            for one, grade in data.qrels[q.id].items()
        ),
    )
    with tempfile.TemporaryDirectory() as work:
        kb = KnowledgeBase.create(Path(work) / "bench.kb", embedder=embedder)
        kb.upsert(data.documents)
        cases, left_out = ask(kb.history(Audience.INTERNAL), labels)
        kb.close()
    print(f"  {len(cases)} cases, left out: {left_out}", file=sys.stderr, flush=True)
    return cases


def marked(cases: Sequence[Case], bad: set[str]) -> list[Case]:
    """The same if these documents had a bad outcome, and no others."""
    wanted = list(bad)
    return [case._replace(has_bad_outcome=np.isin(case.document_ids, wanted)) for case in cases]


def gains(cases: Sequence[Case]) -> list[float]:
    """In mean nDCG@10 over no prior, of each factor."""
    scorer = Scorer(cases, WITHOUT)
    before = scorer.ndcg(WITHOUT).mean()
    tried = (RankingSettings(bad_outcome_prior=factor) for factor in FACTORS)
    return [float(scorer.ndcg(one).mean() - before) for one in tried]


def print_row(name: str, drawn: Sequence[Sequence[float]]) -> None:
    """Means of the draws, and the worst if there are several."""
    columns = np.array(drawn).T
    cells = (
        f"{own.mean():+.4f}" + (f", {own.min():+.4f}" if len(own) > 1 else "") for own in columns
    )
    print(f"{name:<26}" + "".join(f"{cell:>20}" for cell in cells), flush=True)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder of data sets")
    parser.add_argument("--only", nargs="+", help="names of sets")
    parser.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    parser.add_argument("--model", default="all-MiniLM-L6-v2", help="name or path")
    parser.add_argument("--dtype", default="float32", choices=("float32", "bfloat16"))
    arguments = parser.parse_args()
    if not arguments.data.is_dir():
        parser.error(f"{arguments.data} is no folder")
    arguments.work.mkdir(parents=True, exist_ok=True)
    return arguments


if __name__ == "__main__":
    sys.exit(main())
