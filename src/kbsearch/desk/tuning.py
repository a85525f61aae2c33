"""Fitting how hits are ordered to what a desk's history says is right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from kbsearch.clock import utc_now
from kbsearch.desk.arguments import parse_number
from kbsearch.desk.evaluating import text_of
from kbsearch.desk.replaying import DeskReplay
from kbsearch.errors import DocumentNotFoundError
from kbsearch.evaluation import Case, LabelSet, LabelSource, Question
from kbsearch.models import Audience, Filters
from kbsearch.progress import Progress, silent
from kbsearch.search import Searcher
from kbsearch.tuning import (
    PARAMETERS,
    AnsweredAt,
    Choice,
    Group,
    LookedUp,
    TuningReport,
    ask,
    choose,
    rates_of,
    write_changes,
)

_SECTIONS = {Audience.EXTERNAL: "ranking", Audience.INTERNAL: "staff_ranking"}
_MOST_TRIALS = 10_000
_IMITATED = (
    "Nobody has said what answers these questions: they imitate some, which is not enough to "
    "change what people see. Judge some questions, or import links."
)


class DeskTuning(DeskReplay):
    """Learning the ranking's settings from labels."""

    def tune(
        self,
        audience: Audience | str,
        *,
        labels: LabelSet | None = None,
        bm25: bool = False,
        n_trials: int = 600,
        dry_run: bool = False,
        clock: Callable[[], datetime] = utc_now,
        progress: Progress = silent,
    ) -> TuningReport:
        """
        Fit the ranking to labelled questions, and write it to kbsearch.toml if it is better.

        Better is what cross-validation says with 95 % confidence of questions that had no
        say in the choice, each asked of the desk as it stood then. What staff's labels
        choose stands under `[staff_ranking]`, which orders no hit of customers; their
        `[ranking]` is fitted to their own questions and shelf alone. Labels that imitate
        questions never write anything. Searchers made afterwards use what was written.

        Args:
            audience: Whose ranking is fitted.
            labels: Left out, what `labels` reads; those of other audiences are not used.
            bm25: Fit `bm25_k1`, `_b` and `_title_weight`, too; they count after `rebuild`.
            n_trials: Settings that are tried, 1 to 10,000.
            dry_run: Write nothing.
            clock: What time it is, for questions of which nobody knows when.
            progress: Told how far it is.

        Returns:
            Every candidate with its interval, what was written and why, and what
            rates of false suggestions come to.

        Raises:
            AudienceError: If the audience is missing or unknown.
            ConfigError: If n_trials is out of range, or the settings' file is broken.
            BundleError: If this is a bundle, whose settings are another desk's.
            MissingExtraError: If optuna, ir-measures or tomlkit is not installed.
            StoreError: If a shelf cannot be read, or the settings cannot be written.
        """
        asked = Audience.parse(audience)
        n_trials = parse_number(n_trials, "n_trials", _MOST_TRIALS)
        self._require_desk("settings that could be written")
        known, is_trusted = _trusted(self.labels(asked) if labels is None else labels)
        own = self.settings.read_by(asked).ranking
        history = self.history(asked, ranking=own, clock=clock, progress=progress)
        cases, left_out = ask(history, known, progress=progress)
        choice = choose(
            cases,
            own,
            with_bm25=bm25,
            fixed_shelf=None if asked is Audience.EXTERNAL else len(history.shelves) - 1,
            n_trials=n_trials,
            progress=progress,
        )
        report = _report(asked, cases, left_out, choice if is_trusted else _unheard(choice))
        if is_trusted:
            rates = self._rates(self.searcher(asked, clock=clock), known, cases, progress)
            report = report.model_copy(update={"rates": rates})
        return report if dry_run or not report.changes else self._written(report)

    def _written(self, report: TuningReport) -> TuningReport:
        self.settings = write_changes(self._layout, report.section, report.changes)
        kept_as = self._layout.settings_before_tune.name
        return report.model_copy(update={"is_written": True, "kept_as": kept_as})

    def _rates(
        self, searcher: Searcher, known: LabelSet, cases: Sequence[Case], progress: Progress
    ) -> tuple[AnsweredAt, ...]:
        """Of the questions that could be asked, and of those that nothing answers."""
        qrels, can_be_asked = known.qrels(), {case.question_id for case in cases}
        cleaner = self._reader(self._shelves_of(searcher.audience)[0]).cleaner()
        texts: dict[str, str] = {}
        for one in known.questions:
            judged = qrels.get(one.id, {})
            is_unanswerable = bool(judged) and max(judged.values()) <= 0
            if one.audience is searcher.audience and (one.id in can_be_asked or is_unanswerable):
                with suppress(DocumentNotFoundError):
                    texts[one.id] = text_of(one, searcher, cleaner)

        def look_up(question: Question, rate: float) -> LookedUp:
            own = Filters(exclude_ids=(question.ticket_id,) if question.ticket_id else ())
            found = searcher.search(texts[question.id], k=1, filters=own, accept_false=rate)
            return LookedUp(found[0].id if found else None, found.needed_probability is not None)

        asked = [one for one in known.questions if one.id in texts]
        return rates_of(asked, qrels, look_up, progress=progress)


def _unheard(choice: Choice) -> Choice:
    return choice._replace(changes={}, reason=_IMITATED)


def _report(
    audience: Audience, cases: Sequence[Case], left_out: dict[str, int], choice: Choice
) -> TuningReport:
    return TuningReport(
        audience=audience,
        n_questions=len(cases),
        n_labels=sum(sum(grade > 0 for grade in case.relevance.values()) for case in cases),
        left_out=left_out,
        candidates=choice.candidates,
        changes=choice.changes,
        reason=choice.reason,
        section=_SECTIONS[audience],
        needs_rebuild=any(one.name in choice.changes for one in PARAMETERS[Group.BM25]),
    )


def _trusted(labels: LabelSet) -> tuple[LabelSet, bool]:
    """The labels that somebody gave; if there are none, all, which may write nothing."""
    given = labels.of_sources(one for one in LabelSource if not one.is_imitated)
    return (given, True) if given.labels or not labels.labels else (labels, False)
