"""The knowledge base of one helpdesk: what an application opens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from kbsearch import files
from kbsearch.checking import check_shelf, shelf_stats
from kbsearch.clock import utc_now
from kbsearch.config import RankingSettings, Settings, load_settings
from kbsearch.embed import Embedder, Fingerprint, make_embedder, shelf_fingerprint
from kbsearch.errors import ConfigError, DeskNotFoundError
from kbsearch.indexing import (
    ShelfWriter,
    drop_explanations,
    noted_explanations,
    preview,
    upsert,
    withdraw,
)
from kbsearch.layout import DeskLayout
from kbsearch.locks import ForkSafeLock
from kbsearch.making import make_desk
from kbsearch.models import (
    Audience,
    CheckReport,
    Document,
    RebuildReport,
    ShelfStats,
    UpsertReport,
    clean_characters,
)
from kbsearch.progress import Progress, silent
from kbsearch.redact import Redactor
from kbsearch.redact.policy import RedactionPolicy
from kbsearch.search import Searcher, ShelfReader
from kbsearch.standing import Standing, standing_of
from kbsearch.text import Analyzer
from kbsearch.visibility import Explanation


class KnowledgeBase:
    """
    One desk: a directory with a shelf for each audience.

    Open it with `create` or `open`. Any number of processes may search; one
    writes at a time. Usable as a context manager.
    """

    def __init__(
        self,
        layout: DeskLayout,
        settings: Settings,
        embedder: Embedder | None = None,
        redactors: Sequence[Redactor] = (),
    ) -> None:
        self._layout = layout
        self.settings = settings
        self._given_embedder = embedder
        self._redaction = RedactionPolicy(settings.redaction, redactors)
        self._readers: dict[Audience, ShelfReader] = {}
        self._opening = ForkSafeLock()

    @classmethod
    def create(
        cls,
        path: str | Path,
        *,
        settings: Settings | None = None,
        embedder: Embedder | None = None,
        redactors: Sequence[Redactor] = (),
    ) -> KnowledgeBase:
        """
        Make an empty desk and open it.

        Args:
            path: A directory that does not exist yet, or is empty.
            settings: Written to kbsearch.toml; left out, all defaults.
            embedder: Instead of the one that the settings name; give the same
                one to `open`.
            redactors: Replace more than the shipped ones do; likewise.

        Raises:
            DeskExistsError: If something stands there already.
            StoreUnavailableError: If it cannot be written.
        """
        root = Path(path).absolute()  # a daemon may change its working directory
        settings = settings or Settings()
        Analyzer(settings.words.language)  # an unknown language is an error before anything is made
        return cls(make_desk(root, settings), settings, embedder, redactors)

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        embedder: Embedder | None = None,
        redactors: Sequence[Redactor] = (),
    ) -> KnowledgeBase:
        """
        Open an existing desk. Loads no model and touches no shelf yet.

        Raises:
            DeskNotFoundError: If the path is no desk.
            ConfigError: If its settings cannot be used.
            StoreUnavailableError: If it may not be read.
        """
        layout = DeskLayout(Path(path).absolute())
        with files.reporting(layout.root):
            if not layout.root.is_dir():
                is_there = layout.root.exists()
                raise DeskNotFoundError(path, "it is a file" if is_there else "there is nothing")
            if not layout.settings.is_file():
                raise DeskNotFoundError(path, f"it holds no {layout.settings.name}")
        return cls(layout, load_settings(layout.settings), embedder, redactors)

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
        return shelf_fingerprint(self.embedder, self.settings, self._redaction.fingerprint)

    def upsert(
        self,
        documents: Iterable[Document],
        *,
        explanations: Mapping[str, Sequence[Explanation]] | None = None,
        dry_run: bool = False,
        progress: Progress = silent,
    ) -> UpsertReport:
        """
        Add and change tickets and articles, in any order; others stay as they are.

        A document is searchable as soon as it is committed. Secrets are replaced
        in all of them, personal data in what customers read, before anything is
        stored. No text is embedded twice.

        Args:
            documents: Each id once; what cannot be taken is in the report.
            explanations: By id, why documents of an import have their audiences;
                kept for `why_visible`.
            dry_run: Only say what would happen.
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
            if dry_run:
                return preview(writers, documents, redaction=self._redaction)
            writers[Audience.INTERNAL].lock()
            return upsert(
                writers,
                documents,
                redaction=self._redaction,
                explanations=explanations,
                progress=progress,
            )

    def delete(self, ids: Iterable[str]) -> tuple[str, ...]:
        """
        Remove documents from every shelf, customers' first; returns the ids that were there.

        Raises:
            ConfigError: If one id is given instead of a list of them.
            LockedError: If another process is writing.
            StoreError: If a shelf cannot be written.
        """
        if isinstance(ids, str):
            raise ConfigError("delete() takes a list of ids, not one str: put it into a list.")
        wanted = [clean_characters(document_id) for document_id in ids]
        with self._writers() as writers:
            writers[Audience.INTERNAL].lock()
            gone = [
                document_id for writer in writers.values() for document_id in writer.drop(wanted)
            ]
            drop_explanations(writers[Audience.INTERNAL], wanted)
        return tuple(dict.fromkeys(gone))

    def withdraw(self, ids: Iterable[str]) -> tuple[str, ...]:
        """
        Take documents from customers at once; staff keep them. Returns the ids that left.

        Needs no model. Write the documents again, or the next import brings them back.

        Raises:
            ConfigError: If one id is given instead of a list of them.
            LockedError: If another process is writing.
            StoreError: If a shelf cannot be written.
        """
        if isinstance(ids, str):
            raise ConfigError("withdraw() takes a list of ids, not one str: put it into a list.")
        wanted = [clean_characters(document_id) for document_id in ids]
        with self._writers() as writers:
            writers[Audience.INTERNAL].lock()
            return tuple(withdraw(writers, wanted))

    def rebuild(self, *, progress: Progress = silent) -> tuple[RebuildReport, ...]:
        """
        Bring the indexes up to the settings and fold all changes into new snapshots.

        Embeds only what changed in content or fingerprint. Searches and writes go
        on meanwhile; an interrupted rebuild continues where it stopped. All is
        embedded before the first shelf is published.

        Raises:
            LockedError: If another process is writing.
            EmbedderError: If the model cannot be loaded.
            StoreError: If a shelf cannot be written.
        """
        with self._writers() as writers:
            n_embedded = {a: writer.derive(progress) for a, writer in writers.items()}
            return tuple(writer.rebuild(n_embedded[a], progress) for a, writer in writers.items())

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
        asked = Audience.parse(audience)
        ranking = ranking or self.settings.ranking
        own = self.settings.ranking
        if (ranking.bm25_k1, ranking.bm25_b) != (own.bm25_k1, own.bm25_b):
            raise ConfigError(
                f"bm25_k1 = {ranking.bm25_k1} and bm25_b = {ranking.bm25_b} are built into the "
                f"index, which has {own.bm25_k1} and {own.bm25_b}. Set them in kbsearch.toml and "
                "run `kbsearch rebuild`."
            )
        readers = [self._reader(shelf) for shelf in _shelves_of(asked)]
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

    def stats(self, audience: Audience | str) -> tuple[ShelfStats, ...]:
        """
        Counts of the shelves that an audience may see.

        Raises:
            AudienceError: If the audience is missing or unknown.
        """
        shown = _shelves_of(Audience.parse(audience))
        return tuple(shelf_stats(self._layout.shelf(shelf), shelf.value) for shelf in shown)

    def check(self, audience: Audience | str) -> CheckReport:
        """
        Verify every byte of the shelves that an audience may see; changes nothing.

        Raises:
            AudienceError: If the audience is missing or unknown.
        """
        shown = _shelves_of(Audience.parse(audience))
        parts = [check_shelf(self._layout.shelf(shelf), shelf.value) for shelf in shown]
        return CheckReport(
            n_documents=sum(part.n_documents for part in parts),
            n_passages=sum(part.n_passages for part in parts),
            n_files=sum(part.n_files for part in parts),
            findings=tuple(finding for part in parts for finding in part.findings),
        )

    def close(self) -> None:
        """Close the shelves; searchers of this desk cannot be used afterwards."""
        with self._opening:
            for reader in self._readers.values():
                reader.close()
            self._readers.clear()

    def _standing(
        self, writers: Mapping[Audience, ShelfWriter], ids: Sequence[str]
    ) -> dict[Audience, set[str]]:
        return {a: set(writer.records.keys_by_id(ids)) for a, writer in writers.items()}

    @cached_property
    def _analyzer(self) -> Analyzer:
        return Analyzer(self.settings.words.language)

    def _reader(self, shelf: Audience) -> ShelfReader:
        """This desk's one reader of a shelf."""
        with self._opening:
            if shelf not in self._readers:
                self._readers[shelf] = ShelfReader(
                    self._layout.shelf(shelf),
                    shelf.value,
                    self.fingerprint,
                    self._analyzer,
                    self.settings.ranking,
                )
            return self._readers[shelf]

    @contextmanager
    def _writers(self) -> Iterator[dict[Audience, ShelfWriter]]:
        """
        Writers of all shelves, external first.

        Whoever adds, changes or deletes documents holds the internal shelf's lock
        first: it is the desk's. The external one is locked when it is written.
        """
        with ExitStack() as stack:
            writers = {}
            for audience in (Audience.EXTERNAL, Audience.INTERNAL):
                layout = self._layout.shelf(audience)
                writer = ShelfWriter(
                    layout,
                    audience.value,
                    self.embedder,
                    self.settings,
                    fingerprint=lambda: self.fingerprint,
                    redact=self._redaction.on_shelf(audience),
                )
                stack.callback(writer.close)
                writers[audience] = writer
            yield writers


def _shelves_of(audience: Audience) -> tuple[Audience, ...]:
    """What an audience may see, its own shelf first."""
    if audience is Audience.INTERNAL:
        return (Audience.INTERNAL, Audience.EXTERNAL)
    return (Audience.EXTERNAL,)
