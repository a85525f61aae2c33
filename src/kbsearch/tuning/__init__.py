"""Fitting the ranking to a desk, by labelled questions."""

from kbsearch.tuning.asking import ask
from kbsearch.tuning.choosing import FEWEST_QUESTIONS, Choice, choose, groups_of
from kbsearch.tuning.fitting import Trials, cross_validated, make_folds, run_trials
from kbsearch.tuning.parameters import PARAMETERS, Group, Parameter, by_default
from kbsearch.tuning.passages import LEAST_GAIN, SizeChoice, choose_size
from kbsearch.tuning.rates import AnsweredAt, LookedUp, rates_of
from kbsearch.tuning.report import Candidate, TuningReport
from kbsearch.tuning.scoring import Scorer

__all__ = [
    "FEWEST_QUESTIONS",
    "LEAST_GAIN",
    "PARAMETERS",
    "AnsweredAt",
    "Candidate",
    "Choice",
    "Group",
    "LookedUp",
    "Parameter",
    "Scorer",
    "SizeChoice",
    "Trials",
    "TuningReport",
    "ask",
    "by_default",
    "choose",
    "choose_size",
    "cross_validated",
    "groups_of",
    "make_folds",
    "rates_of",
    "run_trials",
]
