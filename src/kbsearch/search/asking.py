"""From what somebody asks to what the shelves are asked: vector, terms, identifiers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from kbsearch.arrays import Float32
from kbsearch.embed import Embedder, checked_vectors
from kbsearch.errors import ConfigError
from kbsearch.lexical import AnyOf, QueryTerm
from kbsearch.lexical.synonyms import Synonyms
from kbsearch.models import Audience, Rewording, Ticket, clean_characters
from kbsearch.search.known_words import KnownWords
from kbsearch.search.languages import QueryReaders, ReadTerms, query_readers
from kbsearch.search.problem import (
    MAX_TERMS,
    Problem,
    pooled,
    problem_of,
    problem_passages,
    telling_terms,
)
from kbsearch.search.shelf_reader import ShelfReader
from kbsearch.search.wording import Worded, word_query
from kbsearch.store import to_us
from kbsearch.text import Analyzer, Question, asked_in

MAX_QUERY_CHARACTERS = 1_000_000


class Query(NamedTuple):
    """
    A query as it is looked up.

    Attributes:
        text: As it was asked.
        vector: Of length 1, (dim,).
        terms: By shelf.
        n_unseen_tokens: Tokens that the model did not see.
        question: The identifiers that it names.
        spoken: Its language, if the desk has several and it can be told.
        rewordings: What is searched for beside what was typed.
    """

    text: str
    vector: Float32
    terms: dict[str, list[QueryTerm]]
    n_unseen_tokens: int
    question: Question
    spoken: str | None = None
    rewordings: tuple[Rewording, ...] = ()


class QueryMaker:
    """
    Makes queries for the shelves of one audience.

    Args:
        audience: Who asks.
        shelves: By name, those that are open.
        embedder: Makes the vector.
        analyzer: Of the desk.
        clock: For articles that are not valid yet or any more.
        synonyms: Of the desk, for this audience.
        corrects_spelling: Whether mistakes are looked for.
    """

    def __init__(
        self,
        audience: Audience,
        shelves: Mapping[str, ShelfReader],
        embedder: Embedder,
        analyzer: Analyzer,
        *,
        clock: Callable[[], datetime],
        synonyms: Callable[[], Synonyms],
        corrects_spelling: bool,
    ) -> None:
        self._audience, self._shelves = audience, shelves
        self._embedder, self._analyzer = embedder, analyzer
        self._clock, self._synonyms = clock, synonyms
        self._corrects_spelling = corrects_spelling

    def question(self, text: str) -> Query | None:
        """
        A question as a person wrote it; None if it holds no words.

        Raises:
            ConfigError: If it is no text, or has over a million characters.
        """
        text = _checked(text)
        if not any(character.isalnum() for character in text):
            return None
        readers = self._readers(text)
        worded = self._worded(text, readers.by_shelf)
        n_tokens = len(self._embedder.token_offsets(text))
        return Query(
            text=text,
            vector=self._embed([worded.embedded])[0],
            terms={shelf: self._shortened(terms, shelf) for shelf, terms in worded.terms.items()},
            n_unseen_tokens=max(0, n_tokens - self._embedder.fingerprint.max_tokens),
            question=asked_in(text),
            spoken=readers.spoken,
            rewordings=worded.rewordings,
        )

    def problem(self, ticket: Ticket) -> Query | None:
        """A ticket's problem: several passages if it is long, its telling terms."""
        problem = problem_of(ticket, next(iter(self._shelves.values())).cleaner())
        problem = problem._replace(subject=_checked(problem.subject), body=_checked(problem.body))
        if not any(character.isalnum() for character in problem.text):
            return None
        max_tokens = self._embedder.fingerprint.max_tokens
        readers = self._readers(problem.text)
        parts = [self._worded(part, readers.by_shelf) for part in problem]
        passages, n_unseen = problem_passages(
            Problem(*(part.embedded for part in parts)),
            self._embedder.token_offsets,
            max_tokens=max_tokens,
        )
        return Query(
            text=problem.text,
            vector=pooled(self._embed(passages)),
            terms={
                shelf: self._telling([part.terms[shelf] for part in parts], reader)
                for shelf, reader in self._shelves.items()
            },
            n_unseen_tokens=n_unseen,
            question=asked_in(problem.text),
            spoken=readers.spoken,
            rewordings=tuple(dict.fromkeys(one for part in parts for one in part.rewordings)),
        )

    def _embed(self, texts: Sequence[str]) -> Float32:
        vectors = self._embedder.embed_queries(texts)
        return checked_vectors(vectors, len(texts), self._embedder.fingerprint)

    def _readers(self, text: str) -> QueryReaders:
        counts = {shelf: reader.languages for shelf, reader in self._shelves.items()}
        return query_readers(text, self._analyzer, counts)

    def _shortened(self, terms: list[QueryTerm], shelf: str) -> list[QueryTerm]:
        """The telling ones of a long question's terms; corrections and synonyms stay."""
        plain = [term for term in terms if isinstance(term, str)]
        if len(set(plain)) <= MAX_TERMS:
            return terms
        reader = self._shelves[shelf]
        kept = telling_terms(
            (), plain, frequencies=reader.frequencies(set(plain)), n_documents=reader.count()
        )
        return [*kept, *(term for term in terms if not isinstance(term, str))]

    @staticmethod
    def _telling(parts: Sequence[Sequence[QueryTerm]], reader: ShelfReader) -> list[QueryTerm]:
        """Of the terms of subject and body, and all that may be said in several ways."""
        subject, body = ([term for term in part if isinstance(term, str)] for part in parts)
        told = telling_terms(
            subject,
            [*subject, *body],
            frequencies=reader.frequencies({*subject, *body}),
            n_documents=reader.count(),
        )
        several = dict.fromkeys(term for part in parts for term in part if isinstance(term, AnyOf))
        return [*told, *list(several)[:MAX_TERMS]]

    def _worded(self, text: str, readers: Mapping[str, ReadTerms]) -> Worded:
        """A query with corrections and synonyms, by what this audience may read now."""
        synonyms, now_us = self._synonyms(), to_us(self._clock()) or 0
        if not self._corrects_spelling:
            return word_query(text, readers, synonyms=synonyms, words=None)
        only_valid = self._audience is Audience.EXTERNAL
        parts = [
            part
            for reader in self._shelves.values()
            for part in reader.words(now_us=now_us, only_valid=only_valid)
        ]
        words = KnownWords(parts)
        return word_query(text, readers, synonyms=synonyms, words=words)


def _checked(text: object) -> str:
    if not isinstance(text, str):
        raise ConfigError(
            f"The query is a {type(text).__name__}, not text. Pass what the person wrote as str."
        )
    if len(text) > MAX_QUERY_CHARACTERS:
        raise ConfigError(
            f"The query has {len(text)} characters; at most {MAX_QUERY_CHARACTERS} are read. "
            "Send the part that describes the problem."
        )
    return clean_characters(text).strip()
