"""What asks a desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cached_property

from kbsearch.clock import utc_now
from kbsearch.config import RankingSettings
from kbsearch.desk.opening import OpenDesk
from kbsearch.embed import Reranker, make_reranker
from kbsearch.errors import ConfigError
from kbsearch.indexing import noted_explanations
from kbsearch.lexical.synonyms_file import SynonymFiles
from kbsearch.models import Audience, audience_of
from kbsearch.search import Reranking, Searcher
from kbsearch.standing import Standing, standing_of


class DeskReads(OpenDesk):
    """Searchers, and what stands where and why."""

    def searcher(
        self,
        audience: Audience | str,
        *,
        groups: Iterable[str] = (),
        ranking: RankingSettings | None = None,
        reranker: Reranker | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> Searcher:
        """
        Open a searcher for one audience.

        `INTERNAL` opens both shelves, each hit labelled with its own; `EXTERNAL`
        opens the external directory and nothing else. What is restricted to groups
        of staff is seen by a searcher that was opened for one of them, and by no other.

        Searchers of one desk share what they hold of a shelf: making one for each
        request is cheap.

        Args:
            audience: Who will read the hits.
            groups: Those of staff that this reader is in, as `["hr"]`.
            ranking: Instead of the desk's own; BM25's settings must be the desk's.
            reranker: Reads the best hits again, instead of the one that the settings
                name; see `RerankerSettings` for how many, how long, and its weight.
            clock: What time it is; decides which documents have expired.

        Raises:
            AudienceError: If the audience is missing or unknown.
            RerankerError: If the settings name one that is not on this machine.
            GroupError: If a group cannot be one, or customers are said to be in one.
            ConfigError: If `ranking` wants another BM25 than the index has.
            ModelAudienceError: If the desk's model was trained on staff's texts, and
                customers ask.
            StoreError: If a shelf cannot be read.
        """
        shelves = self._shelves_of(audience, groups)
        own = self.settings.read_by(Audience.parse(audience)).ranking
        ranking = ranking or own
        if (wanted := _built_in(ranking)) != (there := _built_in(own)):
            raise ConfigError(
                f"{wanted} are built into the index, which has {there}. Set them in "
                "kbsearch.toml and run `kbsearch rebuild`."
            )
        readers = [self._reader(shelf) for shelf in shelves]
        reranker = reranker or self._own_reranker
        return Searcher(
            Audience.parse(audience),
            readers,
            self._embedder_for(Audience.parse(audience)),
            self._analyzer,
            ranking,
            clock=clock,
            synonyms=self._synonyms[Audience.parse(audience)].current,
            corrects_spelling=self.settings.words.correct_spelling,
            reranking=Reranking(reranker, self.settings.reranker) if reranker else None,
        )

    @cached_property
    def _own_reranker(self) -> Reranker | None:
        return make_reranker(self.settings.reranker)

    @cached_property
    def _synonyms(self) -> dict[Audience, SynonymFiles]:
        """By audience: customers have their own alone, staff both."""
        external, internal = (
            self._layout.shelf(shelf).synonyms for shelf in (Audience.EXTERNAL, Audience.INTERNAL)
        )
        return {
            Audience.EXTERNAL: SynonymFiles([external], self._analyzer),
            Audience.INTERNAL: SynonymFiles([external, internal], self._analyzer),
        }

    def why_visible(
        self,
        document_id: str,
        *,
        groups: Iterable[str] = (),
        clock: Callable[[], datetime] = utc_now,
    ) -> Standing:
        """
        Why customers can, or cannot, read a document now: for the staff's eyes.

        Args:
            document_id: Of an article or a ticket.
            groups: Those of staff that the reader is in.
            clock: What time it is.

        Raises:
            DocumentNotFoundError: If it stands on no shelf.
            StoreError: If a shelf cannot be read.
        """
        seen = sorted(self._shelves_of(Audience.INTERNAL, groups))  # customers' first
        document = self.searcher(Audience.INTERNAL, groups=groups).get(document_id)
        with self._writers(only=seen) as writers:
            shelves = [s for s in seen if writers[s].records.keys_by_id([document.id])]
            noted = [n for s in seen for n in noted_explanations(writers[s], document.id)]
        return standing_of(document, shelves, noted, clock())

    def standing(
        self, ids: Iterable[str], audience: Audience | str, *, groups: Iterable[str] = ()
    ) -> set[str]:
        """Of these ids, those on the shelves of one audience alone; errors as for `ids`."""
        wanted, shelves = list(ids), self._own_shelves_of(audience, groups)
        with self._writers(only=shelves) as writers:
            return {i for shelf in shelves for i in writers[shelf].records.keys_by_id(wanted)}

    def ids(
        self, audience: Audience | str, *, groups: Iterable[str] = (), prefix: str = ""
    ) -> Iterator[str]:
        """
        Ids on the shelves of one audience alone that begin with `prefix`, as `zendesk:`.

        Raises:
            AudienceError: If the audience is missing or unknown.
            GroupError: If a group cannot be one.
        """
        shelves = self._own_shelves_of(audience, groups)
        with self._writers(only=shelves) as writers:
            for shelf in shelves:
                yield from writers[shelf].records.ids(prefix)

    def _own_shelves_of(self, audience: Audience | str, groups: Iterable[str]) -> list[str]:
        """The same without what staff see of customers' shelf."""
        asked = Audience.parse(audience)
        return [s for s in self._shelves_of(asked, groups) if audience_of(s) is asked]


def _built_in(ranking: RankingSettings) -> str:
    """The values that an index is built with, for people."""
    names = ("bm25_k1", "bm25_b", "bm25_title_weight")
    return ", ".join(f"{name} = {getattr(ranking, name)}" for name in names)
