"""What both sides are asked: golden queries, labels, and documents by their own words."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from kbsearch.errors import DocumentNotFoundError
from kbsearch.evaluation import LabelSet, Question
from kbsearch.models import Audience, GateQuestions, Ticket
from kbsearch.search import Details, PinnedReader, Searcher
from kbsearch.search.problem import problem_of

_TAIL_WORDS = 12

_T = TypeVar("_T")


class Asked(NamedTuple):
    """
    One question as it is put to both sides.

    Attributes:
        id: Unlike that of all others of its kind.
        text: What is asked.
        relevance: Of the documents that its readers can find now; never empty.
        without: Documents that are no answer: the ticket that it is taken from.
    """

    id: str
    text: str
    relevance: Mapping[str, int]
    without: tuple[str, ...] = ()


class Questions(NamedTuple):
    """By kind what is asked, and how many questions have no answer that stands there."""

    asked: dict[GateQuestions, list[Asked]]
    n_without_answer: int

    def texts(self) -> list[str]:
        """Of all of them."""
        return [one.text for questions in self.asked.values() for one in questions]


def golden_questions(
    golden: Mapping[str, Collection[str]], searcher: Searcher
) -> tuple[list[Asked], int]:
    """Golden queries of one audience, and the number of those that nothing can answer now."""
    return _answerable(
        (Asked(query, query, dict.fromkeys(named, 1)) for query, named in golden.items()), searcher
    )


def labelled_questions(
    labels: LabelSet, audience: Audience, searcher: Searcher, reader: PinnedReader, *, n: int
) -> tuple[list[Asked], int]:
    """
    Labelled questions of one audience, at most n and always the same ones; likewise.

    A ticket that is a question, or that one was taken from, must be one that the audience
    may read: else what is asked would tell of it.
    """
    qrels, asked = labels.qrels(), []
    for question in labels.questions:
        relevance = {i: grade for i, grade in qrels.get(question.id, {}).items() if grade}
        if question.audience is audience and relevance:
            text = _text_of(question, searcher, reader)
            if text and text.strip():
                own = (question.ticket_id,) if question.ticket_id else ()
                asked.append(Asked(question.id, text, relevance, own))
    return _answerable(_sample(asked, n, lambda one: one.id), searcher)


def self_check_questions(reader: PinnedReader, searcher: Searcher, *, n: int) -> list[Asked]:
    """
    Documents of one shelf that are asked for by their own words: by title, and by their end.

    The end tells whether texts are read whole. What several documents have in common asks
    for none of them.

    Args:
        reader: Of the shelf.
        searcher: Of its readers: what they cannot find is not asked for.
        n: Documents, at most; always the same ones.
    """
    wanted = _sample(sorted(reader.ids()), n, str)
    details = reader.details_of([each for each in wanted if _stands(searcher, each)])
    words = [
        (f"{document_id} {part}", document_id, text)
        for document_id, own in sorted(details.items())
        for part, text in (("title", own.cleaned.title), ("end", _end_of(own)))
    ]
    n_times = Counter(text.casefold().strip() for _, _, text in words)
    return [
        Asked(name, text, {document_id: 1})
        for name, document_id, text in words
        if n_times[text.casefold().strip()] == 1 and any(map(str.isalnum, text))
    ]


def _end_of(details: Details) -> str:
    """The last words of a document's last passage."""
    last = max(details.passages, key=lambda each: each.passage.end).passage
    return " ".join(details.cleaned.text[last.start : last.end].split()[-_TAIL_WORDS:])


def _text_of(question: Question, searcher: Searcher, reader: PinnedReader) -> str | None:
    """What a question asks; None if its ticket is not among what the audience may read."""
    if question.ticket_id is None:
        return question.text
    try:
        found = searcher.get(question.ticket_id)
    except DocumentNotFoundError:
        return None
    if question.text is not None:
        return question.text
    return problem_of(found, reader.cleaner()).text if isinstance(found, Ticket) else None


def _answerable(asked: Iterable[Asked], searcher: Searcher) -> tuple[list[Asked], int]:
    """Each with the documents that can be found now; and how many have none."""
    kept, n_without = [], 0
    for one in asked:
        there = {i: grade for i, grade in one.relevance.items() if _stands(searcher, i)}
        there = {i: grade for i, grade in there.items() if i not in one.without}
        if there:
            kept.append(one._replace(relevance=there))
        else:
            n_without += 1
    return kept, n_without


def _stands(searcher: Searcher, document_id: str) -> bool:
    try:
        searcher.get(document_id)
    except DocumentNotFoundError:
        return False
    return True


def _sample(everything: Iterable[_T], n: int, name: Callable[[_T], str]) -> Iterator[_T]:
    """At most n, spread by a hash of their names: the same ones each time."""

    def place(one: _T) -> bytes:
        return hashlib.sha256(name(one).encode()).digest()

    yield from sorted(everything, key=place)[:n]
