"""A shelf as one given snapshot shows it, live or not: for comparing it with another."""

from __future__ import annotations

from collections.abc import Sequence

from kbsearch.config import RankingSettings
from kbsearch.embed import Fingerprint
from kbsearch.layout import ShelfLayout
from kbsearch.search.shelf_reader import ShelfReader
from kbsearch.search.shelf_records import Details
from kbsearch.snapshots import Snapshot
from kbsearch.text import Analyzer


class PinnedReader(ShelfReader):
    """
    Searches one snapshot and what was written until it was first asked, whatever is live.

    Args:
        layout: Where the shelf lies.
        shelf: Its name.
        fingerprint: Of the snapshot; the records hold what was derived under it.
        analyzer: What its terms were made with.
        ranking: BM25's parameters if there is no snapshot.
        snapshot: To be searched; None for the records alone.
    """

    _stays = True

    def __init__(
        self,
        layout: ShelfLayout,
        shelf: str,
        fingerprint: Fingerprint,
        analyzer: Analyzer,
        ranking: RankingSettings,
        *,
        snapshot: Snapshot | None,
    ) -> None:
        super().__init__(layout, shelf, fingerprint, analyzer, ranking)
        self._pinned = snapshot

    def pin(self) -> None:
        """Look at the shelf now; nothing that is written later is seen."""
        self._refresh()

    def keys(self) -> set[int]:
        """Of the documents that the snapshot holds."""
        return set() if self._pinned is None else set(self._pinned.document_keys.tolist())

    def ids(self) -> list[str]:
        """Of the documents that stand here now, ascending."""
        return sorted(self._records.ids())

    def details_of(self, ids: Sequence[str]) -> dict[str, Details]:
        """By id what documents are made of, as this snapshot's fingerprint derives it."""
        keys = {key: document_id for document_id, (key, _) in self._keys(ids).items()}
        return {keys[key]: each for key, each in self.details(list(keys)).items()}

    def _keys(self, ids: Sequence[str]) -> dict[str, tuple[int, str]]:
        with self._records.reading():
            return self._records.keys_by_id(ids)

    def _opened(self) -> tuple[Snapshot | None, tuple[int, str] | None]:
        return self._pinned, None

    def _current(self) -> tuple[int, str] | None:
        return None  # nothing newer is looked for

    def _require_fingerprint(self) -> None:
        """The records name the live one; this reads under its own."""
