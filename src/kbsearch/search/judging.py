"""How probable it is that a hit answers, on one shelf."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32, Int64
from kbsearch.rank import N_NEAREST, Calibration, common_part, crowding, usefulness
from kbsearch.search.delta import Delta
from kbsearch.snapshots import Snapshot

_OF_NO_ROW = -1
"""Document of a passage that is newer than the snapshot."""


class Judge(NamedTuple):
    """What a shelf says of one query: its calibration, and what all hits there share."""

    calibration: Calibration
    common: float

    def probabilities(self, cosines: Float32) -> Float32:
        """That each document answers the query; both (n,), of the cosines of best passages."""
        return self.calibration.probabilities(usefulness(cosines, self.common))


def make_judge(
    snapshot: Snapshot | None, delta: Delta, cosines: Float32, passage_keys: Int64
) -> Judge | None:
    """
    Look at what stands around the nearest documents; None if the shelf is not calibrated.

    Args:
        snapshot: Of the shelf.
        delta: Likewise.
        cosines: Of documents of this shelf, (n,).
        passage_keys: Of their best passages, (n,).
    """
    if snapshot is None or snapshot.calibration is None or snapshot.yardstick is None:
        return None
    nearest = np.argsort(-cosines, kind="stable")[:N_NEAREST]
    wanted = passage_keys[nearest]
    old = np.flatnonzero(np.isin(snapshot.passage_keys, wanted))
    new = np.flatnonzero(np.isin(delta.passage_keys, wanted))
    if not len(old) + len(new):
        return None
    vectors = snapshot.vectors.rows(old)
    if len(new):  # an empty delta does not know how long a vector is
        vectors = np.concatenate([vectors, delta.passage_vectors[new]])
    documents = np.concatenate(
        [snapshot.passage_documents[old], np.full(len(new), _OF_NO_ROW, dtype=np.int64)]
    )
    crowded = crowding(vectors, documents, snapshot.yardstick)
    return Judge(snapshot.calibration, common_part(cosines[nearest], crowded))
