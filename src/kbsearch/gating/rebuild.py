"""A rebuild that publishes on all shelves or on none, by what its readers would lose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import NamedTuple

from kbsearch.config import RankingSettings, Settings
from kbsearch.embed import Embedder
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
from kbsearch.snapshots import Manifest, Snapshot, load_draft, open_newest

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

    The caller holds the locks of all shelves, from before `compare` to after `publish` or
    `discard`. Drafts stand where no reader looks: a process that is killed leaves the live
    snapshots as they were.

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
        self._rebuilds = {shelf: ShelfRebuild(writer) for shelf, writer in writers.items()}
        self._drafts: dict[str, Manifest | None] = {}
        self._previous = previous

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
        for shelf, rebuild in self._rebuilds.items():
            self._drafts[shelf] = rebuild.draft(progress)
        if not any(self._drafts.values()):
            return GateReport()
        snapshots = {shelf: self._live(shelf) for shelf in self._writers}
        new = self._new_side(snapshots)
        live = self._live_side(snapshots, new.embedder)
        try:
            judged = []
            for n, shelf in enumerate(self._in_order()):
                progress("compare", n, len(self._writers))
                judged.append(
                    self._judged(shelf, golden.get(shelf, {}), snapshots[shelf], new, live)
                )
            progress("compare", len(self._writers), len(self._writers))
            return self._report(judged, is_other_model=self._is_other_model())
        finally:
            for side in (new, live):
                if side is not None:
                    side.close()

    def publish(
        self, report: GateReport, n_embedded: Mapping[str, int]
    ) -> tuple[RebuildReport, ...]:
        """
        Make all drafts live, each with its own decision.

        Raises:
            GateRefusedError: If the report speaks against it and nothing was forced.
            StoreError: If a shelf cannot be written.
        """
        if not (report.is_passed or report.is_forced):
            raise GateRefusedError(report.reasons)
        decisions: dict[str, GateDecision] = {one.shelf: one.decision for one in report.shelves}
        return tuple(
            rebuild.publish_draft(
                self._drafts[shelf], n_embedded.get(shelf, 0), decisions.get(shelf)
            )
            for shelf, rebuild in self._rebuilds.items()
        )

    def discard(self) -> None:
        """Leave all shelves as they were; what was embedded stays."""
        for rebuild in self._rebuilds.values():
            rebuild.discard_draft()

    def _in_order(self) -> list[str]:
        """Customers' shelf first: what it is asked is embedded before anything of staff's."""
        return sorted(self._writers, key=lambda shelf: (shelf != _EXTERNAL, shelf))

    def _live(self, shelf: str) -> Snapshot | None:
        writer = self._writers[shelf]
        return open_newest(writer.layout, shelf, chain_at=writer.records.chain_at)[0]

    def _new_side(self, live: Mapping[str, Snapshot | None]) -> Side:
        embedder, readers = RememberedQueries(self._desk.embedder), {}
        analyzer = self._writers[_EXTERNAL].analyzer
        for shelf, writer in self._writers.items():
            draft = self._drafts[shelf]
            snapshot = load_draft(writer.layout, draft) if draft else live[shelf]
            readers[shelf] = PinnedReader(
                writer.layout,
                shelf,
                writer.fingerprint,
                analyzer,
                writer.settings.ranking,
                snapshot=snapshot,
            )
        return Side(readers, embedder, analyzer)

    def _live_side(
        self, live: Mapping[str, Snapshot | None], new: RememberedQueries
    ) -> Side | None:
        """What is searched now; None if it cannot be asked any more."""
        known = {shelf: writer.records.fingerprint() for shelf, writer in self._writers.items()}
        fingerprints = [each for each in known.values() if each is not None]
        embedder = embedder_of_live(fingerprints, new, self._desk.settings, self._previous)
        analyzer = analyzer_of_live(fingerprints, self._writers[_EXTERNAL].analyzer)
        if embedder is None or analyzer is None:
            return None
        readers = {
            shelf: PinnedReader(
                writer.layout,
                shelf,
                known[shelf] or writer.fingerprint,
                analyzer,
                writer.settings.ranking,
                snapshot=live[shelf],
            )
            for shelf, writer in self._writers.items()
        }
        return Side(readers, embedder, analyzer)

    def _is_other_model(self) -> bool:
        """Whether vectors that somebody searches now were made by another model."""
        keys = {writer.records.embedder_key() for writer in self._writers.values()}
        return not keys <= {None, self._desk.embedder.fingerprint.key}

    def _judged(
        self,
        shelf: str,
        golden: Mapping[str, tuple[str, ...]],
        snapshot: Snapshot | None,
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
            self._documents(shelf, snapshot, new),
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

    def _documents(self, shelf: str, snapshot: Snapshot | None, new: Side) -> Documents:
        standing = set(self._writers[shelf].records.keys())
        n_live = len(snapshot.document_keys) if snapshot else 0
        n_missing = 0
        if self._drafts[shelf] is not None:
            n_missing = len(standing - new.readers[shelf].keys())
        return Documents(n_live, max(0, n_live - len(standing)), n_missing)

    def _report(self, judged: list[ShelfGate], *, is_other_model: bool) -> GateReport:
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
