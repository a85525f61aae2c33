"""
How many duplicate reports are found at a wanted precision, and how soon bursts are told.

    python benchmarks/duplicates.py DATA [--work FOLDER] [--passages 100000] [--dtype bfloat16]

DATA holds `bugs-openoffice` and `bugs-gitbugs-hadoop`. Only pairs with a labelled report
are judged: its group is known. Pairs of two unlabelled reports are in no figure, though
many are true: the trackers' labels are incomplete, and half of OpenOffice's are kept
apart. Recall counts every labelled pair, proposed or not.

- transfer: a model fitted on the other set alone, in this run. What a desk without labels
  can expect.
- default: the model that is shipped, which was fitted on both sets: no fair test of it.
- labels: the transferred model with its curve from half of the labelled groups, measured
  on the other half; the mean of twenty halvings.

With --only, the tables of these sets alone; both are read all the same. Then the time
of a whole desk, of random unit vectors, and bursts planted into Hadoop's dates.
"""

from __future__ import annotations

import gzip
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.arguments import data_parser, make_embedder, parsed
from benchmarks.caching import CachingEmbedder
from benchmarks.duplicate_weights import JudgedPairs, fitted
from kbsearch import Audience, AuthorRole, KnowledgeBase, Message, Ticket
from kbsearch.arrays import Bool, Float32, Int64, unit_rows
from kbsearch.duplicates.bursts import Arrival, BurstDetector, BurstSettings
from kbsearch.duplicates.clusters import document_vectors
from kbsearch.duplicates.features import Pairs, pair_features
from kbsearch.duplicates.model import DEFAULT, fit_platt, lowest_threshold
from kbsearch.duplicates.nearest import nearest_pairs
from kbsearch.duplicates.reports import Float64, Report, Reports, in_columns, rarity_of
from kbsearch.duplicates.scoring import Model, log_odds, probability
from kbsearch.models import Burst
from kbsearch.progress import silent

PRECISION = 0.9
SETS = ("bugs-openoffice", "bugs-gitbugs-hadoop")
DATED = "bugs-gitbugs-hadoop"
_Made = TypeVar("_Made")
_Event = tuple[int, int, Float32 | None]
"""Microseconds since 1970, a row of the set, and instead of its vector a planted one."""

_TIMES = ("%Y-%m-%d %H:%M:%S %z", "%d/%b/%y %H:%M")


class Labelled(NamedTuple):
    """
    A set as it is compared.

    Attributes:
        reports: In columns.
        pairs: Those that are near each other, with their features.
        is_true: Which pairs a label says are duplicates.
        is_judged: Which pairs have a labelled report.
        groups: A number per report; duplicates have the same.
        duplicates: Of each labelled report, by row.
        n_true: Labelled pairs, proposed or not.
    """

    reports: Reports
    pairs: Pairs
    features: Float64
    is_true: Bool
    is_judged: Bool
    groups: Int64
    duplicates: dict[int, set[int]]
    n_true: int


