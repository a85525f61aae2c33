"""
How much of what only staff know `check_outgoing` finds in drafts, and how often it cries wolf.

    python benchmarks/outgoing.py [--half fit|held-out] [--embedder NAME] [--misses]

The internal texts are those of the demo desk. Copies are edited by rule, paraphrases and
harmless sentences were written by hand. Every second case was not looked at while the
thresholds were set: report those. With `--mix DATA` real handbooks are checked instead, with
`--passages 20000 100000` one draft is timed on desks of so many passages.

Set OMP_NUM_THREADS=1 where other work shares the processor: threads of torch that wait for
each other spend several times what the model needs.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.outgoing_cases import copies, negatives, paraphrases, paraphrases_of_notes
from benchmarks.scale import TicketMaker
from kbsearch import Article, Audience, KnowledgeBase, Settings, Ticket, parse_document
from kbsearch.config import DType, EmbedderKind, EmbedderSettings
from kbsearch.embed import HashingEmbedder
from kbsearch.layout import demo_desk
from kbsearch.models import Document, FindingKind, TextFinding, TextFormat
from kbsearch.text import sentences, to_plain_text

_ECHOES = (FindingKind.COPY, FindingKind.NEAR_COPY, FindingKind.PARAPHRASE)
_SEED = 20
_OPENING = "Hello, and thank you for your patience. I have looked into this for you."
_CLOSING = "Please tell me whether this helps. Kind regards, Ines"
_N_COPIES, _N_PUBLIC, _N_QUOTES = 440, 80, 60
_N_DRAFTS, _N_PLANTED = 40, 100
_LEAST_WORDS = 8
_N_TOGETHER = 20


class Case(NamedTuple):
    """A draft, the part of it that should be found if any, and where that stands."""

    group: str
    kind: str
    draft: str
    planted: str
    source_id: str | None
    ticket: str | None


def demo_documents() -> list[Document]:
    """The demo desk."""
    return [
        parse_document(line)
        for name in ("articles.jsonl", "tickets.jsonl")
        for line in (demo_desk() / name).read_bytes().splitlines()
    ]


def _letter(text: str) -> str:
    return f"{_OPENING} {text} {_CLOSING}"


def _sentences_of(text: str) -> list[str]:
    flat = [s.text for s in sentences(text)]
    return [s for s in flat if _LEAST_WORDS <= len(s.split()) <= 40 and s[0].isalnum()]


def copied(documents: list[Document]) -> Iterator[Case]:
    """Every edit on sentences of internal articles and private notes, in turns."""
    chance = random.Random(_SEED)
    sources: list[tuple[Document, str]] = []
    for document in documents:
        if isinstance(document, Article):
            if document.shelf is Audience.INTERNAL and document.audience is Audience.INTERNAL:
                body = to_plain_text(document.body, document.format)
                sources += [(document, s) for s in _sentences_of(body)]
        else:
            for message in document.messages:
                if not message.public and message.author_role == "agent":
                    sources += [(document, s) for s in _sentences_of(message.text)]
    chance.shuffle(sources)
    for place, (document, sentence) in enumerate(sources[:_N_COPIES]):
        edit = copies.EDITS[place % len(copies.EDITS)]
        text = edit(sentence, chance)
        ticket = document.id if isinstance(document, Ticket) else None
        yield Case("copy", edit.__name__, _letter(text), text, document.id, ticket)


def reworded() -> Iterator[Case]:
    """The paraphrases."""
    for kind, block in (
        ("of articles", paraphrases.ARTICLES),
        ("of notes", paraphrases_of_notes.NOTES),
    ):
        for line in block.strip().splitlines():
            source, _, text = line.partition(" | ")
            ticket = source if source.startswith("desk:") else None
            yield Case("paraphrase", kind, _letter(text), text, source, ticket)


def harmless(documents: list[Document]) -> Iterator[Case]:
    """What may be said: to whom the sentence is quoted back, in the case of quotes."""
    chance = random.Random(_SEED)
    for kind in ("REWORDED_FROM_PUBLIC", "ORDINARY_REPLIES", "OTHER_FACTS", "STOCK"):
        for text in getattr(negatives, kind).strip().splitlines():
            yield Case("harmless", kind.lower(), _letter(text), "", None, None)
    public = [
        sentence
        for document in documents
        if isinstance(document, Article) and document.shelf is Audience.EXTERNAL
        for sentence in _sentences_of(to_plain_text(document.body, document.format))
    ]
    for text in chance.sample(public, _N_PUBLIC):
        edit = chance.choice(copies.EDITS)
        yield Case("harmless", "public articles", _letter(edit(text, chance)), "", None, None)
    said = [
        (document.id, sentence)
        for document in documents
        if isinstance(document, Ticket)
        for message in document.messages
        if message.public
        for sentence in _sentences_of(message.text)
    ]
    for ticket, text in chance.sample(said, _N_QUOTES):
        yield Case("harmless", "quotes", _letter(f"You wrote: {text}"), "", None, ticket)


class Outcome(NamedTuple):
    """What was found of a case: the planted part, its source, and how much else."""

    case: Case
    is_found: bool
    is_right_source: bool
    alarms: list[str]
    kinds: list[str]


def batches(cases: list[Case]) -> Iterator[list[Case]]:
    """Cases that can stand in one draft, which costs little more than one of them."""
    alone = [case for case in cases if case.kind == "quotes"]
    together = [case for case in cases if case.kind != "quotes"]
    yield from ([case] for case in alone)
    for start in range(0, len(together), _N_TOGETHER):
        yield together[start : start + _N_TOGETHER]


def judge(kb: KnowledgeBase, cases: list[Case]) -> Iterator[Outcome]:
    """Check cases in one draft and compare the spans of its findings with what was planted."""
    draft = "\n".join(case.draft for case in cases)
    ticket = cases[0].ticket if cases[0].kind == "quotes" else None
    report = kb.check_outgoing(draft, ticket=ticket)
    echoes = [f for f in report.findings if f.kind in _ECHOES]
    position = 0
    for case in cases:
        begin, position = position, position + len(case.draft) + 1
        start = begin + (case.draft.index(case.planted) if case.planted else 0)
        end = start + len(case.planted)
        own = [f for f in echoes if begin <= f.start < position]
        hits = [f for f in own if f.start < end and f.end > start]
        yield Outcome(
            case,
            bool(hits),
            any(f.source_id == case.source_id for f in hits),
            [_told(f) for f in own if f not in hits],
            [f.kind.value for f in hits],
        )


def _told(finding: TextFinding) -> str:
    return (
        f"{finding.kind} {finding.score} {finding.sentence} <= {finding.source_id} "
        f"{finding.source_sentence}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("fit", "held-out"), default="held-out")
    parser.add_argument("--embedder", default="sentence-transformers")
    parser.add_argument("--desk", type=Path, help="Keep the desk there, or use the one that is.")
    parser.add_argument("--misses", action="store_true", help="Show what went wrong.")
    parser.add_argument("--group", help="Only cases of one group.")
    parser.add_argument("--mix", type=Path, help="Folder of kb-audience-mix, instead.")
    parser.add_argument("--documents", type=int, default=300, help="Of each audience, with --mix.")
    parser.add_argument("--dtype", default="float32", choices=tuple(DType))
    parser.add_argument("--passages", type=int, nargs="+", help="Sizes of desks, instead.")
    arguments = parser.parse_args()
    if arguments.passages:
        timed(arguments.passages)
        return
    chosen_embedder = EmbedderSettings(
        kind=EmbedderKind(arguments.embedder), dtype=DType(arguments.dtype)
    )
    settings = Settings(embedder=chosen_embedder)
    if arguments.mix:
        mix(arguments.mix, n_documents=arguments.documents, settings=settings)
        return
    documents = demo_documents()
    path = arguments.desk or Path(tempfile.mkdtemp()) / "demo.kb"
    if path.exists():
        kb = KnowledgeBase.open(path)
    else:
        kb = KnowledgeBase.create(path, settings=settings)
        kb.upsert(documents)
        kb.rebuild()
    everything = [*copied(documents), *reworded(), *harmless(documents)]
    offset = 0 if arguments.half == "fit" else 1
    shares: dict[str, list[Case]] = {}
    for case in everything:
        shares.setdefault(f"{case.group}/{case.kind}", []).append(case)
    chosen = [case for cases in shares.values() for case in cases[offset::2]]
    chosen = [c for c in chosen if arguments.group in (None, c.group)]
    started = time.perf_counter()
    outcomes = [o for batch in batches(chosen) for o in judge(kb, batch)]
    took = time.perf_counter() - started
    _report(outcomes, show_misses=arguments.misses)
    print(f"{took:.0f} s for {len(outcomes)} drafts")


def timed(sizes: list[int]) -> None:
    """
    One draft of 30 sentences on desks of random words, two passages for each ticket.

    Half of its sentences stand on the desk. The hashing embedder costs nothing, so this
    is what finding the sources and comparing them costs.
    """
    print("| passages | first check, s of CPU | again | findings |")
    print("|---|---|---|---|")
    for n_passages in sizes:
        make = TicketMaker(seed=n_passages)
        tickets = [make(number) for number in range(n_passages // 2)]
        said = [" ".join(t.messages[0].text.split()[:14]) for t in tickets[:15]]
        new = [" ".join(make(n).messages[0].text.split()[:14]) for n in range(15)]
        draft = "\n".join(f"{sentence}." for sentence in said + new)
        with tempfile.TemporaryDirectory() as folder:
            kb = KnowledgeBase.create(f"{folder}/big.kb", embedder=HashingEmbedder(384))
            kb.upsert(tickets)
            kb.rebuild()
            kb.check_outgoing("Please open the shelf for all that comes after this.")
            took = []
            for _ in range(2):
                started = time.process_time()
                report = kb.check_outgoing(draft)
                took.append(f"{time.process_time() - started:.2f}")
            kb.close()
        print(f"| {n_passages:,} | {' | '.join(took)} | {len(report.findings)} |", flush=True)


def mix(folder: Path, *, n_documents: int, settings: Settings) -> None:
    """
    Real texts: staff's handbook on the desk, public pages of the same company as drafts.

    Pages are checked unpublished, so a sentence that a company wrote in both counts as an
    alarm; then as new versions of pages that stand on the external shelf.
    """
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    chance = random.Random(_SEED)
    by_audience = {
        audience: chance.sample([r for r in rows if r["audience"] == audience], n_documents)
        for audience in ("internal", "external")
    }
    kb = KnowledgeBase.create(Path(tempfile.mkdtemp()) / "mix.kb", settings=settings)
    kb.upsert(_page(number, row) for number, row in enumerate(by_audience["internal"]))
    kb.rebuild()
    pages = [_page(number, row) for number, row in enumerate(by_audience["external"])]
    drafts = pages[:_N_DRAFTS]
    _alarms(kb, drafts, "unpublished")
    kb.upsert(pages)
    kb.rebuild()
    _alarms(kb, drafts, "published")
    handbook = [
        (f"kb:internal-{number}", sentence)
        for number, row in enumerate(by_audience["internal"])
        for sentence in _sentences_of(to_plain_text(row["text"], TextFormat.MARKDOWN))
    ]
    planted = chance.sample(handbook, _N_PLANTED)
    report = kb.check_outgoing("\n".join(sentence for _, sentence in planted))
    found = {f.source_sentence for f in report.findings if f.kind in _ECHOES}
    n_found = sum(
        any(text in (s or "") or (s or "-") in text for s in found) for _, text in planted
    )
    print(f"| planted internal sentences | {_N_PLANTED} | {n_found / _N_PLANTED:.2f} found |")


def _page(number: int, row: dict[str, str]) -> Article:
    return Article(
        id=f"kb:{row['audience']}-{number}",
        title=row["title"] or "untitled",
        body=row["text"],
        audience=Audience(row["audience"]),
        format=TextFormat.MARKDOWN,
    )


def _alarms(kb: KnowledgeBase, drafts: list[Article], name: str) -> None:
    kinds: Counter[str] = Counter()
    n_sentences, started = 0, time.perf_counter()
    for draft in drafts:
        report = kb.check_outgoing(draft.body[:20_000], format=draft.format)
        n_sentences += report.n_sentences
        kinds.update(finding.kind.value for finding in report.findings)
    took = time.perf_counter() - started
    per_1000 = {kind: round(1000 * n / n_sentences, 1) for kind, n in sorted(kinds.items())}
    print(
        f"| public pages, {name} | {n_sentences} sentences | per 1,000: {per_1000} | {took:.0f} s |"
    )


def _report(outcomes: list[Outcome], *, show_misses: bool) -> None:
    print("| group | kind | drafts | found | right source | false alarms |")
    print("|---|---|---|---|---|---|")
    totals: dict[str, list[Outcome]] = {}
    kinds: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in outcomes:
        totals.setdefault(outcome.case.group, []).append(outcome)
        kinds.setdefault((outcome.case.group, outcome.case.kind), []).append(outcome)
    for (group, kind), members in kinds.items():
        print(_row(group, kind, members))
    for group, members in totals.items():
        print(_row(group, "all", members))
    alarms = sum(len(o.alarms) for o in outcomes)
    for group in ("copy", "paraphrase"):
        found = sum(o.is_found for o in totals.get(group, []))
        if found:
            print(f"precision with {group}: {found / (found + alarms):.3f}")
    print(Counter(kind for o in outcomes for kind in o.kinds))
    for outcome in outcomes if show_misses else ():
        if outcome.case.planted and not outcome.is_found:
            print("MISS", outcome.case.kind, outcome.case.source_id, outcome.case.planted)
        for alarm in outcome.alarms:
            print("ALARM", outcome.case.kind, alarm)


def _row(group: str, kind: str, members: list[Outcome]) -> str:
    n, planted = len(members), [o for o in members if o.case.planted]
    found = f"{sum(o.is_found for o in planted) / len(planted):.3f}" if planted else ""
    right = f"{sum(o.is_right_source for o in planted) / len(planted):.3f}" if planted else ""
    return f"| {group} | {kind} | {n} | {found} | {right} | {sum(len(o.alarms) for o in members)} |"


if __name__ == "__main__":
    main()
