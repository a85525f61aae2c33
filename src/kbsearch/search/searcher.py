"""Searching for one audience: what applications call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32
from kbsearch.config import RankingSettings
from kbsearch.embed import Embedder
from kbsearch.errors import ConfigError, DocumentNotFoundError
from kbsearch.models import (
    Article,
    Audience,
    Document,
    Filters,
    Hit,
    Kind,
    ScoreParts,
    SearchResult,
    Ticket,
    clean_characters,
)
from kbsearch.rank import fuse_scores
from kbsearch.search.hits import Found, make_hit
from kbsearch.search.problem import problem_text
from kbsearch.search.shelf_reader import ShelfReader
from kbsearch.store import to_us
from kbsearch.text import Analyzer

MAX_QUERY_CHARACTERS = 1_000_000
_MAX_K = 10_000
_N_TRIES = 3
_NO_FILTERS = Filters()


def _utc_now() -> datetime:
    return datetime.now(UTC)


class _Query(NamedTuple):
    text: str
    vector: Float32
    terms: list[str]
    n_unseen_tokens: int


class Ranked(NamedTuple):
    """A document's place in a ranking: id, shelf, fused score and its parts."""

    id: str
    shelf: str
    score: float
    scores: ScoreParts


class Searcher:
    """
    Searches the shelves of one audience. Made by `KnowledgeBase.searcher`.

    There is no audience argument to forget: a searcher for customers has only
    their shelf open. It sees every write at once, and may be used from many
    threads.
    """

    def __init__(
        self,
        audience: Audience,
        shelves: Sequence[ShelfReader],
        embedder: Embedder,
        analyzer: Analyzer,
        ranking: RankingSettings,
        *,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        self.audience = audience
        self._shelves = {reader.shelf: reader for reader in shelves}
        self._embedder, self._analyzer, self._ranking = embedder, analyzer, ranking
        self._clock = clock

    def search(self, query: str, *, k: int = 10, filters: Filters = _NO_FILTERS) -> SearchResult:
        """
        The k documents that answer a question best.

        Args:
            query: As a person wrote it; operators have no meaning.
            k: Hits wanted, 1 to 10,000.
            filters: Which documents may be hits.

        Returns:
            Hits, best first, each document once; a note if there are fewer than k.

        Raises:
            ConfigError: For k out of range, or a query over a million characters.
            EmbedderMismatchError: If a shelf was built with another embedder.
        """
        _require_k(k)
        prepared = self._prepare(query)
        if prepared is None:
            return SearchResult(query=query, k=k, hits=(), note="The query holds no words.")
        hits = self._hits(prepared, k, filters)
        return self._result(prepared, k, hits)

    def rank(self, query: str, *, k: int = 100, filters: Filters = _NO_FILTERS) -> list[Ranked]:
        """
        Ids and scores of the k best documents, without their texts: a run, to measure with.

        Args:
            query: As for `search`.
            k: Documents wanted, 1 to 10,000.
            filters: Which documents may be ranked.

        Raises:
            ConfigError: As for `search`.
        """
        _require_k(k)
        prepared = self._prepare(query)
        if prepared is None:
            return []
        now_us = to_us(self._clock()) or 0
        found = self._rank(prepared, filters, now_us, max(k, self._ranking.n_candidates))[:k]
        return [Ranked(one.document_id, one.shelf, one.score, one.parts) for one in found]

    def similar(
        self, ticket: Ticket | str, *, k: int = 10, filters: Filters = _NO_FILTERS
    ) -> SearchResult:
        """
        Past tickets like this one, resolved ones first, with what fixed them.

        The query is the problem as its asker told it: the subject and the first
        messages, not the agents' answers. The ticket itself and those merged
        with it, either way, are never among the hits; a public face does not
        tell merges, so customers can meet a published ticket merged with theirs.

        Args:
            ticket: A ticket, saved or not, or the id of one on this desk.
            k: Hits wanted, 1 to 10,000.
            filters: Further conditions; the kind is always ticket.

        Raises:
            DocumentNotFoundError: If no ticket has this id here.
            ConfigError: As for `search`.
        """
        _require_k(k)
        asked = self._ticket(ticket) if isinstance(ticket, str) else ticket
        own = (asked.id, *asked.merged_ids, *filters.exclude_ids)
        tickets = filters.model_copy(update={"kind": Kind.TICKET, "exclude_ids": own})
        prepared = self._prepare(problem_text(asked))
        if prepared is None:
            return SearchResult(query="", k=k, hits=(), note="The ticket's problem has no words.")
        resolved: tuple[Hit, ...] = ()
        if filters.resolved is not False:
            resolved = self._hits(prepared, k, tickets.model_copy(update={"resolved": True}))
        unresolved: tuple[Hit, ...] = ()
        if len(resolved) < k and filters.resolved is not True:
            still_open = tickets.model_copy(update={"resolved": False})
            unresolved = self._hits(prepared, k - len(resolved), still_open)
        result = self._result(prepared, k, resolved + unresolved)
        if unresolved and not resolved and filters.resolved is None:
            return result.model_copy(update={"note": "No similar ticket has been resolved yet."})
        return result

    def get(self, document_id: str) -> Document:
        """
        A document as this audience may read it; agents get a ticket's internal face.

        Raises:
            DocumentNotFoundError: If there is none for this audience; the same
                whether it does not exist or stands on a shelf that is not open.
        """
        for reader in self._shelves.values():
            found = reader.get(document_id)
            if found is not None and not self._is_over(found):
                return found
        raise DocumentNotFoundError(document_id)

    def count(self) -> int:
        """Number of documents on the shelves that are open; a face on each counts once each."""
        return sum(reader.count() for reader in self._shelves.values())

    def close(self) -> None:
        """Close the shelves; the searcher cannot be used afterwards."""
        for reader in self._shelves.values():
            reader.close()

    def _is_over(self, document: Document) -> bool:
        """Whether customers may no longer read it."""
        is_for_customers = self.audience is Audience.EXTERNAL
        return (
            is_for_customers
            and isinstance(document, Article)
            and document.is_expired(self._clock())
        )

    def _ticket(self, document_id: str) -> Ticket:
        found = self.get(document_id)
        if not isinstance(found, Ticket):
            raise ConfigError(f"{document_id!r} is an article; similar() takes a ticket.")
        return found

    def _prepare(self, query: str) -> _Query | None:
        if len(query) > MAX_QUERY_CHARACTERS:
            raise ConfigError(
                f"The query has {len(query)} characters; at most {MAX_QUERY_CHARACTERS} are read. "
                "Send the part that describes the problem."
            )
        text = clean_characters(query).strip()
        if not any(character.isalnum() for character in text):
            return None
        n_tokens = len(self._embedder.token_offsets(text))
        return _Query(
            text=text,
            vector=self._embedder.embed_queries([text])[0],
            terms=self._analyzer.terms(text),
            n_unseen_tokens=max(0, n_tokens - self._embedder.fingerprint.max_tokens),
        )

    def _hits(self, query: _Query, k: int, filters: Filters) -> tuple[Hit, ...]:
        for _ in range(_N_TRIES):
            hits, is_whole = self._try_hits(query, k, filters)
            if is_whole:
                break  # else a hit was withdrawn while it was looked up: search what stands now
        return hits

    def _try_hits(self, query: _Query, k: int, filters: Filters) -> tuple[tuple[Hit, ...], bool]:
        now = self._clock()
        now_us = to_us(now) or 0
        ranked = self._rank(query, filters, now_us, max(k, self._ranking.n_candidates))[:k]
        hits: list[Hit] = []
        for shelf, reader in self._shelves.items():
            own = [found for found in ranked if found.shelf == shelf]
            details = reader.details([found.document_key for found in own])
            hits += [
                make_hit(found, details[found.document_key], query.terms, self._analyzer, now)
                for found in own
                if found.document_key in details
            ]
        hits.sort(key=lambda hit: (-hit.score, hit.id))
        return tuple(hits), len(hits) == len(ranked)

    def _rank(self, query: _Query, filters: Filters, now_us: int, n: int) -> list[Found]:
        """Candidates of all open shelves, each document once, by fused score."""
        parts = [
            reader.candidates(
                query.vector,
                query.terms,
                own_filters,
                now_us=now_us,
                hide_expired=self.audience is Audience.EXTERNAL,
                n=n,
            )
            for shelf, reader in self._shelves.items()
            if (own_filters := self._filters_for(shelf, filters)) is not None
        ]
        if not parts:
            return []
        shelves = [part.shelf for part in parts for _ in part.document_ids]
        ids = [document_id for part in parts for document_id in part.document_ids]
        keys, passages, cosines, bm25 = (
            np.concatenate([part[column] for part in parts]) for column in range(2, 6)
        )
        shares = fuse_scores(cosines, bm25, dense_weight=self._ranking.dense_weight)
        rows = zip(
            shelves,
            ids,
            keys.tolist(),
            passages.tolist(),
            cosines.tolist(),
            bm25.tolist(),
            shares.dense.tolist(),
            shares.lexical.tolist(),
            strict=True,
        )
        found = [one for row in rows if (one := Found(*row)).score > 0]
        found.sort(key=lambda one: (-one.score, one.document_id))
        best: dict[str, Found] = {}
        for one in found:  # an interrupted move can leave a document on two shelves
            best.setdefault(one.document_id, one)
        return list(best.values())

    def _filters_for(self, shelf: str, filters: Filters) -> Filters | None:
        """
        What to ask one shelf; None for nothing.

        Every ticket stands whole on the internal shelf, so agents are not shown
        its public face a second time.
        """
        if self.audience is Audience.INTERNAL and shelf == Audience.EXTERNAL.value:
            if filters.kind is Kind.TICKET:
                return None
            return filters.model_copy(update={"kind": Kind.ARTICLE})
        return filters

    def _result(self, query: _Query, k: int, hits: tuple[Hit, ...]) -> SearchResult:
        note = None
        if not hits:
            note = (
                "No document fits the query and its filters."
                if self.count()
                else "Nothing is indexed for this audience yet."
            )
        elif query.n_unseen_tokens:
            note = (
                f"The query is long: the embedding model did not see its last "
                f"{query.n_unseen_tokens} tokens; the lexical search did."
            )
        return SearchResult(
            query=query.text,
            k=k,
            hits=hits,
            unseen_query_tokens=query.n_unseen_tokens,
            note=note,
        )


def _require_k(k: int) -> None:
    if not 1 <= k <= _MAX_K:
        raise ConfigError(f"k = {k} is out of range; ask for 1 to {_MAX_K} hits.")
