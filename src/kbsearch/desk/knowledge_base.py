"""One object for all that is done with a desk."""

from __future__ import annotations

from kbsearch.desk.reads import DeskReads
from kbsearch.desk.sharing import DeskSharing
from kbsearch.desk.upkeep import DeskUpkeep
from kbsearch.desk.writes import DeskWrites


class KnowledgeBase(DeskReads, DeskWrites, DeskUpkeep, DeskSharing):
    """
    One desk: a directory with a shelf for each audience.

    Open it with `create` or `open`. Any number of processes may search; one
    writes at a time. Usable as a context manager.
    """
