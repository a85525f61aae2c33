"""
What adapting the model to a desk gains, on questions that it was not trained on.

    python benchmarks/training.py DATA [--minutes 10] [--only SET ...] [--lora] [--work FOLDER]

Makes a desk of each set, trains for staff (nothing there is for customers) and prints
nDCG@10 with the base and with the adapted model, of the whole ranking and of vectors
alone, with 95 % intervals of the paired gain, whether the model would be offered, and
the wall time. Tickets' duplicates and articles' questions are the labels; of `dellqa`,
each case's problem and its accepted solution. Half of the labels are trained on where
there are 400 or more questions. The base's vectors are kept in FOLDER, the adapted model's
never.
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

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.arguments import data_parser, parsed, tell
from benchmarks.caching import CachingEmbedder
from benchmarks.retrieval_sets import DataSet, find_sets, load_set
from kbsearch import Audience, KnowledgeBase
from kbsearch.arrays import Float32
from kbsearch.config import DType, EmbedderSettings, Settings
from kbsearch.embed import SentenceTransformerEmbedder
from kbsearch.evaluation import Label, LabelSet, LabelSource, Question
from kbsearch.training import Method, TrainingReport

SETS = ("bugs-gitbugs-hadoop", "bugs-openoffice", "dellqa", "kb-internal")


class RememberingEmbedder(SentenceTransformerEmbedder):
    """The base, with its vectors kept in one file."""

    def __init__(self, model: str, dtype: str, path: Path) -> None:
        super().__init__(model, dtype=dtype)
        within = SentenceTransformerEmbedder(model, dtype=dtype)
        self._kept = CachingEmbedder(within, path, tell=tell)

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        """Remembered, or embedded and remembered."""
        return self._kept.embed_passages(texts)

    def embed_queries(self, texts: Sequence[str]) -> Float32:
        """Likewise."""
        return self._kept.embed_queries(texts)


def remembering(arguments: argparse.Namespace) -> RememberingEmbedder:
    """The model that was asked for, with its vectors in the work folder."""
    kept = arguments.work / "vectors.sqlite"
    return RememberingEmbedder(arguments.model, arguments.dtype, kept)


def settings_of(arguments: argparse.Namespace) -> Settings:
    """A desk's, with the model that was asked for."""
    own = EmbedderSettings(model=arguments.model, dtype=DType(arguments.dtype))
    return Settings(embedder=own)


def main() -> int:
    arguments = _parse()
    reports: dict[str, TrainingReport] = {}
    for folder in find_sets(arguments.data):
        if folder.name in (arguments.only or SETS):
            tell(f"{folder.name} …")
            reports[folder.name] = measure(folder, arguments)
            print_table({folder.name: reports[folder.name]})
    if not reports:
        print(f"None of the sets in {arguments.data}.", file=sys.stderr)
        return 2
    print_table(reports)
    return 0


def measure(folder: Path, arguments: argparse.Namespace) -> TrainingReport:
    """Build the desk of one set, and train."""
    data = load_set(folder)
    embedder = remembering(arguments)
    settings = settings_of(arguments)
    with tempfile.TemporaryDirectory(dir=arguments.work) as work:
        path = Path(work) / "bench.kb"
        with KnowledgeBase.create(path, settings=settings, embedder=embedder) as kb:
            kb.upsert(data.documents)
            kb.rebuild()
            return kb.train(
                Audience.INTERNAL,
                budget_s=60 * arguments.minutes,
                labels=labels_of(data, folder),
                method=Method.LORA if arguments.lora else Method.FULL,
                progress=Teller(),
            )


def labels_of(data: DataSet, folder: Path) -> LabelSet:
    """What is known of a set; of cases, each problem and its solution."""
    cases = folder / "cases.jsonl.gz"
    asked: list[tuple[str, str, str | None]]
    if cases.exists():
        with gzip.open(cases, "rt", encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
        asked = [(str(row["id"]), row["problem"], None) for row in rows if row["problem"].strip()]
        places = {str(row["id"]): f"{folder.name}:{n}" for n, row in enumerate(rows)}
        qrels = {question: {places[question]: 1} for question, _, _ in asked}
    else:
        asked = [(one.id, one.text, one.own_document) for one in data.queries]
        qrels = data.qrels
    source = LabelSource.DUPLICATE if asked[0][2] else LabelSource.ARTICLE
    return LabelSet(
        questions=tuple(
            Question(id=question, text=None if ticket else text, ticket_id=ticket)
            for question, text, ticket in asked
        ),
        labels=tuple(
            Label(question_id=question, document_id=one, relevance=min(grade, 3), source=source)
            for question, _, _ in asked
            for one, grade in qrels[question].items()
        ),
    )


class Teller:
    """Says now and then how far it is."""

    def __init__(self) -> None:
        self._said = 0.0

    def __call__(self, task: str, n_done: int, n_total: int) -> None:
        """Half a minute apart."""
        if time.monotonic() - self._said > 30:
            self._said = time.monotonic()
            tell(f"{task}: {n_done} of {n_total}")


def print_table(reports: dict[str, TrainingReport]) -> None:
    """One row for each set."""
    print("| set | pairs read | questions | base | adapted | gain | vectors alone | offered | s |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, report in reports.items():
        read = f"{report.n_pairs_read:,} of {report.n_pairs_wanted:,}"
        if report.verdict is None:
            print(f"| {name} | {read} | too few | | | | | no | {report.seconds:.0f} |")
            continue
        gain, alone = report.verdict.gain, report.verdict.gain_of_vectors
        print(
            f"| {name} | {read} | {report.verdict.n_questions} "
            f"| {report.verdict.base.mean:.4f} | {report.verdict.adapted.mean:.4f} "
            f"| {gain.mean:+.4f} [{gain.low:+.4f}, {gain.high:+.4f}] "
            f"| {alone.mean:+.4f} [{alone.low:+.4f}, {alone.high:+.4f}] "
            f"| {'yes' if report.is_offered else 'no'} "
            f"| {report.training_seconds:.0f} + "
            f"{report.seconds - report.training_seconds:.0f} |",
            flush=True,
        )


def _parse() -> argparse.Namespace:
    parser = data_parser(__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--lora", action="store_true")
    return parsed(parser)


if __name__ == "__main__":
    sys.exit(main())
