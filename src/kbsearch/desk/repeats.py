"""What a shelf's own tickets say of problems that came again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kbsearch.evaluation import mine_labels, repeats
from kbsearch.indexing import Repeated
from kbsearch.models import Audience, Document, Ticket
from kbsearch.store import RecordReader

_DOCUMENTS_PER_READ = 512


def repeats_on(records: RecordReader) -> list[Repeated]:
    """
    Pairs of tickets of one problem, the newest problem first: see `evaluation.repeats`.

    Only this shelf is read. Customers' has none: published tickets have no links.

    Raises:
        DamagedRecordError: If a linked document's record is not what was written.
    """
    labels = mine_labels(_linked(records), Audience.INTERNAL)
    return [Repeated(one.first, one.again) for one in repeats(labels)]


def _linked(records: RecordReader) -> Iterator[Document]:
    """Tickets with duplicates, these, and what any of them is answered by."""
    seen: set[int] = set()
    wanted = records.keys_with_duplicates()
    while wanted:
        named: set[str] = set()
        for document in _documents(records, wanted):
            if isinstance(document, Ticket):
                named.update(document.duplicate_ids, document.article_ids, document.problem_ids)
            yield document
        seen.update(wanted)
        wanted = sorted({key for key, _ in records.keys_by_id(named).values()} - seen)


def _documents(records: RecordReader, keys: Iterable[int]) -> Iterator[Document]:
    listed = list(keys)
    for start in range(0, len(listed), _DOCUMENTS_PER_READ):
        yield from records.documents(listed[start : start + _DOCUMENTS_PER_READ]).values()
