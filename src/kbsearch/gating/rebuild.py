"""A rebuild that publishes what its readers lose nothing by: shelf by shelf, or all or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from datetime import datetime
from functools import partial
from typing import NamedTuple

from kbsearch.config import RankingSettings, Settings
from kbsearch.embed import Embedder, Fingerprint
from kbsearch.errors import LockedError
from kbsearch.evaluation import LabelSet
from kbsearch.gating.gate import Gate, GateRefusedError
from kbsearch.gating.golden import read_golden
from kbsearch.gating.judging import Documents, judge_shelf
from kbsearch.gating.questions import (
    Questions,
    golden_questions,
    labelled_questions,
    self_check_questions,
)
from kbsearch.gating.sides import (
    RememberedQueries,
    Side,
    analyzer_of_live,
    embedder_of_live,
)
from kbsearch.indexing import ShelfRebuild, ShelfWriter
from kbsearch.lexical.synonyms import Synonyms
from kbsearch.models import (
    Audience,
    GateDecision,
    GateQuestions,
    GateReport,
    RebuildReport,
    ShelfGate,
    audience_of,
)
from kbsearch.progress import Progress, silent
from kbsearch.search import PinnedReader, Searcher
from kbsearch.snapshots import (
    Current,
    Manifest,
    Snapshot,
    load_draft,
    open_newest,
    read_current,
)
from kbsearch.text import Analyzer

_EXTERNAL, _INTERNAL = Audience.EXTERNAL.value, Audience.INTERNAL.value


class Desk(NamedTuple):
    """
    What of a desk is needed to ask its shelves.

    Attributes:
        settings: Of the desk.
        embedder: Of the new indexes.
        clock: What time it is.
        synonyms: By audience.
        labels: Beside the golden queries, by audience.
    """

    settings: Settings
    embedder: Embedder
    clock: Callable[[], datetime]
    synonyms: Mapping[Audience, Callable[[], Synonyms]]
    labels: Mapping[Audience, LabelSet]


class GatedRebuild:
    """
    New indexes beside the live ones, until it is decided which stay.

    Each shelf is locked while its draft is written; others may write while drafts and live
    indexes are compared. The caller holds all locks for `still_holds` and `publish`. Drafts
    stand where no reader looks: a process that is killed leaves the live snapshots as they
    were.

    With the settings that the live indexes were made with, each shelf is decided on by what
    its own readers lose, customers' first: whether it is published says nothing of what
    others may not read. With other settings all are published or none: what is searched
    together is of one kind.

    Args:
        writers: Of all shelves.
        desk: What asks them.
        gate: What is tolerated.
        previous: The embedder of the live indexes, if it is another one and is given.
    """

    def __init__(
        self,
        writers: Mapping[str, ShelfWriter],
        desk: Desk,
        gate: Gate,
        previous: Embedder | None = None,
    ) -> None:
        self._writers, self._desk, self._gate = writers, desk, gate
        self._rebuilds: dict[str, ShelfRebuild] = {}
        self._drafts: dict[str, Manifest | None] = {}
        self._current: dict[str, Current | None] = {}
        self._previous = previous
        self._is_by_shelf = False

    def compare(self, progress: Progress = silent) -> GateReport:
        """
        Write the drafts, and ask them and the live indexes the same questions.

        Raises:
            ConfigError: If golden queries cannot be used, or the previous embedder is
                not that of the live indexes.
            MissingExtraError: If ir-measures is not installed.
            DamagedSnapshotError: If what was written reads back differently.
            StoreError: If a shelf cannot be read or written.
        """
        golden = {
            shelf: read_golden(self._writers[shelf].layout.golden)
            for shelf in (_EXTERNAL, _INTERNAL)
        }
        self._rebuilds = {shelf: ShelfRebuild(each) for shelf, each in self._writers.items()}
        if all(rebuild.is_up_to_date() for rebuild in self._rebuilds.values()):
            self._drafts = dict.fromkeys(self._rebuilds)
            self._note_current()
            return GateReport()
        with ExitStack() as stack:
            new, live, documents = self._sides(stack, progress)
            self._is_by_shelf = live is not None and self._has_settings_of_live()
            judged, asked = list[ShelfGate](), new
            for n, shelf in enumerate(self._in_order()):
                progress("compare", n, len(self._rebuilds))
                one = self._judged(shelf, golden.get(shelf, {}), documents[shelf], asked, live)
                judged.append(one)
                if self._is_by_shelf and live and one.reasons and not self._gate.force:
                    asked = asked.with_reader(shelf, live.readers[shelf])  # what stays is asked
            progress("compare", len(self._rebuilds), len(self._rebuilds))
            return self._report(judged, is_other_model=self._is_other_model())

    def still_holds(self) -> bool:
        """Whether nobody has published, gone back or taken anything away since `compare`."""
        return self._writers.keys() == self._rebuilds.keys() and all(
            read_current(self._writers[shelf].layout) == self._current[shelf]
            and (draft is None or self._rebuilds[shelf].holds(draft))
            for shelf, draft in self._drafts.items()
        )

    def publish(
        self, report: GateReport, n_embedded: Mapping[str, int]
    ) -> tuple[RebuildReport, ...]:
        """
        Make drafts live, each with its own decision: all, or those that nothing speaks against.

        Raises:
            GateRefusedError: If the report speaks against one and nothing was forced.
            StoreError: If a shelf cannot be written.
        """
        decisions: dict[str, GateDecision] = {one.shelf: one.decision for one in report.shelves}
        is_refused = not (report.is_passed or report.is_forced)
        chosen = set(self._rebuilds)
        if is_refused:
            refused = {one.shelf for one in report.shelves if one.reasons}
            drafted = {shelf for shelf, draft in self._drafts.items() if draft}
            chosen = drafted - refused if self._is_by_shelf else set()
        published = tuple(
            rebuild.publish_draft(
                self._drafts[shelf], n_embedded.get(shelf, 0), decisions.get(shelf)
            )
            for shelf, rebuild in self._rebuilds.items()
            if shelf in chosen
        )
        if is_refused:
            raise GateRefusedError(report.reasons, published)
        return published

    def discard(self) -> None:
        """Leave all shelves as they were; what was embedded stays."""
        for rebuild in self._rebuilds.values():
            with suppress(LockedError):  # then whoever publishes next clears the draft away
                rebuild.discard_draft()

    def _in_order(self) -> list[str]:
        """Customers' shelf first: what it is asked is embedded before anything of staff's."""
        return sorted(self._rebuilds, key=lambda shelf: (shelf != _EXTERNAL, shelf))

    def _sides(
        self, stack: ExitStack, progress: Progress
    ) -> tuple[Side, Side | None, dict[str, Documents]]:
        """
        The new and the live indexes, each shelf as it stood while its draft was written.

        Live ones are None if they cannot be asked any more.
        """
        embedder = RememberedQueries(self._desk.embedder)
        known = {shelf: writer.records.fingerprint() for shelf, writer in self._writers.items()}
        fingerprints = [each for each in known.values() if each is not None]
        before = embedder_of_live(fingerprints, embedder, self._desk.settings, self._previous)
        analyzer = self._writers[_EXTERNAL].analyzer
        words = analyzer_of_live(fingerprints, analyzer)
        new = Side({}, embedder, analyzer)
        live = Side({}, before, words) if before and words else None
        for side in filter(None, (new, live)):
            stack.callback(side.close)
        documents = {}
        for shelf, rebuild in self._rebuilds.items():
            writer = self._writers[shelf]
            with self._writers[_INTERNAL].locked(), writer.locked():  # that one is the desk's
                draft = self._drafts[shelf] = rebuild.draft(progress)
                self._current[shelf] = read_current(writer.layout)
                there = open_newest(writer.layout, shelf, chain_at=writer.records.chain_at)[0]
                made = load_draft(writer.layout, draft) if draft else there
                new.pin(_reader(writer, writer.fingerprint, analyzer, made))
                if live is not None:
                    named = known[shelf] or writer.fingerprint
                    live.pin(_reader(writer, named, live.analyzer, there))
                documents[shelf] = _documents(writer, there, made if draft else None)
        return new, live, documents

    def _note_current(self) -> None:
        self._current = {shelf: read_current(each.layout) for shelf, each in self._writers.items()}

    def _goes_on(self) -> bool:
        """
        Whether a rebuild ended after it had decided, and before all shelves were published.

        They cannot be searched together until they are: no second decision may keep them so.
        """
        if self._has_settings_of_live():
            return False
        live = [writer.live_manifest() for writer in self._writers.values()]
        key = self._writers[_EXTERNAL].fingerprint.key
        return any(each and each.gate and each.fingerprint.key == key for each in live)

    def _has_settings_of_live(self) -> bool:
        """Whether live indexes and new ones can be searched together."""
        keys = {shelf: each.records.fingerprint_key() for shelf, each in self._writers.items()}
        return all(
            keys[shelf] in (None, writer.fingerprint.key) for shelf, writer in self._writers.items()
        )

    def _is_other_model(self) -> bool:
        """Whether vectors that somebody searches now were made by another model."""
        keys = {writer.records.embedder_key() for writer in self._writers.values()}
        return not keys <= {None, self._desk.embedder.fingerprint.key}

    def _judged(
        self,
        shelf: str,
        golden: Mapping[str, tuple[str, ...]],
        documents: Documents,
        new: Side,
        live: Side | None,
    ) -> ShelfGate:
        audience = audience_of(shelf)
        ranking = self._desk.settings.read_by(audience).ranking
        shelves = [_EXTERNAL] if audience is Audience.EXTERNAL else [_INTERNAL, shelf, _EXTERNAL]
        ask = partial(self._searcher, shelves=list(dict.fromkeys(shelves)), audience=audience)
        before = live or new
        asker = ask(before, ranking)
        questions = self._questions(shelf, golden, asker, before.readers[shelf])
        for side in filter(None, (new, live)):
            side.embedder.learn(questions.texts())
        return judge_shelf(
            shelf,
            questions,
            documents,
            new=partial(ask, new),
            live=partial(ask, live) if live else None,
            ranking=ranking,
            gate=self._gate,
        )

    def _searcher(
        self, side: Side, ranking: RankingSettings, *, shelves: list[str], audience: Audience
    ) -> Searcher:
        return side.searcher(
            audience,
            shelves,
            ranking,
            clock=self._desk.clock,
            synonyms=self._desk.synonyms[audience],
            corrects_spelling=self._desk.settings.words.correct_spelling,
        )

    def _questions(
        self,
        shelf: str,
        golden: Mapping[str, tuple[str, ...]],
        asker: Searcher,
        reader: PinnedReader,
    ) -> Questions:
        asked, n_golden = golden_questions(golden, asker)
        is_group = shelf not in (_EXTERNAL, _INTERNAL)  # which has no questions of its own
        labels = LabelSet() if is_group else self._desk.labels[asker.audience]
        labelled, n_labels = labelled_questions(
            labels, asker.audience, asker, reader, n=self._gate.max_labels
        )
        own = self_check_questions(reader, asker, n=self._gate.n_self_check)
        by_kind = {GateQuestions.GOLDEN: asked, GateQuestions.LABELS: labelled}
        by_kind |= {kind: own for kind in GateQuestions if kind.is_self_check}
        return Questions(by_kind, n_golden + n_labels)

    def _report(self, judged: list[ShelfGate], *, is_other_model: bool) -> GateReport:
        if self._goes_on():
            return GateReport(shelves=tuple(_decided_before(one) for one in judged))
        reasons = [reason for one in judged for reason in one.reasons]
        evidence = (GateQuestions.GOLDEN, GateQuestions.LABELS)
        n_evidence = sum(
            figure.n_questions
            for one in judged
            for figure in one.decision.figures
            if figure.questions in evidence
        )
        if is_other_model and n_evidence < self._gate.min_evidence:
            reasons.append(
                f"the embedding model is another one, and {n_evidence} golden queries and labels "
                f"tell whether it understands as well, of {self._gate.min_evidence} that are needed"
            )
        return GateReport(
            shelves=tuple(judged),
            reasons=tuple(reasons),
            is_forced=self._gate.force and bool(reasons),
        )


def _decided_before(judged: ShelfGate) -> ShelfGate:
    said = *judged.remarks, *judged.reasons, "a rebuild that was interrupted had decided on this"
    return judged.model_copy(update={"reasons": (), "remarks": said})


def _reader(
    writer: ShelfWriter, fingerprint: Fingerprint, analyzer: Analyzer, snapshot: Snapshot | None
) -> PinnedReader:
    ranking = writer.settings.ranking
    return PinnedReader(
        writer.layout, writer.shelf, fingerprint, analyzer, ranking, snapshot=snapshot
    )


def _documents(writer: ShelfWriter, live: Snapshot | None, new: Snapshot | None) -> Documents:
    standing = set(writer.records.keys())
    n_live = len(live.document_keys) if live else 0
    indexed = standing if new is None else set(new.document_keys.tolist())
    return Documents(n_live, max(0, n_live - len(standing)), len(standing - indexed))
