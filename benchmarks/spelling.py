"""
What spelling mistakes cost, and what correcting them gives back.

    python benchmarks/spelling.py DATA [--only SET ...] [--queries N] [--work FOLDER]

Puts one typo into each three words of a query (a letter more, less, other, or two
swapped, in words of four letters and more, by a seed), and prints recall@10 and nDCG@10
of the clean queries and of these, with and without correction, per set and on average.
Clean queries are asked with correction too: how many of them it changes, and what that
costs. A set of questions that are asked of labels is left out (no judgements). With
--blanks, the mistake is a blank: every third one between words is left out, and every
third word that can be, of eight letters and more, gets one.

    python benchmarks/spelling.py --time

prints what ten words with three mistakes cost against 100,000 known words.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import mean, median

import numpy as np
from ir_measures import R, calc_aggregate, nDCG

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.arguments import data_parser, make_embedder, parsed
from benchmarks.caching import CachingEmbedder
from benchmarks.retrieval_sets import DataSet, Query, find_sets, load_set
from kbsearch import Audience, Filters, KnowledgeBase, Settings
from kbsearch.config import WordSettings, settings_to_toml
from kbsearch.lexical import Vocabulary
from kbsearch.search.known_words import KnownWords, SeenWords
from kbsearch.search.spelling import find_mistakes
from kbsearch.text import Analyzer

MEASURES = (R @ 10, nDCG @ 10)
SYSTEMS = ("clean", "typos", "typos, corrected", "clean, corrected")
DEPTH = 100
_WORD = re.compile(r"\w+")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WORDS_PER_TYPO = 3
_MIN_LETTERS = 4
_LEAST_PART = 3

Table = dict[str, dict[str, float]]


def main() -> int:
    arguments = _parse()
    if arguments.data is None and not arguments.time:
        print("Give the folder of data sets, or --time.", file=sys.stderr)
        return 2
    if arguments.time:
        print_time()
        return 0
    embedder = make_embedder(arguments)
    tables: dict[str, Table] = {}
    for folder in find_sets(arguments.data):
        is_wanted = not arguments.only or folder.name in arguments.only
        if is_wanted and (folder / "qrels.tsv").exists():
            print(f"{folder.name} …", file=sys.stderr, flush=True)
            tables[folder.name] = measure(
                load_set(folder), embedder, arguments.queries, has_blanks=arguments.blanks
            )
            print_tables({folder.name: tables[folder.name]})
    if not tables:
        print(f"No data set with judgements in {arguments.data}.", file=sys.stderr)
        return 2
    print_tables(tables)
    return 0


def misspelt(text: str, rng: random.Random) -> str:
    """A text with one typo per three words; words of letters alone, each at most one."""
    words = list(_WORD.finditer(text))
    able = [word for word in words if len(word[0]) >= _MIN_LETTERS and word[0].isalpha()]
    n_typos = min(len(able), max(1, round(len(words) / _WORDS_PER_TYPO)))
    parts, place = [], 0
    for word in sorted(rng.sample(able, n_typos), key=lambda match: match.start()):
        parts += [text[place : word.start()], with_typo(word[0], rng)]
        place = word.end()
    return "".join([*parts, text[place:]])


def with_typo(word: str, rng: random.Random) -> str:
    """A word with a letter inserted, deleted or replaced, or two swapped, all as likely."""
    kind, place = rng.randrange(4), rng.randrange(len(word))
    letter = rng.choice([each for each in _LETTERS if each != word[place].lower()])
    if kind == 0:
        return word[:place] + letter + word[place:]
    if kind == 1:
        return word[:place] + word[place + 1 :]
    if kind == 2:
        return word[:place] + letter + word[place + 1 :]
    place = min(place, len(word) - 2)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def with_blanks_wrong(text: str, rng: random.Random) -> str:
    """Of the blanks between two words and the long words, every third is changed."""
    within = [
        (match.start() + rng.randrange(_LEAST_PART, len(match[0]) - _LEAST_PART + 1), "insert")
        for match in re.finditer(r"[^\W\d_]{8,}", text)
    ]
    between = [
        (m.start(), "remove") for m in re.finditer(r"(?<=[^\W\d_]{4}) (?=[^\W\d_]{4})", text)
    ]
    able = [*within, *between]
    n_changed = min(len(able), max(1, round(len(able) / _WORDS_PER_TYPO)))
    for place, kind in sorted(rng.sample(able, n_changed), reverse=True):
        text = text[:place] + (" " + text[place:] if kind == "insert" else text[place + 1 :])
    return text


def measure(
    data: DataSet, embedder: CachingEmbedder, n_queries: int | None, *, has_blanks: bool
) -> Table:
    """Every system on one set, and the share of clean queries that correction changes."""
    rng = random.Random(7)
    queries = data.queries
    if n_queries is not None and n_queries < len(queries):
        queries = rng.sample(queries, n_queries)
    change = with_blanks_wrong if has_blanks else misspelt
    wrong = [query._replace(text=change(query.text, rng)) for query in queries]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.kb"
        with KnowledgeBase.create(path, embedder=embedder) as kb:
            kb.upsert(data.documents)
            kb.rebuild()
            with_correction = [_run(kb, asked) for asked in (wrong, queries)]
            changed = mean(is_reworded(kb, query) for query in queries)
        settings = Settings(words=WordSettings(correct_spelling=False))
        (path / "kbsearch.toml").write_text(settings_to_toml(settings))
        with KnowledgeBase.open(path, embedder=embedder) as kb:
            without = [_run(kb, asked) for asked in (queries, wrong)]
    qrels = {query.id: data.qrels[query.id] for query in queries}
    runs = dict(zip(SYSTEMS, [*without, *with_correction], strict=True))
    table = {
        system: {str(m): value for m, value in calc_aggregate(MEASURES, qrels, run).items()}
        for system, run in runs.items()
    }
    return table | {"changed": {str(MEASURES[0]): changed}}


def is_reworded(kb: KnowledgeBase, query: Query) -> bool:
    """Whether anything of a query is corrected."""
    found = kb.searcher(query.audience).search(query.text, k=1)
    return bool(found.rewordings)


def _run(kb: KnowledgeBase, queries: list[Query]) -> dict[str, dict[str, float]]:
    searchers = {audience: kb.searcher(audience) for audience in Audience}
    run: dict[str, dict[str, float]] = {}
    for query in queries:
        own = (query.own_document,) if query.own_document else ()
        ranked = searchers[query.audience].rank(
            query.text, k=DEPTH, filters=Filters(exclude_ids=own)
        )
        run[query.id] = {one.id: one.score for one in ranked} or {"(no hit)": 0.0}
    return run


def print_tables(tables: dict[str, Table]) -> None:
    """One table per measure: sets down, systems across, the average last."""
    for wanted in map(str, MEASURES):
        print(f"\n{wanted:<22}" + "".join(f"{system:>18}" for system in SYSTEMS))
        for name, table in tables.items():
            print(f"{name:<22}" + "".join(f"{table[s][wanted]:>18.4f}" for s in SYSTEMS))
        if len(tables) > 1:
            means = [mean(table[s][wanted] for table in tables.values()) for s in SYSTEMS]
            print(f"{'average':<22}" + "".join(f"{value:>18.4f}" for value in means))
    for name, table in tables.items():
        share = table["changed"][str(MEASURES[0])]
        print(f"{name}: correction changes {share:.1%} of the clean queries")
    sys.stdout.flush()


def print_time() -> None:
    """Of looking for mistakes alone; 100,000 words of letters as frequent as in English."""
    rng = random.Random(3)
    weights = [8, 2, 3, 4, 12, 2, 2, 6, 7, 1, 1, 4, 2, 7, 8, 2, 1, 6, 6, 9, 3, 1, 2, 1, 2, 1]
    known: defaultdict[str, None] = defaultdict()
    while len(known) < 100_000:
        known["".join(rng.choices(_LETTERS, weights, k=rng.randint(4, 13)))] = None
    words = list(known)
    vocabulary, mask = Vocabulary([words]), np.ones(1, dtype=np.bool_)
    nothing = np.zeros(1, dtype=np.float32)
    shelf = KnownWords([SeenWords(vocabulary, mask, lambda _: nothing)])
    analyzer, times_ms = Analyzer(), []
    for _ in range(200):
        query = rng.sample(words, 10)
        query[:3] = [with_typo(word, rng) for word in query[:3]]
        started = time.perf_counter()
        list(find_mistakes(" ".join(query), analyzer.terms, shelf, is_name=set().__contains__))
        times_ms.append(1000 * (time.perf_counter() - started))
    p95 = float(np.percentile(times_ms[1:], 95))
    print(f"first query {times_ms[0]:.1f} ms, median {median(times_ms):.1f} ms, p95 {p95:.1f} ms")


def _parse() -> argparse.Namespace:
    parser = data_parser(__doc__, needs_data=False)
    parser.add_argument("--queries", type=int, help="at most so many of each set, by a seed")
    parser.add_argument("--blanks", action="store_true", help="too many and too few of them")
    parser.add_argument("--time", action="store_true", help="time the correction alone")
    return parsed(parser)


if __name__ == "__main__":
    sys.exit(main())
