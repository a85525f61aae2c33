"""What two twins read when they were last in step: noted on the staff's shelf, as hashes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from hashlib import blake2b

from kbsearch.indexing.shelf_writer import ShelfWriter
from kbsearch.models import clean_characters
from kbsearch.models.base import FrozenModel
from kbsearch.store import RecordReader

_PREFIX = "twin:"
Pair = tuple[str, str]
"""The ids of an internal and an external article."""


class TwinNote(FrozenModel):
    """
    Who said when that two articles are in step, and what they read then.

    `internal` and `external` are `sentence_key`s, so that a changed sentence is known
    from others without its text being kept.
    """

    at: datetime
    by: str
    internal: tuple[str, ...]
    external: tuple[str, ...]


def sentence_key(sentence: str) -> str:
    """A hash by which a sentence is known again, in whatever case and spacing."""
    written = " ".join(sentence.casefold().split())
    return blake2b(written.encode(), digest_size=8, person=b"kbsearch twins").hexdigest()


def noted_twins(internal: RecordReader) -> dict[Pair, TwinNote]:
    """Every pair that was said to be in step, by its ids."""
    noted = internal.notes_from(_PREFIX)
    return {_pair(name): TwinNote.model_validate_json(value) for name, value in noted.items()}


def note_twins(internal: ShelfWriter, notes: Mapping[Pair, TwinNote]) -> None:
    """Note pairs in the place of what was noted of them."""
    internal.lock()
    with internal.records.writing():
        internal.records.note({_name(*p): note.model_dump_json() for p, note in notes.items()})


def drop_twin(internal: ShelfWriter, internal_id: str, external_id: str) -> bool:
    """Drop what was noted of a pair; False if nothing was."""
    return _drop(internal, [_name(internal_id, external_id)])


def drop_twins_of(internal: ShelfWriter, ids: Collection[str], names: Iterable[str]) -> None:
    """Drop what was noted of any of these documents, or at the word of any of these names."""
    wanted, people = set(ids), [_plain(name) for name in names]
    stale = [
        _name(*pair)
        for pair, note in noted_twins(internal.records).items()
        if wanted & set(pair) or any(name in _plain(note.by) for name in people)
    ]
    _drop(internal, stale)


def _plain(name: str) -> str:
    """A name in whatever case and spacing."""
    return " ".join(clean_characters(name).casefold().split())


def _drop(internal: ShelfWriter, names: list[str]) -> bool:
    noted = list(internal.records.notes(names))
    if noted:
        internal.lock()
        with internal.records.writing():
            internal.records.drop_notes(noted)
    return bool(noted)


def _name(internal_id: str, external_id: str) -> str:
    return f"{_PREFIX}{internal_id} {external_id}"  # an id holds no blank


def _pair(name: str) -> Pair:
    internal_id, _, external_id = name.removeprefix(_PREFIX).partition(" ")
    return internal_id, external_id
