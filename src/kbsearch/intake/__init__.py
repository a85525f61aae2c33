"""Whole exports into a desk: counted first, braked where it matters, then written in pieces."""

from kbsearch.intake.brakes import brake_publication, newly_external, publish_limit
from kbsearch.intake.plan import ImportPlan, plan_import
from kbsearch.intake.report import Destination, ImportNote, ImportReport, NoteKind
from kbsearch.intake.run import import_export, preview_export

__all__ = [
    "Destination",
    "ImportNote",
    "ImportPlan",
    "ImportReport",
    "NoteKind",
    "brake_publication",
    "import_export",
    "newly_external",
    "plan_import",
    "preview_export",
    "publish_limit",
]
