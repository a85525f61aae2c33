"""Adapting the embedding model to a desk; torch and its friends load when a training begins."""

from kbsearch.training.adapting import Budget, Prompts, require_packages
from kbsearch.training.judging import Verdict
from kbsearch.training.pools import Asked
from kbsearch.training.recipe import Method, Recipe
from kbsearch.training.reports import TrainingReport
from kbsearch.training.running import Workplace, run_training

__all__ = [
    "Asked",
    "Budget",
    "Method",
    "Prompts",
    "Recipe",
    "TrainingReport",
    "Verdict",
    "Workplace",
    "require_packages",
    "run_training",
]
