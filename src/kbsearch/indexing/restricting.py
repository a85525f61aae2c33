"""
Documents of groups: who may not read one any more loses it first, and it stays restricted.

A version of a document that names no group does not open it to all staff: an
import that knows nothing of groups would. Delete it first, then it can be added anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from kbsearch.errors import DamagedRecordError
from kbsearch.indexing.explaining import drop_explanations
from kbsearch.indexing.shelf_writer import ShelfWriter
from kbsearch.indexing.twin_notes import drop_twins_of
from kbsearch.models import Audience, Document, group_of, group_shelf


class ShelfWriters(dict[str, ShelfWriter]):
    """
    Writers of a desk's shelves by name: customers' first, then all staff's, then groups'.

    Args:
        make: Makes the shelf of a group that has none, and gives its writer.
    """

    def __init__(self, make: Callable[[str], ShelfWriter]) -> None:
        super().__init__()
        self._make = make

    def need(self, shelf: str) -> None:
        """Have a writer of this shelf, which may have to be made."""
        if shelf not in self:
            self[shelf] = self._make(shelf)


def staff_writers(writers: Mapping[str, ShelfWriter]) -> Iterator[ShelfWriter]:
    """Those of shelves that customers do not read."""
    return (writer for shelf, writer in writers.items() if shelf != Audience.EXTERNAL.value)


def standing_groups(
    writers: Mapping[str, ShelfWriter], ids: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """By id, the groups on whose shelves a document stands; those of no group are left out."""
    found: dict[str, tuple[str, ...]] = {}
    for shelf, writer in writers.items():
        if (group := group_of(shelf)) is not None:
            for document_id in writer.records.keys_by_id(ids):
                found[document_id] = (*found.get(document_id, ()), group)
    return found


def take_from_others(
    writers: Mapping[str, ShelfWriter], versions: Mapping[str, Sequence[Document]]
) -> None:
    """
    Move what is for groups now off the shelves of all others, before anything can fail.

    What stands is stored on the groups' shelves before, to be embedded later. Only what
    groups alone could read, and now others are to, stays theirs until the new version
    is stored: the old one is not for the others.

    Args:
        writers: Of all shelves, those of the groups included.
        versions: By id, what was sent under it.
    """
    groups_by_id = {i: groups for i, sent in versions.items() if (groups := _groups_of(sent))}
    if not groups_by_id:
        return
    standing = standing_groups(writers, groups_by_id)
    for writer in staff_writers(writers):
        leaving = [
            i
            for i in writer.records.keys_by_id(groups_by_id)
            if writer.shelf not in map(group_shelf, groups_by_id[i])
            and (group_of(writer.shelf) is None or set(groups_by_id[i]) <= set(standing[i]))
        ]
        for document_id in leaving:
            _keep(writers, writer, document_id, groups_by_id[document_id])
        writer.drop(leaving, is_restricted=True)
        if writer.shelf == Audience.INTERNAL.value and leaving:
            drop_explanations(writer, leaving)
            drop_twins_of(writer, set(leaving), ())


def _groups_of(sent: Iterable[Document]) -> tuple[str, ...]:
    """Of versions that contradict each other, the first that is restricted."""
    return next((each.groups for each in sent if each.groups), ())


def _keep(
    writers: Mapping[str, ShelfWriter],
    source: ShelfWriter,
    document_id: str,
    groups: Sequence[str],
) -> None:
    ((key, _),) = source.records.keys_by_id([document_id]).values()
    try:
        standing = source.records.documents([key]).get(key)
    except DamagedRecordError:
        return  # it is to be written again
    if standing is not None:
        for group in groups:
            writers[group_shelf(group)].keep([standing.restricted_to(groups)])
