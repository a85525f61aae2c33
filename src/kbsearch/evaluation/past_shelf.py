"""One shelf with all that is known of its past, and how it stood at a moment."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Bool, Float32, Int64
from kbsearch.config import RankingSettings
from kbsearch.evaluation.past_passages import PastMeasures, PastPassages, Span
from kbsearch.evaluation.past_words import AskedTerms, PastWords
from kbsearch.evaluation.versions import NEVER_US
from kbsearch.lexical import ExactIndex
from kbsearch.models import Filters, Kind
from kbsearch.rank import Holding, Signals
from kbsearch.search.exact import rare_holders
from kbsearch.search.table import DocumentTable
from kbsearch.store import Attributes
from kbsearch.text import Asked


class HistoryCounts(NamedTuple):
    """What is known of a past; see `ReplayReport`."""

    n_documents: int
    n_versions: int
    n_undated_documents: int
    n_changed_articles: int
    n_embedded: int


class KnownDocuments(NamedTuple):
    """Ids of all documents of a shelf, of those without a date, and of changed articles."""

    ids: frozenset[str]
    undated: frozenset[str]
    changed: frozenset[str]


class PastShelf:
    """
    All versions of what stands on a shelf, in the order in which they came.

    Args:
        name: Of the shelf.
        attributes: Of each version, by row.
        span: From when until when each stands.
        words: Of all of them.
        passages: Likewise.
        exact: Likewise.
        growth: See `PastMeasures`.
        changed_articles: Ids of articles that were changed after they were created.
        n_embedded: Texts that had no vector yet.
    """

    def __init__(
        self,
        name: str,
        attributes: Sequence[Attributes],
        span: Span,
        *,
        words: PastWords,
        passages: PastPassages,
        exact: ExactIndex,
        growth: float,
        changed_articles: Iterable[str] = (),
        n_embedded: int = 0,
    ) -> None:
        self.name, self.span, self.n_embedded = name, span, n_embedded
        self.words, self.passages, self.exact = words, passages, exact
        self.table = DocumentTable(attributes)
        self.measures = PastMeasures(passages, span, growth=growth)
        self._rows: defaultdict[str, list[int]] = defaultdict(list)
        for row, one in enumerate(attributes):
            self._rows[one.document_id].append(row)
        self._created_us = {row.document_id: row.created_us for row in attributes}
        self.known = KnownDocuments(
            ids=frozenset(self._rows),
            undated=frozenset(one for one in self._rows if not self.is_dated(one)),
            changed=frozenset(changed_articles),
        )

    def rows(self, document_id: str | None) -> list[int]:
        """Of the versions of a document."""
        return self._rows.get(document_id or "", [])

    def created_us(self, document_id: str) -> int:
        """When a document was created, microseconds since 1970 UTC."""
        us = self._created_us.get(document_id)
        return NEVER_US if us is None else us

    def kind_of(self, document_id: str) -> Kind:
        """What a document that stands here is."""
        is_article = self.table.is_article(self.rows(document_id)[0])
        return Kind.ARTICLE if is_article else Kind.TICKET

    def is_dated(self, document_id: str) -> bool:
        """Whether it is known of any version of a document since when it stands."""
        return bool((self.span.from_us[self.rows(document_id)] < NEVER_US).any())


class Proposed(NamedTuple):
    """
    What a shelf proposed at a moment, arrays all (n_candidates,).

    Attributes:
        rows: Of the versions.
        signals: For the ranking.
        asked: The query's terms.
        exact: What each holds of what the query names.
    """

    rows: Int64
    signals: Signals
    asked: AskedTerms
    exact: list[tuple[Holding, ...]]

    def kept(self, mask: Bool) -> Proposed:
        """Those of a mask (n_candidates,) alone."""
        return self._replace(
            rows=self.rows[mask],
            signals=Signals(*(each[mask] for each in self.signals)),
            exact=[held for held, is_kept in zip(self.exact, mask, strict=True) if is_kept],
        )


class ShelfThen:
    """
    A shelf as it stood at a moment.

    Args:
        shelf: With its past.
        at_us: The moment, microseconds since 1970 UTC; None is today.
        without: A document that is left out as if it did not stand there.
    """

    def __init__(self, shelf: PastShelf, at_us: int | None, without: str | None) -> None:
        self.shelf, self._at_us = shelf, at_us
        stands = shelf.span.stands(at_us).copy()
        stands[[row for row in shelf.rows(without) if row < len(stands)]] = False
        self.moment = shelf.words.moment(stands)

    def languages(self) -> Counter[str | None]:
        """Number of documents by language, None for an unknown one."""
        return self.shelf.table.languages(self._every(self.moment.stands))

    def allowed(self, filters: Filters | None, *, now_us: int, only_valid: bool) -> Bool:
        """What of it may be a hit, by row; None lets nothing through."""
        stands = self.moment.stands
        if filters is None:
            return np.zeros_like(stands)
        return (
            stands
            & self.shelf.table.mask(filters, now_us=now_us, only_valid=only_valid)[: len(stands)]
        )

    def holds(self, document_id: str) -> bool:
        """Whether a document stands here."""
        return bool(self.among([document_id], self.moment.stands))

    def among(self, ids: Collection[str], allowed: Bool) -> set[str]:
        """Of these documents those that stand in one of the allowed rows."""
        rows = {one: [row for row in self.shelf.rows(one) if row < len(allowed)] for one in ids}
        return {one for one, own in rows.items() if allowed[own].any()}

    def propose(
        self,
        query: Float32,
        terms: Sequence[str],
        allowed: Bool,
        names: Sequence[Asked],
        ranking: RankingSettings,
    ) -> Proposed:
        """
        The best documents of each retriever with all signals: as `propose_from_snapshot`.

        Args:
            query: Unit vector, (dim,).
            terms: Of the query, repetitions kept.
            allowed: By row.
            names: Identifiers of the query.
            ranking: How many are proposed, and BM25's parameters.
        """
        shelf, n = self.shelf, ranking.n_candidates
        asked = shelf.words.asked(terms, self.moment)
        words = shelf.words.words(
            asked,
            self.moment,
            k1=ranking.bm25_k1,
            b=ranking.bm25_b,
            title_weight=ranking.bm25_title_weight,
        )
        held = rare_holders(names, [(shelf.exact, self._every(self.moment.stands))])[0]
        holders = np.array(list(held), dtype=np.int64)
        chosen = [_best_above_zero(each, allowed, n) for each in (words.bm25, words.title_words)]
        chosen.append(shelf.passages.nearest(query, allowed, n))
        chosen.append(holders[allowed[holders]])
        rows = np.unique(np.concatenate(chosen))
        near = shelf.passages.closeness(query, rows, shelf.measures.at(self._at_us))
        signals = Signals(near.whitened, near.titles, *(each[rows] for each in words))
        return Proposed(rows, signals, asked, [held.get(row, ()) for row in rows.tolist()])

    def _every(self, of_first: Bool) -> Bool:
        """The same for all rows: what had not been written stands not."""
        found = np.zeros(len(self.shelf.table), dtype=np.bool_)
        found[: len(of_first)] = of_first
        return found


def _best_above_zero(scores: Float32, allowed: Bool, n: int) -> Int64:
    """Of the allowed rows the n with the highest scores above 0; ties by row."""
    rows = np.flatnonzero(allowed & (scores > 0))
    if len(rows) > n:
        own = scores[rows]
        rows = rows[own >= np.partition(own, len(own) - n)[len(own) - n]]
    best: Int64 = rows[np.argsort(-scores[rows], kind="stable")[:n]]
    return best
