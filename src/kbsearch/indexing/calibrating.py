"""
What usefulness means on one shelf, learned from that shelf alone when a snapshot is made.

Nobody has to judge anything for it. Questions with an answer are imitated by
passages asked of the other documents; questions without one in two ways, half of
each: by questions about everything (`FOREIGN_QUESTIONS`), and by passages asked
after all that is near them was left out.

Where people have linked duplicates, they have judged: each problem's first ticket found
no answer when it came, its next one did. Both are asked of what stood here when the
next one came, and are one way more, that counts as much as each of the others and never more:
neither wrong links nor many of them can do away with what the text says. They
count if there are thirty problems, so that three of their first tickets pass where a
tenth may, and if those that came again found more useful documents than those that came
first by more than chance. Duplicates without dates say only what is answered: nothing
follows from them, as the curve of what is answered alone moves no threshold.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Bool, Float32, Int64, unit_rows
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
_FEWEST_REPEATED, _MOST_REPEATED = 30, 500
_LIKELY_BY_CHANCE = 1.645
"""Standard deviations that chance exceeds in one of twenty samples."""
_LONELY_SHARE = 0.05
"""What is left of a shelf is as far from a passage as this share of them is from all others."""


class Labelled(NamedTuple):
    """How useful the best document was for a question, and whether it was answered."""

    usefulness: float
    is_answered: bool


class Repeated(NamedTuple):
    """Ids of the first ticket of a problem, and of the next one."""

    first: str
    again: str


class Repeats(NamedTuple):
    """
    Problems that came again on a shelf.

    Attributes:
        first: Rows of the first tickets, (n_problems,), the newest problem first.
        again: Rows of the next ones, (n_problems,).
        created_us: When each document of the shelf was made, (n_documents,); 0 is long ago.
    """

    first: Int64
    again: Int64
    created_us: Int64


def calibrate(
    content: SnapshotContent,
    foreign: Float32,
    labelled: Sequence[Labelled] = (),
    repeats: Repeats | None = None,
) -> Calibration | None:
    """
    Calibrate a shelf; None if it has fewer than 30 documents.

    The same content gives the same calibration. Time grows with the passages, of
    which 500 are asked of all.

    Args:
        content: Of the snapshot that is made.
        foreign: Vectors of `FOREIGN_QUESTIONS`, (n_questions, dim).
        labelled: What somebody has judged of this shelf.
        repeats: Problems that came again on it, if any are known.
    """
    if len(content.document_keys) < FEWEST_DOCUMENTS:
        return None
    shelf = AskedShelf(content)
    yes, no = imitated_questions(shelf, foreign)
    if repeats is not None:
        first, again = shelf.answers_then(repeats)
        if tells(first, again):
            yes, no = [*yes, _scored(again)], [*no, _scored(first)]
    return fit_calibration(yes, no, labelled=labelled)


def imitated_questions(shelf: AskedShelf, foreign: Float32) -> tuple[list[Scored], list[Scored]]:
    """What is found for questions with an answer, and without one, made of the shelf's text."""
    asked = spread_rows(len(shelf), _N_PASSAGES_ASKED)
    answered, nearest = shelf.answers_of_others(asked)
    far_enough = float(np.quantile(nearest, _LONELY_SHARE))
    far = shelf.answers_from_afar(asked, far_enough)
    unanswered = [_scored(shelf.answers(foreign)), *([_scored(far)] if len(far) else [])]
    return [_scored(answered)], unanswered


def tells(first: Float32, again: Float32) -> bool:
    """Whether repeated problems are enough, and found better than new ones beyond chance."""
    n = len(first)
    if n < _FEWEST_REPEATED:
        return False
    in_order = np.sort(first)
    below = np.searchsorted(in_order, again, "left") + np.searchsorted(in_order, again, "right")
    by_chance = _LIKELY_BY_CHANCE * math.sqrt((2 * n + 1) / (12 * n * n))  # Mann and Whitney, 1947
    share_in_order = float(below.mean()) / (2 * n)
    return share_in_order - 0.5 > by_chance


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

    def answers_then(
        self, repeats: Repeats, *, most: int = _MOST_REPEATED
    ) -> tuple[Float32, Float32]:
        """
        The best that is found for each problem's first ticket, and for its next one.

        Both are asked by their first passages, of what stood when the next one came; the
        first one without itself, so that nothing of its problem is there. What grows with
        the shelf is then the same for both. Left out are problems that came again when the
        shelf was too small to be calibrated.

        Args:
            repeats: Of this shelf.
            most: So many of the newest others count.

        Returns:
            Usefulness of the same problems, (n,) each.
        """
        found: list[tuple[_Nearest, _Nearest]] = []
        for first, again in zip(repeats.first.tolist(), repeats.again.tolist(), strict=True):
            if len(found) == most:
                break
            stood = repeats.created_us < repeats.created_us[again]
            others = stood & (np.arange(len(stood)) != first)
            if int(others.sum()) >= FEWEST_DOCUMENTS:
                found.append((self._among(first, others), self._among(again, stood)))
        return (
            self._usefulness([first for first, _ in found]),
            self._usefulness([again for _, again in found]),
        )

    def _among(self, document: int, stood: Bool) -> _Nearest:
        """What stands nearest to a document among these, (n_documents,)."""
        (cosines,) = self._cosines(self._vectors[[self._starts[document]]])
        cosines[~stood[self._documents]] = -np.inf
        return self._nearest(cosines)

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
    repeats: Repeats | None = None,
) -> SnapshotContent:
    """
    The content with its calibration; as it is if `calibrate` or `foreign` has none.

    Args:
        content: Of the snapshot that is made.
        foreign: Gives the questions' vectors; asked only if there are documents enough.
        labelled: What somebody has judged of this shelf.
        repeats: Problems that came again on it, if any are known.
    """
    if len(content.document_keys) < FEWEST_DOCUMENTS or (vectors := foreign()) is None:
        return content
    calibration = calibrate(content, vectors, labelled, repeats)
    if calibration is None:
        return content
    return content._replace(calibrated=Calibrated(calibration, vectors))


def _scored(values: Float32) -> Scored:
    return Scored(values.astype(np.float64), np.ones(len(values)))
