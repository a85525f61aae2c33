"""Texts that are about to be shared with customers, and what in them is not for them."""

from kbsearch.sharing.outgoing.checking import MAX_DRAFT_CHARACTERS, OutgoingCheck, Shelves
from kbsearch.sharing.outgoing.line_vectors import LineVectors

__all__ = ["MAX_DRAFT_CHARACTERS", "LineVectors", "OutgoingCheck", "Shelves"]
