"""Readers of helpdesk exports: each knows one vendor, all keep what parts staff from customers."""

from kbsearch.importers.base import COMMON_OPTIONS, Importer, ImportItem, Option
from kbsearch.importers.building import Imported
from kbsearch.importers.places import ImportProblem, Place, Skipped
from kbsearch.importers.registry import IMPORTERS, detect, find_importer

__all__ = [
    "COMMON_OPTIONS",
    "IMPORTERS",
    "ImportItem",
    "ImportProblem",
    "Imported",
    "Importer",
    "Option",
    "Place",
    "Skipped",
    "detect",
    "find_importer",
]
