"""How well a desk answers, measured on what is known to be right."""

from kbsearch.evaluation.agreement import Agreement, cohens_kappa, compare_judges
from kbsearch.evaluation.cases import Case, CaseWords
from kbsearch.evaluation.curves import (
    AnsweredCurve,
    SplitScores,
    answered_curve,
    plane,
    split_scores,
)
from kbsearch.evaluation.feedback import (
    ClickShare,
    Examination,
    click_shares,
    document_feedback,
    feedback_labels,
)
from kbsearch.evaluation.history import History
from kbsearch.evaluation.imitating import (
    Imitated,
    LeftOut,
    imitate,
    imitated_labels,
    sample_imitated,
    without,
)
from kbsearch.evaluation.judgements import GRADES, Judgement, judged_labels, read_judgements
from kbsearch.evaluation.judging import Judging, Shown, pool
from kbsearch.evaluation.label_files import LabelFileError
from kbsearch.evaluation.labels import Label, LabelSet, LabelSource, Question
from kbsearch.evaluation.measures import DEFAULT_MEASURES, Interval, Measured, measure
from kbsearch.evaluation.mining import mine_labels
from kbsearch.evaluation.past_words import words_of_case
from kbsearch.evaluation.questions import read_questions, text_question, write_questions
from kbsearch.evaluation.ranking import ranked
from kbsearch.evaluation.repeats import Repeat, repeats
from kbsearch.evaluation.replay import ReplayFigures, ReplayReport, replay
from kbsearch.evaluation.significance import Difference, compare
from kbsearch.evaluation.trec import Qrels, Run, read_qrels, read_run, write_qrels, write_run
from kbsearch.evaluation.unasked import Unasked

__all__ = [
    "DEFAULT_MEASURES",
    "GRADES",
    "Agreement",
    "AnsweredCurve",
    "Case",
    "CaseWords",
    "ClickShare",
    "Difference",
    "Examination",
    "History",
    "Imitated",
    "Interval",
    "Judgement",
    "Judging",
    "Label",
    "LabelFileError",
    "LabelSet",
    "LabelSource",
    "LeftOut",
    "Measured",
    "Qrels",
    "Question",
    "Repeat",
    "ReplayFigures",
    "ReplayReport",
    "Run",
    "Shown",
    "SplitScores",
    "Unasked",
    "answered_curve",
    "click_shares",
    "cohens_kappa",
    "compare",
    "compare_judges",
    "document_feedback",
    "feedback_labels",
    "imitate",
    "imitated_labels",
    "judged_labels",
    "measure",
    "mine_labels",
    "plane",
    "pool",
    "ranked",
    "read_judgements",
    "read_qrels",
    "read_questions",
    "read_run",
    "repeats",
    "replay",
    "sample_imitated",
    "split_scores",
    "text_question",
    "without",
    "words_of_case",
    "write_qrels",
    "write_questions",
    "write_run",
]
