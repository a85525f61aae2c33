"""How well a desk answers, measured on what is known to be right."""

from kbsearch.evaluation.cases import Case, CaseWords
from kbsearch.evaluation.labels import Label, LabelSet, LabelSource, Question

__all__ = ["Case", "CaseWords", "Label", "LabelSet", "LabelSource", "Question"]
