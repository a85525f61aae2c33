"""Fitting how hits are ordered to what a desk's history says is right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

from kbsearch.clock import utc_now
from kbsearch.desk.arguments import parse_number
from kbsearch.desk.evaluating import text_of
from kbsearch.desk.known import DeskLabels
from kbsearch.desk.replaying import DeskReplay
from kbsearch.desk.settings import DeskSettings
from kbsearch.errors import ConfigError, DocumentNotFoundError, EmbedderMismatchError
from kbsearch.evaluation import Case, LabelSet, LabelSource, Question
from kbsearch.models import Audience, Filters
from kbsearch.progress import Progress, silent
from kbsearch.tuning import (
    PARAMETERS,
    Choice,
    Group,
    LookedUp,
    SizeChoice,
    TuningReport,
    ask,
    choose,
    choose_size,
    rates_of,
)

_SECTIONS = {Audience.EXTERNAL: "ranking", Audience.INTERNAL: "staff_ranking"}
_MOST_TRIALS = 10_000
_IMITATED = (
    "Nobody has said what answers these questions: they imitate some, which is not enough to "
    "change what people see. Judge some questions, or import links."
)

_PASSAGES = "passages"
_SHORTEST = 16
_ALONE = "The ranking is left as it is: fit it to the new passages after the rebuild."
_FOR_ALL_SHELVES = (
    "It is one setting for all shelves, customers' too, whose indexes must not tell what staff's "
    "labels say: only customers' questions write it. On a desk that customers will never search, "
    "write max_tokens = {} under [passages] yourself."
)


class DeskTuning(DeskReplay, DeskLabels, DeskSettings):
    """Learning the ranking's settings from labels."""

    def tune(
        self,
        audience: Audience | str,
        *,
        labels: LabelSet | None = None,
        bm25: bool = False,
        passage_tokens: Iterable[int] = (),
        n_trials: int = 600,
        dry_run: bool = False,
        clock: Callable[[], datetime] = utc_now,
        progress: Progress = silent,
    ) -> TuningReport:
        """
        Fit the ranking to labelled questions, and write it to kbsearch.toml if it is better.

        Better is what cross-validation says with 95 % confidence of questions that had no
        say in the choice, each asked of the desk as it stood then. What staff's labels
        choose stands under `[staff_ranking]`, which orders no hit of customers; `[ranking]`
        is fitted to customers' questions and shelf alone, and so is the size of passages,
        which is one for all shelves. Labels that imitate questions never write anything.

        Args:
            audience: Whose ranking is fitted.
            labels: Left out, `known_labels`; those of other audiences are not used.
            bm25: Fit `bm25_k1`, `_b` and `_title_weight`, too; they count after `rebuild`.
            passage_tokens: Longest passages to compare; each embeds all anew, in memory.
            n_trials: Settings that are tried, 1 to 10,000.
            dry_run: Write nothing.
            clock: What time it is, for questions of which nobody knows when.
            progress: Told how far it is.

        Returns:
            Every candidate with its interval, and what was written and why.

        Raises:
            AudienceError: If the audience is missing or unknown.
            ConfigError: If a number is out of range, or the settings' file is broken.
            BundleError: If this is a bundle, whose settings are another desk's.
            MissingExtraError: If optuna, ir-measures or tomlkit is not installed.
            StoreError: If a shelf cannot be read, or the file not be written.
        """
        asked = Audience.parse(audience)
        n_trials = parse_number(n_trials, "n_trials", _MOST_TRIALS)
        sizes = self._parse_sizes(passage_tokens)
        self._require_tunable(is_written=not dry_run)
        known, is_trusted = _trusted(self._given_or_known(labels, asked))
        own = self.settings.read_by(asked).ranking
        past = partial(self.history, asked, ranking=own, clock=clock, progress=progress)
        cases, left_out = ask(past(), known, progress=progress)
        fixed = None if asked is Audience.EXTERNAL else len(self._shelves_of(asked)) - 1
        choice = choose(
            cases, own, with_bm25=bm25, fixed_shelf=fixed, n_trials=n_trials, progress=progress
        )
        report = _report(asked, cases, left_out, choice if is_trusted else _unheard(choice))
        if sizes:
            others = {n: ask(past(passage_tokens=n), known, progress=progress)[0] for n in sizes}
            report = _with_sizes(report, choose_size(cases, others, own), is_trusted=is_trusted)
        if is_trusted:
            report = self._with_rates(report, known, cases, clock, progress)
        return report if dry_run or not report.changes else self._written(report)

    def _require_tunable(self, *, is_written: bool) -> None:
        self._require_desk("settings that could be written")
        if is_written:
            self._require_changeable("tuning")

    def _written(self, report: TuningReport) -> TuningReport:
        written = self._write_settings("tuning", report.section, report.changes, keep=True)
        if report.section != _PASSAGES:  # the indexes that are open have the old size
            own = {report.section: getattr(written, report.section)}
            self.settings = self.settings.model_copy(update=own)  # the rest as it was opened
        kept_as = self._layout.settings_before_tune.name
        return report.model_copy(update={"is_written": True, "kept_as": kept_as})

    def _parse_sizes(self, passage_tokens: Iterable[int]) -> list[int]:
        """Those that are not the desk's own, each once."""
        if not isinstance(passage_tokens, Iterable):
            raise ConfigError(
                f"passage_tokens = {passage_tokens!r:.80}. Give a list of sizes, as [128, 256]."
            )
        readable = self.embedder.fingerprint.max_tokens
        sizes = {parse_number(each, "passage_tokens", readable) for each in passage_tokens}
        if sizes and min(sizes) < _SHORTEST:
            raise ConfigError(
                f"passage_tokens = {min(sizes)} is too short to say anything. "
                f"Use {_SHORTEST} to {readable}."
            )
        return sorted(sizes - {self.fingerprint.passage_tokens})

    def _with_rates(
        self,
        report: TuningReport,
        known: LabelSet,
        cases: Sequence[Case],
        clock: Callable[[], datetime],
        progress: Progress,
    ) -> TuningReport:
        """Of the questions that could be asked, and of those that nothing answers."""
        qrels, can_be_asked = known.qrels(), {case.question_id for case in cases}
        searcher = self.searcher(report.audience, clock=clock)
        cleaner = self._reader(self._shelves_of(report.audience)[0]).cleaner()
        texts: dict[str, str] = {}
        for one in known.questions:
            judged = qrels.get(one.id, {})
            is_unanswerable = bool(judged) and max(judged.values()) <= 0
            if one.audience is report.audience and (one.id in can_be_asked or is_unanswerable):
                with suppress(DocumentNotFoundError):
                    texts[one.id] = text_of(one, searcher, cleaner)

        def look_up(question: Question, rate: float) -> LookedUp:
            own = Filters(exclude_ids=(question.ticket_id,) if question.ticket_id else ())
            found = searcher.search(texts[question.id], k=1, filters=own, accept_false=rate)
            return LookedUp(found[0].id if found else None, found.needed_probability is not None)

        asked = [one for one in known.questions if one.id in texts]
        try:
            rates = rates_of(asked, qrels, look_up, progress=progress)
        except EmbedderMismatchError:  # the desk waits for a rebuild: its past can be asked
            return report
        return report.model_copy(update={"rates": rates})


def _with_sizes(report: TuningReport, chosen: SizeChoice, *, is_trusted: bool) -> TuningReport:
    """With what sizes of passages came to; one that is to be written goes alone."""
    reason, max_tokens = chosen.reason, chosen.max_tokens
    may_write = max_tokens is not None
    if max_tokens is not None and not is_trusted:
        reason, may_write = f"{reason} {_IMITATED}", False
    elif max_tokens is not None and report.audience is not Audience.EXTERNAL:
        reason, may_write = f"{reason} {_FOR_ALL_SHELVES.format(max_tokens)}", False
    told = report.model_copy(update={"sizes": chosen.candidates, "size_reason": reason})
    if not may_write:
        return told
    own = {"changes": {"max_tokens": max_tokens}, "section": _PASSAGES, "needs_rebuild": True}
    return told.model_copy(update={**own, "reason": f"{reason} {_ALONE}"})


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
