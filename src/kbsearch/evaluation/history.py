"""A desk as it stood whenever a question was asked of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Bool, Float32
from kbsearch.config import RankingSettings
from kbsearch.embed import checked_vectors
from kbsearch.evaluation.cases import Case, CaseWords
from kbsearch.evaluation.labels import Question
from kbsearch.evaluation.past_making import Making
from kbsearch.evaluation.past_shelf import HistoryCounts, PastShelf, Proposed, ShelfThen
from kbsearch.evaluation.unasked import Unasked
from kbsearch.evaluation.versions import as_asked
from kbsearch.models import Audience, Filters, Kind, Ticket, clean_characters
from kbsearch.rank import Circumstances, Signals
from kbsearch.search import same_story
from kbsearch.search.languages import ReadTerms, query_readers
from kbsearch.search.problem import (
    MAX_TERMS,
    Problem,
    pooled,
    problem_of,
    problem_passages,
    telling_terms,
)
from kbsearch.store import to_us
from kbsearch.text import Question as Names
from kbsearch.text import asked_in

_QUESTIONS_AT_A_TIME = 64


class Reading(NamedTuple):
    """
    A question as it is read before it is looked up.

    Attributes:
        parts: Subject and body of a ticket, or the text of a question.
        passages: What is embedded for it.
        is_ticket: Whether only its telling terms are looked up.
        at_us: When it is asked; None if nobody knows.
        own: The document that is no answer to it.
        merged: Tickets merged with it, as far as that was known then.
    """

    parts: tuple[str, ...]
    passages: list[str]
    is_ticket: bool
    at_us: int | None
    own: str | None
    merged: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole question."""
        return "\n".join(part for part in self.parts if part.strip())


