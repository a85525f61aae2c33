"""How well a desk answers, measured on what is known to be right."""

from kbsearch.evaluation.cases import Case, CaseWords
from kbsearch.evaluation.imitating import (
    Imitated,
    LeftOut,
    imitate,
    imitated_labels,
    sample_imitated,
    without,
)
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
    "Imitated",
    "Interval",
    "Label",
    "LabelFileError",
    "LabelSet",
    "LabelSource",
    "LeftOut",
    "Measured",
    "Qrels",
    "Question",
    "Run",
    "compare",
    "imitate",
    "imitated_labels",
    "measure",
    "mine_labels",
    "read_qrels",
    "read_run",
    "sample_imitated",
    "without",
    "write_qrels",
    "write_run",
]
