"""Searching for one audience: what applications call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from kbsearch.clock import utc_now
from kbsearch.config import RankingSettings
from kbsearch.embed import Embedder
from kbsearch.errors import ConfigError
from kbsearch.lexical import all_terms
from kbsearch.lexical.synonyms import Synonyms
from kbsearch.models import (
    Audience,
    Explanation,
    Filters,
    Hit,
    Kind,
    ScoreParts,
    SearchResult,
    Ticket,
    Votes,
)
from kbsearch.rank import require_rate
from kbsearch.search.asking import Query, QueryMaker
from kbsearch.search.candidates import Candidates
from kbsearch.search.explaining import Ranking, explained, subject_of
from kbsearch.search.hits import Found, make_hit
from kbsearch.search.holding_back import Judged, judged
from kbsearch.search.merging import (
    exact_first,
    merge_candidates,
    only_resolved,
    resolved_first,
)
from kbsearch.search.near_copies import NearCopies, shown_instead
from kbsearch.search.open_shelves import OpenShelves
from kbsearch.search.reranking import Reranked, Reranking, text_to_read
from kbsearch.search.results import make_result
from kbsearch.search.shelf_reader import ShelfReader
from kbsearch.search.shelf_records import Details
from kbsearch.search.similar import (
    fixes_of,
    like_enough,
    nothing_resolved_note,
    same_story,
)
from kbsearch.store import to_us
from kbsearch.text import Analyzer

_MAX_K = 10_000
_N_TRIES = 10
"""A document that is rewritten all the time is found between two of its versions in the end."""
_NO_FILTERS = Filters()


class Ranked(NamedTuple):
    """A document's place in a ranking: id, shelf, fused score and its parts."""

    id: str
    shelf: str
    score: float
    scores: ScoreParts


