"""One object for all that is done with a desk."""

from __future__ import annotations

from kbsearch.desk.bundles import DeskBundles
from kbsearch.desk.calibrating import DeskCalibration
from kbsearch.desk.duplicates import DeskDuplicates
from kbsearch.desk.evaluating import DeskEvaluation
from kbsearch.desk.feedback import DeskFeedback
from kbsearch.desk.promoting import DeskPromotion
from kbsearch.desk.publishing import DeskPublishing
from kbsearch.desk.reads import DeskReads
from kbsearch.desk.sharing import DeskSharing
from kbsearch.desk.training import DeskTraining
from kbsearch.desk.tuning import DeskTuning
from kbsearch.desk.upkeep import DeskUpkeep
from kbsearch.desk.voices import DeskVoices
from kbsearch.desk.writes import DeskWrites


class KnowledgeBase(
    DeskPromotion,
    DeskTuning,
    DeskTraining,
    DeskDuplicates,
    DeskVoices,
    DeskCalibration,
    DeskUpkeep,
    DeskEvaluation,
    DeskFeedback,
    DeskReads,
    DeskWrites,
    DeskPublishing,
    DeskBundles,
    DeskSharing,
):
    """
    One desk: a directory with a shelf for each audience.

    Open it with `create` or `open`. Any number of processes may search; one
    writes at a time. Usable as a context manager.
    """
