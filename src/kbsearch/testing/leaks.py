"""Ask an application as customers do, in two worlds that differ only in what staff know."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from kbsearch.models.base import FrozenModel
from kbsearch.models.parsing import Document
from kbsearch.models.ticket import Ticket
from kbsearch.search import Searcher
from kbsearch.testing.canaries import Canary, CanaryCorpus, canary_corpus
from kbsearch.testing.recording import recorded
from kbsearch.testing.renderings import all_said_by, rendering

Answering = Callable[[str], object]
Normalise = Callable[[bytes], bytes]

_MOST_SHOWN = 5
_CHARACTERS_SHOWN = 60


class Application(NamedTuple):
    """
    What is tested: the doors of an application that has taken in the documents.

    Attributes:
        customers: Answers a question for customers; a `Searcher` or a callable.
        staff: The same for staff. It is asked each question first, as a cache that both
            share would not leak otherwise.
        directory: What is published as files: every byte of it is read.
    """

    customers: Searcher | Answering
    staff: Searcher | Answering | None = None
    directory: Path | None = None


class Leak(FrozenModel):
    """
    One thing that customers could learn of what staff know.

    Attributes:
        channel: Where: "answer", "exception", "log record", "warning", "printed line", "file".
        asked: The question, or the file's name.
        what: Which token, or what differed.
    """

    channel: str
    asked: str
    what: str

    def __str__(self) -> str:
        asked = self.asked if self.channel == "file" else f"when asked {_short(self.asked)!r}"
        return f"{self.channel} {asked}: {self.what}"


class LeakError(AssertionError):
    """Customers can learn what only staff know; `leaks` lists all that was found."""

    def __init__(self, leaks: Sequence[Leak]) -> None:
        self.leaks = tuple(leaks)
        alike = Counter((leak.channel, leak.what) for leak in leaks)
        first = {(leak.channel, leak.what): leak for leak in reversed(leaks)}
        lines = [
            f"  {first[kind]}" + (f" (and {n - 1} more like it)" if n > 1 else "")
            for kind, n in itertools.islice(alike.items(), _MOST_SHOWN)
        ]
        if len(alike) > _MOST_SHOWN:
            lines.append(f"  … and {len(alike) - _MOST_SHOWN} other kinds, see `.leaks`")
        super().__init__(
            f"{len(leaks)} times customers could tell what only staff know:\n" + "\n".join(lines)
        )

    def __reduce__(self) -> tuple[type, tuple[tuple[Leak, ...]]]:
        return type(self), (self.leaks,)


class NothingFoundError(AssertionError):
    """The application has not taken in the documents: what it does not know cannot leak."""


class _View(NamedTuple):
    """What was seen in one world: answers and files as bytes, and the canaries in them."""

    answers: dict[str, bytes]
    files: dict[str, bytes]
    leaks: list[Leak]


def assert_no_leak(
    make_searcher: Callable[[Sequence[Document]], Application | Searcher | Answering],
    *,
    questions: Sequence[str] = (),
    seed: int = 0,
    normalise: Normalise = bytes,
    directory: Path | Callable[[], Path] | None = None,
) -> None:
    """
    Assert that nothing internal reaches customers through an application.

    The application is made twice, of documents that differ only in what is internal, and
    asked the same questions. Both must give the same answers, byte by byte, and no answer,
    exception, log record, warning or printed line may hold a token of an internal field,
    but for one that the question itself holds.

    Args:
        make_searcher: Is given documents and makes everything anew, caches too; returns
            what answers customers: a callable from a question to anything (a str, a model,
            an HTTP response, a generator …), a `Searcher`, or an `Application` with more
            doors.
        questions: To be asked beside those of the canary corpus.
        seed: Of the corpus.
        normalise: Takes out of a rendered answer what may differ between two calls, as
            times and request ids.
        directory: What is published as files, if `Application.directory` does not say it;
            read after each world was asked.

    Raises:
        LeakError: If customers can tell the worlds apart, or meet a token.
        NothingFoundError: If customers find no public article, or staff no internal one.
    """
    full, sparse = canary_corpus(seed), canary_corpus(seed, is_sparse=True)
    asked = tuple(dict.fromkeys((*full.questions, *questions)))
    # in both worlds the tokens of both: what outlives a world would show there
    canaries = tuple(dict.fromkeys((*full.canaries, *sparse.canaries)))
    watched = full.model_copy(update={"canaries": canaries})
    views = []
    for corpus in (full, sparse):
        made = make_searcher(corpus.documents)
        application = made if isinstance(made, Application) else Application(made)
        answers, leaks = _ask(application, watched, asked, normalise)
        files = _files_of(application.directory or directory)
        views.append(_View(answers, files, [*leaks, *_tokens_in(files, watched)]))
    leaks = [leak for view in views for leak in view.leaks]
    leaks += _differences("answer", views[0].answers, views[1].answers)
    leaks += _differences("file", views[0].files, views[1].files)
    if leaks:
        raise LeakError(leaks)


def _ask(
    application: Application, watched: CanaryCorpus, questions: Sequence[str], normalise: Normalise
) -> tuple[dict[str, bytes], list[Leak]]:
    customers, staff = _door(application.customers), _door(application.staff)
    answers: dict[str, bytes] = {}
    leaks: list[Leak] = []
    met_by_staff: set[Canary] = set()
    for question in questions:
        own = set(watched.canaries_in(question))
        if staff is not None:
            met = watched.canaries_in(rendering(_answer(staff, question)))
            met_by_staff |= {canary for canary in met if not canary.is_dated} - own
        with recorded() as said:
            answer = _answer(customers, question)
            shown = rendering(answer)
        answers[question] = normalise(shown)
        channels: list[tuple[str, bytes | str]] = [("answer", shown)]
        channels += [(each.channel, each.text) for each in said]
        channels += [("exception", all_said_by(each)) for each in _errors_in(answer)]
        leaks += [
            Leak(channel=channel, asked=question, what=f"holds {canary}")
            for channel, content in channels
            for canary in watched.canaries_in(content)
            if canary not in own
        ]
    _require_found(watched, answers)
    if staff is not None and not met_by_staff:
        raise NothingFoundError(
            "No answer for staff held anything internal, so the check would prove nothing. "
            "Give `staff` a door that shows internal documents, and index them."
        )
    return answers, leaks


def _door(door: Searcher | Answering | None) -> Answering | None:
    return _all_doors_of(door) if isinstance(door, Searcher) else door


def _all_doors_of(searcher: Searcher) -> Answering:
    """Every way in which a searcher answers; an error is an answer too."""

    def answer(question: str) -> dict[str, object]:
        draft = Ticket(id="draft:canary", subject=question or "draft")
        return {
            "search": _answer(lambda asked: searcher.search(asked, k=1000), question),
            "similar": _answer(lambda _: searcher.similar(draft, k=1000), question),
            "similar by id": _answer(searcher.similar, question),
            "get": _answer(searcher.get, question),
            "count": searcher.count(),
        }

    return answer


def _answer(door: Any, question: str) -> object:
    try:
        found = door(question)
        return list(found) if isinstance(found, Iterator) else found
    except Exception as error:  # noqa: BLE001 - whatever it is, customers would meet it
        return error


def _errors_in(answer: object) -> Iterator[BaseException]:
    if isinstance(answer, BaseException):
        yield answer
    elif isinstance(answer, Mapping):
        for inner in answer.values():
            yield from _errors_in(inner)


def _require_found(corpus: CanaryCorpus, answers: Mapping[str, bytes]) -> None:
    missed = [q for q in corpus.public_questions if not corpus.finds_public(answers[q])]
    if missed:
        shown = answers[missed[0]][:200].decode("utf-8", "replace")
        raise NothingFoundError(
            f"{len(missed)} of {len(corpus.public_questions)} questions of customers found no "
            f"public article, so the check would prove nothing. {missed[0]!r} was answered with "
            f"{shown!r}. Index the documents that make_searcher is given, and return answers "
            "that show an id, a title or the text of what was found."
        )


def _files_of(directory: Path | Callable[[], Path] | None) -> dict[str, bytes]:
    root = directory() if callable(directory) else directory
    if root is None:
        return {}
    files = {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
    if not files:
        raise NothingFoundError(
            f"There is no file in {str(root)!r}. Give the directory that is published."
        )
    return files


def _tokens_in(files: Mapping[str, bytes], corpus: CanaryCorpus) -> list[Leak]:
    return [
        Leak(channel="file", asked=name, what=f"holds {canary}")
        for name, content in files.items()
        for canary in corpus.canaries_in(name.encode() + b"\n" + content)
        if not canary.is_dated
    ]


def _differences(
    channel: str, full: Mapping[str, bytes], sparse: Mapping[str, bytes]
) -> list[Leak]:
    return [
        Leak(channel=channel, asked=asked, what=_difference(full.get(asked), sparse.get(asked)))
        for asked in dict.fromkeys((*full, *sparse))
        if full.get(asked) != sparse.get(asked)
    ]


def _difference(full: bytes | None, sparse: bytes | None) -> str:
    if full is None or sparse is None:
        return "is there in one world only"
    at = next(
        (n for n, (a, b) in enumerate(zip(full, sparse, strict=False)) if a != b),
        min(len(full), len(sparse)),
    )
    around = [
        _short(each[max(0, at - 20) : at + _CHARACTERS_SHOWN].decode("utf-8", "replace"))
        for each in (full, sparse)
    ]
    return f"differs with other internal documents: {around[0]!r} became {around[1]!r}"


def _short(text: str) -> str:
    return text if len(text) <= _CHARACTERS_SHOWN else f"{text[:_CHARACTERS_SHOWN]}…"
