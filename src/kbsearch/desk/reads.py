"""What asks a desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from kbsearch.clock import utc_now
from kbsearch.config import RankingSettings
from kbsearch.desk.opening import OpenDesk
from kbsearch.errors import ConfigError
from kbsearch.indexing import ShelfWriter, noted_explanations
from kbsearch.models import Audience
from kbsearch.search import Searcher
from kbsearch.standing import Standing, standing_of


class DeskReads(OpenDesk):
    """Searchers, and what stands where and why."""

    def searcher(
        self,
        audience: Audience | str,
        *,
        ranking: RankingSettings | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> Searcher:
        """
        Open a searcher for one audience.

        `INTERNAL` opens both shelves, each hit labelled with its own; `EXTERNAL`
        opens the external directory and nothing else.

        Searchers of one desk share what they hold of a shelf: making one for each
        request is cheap.

        Args:
            audience: Who will read the hits.
            ranking: Instead of the desk's own; BM25's k1 and b must be the desk's.
            clock: What time it is; decides which documents have expired.

        Raises:
            AudienceError: If the audience is missing or unknown.
            ConfigError: If `ranking` wants another BM25 than the index has.
            StoreError: If a shelf cannot be read.
        """
        asked, shown = Audience.parse(audience), self._shown_to(audience)
        ranking = ranking or self.settings.ranking
        own = self.settings.ranking
        if (ranking.bm25_k1, ranking.bm25_b) != (own.bm25_k1, own.bm25_b):
            raise ConfigError(
                f"bm25_k1 = {ranking.bm25_k1} and bm25_b = {ranking.bm25_b} are built into the "
                f"index, which has {own.bm25_k1} and {own.bm25_b}. Set them in kbsearch.toml and "
                "run `kbsearch rebuild`."
            )
        readers = [self._reader(shelf) for shelf in shown]
        return Searcher(asked, readers, self.embedder, self._analyzer, ranking, clock=clock)

    def why_visible(self, document_id: str, *, clock: Callable[[], datetime] = utc_now) -> Standing:
        """
        Why customers can, or cannot, read a document now: for the staff's eyes.

        Raises:
            DocumentNotFoundError: If it stands on no shelf.
            StoreError: If a shelf cannot be read.
        """
        agents = self.searcher(Audience.INTERNAL)
        document = agents.get(document_id)
        with self._writers() as writers:
            noted = noted_explanations(writers[Audience.INTERNAL], document.id)
            shelves = self._standing(writers, [document.id])
        return standing_of(document, [s.value for s in shelves if shelves[s]], noted, clock())

    def standing(self, ids: Iterable[str], audience: Audience | str) -> set[str]:
        """Of these ids, those on the shelf of one audience; AudienceError as for `ids`."""
        with self._writers() as writers:
            return self._standing(writers, list(ids))[Audience.parse(audience)]

    def ids(self, audience: Audience | str, *, prefix: str = "") -> Iterator[str]:
        """
        Ids on the shelf of one audience that begin with `prefix`, as `zendesk:`, in its order.

        Raises:
            AudienceError: If the audience is missing or unknown.
        """
        asked = Audience.parse(audience)
        with self._writers() as writers:
            yield from writers[asked].records.ids(prefix)

    def _standing(
        self, writers: Mapping[Audience, ShelfWriter], ids: Sequence[str]
    ) -> dict[Audience, set[str]]:
        return {a: set(writer.records.keys_by_id(ids)) for a, writer in writers.items()}
