"""A desk with a document for each circle of readers."""

from __future__ import annotations

from kbsearch import KnowledgeBase
from tests.builders import article
from tests.library import EXTERNAL, INTERNAL, ids

PAY = article("pay", "Salary bands of zqbands7 are in the vault", INTERNAL, groups=("hr",))
SUIT = article("suit", "Salary claim of zqclaim7 was settled", INTERNAL, groups=("legal",))
SHARED = article("shared", "Salary dispute zqdispute7", INTERNAL, groups=("hr", "legal"))
LEAVE = article("leave", "Salary is paid during leave", INTERNAL)
MANUAL = article("manual", "Salary slips are in the portal", EXTERNAL)


def filled_with_groups(desk: KnowledgeBase) -> KnowledgeBase:
    """One document for each of them; some in snapshots, some in the delta."""
    desk.upsert([PAY, LEAVE, MANUAL])
    desk.rebuild()
    desk.upsert([SUIT, SHARED])
    return desk


def found_by(kb: KnowledgeBase, *groups: str) -> set[str]:
    """Ids that staff in these groups find."""
    return set(ids(kb.searcher(INTERNAL, groups=groups).search("salary")))
