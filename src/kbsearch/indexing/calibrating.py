"""
What usefulness means on one shelf, learned from that shelf alone when a snapshot is made.

Nobody has to judge anything for it. Questions with an answer are imitated by
passages asked of the other documents; questions without one in two ways, half of
each: by questions about everything (`FOREIGN_QUESTIONS`), and by passages asked
after all that is near them was left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32, Int64, unit_rows
from kbsearch.rank import (
    N_NEAREST,
    Calibration,
    Scored,
    Yardstick,
    common_part,
    crowding,
    fit_calibration,
    spread_rows,
    usefulness,
)
from kbsearch.snapshots import Calibrated, SnapshotContent

FEWEST_DOCUMENTS = 30
"""A shelf with fewer is not calibrated: it says too little about itself."""
_N_PASSAGES_ASKED = 500
_N_AT_ONCE = 64
_N_CROWDED_AT_ONCE = 2000
_LONELY_SHARE = 0.05
"""What is left of a shelf is as far from a passage as this share of them is from all others."""


class Labelled(NamedTuple):
    """How useful the best document was for a question, and whether it was answered."""

    usefulness: float
    is_answered: bool


def calibrate(
    content: SnapshotContent, foreign: Float32, labelled: Sequence[Labelled] = ()
) -> Calibration | None:
    """
    Calibrate a shelf; None if it has fewer than 30 documents.

    The same content gives the same calibration. Time grows with the passages, of
    which 500 are asked of all.

    Args:
        content: Of the snapshot that is made.
        foreign: Vectors of `FOREIGN_QUESTIONS`, (n_questions, dim).
        labelled: What somebody has judged of this shelf.
    """
    if len(content.document_keys) < FEWEST_DOCUMENTS:
        return None
    shelf = AskedShelf(content)
    asked = spread_rows(len(shelf), _N_PASSAGES_ASKED)
    answered, nearest = shelf.answers_of_others(asked)
    far_enough = float(np.quantile(nearest, _LONELY_SHARE))
    far = shelf.answers_from_afar(asked, far_enough)
    unanswered = [_scored(shelf.answers(foreign)), *([_scored(far)] if len(far) else [])]
    return fit_calibration([_scored(answered)], unanswered, labelled=labelled)


class _Nearest(NamedTuple):
    """Best passages of the documents nearest to a query, and their cosines; both (n,)."""

    passages: Int64
    cosines: Float32


class AskedShelf:
    """A shelf's passages, to be asked many questions at once."""

    def __init__(self, content: SnapshotContent) -> None:
        texts = ~content.is_title
        self._vectors = unit_rows(content.vectors[texts])
        self._documents = content.passage_documents[texts]
        self._starts = np.searchsorted(self._documents, np.arange(len(content.document_keys)))
        rows = spread_rows(len(self._vectors))
        self._yardstick = Yardstick(self._vectors[rows], self._documents[rows])
        self._crowding = np.full(len(self._vectors), np.nan, dtype=np.float32)

    def __len__(self) -> int:
        """Number of passages."""
        return len(self._vectors)

    def answers(self, queries: Float32) -> Float32:
        """Usefulness of the best document for each query, (n_queries,)."""
        return self._usefulness([self._nearest(row) for row in self._cosines(queries)])

    def answers_of_others(self, passages: Int64) -> tuple[Float32, Float32]:
        """The best that is found for these passages beyond their documents, and its cosine."""
        found = []
        for cosines, passage in zip(self._cosines(self._vectors[passages]), passages, strict=True):
            cosines[self._documents == self._documents[passage]] = -np.inf
            found.append(self._nearest(cosines))
        best = np.array([one.cosines.max() for one in found], dtype=np.float32)
        return self._usefulness(found), best

    def answers_from_afar(self, passages: Int64, far_enough: float) -> Float32:
        """The best that is found for these passages if all documents nearer than that are gone."""
        found = []
        for cosines, passage in zip(self._cosines(self._vectors[passages]), passages, strict=True):
            is_gone = np.maximum.reduceat(cosines, self._starts) >= far_enough
            is_gone[self._documents[passage]] = True
            if is_gone.sum() + N_NEAREST <= len(is_gone):
                cosines[is_gone[self._documents]] = -np.inf
                found.append(self._nearest(cosines))
        return self._usefulness(found)

    def _cosines(self, queries: Float32) -> Iterator[Float32]:
        """Of one query after the other with all passages; each array is the caller's."""
        for start in range(0, len(queries), _N_AT_ONCE):
            yield from unit_rows(queries[start : start + _N_AT_ONCE]) @ self._vectors.T

    def _nearest(self, cosines: Float32) -> _Nearest:
        """The ten nearest documents' best passages; -inf marks passages that do not count."""
        by_document = np.maximum.reduceat(cosines, self._starts)
        n = min(N_NEAREST, int(np.isfinite(by_document).sum()))
        documents = np.argpartition(-by_document, n - 1)[:n]
        ends = np.append(self._starts[1:], len(cosines))
        found = [
            start + int(np.argmax(cosines[start:end]))
            for start, end in zip(self._starts[documents], ends[documents], strict=True)
        ]
        passages = np.array(found, dtype=np.int64)
        return _Nearest(passages, cosines[passages])

    def _usefulness(self, found: Sequence[_Nearest]) -> Float32:
        """Of the best document of each query, (n_queries,)."""
        if not found:
            return np.zeros(0, dtype=np.float32)
        passages = np.unique(np.concatenate([one.passages for one in found]))
        for start in range(0, len(passages), _N_CROWDED_AT_ONCE):
            some = passages[start : start + _N_CROWDED_AT_ONCE]
            new = some[np.isnan(self._crowding[some])]
            if len(new):
                crowded = crowding(self._vectors[new], self._documents[new], self._yardstick)
                self._crowding[new] = crowded
        best = [
            usefulness(one.cosines.max(), common_part(one.cosines, self._crowding[one.passages]))
            for one in found
        ]
        return np.array(best, dtype=np.float32)


def calibrated(
    content: SnapshotContent,
    foreign: Callable[[], Float32 | None],
    labelled: Sequence[Labelled] = (),
) -> SnapshotContent:
    """
    The content with its calibration; as it is if `calibrate` or `foreign` has none.

    Args:
        content: Of the snapshot that is made.
        foreign: Gives the questions' vectors; asked only if there are documents enough.
        labelled: What somebody has judged of this shelf.
    """
    if len(content.document_keys) < FEWEST_DOCUMENTS or (vectors := foreign()) is None:
        return content
    calibration = calibrate(content, vectors, labelled)
    if calibration is None:
        return content
    return content._replace(calibrated=Calibrated(calibration, vectors))


def _scored(values: Float32) -> Scored:
    return Scored(values.astype(np.float64), np.ones(len(values)))