class History:
    """
    Asks labelled questions of the shelves of one audience as they stood then.

    What was later is in nothing: documents, messages, resolutions, frequencies, lengths,
    the measure of closeness. What cannot be told of a past moment is left out:
    learned boilerplate, corrections of spelling, synonyms, rerankers, near-copies.
    A question of which nobody knows when it was asked is put to the desk as it is now,
    without the ticket that it was taken from; and if it is a ticket, without those merged
    with it, which `Searcher.similar` leaves out. Of the past nobody knows a merge with the
    ticket that asks: it came when both were there.

    Args:
        audience: Who asks.
        shelves: All that are open to it.
        making: What the shelves were made with.
        ranking: BM25's parameters, and how many candidates each retriever proposes.
        ticket_of: The ticket of an id as it stands on these shelves.
        now_us: What time it is, microseconds since 1970 UTC.
    """

    def __init__(
        self,
        audience: Audience,
        shelves: Sequence[PastShelf],
        making: Making,
        ranking: RankingSettings,
        *,
        ticket_of: Callable[[str], Ticket | None],
        now_us: int,
    ) -> None:
        self.audience, self.shelves = audience, list(shelves)
        self._making, self._ranking = making, ranking
        self.ticket_of, self._now_us = ticket_of, now_us
        self._cleaner = making.cleaner

    def case(
        self, question: Question, relevance: Mapping[str, int], *, kind: Kind | None = None
    ) -> Case | Unasked:
        """
        What the desk would have proposed for one question, or why it cannot be asked.

        Args:
            question: A text, or a ticket of the desk.
            relevance: Of the documents that were judged for it.
            kind: Only such documents may be found; left out, all.
        """
        ((_, case),) = self.cases([(question, relevance)], kind=kind)
        return case

    def cases(
        self, asked: Iterable[tuple[Question, Mapping[str, int]]], *, kind: Kind | None = None
    ) -> Iterator[tuple[Question, Case | Unasked]]:
        """As `case`, of many questions, in their order: by time is fastest."""
        waiting = iter(asked)
        while several := list(islice(waiting, _QUESTIONS_AT_A_TIME)):
            readings = [self._read(question) for question, _ in several]
            vectors = iter(self._vectors([r for r in readings if isinstance(r, Reading)]))
            for (question, relevance), reading in zip(several, readings, strict=True):
                if isinstance(reading, Unasked):
                    yield question, reading
                else:
                    case = self._case(question, reading, next(vectors), relevance, kind)
                    yield question, case

    def asked_us(self, question: Question) -> int | None:
        """When a question was asked, microseconds since 1970 UTC; None if nobody knows."""
        ticket = None
        if question.asked_at is None and question.text is None:
            ticket = self.ticket_of(question.ticket_id or "")
        return to_us(ticket.created_at if ticket else question.asked_at)

    def counts(self) -> HistoryCounts:
        """What the shelves hold, a document that stands on several once."""
        ids, undated, changed = (
            set().union(*each) for each in zip(*(s.known for s in self.shelves), strict=True)
        )
        return HistoryCounts(
            n_documents=len(ids),
            n_versions=sum(len(shelf.table) for shelf in self.shelves),
            n_undated_documents=len(undated),
            n_changed_articles=len(changed),
            n_embedded=sum(shelf.n_embedded for shelf in self.shelves),
        )

    def merging(self, document_id: str) -> list[str]:
        """Ids of the tickets that name this one as merged."""
        return [s.table.ids[row] for s in self.shelves for row in s.table.merging(document_id)]

    def get(self, document_id: str) -> Ticket | None:
        """A ticket as it stands on these shelves; None if it does not."""
        return self.ticket_of(document_id)

    def _read(self, question: Question) -> Reading | Unasked:
        at_us = self.asked_us(question)
        if question.text is not None:
            text = clean_characters(question.text).strip()
            reading = Reading((text,), [text], False, at_us, question.ticket_id)
        else:
            ticket = self.ticket_of(question.ticket_id or "")
            if ticket is None:
                return Unasked.NOT_HERE
            told = problem_of(as_asked(ticket, at_us), self._cleaner)
            problem = Problem(*(clean_characters(part).strip() for part in told))
            embedder = self._making.embedder
            passages, _ = problem_passages(
                problem, embedder.token_offsets, max_tokens=embedder.fingerprint.max_tokens
            )
            story = same_story(ticket, [self]) if at_us is None else ()
            merged = tuple(one for one in story if one != ticket.id)
            reading = Reading(tuple(problem), passages, True, at_us, ticket.id, merged)
        has_words = any(character.isalnum() for character in reading.text)
        return reading if has_words else Unasked.NO_WORDS

    def _vectors(self, readings: Sequence[Reading]) -> Iterator[Float32]:
        """Of each question, (dim,)."""
        embedder = self._making.embedder
        texts = [passage for reading in readings for passage in reading.passages]
        found = embedder.embed_queries(texts) if texts else np.zeros((0, 0), dtype=np.float32)
        vectors = checked_vectors(found, len(texts), embedder.fingerprint) if texts else found
        place = 0
        for reading in readings:
            own = vectors[place : place + len(reading.passages)]
            place += len(reading.passages)
            yield pooled(own) if reading.is_ticket else own[0]

    def _case(
        self,
        question: Question,
        reading: Reading,
        vector: Float32,
        relevance: Mapping[str, int],
        kind: Kind | None,
    ) -> Case | Unasked:
        no_answers = {reading.own, *reading.merged}
        judged = {one: grade for one, grade in relevance.items() if one not in no_answers}
        shelves = [ShelfThen(shelf, reading.at_us, reading.own) for shelf in self.shelves]
        allowed = [self._allowed(shelf, reading, kind) for shelf in shelves]
        there = {
            i for one, own in zip(shelves, allowed, strict=True) for i in one.among(judged, own)
        }
        if not any(judged[one] > 0 for one in there):
            return self._why_not(relevance, reading, kind)
        spoken, readers = query_readers(
            reading.text, self._making.analyzer, {one.shelf.name: one.languages for one in shelves}
        )
        names = asked_in(reading.text)
        proposed = _first_copies(
            shelves,
            [
                one.propose(
                    vector,
                    _terms(reading, readers[one.shelf.name], one),
                    own,
                    names.asked,
                    self._ranking,
                )
                for one, own in zip(shelves, allowed, strict=True)
            ],
        )
        return _joined(
            question.id,
            {one: judged[one] for one in judged if one in there},
            shelves,
            proposed,
            names=names,
            spoken=spoken,
            now_us=self._moment_of(reading),
        )

    def _moment_of(self, reading: Reading) -> int:
        return self._now_us if reading.at_us is None else reading.at_us

    def _allowed(self, shelf: ShelfThen, reading: Reading, kind: Kind | None) -> Bool:
        """As `Searcher` does it: staff find customers' articles, not the faces of their tickets."""
        filters: Filters | None = Filters(kind=kind, exclude_ids=reading.merged)
        if self.audience is Audience.INTERNAL and shelf.shelf.name == Audience.EXTERNAL.value:
            filters = None if kind is Kind.TICKET else Filters(kind=Kind.ARTICLE)
        is_customers = self.audience is Audience.EXTERNAL
        return shelf.allowed(filters, now_us=self._moment_of(reading), only_valid=is_customers)

    def _why_not(
        self, relevance: Mapping[str, int], reading: Reading, kind: Kind | None
    ) -> Unasked:
        """Why nothing that answers a question could have been found."""
        relevant = {one for one, grade in relevance.items() if grade > 0 and one != reading.own}
        if not relevant:
            return Unasked.NOT_RELEVANT
        if relevant.issubset(reading.merged):
            return Unasked.MERGED
        here = [(s, one) for s in self.shelves for one in relevant if s.rows(one)]
        if not here:
            return Unasked.GONE
        here = [(shelf, one) for shelf, one in here if kind in (None, shelf.kind_of(one))]
        if not here:
            return Unasked.OTHER_KIND
        if not any(shelf.is_dated(one) for shelf, one in here):
            return Unasked.UNDATED
        at_us = reading.at_us
        is_newer = at_us is not None and all(s.created_us(one) >= at_us for s, one in here)
        return Unasked.NEWER if is_newer else Unasked.UNKNOWN_THEN