def main() -> int:
    parser = data_parser(__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    arguments = parsed(parser)
    embedder = make_embedder(arguments)
    labelled: dict[str, Labelled] = {}
    for name in SETS:
        tickets = tickets_of(arguments.data / name)
        measure_desk(name, tickets, embedder, arguments.work)
        labelled[name] = labelled_set(arguments.data / name, tickets, embedder, arguments.work)
    judged = {name: _to_fit(one) for name, one in labelled.items()}
    for name, one in labelled.items():
        if arguments.only and name not in arguments.only:
            continue
        measure_set(name, one, fitted([own for other, own in judged.items() if other != name]))
    print(
        f"\nFitted on both, to be `DEFAULT` of `kbsearch.duplicates`: {fitted([*judged.values()])}"
    )
    measure_bursts(labelled[DATED].reports)
    measure_scale(arguments.passages)
    return 0


def tickets_of(folder: Path) -> list[Ticket]:
    """The corpus with products and dates."""
    return [
        Ticket(
            id=f"set:{row['id']}",
            subject=row.get("title") or "",
            messages=(
                Message(author_role=AuthorRole.CUSTOMER, text=row.get("text") or "", public=True),
            ),
            product=row.get("product"),
            created_at=_time(row["created"]),
        )
        for row in _lines(folder / "corpus.jsonl.gz")
    ]


def measure_desk(name: str, tickets: list[Ticket], embedder: CachingEmbedder, work: Path) -> None:
    """The public call, over all tickets of a desk."""
    with tempfile.TemporaryDirectory(dir=work) as folder:
        kb = KnowledgeBase.create(Path(folder) / "desk.kb", embedder=embedder)
        kb.upsert(tickets)
        start = time.monotonic()
        report = kb.find_duplicates(audience=Audience.INTERNAL, precision=PRECISION)
        seconds = time.monotonic() - start
        largest = max((len(each.members) for each in report.clusters), default=0)
        start = time.monotonic()
        for ticket in tickets[:50]:
            kb.duplicates(ticket.id, audience=Audience.INTERNAL)
        each_ms = (time.monotonic() - start) / 50 * 1000
        kb.close()
    print(
        f"{name}: {report.n_tickets} tickets, {report.n_pairs} pairs in {seconds:.1f} s; "
        f"{len(report.clusters)} clusters, the largest of {largest}; "
        f"one ticket {each_ms:.0f} ms"
    )


def labelled_set(
    folder: Path, tickets: list[Ticket], embedder: CachingEmbedder, work: Path
) -> Labelled:
    """Reports as the desk reads them, and what the labels say of them."""
    with tempfile.TemporaryDirectory(dir=work) as temporary:
        kb = KnowledgeBase.create(Path(temporary) / "desk.kb", embedder=embedder)
        kb.upsert(tickets)
        with kb._ticket_shelves(Audience.INTERNAL, ()) as shelves:
            reports = [each.report for each in kb._tickets(shelves, silent)]
        kb.close()
    columns = in_columns(reports, rarity_of(reports))
    row_of = {each: row for row, each in enumerate(columns.ids)}
    duplicates: dict[int, set[int]] = {}
    for query, document, _ in _qrels(folder / "qrels.tsv"):
        one, other = row_of.get(f"set:{query}"), row_of.get(f"set:{document}")
        if one is not None and other is not None and one != other:
            duplicates.setdefault(one, set()).add(other)
    groups = np.arange(len(reports))
    for one, others in duplicates.items():
        for other in others:
            groups[groups == groups[other]] = groups[one]
    pairs = nearest_pairs(columns)
    rows = list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))
    none: set[int] = set()
    return Labelled(
        reports=columns,
        pairs=pairs,
        features=pair_features(columns, pairs),
        is_true=np.array(
            [b in duplicates.get(a, none) or a in duplicates.get(b, none) for a, b in rows]
        ),
        is_judged=np.array([a in duplicates or b in duplicates for a, b in rows]),
        groups=groups,
        duplicates=duplicates,
        n_true=len({tuple(sorted((a, b))) for a, others in duplicates.items() for b in others}),
    )


