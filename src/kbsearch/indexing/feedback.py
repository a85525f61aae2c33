"""Noting what people said of results, and removing it with what it was said of."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kbsearch.indexing.shelf_writer import ShelfWriter
from kbsearch.models import Feedback
from kbsearch.store import FeedbackWriter

MOST_A_DAY = 1000
"""So much one person may say on one shelf in a day; all who are unknown are one person."""


def note_feedback(writer: ShelfWriter, given: Feedback) -> bool:
    """
    Store it durably; False if its author has said as much as one may in a day.

    Raises:
        LockedError: If somebody else writes to the shelf for long.
        StoreError: If it cannot be written.
    """
    with writer.locked():
        if writer.records.count_feedback_of(given.by, given.at) >= MOST_A_DAY:
            return False
        with writer.records.writing():
            FeedbackWriter(writer.records).put(given)
    return True


def drop_feedback_of(writer: ShelfWriter, ids: Iterable[str]) -> None:
    """Remove what was said of documents that are deleted; the shelf is touched only then."""
    gone = set(ids)
    if gone.isdisjoint(writer.records.ids_in_feedback()):
        return
    with writer.locked(), writer.records.writing():
        FeedbackWriter(writer.records).drop_of(gone)


def forget_feedback(
    writer: ShelfWriter, ids: Iterable[str], names_it: Callable[[str], bool]
) -> None:
    """
    Remove what was said of documents, by a person, or in words that are to be forgotten.

    Args:
        writer: Of any shelf.
        ids: Of documents.
        names_it: Whether a text, or the name of an author, says what is to be forgotten.
    """
    gone = set(ids)
    rows = [
        number
        for number, question, who in writer.records.feedback_texts()
        if names_it(question) or names_it(who)
    ]
    if not rows and gone.isdisjoint(writer.records.ids_in_feedback()):
        return
    with writer.locked():
        with writer.records.writing():
            feedback = FeedbackWriter(writer.records)
            feedback.drop_of(gone)
            feedback.drop(rows)
        writer.records.vacuum()
