"""Opening a desk, and what all that is done with it shares: its readers and writers."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from kbsearch import files
from kbsearch.config import Settings, load_settings
from kbsearch.embed import Embedder, Fingerprint, make_embedder, shelf_fingerprint
from kbsearch.errors import BundleError, DeskNotFoundError, KbSearchError
from kbsearch.forgetting import go_on_forgetting
from kbsearch.indexing import ShelfWriter
from kbsearch.layout import DeskLayout
from kbsearch.locks import ForkSafeLock
from kbsearch.making import make_desk
from kbsearch.models import Audience
from kbsearch.redact import Redactor
from kbsearch.redact.policy import RedactionPolicy
from kbsearch.search import ShelfReader
from kbsearch.store import writer_lock
from kbsearch.text import Analyzer

_log = logging.getLogger(__name__)


class OpenDesk:
    """A directory with a shelf for each audience, and what is open of it."""

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
        self._is_bundle = layout.bundle.exists()
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
    ) -> Self:
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
    ) -> Self:
        """
        Open an existing desk. Loads no model and touches no shelf yet.

        Only if forgetting was interrupted, it is finished first.

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
        desk = cls(layout, load_settings(layout.settings), embedder, redactors)
        if not desk._is_bundle and _stands(layout.forgetting):
            desk._go_on_forgetting()
        return desk

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

    def close(self) -> None:
        """Close the shelves; searchers of this desk cannot be used afterwards."""
        with self._opening:
            for reader in self._readers.values():
                reader.close()
            self._readers.clear()

    def _require_desk(self, asked: str) -> None:
        """Refuse what a bundle for customers does not have; see `export_shelf`."""
        if self._is_bundle:
            raise BundleError(self.path, asked)

    def _shown_to(self, audience: Audience | str) -> tuple[Audience, ...]:
        """The shelves of an audience, its own first, if they are here."""
        asked = Audience.parse(audience)
        if asked is Audience.INTERNAL:
            self._require_desk("shelf for staff")
        return shelves_of(asked)

    def _go_on_forgetting(self) -> None:
        try:
            with self._rebuild_lock(), self._writers() as writers:
                go_on_forgetting(writers, self._layout)
        except KbSearchError as error:  # searches go on; who opens the desk next tries again
            _log.warning("Forgetting in %s is not finished: %s", self.path, error)

    def _rebuild_lock(self, wait_s: float = 0.0) -> AbstractContextManager[None]:
        """
        What whoever rebuilds the desk holds, or forgets.

        A rebuild could write back what it has read before it was forgotten.
        """
        self._require_desk("records that could be written")
        lock = self._layout.rebuild_lock
        return writer_lock(lock, self.path.name, timeout_s=wait_s, doing="rebuilt")

    def _let_go(self) -> None:
        """Keep nothing in memory of how the shelves stood before."""
        with self._opening:
            for reader in self._readers.values():
                reader.let_go()

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
        self._require_desk("records that could be written")
        with ExitStack() as stack:
            writers = {}
            for audience in (Audience.EXTERNAL, Audience.INTERNAL):
                layout = self._layout.shelf(audience)
                writer = ShelfWriter(
                    layout,
                    audience.value,
                    lambda: self.embedder,
                    self.settings,
                    fingerprint=lambda: self.fingerprint,
                    redact=self._redaction.on_shelf(audience),
                )
                stack.callback(writer.close)
                writers[audience] = writer
            yield writers


def _stands(path: Path) -> bool:
    """Whether a file is there that this process may see: customers' one may not look."""
    try:
        return path.exists()
    except PermissionError:
        return False


def shelves_of(audience: Audience) -> tuple[Audience, ...]:
    """What an audience may see, its own shelf first."""
    if audience is Audience.INTERNAL:
        return (Audience.INTERNAL, Audience.EXTERNAL)
    return (Audience.EXTERNAL,)