class Searcher(OpenShelves):
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
        clock: Callable[[], datetime] = utc_now,
        synonyms: Callable[[], Synonyms] | None = None,
        corrects_spelling: bool = True,
        reranking: Reranking | None = None,
    ) -> None:
        super().__init__(audience, shelves, clock)
        self._analyzer, self._ranking, self._reranking = analyzer, ranking, reranking
        self._queries = QueryMaker(
            audience,
            self._shelves,
            embedder,
            analyzer,
            clock=clock,
            synonyms=synonyms or (lambda: Synonyms((), analyzer)),
            corrects_spelling=corrects_spelling,
        )

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        filters: Filters = _NO_FILTERS,
        accept_false: float | None = None,
    ) -> SearchResult:
        """
        The k documents that answer a question best.

        Args:
            query: As a person wrote it; operators have no meaning.
            k: Hits wanted, 1 to 10,000.
            filters: Which documents may be hits.
            accept_false: Of the questions that nothing answers, the share that may get a
                suggestion all the same, as 0.1: what is less probable is held back. Left
                out, the desk's setting; 1 shows all.

        Returns:
            Hits, best first, each document once; a note if no more than these fit.

        Raises:
            ConfigError: For k or a rate out of range, or a query over a million characters.
            EmbedderMismatchError: If a shelf was built with another embedder.
        """
        _require_k(k)
        rate = self._rate(accept_false)
        prepared = self._queries.question(query)
        if prepared is None:
            return SearchResult(query=query, k=k, hits=(), note="The query holds no words.")
        hits, judged_hits, note = self._hits(prepared, k, (filters,), rate)
        remarks = None, note
        return make_result(prepared, k, hits, judged_hits, count=self.count, remarks=remarks)

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
        prepared = self._queries.question(query)
        if prepared is None:
            return []
        now_us = to_us(self._clock()) or 0
        found = self._rank(prepared, (filters,), now_us, max(k, self._ranking.n_candidates))
        again = self._reranked(prepared, found)
        ranked = exact_first(again.found, prepared.question, k=k)[:k]
        return [Ranked(one.document_id, one.shelf, one.score, one.parts) for one in ranked]

    def similar(
        self,
        ticket: Ticket | str,
        *,
        k: int = 10,
        filters: Filters = _NO_FILTERS,
        resolved_only: bool = True,
        accept_false: float | None = None,
    ) -> SearchResult:
        """
        Past tickets like this one, and what fixed them.

        The query is the problem as its asker told it: the subject and the first
        messages, not the agents' answers, greetings or forms. The ticket itself and
        those merged with it, either way, are never among the hits; a public face does
        not tell merges, so customers can meet a published ticket merged with theirs.

        The result's `fixes` are made of all tickets that are alike enough, not of the
        hits alone: grouped by what was done, the best supported first.

        Args:
            ticket: A ticket, saved or not (`Ticket.draft` makes one of plain text), or
                the id of one on this desk.
            k: Hits wanted, 1 to 10,000.
            filters: Further conditions; the kind is always ticket. `resolved` decides
                alone, if it is given.
            resolved_only: Only tickets that are resolved; if none that is alike is, the
                note says so. Otherwise open ones follow the resolved ones that are at
                least half as alike as the likest; what is less alike comes by score.
            accept_false: As for `search`; fixes are made of what is not held back.

        Raises:
            DocumentNotFoundError: If no ticket has this id here.
            ConfigError: As for `search`.
        """
        _require_k(k)
        rate = self._rate(accept_false)
        asked = self._ticket(ticket) if isinstance(ticket, str) else ticket
        prepared = self._queries.problem(asked)
        if prepared is None:
            return SearchResult(query="", k=k, hits=(), note="The ticket's problem has no words.")
        own = (*same_story(asked, self._shelves.values()), *filters.exclude_ids)
        tickets = filters.model_copy(update={"kind": Kind.TICKET, "exclude_ids": own})
        asked_for = (True, False) if filters.resolved is None else (filters.resolved,)
        wanted = [tickets.model_copy(update={"resolved": resolved}) for resolved in asked_for]
        shows_open = not resolved_only or filters.resolved is not None
        arrange = resolved_first if shows_open else only_resolved
        hits, judged_hits, note = self._hits(prepared, k, wanted, rate, arrange=arrange)
        found, remark = judged_hits.kept, None
        if filters.resolved is None:
            remark = nothing_resolved_note(found, shows_open=shows_open)
        fixes = fixes_of(found, self._shelves, self.get, self._analyzer, self._clock())
        if not (fixes or remark) and any(one.is_resolved for one in like_enough(found)):
            remark = "None of the similar tickets tells what fixed it."
        remarks = remark, note
        result = make_result(prepared, k, hits, judged_hits, count=self.count, remarks=remarks)
        return result.model_copy(update={"fixes": fixes[:k]})

    def explain(
        self,
        query: str,
        document_id: str,
        *,
        k: int = 10,
        filters: Filters = _NO_FILTERS,
        accept_false: float | None = None,
    ) -> Explanation:
        """
        Why `search` puts a document where it does, or leaves it out.

        Args:
            query: As for `search`, and so are `k`, `filters` and `accept_false`.
            document_id: Of an article or a ticket that this audience may read.

        Raises:
            DocumentNotFoundError: As for `get`.
            ConfigError: As for `search`, and for a query without words.
        """
        _require_k(k)
        rate, document = self._rate(accept_false), self.get(document_id)
        prepared = self._queries.question(query)
        if prepared is None:
            raise ConfigError("The query holds no words. Give one that does.")
        now_us, n = to_us(self._clock()) or 0, max(k, self._ranking.n_candidates)
        parts = self._candidates(prepared, (filters,), now_us, n)
        found = merge_candidates(parts, self._ranking)
        judged_hits = judged(found, self._shelves, rate)
        all_judged = judged_hits._replace(kept=judged(found, self._shelves, None).kept)
        again = self._reranked(prepared, judged_hits.kept)
        ordered = exact_first(again.found, prepared.question, k=k)
        alone = self._candidates(prepared, (None,), now_us, n, only=document.id)
        allowed = self._candidates(prepared, (filters,), now_us, n, only=document.id)
        subject = subject_of(alone, allowed, prepared, document.id, self._shelves)
        ranking = Ranking(
            parts,
            ordered,
            again,
            self._ranking,
            self._reranking,
            all_judged,
            shown_instead(ordered, document.id, self._details),
        )
        told = explained(prepared, subject, ranking)
        if self.audience is Audience.EXTERNAL:
            return told
        said = [reader.votes_on(document.id) for reader in self._shelves.values()]
        votes = Votes(
            n_helpful=sum(each.n_helpful for each in said),
            n_not_helpful=sum(each.n_not_helpful for each in said),
        )
        return told.model_copy(update={"votes": votes})

    def _rate(self, accept_false: float | None) -> float | None:
        rate = self._ranking.accept_false if accept_false is None else accept_false
        if rate is not None:
            require_rate(rate)
        return rate

    def _ticket(self, document_id: str) -> Ticket:
        found = self.get(document_id)
        if not isinstance(found, Ticket):
            raise ConfigError(f"{document_id!r} is an article; similar() takes a ticket.")
        return found

    def _hits(
        self,
        query: Query,
        k: int,
        wanted: Sequence[Filters],
        rate: float | None,
        *,
        arrange: Callable[[Sequence[Found]], list[Found]] = list,
    ) -> tuple[tuple[Hit, ...], Judged, str | None]:
        """The first k as arranged, all that was found, and why it was not reranked."""
        n = max(k, self._ranking.n_candidates)
        for _ in range(_N_TRIES):
            now = self._clock()
            found = self._rank(query, wanted, to_us(now) or 0, n)
            judged_hits = judged(found, self._shelves, rate)
            again = self._reranked(query, judged_hits.kept, arrange)
            ranked = exact_first(arrange(again.found), query.question, k=k)
            hits, is_whole = self._look_up(query, ranked, k, now)
            if is_whole:
                break  # else a hit was withdrawn while it was looked up: search what stands now
        return hits, judged_hits._replace(kept=again.found), again.note

    def _reranked(
        self,
        query: Query,
        found: Sequence[Found],
        arrange: Callable[[Sequence[Found]], list[Found]] = list,
    ) -> Reranked:
        """The best as arranged are read again; without a reranker all stays as it is."""
        if self._reranking is None:
            return Reranked(list(found), {})
        best = arrange(found)[: self._reranking.top]
        texts = {one: text_to_read(one, each) for one, each in self._details(best).items()}
        in_order = [(one, texts[one]) for one in best if one in texts]
        return self._reranking.reranked(query.text, found, in_order)

    def _look_up(
        self, query: Query, ranked: Sequence[Found], k: int, now: datetime
    ) -> tuple[tuple[Hit, ...], bool]:
        """The first k hits, near-copies counted as one; and whether all of them still stand."""
        collapsed, chosen, is_whole = NearCopies(), dict[Found, Details](), True
        place = 0
        while len(chosen) < k and place < len(ranked):
            batch = ranked[place : place + k - len(chosen)]
            place += len(batch)
            details = self._details(batch)
            is_whole = is_whole and len(details) == len(batch)
            chosen |= {
                one: details[one]
                for one in batch
                if one in details and collapsed.takes(one, details[one])
            }
        hits = [
            make_hit(one, details, all_terms(query.terms[one.shelf]), self._analyzer, now)
            for one, details in chosen.items()
        ]
        return tuple(
            hit.model_copy(update={"near_copies": tuple(collapsed.copies.get(one, ()))})
            for one, hit in zip(chosen, hits, strict=True)
        ), is_whole

    def _details(self, found: Sequence[Found]) -> dict[Found, Details]:
        """What those that still stand are made of."""
        details: dict[Found, Details] = {}
        for shelf, reader in self._shelves.items():
            own = {one.document_key: one for one in found if one.shelf == shelf}
            details |= {own[key]: each for key, each in reader.details(list(own)).items()}
        return details

    def _rank(self, query: Query, wanted: Sequence[Filters], now_us: int, n: int) -> list[Found]:
        """What any of the filters lets through on all open shelves, by fused score."""
        parts = self._candidates(query, wanted, now_us, n)
        return merge_candidates(parts, self._ranking)

    def _candidates(
        self,
        query: Query,
        wanted: Sequence[Filters | None],
        now_us: int,
        n: int,
        *,
        only: str | None = None,
    ) -> list[Candidates]:
        return [
            reader.candidates(
                query.vector,
                query.terms[shelf],
                filters and own_filters,
                now_us=now_us,
                only_valid=self.audience is Audience.EXTERNAL,
                n=n,
                asked=query.question.asked,
                only=only,
                spoken=query.spoken,
            )
            for filters in wanted
            for shelf, reader in self._shelves.items()
            if (own_filters := self._filters_for(shelf, filters or _NO_FILTERS)) is not None
        ]

    def _filters_for(self, shelf: str, filters: Filters) -> Filters | None:
        """
        What to ask one shelf; None for nothing.

        Every ticket stands whole on the internal shelf, so agents are not shown
        its public face a second time.
        """
        if self.audience is Audience.INTERNAL and shelf == Audience.EXTERNAL.value:
            if filters.kind is Kind.TICKET or filters.resolved is not None:
                return None
            return filters.model_copy(update={"kind": Kind.ARTICLE})
        return filters


def _require_k(k: object) -> None:
    if not isinstance(k, int) or isinstance(k, bool) or not 1 <= k <= _MAX_K:
        raise ConfigError(f"k = {k!r} is out of range; ask for a whole number, 1 to {_MAX_K}.")