def measure_set(name: str, there: Labelled, transferred: Model) -> None:
    """Two tables: where precision is 0.9 by the labels, and what a wanted 0.9 gives."""
    print(
        f"\n{name}: {len(there.duplicates)} labelled reports, {there.n_true} labelled pairs, "
        f"{int(there.is_true.sum())} of them proposed"
    )
    print("| scores | recall at 0.9, pairs | the same, reports | wanted 0.9: precision | recall |")
    print("|---|---|---|---|---|")
    plain = {"cosine alone": there.features[:, 0], "BM25 alone": there.features[:, 2]}
    for label, scores in plain.items():
        by_pair, by_report = pair_recall(there, scores), report_recall(there, scores)
        print(f"| {label} | {by_pair:.3f} | {by_report:.3f} | | |")
    for label, model in (("transfer", transferred), ("default", DEFAULT)):
        odds = log_odds(model, there.features, there.pairs, len(there.reports))
        kept = there.is_judged & (probability(odds) >= PRECISION)
        n_right = int((kept & there.is_true).sum())
        print(
            f"| {label} | {pair_recall(there, odds):.3f} | {report_recall(there, odds):.3f} "
            f"| {n_right / max(int(kept.sum()), 1):.3f} | {n_right / there.n_true:.3f} |"
        )
    odds = log_odds(transferred, there.features, there.pairs, len(there.reports))
    precision, recall = by_labels(there, odds)
    print(f"| labels | | | {precision:.3f} | {recall:.3f} |")


def _to_fit(one: Labelled) -> JudgedPairs:
    return JudgedPairs(one.features, one.pairs, len(one.reports), one.is_true, one.is_judged)


def pair_recall(there: Labelled, scores: Float64) -> float:
    """Labelled pairs above the lowest score from which 0.9 of the judged ones are right."""
    judged = there.is_judged
    return _recall(scores[judged], there.is_true[judged], there.n_true)


def report_recall(there: Labelled, scores: Float64) -> float:
    """Labelled reports whose best candidate is a duplicate, at 0.9 right among those shown."""
    best: dict[int, tuple[float, bool]] = {}
    rows = zip(there.pairs.left.tolist(), there.pairs.right.tolist(), scores.tolist(), strict=True)
    for left, right, score in rows:
        for one, other in ((left, right), (right, left)):
            if one in there.duplicates and score > best.get(one, (-np.inf, False))[0]:
                best[one] = (score, other in there.duplicates[one])
    found = list(best.values())
    return _recall(
        np.array([score for score, _ in found]),
        np.array([is_right for _, is_right in found]),
        len(there.duplicates),
    )


def by_labels(there: Labelled, odds: Float64, n_halvings: int = 20) -> tuple[float, float]:
    """Precision and recall on half of the groups, with the curve from the other half."""
    random = np.random.default_rng(0)
    is_labelled = np.isin(np.arange(len(there.reports)), list(there.duplicates))
    left, right = there.pairs
    results = []
    for _ in range(n_halvings):
        half = random.random(len(there.reports))[there.groups] < 0.5
        tested = (is_labelled & ~half)[left] | (is_labelled & ~half)[right]
        learned = ((is_labelled & half)[left] | (is_labelled & half)[right]) & ~tested
        slope, intercept = fit_platt(odds[learned], there.is_true[learned])
        threshold = lowest_threshold(probability(slope * odds[learned] + intercept), PRECISION)
        kept = tested & (probability(slope * odds + intercept) >= threshold)
        n_right = int((kept & there.is_true).sum())
        n_there = len(
            {
                tuple(sorted((a, b)))
                for a, others in there.duplicates.items()
                for b in others
                if not half[a]
            }
        )
        if kept.any():
            results.append((n_right / int(kept.sum()), n_right / max(n_there, 1)))
    precision, recall = np.mean(results, axis=0)
    return float(precision), float(recall)


