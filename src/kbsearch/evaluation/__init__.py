"""How well a desk answers, measured on what is known to be right."""

from kbsearch.evaluation.cases import Case, CaseWords
from kbsearch.evaluation.label_files import LabelFileError
from kbsearch.evaluation.labels import Label, LabelSet, LabelSource, Question
from kbsearch.evaluation.measures import DEFAULT_MEASURES, Interval, Measured, measure
from kbsearch.evaluation.mining import mine_labels
from kbsearch.evaluation.significance import Difference, compare
from kbsearch.evaluation.trec import Qrels, Run, read_qrels, read_run, write_qrels, write_run

__all__ = [
    "DEFAULT_MEASURES",
    "Case",
    "CaseWords",
    "Difference",
    "Interval",
    "Label",
    "LabelFileError",
    "LabelSet",
    "LabelSource",
    "Measured",
    "Qrels",
    "Question",
    "Run",
    "compare",
    "measure",
    "mine_labels",
    "read_qrels",
    "read_run",
    "write_qrels",
    "write_run",
]
