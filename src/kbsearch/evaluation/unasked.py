"""Reasons why a labelled question cannot be asked of a desk's past."""

from __future__ import annotations

from enum import StrEnum


class Unasked(StrEnum):
    """Why a labelled question makes no case."""

    NOT_HERE = "not_here"
    NO_WORDS = "no_words"
    NOT_RELEVANT = "not_relevant"
    MERGED = "merged"
    GONE = "gone"
    OTHER_KIND = "other_kind"
    UNDATED = "undated"
    UNKNOWN_THEN = "unknown_then"
    NEWER = "newer"

    @property
    def told(self) -> str:
        """The same for people."""
        return _TOLD[self]


_TOLD = {
    Unasked.NOT_HERE: "the ticket that asks is not on these shelves",
    Unasked.NO_WORDS: "it has no words",
    Unasked.NOT_RELEVANT: "no document was judged to answer it",
    Unasked.MERGED: "all that answers it was merged with it: `similar` leaves that out",
    Unasked.GONE: "no document that answers it is on these shelves",
    Unasked.OTHER_KIND: "what answers it is of another kind than was asked for",
    Unasked.UNDATED: "nobody knows since when what answers it has been there",
    Unasked.UNKNOWN_THEN: (
        "what answers it was there, but not as it is now, or not for all to see"
    ),
    Unasked.NEWER: "unanswerable then: all that answers it is newer",
}