def _terms(reading: Reading, read: ReadTerms, shelf: ShelfThen) -> list[str]:
    """What a shelf is asked for, by how rare it was there; see `QueryMaker`."""
    parts = [read(part) for part in reading.parts]
    every = [term for part in parts for term in part]
    if not reading.is_ticket and len(set(every)) <= MAX_TERMS:
        return every
    return telling_terms(
        parts[0] if reading.is_ticket else (),
        every,
        frequencies=shelf.shelf.words.frequencies(every, shelf.moment),
        n_documents=shelf.moment.n_documents,
    )


def _first_copies(shelves: Sequence[ShelfThen], proposed: Sequence[Proposed]) -> list[Proposed]:
    """
    What several groups share stands on the shelf of each: the first one's counts, as in a search.

    Customers' shelf comes last and shares nothing with the others that could be found.
    """
    kept = []
    for number, (shelf, own) in enumerate(zip(shelves, proposed, strict=True)):
        before = shelves[:number]
        ids = (shelf.shelf.table.ids[row] for row in own.rows.tolist())
        is_first = [not any(one.holds(document_id) for one in before) for document_id in ids]
        kept.append(own.kept(np.array(is_first, dtype=np.bool_)))
    return kept


def _joined(
    question_id: str,
    relevance: Mapping[str, int],
    shelves: Sequence[ShelfThen],
    proposed: Sequence[Proposed],
    *,
    names: Names,
    spoken: str | None,
    now_us: int,
) -> Case:
    """One case of what all shelves propose."""
    of_each = [(one.shelf, own.rows) for one, own in zip(shelves, proposed, strict=True)]
    exact = [held for own in proposed for held in own.exact]
    found = {holding.name for held in exact for holding in held}
    known = [s.table.circumstances(rows, now_us=now_us, spoken=spoken) for s, rows in of_each]
    return Case(
        question_id=question_id,
        relevance=relevance,
        document_ids=[s.table.ids[row] for s, rows in of_each for row in rows.tolist()],
        signals=Signals(*map(np.concatenate, zip(*(p.signals for p in proposed), strict=True))),
        words=_words(shelves, proposed),
        **Circumstances(*map(np.concatenate, zip(*known, strict=True)))._asdict(),
        exact=exact,
        is_about_names=names.is_about(found),
    )


def _words(shelves: Sequence[ShelfThen], proposed: Sequence[Proposed]) -> CaseWords:
    """Of the terms of all shelves; each candidate counts those that its own was asked for."""
    terms = list(dict.fromkeys(term for own in proposed for term in own.asked.terms))
    place = {term: column for column, term in enumerate(terms)}
    n_rows = sum(len(own.rows) for own in proposed)
    in_title, in_text = np.zeros((2, n_rows, len(terms)), dtype=np.float32)
    idf, title_idf, counts = np.zeros((3, len(proposed), len(terms)), dtype=np.float32)
    lengths, means = [], []
    start = 0
    for number, (shelf, own) in enumerate(zip(shelves, proposed, strict=True)):
        words, moment = shelf.shelf.words, shelf.moment
        columns = [place[term] for term in own.asked.terms]
        rows = slice(start, start + len(own.rows))
        in_title[rows, columns], in_text[rows, columns] = words.counts_of(
            own.rows, own.asked, moment
        )
        for table, values in zip((counts, idf, title_idf), own.asked[1:], strict=True):
            table[number, columns] = values
        lengths.append(words.lengths_of(own.rows))
        means.append((moment.mean_title_length, moment.mean_text_length))
        start = rows.stop
    titles, texts = map(np.concatenate, zip(*lengths, strict=True))
    sizes = [len(own.rows) for own in proposed]
    return CaseWords(
        in_title=in_title,
        in_text=in_text,
        title_lengths=titles,
        text_lengths=texts,
        shelves=np.repeat(np.arange(len(proposed)), sizes),
        idf=idf,
        title_idf=title_idf,
        counts=counts,
        mean_title_lengths=np.array([one for one, _ in means], dtype=np.float32),
        mean_text_lengths=np.array([one for _, one in means], dtype=np.float32),
    )
