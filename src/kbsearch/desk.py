"""The knowledge base of one helpdesk: what an application opens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from kbsearch import files
from kbsearch.checking import check_shelf, shelf_stats
from kbsearch.config import RankingSettings, Settings, load_settings, settings_to_toml
from kbsearch.embed import Embedder, Fingerprint, make_embedder, shelf_fingerprint
from kbsearch.errors import DeskExistsError, DeskNotFoundError
from kbsearch.indexing import ShelfWriter, upsert
from kbsearch.layout import DeskLayout
from kbsearch.models import (
    Audience,
    CheckReport,
    Document,
    RebuildReport,
    ShelfStats,
    UpsertReport,
)
from kbsearch.progress import Progress, silent
from kbsearch.search import Searcher, ShelfReader
from kbsearch.store import create as create_records
from kbsearch.text import Analyzer


def _utc_now() -> datetime:
    return datetime.now(UTC)


class KnowledgeBase:
    """
    One desk: a directory with a shelf for each audience.

    Open it with `create` or `open`. Any number of processes may search; one
    writes at a time. Usable as a context manager.
    """

    def __init__(
        self, layout: DeskLayout, settings: Settings, embedder: Embedder | None = None
    ) -> None:
        self._layout = layout
        self.settings = settings
        self._given_embedder = embedder
        self._searchers: list[Searcher] = []

    @classmethod
    def create(
        cls,
        path: str | Path,
        *,
        settings: Settings | None = None,
        embedder: Embedder | None = None,
    ) -> KnowledgeBase:
        """
        Make an empty desk and open it.

        Args:
            path: A directory that does not exist yet, or is empty.
            settings: Written to kbsearch.toml; left out, all defaults.
            embedder: Instead of the one that the settings name; give the same
                one to `open`.

        Raises:
            DeskExistsError: If something stands there already.
            StoreUnavailableError: If it cannot be written.
        """
        root = Path(path).absolute()  # a daemon may change its working directory
        settings = settings or Settings()
        Analyzer(settings.words.language)  # an unknown language is an error before anything is made
        if root.exists() and (not root.is_dir() or any(root.iterdir())):
            raise DeskExistsError(path)
        layout = DeskLayout(root)
        with files.reporting(root):
            root.parent.mkdir(parents=True, exist_ok=True)
        files.make_directory(root)
        for audience in Audience:
            shelf = layout.shelf(audience)
            files.make_directory(shelf.root)
            create_records(shelf.records, audience.value)
            files.sync_directory(shelf.root)
        files.write_durably(layout.settings, settings_to_toml(settings).encode())
        files.sync_directory(root)
        return cls(layout, settings, embedder)

    @classmethod
    def open(cls, path: str | Path, *, embedder: Embedder | None = None) -> KnowledgeBase:
        """
        Open an existing desk. Loads no model and touches no shelf yet.

        Raises:
            DeskNotFoundError: If the path is no desk.
            ConfigError: If its settings cannot be used.
        """
        layout = DeskLayout(Path(path).absolute())
        if not layout.root.exists():
            raise DeskNotFoundError(path, "there is nothing")
        if not layout.root.is_dir():
            raise DeskNotFoundError(path, "it is a file")
        if not layout.settings.is_file():
            raise DeskNotFoundError(path, f"it holds no {layout.settings.name}")
        return cls(layout, load_settings(layout.settings), embedder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """The desk's directory."""
        return self._layout.root

    @cached_property
    def embedder(self) -> Embedder:
        """The given one, or that of the settings; a model loads at the first use."""
        return self._given_embedder or make_embedder(self.settings.embedder)

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """What indexes made now depend on."""
        return shelf_fingerprint(self.embedder, self.settings)

    def upsert(self, documents: Iterable[Document], *, progress: Progress = silent) -> UpsertReport:
        """
        Add and change tickets and articles, in any order; others stay as they are.

        A document is searchable as soon as it is committed. Unchanged ones cost
        a look at their hash; no text is embedded twice.

        Args:
            documents: Each id once; what cannot be taken is in the report.
            progress: Told how far it is.

        Returns:
            What was added, changed, unchanged, rejected, and what customers
            can no longer, or not yet, read.

        Raises:
            LockedError: If another process is writing.
            EmbedderMismatchError: If the desk was built with another embedder.
            StoreError: If a shelf cannot be written.
        """
        with self._writers() as writers:
            return upsert(writers, documents, progress)

    def delete(self, ids: Iterable[str]) -> tuple[str, ...]:
        """
        Remove documents from every shelf, customers' first; returns the ids that were there.

        Raises:
            LockedError: If another process is writing.
            StoreError: If a shelf cannot be written.
        """
        wanted = list(ids)
        with self._writers() as writers:
            gone = [
                document_id for writer in writers.values() for document_id in writer.drop(wanted)
            ]
        return tuple(dict.fromkeys(gone))

    def rebuild(self, *, progress: Progress = silent) -> tuple[RebuildReport, ...]:
        """
        Bring the indexes up to the settings and fold all changes into new snapshots.

        Embeds only what changed in content or fingerprint. Searches go on; an
        interrupted rebuild continues where it stopped.

        Raises:
            LockedError: If another process is writing.
            EmbedderError: If the model cannot be loaded.
            StoreError: If a shelf cannot be written.
        """
        with self._writers() as writers:
            return tuple(writer.rebuild(progress) for writer in writers.values())

    def searcher(
        self,
        audience: Audience | str,
        *,
        ranking: RankingSettings | None = None,
        clock: Callable[[], datetime] = _utc_now,
    ) -> Searcher:
        """
        Open a searcher for one audience.

        `INTERNAL` opens both shelves, each hit labelled with its own; `EXTERNAL`
        opens the external directory and nothing else.

        Args:
            audience: Who will read the hits.
            ranking: Instead of the desk's own.
            clock: What time it is; decides which documents have expired.

        Raises:
            AudienceError: If the audience is missing or unknown.
            StoreError: If a shelf cannot be read.
        """
        asked = Audience.parse(audience)
        open_shelves = (
            (Audience.INTERNAL, Audience.EXTERNAL)
            if asked is Audience.INTERNAL
            else (Audience.EXTERNAL,)
        )
        ranking = ranking or self.settings.ranking
        analyzer = Analyzer(self.settings.words.language)
        readers = [
            ShelfReader(self._layout.shelf(shelf), shelf.value, self.fingerprint, analyzer, ranking)
            for shelf in open_shelves
        ]
        found = Searcher(asked, readers, self.embedder, analyzer, ranking, clock=clock)
        self._searchers.append(found)
        return found

    def stats(self, audience: Audience | str) -> tuple[ShelfStats, ...]:
        """
        Counts of the shelves that an audience may see.

        Raises:
            AudienceError: If the audience is missing or unknown.
        """
        asked = Audience.parse(audience)
        shown = tuple(Audience) if asked is Audience.INTERNAL else (Audience.EXTERNAL,)
        return tuple(shelf_stats(self._layout.shelf(shelf), shelf.value) for shelf in shown)

    def check(self, audience: Audience | str) -> CheckReport:
        """
        Verify every byte of the shelves that an audience may see; changes nothing.

        Raises:
            AudienceError: If the audience is missing or unknown.
        """
        asked = Audience.parse(audience)
        shown = tuple(Audience) if asked is Audience.INTERNAL else (Audience.EXTERNAL,)
        parts = [check_shelf(self._layout.shelf(shelf), shelf.value) for shelf in shown]
        return CheckReport(
            n_documents=sum(part.n_documents for part in parts),
            n_passages=sum(part.n_passages for part in parts),
            n_files=sum(part.n_files for part in parts),
            findings=tuple(finding for part in parts for finding in part.findings),
        )

    def close(self) -> None:
        """Close the searchers that this object made."""
        for searcher in self._searchers:
            searcher.close()
        self._searchers.clear()

    @contextmanager
    def _writers(self) -> Iterator[dict[Audience, ShelfWriter]]:
        """
        Writers of all shelves, external first.

        The internal shelf's lock is the desk's: whoever writes anything holds it.
        The external shelf is locked by its writer when it is written.
        """
        with ExitStack() as stack:
            writers = {}
            for audience in (Audience.EXTERNAL, Audience.INTERNAL):
                layout = self._layout.shelf(audience)
                writer = ShelfWriter(layout, audience.value, self.embedder, self.settings)
                stack.callback(writer.close)
                writers[audience] = writer
            writers[Audience.INTERNAL].lock()
            yield writers
