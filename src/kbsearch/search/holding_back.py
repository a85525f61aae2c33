"""Which hits are held back because they would deceive more often than the caller accepts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from kbsearch.arrays import Float32, Int64
from kbsearch.search.hits import Found
from kbsearch.search.judging import Judge


class JudgesHits(Protocol):
    """A shelf's reader."""

    def judge(self, cosines: Float32, passage_keys: Int64) -> Judge | None:
        """Of documents that it has just given; None if it is not calibrated."""


class Judged(NamedTuple):
    """
    Hits with their probabilities, those held back taken out.

    Attributes:
        kept: In the order given.
        n_held_back: How many were less probable than was asked for.
        best: Probability of the best one, kept or not; None if no shelf is calibrated.
        needed: What the best one's shelf asks for; None if nothing is held back.
        uncalibrated: Shelves whose hits were to be judged, and of which nothing is known.
    """

    kept: list[Found]
    n_held_back: int = 0
    best: float | None = None
    needed: float | None = None
    uncalibrated: tuple[str, ...] = ()

    def notes(self, k: int) -> list[str]:
        """What a reader who asked for k hits should know of it, in sentences."""
        notes = []
        if self.needed is not None and not self.kept:
            notes.append(f"Nothing similar: best {self.best:.2f}, {self.needed:.2f} needed.")
        elif self.needed is not None and self.n_held_back and len(self.kept) < k:
            notes.append(f"Less probable hits are held back: {self.needed:.2f} is needed.")
        if self.uncalibrated:
            names = " and ".join(self.uncalibrated)
            notes.append(
                f"Not calibrated, so nothing is held back: shelf {names} has too few documents, "
                "or no snapshot of this version; `kbsearch rebuild` calibrates it."
            )
        return notes


def judged(
    found: Sequence[Found],
    shelves: Mapping[str, JudgesHits],
    accept_false: float | None,
) -> Judged:
    """
    Say of every hit how probable it is, and hold back those that say too little.

    Each shelf has a calibration of its own. The accepted rate holds for each. What
    holds an identifier of the query that is rare here is no guess, and is kept.

    Args:
        found: Of all open shelves.
        shelves: By name.
        accept_false: As for `Searcher.search`; None holds nothing back.
    """
    judges: dict[str, Judge | None] = {}
    told = list(found)
    for shelf in dict.fromkeys(one.shelf for one in found):
        rows = [row for row, one in enumerate(found) if one.shelf == shelf]
        cosines = np.array([found[row].cosine for row in rows], dtype=np.float32)
        keys = np.array([found[row].passage_key for row in rows], dtype=np.int64)
        judges[shelf] = judge = shelves[shelf].judge(cosines, keys)
        if judge is not None:
            for row, probable in zip(rows, judge.probabilities(cosines).tolist(), strict=True):
                told[row] = found[row]._replace(probability=probable)
    known = {shelf: judge for shelf, judge in judges.items() if judge is not None}
    rate = 1.0 if accept_false is None else accept_false
    least = {shelf: judge.calibration.needed(rate) for shelf, judge in known.items()}
    kept = [
        one for one in told if one.exact or (one.probability or 0.0) >= least.get(one.shelf, 0.0)
    ]
    best = max(
        (one for one in told if one.shelf in known),
        key=lambda one: one.probability or 0,
        default=None,
    )
    return Judged(
        kept=kept,
        n_held_back=len(told) - len(kept),
        best=best.probability if best else None,
        needed=least[best.shelf] if best and accept_false is not None else None,
        uncalibrated=tuple(sorted(judges.keys() - known.keys())) if rate < 1 else (),
    )
