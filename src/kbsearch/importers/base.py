"""What every importer has in common: it reads one vendor's export, record by record."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

from pydantic import ValidationError

from kbsearch.errors import ConfigError, InvalidDocumentError
from kbsearch.importers.building import Imported
from kbsearch.importers.fields import Fields
from kbsearch.importers.places import ImportProblem, RecordError, Skipped
from kbsearch.importers.reading.source import Source, open_source
from kbsearch.models.parsing import describe_validation

ImportItem = Imported | Skipped | ImportProblem
"""What an importer makes of one record."""


class Option(NamedTuple):
    """A setting of one importer: given as text, by name."""

    name: str
    help: str
    default: str = ""


class Importer(ABC):
    """
    Reads one vendor's export.

    A subclass knows the vendor's field names and markers; it streams, and
    leaves to this class and to `Fields` what can go wrong in a record.

    Args:
        options: Values for `OPTIONS`; others are an error.
        encoding: Of text files that do not tell theirs.

    Raises:
        ConfigError: For an option that it does not have.

    Attributes:
        name: Short and lower-case: also the first part of the ids of its documents.
        title: The vendor's own name for the product.
        reads: One line: which tables or files it looks for.
        verified: Which of the fields were checked against the vendor's source or
            documentation, and which are from general knowledge.
        signs: For `--detect`: table name → field names that speak for this vendor.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    reads: ClassVar[str]
    verified: ClassVar[str]
    signs: ClassVar[Mapping[str, frozenset[str]]] = {}
    OPTIONS: ClassVar[tuple[Option, ...]] = ()

    def __init__(
        self, options: Mapping[str, str] | None = None, *, encoding: str = "utf-8"
    ) -> None:
        known = {option.name: option.default for option in self.options_known()}
        for name in options or {}:
            if name not in known:
                raise ConfigError(
                    f"The importer {self.name!r} has no option {name!r}; it has {', '.join(known)}."
                )
        self.options = known | dict(options or {})
        if not _SOURCE_ID.fullmatch(self.options["source-id"]):
            raise ConfigError(
                f"source-id = {self.options['source-id']!r} cannot begin an id. Use letters, "
                "digits, dots, hyphens and underscores."
            )
        self._encoding = encoding

    def read(self, path: str | Path) -> Iterator[ImportItem]:
        """
        What the export at `path` holds, one record at a time, in its order.

        A record that cannot be read is an `ImportProblem` with its place, and
        the others follow. Memory does not grow with the export.

        Raises:
            ConfigError: If there is nothing at `path`, or an option cannot work.
            SourceError: If an archive is refused.
            MissingExtraError: If a package for this format is not installed.
        """
        with open_source(Path(path), encoding=self._encoding) as source:
            yield from source.left_out
            yield from self._read(source)

    @classmethod
    def likeness(
        cls,
        outline: Mapping[str, frozenset[str]],
        names: Sequence[str],  # noqa: ARG003 - for those that know their files by name
    ) -> float:
        """
        How much an export looks like this vendor's, in [0, 1].

        Args:
            outline: Table name → field names of its first record.
            names: Names of the export's files.
        """
        found = [
            len(fields & outline[table]) / len(fields)
            for table, fields in cls.signs.items()
            if table in outline and fields
        ]
        return max(found, default=0.0)

    @abstractmethod
    def _read(self, source: Source) -> Iterator[ImportItem]:
        """Go through the vendor's tables; see `_each`."""

    def _each(
        self,
        rows: Iterable[Fields | ImportProblem],
        make: Callable[[Fields], Imported | Skipped | None],
    ) -> Iterator[ImportItem]:
        """Make something of every row that can be read; None of `make` is left out silently."""
        for row in rows:
            if isinstance(row, ImportProblem):
                yield row
                continue
            made: ImportItem | None
            try:
                made = make(row)
            except RecordError as error:
                made = ImportProblem(error.place, error.reason)
            except InvalidDocumentError as error:
                made = ImportProblem(row.place, error.reason)
            except ValidationError as error:
                made = ImportProblem(row.place, describe_validation(error))
            if made is not None:
                yield made

    @classmethod
    def options_known(cls) -> tuple[Option, ...]:
        """The options that it takes: every importer's, then its own."""
        return (*COMMON_OPTIONS, *cls.OPTIONS)

    @property
    def id_prefix(self) -> str:
        """What the ids of all its documents begin with, as `zendesk:`."""
        return f"{self.options['source-id'] or self.name}:"

    def ticket_id(self, external_id: str) -> str:
        """The id of a ticket: `zendesk:4711`."""
        return f"{self.id_prefix}{external_id}"

    def article_id(self, external_id: str) -> str:
        """The id of an article; one number may be a ticket's and an article's."""
        return f"{self.id_prefix}article-{external_id}"


_SOURCE_ID = re.compile(r"[A-Za-z0-9_.-]*")
COMMON_OPTIONS = (
    Option("source-id", "first part of the ids, where two desks of one vendor are imported"),
)
