"""Rebuilding behind a gate: what answers worse does not go live."""

from __future__ import annotations

from collections.abc import Callable

from kbsearch.desk.known import DeskLabels
from kbsearch.embed import Embedder
from kbsearch.evaluation import LabelSet
from kbsearch.gating import Desk, Gate, GatedRebuild
from kbsearch.indexing import ShelfRebuild, ShelfWriters
from kbsearch.models import Audience, GateReport, RebuildReport
from kbsearch.progress import Progress

Told = Callable[[GateReport], None]


class DeskGating(DeskLabels):
    """Comparing new indexes with the live ones before they are published."""

    def _rebuild_gated(
        self, gate: Gate, previous: Embedder | None, told: Told, progress: Progress
    ) -> tuple[RebuildReport, ...]:
        with self._writers() as writers:
            self._trail(writers, "rebuild")
            n_embedded = {
                shelf: ShelfRebuild(writer).derive(progress) for shelf, writer in writers.items()
            }
            gated = GatedRebuild(writers, self._asked_by_gate(gate), gate, previous)
            try:
                report = gated.compare(progress)
                self._hold_all(writers)
                if not gated.still_holds():  # somebody published meanwhile, or took away
                    report = gated.compare(progress)
                told(report)
                return gated.publish(report, n_embedded)
            finally:
                gated.discard()

    def _hold_all(self, writers: ShelfWriters) -> None:
        self._hold(writers)
        for writer in writers.values():
            writer.lock()

    def _asked_by_gate(self, gate: Gate) -> Desk:
        return Desk(
            settings=self.settings,
            embedder=self.embedder,
            clock=self._clock,
            synonyms={audience: self._synonyms[audience].current for audience in Audience},
            labels={audience: self._labels_for_gate(gate, audience) for audience in Audience},
        )

    def _labels_for_gate(self, gate: Gate, audience: Audience) -> LabelSet:
        return self._given_or_known(gate.labels, audience)
