"""By what markers of its source a document came to its audience: noted on the staff's shelf."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pydantic import TypeAdapter

from kbsearch.indexing.shelf_writer import ShelfWriter
from kbsearch.visibility import Explanation

_EXPLANATIONS: TypeAdapter[list[Explanation]] = TypeAdapter(list[Explanation])


def note_explanations(
    internal: ShelfWriter, explanations: Mapping[str, Sequence[Explanation]]
) -> None:
    """Note them by document id where they are new; none at all removes what was noted."""
    values = {
        _name(i): _EXPLANATIONS.dump_json(list(each)).decode() if each else ""
        for i, each in explanations.items()
    }
    noted = internal.records.notes(values)
    new = {name: value for name, value in values.items() if value and value != noted.get(name)}
    stale = [name for name in noted if not values[name]]
    if new or stale:
        internal.lock()
        with internal.records.writing():
            internal.records.note(new)
            internal.records.drop_notes(stale)


def drop_explanations(internal: ShelfWriter, ids: Iterable[str]) -> None:
    """Remove what was noted of documents."""
    note_explanations(internal, dict.fromkeys(ids, ()))


def noted_explanations(internal: ShelfWriter, document_id: str) -> tuple[Explanation, ...]:
    """What was noted of a document; empty if nothing."""
    noted = internal.records.notes([_name(document_id)])
    return tuple(each for value in noted.values() for each in _EXPLANATIONS.validate_json(value))


def _name(document_id: str) -> str:
    return f"why:{document_id}"
