"""One shelf as it stands now: snapshot + delta, and what they propose for a query."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Bool, Float32, Int64
from kbsearch.config import RankingSettings
from kbsearch.embed import Fingerprint
from kbsearch.errors import (
    ClosedError,
    DamagedRecordError,
    EmbedderMismatchError,
    KbSearchError,
    NotEnoughMemoryError,
)
from kbsearch.files import size_bytes
from kbsearch.layout import ShelfLayout
from kbsearch.lexical import QueryTerm, Statistics
from kbsearch.locks import ForkSafeLock
from kbsearch.models import Filters, Kind
from kbsearch.search.candidates import Candidates, Part, joined
from kbsearch.search.delta import Delta, load_recent
from kbsearch.search.exact import rare_holders
from kbsearch.search.judging import Judge, make_judge
from kbsearch.search.known_words import SeenWords
from kbsearch.search.nearest import mask_by_dates, nearest_of_each
from kbsearch.search.proposing import propose_from_delta, propose_from_snapshot
from kbsearch.search.recent_words import RecentWords
from kbsearch.search.shelf_records import ShelfRecords
from kbsearch.search.table import DocumentTable
from kbsearch.snapshots import Snapshot, open_newest, read_current
from kbsearch.store import RecordReader
from kbsearch.text import Analyzer, Asked
from kbsearch.vector import Whitening

_log = logging.getLogger(__name__)

_NO_STATISTICS = Statistics(0, 0.0, {})
_N_TRIES = 5


class _State(NamedTuple):
    """One consistent view; replaced as a whole, never changed."""

    snapshot: Snapshot | None
    current: tuple[int, str] | None
    table: DocumentTable
    delta: Delta
    sequence: int
    is_live: Bool
    chain: str

    def kind_of(self, document_id: str) -> Kind | None:
        """What stands here under this id; None for nothing."""
        recent = self.delta.find(document_id)
        if recent is not None:
            return Kind(recent.kind)
        row = self.table.row_of(document_id)
        if row is None or not self.is_live[row]:
            return None
        return Kind.ARTICLE if self.table.is_article(row) else Kind.TICKET

    def rows(self, document_id: str) -> Bool:
        """By row of the snapshot, True for this document."""
        found: Bool = np.zeros(len(self.is_live), dtype=np.bool_)
        row = self.table.row_of(document_id)
        if row is not None:
            found[row] = True
        return found

    def delta_rows(self, document_id: str) -> Bool:
        """By row of the delta, likewise."""
        recent = self.delta.find(document_id)
        key = -1 if recent is None else recent.document_key
        found: Bool = self.delta.document_keys == key
        return found


class ShelfReader(ShelfRecords):
    """
    Searches one shelf, from any thread.

    Every search sees all that was committed before it began: a cheap look at
    the sequence number, then only what is newer is read.

    Args:
        layout: Where the shelf lies.
        shelf: Its name; a directory that holds another audience's is refused.
        fingerprint: What the query's vector and terms are made with.
        ranking: BM25's parameters while there is no snapshot.

    Raises:
        AudienceMismatchError: If the directory is another audience's.
        StoreError: If the records cannot be read.
    """

    _stays = False
    """Whether the first view of the shelf is the only one."""

    def __init__(
        self,
        layout: ShelfLayout,
        shelf: str,
        fingerprint: Fingerprint,
        analyzer: Analyzer,
        ranking: RankingSettings,
    ) -> None:
        self._layout, self.shelf = layout, shelf
        self._fingerprint, self._analyzer, self._ranking = fingerprint, analyzer, ranking
        self._records = RecordReader(layout.records, shelf)
        self._lock = ForkSafeLock()
        self._loading = ForkSafeLock()
        self._state: _State | None = None

    def close(self) -> None:
        """Close the records."""
        self._records.close()

    def let_go(self) -> None:
        """Keep no view of the shelf; the next search reads it anew."""
        with self._lock:
            self._state = None

    def count(self) -> int:
        """Number of documents that stand here now."""
        state = self._refresh()
        return int(state.is_live.sum()) + len(state.delta)

    def languages(self) -> Counter[str | None]:
        """Number of documents that stand here now by language, None for an unknown one."""
        state = self._refresh()
        return state.table.languages(state.is_live) + state.delta.languages()

    def candidates(
        self,
        query: Float32,
        terms: Sequence[QueryTerm],
        filters: Filters | None,
        *,
        now_us: int,
        only_valid: bool,
        n: int,
        asked: Sequence[Asked] = (),
        only: str | None = None,
        spoken: str | None = None,
    ) -> Candidates:
        """
        The n best documents of each retriever and those that hold what is asked for by name.

        Args:
            query: Unit vector (dim,).
            terms: Of the query, by this shelf's analyzer.
            filters: Exact, whatever few or many documents they leave; None for all that
                stand here, drafts and outdated ones too.
            now_us: Microseconds since 1970 UTC.
            only_valid: Leave out documents outside of `valid_from` to `valid_until`.
            n: Documents per retriever, of the snapshot and of the delta each.
            asked: Identifiers of the query.
            only: Id of the one document to look at, which is then proposed in any case.
            spoken: Language of the query, if it is known.

        Returns:
            All of them with both scores.

        Raises:
            EmbedderMismatchError: If the shelf was rebuilt with another embedder.
        """
        state = self._refresh()
        snapshot, delta = state.snapshot, state.delta
        indexes = [(delta.exact, delta.is_live)]
        indexes += [(snapshot.exact, state.is_live)] if snapshot else []
        held = rare_holders(asked, indexes)
        recent, allowed = delta.is_live, state.is_live
        if filters is not None:
            recent = delta.mask(filters, now_us=now_us, only_valid=only_valid)
            allowed = allowed & state.table.mask(filters, now_us=now_us, only_valid=only_valid)
        if only is not None:
            recent, allowed = recent & state.delta_rows(only), allowed & state.rows(only)
        proposed = propose_from_delta(delta, recent, query, terms, n=n, exact=held[0])
        found = delta.attributes(proposed.rows)
        ids = [one.document_id for one in found]
        is_resolved = np.array([one.is_resolved for one in found], dtype=np.bool_)
        every = np.arange(len(found), dtype=np.int64)
        known = DocumentTable(found).circumstances(every, now_us=now_us, spoken=spoken)
        parts = [Part(proposed, ids, is_resolved, known, held[0])]
        if snapshot is not None:
            proposed = propose_from_snapshot(snapshot, allowed, query, terms, n=n, exact=held[1])
            table, rows = state.table, proposed.rows
            known = table.circumstances(rows, now_us=now_us, spoken=spoken)
            ids = [table.ids[row] for row in rows]
            parts.append(Part(proposed, ids, table.is_resolved[rows], known, held[1]))
        return joined(self.shelf, parts, state.kind_of)

    def bm25_by_term(self, document_key: int, terms: Sequence[QueryTerm]) -> list[float]:
        """What each term of a query adds to a document's BM25 score; 0 if it has just gone."""
        state = self._refresh()
        recent = np.flatnonzero((state.delta.document_keys == document_key) & state.delta.is_live)
        if len(recent):
            return [float(state.delta.scores([term]).bm25[recent[0]]) for term in terms]
        if state.snapshot is None or document_key not in state.snapshot.document_keys:
            return [0.0 for _ in terms]
        row = int(np.flatnonzero(state.snapshot.document_keys == document_key)[0])
        return [float(state.snapshot.lexical.scores([term])[row]) for term in terms]

    def nearest(
        self,
        queries: Float32,
        terms: Sequence[list[str]],
        filters: Filters,
        *,
        now_us: int,
        valid: bool | None = None,
        n: int,
    ) -> list[list[int]]:
        """
        Keys of the n documents that each retriever proposes for each of several texts.

        As `candidates`, without scores and with one pass over the vectors for all.

        Args:
            queries: Unit vectors (n_texts, dim).
            terms: Of each text.
            valid: Only documents within `valid_from` to `valid_until`, or only those outside.
        """
        state = self._refresh()
        recent = mask_by_dates(state.delta, filters, now_us, valid)
        rows_of = [
            propose_from_delta(state.delta, recent, q, t, n=n, exact={}).document_keys
            for q, t in zip(queries, terms, strict=True)
        ]
        found: list[list[int]] = [keys.tolist() for keys in rows_of]
        if state.snapshot is not None:
            allowed = mask_by_dates(state.table, filters, now_us, valid)
            proposed = nearest_of_each(state.snapshot, allowed & state.is_live, queries, terms, n)
            for own, keys in zip(found, proposed, strict=True):
                own.extend(keys)
        return found

    def judge(self, cosines: Float32, passage_keys: Int64) -> Judge | None:
        """As `make_judge`, of documents that `candidates` has just given."""
        state = self._refresh()
        return make_judge(state.snapshot, state.delta, cosines, passage_keys)

    def frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many documents each term stands, those that have just gone among them."""
        delta = self._refresh().delta
        return {term: delta.frequency(term) for term in terms}

    def words(self, *, now_us: int, only_valid: bool) -> list[SeenWords]:
        """The words of documents that a search may find now, without any filters."""
        state = self._refresh()
        recent = state.delta.mask(Filters(), now_us=now_us, only_valid=only_valid)
        found = [SeenWords(state.delta.words, recent, lambda terms: state.delta.scores(terms).bm25)]
        if state.snapshot is not None:
            allowed = state.table.mask(Filters(), now_us=now_us, only_valid=only_valid)
            allowed &= state.is_live
            found.append(SeenWords(state.snapshot.words, allowed, state.snapshot.lexical.scores))
        return found

    def merging(self, document_id: str) -> set[str]:
        """Ids of the tickets that name this one as merged."""
        state = self._refresh()
        rows = state.table.merging(document_id)
        named = {state.table.ids[row] for row in rows if state.is_live[row]}
        return named.union(state.delta.merging(document_id))

    def _refresh(self) -> _State:
        if self._stays and self._state is not None:
            return self._state
        self._require_fingerprint()
        with self._lock:
            self._state = self._state_or_loaded()
            has_newer = self._current() != self._state.current
        if has_newer and self._loading.acquire(blocking=False):
            threading.Thread(target=self._reload, name=f"reload {self.shelf}", daemon=True).start()
        with self._lock:
            state = self._state_or_loaded()
            if self._records.position() != (state.sequence, state.chain):
                if self._records.chain_at(state.sequence) != state.chain:
                    state = self._load()  # a backup was restored: this is another history
                try:
                    state = self._catch_up(state)
                except DamagedRecordError:
                    if not has_newer:
                        raise
                    state = self._catch_up(self._load())  # the newer snapshot does not need the row
            self._state = state
            return state

    def _state_or_loaded(self) -> _State:
        """The caller holds the lock; somebody may have let go of the state meanwhile."""
        return self._load() if self._state is None else self._state

    def _reload(self) -> None:
        """Load the newer snapshot; meanwhile searches use the older one and a longer delta."""
        try:
            newer = self._load()
            with self._lock:
                self._state = newer
        except ClosedError:
            return
        except KbSearchError as error:  # the next search tries again, and tells its caller
            _log.warning("The newer snapshot of shelf %s was not loaded: %s", self.shelf, error)
        finally:
            self._loading.release()

    def _require_fingerprint(self) -> None:
        key = self._records.fingerprint_key()
        if key is not None and key != self._fingerprint.key:
            name = self._records.fingerprint_name() or key
            raise EmbedderMismatchError(self.shelf, name, str(self._fingerprint))

    def _current(self) -> tuple[int, str] | None:
        current = read_current(self._layout)
        return (current.snapshot, current.manifest_sha256) if current else None

    def _load(self) -> _State:
        try:
            return self._loaded()
        except MemoryError:
            n_bytes = size_bytes(self._layout.root)
        raise NotEnoughMemoryError(self.shelf, n_bytes)

    def _opened(self) -> tuple[Snapshot | None, tuple[int, str] | None]:
        """The snapshot to search, and what CURRENT named then."""
        for _ in range(_N_TRIES):
            live = self._current()
            snapshot, damages = open_newest(
                self._layout, self.shelf, chain_at=self._records.chain_at
            )
            if not damages or self._current() == live:
                break  # else one was removed while it was read: a newer one had been published
        for damage in damages:
            _log.warning("%s", damage)
        return snapshot, live

    def _loaded(self) -> _State:
        snapshot, live = self._opened()
        if snapshot and snapshot.manifest.fingerprint.key != self._fingerprint.key:
            snapshot = None
        if snapshot is None:
            words = RecentWords(
                _NO_STATISTICS,
                _NO_STATISTICS,
                k1=self._ranking.bm25_k1,
                b=self._ranking.bm25_b,
                title_weight=self._ranking.bm25_title_weight,
            )
            delta = Delta.empty(words, Whitening.none())
            return _State(None, live, DocumentTable([]), delta, 0, np.zeros(0, np.bool_), "")
        manifest = snapshot.manifest
        by_key = {row.document_key: row for row in self._records.attributes()}
        rows = [by_key.get(int(key)) for key in snapshot.document_keys]
        words = RecentWords(
            snapshot.lexical.statistics,
            snapshot.titles.statistics,
            k1=manifest.bm25_k1,
            b=manifest.bm25_b,
            title_weight=manifest.bm25_title_weight,
        )
        delta = Delta.empty(words, snapshot.whitening)
        is_live = np.array([row is not None for row in rows], dtype=np.bool_)
        table, sequence = DocumentTable(rows), manifest.sequence
        return _State(snapshot, live, table, delta, sequence, is_live, manifest.chain)

    def _catch_up(self, state: _State) -> _State:
        with self._records.reading():
            self._require_fingerprint()
            position = self._records.position()
            changes = self._records.changes_since(state.sequence)
            puts = [c.document_key for c in changes if c.is_put]
            drops = [c.document_key for c in changes if not c.is_put]
            added = load_recent(self._records, puts, self._fingerprint, self._analyzer)
        delta = state.delta.with_changes(added, drops)
        is_live = state.is_live
        if state.snapshot is not None and drops:
            is_live = is_live & ~np.isin(state.snapshot.document_keys, drops)
        sequence, chain = position
        return state._replace(delta=delta, sequence=sequence, is_live=is_live, chain=chain)
