"""What the exit code of a command says."""

from __future__ import annotations

from enum import IntEnum

from kbsearch.errors import (
    ChangedSinceShownError,
    DocumentNotFoundError,
    EmbedderError,
    InvalidDocumentError,
    KbSearchError,
    LockedError,
    MassDeletionError,
    MassPublicationError,
    SnapshotError,
    SourceError,
    StoreError,
)
from kbsearch.gating import GateRefusedError


class ExitCode(IntEnum):
    """The codes that scripts may rely on."""

    OK = 0
    FOUND_WRONG = 1
    WRONG_USE = 2
    LOCKED = 3
    UNAVAILABLE = 4
    REFUSED = 5
    INTERRUPTED = 130


MEANINGS = {
    ExitCode.OK: "done",
    ExitCode.FOUND_WRONG: "something was found wrong, rejected or not there",
    ExitCode.WRONG_USE: "wrong use",
    ExitCode.LOCKED: "another process is writing to the desk",
    ExitCode.UNAVAILABLE: "a desk or model is damaged, unavailable or does not fit",
    ExitCode.REFUSED: "a gated rebuild was refused, for one shelf at least",
    ExitCode.INTERRUPTED: "interrupted",
}

_BY_ERROR: tuple[tuple[type[KbSearchError], ExitCode], ...] = (
    (LockedError, ExitCode.LOCKED),  # before StoreError, which it is
    (StoreError, ExitCode.UNAVAILABLE),
    (GateRefusedError, ExitCode.REFUSED),
    (SnapshotError, ExitCode.UNAVAILABLE),
    (EmbedderError, ExitCode.UNAVAILABLE),
    (DocumentNotFoundError, ExitCode.FOUND_WRONG),
    (InvalidDocumentError, ExitCode.FOUND_WRONG),
    (SourceError, ExitCode.FOUND_WRONG),
    (MassPublicationError, ExitCode.FOUND_WRONG),
    (ChangedSinceShownError, ExitCode.FOUND_WRONG),
    (MassDeletionError, ExitCode.FOUND_WRONG),
)


class InterruptedWorkError(Exception):
    """Ctrl-C during work, with what was kept of it and how to go on."""


def exit_code(error: BaseException) -> ExitCode:
    """The code that tells a script what kind of failure this is."""
    if isinstance(error, KeyboardInterrupt | InterruptedWorkError):
        return ExitCode.INTERRUPTED
    return next((code for kind, code in _BY_ERROR if isinstance(error, kind)), ExitCode.WRONG_USE)
