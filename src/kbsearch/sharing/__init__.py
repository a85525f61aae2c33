"""Texts that are about to be shared with customers, and what in them is not for them."""

from kbsearch.sharing.line_vectors import LineVectors
from kbsearch.sharing.outgoing import MAX_DRAFT_CHARACTERS, OutgoingCheck, Shelves

__all__ = ["MAX_DRAFT_CHARACTERS", "LineVectors", "OutgoingCheck", "Shelves"]
