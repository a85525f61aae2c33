"""
What a replay says of a desk, and how long it takes.

    python benchmarks/replay.py [DATA/bugs-gitbugs-hadoop] [--tickets 10000] [--work FOLDER]

Without a folder, a desk of invented tickets (three messages, a fix, a duplicate for one in
three) with the hashing embedder: how many questions a second once vectors are there, and
how much memory. With one, its Jira issues as tickets with their dates, their linked
duplicates as labels, each asked of the desk as it stood when it was created, and the same
questions of the whole desk for comparison: how much hindsight is worth.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.arguments import data_parser, make_embedder, parsed
from benchmarks.retrieval_sets import dated_tickets
from kbsearch import Audience, AuthorRole, Message, Settings, Ticket, TicketStatus
from kbsearch.embed import Embedder, HashingEmbedder
from kbsearch.embed.factory import shelf_fingerprint
from kbsearch.evaluation import Label, LabelSet, LabelSource, Question
from kbsearch.evaluation.history import History
from kbsearch.evaluation.past_making import Making, PastShelfMaker
from kbsearch.evaluation.replay import ReplayFigures, replay
from kbsearch.text import Analyzer

_BEGIN = datetime(2024, 1, 1, tzinfo=UTC)


def main() -> int:
    parser = data_parser(__doc__, needs_data=False, is_one_set=True)
    parser.add_argument("--tickets", type=int, default=10_000)
    arguments = parsed(parser)
    if arguments.data is None:
        tickets = list(invented(arguments.tickets))
        labels = labels_of((one.id, other) for one in tickets for other in one.duplicate_ids)
        history = made(tickets, HashingEmbedder(384))
        asked(history, labels, "past")
    else:
        embedder = make_embedder(arguments)
        tickets, pairs = dated_tickets(arguments.data)
        labels = labels_of(pairs)
        history = made(tickets, embedder)
        asked(history, labels, "past")
        asked(made([_undated(one) for one in tickets], embedder), labels, "whole desk")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"peak memory {peak:.2f} GiB")
    return 0


def made(tickets: list[Ticket], embedder: Embedder) -> History:
    """The past of a desk that holds these, on the shelf for staff."""
    settings, started = Settings(), time.perf_counter()
    making = Making(embedder, shelf_fingerprint(embedder, settings), Analyzer())
    maker = PastShelfMaker(Audience.INTERNAL.value, making)
    for one in tickets:
        maker.add(one)
    shelf = maker.made()
    by_id = {one.id: one for one in tickets}
    seconds = time.perf_counter() - started
    history = History(
        Audience.INTERNAL,
        [shelf],
        making,
        settings.ranking,
        ticket_of=by_id.get,
        now_us=0,
    )
    print(f"{history.counts()} in {seconds:.1f} s")
    return history


def asked(history: History, labels: LabelSet, name: str) -> None:
    """Ask all questions, and print what they came to."""
    started = time.perf_counter()
    report = replay(history, labels, Settings().ranking)
    seconds = time.perf_counter() - started
    print(
        f"{name}: {report.n_questions} questions, {report.n_asked} asked in {seconds:.1f} s "
        f"({report.n_asked / seconds:.0f} a second), {report.n_unanswerable} unanswerable then, "
        f"left out {report.left_out}"
    )
    for figures in (report.overall, report.undated):
        if figures is not None:
            print(shown(figures))


def shown(figures: ReplayFigures) -> str:
    """One line for each measure."""
    return "\n".join(
        f"  {name:12} {one.mean:.3f} [{one.low:.3f}, {one.high:.3f}]"
        for name, one in figures.measures.items()
    )


def labels_of(pairs: Iterable[tuple[str, str]]) -> LabelSet:
    """Each ticket asks; the other answers."""
    labels = [
        Label(question_id=one, document_id=other, source=LabelSource.DUPLICATE)
        for one, other in pairs
    ]
    asked_ids = dict.fromkeys(one.question_id for one in labels)
    return LabelSet(
        questions=tuple(Question(id=one, ticket_id=one) for one in asked_ids), labels=tuple(labels)
    )


def invented(n: int) -> Iterator[Ticket]:
    """Tickets of an invented vocabulary, one in three the duplicate of an earlier one."""
    rng = random.Random(7)
    letters = "abdefgiklmnoprstuvz"
    words = ["".join(rng.choices(letters, k=rng.randint(3, 9))) for _ in range(20_000)]
    weights = [1 / (rank + 10) for rank in range(len(words))]
    problems: list[list[str]] = []
    for number in range(n):
        original = rng.randrange(number) if number and number % 3 == 0 else None
        problem = rng.choices(words, weights, k=60)
        if original is not None:
            problem[:20] = rng.sample(problems[original], 20)
        problems.append(problem)
        yield _ticket(number, problem, original, rng.choices(words, weights, k=80))


def _ticket(number: int, problem: list[str], original: int | None, told: list[str]) -> Ticket:
    created = _BEGIN + timedelta(minutes=10 * number)
    said = (" ".join(problem), " ".join(told[:40]), " ".join(told[40:]))
    roles = (AuthorRole.CUSTOMER, AuthorRole.AGENT, AuthorRole.CUSTOMER)
    messages = tuple(
        Message(author_role=role, text=text, public=True, created_at=created + timedelta(hours=h))
        for h, (role, text) in enumerate(zip(roles, said, strict=True))
    )
    return Ticket(
        id=f"made:{number}",
        subject=" ".join(problem[:6]),
        messages=messages,
        status=TicketStatus.RESOLVED,
        duplicate_ids=() if original is None else (f"made:{original}",),
        created_at=created,
        resolved_at=created + timedelta(hours=5),
    )


def _undated(ticket: Ticket) -> Ticket:
    messages = tuple(one.model_copy(update={"created_at": None}) for one in ticket.messages)
    return ticket.model_copy(
        update={"messages": messages, "created_at": None, "resolved_at": None, "updated_at": None}
    )


if __name__ == "__main__":
    raise SystemExit(main())
