"""Opening a desk, and what all that is done with it shares: its readers and writers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from kbsearch import files
from kbsearch.clock import utc_now
from kbsearch.config import EmbedderSettings, Settings, load_settings
from kbsearch.desk.repeats import repeats_on
from kbsearch.embed import (
    Embedder,
    Fingerprint,
    make_embedder,
    require_as_named,
    require_may_serve,
    shelf_fingerprint,
)
from kbsearch.errors import (
    BundleError,
    DeskNotFoundError,
    KbSearchError,
)
from kbsearch.forgetting import go_on_forgetting
from kbsearch.indexing import (
    Occasion,
    ShelfWriter,
    ShelfWriters,
    Trail,
)
from kbsearch.layout import MODELS_DIRECTORY, DeskLayout
from kbsearch.locks import ForkSafeLock
from kbsearch.making import groups_of, make_desk, make_shelf
from kbsearch.models import (
    Audience,
    audience_of,
    group_of,
    group_shelf,
    parse_groups,
)
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
        *,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._layout = layout
        self._clock = clock
        self.settings = settings
        self._given_embedder = embedder
        self._is_bundle = layout.bundle.exists()
        self._redaction = RedactionPolicy(settings.redaction, redactors)
        self._readers: dict[str, ShelfReader] = {}
        self._opening = ForkSafeLock()

    @classmethod
    def create(
        cls,
        path: str | Path,
        *,
        settings: Settings | None = None,
        embedder: Embedder | None = None,
        redactors: Sequence[Redactor] = (),
        clock: Callable[[], datetime] = utc_now,
    ) -> Self:
        """
        Make an empty desk and open it.

        Args:
            path: A directory that does not exist yet, or is empty.
            settings: Written to kbsearch.toml; left out, all defaults.
            embedder: Instead of the one that the settings name; give the same
                one to `open`.
            redactors: Replace more than the shipped ones do; likewise.
            clock: What time it is; of what is noted in the audit trail.

        Raises:
            DeskExistsError: If something stands there already.
            StoreUnavailableError: If it cannot be written.
        """
        root = Path(path).absolute()  # a daemon may change its working directory
        settings = settings or Settings()
        Analyzer(settings.words.language)  # an unknown language is an error before anything is made
        return cls(make_desk(root, settings), settings, embedder, redactors, clock=clock)

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        embedder: Embedder | None = None,
        redactors: Sequence[Redactor] = (),
        clock: Callable[[], datetime] = utc_now,
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
        desk = cls(layout, load_settings(layout.settings), embedder, redactors, clock=clock)
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
        return self._given_embedder or self._made_by(self.settings.embedder)

    def _made_by(self, settings: EmbedderSettings) -> Embedder:
        located = self._located(settings)
        found = make_embedder(located)
        if located is not settings:  # a model of this desk's own
            require_as_named(found, Path(located.model))
        return found

    def _located(self, settings: EmbedderSettings) -> EmbedderSettings:
        """With the path of a model that stands on this desk, wherever the desk was moved to."""
        path = self.path / settings.model
        is_own = Path(settings.model).parts[:1] == (MODELS_DIRECTORY,) and path.is_dir()
        return settings.model_copy(update={"model": str(path)}) if is_own else settings

    def _embedder_for(self, audience: Audience) -> Embedder:
        """
        The desk's embedder, for texts that this audience reads or writes.

        Raises:
            ModelAudienceError: If it was trained on more than they may read.
        """
        require_may_serve(self.embedder, audience)
        return self.embedder

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """What indexes made now depend on."""
        return shelf_fingerprint(self.embedder, self.settings, self._redaction.fingerprint)

    def close(self) -> None:
        """Close the shelves; searchers of this desk cannot be used afterwards."""
        self._let_go()
        with self._opening:
            for reader in self._readers.values():
                reader.close()
            self._readers.clear()

    def _require_desk(self, asked: str) -> None:
        """Refuse what a bundle for customers does not have; see `export_shelf`."""
        if self._is_bundle:
            raise BundleError(self.path, asked)

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
        return Analyzer(self.settings.words.language, self.settings.words.languages)

    def groups(self) -> tuple[str, ...]:
        """
        Groups of staff that documents of this desk are, or were, restricted to, ascending.

        Raises:
            BundleError: If this is a bundle, which holds customers' shelf alone.
            StoreError: If the desk's list of them cannot be read.
        """
        self._require_desk("shelf for staff")
        return groups_of(self._layout)

    def _shelves_of(self, audience: Audience | str, groups: Iterable[str] = ()) -> tuple[str, ...]:
        """
        What somebody may see: all staff's shelf first, those of groups, customers' last.

        A group that no document is restricted to has no shelf, and nothing to see.

        Raises:
            AudienceError: If the audience is missing or unknown.
            GroupError: If a group cannot be one.
            BundleError: If this is a bundle, which holds customers' shelf alone.
        """
        asked = Audience.parse(audience)
        named = parse_groups(groups, asked)
        if asked is Audience.EXTERNAL:
            return (asked.value,)
        self._require_desk("shelf for staff")
        there = set(self.groups()) if named else set()
        theirs = (group_shelf(group) for group in named if group in there)
        return (asked.value, *theirs, Audience.EXTERNAL.value)

    def _reader(self, shelf: str) -> ShelfReader:
        """This desk's one reader of a shelf."""
        with self._opening:
            if shelf not in self._readers:
                self._readers[shelf] = ShelfReader(
                    self._layout.shelf(shelf),
                    shelf,
                    self.fingerprint,
                    self._analyzer,
                    self.settings.read_by(audience_of(shelf)).ranking,
                )
            return self._readers[shelf]

    @contextmanager
    def _writers(self, only: Iterable[str] | None = None) -> Iterator[ShelfWriters]:
        """
        Writers of shelves: customers' first, then all staff's, then groups'.

        Without the shelves of groups, damage there is in nobody else's way; whatever
        adds documents needs all: one that stands restricted stays so.

        Whoever adds, changes or deletes documents holds the internal shelf's lock
        first: it is the desk's. The external one is locked when it is written.
        """
        self._require_desk("records that could be written")
        with ExitStack() as stack:
            writers = ShelfWriters(lambda shelf: stack.enter_context(closing(self._made(shelf))))
            for shelf in (Audience.EXTERNAL.value, Audience.INTERNAL.value):
                writers[shelf] = stack.enter_context(closing(self._writer(shelf)))
            if only is None:
                only = map(group_shelf, self.groups())
            for shelf in only:
                if shelf not in writers:
                    writers[shelf] = stack.enter_context(closing(self._writer(shelf)))
            yield writers

    def _made(self, shelf: str) -> ShelfWriter:
        make_shelf(self._layout, group_of(shelf) or "")
        return self._writer(shelf)

    def _hold(self, writers: ShelfWriters) -> None:
        """
        Become the desk's writer, with the shelves of all groups that there are by then.

        A group's first document may have come while the lock was waited for.
        """
        writers[Audience.INTERNAL].lock()
        for group in self.groups():
            writers.need(group_shelf(group))

    def _writer(self, shelf: str) -> ShelfWriter:
        return ShelfWriter(
            self._layout.shelf(shelf),
            shelf,
            lambda: self._embedder_for(audience_of(shelf)),
            self.settings.read_by(audience_of(shelf)),
            fingerprint=lambda: self.fingerprint,
            redact=self._redaction.on_shelf(audience_of(shelf)),
            find_repeated=repeats_on,
        )

    def _trail(
        self,
        writers: Mapping[str, ShelfWriter],
        how: str,
        *,
        by: str | None = None,
        note: str | None = None,
    ) -> Trail:
        """Notes what customers gain and lose; from now on nothing comes to them unnoted."""
        external, internal = writers[Audience.EXTERNAL], writers[Audience.INTERNAL]
        occasion = Occasion.of(how, self._clock(), by, note)
        external.trail = Trail(external.records, internal.records, internal.locked, occasion)
        return external.trail


def _stands(path: Path) -> bool:
    """Whether a file is there that this process may see: customers' one may not look."""
    try:
        return path.exists()
    except PermissionError:
        return False
