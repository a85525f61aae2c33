"""Errors say what happened, with which values, and what to do; they cross process borders."""

from __future__ import annotations

import copy
import inspect
import pickle
from pathlib import Path
from typing import NamedTuple

import pytest

from kbsearch import errors
from kbsearch.errors import KbSearchError


class Example(NamedTuple):
    """One error as it is raised, what it keeps, and the words that say what to do now."""

    error: KbSearchError
    kept: dict[str, object]
    remedy: str


EXAMPLES = [
    Example(KbSearchError("Broken. Mend it."), {}, "Mend it"),
    Example(errors.ConfigError("k = 0. Use 1 or more."), {}, "Use 1 or more"),
    Example(errors.AudienceError("public"), {"given": "'public'"}, "Name the readers"),
    Example(
        errors.MissingExtraError("Reading HTML", "selectolax", "markup"),
        {"feature": "Reading HTML", "package": "selectolax", "extra": "markup"},
        'pip install "kbsearch[markup]"',
    ),
    Example(
        errors.SourceError("export.zip", "it unpacks to more than 4 GB. Unpack it yourself."),
        {"path": "export.zip", "reason": "it unpacks to more than 4 GB. Unpack it yourself."},
        "Unpack it yourself",
    ),
    Example(
        errors.MassPublicationError(["kb:1", "kb:2"], 1),
        {"ids": ("kb:1", "kb:2"), "allowed": 1},
        "--publish-at-most 2",
    ),
    Example(
        errors.ChangedSinceShownError(["kb:1", "kb:2"]),
        {"ids": ("kb:1", "kb:2")},
        "Look at them again",
    ),
    Example(
        errors.MassDeletionError(["kb:1", "kb:2"], 1),
        {"ids": ("kb:1", "kb:2"), "allowed": 1},
        "--delete-at-most 2",
    ),
    Example(
        errors.InvalidDocumentError("kb:1", "it has no text; give it some."),
        {"document_id": "kb:1", "reason": "it has no text; give it some."},
        "give it some",
    ),
    Example(
        errors.DocumentNotFoundError("kb:1"),
        {"document_id": "kb:1"},
        "check the spelling and the audience",
    ),
    Example(
        errors.DeskNotFoundError(Path("my.kb"), "there is no kbsearch.toml"),
        {"path": "my.kb", "reason": "there is no kbsearch.toml"},
        "run `kbsearch init my.kb`",
    ),
    Example(
        errors.GroupError("HR", "a group is named by small letters"),
        {"given": "'HR'", "reason": "a group is named by small letters"},
        "such as ['hr']",
    ),
    Example(errors.DeskExistsError("my.kb"), {"path": "my.kb"}, "KnowledgeBase.open()"),
    Example(
        errors.BundleError("public.kb", "shelf for staff"),
        {"path": "public.kb", "asked": "shelf for staff"},
        "export it again",
    ),
    Example(errors.EmbedderError("No vectors. Try another."), {}, "Try another"),
    Example(
        errors.EmbedderNotFoundError("all-x", "no such directory"),
        {"model": "all-x", "reason": "no such directory"},
        "allow_download = true",
    ),
    Example(
        errors.RerankerError("judge", "no such directory"),
        {"model": "judge", "reason": "no such directory"},
        '`model = ""` under [reranker]',
    ),
    Example(
        errors.ModelDamagedError("all-x", "aa11", "bb22"),
        {"model": "all-x", "expected_sha256": "aa11", "found_sha256": "bb22"},
        "Reinstall the package",
    ),
    Example(errors.StoreError("No rows. Look again."), {}, "Look again"),
    Example(errors.ClosedError("r.sqlite"), {"path": "r.sqlite"}, "make another searcher"),
    Example(
        errors.LockedError("internal", 4711),
        {"shelf": "internal", "holder_pid": 4711},
        "repeat the write when it has finished",
    ),
    Example(
        errors.DamagedRecordError("internal", "documents", 7),
        {"shelf": "internal", "table": "documents", "key": "7"},
        "Add the document again",
    ),
    Example(
        errors.DamagedRecordError("internal", "passages", 7),
        {"shelf": "internal", "table": "passages", "key": "7"},
        "Run `kbsearch rebuild`",
    ),
    Example(
        errors.StoreDamagedError(Path("r.sqlite"), "file is not a database"),
        {"path": "r.sqlite", "reason": "file is not a database"},
        "Restore it from a backup",
    ),
    Example(
        errors.StoreUnavailableError("r.sqlite", "No space left on device"),
        {"path": "r.sqlite", "reason": "No space left on device"},
        "Check free space",
    ),
    Example(
        errors.StoreFullError("r.sqlite", "No space left on device"),
        {"path": "r.sqlite", "reason": "No space left on device"},
        "a rebuild needs about as much again as the desk takes",
    ),
    Example(
        errors.StoreReadOnlyError("r.sqlite", "Permission denied"),
        {"path": "r.sqlite", "reason": "Permission denied"},
        "the right to read and write it and to write its directory",
    ),
    Example(
        errors.OlderFormatError("my.kb/internal/records.sqlite", 1, 2),
        {"path": "my.kb/internal/records.sqlite", "found": 1, "current": 2},
        "Run `kbsearch rebuild`",
    ),
    Example(
        errors.NewerFormatError("my.kb", 3, 1),
        {"path": "my.kb", "found": 3, "supported": 1},
        "Upgrade kbsearch",
    ),
    Example(
        errors.AudienceMismatchError("my.kb/internal", "internal", "external"),
        {"path": "my.kb/internal", "holds": "internal", "asked": "external"},
        "Give the directory of the external shelf",
    ),
    Example(
        errors.UnsoundShelfError("external", ["row 7 fails its checksum"]),
        {"shelf": "external", "findings": ("row 7 fails its checksum",)},
        "Run `kbsearch check --audience external`",
    ),
    Example(
        errors.StillThereError(["text in external/copy.sqlite"]),
        {"places": ("text in external/copy.sqlite",)},
        "then open the desk again",
    ),
    Example(errors.SnapshotError("No index. Rebuild."), {}, "Rebuild"),
    Example(
        errors.DamagedSnapshotError("snapshot-0000000001", "vectors.faiss", "its hash differs"),
        {"snapshot": "snapshot-0000000001", "file": "vectors.faiss", "reason": "its hash differs"},
        "Run `kbsearch rebuild`",
    ),
    Example(
        errors.NotEnoughMemoryError("internal", 1_500_000),
        {"shelf": "internal", "n_bytes": 1_500_000},
        "Allow it about three times that",
    ),
    Example(
        errors.SnapshotNotFoundError("internal", 7, [1, 2]),
        {"shelf": "internal", "number": 7, "there": (1, 2)},
        "`kbsearch rebuild` makes a new one",
    ),
    Example(
        errors.EmbedderMismatchError("internal", "a@1", "b@2"),
        {"shelf": "internal", "built_with": "a@1", "given": "b@2"},
        "run `kbsearch rebuild`",
    ),
]
CLASSES = {
    value
    for _, value in inspect.getmembers(errors, inspect.isclass)
    if issubclass(value, KbSearchError)
}
by_class = pytest.mark.parametrize(
    "example", EXAMPLES, ids=lambda example: type(example.error).__name__
)


