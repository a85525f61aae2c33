"""
What a tracker's own duplicates teach its calibration, on problems that were held out.

    python benchmarks/repeats.py DATA [--only SET ...] [--work FOLDER] [--dtype bfloat16]

Of each problem the first ticket is asked of what stood when it came, which nothing answered;
tickets without any duplicate likewise; its next ticket of what stood when that one came, which
the first answers. Told is which share of each gets a suggestion if a tenth of the questions
without an answer may, by the text alone and with problems to learn from: means of 40 draws.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.caching import CachingEmbedder
from benchmarks.retrieval_sets import load_tracker
from kbsearch import Audience, KnowledgeBase
from kbsearch.desk.repeats import repeats_on
from kbsearch.embed import SentenceTransformerEmbedder
from kbsearch.evaluation import mine_labels
from kbsearch.indexing import FEWEST_DOCUMENTS, snapshot_content
from kbsearch.indexing.calibrating import AskedShelf, Repeats, imitated_questions, tells
from kbsearch.indexing.foreign_questions import FOREIGN_QUESTIONS
from kbsearch.indexing.repeats import repeats_in
from kbsearch.layout import DeskLayout
from kbsearch.rank import Calibration, Scored, fit_calibration
from kbsearch.store import RecordReader
from kbsearch.text import Analyzer

_TRACKERS = ("bugs-gitbugs-hadoop", "bugs-openoffice")
_SIZES = (30, 40, 100, 500)
_N_DRAWS, _N_ALONE, _RATE = 40, 500, 0.1
_SEED = 6

Floats = NDArray[np.float64]


class Asked(NamedTuple):
    """Usefulness of the best document; one row for each problem, but for tickets without."""

    first_then: Floats
    first: Floats
    again: Floats
    alone: Floats
    yes: list[Scored]
    no: list[Scored]


def main() -> int:
    arguments = _parse()
    embedder = CachingEmbedder(
        SentenceTransformerEmbedder("all-MiniLM-L6-v2", dtype=arguments.dtype),
        arguments.work / "vectors.sqlite",
    )
    for name in arguments.only:
        with tempfile.TemporaryDirectory() as work:
            kb = KnowledgeBase.create(Path(work) / "bench.kb", embedder=embedder)
            kb.upsert(load_tracker(arguments.data / name))
            asked = ask(kb, embedder)
            kb.close()
        _print(name, asked)
        sys.stdout.flush()
    return 0


def ask(kb: KnowledgeBase, embedder: CachingEmbedder) -> Asked:
    """Ask a desk its own tickets, each of what stood at its time."""
    internal = Audience.INTERNAL.value
    records = RecordReader(DeskLayout(kb.path).shelf(internal).records, internal)
    content = snapshot_content(
        records,
        kb.fingerprint,
        Analyzer(kb.settings.words.language),
        title_weight=kb.settings.ranking.bm25_title_weight,
    )
    known = repeats_in(content, records, repeats_on)
    if known is None:
        raise SystemExit("These tickets have no duplicates.")
    labels = mine_labels(records.documents(records.keys()).values(), Audience.INTERNAL)
    linked = {one.id for one in labels.questions}
    ids = [one.document_id for one in records.attributes()]
    records.close()
    shelf = AskedShelf(content)
    many = np.array([(known.created_us < known.created_us[row]).sum() for row in range(len(ids))])
    kept = many[known.first] >= FEWEST_DOCUMENTS
    pairs = known._replace(first=known.first[kept], again=known.again[kept])
    rng = np.random.default_rng(_SEED)
    alone = [row for row, each in enumerate(ids) if each not in linked]
    some = np.array([r for r in rng.permutation(alone)[:_N_ALONE] if many[r] >= FEWEST_DOCUMENTS])
    first, again = shelf.answers_then(pairs, most=len(kept))
    yes, no = imitated_questions(shelf, embedder.embed_queries(FOREIGN_QUESTIONS))
    return Asked(
        first_then=_then(shelf, pairs.first, pairs),
        first=first.astype(np.float64),
        again=again.astype(np.float64),
        alone=_then(shelf, some, pairs),
        yes=yes,
        no=no,
    )


def _then(shelf: AskedShelf, rows: NDArray[np.int64], known: Repeats) -> Floats:
    """Of what stood when each of these came."""
    _, found = shelf.answers_then(known._replace(first=rows, again=rows), most=len(rows))
    return found.astype(np.float64)


def _print(name: str, asked: Asked) -> None:
    n = len(asked.first)
    print(f"\n{name}: {n} problems\n  learned from  first  alone  next   log loss")
    every = np.ones(n, dtype=np.bool_)
    without = fit_calibration(asked.yes, asked.no)
    print("  text alone    " + _row(asked, without, every))
    rng = np.random.default_rng(_SEED)
    for size in (size for size in _SIZES if size <= 0.7 * n):
        figures = []
        for _ in range(_N_DRAWS):
            is_learned = np.zeros(n, dtype=np.bool_)
            is_learned[rng.permutation(n)[:size]] = True
            first, again = asked.first[is_learned], asked.again[is_learned]
            calibration = without
            if tells(first.astype(np.float32), again.astype(np.float32)):
                more = [Scored(values, np.ones(size)) for values in (again, first)]
                calibration = fit_calibration([*asked.yes, more[0]], [*asked.no, more[1]])
            figures.append(_figures(asked, calibration, ~is_learned))
        print(f"  {size:<13} " + _in_columns(np.mean(figures, axis=0)))


def _row(asked: Asked, calibration: Calibration, held_out: NDArray[np.bool_]) -> str:
    return _in_columns(_figures(asked, calibration, held_out))


def _in_columns(figures: Floats) -> str:
    return "  ".join(f"{figure:<5.3f}" for figure in figures)


def _figures(asked: Asked, calibration: Calibration, held_out: NDArray[np.bool_]) -> Floats:
    needed = calibration.needed(_RATE)
    then, first, again, alone = (
        calibration.probabilities(values.astype(np.float32)).astype(np.float64)
        for values in (
            asked.first_then[held_out],
            asked.first[held_out],
            asked.again[held_out],
            asked.alone,
        )
    )
    loss = -(np.log(again).mean() + np.log1p(-first).mean()) / 2
    return np.array([*(np.mean(each >= needed) for each in (then, alone, again)), loss])


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", nargs="*", default=_TRACKERS)
    parser.add_argument("--work", type=Path, default=Path("bench-work"))
    parser.add_argument("--dtype", default="float32")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    return arguments


if __name__ == "__main__":
    sys.exit(main())