def measure_bursts(reports: Reports) -> None:
    """Hadoop's issues by their dates, and bursts of nine that are planted among them."""
    vectors = document_vectors(reports)
    order = np.argsort(reports.created_us)
    order = order[reports.created_us[order] > 0]
    random = np.random.default_rng(0)
    span_us = int(reports.created_us[order[-1]] - reports.created_us[order[0]])
    settings = BurstSettings(window=timedelta(hours=1))
    quiet = _alerts(vectors, [(int(reports.created_us[r]), int(r), None) for r in order], settings)
    weeks = span_us / 1e6 / 86400 / 7
    delays: list[float] = []
    n_found, n_planted = 0, 100
    for _ in range(n_planted):
        row = int(random.choice(order[len(order) // 4 :]))
        start_us = int(reports.created_us[order[0]] + random.uniform(0.25, 0.95) * span_us)
        events: list[_Event] = [
            (int(reports.created_us[r]), int(r), None) for r in order if r != row
        ]
        for n in range(9):
            noise = random.normal(scale=0.6 / np.sqrt(vectors.shape[1]), size=vectors.shape[1])
            moved = unit_rows((vectors[row] + noise)[None].astype(np.float32))[0]
            events.append((start_us + n * 150_000_000, -1 - n, moved))
        events = sorted(
            (each for each in events if abs(each[0] - start_us) < 120 * 86_400_000_000),
            key=lambda each: each[0],
        )
        told = [b for b in _alerts(vectors, events, settings) if "plant" in b.ticket_ids[-1]]
        n_found += bool(told)
        if told:
            delays.append((told[0].latest_at.timestamp() - start_us / 1e6) / 60)
    print(
        f"\nBursts, Hadoop's {len(order)} issues of {weeks:.0f} weeks: {len(quiet)} alarms "
        f"({len(quiet) / weeks:.3f} a week); of {n_planted} planted bursts of nine in twenty "
        f"minutes {n_found} told, after {np.median(delays):.1f} minutes (median), "
        f"{np.max(delays):.1f} at most."
    )


def _alerts(vectors: Float32, events: list[_Event], settings: BurstSettings) -> list[Burst]:
    now = [datetime(1970, 1, 1, tzinfo=UTC)]
    detector = BurstDetector(settings, clock=lambda: now[0])
    found = []
    for at_us, row, vector in events:
        now[0] = datetime.fromtimestamp(at_us / 1e6, UTC)
        name = f"set:{row}" if vector is None else f"plant:{row}"
        alert = detector.add(Arrival(name, vectors[row] if vector is None else vector, now[0]))
        if alert is not None and not alert.is_update:
            found.append(alert)
    return found


def measure_scale(n: int) -> None:
    """Random unit vectors of 384 dimensions, sixty random words each, one passage a ticket."""
    random = np.random.default_rng(0)
    vectors = unit_rows(random.standard_normal((n, 384), dtype=np.float32))
    words = random.zipf(1.3, size=(n, 60)) % 20_000
    reports = [
        Report(
            f"set:{i}",
            [f"w{w}" for w in words[i, :6]],
            [f"w{w}" for w in words[i]],
            vectors[i : i + 1],
            "p",
            i * 10**9,
        )
        for i in range(n)
    ]
    columns, columns_s = _timed(lambda: in_columns(reports, rarity_of(reports)))
    pairs, nearest_s = _timed(lambda: nearest_pairs(columns))
    features, features_s = _timed(lambda: pair_features(columns, pairs))
    _, score_s = _timed(lambda: log_odds(DEFAULT, features, pairs, n))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\n{n} passages, {len(pairs.left)} pairs: columns {columns_s:.0f} s, nearest "
        f"{nearest_s:.0f} s, features {features_s:.0f} s, scores {score_s:.0f} s; "
        f"peak {peak_mb:.0f} MB"
    )


def _timed(work: Callable[[], _Made]) -> tuple[_Made, float]:
    start = time.monotonic()
    return work(), time.monotonic() - start


def _recall(scores: Float64, is_right: Bool, n_all: int) -> float:
    order = np.argsort(-scores, kind="stable")
    n_right = np.cumsum(is_right[order])
    enough = np.flatnonzero(n_right / np.arange(1, len(order) + 1) >= PRECISION)
    enough = enough[enough >= 9]  # fewer than ten shown have no precision to speak of
    return float(n_right[enough[-1]] / n_all) if len(enough) else 0.0


def _time(text: str) -> datetime | None:
    for form in _TIMES:
        try:
            found = datetime.strptime(text, form)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _qrels(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]


if __name__ == "__main__":
    sys.exit(main())