def test_every_class_of_errors_has_an_example_here() -> None:
    """A class added later is held to the same claims."""
    assert {type(example.error) for example in EXAMPLES} == CLASSES


@by_class
def test_an_error_names_its_values_and_what_to_do(example: Example) -> None:
    """The reader of a log has the message only; the program has the attributes."""
    message = str(example.error)

    assert vars(example.error) == example.kept
    values = [
        v for kept in example.kept.values() for v in (kept if isinstance(kept, tuple) else (kept,))
    ]
    assert [value for value in values if str(value) not in message] == []
    assert example.remedy in message


@by_class
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_an_error_survives_pickling(example: Example, protocol: int) -> None:
    """Workers raise in other processes; an error that cannot return hangs the pool."""
    returned = pickle.loads(pickle.dumps(example.error, protocol))

    assert type(returned) is type(example.error)
    assert str(returned) == str(example.error)
    assert vars(returned) == example.kept


@by_class
def test_an_error_survives_copying_and_notes(example: Example) -> None:
    """What a caller added travels along."""
    original = copy.copy(example.error)
    original.add_note("while importing line 7")

    returned = pickle.loads(pickle.dumps(original))

    assert returned.__notes__ == ["while importing line 7"]
    assert str(returned) == str(example.error)
    assert not hasattr(example.error, "__notes__")


def test_a_subclass_of_a_user_survives_pickling_too() -> None:
    """Its own signature does not matter."""
    returned = pickle.loads(pickle.dumps(TooManyError(7)))

    assert type(returned) is TooManyError
    assert (str(returned), returned.n) == ("7 are too many. Send fewer.", 7)


class TooManyError(errors.ConfigError):
    """As an application would derive one."""

    def __init__(self, n: int) -> None:
        self.n = n
        super().__init__(f"{n} are too many. Send fewer.")


@pytest.mark.parametrize(
    ("base", "derived"),
    [
        (
            errors.ConfigError,
            {"AudienceError", "GroupError", "MissingExtraError", "RerankerError"},
        ),
        (errors.EmbedderError, {"EmbedderNotFoundError", "ModelDamagedError"}),
        (errors.StoreUnavailableError, {"StoreFullError", "StoreReadOnlyError"}),
        (
            errors.SnapshotError,
            {
                "DamagedSnapshotError",
                "EmbedderMismatchError",
                "NotEnoughMemoryError",
                "SnapshotNotFoundError",
            },
        ),
    ],
)
def test_errors_of_one_decision_share_a_base(base: type[KbSearchError], derived: set[str]) -> None:
    """A caller who handles all of a kind alike catches one name."""
    assert {c.__name__ for c in CLASSES if issubclass(c, base) and c is not base} == derived


def test_no_error_is_a_value_error() -> None:
    """Pydantic would swallow it into its own, and an `except ValueError` of a caller too."""
    assert [c for c in CLASSES if issubclass(c, ValueError | OSError | LookupError)] == []


def test_a_long_wrong_audience_is_cut() -> None:
    """It may be a whole document in the wrong argument."""
    assert len(errors.AudienceError("x" * 10_000).given) == 80


def test_a_lock_whose_holder_is_unknown_is_reported_without_a_number() -> None:
    """A file system over the network may not tell."""
    assert "by another process" in str(errors.LockedError("internal", None))
